//! Taking the code of one file out of all other code: how the library's compiled form is made.

use std::collections::{BTreeMap, BTreeSet};

use super::parts::Part;
use super::unit::{Constant, Function, Module, Name, Unit, get};
use super::{Callable, Code, Lines, Natives, Place};
use crate::elixir::atom::Atom;
use crate::elixir::term::Term;
use crate::elixir::vm::ACTIONS;

/// All names that some units mention.
#[derive(Default)]
pub(crate) struct Names {
    texts: Vec<&'static str>,
    numbers: BTreeMap<&'static str, Name>,
}

impl Names {
    /// Their texts, in the order of their numbers.
    pub(crate) fn texts(&self) -> &[&'static str] {
        &self.texts
    }

    /// The number of a name.
    pub(crate) fn number(&mut self, name: Atom) -> Name {
        let text = name.text();
        *self.numbers.entry(text).or_insert_with(|| {
            self.texts.push(text);
            self.texts.len() as Name - 1
        })
    }
}

/// The names of one unit.
struct Local<'a> {
    all: &'a mut Names,
    names: Vec<Name>,
    numbers: BTreeMap<Atom, Name>,
}

impl Local<'_> {
    fn number(&mut self, atom: Atom) -> Name {
        *self.numbers.entry(atom).or_insert_with(|| {
            self.names.push(self.all.number(atom));
            self.names.len() as Name - 1
        })
    }

    fn constant(&mut self, term: &Term) -> Constant {
        match term {
            Term::Int(value) => Constant::Int(*value),
            Term::Big(value) => Constant::Big(value.to_signed_bytes_le()),
            Term::Float(value) => Constant::Float(value.to_bits()),
            Term::Atom(value) => Constant::Atom(self.number(*value)),
            // No constant holds a process or what belongs to one.
            Term::Empty | Term::Pid(_) | Term::Reference(_) => Constant::Empty,
            Term::List(_) => {
                let mut elements = term.elements();
                let items = elements.by_ref().map(|item| self.constant(item)).collect();
                Constant::List(items, Box::new(self.constant(elements.rest())))
            }
            Term::Tuple(tuple) => {
                Constant::Tuple(tuple.items().iter().map(|item| self.constant(item)).collect())
            }
            Term::Map(map) => Constant::Map(
                map.iter().map(|(key, value)| (self.constant(key), self.constant(value))).collect(),
            ),
            Term::Binary(binary) => Constant::Binary(binary.bytes().to_vec(), binary.spare()),
            Term::Fun(fun) => Constant::Fun(self.number(fun.module), self.number(fun.name), fun.arity),
        }
    }
}

/// Numbers of things that are met one after another.
struct Met<T> {
    numbers: BTreeMap<T, u32>,
    order: Vec<T>,
}

impl<T: Ord + Copy> Met<T> {
    fn new() -> Met<T> {
        Met { numbers: BTreeMap::new(), order: Vec::new() }
    }

    fn number(&mut self, thing: T) -> u32 {
        *self.numbers.entry(thing).or_insert_with(|| {
            self.order.push(thing);
            self.order.len() as u32 - 1
        })
    }
}

/// The file and line that begin at a place.
fn begins_at(lines: &Lines, place: Place) -> Option<(Atom, u32)> {
    let found = lines.0.binary_search_by_key(&place, |entry| entry.0).ok()?;
    lines.0.get(found).map(|entry| (entry.1, entry.2))
}

