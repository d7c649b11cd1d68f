//! The code of one file of the library, apart from all other code: it can be kept as bytes, and linked into the code of any
//! program. Its functions, constants and places are numbered from zero; names, and what is not written in Elixir, are known
//! by their texts.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use num_bigint::BigInt;
use serde::{Deserialize, Serialize};

use super::parts::Part;
use super::{Callable, Code, FunctionInfo, ModuleInfo, Natives, Op, Place, Read, Remote};
use crate::elixir::atom::Atom;
use crate::elixir::builtins::bits::Segment;
use crate::elixir::term::{Binary, Fun, Map, Target, Term};

/// A name by its place in a list of names.
pub(super) type Name = u32;

/// A constant.
#[derive(Serialize, Deserialize)]
pub(super) enum Constant {
    Int(i64),
    Big(Vec<u8>),
    Float(u64),
    Atom(Name),
    Empty,
    List(Vec<Constant>, Box<Constant>),
    Tuple(Vec<Constant>),
    Map(Vec<(Constant, Constant)>),
    Binary(Vec<u8>, u8),
    Fun(Name, Name, u8),
}

/// A function.
#[derive(Serialize, Deserialize)]
pub(super) struct Function {
    /// How many operations it has.
    pub(super) ops: u32,
    pub(super) module: Name,
    pub(super) name: Name,
    pub(super) arity: u8,
    pub(super) captured: u16,
    pub(super) index: Option<u32>,
}

/// A module.
#[derive(Serialize, Deserialize)]
pub(super) struct Module {
    pub(super) name: Name,
    pub(super) exports: Vec<(Name, u8, u32)>,
    pub(super) macros: Vec<(Name, u8, u32)>,
    pub(super) fields: Option<Vec<(Name, Constant)>>,
    pub(super) enforced: Vec<Name>,
    pub(super) attributes: Vec<(Name, Constant)>,
}

/// The code of one file.
///
/// In its operations, an atom's number is that of its name among the names of the unit, a built-in's or action's that of
/// its place in `natives`, and places are counted from the beginning of the function.
#[derive(Serialize, Deserialize)]
pub(crate) struct Unit {
    /// The names that it mentions, among those of all units.
    pub(super) names: Vec<Name>,
    pub(super) file: Name,
    /// Built-ins and actions: module, name and arity.
    pub(super) natives: Vec<(Name, Name, u8)>,
    pub(super) ops: Vec<Op>,
    pub(super) functions: Vec<Function>,
    pub(super) constants: Vec<Constant>,
    pub(super) remotes: Vec<(Name, Name, u8)>,
    pub(super) layouts: Vec<Vec<(Segment, bool)>>,
    pub(super) reads: Vec<Read>,
    /// Lines that operations mention.
    pub(super) positions: Vec<u32>,
    /// Lines of operations: how many operations after the entry before, and the line.
    pub(super) lines: Vec<(u32, u32)>,
    pub(super) modules: Vec<Module>,
    pub(super) implementations: Vec<(Name, Name, Name)>,
    /// Modules of other files whose structs it builds.
    pub(super) structs: Vec<Name>,
}

pub(super) fn get<T: Copy>(items: &[T], number: u32) -> Option<T> {
    items.get(number as usize).copied()
}

