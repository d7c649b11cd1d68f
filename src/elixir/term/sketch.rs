//! Values written down, with the pids and references in them kept apart.

use super::binary::Piece;
use super::{Target, Term};
use crate::kernel::Sketcher;

impl Term {
    /// Writes the value down: equal values give the same, values that differ only in pids and references the same but for the names.
    pub(crate) fn sketch(&self, into: &mut Sketcher) {
        if self.is_immediate() {
            return one(self, into);
        }
        let mut pending = vec![self];
        while let Some(term) = pending.pop() {
            match term {
                Term::List(cell) => {
                    into.mark(7);
                    pending.push(&cell.tail);
                    pending.push(&cell.head);
                }
                Term::Tuple(tuple) => {
                    into.mark(8);
                    into.number(tuple.items().len() as u64);
                    pending.extend(tuple.items().iter().rev());
                }
                Term::Map(map) => {
                    into.mark(9);
                    into.number(map.len() as u64);
                    for (key, value) in map.iter() {
                        pending.push(value);
                        pending.push(key);
                    }
                }
                Term::Fun(fun) => {
                    into.mark(11);
                    into.number(u64::from(fun.module.number()));
                    into.number(u64::from(fun.name.number()));
                    into.mark(fun.arity);
                    match fun.target {
                        Target::Local { function, .. } => into.number(u64::from(function)),
                        Target::External => into.mark(1),
                    }
                    into.number(fun.captured().len() as u64);
                    pending.extend(fun.captured().iter().rev());
                }
                _ => one(term, into),
            }
        }
    }
}

/// Writes down a value that holds no other.
fn one(term: &Term, into: &mut Sketcher) {
    match term {
        Term::Int(value) => {
            into.mark(0);
            into.number(value.cast_unsigned());
        }
        Term::Big(value) => {
            into.mark(1);
            into.bytes(&value.to_signed_bytes_le());
        }
        Term::Float(value) => {
            into.mark(2);
            into.number(value.to_bits());
        }
        Term::Atom(atom) => {
            into.mark(3);
            into.number(u64::from(atom.number()));
        }
        Term::Pid(pid) => into.pid(*pid),
        Term::Reference(reference) => into.reference(*reference),
        Term::Empty => into.mark(6),
        Term::Binary(binary) => match binary.pieces() {
            None => {
                into.mark(10);
                into.mark(binary.spare());
                into.bytes(binary.bytes());
            }
            Some(pieces) => {
                into.mark(12);
                into.number(pieces.len() as u64);
                for piece in pieces {
                    match piece {
                        Piece::Text(text) => into.bytes(text),
                        Piece::Pid(pid) => into.pid(*pid),
                    }
                }
            }
        },
        Term::List(_) | Term::Tuple(_) | Term::Map(_) | Term::Fun(_) => {}
    }
}
