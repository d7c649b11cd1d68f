//! Elixir processes, written down: see [`Sketched`].

use super::environment::Environment;
use super::interpret::{Frame, Handler, Machine};
use super::process::{ElixirProcess, Exit, Kept, Pending, Place, Text};
use crate::elixir::tables::Tables;
use crate::elixir::term::{Term, take_told};
use crate::kernel::{SharedRequest, Sketched, Sketcher, World};

impl<S: Kept> Sketched for ElixirProcess<S> {
    const COPIED: bool = S::COPIED;

    fn another(world: &World<Self>, again: &mut dyn FnMut() -> World<Self>) -> World<Self> {
        S::another(world, again)
    }

    fn sketch(&self, into: &mut Sketcher) {
        self.machine.sketch(into);
        self.pending.sketch(into);
        into.number(u64::from(self.at()));
        into.pid(self.leader);
    }

    fn phase(&self, _place: Option<&Place>) -> u64 {
        u64::from(self.phase_of_request())
    }

    fn sketch_message(message: &Term, into: &mut Sketcher) {
        message.sketch(into);
    }

    fn sketch_reason(reason: &Exit, into: &mut Sketcher) {
        reason.0.sketch(into);
    }

    fn sketch_text(text: &Text, into: &mut Sketcher) {
        Term::Binary(text.0.clone()).sketch(into);
    }

    fn sketch_environment(environment: &Environment, into: &mut Sketcher) {
        into.number(environment.lines_read as u64);
        into.number(environment.unique.cast_unsigned());
        into.number(environment.at_exit.len() as u64);
        for function in &environment.at_exit {
            function.sketch(into);
        }
    }

    fn sketch_request(request: &SharedRequest<Self>, into: &mut Sketcher) {
        into.number(u64::from(request.function.number()));
        for argument in &request.arguments {
            argument.sketch(into);
        }
        if let Some(fresh) = request.fresh {
            into.reference(fresh);
        }
    }

    fn sketch_shared(shared: &Tables, part: &mut dyn FnMut(Sketcher)) {
        shared.sketch(part);
    }

    fn environment_mark(environment: &Environment) -> u64 {
        let Environment { lines_read, unique, at_exit, .. } = environment;
        (*lines_read as u64) << 40 ^ (at_exit.len() as u64) << 32 ^ unique.cast_unsigned()
    }

    fn looked_into_names(_environment: &mut Environment) -> bool {
        take_told()
    }

    fn version(environment: &Environment) -> u64 {
        environment.code.ops.len() as u64
    }
}

/// So many calls tell where a process is in its code; more would tell apart the rounds of a recursion.
const TELLING_FRAMES: usize = 4;

impl Machine {
    /// Where it is in its code, as a number that other places seldom have.
    pub(super) fn phase(&self) -> u16 {
        let Machine { place, frames, .. } = self;
        let places = frames.iter().rev().take(TELLING_FRAMES).map(|frame| frame.place);
        let mixed = [*place]
            .into_iter()
            .chain(places)
            .fold(0_u32, |phase, place| (phase.rotate_left(5) ^ place).wrapping_mul(0x9e37_79b9));
        (mixed >> 16) as u16
    }

    fn sketch(&self, into: &mut Sketcher) {
        let Machine { place, base, registers, stack, frames, handlers, dictionary, dropped, crashing } = self;
        into.number(u64::from(*place));
        into.number(u64::from(*base));
        into.number(u64::from(*registers) << 1 | u64::from(*crashing));
        into.number(stack.len() as u64);
        for term in stack {
            term.sketch(into);
        }
        into.number(frames.len() as u64);
        for Frame { place, base, registers } in frames {
            into.number(u64::from(*place) << 32 | u64::from(*base));
            into.number(u64::from(*registers));
        }
        let handlers = handlers.as_deref().map_or(&[][..], Vec::as_slice);
        into.number(handlers.len() as u64);
        for Handler { frames, base, registers, place, register } in handlers {
            into.number(u64::from(*frames) << 32 | u64::from(*base));
            into.number(u64::from(*place) << 32 | u64::from(*registers) << 16 | u64::from(*register));
        }
        if let Some(dictionary) = dictionary {
            Term::Map((**dictionary).clone()).sketch(into);
        }
        for reference in dropped.iter().flat_map(|dropped| dropped.iter()) {
            into.reference(*reference);
        }
    }
}

impl Pending {
    fn sketch(&self, into: &mut Sketcher) {
        into.mark(match self {
            Pending::Start => 0,
            Pending::Value(_) => 1,
            Pending::Checked(_) => 2,
            Pending::Message { .. } => 3,
            Pending::Flag => 4,
            Pending::Holder => 5,
            Pending::Names => 6,
            Pending::Pids => 7,
            Pending::Remaining => 8,
            Pending::Time(..) => 9,
            Pending::Timestamp => 10,
            Pending::Drawn => 11,
            Pending::Fraction => 12,
            Pending::Read(_) => 13,
            Pending::Info(_) => 14,
            Pending::Table(_) => 15,
        });
        match self {
            Pending::Value(value) => value.sketch(into),
            Pending::Checked(checked) => {
                checked.0.sketch(into);
                into.number(u64::from(checked.1.module.number()));
                into.number(u64::from(checked.1.name.number()));
                for argument in &checked.1.arguments {
                    argument.sketch(into);
                }
            }
            Pending::Message { register, expired } => {
                into.number(u64::from(*register) << 32 | u64::from(*expired));
            }
            Pending::Table(native) => {
                into.number(u64::from(native.name.number()));
                for argument in &native.arguments {
                    argument.sketch(into);
                }
            }
            Pending::Time(epoch, unit) => {
                into.number(epoch.cast_unsigned());
                unit.sketch(into);
            }
            Pending::Read(count) => into.number(count.unwrap_or(-1).cast_unsigned()),
            Pending::Info(wanted) => {
                if let Some(item) = &wanted.0 {
                    item.sketch(into);
                }
                into.mark(u8::from(wanted.1));
            }
            Pending::Start
            | Pending::Flag
            | Pending::Holder
            | Pending::Names
            | Pending::Pids
            | Pending::Remaining
            | Pending::Timestamp
            | Pending::Drawn
            | Pending::Fraction => {}
        }
    }
}
