//! Match specifications: `[{pattern, guards, body}]`.

use crate::elixir::atom::{self, Atom};
use crate::elixir::builtins::{Context, Raised};
use crate::elixir::code::{Callable, Natives};
use crate::elixir::term::{Map, NIL, TRUE, Term, Tuple, list};
use crate::kernel::Pid;

/// Nothing in a specification is nested deeper.
const DEEPEST: usize = 200;

/// Functions of `:erlang` that guards and bodies may call.
const FUNCTIONS: &[(&str, usize)] = &[
    ("==", 2),
    ("/=", 2),
    ("=:=", 2),
    ("=/=", 2),
    ("<", 2),
    (">", 2),
    ("=<", 2),
    (">=", 2),
    ("+", 2),
    ("-", 2),
    ("*", 2),
    ("/", 2),
    ("+", 1),
    ("-", 1),
    ("div", 2),
    ("rem", 2),
    ("band", 2),
    ("bor", 2),
    ("bxor", 2),
    ("bnot", 1),
    ("bsl", 2),
    ("bsr", 2),
    ("not", 1),
    ("xor", 2),
    ("abs", 1),
    ("round", 1),
    ("trunc", 1),
    ("floor", 1),
    ("ceil", 1),
    ("float", 1),
    ("min", 2),
    ("max", 2),
    ("is_atom", 1),
    ("is_float", 1),
    ("is_integer", 1),
    ("is_list", 1),
    ("is_number", 1),
    ("is_pid", 1),
    ("is_port", 1),
    ("is_reference", 1),
    ("is_tuple", 1),
    ("is_map", 1),
    ("is_map_key", 2),
    ("is_binary", 1),
    ("is_bitstring", 1),
    ("is_boolean", 1),
    ("is_function", 1),
    ("is_function", 2),
    ("is_record", 2),
    ("is_record", 3),
    ("element", 2),
    ("hd", 1),
    ("tl", 1),
    ("length", 1),
    ("map_get", 2),
    ("map_size", 1),
    ("tuple_size", 1),
    ("byte_size", 1),
    ("bit_size", 1),
    ("size", 1),
    ("binary_part", 3),
];

/// A pattern.
enum Pattern {
    Anything,
    Variable(u32),
    Exactly(Term),
    Tuple(Vec<Pattern>),
    /// The elements of a list, and what follows them.
    List(Vec<Pattern>, Box<Pattern>),
    Map(Vec<(Term, Pattern)>),
}

/// What guards and bodies are made of.
enum Expression {
    Value(Term),
    Variable(u32),
    /// `$_`
    Row,
    /// `$$`
    Variables,
    Tuple(Vec<Expression>),
    List(Vec<Expression>, Box<Expression>),
    Map(Vec<(Expression, Expression)>),
    /// `and`, `or`, `andalso`, `orelse`: whether it goes on to the next at `true`.
    Chain(bool, Vec<Expression>),
    Call(u16, Vec<Expression>),
}

struct Clause {
    pattern: Pattern,
    guards: Vec<Expression>,
    body: Vec<Expression>,
}

/// A match specification.
pub(super) struct Specification {
    clauses: Vec<Clause>,
}

/// What the variables of a pattern stand for, by their numbers.
type Bound<'t> = Vec<(u32, &'t Term)>;

fn variable(term: &Term) -> Option<u32> {
    term.as_atom()?.text().strip_prefix('$').filter(|rest| !rest.starts_with('+'))?.parse().ok()
}

fn any() -> Atom {
    Atom::new("_")
}

impl Pattern {
    fn read(term: &Term, depth: usize) -> Option<Pattern> {
        if depth > DEEPEST {
            return None;
        }
        if term.is_atom(any()) {
            return Some(Pattern::Anything);
        }
        if let Some(number) = variable(term) {
            return Some(Pattern::Variable(number));
        }
        let read = |term: &Term| Pattern::read(term, depth + 1);
        Some(match term {
            Term::Tuple(tuple) => {
                let items = tuple.items().iter().map(read).collect::<Option<Vec<_>>>()?;
                if items.iter().all(Pattern::is_fixed) {
                    Pattern::Exactly(term.clone())
                } else {
                    Pattern::Tuple(items)
                }
            }
            Term::List(_) => {
                let mut elements = term.elements();
                let items = elements.by_ref().map(read).collect::<Option<Vec<_>>>()?;
                let rest = read(elements.rest())?;
                if rest.is_fixed() && items.iter().all(Pattern::is_fixed) {
                    Pattern::Exactly(term.clone())
                } else {
                    Pattern::List(items, Box::new(rest))
                }
            }
            Term::Map(map) => {
                let pair = |(key, value): (&Term, &Term)| Some((key.clone(), read(value)?));
                Pattern::Map(map.iter().map(pair).collect::<Option<Vec<_>>>()?)
            }
            other => Pattern::Exactly(other.clone()),
        })
    }