impl Unit {
    /// Adds it to the code. Returns the modules of other files that must be there, too; nothing, and the code is as it was,
    /// if the unit is not of this version of the virtual machine.
    pub(crate) fn link(
        mut self,
        code: &mut Code,
        natives: &Natives,
        all: &[&'static str],
    ) -> Option<Vec<Atom>> {
        let names = self.names.iter().map(|name| Some(Atom::fixed(get(all, *name)?)));
        let names = names.collect::<Option<Vec<Atom>>>()?;
        let name = |number: Name| get(&names, number);
        let known =
            self.natives.iter().map(|(of, called, arity)| natives.find(name(*of)?, name(*called)?, *arity));
        let known = known.collect::<Option<Vec<Callable>>>()?;
        let file = name(self.file)?;
        let first = Bases {
            function: code.functions.len() as u32,
            constant: code.constants.len() as u32,
            remote: code.remotes.len() as u32,
            layout: code.layouts.len() as u32,
            read: code.reads.len() as u32,
            position: code.positions.len() as u32,
        };
        let start = code.ops.len() as Place;
        let mut functions = Vec::with_capacity(self.functions.len());
        let mut rest = self.ops.as_mut_slice();
        let mut entry = start;
        for function in &self.functions {
            let (own, others) = rest.split_at_mut_checked(function.ops as usize)?;
            rest = others;
            for op in own {
                first.move_op(op, entry, &names, &known)?;
            }
            functions.push(FunctionInfo {
                entry,
                module: name(function.module)?,
                name: name(function.name)?,
                arity: function.arity,
                captured: function.captured,
                index: function.index,
            });
            entry += function.ops;
        }
        let constants = self.constants.iter().map(|constant| constant.value(&names));
        let constants = constants.collect::<Option<Vec<Term>>>()?;
        let remotes = self.remotes.iter().map(|(module, called, arity)| {
            let (module, called) = (name(*module)?, name(*called)?);
            Some(Remote { module, name: called, arity: *arity, found: Cell::new(None) })
        });
        let remotes = remotes.collect::<Option<Vec<Remote>>>()?;
        let modules = self.modules.iter().map(|module| module.info(&names, first.function));
        let modules = modules.collect::<Option<Vec<(Atom, ModuleInfo)>>>()?;
        let implementations = self.implementations.iter();
        let implementations = implementations
            .map(|(protocol, of, module)| Some(((name(*protocol)?, name(*of)?), name(*module)?)))
            .collect::<Option<Vec<_>>>()?;
        let structs = self.structs.iter().map(|module| name(*module)).collect::<Option<Vec<Atom>>>()?;
        let mut place = start;
        for (after, line) in &self.lines {
            place += after;
            code.lines.begin(place, file, *line);
        }
        code.ops.append(&mut self.ops);
        code.functions.extend(functions);
        code.constants.extend(constants);
        code.remotes.extend(remotes);
        code.layouts.extend(self.layouts.into_iter().map(Rc::from));
        code.reads.append(&mut self.reads);
        code.positions.extend(self.positions.into_iter().map(|line| (file, line)));
        // A module of the program's own stays in the place of one of the library.
        let own = |module: &Atom| code.defined.contains(module);
        let modules: Vec<_> = modules.into_iter().filter(|(module, _)| !own(module)).collect();
        code.modules.extend(modules);
        code.implementations.extend(implementations);
        Some(structs)
    }
}

/// The numbers that the first things of a unit get.
struct Bases {
    function: u32,
    constant: u32,
    remote: u32,
    layout: u32,
    read: u32,
    position: u32,
}

impl Bases {
    /// Gives an operation of the function that begins at `entry` the numbers of what it mentions.
    #[inline]
    fn move_op(&self, op: &mut Op, entry: Place, names: &[Atom], natives: &[Callable]) -> Option<()> {
        let mut known = true;
        op.parts(&mut |part| match part {
            Part::Place(place) => *place += entry,
            Part::Function(function) => *function += self.function,
            Part::Constant(constant) => *constant += self.constant,
            Part::Remote(remote) => *remote += self.remote,
            Part::Layout(layout) => *layout += self.layout,
            Part::Read(read) => *read += self.read,
            Part::Position(position) => *position += self.position,
            Part::Atom(atom) => match get(names, atom.number()) {
                Some(found) => *atom = found,
                None => known = false,
            },
            Part::Builtin(builtin) => match get(natives, u32::from(*builtin)) {
                Some(Callable::Builtin(found)) => *builtin = found,
                _ => known = false,
            },
            Part::Action(action) => match get(natives, u32::from(*action)) {
                Some(Callable::Action(found)) => *action = found,
                _ => known = false,
            },
        });
        known.then_some(())
    }
}

impl Constant {
    fn value(&self, names: &[Atom]) -> Option<Term> {
        let all =
            |items: &[Constant]| items.iter().map(|item| item.value(names)).collect::<Option<Vec<Term>>>();
        Some(match self {
            Constant::Int(value) => Term::Int(*value),
            Constant::Big(bytes) => Term::integer(BigInt::from_signed_bytes_le(bytes)),
            Constant::Float(bits) => Term::Float(f64::from_bits(*bits)),
            Constant::Atom(name) => Term::Atom(get(names, *name)?),
            Constant::Empty => Term::Empty,
            Constant::List(items, tail) => Term::list_with_tail(all(items)?, tail.value(names)?),
            Constant::Tuple(items) => Term::Tuple(all(items)?.into_iter().collect()),
            Constant::Map(pairs) => {
                let pairs = pairs.iter().map(|(key, value)| Some((key.value(names)?, value.value(names)?)));
                Term::Map(pairs.collect::<Option<Map>>()?)
            }
            Constant::Binary(bytes, spare) => Term::Binary(Binary::from_bits(bytes.clone(), *spare)),
            Constant::Fun(module, name, arity) => {
                let (module, name) = (get(names, *module)?, get(names, *name)?);
                Term::Fun(Rc::new(Fun::new(module, name, *arity, Target::External, Box::new([]))))
            }
        })
    }
}

impl Module {
    fn info(&self, names: &[Atom], first: u32) -> Option<(Atom, ModuleInfo)> {
        let numbered = |named: &[(Name, u8, u32)]| {
            let entry = |(name, arity, number): &(Name, u8, u32)| {
                Some(((get(names, *name)?, *arity), first + number))
            };
            named.iter().map(entry).collect::<Option<BTreeMap<_, _>>>()
        };
        let valued = |named: &[(Name, Constant)]| {
            let entry = |(name, value): &(Name, Constant)| Some((get(names, *name)?, value.value(names)?));
            named.iter().map(entry).collect::<Option<Vec<(Atom, Term)>>>()
        };
        let fields = match &self.fields {
            Some(fields) => Some(valued(fields)?),
            None => None,
        };
        let info = ModuleInfo {
            exports: numbered(&self.exports)?,
            macros: numbered(&self.macros)?,
            fields,
            enforced: self.enforced.iter().map(|name| get(names, *name)).collect::<Option<Vec<_>>>()?,
            attributes: valued(&self.attributes)?.into_iter().collect(),
        };
        Some((get(names, self.name)?, info))
    }
}
