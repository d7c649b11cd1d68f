//! Tables of Erlang's `ets`: state that processes share, as part of the world.
//!
//! Every function is one step of the kernel, so that others can come between any two of them. Where the BEAM orders
//! the rows of a table by a hash of their keys (`set`, `bag`, `duplicate_bag`), they are in the order of their keys
//! here, which is one of the orders that a program has to expect, and always the same.
//!
//! `table.rs` is one table, `spec.rs` match specifications, `faults.rs` what is said about wrong arguments. Here stands
//! which tables there are, who may use them, and what becomes of them when their owner ends.

// An argument of a type that a function is not made for is an error like any other.
#![allow(clippy::wildcard_enum_match_arm)]

mod counters;
mod faults;
mod info;
mod options;
mod search;
mod sketch;
mod spec;
mod table;

use std::rc::Rc;

use rpds::{RedBlackTreeMap, RedBlackTreeSet};

pub(crate) use faults::of_function as fault_of;

use self::table::{Kind, Protection, Table};
use super::atom::{self, Atom};
use super::term::{TRUE, Term, list};
use crate::kernel::{Name, Performed, Pid, Reference, Region, Shared, Touch};

/// What a process asks for: a function of `ets` and its arguments.
#[derive(Clone, Debug)]
pub struct Request {
    /// The function.
    pub function: Atom,
    /// Its arguments.
    pub arguments: Vec<Term>,
    /// The identifier of the table that this makes, if it makes one.
    pub fresh: Option<Reference>,
    /// How many bytes all tables together may hold.
    pub room: u64,
}

/// Why a request fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// There is no such table.
    Table,
    /// The process may not do this with the table.
    Access,
    /// It cannot be done with tables of this type.
    Kind,
    /// There is no such key.
    Key,
    /// There is no such position in a row.
    Position,
    /// What is in this position is not an integer.
    NotInteger,
    /// The position is that of the key.
    KeyPosition,
    /// There is a table of that name.
    NameTaken,
    /// A match specification, a continuation, options or a process that cannot be used.
    Argument,
    /// The table is that process's own.
    Owner,
    /// That process is dead.
    Dead,
    /// There is nothing more to be said.
    Unexplained,
}

/// What a process is told.
#[derive(Clone, Debug)]
pub enum Answer {
    /// What the function gives.
    Value(Term),
    /// It fails.
    Failed(Cause),
    /// The tables would hold more than they may.
    Full,
}

/// All tables of a world.
#[derive(Clone, Default)]
pub struct Tables {
    tables: RedBlackTreeMap<u64, Rc<Table>>,
    /// The tables that are known by a name, by the number of its atom.
    names: RedBlackTreeMap<u32, u64>,
    owners: RedBlackTreeSet<(Pid, u64)>,
    bytes: u64,
}

type Result<T = Term> = std::result::Result<T, Cause>;

/// A message and to whom it goes.
type Gift = Option<(Pid, Term)>;

/// What a function does with a table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Nothing,
    Reads,
    Writes,
    /// Also what it is known by, or who owns it.
    Changes,
}

fn use_of(function: Atom) -> Use {
    match function.text() {
        "new" | "delete" | "rename" | "all" | "whereis" => Use::Changes,
        "give_away" | "setopts" => Use::Changes,
        "insert" | "insert_new" | "delete_object" | "delete_all_objects" | "update_counter"
        | "update_element" | "take" | "match_delete" | "select_delete" | "select_replace"
        | "safe_fixtable" => Use::Writes,
        "test_ms" | "match_spec_compile" | "is_compiled_ms" => Use::Nothing,
        _ => Use::Reads,
    }
}

impl Tables {
    fn find(&self, term: &Term) -> Option<u64> {
        match term {
            Term::Atom(name) => self.names.get(&name.number()).copied(),
            Term::Reference(id) => Some(id.number()).filter(|id| self.tables.contains_key(id)),
            _ => None,
        }
    }

    /// The table that a process wants to read.
    fn readable(&self, by: Pid, term: &Term) -> Result<&Table> {
        let table = self.find(term).and_then(|id| self.tables.get(&id)).ok_or(Cause::Table)?;
        if table.protection == Protection::Private && table.owner != by {
            return Err(Cause::Access);
        }
        Ok(table)
    }