impl Unit {
    /// Takes the modules of a file out of the code.
    pub(crate) fn extract(
        code: &Code,
        natives: &Natives,
        file: Atom,
        modules: &[Atom],
        structs: &BTreeSet<Atom>,
        all: &mut Names,
    ) -> Option<Unit> {
        let mut local = Local { all, names: Vec::new(), numbers: BTreeMap::new() };
        let mut functions = Met::new();
        for (number, info) in (0..).zip(&code.functions) {
            if modules.contains(&info.module) {
                functions.number(number);
            }
        }
        let (mut ops, mut lines, mut described) = (Vec::new(), Vec::new(), Vec::new());
        let (mut constants, mut remotes, mut layouts) = (Met::new(), Met::new(), Met::new());
        let (mut reads, mut positions, mut used) = (Met::new(), Met::new(), Met::new());
        let mut last = 0;
        let mut whole = true;
        for &number in &functions.order.clone() {
            let info = code.functions.get(number as usize)?;
            let end =
                code.functions.get(number as usize + 1).map_or(code.ops.len() as Place, |next| next.entry);
            for place in info.entry..end {
                let mut op = *code.ops.get(place as usize)?;
                op.parts(&mut |part| match part {
                    Part::Place(place) => *place -= info.entry,
                    Part::Atom(atom) => *atom = Atom::from_number(local.number(*atom)),
                    Part::Function(function) => {
                        whole &= functions.numbers.contains_key(function);
                        *function = functions.number(*function);
                    }
                    Part::Constant(constant) => *constant = constants.number(*constant),
                    Part::Remote(remote) => {
                        let found = code.remotes.get(*remote as usize);
                        whole &= found.is_some();
                        if let Some(found) = found {
                            *remote = remotes.number((found.module, found.name, found.arity));
                        }
                    }
                    Part::Layout(layout) => *layout = layouts.number(*layout),
                    Part::Read(read) => *read = reads.number(*read),
                    Part::Position(position) => *position = positions.number(*position),
                    Part::Builtin(builtin) => {
                        *builtin = used.number(Callable::Builtin(*builtin)) as u16;
                    }
                    Part::Action(action) => *action = used.number(Callable::Action(*action)) as u16,
                });
                if let Some((of, line)) = begins_at(&code.lines, place) {
                    whole &= of == file;
                    lines.push((ops.len() as u32 - last, line));
                    last = ops.len() as u32;
                }
                ops.push(op);
            }
            described.push(Function {
                ops: end - info.entry,
                module: local.number(info.module),
                name: local.number(info.name),
                arity: info.arity,
                captured: info.captured,
                index: info.index,
            });
        }
        let mut native = |callable: &Callable| match *callable {
            Callable::Builtin(number) => {
                let entry = natives.entry(number)?;
                let (module, name) = (Atom::new(entry.module), Atom::new(entry.name));
                Some((local.number(module), local.number(name), entry.arity))
            }
            Callable::Action(number) => {
                let (module, name, arity, _) = ACTIONS.get(usize::from(number))?;
                Some((local.number(Atom::new(module)), local.number(Atom::new(name)), *arity))
            }
            Callable::Function(_) => None,
        };
        let natives = used.order.iter().map(&mut native).collect::<Option<Vec<_>>>()?;
        let mut found = Vec::new();
        for name in modules {
            let info = code.modules.get(name)?;
            let mut numbered = |named: &BTreeMap<(Atom, u8), u32>| {
                let entry = |((name, arity), number): (&(Atom, u8), &u32)| {
                    Some((local.number(*name), *arity, *functions.numbers.get(number)?))
                };
                named.iter().map(entry).collect::<Option<Vec<_>>>()
            };
            let (exports, macros) = (numbered(&info.exports)?, numbered(&info.macros)?);
            let fields = info.fields.as_ref().map(|fields| {
                fields.iter().map(|(name, value)| (local.number(*name), local.constant(value))).collect()
            });
            let attributes = info.attributes.iter();
            found.push(Module {
                name: local.number(*name),
                exports,
                macros,
                fields,
                enforced: info.enforced.iter().map(|name| local.number(*name)).collect(),
                attributes: attributes
                    .map(|(name, value)| (local.number(*name), local.constant(value)))
                    .collect(),
            });
        }
        let implementations = code.implementations.iter();
        let implementations = implementations
            .filter(|((_, of), module)| modules.contains(module) || modules.contains(of))
            .map(|((protocol, of), module)| {
                (local.number(*protocol), local.number(*of), local.number(*module))
            })
            .collect();
        let constants = constants.order.iter();
        let constants = constants.map(|number| Some(local.constant(code.constants.get(*number as usize)?)));
        let constants = constants.collect::<Option<Vec<_>>>()?;
        let remotes = remotes.order.iter();
        let remotes = remotes
            .map(|(module, name, arity)| (local.number(*module), local.number(*name), *arity))
            .collect();
        let positions = positions.order.iter();
        let positions = positions.map(|number| {
            let (of, line) = get(&code.positions, *number)?;
            (of == file).then_some(line)
        });
        let layouts = layouts.order.iter();
        let layouts = layouts.map(|number| Some(code.layouts.get(*number as usize)?.to_vec()));
        let unit = Unit {
            file: local.number(file),
            natives,
            ops,
            functions: described,
            constants,
            remotes,
            layouts: layouts.collect::<Option<Vec<_>>>()?,
            reads: reads.order.iter().map(|number| get(&code.reads, *number)).collect::<Option<Vec<_>>>()?,
            positions: positions.collect::<Option<Vec<_>>>()?,
            lines,
            modules: found,
            implementations,
            structs: structs
                .iter()
                .filter(|module| !modules.contains(module))
                .map(|module| local.number(*module))
                .collect(),
            names: local.names,
        };
        whole.then_some(unit)
    }
}
