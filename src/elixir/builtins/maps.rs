//! `:maps`

use super::args::{self, Outcome, take};
use super::{Raised, atom};
use crate::elixir::term::{Map, Term, list, told_keys};

table! { "maps", context:
    "new"() => Ok(Term::Map(Map::default()));
    "get"(key, map) => get(key, map);
    "get"(key, map, default) => Ok(args::map(map)?.get(key).cloned().unwrap_or_else(|| take(default)));
    "find"(key, map) => Ok(args::map(map)?.get(key).cloned().map_or(Term::Atom(atom::ERROR), Term::ok));
    "is_key"(key, map) => Ok(Term::boolean(args::map(map)?.get(key).is_some()));
    "size"(map) => Ok(args::size(args::map(map)?.len()));
    "keys"(map) => Ok(list(listed(args::map(map)?).iter().map(|(key, _)| key.clone())));
    "values"(map) => Ok(list(listed(args::map(map)?).iter().map(|(_, value)| value.clone())));
    "to_list"(map) => Ok(to_list(args::map(map)?));
    "put"(key, value, map) => {
        let mut map = owned(map)?;
        map.put(take(key), take(value));
        Ok(Term::Map(map))
    };
    "update"(key, value, map) => {
        if args::map(map)?.get(key).is_none() { return Err(Raised::with(atom::BADKEY, take(key))) }
        let mut map = owned(map)?;
        map.put(take(key), take(value));
        Ok(Term::Map(map))
    };
    "remove"(key, map) => {
        let mut map = owned(map)?;
        map.remove(key);
        Ok(Term::Map(map))
    };
    "take"(key, map) => {
        let mut map = owned(map)?;
        Ok(match map.remove(key) {
            Some(value) => Term::tuple([value, Term::Map(map)]),
            None => Term::Atom(atom::ERROR),
        })
    };
    "merge"(a, b) => merge(a, b);
    "with"(keys, map) => {
        let map = args::map(map)?;
        let pair = |key: &&Term| Some(((*key).clone(), map.get(key)?.clone()));
        let keys = args::visited(keys)?;
        Ok(Term::Map(keys.iter().filter_map(pair).collect()))
    };
    "without"(keys, map) => {
        args::map(map)?;
        let keys = args::visited(keys)?;
        let mut map = owned(map)?;
        for key in keys { map.remove(key); }
        Ok(Term::Map(map))
    };
    "from_list"(pairs) => from_list(pairs);
    "from_keys"(keys, value) => Ok(Term::Map(args::list(keys)?.into_iter().map(|key| (key, value.clone())).collect()));
}

/// `:maps.get/2`
pub(super) fn get(key: &Term, map: &Term) -> Outcome {
    args::map(map)?.get(key).cloned().ok_or_else(|| Raised::with(atom::BADKEY, key.clone()))
}

/// The map in a place, to be changed.
fn owned(place: &mut Term) -> Result<Map, Raised> {
    args::map(place)?;
    if let Term::Map(map) = take(place) { Ok(map) } else { Err(Raised::badarg()) }
}

/// A map whose entries are going to be told in their order.
fn listed(map: &Map) -> &Map {
    told_keys(map);
    map
}

/// Its pairs of keys and values.
pub(super) fn to_list(map: &Map) -> Term {
    list(listed(map).iter().map(|(key, value)| Term::tuple([key.clone(), value.clone()])))
}

/// Both maps together; the values of the second one win. The smaller one is put into the larger one.
fn merge(a: &mut Term, b: &mut Term) -> Outcome {
    args::map(a)?;
    args::map(b)?;
    let (mut into, from) = (owned(a)?, owned(b)?);
    if into.len() >= from.len() {
        for (key, value) in from.iter() {
            into.put(key.clone(), value.clone());
        }
        return Ok(Term::Map(into));
    }
    let mut result = from;
    for (key, value) in into.iter() {
        if result.get(key).is_none() {
            result.put(key.clone(), value.clone());
        }
    }
    Ok(Term::Map(result))
}

fn from_list(pairs: &Term) -> Outcome {
    let mut map = Map::default();
    for pair in args::elements(pairs)? {
        let [key, value] = args::tuple(pair)? else { return Err(Raised::badarg()) };
        map.put(key.clone(), value.clone());
    }
    Ok(Term::Map(map))
}
