//! One table.

use std::cmp::Ordering;
use std::ops::Bound;
use std::rc::Rc;

use rpds::RedBlackTreeMap;

use super::spec::Specification;
use super::{Cause, Result};
use crate::elixir::atom::{self, Atom};
use crate::elixir::term::{Term, compare, compare_exact, list, mentions_name, told};
use crate::elixir::vm::weight;
use crate::kernel::{Pid, Reference};

/// Of which type a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Set,
    /// A set whose keys are told apart as `==` does.
    OrderedSet,
    Bag,
    DuplicateBag,
}

/// Who may use a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protection {
    Public,
    Protected,
    Private,
}

/// A key in the order in which a table has it.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) term: Term,
    loose: bool,
}

impl Ord for Key {
    fn cmp(&self, other: &Key) -> Ordering {
        if self.loose { compare(&self.term, &other.term) } else { compare_exact(&self.term, &other.term) }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Key) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Key {}

/// The rows that have the same key, oldest first.
pub(super) type Rows = Rc<Vec<Term>>;

/// A table.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) id: Reference,
    pub(super) name: Atom,
    pub(super) named: bool,
    pub(super) kind: Kind,
    pub(super) protection: Protection,
    /// The place of the key in a row, counted from 0.
    pub(super) key: usize,
    pub(super) owner: Pid,
    /// Who gets it when its owner ends, and what is said then.
    pub(super) heir: Option<(Pid, Term)>,
    /// Options that make no difference here.
    pub(super) read_concurrency: Term,
    pub(super) write_concurrency: Term,
    pub(super) decentralized_counters: bool,
    pub(super) compressed: bool,
    /// How many times it has been fixed, so that the key after one that was deleted can be asked for.
    pub(super) fixed: u32,
    pub(super) rows: RedBlackTreeMap<Key, Rows>,
    pub(super) size: usize,
    /// How many bytes its rows take.
    pub(super) bytes: u64,
}

pub(super) fn end_of_table() -> Term {
    Term::Atom(Atom::new("$end_of_table"))
}

pub(super) fn key_or_end(key: Option<Term>) -> Term {
    key.unwrap_or_else(end_of_table)
}

impl Table {
    /// What the functions of `ets` take for this table.
    pub(super) fn identifier(&self) -> Term {
        if self.named { Term::Atom(self.name) } else { Term::Reference(self.id) }
    }

    pub(super) fn key(&self, term: &Term) -> Key {
        Key { term: term.clone(), loose: self.kind == Kind::OrderedSet }
    }

    /// The key of a row.
    fn key_of(&self, row: &Term) -> Result<Key> {
        let key = row.as_tuple().and_then(|row| row.get(self.key)).ok_or(Cause::Unexplained)?;
        Ok(self.key(key))
    }

    fn is_bag(&self) -> bool {
        matches!(self.kind, Kind::Bag | Kind::DuplicateBag)
    }

    /// The rows with a key.
    pub(super) fn at(&self, key: &Term) -> &[Term] {
        self.rows.get(&self.key(key)).map_or(&[], |rows| rows.as_slice())
    }

    /// All rows, in the order of their keys.
    pub(super) fn rows(&self) -> impl Iterator<Item = &Term> {
        self.rows.values().flat_map(|rows| rows.iter())
    }

    /// The order of the keys is about to be told.
    fn told(&self) {
        if self.rows.size() > 1 && self.rows.keys().filter(|key| mentions_name(&key.term)).nth(1).is_some() {
            told();
        }
    }

    /// All keys and their rows, for those who tell in which order they come.
    pub(super) fn in_order(&self) -> &RedBlackTreeMap<Key, Rows> {
        self.told();
        &self.rows
    }

    pub(super) fn rows_in_order(&self) -> Term {
        self.told();
        list(self.rows().cloned())
    }

    /// Puts these rows where others with the same key were.
    fn put(&mut self, key: Key, rows: Vec<Term>) {
        let before = self.rows.get(&key).map_or(0, |rows| rows.len());
        self.size = self.size + rows.len() - before;
        if rows.is_empty() {
            self.rows.remove_mut(&key);
        } else if let Some(place) = self.rows.get_mut(&key) {
            // The key is the one of the row, and no other that is equal to it.
            *place = Rc::new(rows);
        } else {
            self.rows.insert_mut(key, Rc::new(rows));
        }
    }

    fn insert(&mut self, key: Key, row: Term) {
        self.bytes += weight(&row);
        if self.is_bag() {
            if let Some(rows) = self.rows.get_mut(&key) {
                let duplicate = self.kind == Kind::Bag && rows.contains(&row);
                if duplicate {
                    self.bytes = self.bytes.saturating_sub(weight(&row));
                } else {
                    Rc::make_mut(rows).push(row);
                    self.size += 1;
                }
                return;
            }
        } else if let Some(rows) = self.rows.get(&key) {
            let gone: u64 = rows.iter().map(weight).sum();
            self.bytes = self.bytes.saturating_sub(gone);
            self.rows.remove_mut(&key);
            self.size -= 1;
        }
        self.rows.insert_mut(key, Rc::new(vec![row]));
        self.size += 1;
    }

    /// Adds rows: all of them, or none if one has no key.
    pub(super) fn insert_all(&mut self, rows: Vec<Term>) -> Result<()> {
        let keys = rows.iter().map(|row| self.key_of(row)).collect::<Result<Vec<_>>>()?;
        for (key, row) in keys.into_iter().zip(rows) {
            self.insert(key, row);
        }
        Ok(())
    }

