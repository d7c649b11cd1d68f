//! Small programs as plain data: a form of processes beside those in Rust, for tests that need worlds which can be
//! copied, compared and made up at random.
//!
//! [`Code`] is a list of bodies, a body a list of [`Instruction`]s. The main process runs body 0; a body can spawn only
//! bodies after itself, and there are no loops, so every program ends. Any list of instructions is a program: one
//! whose operands are missing (an empty slot, no timer yet) is passed over. That is what lets a generator cut a
//! failing program down by leaving things out.
//!
//! A process ([`Scripted`]) is its place in the code and a few registers: the pids that it holds in its slots, its
//! latest monitor and timer, and what it has last seen. A pid is a capability: it is held by spawning, by looking up
//! a name, by receiving it in a message, or from the parent: a child starts with its parent's registers, the
//! slots that are empty there holding its parent.

#![allow(dead_code, reason = "each test uses a part of it")]

#[path = "script_shown.rs"]
mod shown;
#[path = "script_sketched.rs"]
mod sketched;

use std::sync::Arc;

use rashomon::kernel::{
    Action, Bond, Cpu, Destination, Device, Down, Fingerprint, Mailbox, Name, Nanoseconds, Patience,
    Persistent, Pid, Process, Program, Reference, Refusal, Reply, Request, Search, Settings, Spawn,
    StartTimer, Storage, World, search_messages,
};

/// How many pids a process can hold beside its own and its parent's.
pub(crate) const SLOTS: usize = 3;

/// A process, as the one that runs the instruction knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Whom {
    Me,
    Parent,
    /// The one held in this slot, counted modulo [`SLOTS`].
    Slot(u8),
}

/// Where a message, a monitor or a timer goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Address {
    To(Whom),
    /// The holder of a name; see [`name`].
    Named(u8),
}

/// What ties a child to its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Tie {
    Nothing,
    Link,
    Monitor,
}

/// The messages that a receive takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Takes {
    Any,
    /// Messages of a process or a timer that have this tag.
    Tag(u8),
    /// What became of exit signals and monitors.
    News,
}

/// One instruction. All but [`Instruction::Skip`] are one action, with the meaning of [`Action`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Instruction {
    /// Sends a message with a tag, and perhaps a pid in it.
    Send {
        to: Address,
        tag: u8,
        carries: Option<Whom>,
    },
    /// Takes a message; a pid in it goes to the slot.
    Receive {
        takes: Takes,
        patience: Patience,
        slot: u8,
    },
    /// Spawns one of the bodies after this one, counted round and round; its pid goes to the slot.
    Spawn {
        body: u8,
        tie: Tie,
        slot: u8,
    },
    Exit(Reason),
    /// Exits with a report in the crash log.
    Crash(u8),
    ExitSignal {
        to: Whom,
        reason: Reason,
    },
    /// Writes what was last seen.
    Output,
    Link(Whom),
    Unlink(Whom),
    Monitor(Address),
    /// Ends the latest monitor.
    Demonitor {
        flush: bool,
    },
    TrapExit(bool),
    Register {
        name: u8,
        whom: Whom,
    },
    Unregister(u8),
    WhereIs {
        name: u8,
        slot: u8,
    },
    RegisteredNames,
    StartTimer {
        to: Address,
        after: Nanoseconds,
        tag: u8,
    },
    /// Stops the latest timer.
    CancelTimer,
    ReadTimer,
    IsAlive(Whom),
    Inspect(Whom),
    Processes,
    Now,
    Draw(u64),
    GroupLeader {
        slot: u8,
    },
    SetGroupLeader {
        of: Whom,
        leader: Whom,
    },
    Yield,
    /// Passes over so many instructions if what was last seen is this. Local: no action.
    Skip {
        if_seen: Glimpse,
        count: u8,
    },
}

/// What a [`Instruction::Skip`] looks for in what was last seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Glimpse {
    /// A message with this tag.
    Tag(u8),
    /// An exit or a monitor's message.
    News,
    /// That there is nothing: no message in time, nobody, no, a timer that no longer runs, a refusal, zero.
    Nothing,
}

/// A program: the bodies of its processes, body 0 being the main process.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Code {
    pub(crate) bodies: Vec<Vec<Instruction>>,
    /// Whether every message is unlike every other: see [`Stamp`].
    pub(crate) stamped: bool,
}