    /// The table that a process wants to change.
    fn writable(&mut self, by: Pid, term: &Term) -> Result<&mut Table> {
        let id = self.find(term).ok_or(Cause::Table)?;
        let table = self.tables.get_mut(&id).map(Rc::make_mut).ok_or(Cause::Table)?;
        if table.protection != Protection::Public && table.owner != by {
            return Err(Cause::Access);
        }
        Ok(table)
    }

    /// Changes a table, and counts what it holds then.
    fn change<T>(&mut self, by: Pid, term: &Term, change: impl FnOnce(&mut Table) -> Result<T>) -> Result<T> {
        let table = self.writable(by, term)?;
        let before = table.bytes;
        let result = change(table);
        let after = table.bytes;
        self.bytes = (self.bytes + after).saturating_sub(before);
        result
    }

    /// The table that a process owns.
    fn owned(&mut self, by: Pid, term: &Term) -> Result<(u64, &mut Table)> {
        let id = self.find(term).ok_or(Cause::Table)?;
        let table = self.tables.get_mut(&id).map(Rc::make_mut).ok_or(Cause::Table)?;
        if table.owner == by { Ok((id, table)) } else { Err(Cause::Access) }
    }

    fn create(&mut self, by: Pid, id: Reference, name: &Term, given: &Term) -> Result {
        let name = name.as_atom().ok_or(Cause::Argument)?;
        let table = options::table(by, id, name, given).ok_or(Cause::Argument)?;
        let named = table.named;
        if named {
            if self.names.contains_key(&name.number()) {
                return Err(Cause::NameTaken);
            }
            self.names.insert_mut(name.number(), id.number());
        }
        self.tables.insert_mut(id.number(), Rc::new(table));
        self.owners.insert_mut((by, id.number()));
        Ok(if named { Term::Atom(name) } else { Term::Reference(id) })
    }

    fn drop_table(&mut self, id: u64) {
        let Some(table) = self.tables.get(&id).cloned() else { return };
        if table.named {
            self.names.remove_mut(&table.name.number());
        }
        self.owners.remove_mut(&(table.owner, id));
        self.bytes = self.bytes.saturating_sub(table.bytes);
        self.tables.remove_mut(&id);
    }

    fn rename(&mut self, by: Pid, term: &Term, name: &Term) -> Result {
        let id = self.find(term).ok_or(Cause::Table)?;
        let name = name.as_atom().ok_or(Cause::Argument)?;
        let known = self.names.contains_key(&name.number());
        let table = self.writable(by, term)?;
        if !table.named {
            table.name = name;
            return Ok(term.clone());
        }
        if known {
            return Err(Cause::NameTaken);
        }
        let before = std::mem::replace(&mut table.name, name);
        self.names.remove_mut(&before.number());
        self.names.insert_mut(name.number(), id);
        Ok(Term::Atom(name))
    }

    fn hand_over(&mut self, id: u64, to: Pid, data: Term) -> Gift {
        let table = self.tables.get_mut(&id).map(Rc::make_mut)?;
        let from = std::mem::replace(&mut table.owner, to);
        let what = table.identifier();
        self.owners.remove_mut(&(from, id));
        self.owners.insert_mut((to, id));
        let parts = [Term::Atom(Atom::new("ETS-TRANSFER")), what, Term::Pid(from), data];
        Some((to, Term::tuple(parts)))
    }

    fn give_away(&mut self, by: Pid, arguments: &[Term], lives: &dyn Fn(Pid) -> bool) -> Result<Gift> {
        let [table, to, data] = arguments else { return Err(Cause::Argument) };
        let Term::Pid(to) = *to else { return Err(Cause::Argument) };
        let (id, _) = self.owned(by, table)?;
        if to == by {
            return Err(Cause::Owner);
        }
        if !lives(to) {
            return Err(Cause::Dead);
        }
        Ok(self.hand_over(id, to, data.clone()))
    }

    fn set_options(&mut self, by: Pid, table: &Term, given: &Term) -> Result {
        let (_, table) = self.owned(by, table)?;
        let given = match given {
            Term::Tuple(_) => vec![given.clone()],
            other => other.as_list().ok_or(Cause::Argument)?,
        };
        for option in &given {
            table.heir = options::heir(option).ok_or(Cause::Argument)?;
        }
        Ok(TRUE)
    }

