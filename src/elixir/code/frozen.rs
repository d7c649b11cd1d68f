//! Code at rest: what threads share. Each world has its own copy of the values in it, whose reference counts belong to one
//! thread.

use std::collections::BTreeMap;
use std::rc::Rc;

use num_bigint::BigInt;

use super::{Code, FunctionInfo, Lines, ModuleInfo, Op, Read, Remote};
use crate::elixir::atom::Atom;
use crate::elixir::builtins::bits::Segment;
use crate::elixir::term::{Binary, Fun, Map, Target, Term};

/// A constant.
#[derive(Clone, Debug)]
enum Literal {
    Int(i64),
    Big(BigInt),
    Float(f64),
    Atom(Atom),
    Empty,
    List(Vec<Literal>, Box<Literal>),
    Tuple(Vec<Literal>),
    Map(Vec<(Literal, Literal)>),
    Binary(Vec<u8>, u8),
    Fun(Atom, Atom, u8),
}

/// A module at rest.
#[derive(Clone, Debug)]
struct FrozenModule {
    exports: BTreeMap<(Atom, u8), u32>,
    macros: BTreeMap<(Atom, u8), u32>,
    fields: Option<Vec<(Atom, Literal)>>,
    enforced: Vec<Atom>,
    attributes: BTreeMap<Atom, Literal>,
}

/// Code that can go from one thread to another.
#[derive(Clone, Debug)]
pub struct FrozenCode {
    ops: Vec<Op>,
    functions: Vec<FunctionInfo>,
    constants: Vec<Literal>,
    remotes: Vec<(Atom, Atom, u8)>,
    layouts: Vec<Vec<(Segment, bool)>>,
    reads: Vec<Read>,
    positions: Vec<(Atom, u32)>,
    lines: Lines,
    modules: BTreeMap<Atom, FrozenModule>,
    defined: Vec<Atom>,
    files: std::collections::BTreeSet<&'static str>,
    faults: Vec<String>,
    sources: BTreeMap<Atom, String>,
    implementations: BTreeMap<(Atom, Atom), Atom>,
}

impl Literal {
    fn freeze(term: &Term) -> Literal {
        match term {
            Term::Int(value) => Literal::Int(*value),
            Term::Big(value) => Literal::Big(BigInt::clone(value)),
            Term::Float(value) => Literal::Float(*value),
            Term::Atom(value) => Literal::Atom(*value),
            // No constant holds a process or what belongs to one.
            Term::Empty | Term::Pid(_) | Term::Reference(_) => Literal::Empty,
            Term::List(_) => {
                let mut elements = term.elements();
                let items = elements.by_ref().map(Literal::freeze).collect();
                Literal::List(items, Box::new(Literal::freeze(elements.rest())))
            }
            Term::Tuple(tuple) => Literal::Tuple(tuple.items().iter().map(Literal::freeze).collect()),
            Term::Map(map) => Literal::Map(
                map.iter().map(|(key, value)| (Literal::freeze(key), Literal::freeze(value))).collect(),
            ),
            Term::Binary(binary) => Literal::Binary(binary.bytes().to_vec(), binary.spare()),
            Term::Fun(fun) => Literal::Fun(fun.module, fun.name, fun.arity),
        }
    }

    fn thaw(&self) -> Term {
        match self {
            Literal::Int(value) => Term::Int(*value),
            Literal::Big(value) => Term::Big(Rc::new(value.clone())),
            Literal::Float(value) => Term::Float(*value),
            Literal::Atom(value) => Term::Atom(*value),
            Literal::Empty => Term::Empty,
            Literal::List(items, tail) => {
                Term::list_with_tail(items.iter().map(Literal::thaw).collect::<Vec<_>>(), tail.thaw())
            }
            Literal::Tuple(items) => Term::Tuple(items.iter().map(Literal::thaw).collect()),
            Literal::Map(pairs) => {
                Term::Map(pairs.iter().map(|(key, value)| (key.thaw(), value.thaw())).collect::<Map>())
            }
            Literal::Binary(bytes, spare) => Term::Binary(Binary::from_bits(bytes.clone(), *spare)),
            Literal::Fun(module, name, arity) => {
                Term::Fun(Rc::new(Fun::new(*module, *name, *arity, Target::External, Box::new([]))))
            }
        }
    }
}

impl FrozenCode {
    /// Puts code to rest.
    #[must_use]
    pub fn freeze(code: &Code) -> FrozenCode {
        let module = |info: &ModuleInfo| FrozenModule {
            exports: info.exports.clone(),
            macros: info.macros.clone(),
            fields: info.fields.as_ref().map(|fields| {
                fields.iter().map(|(name, default)| (*name, Literal::freeze(default))).collect()
            }),
            enforced: info.enforced.clone(),
            attributes: info.attributes.iter().map(|(name, value)| (*name, Literal::freeze(value))).collect(),
        };
        FrozenCode {
            ops: code.ops.clone(),
            functions: code.functions.clone(),
            constants: code.constants.iter().map(Literal::freeze).collect(),
            remotes: code.remotes.iter().map(|remote| (remote.module, remote.name, remote.arity)).collect(),
            layouts: code.layouts.iter().map(|layout| layout.to_vec()).collect(),
            reads: code.reads.clone(),
            positions: code.positions.clone(),
            lines: code.lines.clone(),
            modules: code.modules.iter().map(|(name, info)| (*name, module(info))).collect(),
            defined: code.defined.clone(),
            files: code.files.clone(),
            faults: code.faults.clone(),
            sources: code.sources.iter().map(|(file, text)| (*file, text.to_string())).collect(),
            implementations: code.implementations.clone(),
        }
    }

    /// Makes code of it that one thread can run.
    #[must_use]
    pub fn thaw(&self) -> Code {
        let module = |frozen: &FrozenModule| ModuleInfo {
            exports: frozen.exports.clone(),
            macros: frozen.macros.clone(),
            fields: frozen
                .fields
                .as_ref()
                .map(|fields| fields.iter().map(|(name, default)| (*name, default.thaw())).collect()),
            enforced: frozen.enforced.clone(),
            attributes: frozen.attributes.iter().map(|(name, value)| (*name, value.thaw())).collect(),
        };
        let remote = |(module, name, arity): &(Atom, Atom, u8)| Remote {
            module: *module,
            name: *name,
            arity: *arity,
            found: std::cell::Cell::new(None),
        };
        Code {
            docs: BTreeMap::new(),
            ops: self.ops.clone(),
            functions: self.functions.clone(),
            constants: self.constants.iter().map(Literal::thaw).collect(),
            remotes: self.remotes.iter().map(remote).collect(),
            layouts: self.layouts.iter().map(|layout| Rc::from(layout.as_slice())).collect(),
            reads: self.reads.clone(),
            positions: self.positions.clone(),
            lines: self.lines.clone(),
            modules: self.modules.iter().map(|(name, frozen)| (*name, module(frozen))).collect(),
            defined: self.defined.clone(),
            files: self.files.clone(),
            faults: self.faults.clone(),
            sources: self.sources.iter().map(|(file, text)| (*file, Rc::from(text.as_str()))).collect(),
            implementations: self.implementations.clone(),
            found: super::found::Found::default(),
        }
    }
}