/// Tells a message from all others of the run, where [`Code::stamped`] asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Stamp {
    /// Who sent it, or started the timer that did.
    pub(crate) by: Pid,
    /// The how many-th it is of this process.
    pub(crate) number: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Message {
    Plain { tag: u8, carries: Option<Pid>, stamp: Option<Stamp> },
    Exit { from: Pid, reason: Reason },
    Down { reference: Reference, target: Destination, reason: Reason },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Reason {
    Normal,
    Kill,
    Killed,
    NoProcess,
    Other(u8),
}

/// What a process has last learned from the world.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Seen {
    Nothing,
    Message(Message),
    TimedOut,
    Process(Option<Pid>),
    Flag(bool),
    Remaining(Option<Nanoseconds>),
    Time(Nanoseconds),
    Number(u64),
    Names(Vec<Name>),
    Pids(Vec<Pid>),
    Info(Option<String>),
    Refused(Refusal),
}

/// A place in the code: the body and the number of the instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) body: u8,
    pub(crate) at: u16,
}

/// A process that runs a body.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Scripted {
    place: Place,
    parent: Pid,
    slots: [Option<Pid>; SLOTS],
    monitor: Option<Reference>,
    timer: Option<Reference>,
    seen: Seen,
    /// How many messages it has stamped.
    stamped: u32,
}

/// The name with this number.
pub(crate) fn name(number: u8) -> Name {
    Name::from(format!("name{number}"))
}

impl Takes {
    pub(crate) fn matches(self, message: &Message) -> bool {
        match (self, message) {
            (Takes::Any, _) | (Takes::News, Message::Exit { .. } | Message::Down { .. }) => true,
            (Takes::Tag(wanted), &Message::Plain { tag, .. }) => tag == wanted,
            (Takes::Tag(_), Message::Exit { .. } | Message::Down { .. })
            | (Takes::News, Message::Plain { .. }) => false,
        }
    }
}

impl Glimpse {
    fn is(self, seen: &Seen) -> bool {
        match (self, seen) {
            (Glimpse::Tag(tag), Seen::Message(message)) => Takes::Tag(tag).matches(message),
            (Glimpse::News, Seen::Message(message)) => Takes::News.matches(message),
            (
                Glimpse::Nothing,
                Seen::Nothing
                | Seen::TimedOut
                | Seen::Process(None)
                | Seen::Flag(false)
                | Seen::Remaining(None)
                | Seen::Number(0)
                | Seen::Info(None)
                | Seen::Refused(_),
            ) => true,
            (Glimpse::Nothing | Glimpse::Tag(_) | Glimpse::News, _) => false,
        }
    }
}

impl Message {
    pub(crate) fn stamp(&self) -> Option<Stamp> {
        match self {
            Message::Plain { stamp, .. } => *stamp,
            Message::Exit { .. } | Message::Down { .. } => None,
        }
    }
}

impl Code {
    pub(crate) fn new(bodies: Vec<Vec<Instruction>>) -> Code {
        Code { bodies, stamped: false }
    }

    /// The same program, but that no two of its messages are equal.
    pub(crate) fn stamped(self) -> Code {
        Code { stamped: true, ..self }
    }

    fn instruction(&self, place: Place) -> Option<&Instruction> {
        self.bodies.get(usize::from(place.body))?.get(usize::from(place.at))
    }

    /// The body that `Spawn { body, .. }` means in the body `within`, if there is one after it.
    fn spawned(&self, within: u8, body: u8) -> Option<u8> {
        let after = u8::try_from(self.bodies.len()).ok()?.checked_sub(within + 1)?;
        (after > 0).then(|| within + 1 + body % after)
    }
}

impl Program for Code {
    type Process = Scripted;

    fn name(&self) -> &str {
        "script"
    }

    fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&[format!("{self:?}")])
    }

    fn world(&self, settings: Settings) -> World<Scripted> {
        World::new(settings, Arc::new(self.clone()), Scripted::main())
    }
}

impl Scripted {
    fn main() -> Scripted {
        Scripted {
            place: Place { body: 0, at: 0 },
            parent: Pid::SYSTEM,
            slots: [None; SLOTS],
            monitor: None,
            timer: None,
            seen: Seen::Nothing,
            stamped: 0,
        }
    }

    fn child(&self, parent: Pid, body: u8) -> Scripted {
        let slots = self.slots.map(|slot| slot.or(Some(parent)));
        Scripted {
            place: Place { body, at: 0 },
            parent,
            slots,
            seen: Seen::Nothing,
            stamped: 0,
            ..self.clone()
        }
    }

