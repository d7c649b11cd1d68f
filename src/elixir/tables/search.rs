//! `select`, `match` and `match_object`, all at once or so many rows at a time.

use std::ops::Bound;

use super::spec::Specification;
use super::table::{Key, Kind, Rows, Table, end_of_table};
use crate::elixir::atom::Atom;
use crate::elixir::term::{FALSE, Term, list};
use crate::kernel::Pid;

/// A look through the rows of a table.
pub(super) struct Search {
    pub(super) table: Term,
    /// How the function was called, and with what: this is what a continuation keeps.
    function: Atom,
    given: Term,
    specification: Specification,
    limit: Option<usize>,
    /// The key and the number of the row after which it goes on.
    after: Option<(Term, usize)>,
}

impl Search {
    /// A search from the beginning, with a limit or none.
    pub(super) fn new(function: Atom, table: &Term, given: &Term, rest: &[Term], by: Pid) -> Option<Search> {
        let specification = match function.text() {
            "match" => Specification::matching(given, by)?,
            "match_object" => Specification::objects(given, by)?,
            _ => Specification::read(given, by)?,
        };
        let limit = match rest {
            [] => None,
            [limit] => Some(usize::try_from(limit.as_int()?).ok().filter(|limit| *limit > 0)?),
            _ => return None,
        };
        Some(Search {
            table: table.clone(),
            function,
            given: given.clone(),
            specification,
            limit,
            after: None,
        })
    }

    /// A search that goes on: what `continuation` has made.
    pub(super) fn read(continuation: &Term, by: Pid) -> Option<Search> {
        let [table, Term::Atom(function), given, limit, key, number] = continuation.as_tuple()? else {
            return None;
        };
        let mut search = Search::new(*function, table, given, std::slice::from_ref(limit), by)?;
        search.after = Some((key.clone(), usize::try_from(number.as_int()?).ok()?));
        Some(search)
    }

    fn continuation(&self, key: &Key, number: usize) -> Term {
        let limit = self.limit.map_or(FALSE, |limit| Term::Int(limit as i64));
        Term::tuple([
            self.table.clone(),
            Term::Atom(self.function),
            self.given.clone(),
            limit,
            key.term.clone(),
            Term::Int(number as i64),
        ])
    }

    /// What it finds: a list, or with a limit the list and a continuation.
    pub(super) fn run(&self, table: &Table) -> Term {
        let backward = self.function.text() == "select_reverse" && table.kind == Kind::OrderedSet;
        let start = self.after.as_ref().map(|(key, _)| table.key(key));
        let skipped = self.after.as_ref().map_or(0, |(_, number)| *number);
        let from = |start: &Option<Key>| start.clone().map_or(Bound::Unbounded, Bound::Included);
        let rows: Box<dyn Iterator<Item = (&Key, &Rows)>> = if backward {
            Box::new(table.in_order().range((Bound::Unbounded, from(&start))).rev())
        } else {
            Box::new(table.in_order().range((from(&start), Bound::Unbounded)))
        };
        let mut found = Vec::new();
        for (key, rows) in rows {
            let skip = if start.as_ref() == Some(key) { skipped } else { 0 };
            for (number, row) in rows.iter().enumerate().skip(skip) {
                let Some(value) = self.specification.run(row) else { continue };
                found.push(value);
                if Some(found.len()) == self.limit {
                    return Term::tuple([list(found), self.continuation(key, number + 1)]);
                }
            }
        }
        match self.limit {
            None => list(found),
            Some(_) if found.is_empty() => end_of_table(),
            Some(_) => Term::tuple([list(found), end_of_table()]),
        }
    }
}
