//! What a process in Rust has gone through, written down.
//!
//! A future cannot be looked into. But its code does the same each time it is told the same: so what it was when it began, and
//! all that it was told since, stand for all that it will do. Where a process began is known by the place where it was spawned and by what
//! its parent had gone through; or, of [`Ctx::spawn_fn`](super::Ctx::spawn_fn), by its code and its arguments. What it was told can be cut short
//! by [`Ctx::checkpoint`](super::Ctx::checkpoint).

use std::hash::{Hash, Hasher};

use twox_hash::XxHash3_128;

use super::Message;
use super::process::Native;
use super::reason::{ExitReason, Incoming};
use crate::kernel::{
    Destination, Down, Nanoseconds, Opaque, PID_MARK, Pid, ProcessInfo, REFERENCE_MARK, Reference, Reply,
    SharedRequest, Sketch, Sketched, Sketcher, World,
};

/// What a process has gone through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct History {
    digest: u128,
    names: Vec<Opaque>,
}

impl History {
    /// Something more.
    pub(super) fn add(&mut self, write: impl FnOnce(&mut Sketcher)) {
        let mut sketcher = Sketcher::default();
        write(&mut sketcher);
        let Sketch { digest, names } = sketcher.finish();
        let mut both = [0; 32];
        both[..16].copy_from_slice(&self.digest.to_le_bytes());
        both[16..].copy_from_slice(&digest.to_le_bytes());
        self.digest = XxHash3_128::oneshot(&both);
        self.names.extend(names);
    }

    /// The pids and references that the process has reserved for what it asks for.
    pub(super) fn reserve(&mut self, before: (u32, u64), after: (u32, u64)) {
        if before == after {
            return;
        }
        self.add(|into| {
            (before.0..after.0).for_each(|pid| into.pid(Pid::from_number(pid)));
            (before.1..after.1).for_each(|reference| into.reference(Reference::from_number(reference)));
        });
    }

    pub(super) fn write(&self, into: &mut Sketcher) {
        into.bytes(&self.digest.to_le_bytes());
        for name in &self.names {
            match name {
                Opaque::Pid(pid) => into.pid(*pid),
                Opaque::Reference(reference) => into.reference(*reference),
            }
        }
    }
}

/// Writes down what a value is made of, by way of its [`Hash`]: this gives all that equality looks at. Pids and references in it are
/// known by a mark that they leave there.
struct Scribe<'s> {
    into: &'s mut Sketcher,
    /// How to read what comes next, if it is a name.
    marked: Option<ReadName>,
}

type ReadName = fn(&[u8]) -> Option<Opaque>;

fn pid_in(bytes: &[u8]) -> Option<Opaque> {
    Some(Opaque::Pid(Pid::from_number(u32::from_ne_bytes(bytes.try_into().ok()?))))
}

fn reference_in(bytes: &[u8]) -> Option<Opaque> {
    Some(Opaque::Reference(Reference::from_number(u64::from_ne_bytes(bytes.try_into().ok()?))))
}