    /// Adds rows unless there is one with one of their keys.
    pub(super) fn insert_new(&mut self, rows: Vec<Term>) -> Result<bool> {
        let keys = rows.iter().map(|row| self.key_of(row)).collect::<Result<Vec<_>>>()?;
        if keys.iter().any(|key| self.rows.contains_key(key)) {
            return Ok(false);
        }
        for (key, row) in keys.into_iter().zip(rows) {
            self.insert(key, row);
        }
        Ok(true)
    }

    /// Removes the rows with a key.
    pub(super) fn remove(&mut self, key: &Term) -> Rows {
        let key = self.key(key);
        let Some(rows) = self.rows.get(&key).cloned() else { return Rows::default() };
        self.rows.remove_mut(&key);
        self.size -= rows.len();
        let gone: u64 = rows.iter().map(weight).sum();
        self.bytes = self.bytes.saturating_sub(gone);
        rows
    }

    pub(super) fn clear(&mut self) {
        self.rows = RedBlackTreeMap::new();
        self.size = 0;
        self.bytes = 0;
    }

    /// Keeps of the rows with a key those that `keep` is true for.
    fn retain(&mut self, key: Key, keep: impl Fn(&Term) -> bool) -> usize {
        let Some(rows) = self.rows.get(&key) else { return 0 };
        let (kept, gone): (Vec<Term>, Vec<Term>) = rows.iter().cloned().partition(keep);
        if !gone.is_empty() {
            self.bytes = self.bytes.saturating_sub(gone.iter().map(weight).sum());
            self.put(key, kept);
        }
        gone.len()
    }

    /// Removes all rows that are equal to this one.
    pub(super) fn delete_row(&mut self, row: &Term) -> Result<()> {
        if row.as_tuple().is_none() {
            return Err(Cause::Argument);
        }
        let key = self.key_of(row)?;
        self.retain(key, |other| other != row);
        Ok(())
    }

    /// Removes the rows that a specification gives `true` for, and counts them.
    pub(super) fn delete_where(&mut self, specification: &Specification) -> i64 {
        let keys: Vec<Key> = self.rows.keys().cloned().collect();
        let goes = |row: &Term| specification.run(row).is_some_and(|value| value.is_atom(atom::TRUE));
        keys.into_iter().map(|key| self.retain(key, |row| !goes(row)) as i64).sum()
    }

    /// Puts what a specification gives for a row in its place; the key stays what it is.
    pub(super) fn replace_where(&mut self, specification: &Specification) -> Result<i64> {
        let mut replaced = Vec::new();
        for (key, rows) in &self.rows {
            let mut count = 0;
            let mut new = Vec::with_capacity(rows.len());
            for row in rows.iter() {
                match specification.run(row) {
                    Some(other) => {
                        let same = self.key_of(&other).is_ok_and(|other| other == *key);
                        if !same {
                            return Err(Cause::Argument);
                        }
                        count += 1;
                        new.push(other);
                    }
                    None => new.push(row.clone()),
                }
            }
            if count > 0 {
                replaced.push((key.clone(), new, count));
            }
        }
        let mut all = 0;
        for (key, rows, count) in replaced {
            let gone: u64 = self.rows.get(&key).map_or(0, |rows| rows.iter().map(weight).sum());
            self.bytes = (self.bytes + rows.iter().map(weight).sum::<u64>()).saturating_sub(gone);
            self.put(key, rows);
            all += count;
        }
        Ok(all)
    }

    /// Puts another row in the place of the only one with a key.
    pub(super) fn replace(&mut self, key: &Term, row: Term) {
        let key = self.key(key);
        let gone: u64 = self.rows.get(&key).map_or(0, |rows| rows.iter().map(weight).sum());
        self.bytes = (self.bytes + weight(&row)).saturating_sub(gone);
        self.put(key, vec![row]);
    }

    /// What the rows with a key have in a position, counted from 0.
    pub(super) fn element(&self, key: &Term, position: usize) -> Result {
        let rows = self.at(key);
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let element = row.as_tuple().and_then(|row| row.get(position)).ok_or(Cause::Position)?;
            found.push(element.clone());
        }
        match found.as_slice() {
            [] => Err(Cause::Key),
            [one] if !self.is_bag() => Ok(one.clone()),
            _ => Ok(list(found)),
        }
    }

    pub(super) fn first(&self) -> Option<Term> {
        self.told();
        self.rows.first().map(|(key, _)| key.term.clone())
    }

    /// Of tables without an order of their own the last key is the first one.
    pub(super) fn last(&self) -> Option<Term> {
        if self.kind != Kind::OrderedSet {
            return self.first();
        }
        self.told();
        self.rows.last().map(|(key, _)| key.term.clone())
    }

    pub(super) fn next(&self, key: &Term) -> Result<Option<Term>> {
        let key = self.key(key);
        if self.kind != Kind::OrderedSet && self.fixed == 0 && !self.rows.contains_key(&key) {
            return Err(Cause::Key);
        }
        self.told();
        let mut later = self.rows.range((Bound::Excluded(key), Bound::Unbounded));
        Ok(later.next().map(|(key, _)| key.term.clone()))
    }

    pub(super) fn prev(&self, key: &Term) -> Result<Option<Term>> {
        if self.kind != Kind::OrderedSet {
            return self.next(key);
        }
        self.told();
        let mut earlier = self.rows.range(..self.key(key));
        Ok(earlier.next_back().map(|(key, _)| key.term.clone()))
    }

    /// The rows with the key of this number.
    pub(super) fn slot(&self, number: &Term) -> Result {
        let number = number.as_int().and_then(|number| usize::try_from(number).ok());
        let number = number.filter(|number| *number <= self.rows.size()).ok_or(Cause::Argument)?;
        Ok(self.in_order().values().nth(number).map_or_else(end_of_table, |rows| list(rows.iter().cloned())))
    }
}
