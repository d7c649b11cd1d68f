//! The options of `:ets.new` and `:ets.setopts`.

use rpds::RedBlackTreeMap;

use super::table::{Kind, Protection, Table};
use crate::elixir::atom::{self, Atom};
use crate::elixir::term::{FALSE, Term};
use crate::kernel::{Pid, Reference};

/// The option that makes a table known by its name.
pub(super) fn named() -> Atom {
    Atom::new("named_table")
}

/// A table with these options. Nothing if one of them is not an option.
pub(super) fn table(owner: Pid, id: Reference, name: Atom, given: &Term) -> Option<Table> {
    let mut table = Table {
        id,
        name,
        named: false,
        kind: Kind::Set,
        protection: Protection::Protected,
        key: 0,
        owner,
        heir: None,
        read_concurrency: FALSE,
        write_concurrency: FALSE,
        decentralized_counters: false,
        compressed: false,
        fixed: 0,
        rows: RedBlackTreeMap::new(),
        size: 0,
        bytes: 0,
    };
    for option in given.as_list()? {
        match &option {
            Term::Atom(flag) => match flag.text() {
                "set" => table.kind = Kind::Set,
                "ordered_set" => table.kind = Kind::OrderedSet,
                "bag" => table.kind = Kind::Bag,
                "duplicate_bag" => table.kind = Kind::DuplicateBag,
                "public" => table.protection = Protection::Public,
                "protected" => table.protection = Protection::Protected,
                "private" => table.protection = Protection::Private,
                "named_table" => table.named = true,
                "compressed" => table.compressed = true,
                _ => return None,
            },
            option => match option.as_tuple()? {
                [Term::Atom(name), value] if name.text() == "keypos" => {
                    table.key = usize::try_from(value.as_int()?).ok()?.checked_sub(1)?;
                }
                [Term::Atom(name), value @ Term::Atom(flag)] => match (name.text(), *flag) {
                    ("heir", _) => table.heir = heir(option)?,
                    ("read_concurrency", atom::TRUE | atom::FALSE) => table.read_concurrency = value.clone(),
                    ("write_concurrency", atom::TRUE | atom::FALSE) => {
                        table.write_concurrency = value.clone()
                    }
                    ("write_concurrency", other) if other.text() == "auto" => {
                        table.write_concurrency = value.clone();
                        table.decentralized_counters = true;
                    }
                    ("decentralized_counters", flag @ (atom::TRUE | atom::FALSE)) => {
                        table.decentralized_counters = flag == atom::TRUE;
                    }
                    _ => return None,
                },
                _ => table.heir = heir(option)?,
            },
        }
    }
    Some(table)
}

/// Who gets a table, as `{:heir, pid, data}` or `{:heir, :none}` says. Nothing if it is neither.
pub(super) fn heir(option: &Term) -> Option<Option<(Pid, Term)>> {
    match option.as_tuple()? {
        [Term::Atom(name), Term::Pid(heir), data] if name.text() == "heir" => {
            Some(Some((*heir, data.clone())))
        }
        [Term::Atom(name), Term::Atom(none)] if name.text() == "heir" && none.text() == "none" => Some(None),
        _ => None,
    }
}