impl Hasher for Scribe<'_> {
    fn write(&mut self, bytes: &[u8]) {
        if let Some(name) = self.marked.take().and_then(|read| read(bytes)) {
            return match name {
                Opaque::Pid(pid) => self.into.pid(pid),
                Opaque::Reference(reference) => self.into.reference(reference),
            };
        }
        self.marked = if bytes == PID_MARK {
            Some(pid_in)
        } else if bytes == REFERENCE_MARK {
            Some(reference_in)
        } else {
            None
        };
        self.into.bytes(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}

pub(super) fn write_value(value: &impl Hash, into: &mut Sketcher) {
    value.hash(&mut Scribe { into, marked: None });
}

fn write_incoming<M: Message>(incoming: &Incoming<M>, into: &mut Sketcher) {
    match incoming {
        Incoming::Message(message) => {
            into.mark(0);
            write_value(message, into);
        }
        Incoming::Exit(exit) => {
            into.mark(1);
            into.pid(exit.from);
            write_value(&exit.reason, into);
        }
        Incoming::Down(down) => {
            let Down { reference, target, reason } = &**down;
            into.mark(2);
            into.reference(*reference);
            write_destination(target, into);
            write_value(reason, into);
        }
    }
}

fn write_destination(destination: &Destination, into: &mut Sketcher) {
    match destination {
        Destination::Pid(pid) => into.pid(*pid),
        Destination::Name(name) => into.bytes(name.as_str().as_bytes()),
    }
}

fn write_pids(pids: &[Pid], into: &mut Sketcher) {
    into.number(pids.len() as u64);
    pids.iter().for_each(|pid| into.pid(*pid));
}

/// All that the answer tells.
pub(super) fn write_reply<M: Message>(reply: &Reply<Native<M>>, into: &mut Sketcher) {
    let time = |time: &Option<Nanoseconds>, into: &mut Sketcher| {
        into.mark(u8::from(time.is_some()));
        into.number(time.unwrap_or_default());
    };
    match reply {
        Reply::Start => into.mark(0),
        Reply::Done => into.mark(1),
        Reply::Message(incoming) => {
            into.mark(2);
            write_incoming(incoming, into);
        }
        Reply::TimedOut => into.mark(3),
        Reply::Pid(pid) => {
            into.mark(4);
            if let Some(pid) = pid {
                into.pid(*pid);
            }
        }
        Reply::Flag(flag) => into.mark(5 + u8::from(*flag)),
        Reply::Remaining(left) => {
            into.mark(7);
            time(left, into);
        }
        Reply::Time(now) => {
            into.mark(8);
            into.number(*now);
        }
        Reply::Number(number) => {
            into.mark(9);
            into.number(*number);
        }
        Reply::Names(names) => {
            into.mark(10);
            names.iter().for_each(|name| into.bytes(name.as_str().as_bytes()));
        }
        Reply::Pids(pids) => {
            into.mark(11);
            write_pids(pids, into);
        }
        Reply::Info(info) => {
            into.mark(12);
            if let Some(info) = info {
                write_info(info, into);
            }
        }
        Reply::Shared(_) => into.mark(13),
        Reply::Refused(refusal) => {
            into.mark(14);
            write_value(refusal, into);
        }
    }
}

fn write_info<M: Message>(info: &ProcessInfo<Native<M>>, into: &mut Sketcher) {
    let ProcessInfo {
        name,
        status,
        traps_exits,
        links,
        monitors,
        monitored_by,
        messages,
        group_leader,
        parent,
    } = info;
    into.mark(u8::from(name.is_some()));
    if let Some(name) = name {
        into.bytes(name.as_str().as_bytes());
    }
    write_value(status, into);
    into.mark(u8::from(*traps_exits));
    write_pids(links, into);
    into.number(monitors.len() as u64);
    monitors.iter().for_each(|target| write_destination(target, into));
    write_pids(monitored_by, into);
    into.number(messages.len() as u64);
    messages.iter().for_each(|message| write_incoming(message, into));
    into.pid(*group_leader);
    into.pid(*parent);
}

/// A program can look into pids without anybody noticing: unless it promises not to, worlds with other pids are other worlds.
impl<M: Message> Sketched for Native<M> {
    const NOTICES_LOOKS: bool = false;
    const COPIED: bool = false;

    fn another(_world: &World<Self>, again: &mut dyn FnMut() -> World<Self>) -> World<Self> {
        again()
    }

    fn sketch(&self, into: &mut Sketcher) {
        if let Some(history) = &self.history {
            history.write(into);
        }
        into.number(self.granted);
    }

    fn phase(&self, place: Option<&Self::Place>) -> u64 {
        place.map_or(0, |place| u64::from(place.line()) << 20 ^ u64::from(place.column()))
    }

    fn sketch_message(message: &Incoming<M>, into: &mut Sketcher) {
        write_incoming(message, into);
    }

    fn sketch_reason(reason: &ExitReason, into: &mut Sketcher) {
        write_value(reason, into);
    }

    fn sketch_text(text: &String, into: &mut Sketcher) {
        into.bytes(text.as_bytes());
    }

    fn sketch_environment(_environment: &Self::Environment, _into: &mut Sketcher) {}

    fn sketch_request(_request: &SharedRequest<Self>, _into: &mut Sketcher) {}

    fn sketch_shared(_shared: &(), _part: &mut dyn FnMut(Sketcher)) {}

    fn environment_mark(_environment: &Self::Environment) -> u64 {
        0
    }

    fn looked_into_names(_environment: &mut Self::Environment) -> bool {
        false
    }

    fn version(_environment: &Self::Environment) -> u64 {
        0
    }
}