    fn is_fixed(&self) -> bool {
        matches!(self, Pattern::Exactly(_))
    }

    fn matches<'t>(&self, term: &'t Term, bound: &mut Bound<'t>) -> bool {
        match self {
            Pattern::Anything => true,
            Pattern::Variable(number) => match bound.iter().find(|(known, _)| known == number) {
                Some((_, value)) => *value == term,
                None => {
                    bound.push((*number, term));
                    true
                }
            },
            Pattern::Exactly(value) => value == term,
            Pattern::Tuple(items) => term.as_tuple().is_some_and(|found| {
                found.len() == items.len()
                    && items.iter().zip(found).all(|(item, found)| item.matches(found, bound))
            }),
            Pattern::List(items, rest) => {
                let mut elements = term.elements();
                items.iter().all(|item| elements.next().is_some_and(|found| item.matches(found, bound)))
                    && rest.matches(elements.rest(), bound)
            }
            Pattern::Map(pairs) => term.as_map().is_some_and(|map| {
                pairs.iter().all(|(key, value)| map.get(key).is_some_and(|found| value.matches(found, bound)))
            }),
        }
    }

    fn variables(&self, found: &mut Vec<u32>) {
        match self {
            Pattern::Anything | Pattern::Exactly(_) => {}
            Pattern::Variable(number) => found.push(*number),
            Pattern::Tuple(items) => items.iter().for_each(|item| item.variables(found)),
            Pattern::List(items, rest) => {
                items.iter().for_each(|item| item.variables(found));
                rest.variables(found);
            }
            Pattern::Map(pairs) => pairs.iter().for_each(|(_, value)| value.variables(found)),
        }
    }
}

/// Who reads an expression: the process, and the variables that its pattern has.
struct Reader<'a> {
    by: Pid,
    variables: &'a [u32],
}

impl Reader<'_> {
    fn read(&self, term: &Term, depth: usize) -> Option<Expression> {
        if depth > DEEPEST {
            return None;
        }
        let read = |term: &Term| self.read(term, depth + 1);
        let all = |terms: &[Term]| terms.iter().map(read).collect::<Option<Vec<_>>>();
        Some(match term {
            Term::Atom(name) if name.text() == "$_" => Expression::Row,
            Term::Atom(name) if name.text() == "$$" => Expression::Variables,
            Term::Atom(_) if variable(term).is_some() => {
                Expression::Variable(variable(term).filter(|number| self.variables.contains(number))?)
            }
            Term::List(_) => {
                let mut elements = term.elements();
                let items = elements.by_ref().map(read).collect::<Option<Vec<_>>>()?;
                Expression::List(items, Box::new(read(elements.rest())?))
            }
            Term::Map(map) => {
                let pair = |(key, value): (&Term, &Term)| Some((read(key)?, read(value)?));
                Expression::Map(map.iter().map(pair).collect::<Option<Vec<_>>>()?)
            }
            Term::Tuple(tuple) => match tuple.items() {
                [Term::Tuple(items)] => Expression::Tuple(all(items.items())?),
                [Term::Atom(name), rest @ ..] => match (name.text(), rest) {
                    ("const", [value]) => Expression::Value(value.clone()),
                    ("self", []) => Expression::Value(Term::Pid(self.by)),
                    ("node", []) => Expression::Value(Term::Atom(atom::NONODE)),
                    ("and" | "andalso", [_, ..]) => Expression::Chain(true, all(rest)?),
                    ("or" | "orelse", [_, ..]) => Expression::Chain(false, all(rest)?),
                    (text, _) if FUNCTIONS.contains(&(text, rest.len())) => {
                        let arity = u8::try_from(rest.len()).ok()?;
                        match Natives::get().find(atom::ERLANG, *name, arity)? {
                            Callable::Builtin(number) => Expression::Call(number, all(rest)?),
                            _ => return None,
                        }
                    }
                    _ => return None,
                },
                _ => return None,
            },
            other => Expression::Value(other.clone()),
        })
    }
}

/// Knows no struct, and counts no memory: what a specification makes is no larger than what it is made of.
struct Plain;

impl Context for Plain {
    fn struct_fields(&self, _module: Atom) -> Option<Vec<Atom>> {
        None
    }

    fn implements(&self, _protocol: Atom, _module: Atom) -> bool {
        false
    }

