//! What `:ets.info` tells.

use super::table::{Kind, Protection, Table};
use super::{Cause, Result};
use crate::elixir::atom::{self, Atom};
use crate::elixir::term::{Term, list};

/// What is told if no item is asked for.
const ITEMS: [&str; 15] = [
    "id",
    "decentralized_counters",
    "read_concurrency",
    "write_concurrency",
    "compressed",
    "memory",
    "owner",
    "heir",
    "name",
    "size",
    "node",
    "named_table",
    "type",
    "keypos",
    "protection",
];

pub(super) fn all(table: &Table) -> Term {
    let items = ITEMS.iter().filter_map(|name| {
        let value = value(table, name)?;
        Some(Term::tuple([Term::Atom(Atom::new(name)), value]))
    });
    list(items)
}

pub(super) fn item(table: &Table, name: Atom) -> Result {
    value(table, name.text()).ok_or(Cause::Argument)
}

fn value(table: &Table, name: &str) -> Option<Term> {
    let atom = |text: &str| Term::Atom(Atom::new(text));
    Some(match name {
        "id" => Term::Reference(table.id),
        "decentralized_counters" => Term::boolean(table.decentralized_counters),
        "read_concurrency" => table.read_concurrency.clone(),
        "write_concurrency" => table.write_concurrency.clone(),
        "compressed" => Term::boolean(table.compressed),
        // In words, as on the BEAM.
        "memory" => Term::Int(i64::try_from(table.bytes / 8).unwrap_or(i64::MAX).saturating_add(300)),
        "owner" => Term::Pid(table.owner),
        "heir" => table.heir.as_ref().map_or_else(|| atom("none"), |(heir, _)| Term::Pid(*heir)),
        "name" => Term::Atom(table.name),
        "size" => Term::Int(table.size as i64),
        "node" => Term::Atom(atom::NONODE),
        "named_table" => Term::boolean(table.named),
        "type" => atom(match table.kind {
            Kind::Set => "set",
            Kind::OrderedSet => "ordered_set",
            Kind::Bag => "bag",
            Kind::DuplicateBag => "duplicate_bag",
        }),
        "keypos" => Term::Int(table.key as i64 + 1),
        "protection" => atom(match table.protection {
            Protection::Public => "public",
            Protection::Protected => "protected",
            Protection::Private => "private",
        }),
        "fixed" => Term::boolean(table.fixed > 0),
        _ => return None,
    })
}