    fn answer(&mut self, by: Pid, request: &Request, lives: &dyn Fn(Pid) -> bool) -> (Result, Gift) {
        if request.function.text() == "give_away" {
            return match self.give_away(by, &request.arguments, lives) {
                Ok(gift) => (Ok(TRUE), gift),
                Err(cause) => (Err(cause), None),
            };
        }
        (self.value(by, request), None)
    }

    fn value(&mut self, by: Pid, request: &Request) -> Result {
        let arguments = request.arguments.as_slice();
        match (request.function.text(), arguments) {
            ("new", [name, given]) => {
                let id = request.fresh.ok_or(Cause::Argument)?;
                self.create(by, id, name, given)
            }
            ("all", []) => Ok(list(self.tables.values().map(|table| table.identifier()))),
            ("whereis", [Term::Atom(name)]) => Ok(self
                .names
                .get(&name.number())
                .and_then(|id| self.tables.get(id))
                .map_or(Term::Atom(atom::UNDEFINED), |table| Term::Reference(table.id))),
            ("info", [table]) => match self.find(table).and_then(|id| self.tables.get(&id)) {
                Some(table) => Ok(info::all(table)),
                None => faults::identifier(table).map(|()| Term::Atom(atom::UNDEFINED)),
            },
            ("info", [table, item]) => match self.find(table).and_then(|id| self.tables.get(&id)) {
                Some(table) => info::item(table, item.as_atom().ok_or(Cause::Argument)?),
                None => faults::identifier(table).map(|()| Term::Atom(atom::UNDEFINED)),
            },
            ("delete", [table]) => {
                self.writable(by, table)?;
                if let Some(id) = self.find(table) {
                    self.drop_table(id);
                }
                Ok(TRUE)
            }
            ("rename", [table, name]) => self.rename(by, table, name),
            ("setopts", [table, given]) => self.set_options(by, table, given),
            ("test_ms", [row, specification]) => {
                let specification = spec::Specification::read(specification, by).ok_or(Cause::Argument)?;
                let found = specification.run(row).unwrap_or(Term::boolean(false));
                Ok(Term::ok(found))
            }
            ("match_spec_compile", [specification]) => {
                spec::Specification::read(specification, by).ok_or(Cause::Argument)?;
                Ok(specification.clone())
            }
            ("match_spec_run", [rows, specification]) => {
                let specification = spec::Specification::read(specification, by).ok_or(Cause::Argument)?;
                Ok(list(rows.elements().filter_map(|row| specification.run(row))))
            }
            // What was read of a table before says where to go on.
            ("select" | "select_reverse" | "match" | "match_object", [continuation]) => {
                if continuation.is_atom(Atom::new("$end_of_table")) {
                    return Ok(continuation.clone());
                }
                let going_on = search::Search::read(continuation, by).ok_or(Cause::Argument)?;
                let table = self.readable(by, &going_on.table)?;
                Ok(going_on.run(table))
            }
            ("select" | "select_reverse" | "match" | "match_object", [table, given, rest @ ..]) => {
                let found = self.readable(by, table)?;
                let search =
                    search::Search::new(request.function, table, given, rest, by).ok_or(Cause::Argument)?;
                Ok(search.run(found))
            }
            ("tab2list", [table]) => Ok(self.readable(by, table)?.rows_in_order()),
            ("select_count", [table, given]) => {
                let table = self.readable(by, table)?;
                let specification = spec::Specification::read(given, by).ok_or(Cause::Argument)?;
                let holds =
                    |row: &&Term| specification.run(row).is_some_and(|value| value.is_atom(atom::TRUE));
                Ok(Term::Int(table.rows().filter(holds).count() as i64))
            }
            ("select_delete", [table, given]) => {
                self.writable(by, table)?;
                let specification = spec::Specification::read(given, by).ok_or(Cause::Argument)?;
                self.change(by, table, |table| Ok(Term::Int(table.delete_where(&specification))))
            }
            ("match_delete", [table, pattern]) => {
                self.writable(by, table)?;
                let specification = spec::Specification::deleting(pattern, by).ok_or(Cause::Argument)?;
                self.change(by, table, |table| {
                    table.delete_where(&specification);
                    Ok(TRUE)
                })
            }
            ("select_replace", [table, given]) => {
                if matches!(self.writable(by, table)?.kind, Kind::Bag) {
                    return Err(Cause::Kind);
                }
                let specification = spec::Specification::read(given, by).ok_or(Cause::Argument)?;
                self.change(by, table, |table| table.replace_where(&specification).map(Term::Int))
            }
            ("insert", [table, rows]) => {
                self.writable(by, table)?;
                let rows = faults::rows(rows)?;
                self.change(by, table, |table| table.insert_all(rows).map(|()| TRUE))
            }
            ("insert_new", [table, rows]) => {
                self.writable(by, table)?;
                let rows = faults::rows(rows)?;
                self.change(by, table, |table| table.insert_new(rows).map(Term::boolean))
            }
            ("lookup", [table, key]) => Ok(list(self.readable(by, table)?.at(key).iter().cloned())),
            ("lookup_element", [table, key, position]) => {
                let table = self.readable(by, table)?;
                let position = faults::position(position)?;
                table.element(key, position)
            }
            ("member", [table, key]) => Ok(Term::boolean(!self.readable(by, table)?.at(key).is_empty())),
            ("delete", [table, key]) => self.change(by, table, |table| {
                table.remove(key);
                Ok(TRUE)
            }),
            ("take", [table, key]) => {
                self.change(by, table, |table| Ok(list(table.remove(key).iter().cloned())))
            }
            ("delete_object", [table, row]) => {
                self.change(by, table, |table| table.delete_row(row).map(|()| TRUE))
            }
            ("delete_all_objects", [table]) => self.change(by, table, |table| {
                table.clear();
                Ok(TRUE)
            }),
            ("first", [table]) => Ok(table::key_or_end(self.readable(by, table)?.first())),
            ("last", [table]) => Ok(table::key_or_end(self.readable(by, table)?.last())),
            ("next", [table, key]) => self.readable(by, table)?.next(key).map(table::key_or_end),
            ("prev", [table, key]) => self.readable(by, table)?.prev(key).map(table::key_or_end),
            ("slot", [table, number]) => self.readable(by, table)?.slot(number),
            ("safe_fixtable", [table, Term::Atom(on @ (atom::TRUE | atom::FALSE))]) => {
                self.readable(by, table)?;
                if let Some(table) = self.find(table).and_then(|id| self.tables.get_mut(&id)) {
                    let table = Rc::make_mut(table);
                    table.fixed =
                        if *on == atom::TRUE { table.fixed + 1 } else { table.fixed.saturating_sub(1) };
                }
                Ok(TRUE)
            }
            ("update_element", [table, key, changes]) => {
                self.writable(by, table)?;
                let changes = counters::elements(changes)?;
                self.change(by, table, |table| table.update_elements(key, &changes).map(Term::boolean))
            }
            ("update_counter", [table, key, changes]) => {
                self.writable(by, table)?;
                self.change(by, table, |table| table.count(key, changes, None))
            }
            ("update_counter", [table, key, changes, default]) => {
                self.writable(by, table)?;
                self.change(by, table, |table| table.count(key, changes, Some(default)))
            }
            ("safe_fixtable" | "whereis", [table, ..]) => {
                self.readable(by, table)?;
                Err(Cause::Argument)
            }
            _ => Err(Cause::Unexplained),
        }
    }

