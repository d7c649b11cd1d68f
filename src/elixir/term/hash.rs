//! Hashing, the same on every platform and in every run: equal values give equal hashes.

use std::hash::{Hash, Hasher};

use super::{Target, Term};

impl Hash for Term {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let mut pending = vec![self];
        while let Some(term) = pending.pop() {
            match term {
                Term::Int(value) => {
                    state.write_u8(0);
                    state.write_i64(*value);
                }
                Term::Big(value) => {
                    state.write_u8(1);
                    state.write(&value.to_signed_bytes_le());
                }
                Term::Float(value) => {
                    state.write_u8(2);
                    // 0.0 and -0.0 are equal.
                    state.write_u64(if *value == 0.0 { 0 } else { value.to_bits() });
                }
                Term::Atom(atom) => {
                    state.write_u8(3);
                    atom.text().hash(state);
                }
                Term::Pid(pid) => {
                    state.write_u8(4);
                    state.write_u32(pid.number());
                }
                Term::Reference(reference) => {
                    state.write_u8(5);
                    state.write_u64(reference.number());
                }
                Term::Empty => state.write_u8(6),
                Term::List(cell) => {
                    state.write_u8(7);
                    pending.push(&cell.tail);
                    pending.push(&cell.head);
                }
                Term::Tuple(tuple) => {
                    state.write_u8(8);
                    state.write_usize(tuple.items().len());
                    pending.extend(tuple.items().iter().rev());
                }
                Term::Map(map) => {
                    state.write_u8(9);
                    state.write_usize(map.len());
                    for (key, value) in map.iter() {
                        pending.push(value);
                        pending.push(key);
                    }
                }
                Term::Binary(binary) => {
                    state.write_u8(10);
                    binary.hash(state);
                }
                Term::Fun(fun) => {
                    state.write_u8(11);
                    fun.module.text().hash(state);
                    fun.name.text().hash(state);
                    state.write_u8(fun.arity);
                    if let Target::Local { index, .. } = fun.target {
                        state.write_u32(index);
                    }
                    pending.extend(fun.captured().iter().rev());
                }
            }
        }
    }
}
