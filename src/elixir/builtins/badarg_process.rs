//! What Elixir tells of an argument error of a function that works in the world.

use super::badarg::{Fault, at_least, atom, fun, integer, list, options, pid, proper, reference, unless};
use super::erlang_numbers::parts_per_second;
use crate::elixir::atom::{self, Atom};
use crate::elixir::term::Term;

/// Functions that work in the world.
pub(super) fn process(name: &str, arguments: &[Term]) -> Option<Vec<Fault>> {
    let call = |module: &Term, name: &Term, arguments: &Term| vec![atom(module), atom(name), list(arguments)];
    let target = |term: &Term| unless(matches!(term, Term::Pid(_) | Term::Atom(_)), "not a pid or an atom");
    Some(match (name, arguments) {
        ("send", [..]) => vec![Some("invalid destination")],
        ("exit", [a, _]) => vec![pid(a)],
        ("link" | "unlink" | "is_process_alive" | "process_info" | "node", [a]) => vec![pid(a)],
        ("process_info", [a, _]) => match pid(a) {
            Some(fault) => vec![Some(fault)],
            None => vec![None, Some("invalid item or item list")],
        },
        ("monitor", [kind, a, ..]) => {
            if matches!(kind.as_atom().map(Atom::text), Some("process" | "port" | "time_offset")) {
                vec![None, pid(a), arguments.get(2).and_then(options)]
            } else {
                vec![Some("invalid monitor type")]
            }
        }
        ("demonitor", [a]) => vec![reference(a)],
        ("demonitor", [a, given]) => match reference(a) {
            Some(fault) => vec![Some(fault), proper(given)],
            None => vec![None, options(given)],
        },
        ("spawn" | "spawn_link" | "spawn_monitor", [a]) => vec![fun(a)],
        ("spawn" | "spawn_link" | "spawn_monitor" | "apply" | "hibernate", [module, function, given]) => {
            call(module, function, given)
        }
        ("spawn_opt", [a, given]) => match fun(a) {
            Some(fault) => vec![Some(fault)],
            None => vec![None, proper(given).or(Some("invalid spawn option"))],
        },
        ("process_flag", [flag, _]) => {
            let known = matches!(
                flag.as_atom().map(Atom::text),
                Some("trap_exit" | "priority" | "max_heap_size" | "message_queue_data" | "error_handler")
            );
            if known {
                vec![None, Some("invalid value for this process flag")]
            } else {
                vec![Some("invalid process flag")]
            }
        }
        ("send_after" | "start_timer", [time, to, _]) => vec![at_least(0, time), target(to)],
        ("send_after" | "start_timer", [time, to, _, given]) => {
            let (first, second) = (at_least(0, time), target(to));
            vec![first, second, if first.or(second).is_none() { options(given) } else { proper(given) }]
        }
        ("cancel_timer" | "read_timer", [a, ..]) => vec![reference(a)],
        ("group_leader", [leader, a]) => vec![pid(leader), pid(a)],
        ("list_to_pid", [_]) => vec![Some("not a textual representation of a pid")],
        ("unregister", [_]) => vec![Some("not a pid")],
        ("whereis", [a]) => vec![atom(a)],
        ("register", [Term::Atom(atom::UNDEFINED), _]) => vec![Some("'undefined' is not a valid name")],
        ("register", [name, a]) => {
            vec![atom(name), unless(matches!(a, Term::Pid(_)), "not a pid or port")]
        }
        ("unique_integer", [a]) => vec![proper(a).or(Some("invalid modifier"))],
        ("system_time" | "monotonic_time" | "time_offset", [_]) => vec![Some("invalid time unit")],
        ("convert_time_unit", [time, from, to]) => {
            let unit = |unit: &Term| unless(parts_per_second(unit).is_some(), "invalid time unit");
            vec![integer(time), unit(from), unit(to)]
        }
        ("function_exported", [module, function, arity]) => {
            vec![atom(module), atom(function), integer(arity)]
        }
        ("halt", [..]) => vec![Some("invalid status")],
        _ => return None,
    })
}