    /// What a name or an identifier means now.
    fn regions(&self, term: &Term, use_: Use) -> Vec<Touch> {
        let mut touches = Vec::new();
        let touch = |region, writes| Touch { region, writes };
        let id = self.find(term);
        if let Term::Atom(name) = term {
            touches.push(touch(Region::Name(Name::from(name.text())), use_ == Use::Changes));
        } else if use_ == Use::Changes
            && let Some(table) = id.and_then(|id| self.tables.get(&id))
            && table.named
        {
            touches.push(touch(Region::Name(Name::from(table.name.text())), true));
        }
        if let Some(id) = id {
            touches.push(touch(Region::Part(id), use_ >= Use::Writes));
        } else if let Term::Reference(id) = term {
            touches.push(touch(Region::Part(id.number()), use_ >= Use::Writes));
        }
        touches
    }
}

impl Shared<Term> for Tables {
    type Request = Request;
    type Answer = Answer;

    fn touches(&self, request: &Request) -> Vec<Touch> {
        let use_ = use_of(request.function);
        match (request.function.text(), request.arguments.as_slice()) {
            ("all", _) => vec![Touch::read(Region::Whole)],
            ("new", [Term::Atom(name), given]) => {
                let mut touches = Vec::new();
                if given.elements().any(|option| option.is_atom(options::named())) {
                    touches.push(Touch::write(Region::Name(Name::from(name.text()))));
                }
                touches.extend(request.fresh.map(|id| Touch::write(Region::Part(id.number()))));
                touches
            }
            ("whereis", [Term::Atom(name)]) => vec![Touch::read(Region::Name(Name::from(name.text())))],
            // A table, or a key in one.
            ("delete", [table, _]) => self.regions(table, Use::Writes),
            ("give_away", [table, Term::Pid(to), _]) => {
                let mut touches = self.regions(table, use_);
                touches.push(Touch::write(Region::Mailbox(*to)));
                touches
            }
            ("rename", [table, Term::Atom(name)]) => {
                let mut touches = self.regions(table, use_);
                touches.push(Touch::write(Region::Name(Name::from(name.text()))));
                touches
            }
            ("select" | "select_reverse" | "match" | "match_object", [continuation]) => {
                match continuation.as_tuple().and_then(<[Term]>::first) {
                    Some(table) => self.regions(table, Use::Reads),
                    None => Vec::new(),
                }
            }
            ("match_spec_run", _) => Vec::new(),
            (_, [table, ..]) if use_ != Use::Nothing => self.regions(table, use_),
            _ => Vec::new(),
        }
    }

