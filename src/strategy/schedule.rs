//! The list of choices that were made.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::kernel::Choice;

/// The list of choices that were made in a run, from its first step on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Schedule(Vec<Choice>);

impl Schedule {
    /// The choices, the first one first.
    #[must_use]
    pub fn choices(&self) -> &[Choice] {
        &self.0
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a choice at the end.
    #[inline]
    pub fn push(&mut self, choice: Choice) {
        self.0.push(choice);
    }

    /// How often the one who acts changes: steps that are made by another than the step before. Drawing a number
    /// belongs to the process that draws it.
    #[must_use]
    pub fn context_switches(&self) -> usize {
        let actors = self.0.iter().filter(|choice| !matches!(choice, Choice::Draw(_)));
        actors.clone().zip(actors.skip(1)).filter(|(before, after)| before != after).count()
    }
}

impl From<Vec<Choice>> for Schedule {
    fn from(choices: Vec<Choice>) -> Schedule {
        Schedule(choices)
    }
}

impl FromIterator<Choice> for Schedule {
    fn from_iter<I: IntoIterator<Item = Choice>>(choices: I) -> Schedule {
        Schedule(choices.into_iter().collect())
    }
}

/// One choice a line.
impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (step, choice) in self.0.iter().enumerate() {
            writeln!(f, "{step:4}  {choice}")?;
        }
        Ok(())
    }
}
