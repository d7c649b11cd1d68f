//! Patterns of Elixir, matched against values outside of any process.

use crate::elixir::ast::{Ast, Head, Kind, Span};
use crate::elixir::atom::{self, Atom};
use crate::elixir::term::{Binary, Term, compare, equal, equal_loose};

/// A pattern and its guard.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    pattern: Ast,
    guard: Option<Ast>,
}

type Bindings = Vec<(Atom, Term)>;

/// What cannot be done with this text, and where.
pub(super) type Refused = (Span, String);

impl Pattern {
    /// Reads a pattern, perhaps with a guard.
    pub(super) fn new(ast: Ast) -> Result<Pattern, Refused> {
        let (pattern, guard) = match ast {
            Ast { kind: Kind::Call(Head::Name(name), mut parts), .. }
                if name.text() == "when" && parts.len() == 2 =>
            {
                let guard = parts.pop();
                (parts.pop().unwrap_or_default_ast(), guard)
            }
            other => (other, None),
        };
        check(&pattern)?;
        let mut bound = Vec::new();
        names(&pattern, &mut bound);
        if let Some(guard) = &guard {
            check_guard(guard, &bound)?;
        }
        Ok(Pattern { pattern, guard })
    }

    /// Whether a value is of this form.
    pub(super) fn matches(&self, value: &Term) -> bool {
        let mut bindings = Bindings::new();
        fits(&self.pattern, value, &mut bindings)
            && self
                .guard
                .as_ref()
                .is_none_or(|guard| evaluate(guard, &bindings).is_some_and(|value| value.is_atom(atom::TRUE)))
    }
}

trait OrDefault {
    fn unwrap_or_default_ast(self) -> Ast;
}

impl OrDefault for Option<Ast> {
    fn unwrap_or_default_ast(self) -> Ast {
        self.unwrap_or(Ast { kind: Kind::Atom(atom::NIL), meta: Default::default() })
    }
}

/// A call by name.
fn call(ast: &Ast) -> Option<(&'static str, &[Ast])> {
    match &ast.kind {
        Kind::Call(Head::Name(name), arguments) => Some((name.text(), arguments)),
        _ => None,
    }
}

fn refuse(ast: &Ast, what: &str) -> Result<(), Refused> {
    Err((ast.meta.span, what.to_owned()))
}

/// Refuses what is no pattern, or none that is known here.
fn check(ast: &Ast) -> Result<(), Refused> {
    match &ast.kind {
        Kind::Integer(_)
        | Kind::Big(_)
        | Kind::Float(_)
        | Kind::Atom(_)
        | Kind::Text(_)
        | Kind::Variable(..)
        | Kind::Value(_) => Ok(()),
        Kind::List(items) => items.iter().try_for_each(check),
        Kind::Pair(pair) => check(&pair.0).and_then(|()| check(&pair.1)),
        Kind::Call(..) => match call(ast) {
            Some(("{}" | "|" | "=" | "__aliases__", parts)) => parts.iter().try_for_each(check),
            Some(("%{}", fields)) => fields.iter().try_for_each(check),
            Some(("-" | "+", [number]))
                if matches!(number.kind, Kind::Integer(_) | Kind::Float(_) | Kind::Big(_)) =>
            {
                Ok(())
            }
            Some(("<>", [Ast { kind: Kind::Text(_), .. }, rest])) => check(rest),
            Some(("%", _)) => {
                refuse(ast, "structs cannot stand in the pattern of a claim; match the map: %{field: value}")
            }
            Some(("^", _)) => refuse(ast, "there is no variable of the program to pin here"),
            _ => refuse(ast, "this cannot stand in the pattern of a claim"),
        },
    }
}

fn names(ast: &Ast, bound: &mut Vec<Atom>) {
    match &ast.kind {
        Kind::Variable(name, _) => bound.push(*name),
        Kind::List(items) => items.iter().for_each(|item| names(item, bound)),
        Kind::Pair(pair) => {
            names(&pair.0, bound);
            names(&pair.1, bound);
        }
        Kind::Call(_, parts) => parts.iter().for_each(|part| names(part, bound)),
        Kind::Integer(_) | Kind::Big(_) | Kind::Float(_) | Kind::Atom(_) | Kind::Text(_) | Kind::Value(_) => {
        }
    }
}

