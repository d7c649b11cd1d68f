//! Trees as values, which macros take and give, and back.

use std::rc::Rc;

use crate::elixir::ast::{Ast, Head, Kind, Meta, Span};
use crate::elixir::atom::{self, Atom};
use crate::elixir::term::{Binary, Term, list};

/// A tree as the value that a macro gets.
pub(crate) fn quoted(ast: &Ast) -> Term {
    match &ast.kind {
        Kind::Integer(value) => Term::Int(*value),
        Kind::Big(value) => Term::Big(value.clone()),
        Kind::Float(value) => Term::Float(*value),
        Kind::Atom(value) => Term::Atom(*value),
        Kind::Text(bytes) => Term::Binary(Binary::from(bytes.to_vec())),
        Kind::Value(term) => term.clone(),
        Kind::List(items) => list(items.iter().map(quoted)),
        Kind::Pair(pair) => Term::tuple([quoted(&pair.0), quoted(&pair.1)]),
        Kind::Variable(name, context) => {
            Term::tuple([Term::Atom(*name), meta_term(ast), Term::Atom(context.unwrap_or(atom::NIL))])
        }
        Kind::Call(head, arguments) => {
            let head = match head {
                Head::Name(name) => Term::Atom(*name),
                Head::Expression(head) => quoted(head),
            };
            Term::tuple([head, meta_term(ast), list(arguments.iter().map(quoted))])
        }
    }
}

fn meta_term(ast: &Ast) -> Term {
    let meta = &ast.meta;
    let mut entries = Vec::new();
    let mut entry = |name: Atom, value: Term| entries.push(Term::tuple([Term::Atom(name), value]));
    if meta.no_parens {
        entry(atom::NO_PARENS, Term::boolean(true));
    }
    if meta.from_brackets {
        entry(Atom::new("from_brackets"), Term::boolean(true));
    }
    if meta.counter != 0 {
        entry(atom::COUNTER, Term::Int(i64::from(meta.counter)));
    }
    if meta.span.line != 0 {
        entry(atom::LINE, Term::Int(i64::from(meta.span.line)));
    }
    list(entries)
}

/// The tree that a value is. What has no line of its own stands at `span`; variables that a macro made get `counter`.
pub(crate) fn tree(term: &Term, span: Span, counter: u32) -> Ast {
    let at = |kind| Ast::at(span, kind);
    match term {
        Term::Int(value) => at(Kind::Integer(*value)),
        Term::Big(value) => at(Kind::Big(value.clone())),
        Term::Float(value) => at(Kind::Float(*value)),
        Term::Atom(value) => at(Kind::Atom(*value)),
        Term::Empty => at(Kind::List(Vec::new())),
        Term::Binary(binary) if binary.is_whole() => at(Kind::Text(Rc::from(binary.bytes()))),
        Term::List(_) => match term.as_list() {
            Some(items) => at(Kind::List(items.iter().map(|item| tree(item, span, counter)).collect())),
            None => at(Kind::Value(term.clone())),
        },
        Term::Tuple(tuple) => match tuple.items() {
            [a, b] => at(Kind::Pair(Box::new((tree(a, span, counter), tree(b, span, counter))))),
            [head, meta @ (Term::Empty | Term::List(_)), rest] => {
                node(head, meta, rest, span, counter).unwrap_or_else(|| at(Kind::Value(term.clone())))
            }
            _ => at(Kind::Value(term.clone())),
        },
        Term::Pid(_) | Term::Reference(_) | Term::Map(_) | Term::Binary(_) | Term::Fun(_) => {
            at(Kind::Value(term.clone()))
        }
    }
}

fn node(head: &Term, meta: &Term, rest: &Term, span: Span, counter: u32) -> Option<Ast> {
    let mut found = Meta { span, ..Meta::default() };
    let mut resolved = None;
    for entry in meta.elements() {
        let Some([Term::Atom(key), value]) = entry.as_tuple() else { continue };
        match (*key, value) {
            (atom::LINE, Term::Int(line)) => {
                let line = u32::try_from(*line).unwrap_or_default();
                if line != span.line {
                    found.span = Span { line, ..Span::default() };
                }
            }
            (atom::NO_PARENS, _) => found.no_parens = true,
            (atom::COUNTER, Term::Int(counter)) => {
                found.counter = u32::try_from(*counter).unwrap_or_default()
            }
            (atom::ALIAS, Term::Atom(module)) if *module != atom::FALSE => resolved = Some(*module),
            (atom::ALIAS, _) => found.counter = u32::MAX,
            (key, _) if key.text() == "from_brackets" => found.from_brackets = true,
            _ => {}
        }
    }
    let kind = match (head, rest) {
        (Term::Atom(name), Term::Atom(context)) => {
            let context = (*context != atom::NIL).then_some(*context);
            if context.is_some() && found.counter == 0 {
                found.counter = counter;
            }
            Kind::Variable(*name, context)
        }
        (Term::Atom(atom::ALIASES), _) if resolved.is_some() => Kind::Atom(resolved?),
        (_, Term::Empty | Term::List(_)) => {
            let arguments = rest.as_list()?.iter().map(|item| tree(item, span, counter)).collect();
            let head = match head {
                Term::Atom(name) => Head::Name(*name),
                other => match tree(other, span, counter) {
                    Ast { kind: Kind::Value(_), .. } => return None,
                    head => Head::Expression(Box::new(head)),
                },
            };
            Kind::Call(head, arguments)
        }
        _ => return None,
    };
    Some(Ast { kind, meta: found })
}
