//! A process as people look at it: where it is, and what it holds.

use super::environment::Environment;
use super::interpret::Machine;
use super::process::{ElixirProcess, Place};
use super::show::show;
use crate::elixir::code::{Code, FunctionInfo};
use crate::elixir::term::Term;

/// A call that a process is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The function; for one without a name, the one around it, too. The code of a file outside all modules is `the script`.
    pub function: String,
    /// Where it goes on.
    pub place: Place,
    /// The values that it holds: its arguments, its variables, and what it is about to use. Code knows no names of variables, so
    /// these are values without names; empty lists, which an unused register cannot be told from, are left out.
    pub holds: Vec<String>,
}

impl<S> ElixirProcess<S> {
    /// The calls that the process is in, the innermost first, but for those with which comprehensions and the like are carried out.
    #[must_use]
    pub fn calls(&self, environment: &Environment) -> Vec<Call> {
        let Machine { place, base, stack, frames, .. } = &self.machine;
        let code: &Code = &environment.code;
        let mut calls = Vec::new();
        let mut end = stack.len();
        let here = std::iter::once((*place, *base));
        for (place, base) in here.chain(frames.iter().rev().map(|frame| (frame.place, frame.base))) {
            let before = place.saturating_sub(1);
            let window = stack.get(base as usize..end.max(base as usize)).unwrap_or_default();
            end = base as usize;
            // A process that has not begun is at no place of the code; what begins it stands in no file.
            let Some(info) = code.function_at(before).filter(|_| (before as usize) < code.ops.len()) else {
                continue;
            };
            let Some((file, line)) = code.lines.at(before) else { continue };
            let Some(function) = name(info) else { continue };
            calls.push(Call {
                function,
                place: Place { file, line },
                holds: window.iter().filter(|value| !matches!(value, Term::Empty)).map(show).collect(),
            });
        }
        calls
    }
}

/// What people call a function; nothing if they have not heard of its module.
fn name(info: &FunctionInfo) -> Option<String> {
    let module = match info.module.text() {
        internal if internal.starts_with("rashomon_") => return None,
        module => module.strip_prefix("Elixir.").map_or_else(|| format!(":{module}"), ToOwned::to_owned),
    };
    Some(match (info.name.text(), info.index) {
        ("__FILE__", None) => "the script".to_owned(),
        ("__FILE__", Some(_)) => "fn in the script".to_owned(),
        (name, Some(_)) => format!("fn in {module}.{name}"),
        (name, None) => format!("{module}.{name}/{}", info.arity),
    })
}