const TESTS: [&str; 10] = [
    "is_atom",
    "is_integer",
    "is_float",
    "is_number",
    "is_binary",
    "is_list",
    "is_tuple",
    "is_map",
    "is_pid",
    "is_reference",
];

fn check_guard(ast: &Ast, bound: &[Atom]) -> Result<(), Refused> {
    match &ast.kind {
        Kind::Variable(name, _) if bound.contains(name) => Ok(()),
        Kind::Variable(name, _) => Err((ast.meta.span, format!("{name} is bound nowhere in the pattern"))),
        Kind::Call(..) => match call(ast) {
            Some((
                "==" | "!=" | "===" | "!==" | "<" | "<=" | ">" | ">=" | "and" | "or" | "+" | "-" | "*"
                | "not",
                parts,
            )) => parts.iter().try_for_each(|part| check_guard(part, bound)),
            Some(("in", [value, Ast { kind: Kind::List(items), .. }])) => {
                check_guard(value, bound)?;
                items.iter().try_for_each(|item| check_guard(item, bound))
            }
            Some((test, [value])) if TESTS.contains(&test) => check_guard(value, bound),
            _ => refuse(ast, "this cannot stand in the guard of a claim"),
        },
        _ => check(ast),
    }
}

/// The value that a pattern without variables stands for.
fn literal(ast: &Ast) -> Option<Term> {
    Some(match &ast.kind {
        Kind::Integer(value) => Term::Int(*value),
        Kind::Big(value) => Term::integer((**value).clone()),
        Kind::Float(value) => Term::Float(*value),
        Kind::Atom(atom) => Term::Atom(*atom),
        Kind::Text(bytes) => Term::Binary(Binary::from(bytes.to_vec())),
        Kind::Value(value) => value.clone(),
        Kind::List(_) | Kind::Pair(_) | Kind::Variable(..) => return None,
        Kind::Call(..) => match call(ast)? {
            ("-", [number]) => match literal(number)? {
                Term::Int(value) => Term::Int(-value),
                Term::Float(value) => Term::Float(-value),
                Term::Big(value) => Term::integer(-(*value).clone()),
                _ => return None,
            },
            ("+", [number]) => literal(number)?,
            ("__aliases__", parts) => {
                let names: Option<Vec<&str>> = parts
                    .iter()
                    .map(|part| if let Kind::Atom(atom) = part.kind { Some(atom.text()) } else { None })
                    .collect();
                Term::Atom(Atom::module(&names?.join(".")))
            }
            _ => return None,
        },
    })
}

fn fits(pattern: &Ast, value: &Term, bindings: &mut Bindings) -> bool {
    match &pattern.kind {
        Kind::Variable(name, _) => {
            if name.text() == "_" {
                return true;
            }
            if let Some((_, bound)) = bindings.iter().find(|(bound, _)| bound == name) {
                return equal(bound, value);
            }
            bindings.push((*name, value.clone()));
            true
        }
        Kind::List(items) => fits_list(items, value, bindings),
        Kind::Pair(pair) => match value.as_tuple() {
            Some([first, second]) => fits(&pair.0, first, bindings) && fits(&pair.1, second, bindings),
            _ => false,
        },
        Kind::Call(..) => match call(pattern) {
            Some(("{}", parts)) => value.as_tuple().is_some_and(|items| {
                items.len() == parts.len()
                    && parts.iter().zip(items).all(|(part, item)| fits(part, item, bindings))
            }),
            Some(("%{}", fields)) => value.as_map().is_some_and(|map| {
                fields.iter().all(|field| {
                    let Kind::Pair(field) = &field.kind else { return false };
                    let found = literal(&field.0).and_then(|key| map.get(&key).cloned());
                    found.is_some_and(|found| fits(&field.1, &found, bindings))
                })
            }),
            Some(("=", [first, second])) => fits(first, value, bindings) && fits(second, value, bindings),
            Some(("<>", [Ast { kind: Kind::Text(start), .. }, rest])) => {
                let after = value.as_binary().and_then(|binary| binary.bytes().strip_prefix(&**start));
                after.is_some_and(|after| fits(rest, &Term::Binary(Binary::from(after.to_vec())), bindings))
            }
            _ => literal(pattern).is_some_and(|wanted| equal(&wanted, value)),
        },
        Kind::Integer(_) | Kind::Big(_) | Kind::Float(_) | Kind::Atom(_) | Kind::Text(_) | Kind::Value(_) => {
            literal(pattern).is_some_and(|wanted| equal(&wanted, value))
        }
    }
}