    /// What the pending receive takes.
    pub(crate) fn takes(&self, code: &Code) -> Option<Takes> {
        match code.instruction(self.place) {
            Some(&Instruction::Receive { takes, .. }) => Some(takes),
            _ => None,
        }
    }

    fn keep(&mut self, slot: u8, pid: Option<Pid>) {
        if pid.is_some() {
            self.slots[usize::from(slot) % SLOTS] = pid;
        }
    }

    fn pid(&self, me: Pid, whom: Whom) -> Option<Pid> {
        match whom {
            Whom::Me => Some(me),
            Whom::Parent => Some(self.parent),
            Whom::Slot(slot) => self.slots[usize::from(slot) % SLOTS],
        }
    }

    fn destination(&self, me: Pid, address: Address) -> Option<Destination> {
        match address {
            Address::To(whom) => self.pid(me, whom).map(Destination::Pid),
            Address::Named(number) => Some(Destination::Name(name(number))),
        }
    }

    fn message(&mut self, code: &Code, me: Pid, tag: u8, carries: Option<Whom>) -> Message {
        let stamp = code.stamped.then(|| {
            self.stamped += 1;
            Stamp { by: me, number: self.stamped }
        });
        Message::Plain { tag, carries: carries.and_then(|whom| self.pid(me, whom)), stamp }
    }

    /// Takes note of the answer to the instruction that has just been performed.
    fn learn(&mut self, code: &Code, reply: Reply<Scripted>) {
        self.seen = match (reply, code.instruction(self.place)) {
            (Reply::Start | Reply::Done, _) => return,
            (Reply::Pid(child), Some(&Instruction::Spawn { slot, .. })) => return self.keep(slot, child),
            (
                Reply::Pid(found),
                Some(&(Instruction::WhereIs { slot, .. } | Instruction::GroupLeader { slot })),
            ) => {
                self.keep(slot, found);
                Seen::Process(found)
            }
            (Reply::Message(message), Some(&Instruction::Receive { slot, .. })) => {
                if let Message::Plain { carries, .. } = message {
                    self.keep(slot, carries);
                }
                Seen::Message(message)
            }
            (Reply::Pid(found), _) => Seen::Process(found),
            (Reply::Message(message), _) => Seen::Message(message),
            (Reply::TimedOut, _) => Seen::TimedOut,
            (Reply::Flag(flag), _) => Seen::Flag(flag),
            (Reply::Remaining(left), _) => Seen::Remaining(left),
            (Reply::Time(time), _) => Seen::Time(time),
            (Reply::Number(number), _) => Seen::Number(number),
            (Reply::Names(names), _) => Seen::Names(names),
            (Reply::Pids(pids), _) => Seen::Pids(pids),
            (Reply::Info(info), _) => Seen::Info(info.map(|info| shown::info(&info))),
            (Reply::Shared(nothing), _) => match *nothing {},
            (Reply::Refused(refusal), _) => Seen::Refused(refusal),
        };
    }

