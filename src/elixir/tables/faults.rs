//! What is said about the arguments of a function of `ets` that failed.

use super::{Cause, Result};
use crate::elixir::builtins::badarg::{Fault, at_least, atom, integer, listed, proper, unless};
use crate::elixir::term::Term;

/// Whether a table can be meant at all.
pub(super) fn identifier(term: &Term) -> Result<()> {
    if matches!(term, Term::Atom(_) | Term::Reference(_)) { Ok(()) } else { Err(Cause::Table) }
}

/// The rows that are to be inserted: a tuple, or a list of tuples.
pub(super) fn rows(term: &Term) -> Result<Vec<Term>> {
    let rows = match term {
        Term::Tuple(_) => vec![term.clone()],
        other => other.as_list().ok_or(Cause::Argument)?,
    };
    let is_row = |row: &Term| row.as_tuple().is_some_and(|row| !row.is_empty());
    if rows.iter().all(is_row) { Ok(rows) } else { Err(Cause::Argument) }
}

/// A position in a row, counted from 0.
pub(super) fn position(term: &Term) -> Result<usize> {
    let position = term.as_int().and_then(|position| usize::try_from(position).ok());
    position.and_then(|position| position.checked_sub(1)).ok_or(Cause::Argument)
}

/// The message for a function that failed; nothing if there is no more to say than "argument error".
pub(crate) fn of_function(name: &str, arguments: &[Term], cause: Cause) -> Option<String> {
    if cause == Cause::Unexplained {
        return None;
    }
    listed(&of_arguments(name, arguments, cause))
}

fn of_arguments(name: &str, arguments: &[Term], cause: Cause) -> Vec<Fault> {
    let table = arguments.first().and_then(|table| of_table(table, cause));
    let specification = || unless(table.is_some(), "not a valid match specification");
    let name_taken = unless(cause != Cause::NameTaken, "table name already exists");
    match (name, arguments) {
        ("new", [name, options]) => {
            let of_name = atom(name).or(name_taken);
            let options = match of_name {
                Some(_) => proper(options),
                None => proper(options).or(Some("invalid options")),
            };
            vec![of_name, options]
        }
        ("rename", [_, name]) => {
            let taken = if table.is_some() { None } else { name_taken };
            let name = unless(matches!(name, Term::Atom(_)), "invalid table name (must be an atom)");
            vec![table, name.or(taken)]
        }
        ("whereis", [_]) => vec![Some("invalid table name (must be an atom)")],
        ("insert" | "insert_new", [_, rows]) => vec![table, inserted(rows)],
        ("delete_object", [_, row]) => vec![table, unless(matches!(row, Term::Tuple(_)), "not a tuple")],
        ("lookup_element", [_, _, position]) => {
            let position = at_least(1, position)
                .or(unless(cause != Cause::Position, "position is greater than the size of the object"));
            vec![table, of_key(cause), position]
        }
        ("next" | "prev", [_, _]) => vec![table, of_key(cause)],
        ("update_counter", [_, _, _, rest @ ..]) => {
            let default = rest.first().and_then(|row| unless(matches!(row, Term::Tuple(_)), "not a tuple"));
            let change = match cause {
                Cause::Argument if default.is_none() => Some("not a valid update operation"),
                Cause::Position => Some("the position in the update operation is out of range"),
                Cause::NotInteger => {
                    Some("the value in the given position, in the object, is not an integer")
                }
                Cause::KeyPosition => Some("the position is the same as the key position"),
                _ => None,
            };
            vec![table, of_key(cause), change, default]
        }
        ("update_element", [_, _, _]) => {
            let change = match cause {
                Cause::Argument => Some("is not a valid element specification"),
                Cause::KeyPosition => Some("the position is the same as the key position"),
                Cause::Position | Cause::Kind => Some("out of range"),
                _ => None,
            };
            vec![table.filter(|_| cause != Cause::Kind), None, change]
        }
        ("info", [_]) => vec![table],
        ("info", [_, _]) => vec![table, unless(table.is_some(), "not a valid info item")],
        ("give_away", [_, to, _]) => {
            let of_pid = match cause {
                Cause::Owner => Some("the process is already the owner of the table"),
                Cause::Dead => Some("the pid refers to a terminated process"),
                _ => unless(matches!(to, Term::Pid(_)), "not a pid"),
            };
            vec![table, of_pid]
        }
        ("setopts", [_, _]) => vec![table, unless(table.is_some(), "invalid options")],
        ("safe_fixtable", [_, _]) => vec![table, unless(table.is_some(), "not a boolean value")],
        ("slot", [_, number]) => {
            vec![table, integer(number).or(unless(table.is_some(), "out of range"))]
        }
        ("select" | "select_reverse" | "match" | "match_object", [_]) => vec![Some("invalid continuation")],
        ("select" | "select_reverse" | "match" | "match_object", [_, _, limit]) => match at_least(1, limit) {
            Some(fault) => vec![table, None, Some(fault)],
            None => vec![table, specification()],
        },
        (
            "select" | "select_reverse" | "select_count" | "select_delete" | "select_replace" | "match"
            | "match_object" | "match_delete",
            [_, _],
        ) => vec![table, specification()],
        ("match_spec_compile", [_]) => vec![Some("not a valid match specification")],
        ("match_spec_run", [_, _]) => vec![None, Some("not a valid match specification")],
        ("test_ms", _) => Vec::new(),
        _ => vec![table],
    }
}

fn of_table(table: &Term, cause: Cause) -> Fault {
    match cause {
        Cause::Table if identifier(table).is_err() => Some("not an atom or a table identifier"),
        Cause::Table => Some("the table identifier does not refer to an existing ETS table"),
        Cause::Access => Some("the table identifier refers to an ETS table with insufficient access rights"),
        Cause::Kind => {
            Some("the table identifier refers to an ETS table of a type not supported by this operation")
        }
        _ => None,
    }
}

fn of_key(cause: Cause) -> Fault {
    unless(cause != Cause::Key, "not a key that exists in the table")
}

fn inserted(term: &Term) -> Fault {
    match term {
        Term::Tuple(row) => unless(!row.items().is_empty(), "is an empty tuple"),
        Term::List(_) | Term::Empty => {
            unless(rows(term).is_ok(), "not a non-empty tuple or a list of non-empty tuples")
        }
        _ => Some("not a tuple"),
    }
}
