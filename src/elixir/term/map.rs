//! Maps: keys in ascending order of terms, but all integers before all floats.

use std::cmp::Ordering;
use std::rc::Rc;

use rpds::RedBlackTreeMap;

use super::Term;
use super::order::{compare_exact, equal};
use super::release::release;
use crate::elixir::atom::Atom;

/// A map. Up to [`Map::SMALL`] keys it is one sorted array.
#[derive(Clone, Debug)]
pub enum Map {
    /// Few keys.
    Small(Rc<Entries>),
    /// Many keys.
    Large(Rc<RedBlackTreeMap<Key, Term>>),
}

/// The entries of a small map, in ascending order of their keys.
#[derive(Clone, Debug, Default)]
pub struct Entries(Vec<(Term, Term)>);

impl Drop for Entries {
    fn drop(&mut self) {
        for (key, value) in &mut self.0 {
            release(std::slice::from_mut(key));
            release(std::slice::from_mut(value));
        }
    }
}

/// A key of a large map.
#[derive(Clone, Debug)]
pub struct Key(Term);

impl Ord for Key {
    fn cmp(&self, other: &Key) -> Ordering {
        compare_exact(&self.0, &other.0)
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Key) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        equal(&self.0, &other.0)
    }
}

impl Eq for Key {}

impl Default for Map {
    fn default() -> Map {
        Map::Small(Rc::default())
    }
}

impl Map {
    /// Up to so many keys a map is one array.
    pub const SMALL: usize = 32;

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Map::Small(entries) => entries.0.len(),
            Map::Large(tree) => tree.size(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a key.
    #[must_use]
    #[inline]
    pub fn get(&self, key: &Term) -> Option<&Term> {
        match self {
            Map::Small(entries) => match key {
                // Atoms and small integers are compared without looking at their order.
                Term::Atom(wanted) => {
                    let same = |entry: &&(Term, Term)| matches!(&entry.0, Term::Atom(atom) if atom == wanted);
                    entries.0.iter().find(same).map(|entry| &entry.1)
                }
                Term::Int(wanted) => {
                    let same = |entry: &&(Term, Term)| matches!(&entry.0, Term::Int(int) if int == wanted);
                    entries.0.iter().find(same).map(|entry| &entry.1)
                }
                _ => entries.0.iter().find(|entry| equal(&entry.0, key)).map(|entry| &entry.1),
            },
            Map::Large(tree) => tree.get(&Key(key.clone())),
        }
    }

    /// The value of an atom.
    #[must_use]
    pub fn get_atom(&self, key: Atom) -> Option<&Term> {
        self.get(&Term::Atom(key))
    }

    /// Gives a key a value, new or in place of its old one.
    pub fn put(&mut self, key: Term, value: Term) {
        match self {
            Map::Small(entries) => {
                if let Some(at) = entries.0.iter().position(|entry| equal(&entry.0, &key)) {
                    if let Some(entry) = Rc::make_mut(entries).0.get_mut(at) {
                        entry.1 = value;
                    }
                    return;
                }
                if entries.0.len() < Map::SMALL {
                    let at = entries.0.partition_point(|entry| compare_exact(&entry.0, &key).is_lt());
                    Rc::make_mut(entries).0.insert(at, (key, value));
                    return;
                }
                let mut tree = RedBlackTreeMap::new();
                for (key, value) in &entries.0 {
                    tree.insert_mut(Key(key.clone()), value.clone());
                }
                tree.insert_mut(Key(key), value);
                *self = Map::Large(Rc::new(tree));
            }
            Map::Large(tree) => {
                Rc::make_mut(tree).insert_mut(Key(key), value);
            }
        }
    }

    /// Takes a key away. Returns its value, if it had one.
    pub fn remove(&mut self, key: &Term) -> Option<Term> {
        match self {
            Map::Small(entries) => {
                let at = entries.0.iter().position(|entry| equal(&entry.0, key))?;
                Some(Rc::make_mut(entries).0.remove(at).1)
            }
            Map::Large(tree) => {
                let key = Key(key.clone());
                let value = tree.get(&key)?.clone();
                Rc::make_mut(tree).remove_mut(&key);
                if tree.size() <= Map::SMALL {
                    let entries = tree.iter().map(|(key, value)| (key.0.clone(), value.clone())).collect();
                    *self = Map::Small(Rc::new(Entries(entries)));
                }
                Some(value)
            }
        }
    }

    /// Keys and values, in ascending order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&Term, &Term)> {
        let (small, large) = match self {
            Map::Small(entries) => (Some(entries.0.iter()), None),
            Map::Large(tree) => (None, Some(tree.iter())),
        };
        let small = small.into_iter().flatten().map(|(key, value)| (key, value));
        small.chain(large.into_iter().flatten().map(|(key, value)| (&key.0, value)))
    }

    /// Whether somebody else holds it too.
    pub(super) fn is_shared(&self) -> bool {
        match self {
            Map::Small(entries) => Rc::strong_count(entries) > 1,
            Map::Large(tree) => Rc::strong_count(tree) > 1,
        }
    }

    /// Hands over each place of a map that nobody else holds, and that is about to be dropped.
    pub(super) fn take_values(&mut self, mut take: impl FnMut(&mut Term)) {
        match self {
            Map::Small(entries) => {
                if let Some(entries) = Rc::get_mut(entries) {
                    for (key, value) in &mut entries.0 {
                        take(key);
                        take(value);
                    }
                }
            }
            Map::Large(tree) => {
                if let Some(tree) = Rc::get_mut(tree) {
                    let values: Vec<Term> = tree.values().cloned().collect();
                    *tree = RedBlackTreeMap::new();
                    for mut value in values {
                        take(&mut value);
                    }
                }
            }
        }
    }

    /// Whether both are the same map in memory.
    pub(super) fn is_same(&self, other: &Map) -> bool {
        match (self, other) {
            (Map::Small(a), Map::Small(b)) => Rc::ptr_eq(a, b),
            (Map::Large(a), Map::Large(b)) => Rc::ptr_eq(a, b),
            (Map::Small(_), Map::Large(_)) | (Map::Large(_), Map::Small(_)) => false,
        }
    }
}

impl FromIterator<(Term, Term)> for Map {
    fn from_iter<T: IntoIterator<Item = (Term, Term)>>(entries: T) -> Map {
        let mut map = Map::default();
        for (key, value) in entries {
            map.put(key, value);
        }
        map
    }
}
