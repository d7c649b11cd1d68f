//! How much memory a process holds, and when somebody looks.
//!
//! As with a garbage collector, the look is paid for by what was allocated since the last one: each process may allocate
//! as much as is in use, and at least a fair amount, before what it holds is counted again.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::environment::Environment;
use super::interpret::{Budget, Machine};
use crate::elixir::term::{Map, Term, Tuple};
use crate::kernel::Pid;

/// Bytes of a cell, as the interpreter counts.
const CELL: u64 = 16;
/// At least so many bytes may be allocated between two looks.
const FAIR: u64 = 64 << 20;

impl Environment {
    /// What a run of the interpreter may use up, in a process with this pid.
    pub(super) fn budget(&self, own: Pid, looking: bool) -> Budget {
        Budget {
            own,
            calls: self.calls_left,
            cells: self.cells_left,
            memory: self.limits.memory,
            registers: usize::try_from(self.limits.memory / CELL).unwrap_or(usize::MAX),
            looking,
        }
    }

    /// Takes note of what was used up.
    pub(super) fn spend(&mut self, budget: &Budget) {
        self.calls_left = budget.calls;
        self.cells_left = budget.cells;
    }

    /// Allows a process that holds so many bytes to allocate more.
    pub(super) fn allow(&mut self, live: u64) {
        self.cells_left = (live.max(FAIR).min(self.limits.memory)) / CELL;
    }
}

/// How many bytes the values that a process holds take, each shared one counted once.
pub(super) fn in_use(machine: &Machine) -> u64 {
    let mut pending: Vec<&Term> = machine.stack.iter().collect();
    if let Some(dictionary) = &machine.dictionary {
        pending.extend(dictionary.iter().flat_map(|(key, value)| [key, value]));
    }
    machine.stack.len() as u64 * CELL + held(pending)
}

/// How many bytes a value takes.
pub(crate) fn weight(term: &Term) -> u64 {
    CELL + held(vec![term])
}

/// How many bytes values take beside their own cells.
fn held(mut pending: Vec<&Term>) -> u64 {
    let mut seen = BTreeSet::new();
    let mut bytes = 0;
    while let Some(term) = pending.pop() {
        // What only one place holds cannot be met twice.
        let mut first = |address: usize, shared: bool| !shared || seen.insert(address);
        match term {
            Term::List(cell) => {
                if first(Rc::as_ptr(cell) as usize, Rc::strong_count(cell) > 1) {
                    bytes += 3 * CELL;
                    pending.push(&cell.tail);
                    pending.push(&cell.head);
                }
            }
            Term::Tuple(tuple) => {
                if first(tuple.items().as_ptr() as usize, !matches!(tuple, Tuple::Unit)) {
                    bytes += (1 + tuple.items().len() as u64) * CELL;
                    pending.extend(tuple.items());
                }
            }
            Term::Map(map) => {
                let address = match map {
                    Map::Small(entries) => Rc::as_ptr(entries) as usize,
                    Map::Large(tree) => Rc::as_ptr(tree) as usize,
                };
                if first(address, true) {
                    bytes += (2 + 3 * map.len() as u64) * CELL;
                    pending.extend(map.iter().flat_map(|(key, value)| [key, value]));
                }
            }
            Term::Binary(binary) => {
                if first(binary.bytes().as_ptr() as usize, true) {
                    bytes += 2 * CELL + binary.len() as u64;
                }
            }
            Term::Fun(fun) => {
                if first(Rc::as_ptr(fun) as usize, Rc::strong_count(fun) > 1) {
                    bytes += 3 * CELL;
                    pending.extend(fun.captured());
                }
            }
            Term::Big(value) => bytes += CELL + value.bits() / 8,
            Term::Int(_)
            | Term::Float(_)
            | Term::Atom(_)
            | Term::Pid(_)
            | Term::Reference(_)
            | Term::Empty => {}
        }
    }
    bytes
}