    /// The action that an instruction stands for, unless an operand is missing.
    fn action(
        &mut self,
        code: &Code,
        cpu: &mut Cpu<'_, Scripted>,
        instruction: &Instruction,
    ) -> Option<Action<Scripted>> {
        let me = cpu.pid;
        Some(match *instruction {
            Instruction::Send { to, tag, carries } => {
                let to = self.destination(me, to)?;
                let message = self.message(code, me, tag, carries);
                match to {
                    Destination::Pid(to) => Action::Send { to, message },
                    Destination::Name(to) => Action::SendNamed { to, message },
                }
            }
            Instruction::Receive { patience, .. } => Action::Receive { patience },
            Instruction::Spawn { body, tie, .. } => {
                let body = self.child(me, code.spawned(self.place.body, body)?);
                let bond = match tie {
                    Tie::Nothing => Bond::None,
                    Tie::Link => Bond::Link,
                    Tie::Monitor => Bond::Monitor(*self.monitor.insert(cpu.make_reference())),
                };
                Action::Spawn(Box::new(Spawn { child: None, body, bond, label: None }))
            }
            Instruction::Exit(reason) => Action::Exit { reason, crash: None },
            Instruction::Crash(number) => {
                let crash = format!("{} gives up at {}", self.seen, self.place);
                Action::Exit { reason: Reason::Other(number), crash: Some(crash.into()) }
            }
            Instruction::ExitSignal { to, reason } => Action::ExitSignal { to: self.pid(me, to)?, reason },
            Instruction::Output => Action::Output { device: Device::Stdout, text: self.seen.to_string() },
            Instruction::Link(whom) => Action::Link(self.pid(me, whom)?),
            Instruction::Unlink(whom) => Action::Unlink(self.pid(me, whom)?),
            Instruction::Monitor(address) => {
                let target = self.destination(me, address)?;
                Action::Monitor { reference: *self.monitor.insert(cpu.make_reference()), target }
            }
            Instruction::Demonitor { flush } => Action::Demonitor { reference: self.monitor?, flush },
            Instruction::TrapExit(on) => Action::TrapExit(on),
            Instruction::Register { name: number, whom } => {
                Action::Register { name: name(number), pid: self.pid(me, whom)? }
            }
            Instruction::Unregister(number) => Action::Unregister(name(number)),
            Instruction::WhereIs { name: number, .. } => Action::WhereIs(name(number)),
            Instruction::RegisteredNames => Action::RegisteredNames,
            Instruction::StartTimer { to, after, tag } => {
                let to = self.destination(me, to)?;
                let message = self.message(code, me, tag, None);
                let reference = *self.timer.insert(cpu.make_reference());
                Action::StartTimer(Box::new(StartTimer { reference, to, after, message }))
            }
            Instruction::CancelTimer => Action::CancelTimer(self.timer?),
            Instruction::ReadTimer => Action::ReadTimer(self.timer?),
            Instruction::IsAlive(whom) => Action::IsAlive(self.pid(me, whom)?),
            Instruction::Inspect(whom) => Action::Inspect(self.pid(me, whom)?),
            Instruction::Processes => Action::Processes,
            Instruction::Now => Action::Now,
            Instruction::Draw(below) => Action::Draw(below),
            Instruction::GroupLeader { .. } => Action::GroupLeader,
            Instruction::SetGroupLeader { of, leader } => {
                Action::SetGroupLeader { of: self.pid(me, of)?, leader: self.pid(me, leader)? }
            }
            Instruction::Yield => Action::Yield,
            Instruction::Skip { if_seen, count } => {
                if if_seen.is(&self.seen) {
                    self.place.at += u16::from(count);
                }
                return None;
            }
        })
    }
}

impl Process for Scripted {
    type Message = Message;
    type Reason = Reason;
    type Text = String;
    type Place = Place;
    type Environment = Arc<Code>;
    type Shared = ();
    type Storage = Persistent;

    fn resume(
        &mut self,
        cpu: &mut Cpu<'_, Scripted>,
        reply: Reply<Scripted>,
        next: &mut Option<Request<Scripted>>,
    ) {
        let code = Arc::clone(cpu.environment);
        if !matches!(reply, Reply::Start) {
            self.learn(&code, reply);
            self.place.at += 1;
        }
        while let Some(instruction) = code.instruction(self.place) {
            if let Some(action) = self.action(&code, cpu, instruction) {
                *next = Some(Request { action, place: Some(self.place) });
                return;
            }
            self.place.at += 1;
        }
        let action = Action::Exit { reason: Reason::Normal, crash: None };
        *next = Some(Request { action, place: Some(self.place) });
    }

    fn search(
        &mut self,
        cpu: &mut Cpu<'_, Scripted>,
        mailbox: &mut <Persistent as Storage<Scripted>>::Mailbox,
        position: u64,
    ) -> Search<Scripted> {
        let takes = self.takes(cpu.environment);
        debug_assert!(position <= mailbox.end());
        search_messages(mailbox, position, |message| takes.is_some_and(|takes| takes.matches(message)))
    }

    fn exit_message(from: Pid, reason: &Reason) -> Message {
        Message::Exit { from, reason: *reason }
    }

    fn down_message(down: Down<Reason>) -> Message {
        Message::Down { reference: down.reference, target: down.target, reason: down.reason }
    }

    fn is_down(message: &Message, of: Reference) -> bool {
        matches!(message, Message::Down { reference, .. } if *reference == of)
    }

    fn show_message(message: &Message) -> String {
        message.to_string()
    }
}

impl rashomon::kernel::Reason for Reason {
    fn normal() -> Reason {
        Reason::Normal
    }
    fn killed() -> Reason {
        Reason::Killed
    }
    fn noproc() -> Reason {
        Reason::NoProcess
    }
    fn is_normal(&self) -> bool {
        *self == Reason::Normal
    }
    fn is_kill(&self) -> bool {
        *self == Reason::Kill
    }
}