    fn reserve(&mut self, _bytes: usize) -> Result<(), Raised> {
        Ok(())
    }
}

impl Expression {
    /// Its value; nothing if it fails.
    fn value(&self, row: &Term, bound: &Bound<'_>) -> Option<Term> {
        let all = |items: &[Expression]| {
            items.iter().map(|item| item.value(row, bound)).collect::<Option<Vec<Term>>>()
        };
        Some(match self {
            Expression::Value(value) => value.clone(),
            Expression::Variable(number) => {
                bound.iter().find(|(known, _)| known == number).map(|(_, value)| (*value).clone())?
            }
            Expression::Row => row.clone(),
            Expression::Variables => {
                let mut bound = bound.clone();
                bound.sort_by_key(|(number, _)| *number);
                list(bound.into_iter().map(|(_, value)| value.clone()))
            }
            Expression::Tuple(items) => Term::Tuple(Tuple::from_iter(all(items)?)),
            Expression::List(items, rest) => {
                let rest = rest.value(row, bound)?;
                all(items)?.into_iter().rev().fold(rest, |tail, head| Term::cons(head, tail))
            }
            Expression::Map(pairs) => {
                let mut map = Map::default();
                for (key, value) in pairs {
                    map.put(key.value(row, bound)?, value.value(row, bound)?);
                }
                Term::Map(map)
            }
            Expression::Chain(goes_on_at, items) => {
                for item in items {
                    match item.value(row, bound)? {
                        Term::Atom(value @ (atom::TRUE | atom::FALSE)) => {
                            if (value == atom::TRUE) != *goes_on_at {
                                return Some(Term::Atom(value));
                            }
                        }
                        _ => return None,
                    }
                }
                Term::boolean(*goes_on_at)
            }
            Expression::Call(number, items) => {
                let mut arguments = all(items)?;
                let entry = Natives::get().entry(*number)?;
                (entry.run)(&mut Plain, &mut arguments).ok()?
            }
        })
    }
}

impl Clause {
    fn read(pattern: &Term, guards: &Term, body: &Term, by: Pid) -> Option<Clause> {
        let pattern = Pattern::read(pattern, 0)?;
        let mut variables = Vec::new();
        pattern.variables(&mut variables);
        let reader = Reader { by, variables: &variables };
        let all = |terms: &Term| {
            terms.as_list()?.iter().map(|term| reader.read(term, 0)).collect::<Option<Vec<_>>>()
        };
        let (guards, body) = (all(guards)?, all(body)?);
        if body.is_empty() { None } else { Some(Clause { pattern, guards, body }) }
    }
}

impl Specification {
    /// A specification as a program writes it. Nothing if it is none.
    pub(super) fn read(term: &Term, by: Pid) -> Option<Specification> {
        let clause = |clause: &Term| match clause.as_tuple() {
            Some([pattern, guards, body]) => Clause::read(pattern, guards, body, by),
            _ => None,
        };
        let clauses = term.as_list()?.iter().map(clause).collect::<Option<Vec<_>>>()?;
        Some(Specification { clauses })
    }

    fn of(pattern: &Term, body: Term, by: Pid) -> Option<Specification> {
        let clause = Clause::read(pattern, &Term::Empty, &list([body]), by)?;
        Some(Specification { clauses: vec![clause] })
    }

    /// The variables of a pattern.
    pub(super) fn matching(pattern: &Term, by: Pid) -> Option<Specification> {
        Specification::of(pattern, Term::Atom(Atom::new("$$")), by)
    }

    /// What matches a pattern.
    pub(super) fn objects(pattern: &Term, by: Pid) -> Option<Specification> {
        Specification::of(pattern, Term::Atom(Atom::new("$_")), by)
    }

    /// `true` for what matches a pattern.
    pub(super) fn deleting(pattern: &Term, by: Pid) -> Option<Specification> {
        Specification::of(pattern, TRUE, by)
    }

    /// What the first clause that takes a row makes of it.
    pub(super) fn run(&self, row: &Term) -> Option<Term> {
        for clause in &self.clauses {
            let mut bound = Bound::new();
            if !clause.pattern.matches(row, &mut bound) {
                continue;
            }
            let holds =
                |guard: &Expression| guard.value(row, &bound).is_some_and(|value| value.is_atom(atom::TRUE));
            if clause.guards.iter().all(holds) {
                let mut last = NIL;
                for expression in &clause.body {
                    let failed = || Term::Atom(atom::EXIT_SIGNAL);
                    last = expression.value(row, &bound).unwrap_or_else(failed);
                }
                return Some(last);
            }
        }
        None
    }
}
