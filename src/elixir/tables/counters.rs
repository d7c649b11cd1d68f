//! `update_counter` and `update_element`: changes within one row.

use num_bigint::BigInt;

use super::table::{Kind, Table};
use super::{Cause, Result};
use crate::elixir::term::{Term, Tuple, list};

/// `{position, value}`, or a list of them, with positions counted from 0.
pub(super) fn elements(changes: &Term) -> Result<Vec<(usize, Term)>> {
    let changes = match changes {
        Term::Tuple(_) => vec![changes.clone()],
        other => other.as_list().ok_or(Cause::Argument)?,
    };
    let pair = |change: &Term| match change.as_tuple() {
        Some([Term::Int(position), value]) => {
            let position = usize::try_from(*position).ok().and_then(|position| position.checked_sub(1));
            Ok((position.ok_or(Cause::Position)?, value.clone()))
        }
        _ => Err(Cause::Argument),
    };
    changes.iter().map(pair).collect()
}

/// What is added to one position of a row.
struct Count {
    position: usize,
    by: BigInt,
    /// From where on the value starts again, and with what.
    limit: Option<(BigInt, BigInt)>,
}

impl Count {
    /// `amount`, `{position, amount}`, or `{position, amount, threshold, start}`.
    fn read(term: &Term, after_key: usize) -> Result<Count> {
        if let Some(by) = term.as_big() {
            return Ok(Count { position: after_key, by, limit: None });
        }
        let (position, by, limit) = match term.as_tuple() {
            Some([position, by]) => (position, by, None),
            Some([position, by, threshold, start]) => {
                let limit = threshold.as_big().zip(start.as_big()).ok_or(Cause::Argument)?;
                (position, by, Some(limit))
            }
            _ => return Err(Cause::Argument),
        };
        let by = by.as_big().ok_or(Cause::Argument)?;
        let position = position.as_int().ok_or(Cause::Argument)?;
        let position = usize::try_from(position).ok().and_then(|position| position.checked_sub(1));
        Ok(Count { position: position.ok_or(Cause::Position)?, by, limit })
    }

    fn add(&self, value: &Term) -> Result {
        let sum = value.as_big().ok_or(Cause::NotInteger)? + &self.by;
        let zero = BigInt::from(0);
        Ok(Term::integer(match &self.limit {
            Some((threshold, start)) if self.by < zero && sum < *threshold => start.clone(),
            Some((threshold, start)) if self.by >= zero && sum > *threshold => start.clone(),
            _ => sum,
        }))
    }
}

impl Table {
    fn is_set(&self) -> Result<()> {
        if matches!(self.kind, Kind::Set | Kind::OrderedSet) { Ok(()) } else { Err(Cause::Kind) }
    }

    /// Changes positions of the row with a key. Returns whether there is one.
    pub(super) fn update_elements(&mut self, key: &Term, changes: &[(usize, Term)]) -> Result<bool> {
        self.is_set()?;
        if changes.iter().any(|(position, _)| *position == self.key) {
            return Err(Cause::KeyPosition);
        }
        let Some(row) = self.at(key).first() else { return Ok(false) };
        let mut items = row.as_tuple().unwrap_or_default().to_vec();
        for (position, value) in changes {
            *items.get_mut(*position).ok_or(Cause::Position)? = value.clone();
        }
        self.replace(key, Term::Tuple(Tuple::from_iter(items)));
        Ok(true)
    }

    /// Adds to positions of the row with a key, or of a default row that gets this key.
    pub(super) fn count(&mut self, key: &Term, changes: &Term, default: Option<&Term>) -> Result {
        self.is_set()?;
        let (counts, several) = match changes {
            Term::List(_) | Term::Empty => (changes.as_list().ok_or(Cause::Argument)?, true),
            one => (vec![one.clone()], false),
        };
        let row = match (self.at(key).first(), default) {
            (Some(row), _) => row.clone(),
            (None, Some(Term::Tuple(row))) => {
                let mut items = row.items().to_vec();
                *items.get_mut(self.key).ok_or(Cause::Unexplained)? = key.clone();
                Term::Tuple(Tuple::from_iter(items))
            }
            (None, Some(_)) => return Err(Cause::Argument),
            (None, None) => return Err(Cause::Key),
        };
        let mut items = row.as_tuple().unwrap_or_default().to_vec();
        let mut results = Vec::new();
        for count in &counts {
            let count = Count::read(count, self.key + 1)?;
            if count.position == self.key {
                return Err(Cause::KeyPosition);
            }
            let place = items.get_mut(count.position).ok_or(Cause::Position)?;
            *place = count.add(place)?;
            results.push(place.clone());
        }
        let row = Term::Tuple(Tuple::from_iter(items));
        if self.at(key).is_empty() {
            self.insert_all(vec![row])?;
        } else {
            self.replace(key, row);
        }
        Ok(match results.pop() {
            Some(result) if !several => result,
            last => list(results.into_iter().chain(last)),
        })
    }
}