fn fits_list(items: &[Ast], value: &Term, bindings: &mut Bindings) -> bool {
    let Some((first, others)) = items.split_first() else { return matches!(value, Term::Empty) };
    let Term::List(cell) = value else { return false };
    if let (Some(("|", [head, tail])), []) = (call(first), others) {
        return fits(head, &cell.head, bindings) && fits(tail, &cell.tail, bindings);
    }
    fits(first, &cell.head, bindings) && fits_list(others, &cell.tail, bindings)
}

fn evaluate(guard: &Ast, bindings: &Bindings) -> Option<Term> {
    if let Kind::Variable(name, _) = &guard.kind {
        return bindings.iter().find(|(bound, _)| bound == name).map(|(_, value)| value.clone());
    }
    if let Some(value) = literal(guard) {
        return Some(value);
    }
    let (name, parts) = call(guard)?;
    if let ("in", [value, Ast { kind: Kind::List(items), .. }]) = (name, parts) {
        let value = evaluate(value, bindings)?;
        let found =
            items.iter().any(|item| evaluate(item, bindings).is_some_and(|item| equal(&item, &value)));
        return Some(Term::boolean(found));
    }
    let values: Vec<Term> = parts.iter().map(|part| evaluate(part, bindings)).collect::<Option<_>>()?;
    let truth = |value: &Term| match value {
        Term::Atom(atom::TRUE) => Some(true),
        Term::Atom(atom::FALSE) => Some(false),
        _ => None,
    };
    let answer = match (name, values.as_slice()) {
        ("==", [a, b]) => equal_loose(a, b),
        ("!=", [a, b]) => !equal_loose(a, b),
        ("===", [a, b]) => equal(a, b),
        ("!==", [a, b]) => !equal(a, b),
        ("<", [a, b]) => compare(a, b).is_lt(),
        ("<=", [a, b]) => compare(a, b).is_le(),
        (">", [a, b]) => compare(a, b).is_gt(),
        (">=", [a, b]) => compare(a, b).is_ge(),
        ("and", [a, b]) => truth(a)? && truth(b)?,
        ("or", [a, b]) => truth(a)? || truth(b)?,
        ("not", [a]) => !truth(a)?,
        ("is_atom", [a]) => matches!(a, Term::Atom(_)),
        ("is_integer", [a]) => matches!(a, Term::Int(_) | Term::Big(_)),
        ("is_float", [a]) => matches!(a, Term::Float(_)),
        ("is_number", [a]) => matches!(a, Term::Int(_) | Term::Big(_) | Term::Float(_)),
        ("is_binary", [a]) => matches!(a, Term::Binary(_)),
        ("is_list", [a]) => matches!(a, Term::List(_) | Term::Empty),
        ("is_tuple", [a]) => matches!(a, Term::Tuple(_)),
        ("is_map", [a]) => matches!(a, Term::Map(_)),
        ("is_pid", [a]) => matches!(a, Term::Pid(_)),
        ("is_reference", [a]) => matches!(a, Term::Reference(_)),
        ("+" | "-" | "*", [Term::Int(a), Term::Int(b)]) => {
            return match name {
                "+" => a.checked_add(*b),
                "-" => a.checked_sub(*b),
                _ => a.checked_mul(*b),
            }
            .map(Term::Int);
        }
        _ => return None,
    };
    Some(Term::boolean(answer))
}
