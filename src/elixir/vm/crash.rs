//! How a process goes to rest when it waits, and how it ends when nobody handles what it raises.

use super::interpret::Machine;
use super::raise::Uncaught;
use crate::elixir::atom::Atom;
use crate::elixir::term::{Fun, Target, Term};

/// The module that reports crashes.
const REPORTER: &str = "rashomon_crash";

impl Machine {
    /// Gives up all registers from this one on, and the room that is not needed while the process waits for a message.
    pub(super) fn wait(&mut self, from: u16) {
        self.rest(from);
        let live = self.stack.len();
        if self.stack.capacity() > 2 * live + 16 {
            self.stack.shrink_to(live + 4);
        }
        if self.frames.capacity() > 2 * self.frames.len() + 16 {
            self.frames.shrink_to(self.frames.len() + 2);
        }
    }

    /// Gives up all registers from this one on.
    pub(super) fn rest(&mut self, from: u16) {
        let live = self.base as usize + usize::from(from);
        while self.stack.len() > live {
            match self.stack.pop() {
                Some(value) if value.is_immediate() => std::mem::forget(value),
                _ => {}
            }
        }
    }

    /// Gives the running function its registers back.
    pub(super) fn wake(&mut self) {
        self.ensure(usize::from(self.registers));
    }

    /// Forgets everything but the report of a crash, which is to be made next.
    pub(super) fn begin_crash(&mut self, uncaught: Uncaught, main: bool) {
        let Uncaught { class, reason, trace } = uncaught;
        let report = Fun::new(Atom::new(REPORTER), Atom::new("report"), 4, Target::External, Box::new([]));
        self.base = 0;
        self.frames.clear();
        self.handlers = None;
        self.stack.clear();
        self.stack.extend([
            Term::Fun(std::rc::Rc::new(report)),
            Term::boolean(main),
            Term::Atom(class.atom()),
            reason,
            trace,
        ]);
        self.crashing = true;
    }

    /// Whether a message is a reply that came too late for whoever asked.
    pub(super) fn drops(&self, message: &Term) -> bool {
        let Some(dropped) = &self.dropped else { return false };
        match message.as_tuple() {
            Some([Term::Reference(reference), _]) => dropped.contains(reference),
            _ => false,
        }
    }

    /// Forgets everything: what was registered for the end of the script is called next.
    pub(super) fn begin_end(&mut self) {
        let end = Fun::new(Atom::new(REPORTER), Atom::new("finish"), 1, Target::External, Box::new([]));
        self.base = 0;
        self.frames.clear();
        self.stack.clear();
        self.stack.extend([Term::Fun(std::rc::Rc::new(end)), Term::Int(0)]);
    }

    /// Whether it is making the report of its own crash.
    pub(super) fn is_crashing(&self) -> bool {
        self.crashing
    }
}
