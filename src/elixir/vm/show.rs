//! Values as people read them, without the definitions of the program.

use std::collections::BTreeMap;

use crate::elixir::atom::{self, Atom};
use crate::elixir::builtins::{Context, Raised, inspect};
use crate::elixir::term::Term;

/// A value is looked at this far to find the structs in it; what is shown of it is less.
const FARTHEST: usize = 1_000;

/// Knows the fields of those structs that were found in the value that is shown, in the order of their names: the definitions are not at
/// hand.
struct Found(BTreeMap<Atom, Vec<Atom>>);

impl Found {
    fn within(term: &Term) -> Found {
        let mut found = BTreeMap::new();
        let mut open = vec![term];
        let mut seen = 0;
        while let Some(term) = open.pop() {
            seen += 1;
            if seen > FARTHEST {
                break;
            }
            let left = FARTHEST - seen;
            match term {
                Term::List(_) => open.extend(term.elements().take(left)),
                Term::Tuple(tuple) => open.extend(tuple.items().iter().take(left)),
                Term::Map(map) => {
                    open.extend(map.iter().map(|(_, value)| value).take(left));
                    if let Some(module) = term.struct_module() {
                        let fields: Option<Vec<Atom>> = map.iter().map(|(key, _)| key.as_atom()).collect();
                        let named = |field: &Atom| *field != atom::STRUCT;
                        found
                            .entry(module)
                            .or_insert_with(|| fields.into_iter().flatten().filter(named).collect());
                    }
                }
                _ => {}
            }
        }
        Found(found)
    }
}

impl Context for Found {
    fn struct_fields(&self, module: Atom) -> Option<Vec<Atom>> {
        self.0.get(&module).cloned()
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
    inspect::inspect_to_string(term, &Found::within(term))
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
