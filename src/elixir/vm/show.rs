//! Values as people read them, without the definitions of the program.

use crate::elixir::atom::Atom;
use crate::elixir::builtins::{Context, Raised, inspect};
use crate::elixir::term::Term;

/// Knows no struct.
struct Nobody;

impl Context for Nobody {
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

/// A value as `inspect` shows it.
pub(crate) fn show(term: &Term) -> String {
    inspect::inspect_to_string(term, &Nobody)
}

/// An exit reason. Of an error only the error is shown, not where it happened.
pub(super) fn show_reason(reason: &Term) -> String {
    match reason.as_tuple() {
        Some([error, trace @ Term::List(_)]) if is_trace(trace) => show(error),
        _ => show(reason),
    }
}

fn is_trace(term: &Term) -> bool {
    term.elements().all(|entry| {
        matches!(entry.as_tuple(), Some([Term::Atom(_), Term::Atom(_), _, Term::Empty | Term::List(_)]))
    })
}
