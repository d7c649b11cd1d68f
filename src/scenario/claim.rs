//! The language of claims.
//!
//! ```text
//! claim  = claim "or" claim | claim "and" claim | "not" claim | "(" claim ")" | one
//! one    = "never" event                    no such event happens
//!        | "eventually" event               at least one such event happens
//!        | event "always before" event      before each event of the second kind there was one of the first
//!        | "all" event "before any" event   no event of the first kind comes after one of the second
//!        | event "leads to" event           after each event of the first kind there comes one of the second
//!        | "count(" event ")" op number     at the end, so many have happened; op is == != < <= > >=
//!        | "no deadlock" | "no crash" | "no early exit" | "no unread messages"
//! event  = received(WHO, PATTERN) | sent(WHO, PATTERN) | output(TEXT) | output(WHO, TEXT) | crash(WHO) | crash(PATTERN)
//!        | exited(WHO, PATTERN) | spawned(WHO) | halted()
//! ```
//!
//! PATTERN is a pattern of Elixir, with a guard after `when` if need be. TEXT is a string, which is one whole line of what is written, or a
//! regular expression `~r/…/`; a pid in it reads `#PID<0.0.0>`, whichever it is. WHO is `_` (anybody), `main`, a registered name (`:server`), the function that the process runs
//! when it happens (`PubSub.loop/1`), or a variable that got its pid where it was spawned (`server`, after `server = spawn(…)`).

use std::fmt;

use super::event::EventPattern;
use super::parse;

/// A claim about runs.
#[derive(Clone, Debug)]
pub struct Claim {
    pub(super) text: String,
    pub(super) formula: Formula,
    pub(super) ones: Vec<One>,
}

/// How claims are put together.
#[derive(Clone, Debug)]
pub(super) enum Formula {
    /// The claim with this number.
    One(usize),
    Not(Box<Formula>),
    And(Box<Formula>, Box<Formula>),
    Or(Box<Formula>, Box<Formula>),
}

/// How a number is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A claim that is not put together of others.
#[derive(Clone, Debug)]
pub(super) enum One {
    Never(EventPattern),
    Eventually(EventPattern),
    AlwaysBefore(EventPattern, EventPattern),
    AllBeforeAny(EventPattern, EventPattern),
    LeadsTo(EventPattern, EventPattern),
    Count(EventPattern, Relation, u64),
    NoDeadlock,
    NoEarlyExit,
    NoUnread,
}

/// A text that is no claim.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ClaimError {
    /// The text.
    pub text: String,
    /// Where in it: the first byte and the one after the last.
    pub place: (usize, usize),
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for ClaimError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = self.text.get(..self.place.0).unwrap_or_default();
        let marked = self.text.get(self.place.0..self.place.1).unwrap_or_default();
        let width = |text: &str| unicode_width::UnicodeWidthStr::width(text);
        write!(f, "{}\n  {}\n  ", self.what, self.text)?;
        write!(f, "{}{}", " ".repeat(width(before)), "^".repeat(width(marked).max(1)))
    }
}

impl Claim {
    /// Reads a claim.
    ///
    /// # Errors
    /// What is wrong with the text, and where.
    pub fn parse(text: &str) -> Result<Claim, ClaimError> {
        parse::claim(text)
    }

    /// The claim as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn patterns(&self) -> impl Iterator<Item = &EventPattern> {
        self.ones.iter().flat_map(One::events)
    }

    /// The events without which the claim says nothing.
    pub(super) fn premises(&self) -> impl Iterator<Item = &EventPattern> {
        self.ones.iter().flat_map(|one| match one {
            One::AlwaysBefore(_, event) | One::LeadsTo(event, _) => vec![event],
            One::AllBeforeAny(first, second) => vec![first, second],
            One::Never(_)
            | One::Eventually(_)
            | One::Count(..)
            | One::NoDeadlock
            | One::NoEarlyExit
            | One::NoUnread => Vec::new(),
        })
    }

    /// Whether it says that there is no early exit, and no more.
    pub(super) fn is_no_early_exit(&self) -> bool {
        matches!((&self.formula, self.ones.as_slice()), (Formula::One(_), [One::NoEarlyExit]))
    }

    /// Whether it speaks of nothing but what an outcome shows: what was written by whomever, crashes, and the end.
    pub(super) fn is_about_outcomes(&self) -> bool {
        self.ones.iter().all(|one| match one {
            One::Never(event) | One::Eventually(event) | One::Count(event, ..) => event.is_shown_by_outcome(),
            One::NoDeadlock => true,
            One::AlwaysBefore(..)
            | One::AllBeforeAny(..)
            | One::LeadsTo(..)
            | One::NoEarlyExit
            | One::NoUnread => false,
        })
    }
}

impl One {
    /// The events that it speaks of.
    fn events(&self) -> Vec<&EventPattern> {
        match self {
            One::Never(event) | One::Eventually(event) | One::Count(event, ..) => vec![event],
            One::AlwaysBefore(first, second)
            | One::AllBeforeAny(first, second)
            | One::LeadsTo(first, second) => vec![first, second],
            One::NoDeadlock | One::NoEarlyExit | One::NoUnread => Vec::new(),
        }
    }

    /// The same, to change them.
    pub(super) fn events_mut(&mut self) -> Vec<&mut EventPattern> {
        match self {
            One::Never(event) | One::Eventually(event) | One::Count(event, ..) => vec![event],
            One::AlwaysBefore(first, second)
            | One::AllBeforeAny(first, second)
            | One::LeadsTo(first, second) => vec![first, second],
            One::NoDeadlock | One::NoEarlyExit | One::NoUnread => Vec::new(),
        }
    }
}

impl Relation {
    pub(super) fn holds(self, left: u64, right: u64) -> bool {
        match self {
            Relation::Equal => left == right,
            Relation::NotEqual => left != right,
            Relation::Less => left < right,
            Relation::LessOrEqual => left <= right,
            Relation::Greater => left > right,
            Relation::GreaterOrEqual => left >= right,
        }
    }
}