    fn perform(&mut self, by: Pid, request: Request, lives: &dyn Fn(Pid) -> bool) -> Performed<Answer, Term> {
        let (result, gift) = self.answer(by, &request, lives);
        let answer = match result {
            _ if self.bytes > request.room => Answer::Full,
            Ok(value) => Answer::Value(value),
            Err(cause) => Answer::Failed(cause),
        };
        Performed { answer, sends: gift.into_iter().collect() }
    }

    fn is_indifferent(&self, pid: Pid) -> bool {
        self.owners.is_empty() || self.owned_by(pid).next().is_none()
    }

    fn touched_by_end(&self, pid: Pid) -> Vec<Touch> {
        let tables = self.owned_by(pid).filter_map(|id| self.tables.get(&id));
        let touched = |table: &Rc<Table>| {
            let mut touches = self.regions(&table.identifier(), Use::Changes);
            touches.extend(table.heir.iter().map(|(heir, _)| Touch::write(Region::Mailbox(*heir))));
            touches
        };
        tables.flat_map(touched).collect()
    }

    fn end(&mut self, pid: Pid, lives: &dyn Fn(Pid) -> bool) -> Vec<(Pid, Term)> {
        let mut gifts = Vec::new();
        for id in self.owned_by(pid).collect::<Vec<_>>() {
            let heir = self.tables.get(&id).and_then(|table| table.heir.clone());
            match heir.filter(|(heir, _)| *heir != pid && lives(*heir)) {
                Some((heir, data)) => gifts.extend(self.hand_over(id, heir, data)),
                None => self.drop_table(id),
            }
        }
        gifts
    }

    fn show_request(request: &Request) -> String {
        use super::vm::show;
        let arguments: Vec<String> = request.arguments.iter().map(show).collect();
        format!("ets {} {}", request.function, arguments.join(", "))
    }

    fn show_answer(answer: &Answer) -> Option<String> {
        match answer {
            Answer::Value(Term::Atom(atom::TRUE)) => None,
            Answer::Value(value) => Some(super::vm::show(value)),
            Answer::Failed(_) => Some("an ArgumentError".to_owned()),
            Answer::Full => Some("more than there is room for".to_owned()),
        }
    }
}

impl Tables {
    fn owned_by(&self, pid: Pid) -> impl Iterator<Item = u64> + '_ {
        self.owners.range((pid, 0)..=(pid, u64::MAX)).map(|(_, id)| *id)
    }
}
