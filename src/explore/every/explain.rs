//! Why a run went wrong: the step after which nothing could help any more, and what should have come before it.

use super::dependence::Footprint;
use crate::kernel::Choice;
use crate::strategy::Schedule;
use crate::trace::Trace;

/// Why a run went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Explanation {
    /// Whatever happens, the claim is broken: it is not a matter of ordering.
    Always,
    /// It is known where it was decided.
    Decided(Decision),
    /// It could not be found out: there are too many states, or runs that never end.
    Unknown,
}

/// Where it was decided that a run goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The point of no return: before this step of the run, counted from 0, the claim could still be kept, after it never.
    pub fatal: usize,
    /// A run that is the same up to there, goes on otherwise, and keeps the claim.
    pub kept: Schedule,
    /// The steps of that run, counted from 0, that have to come before the fatal one: then it does no harm. One alone is the other
    /// half of the critical race. They and the fatal step touch the same thing, and nothing orders them. Empty if
    /// the fatal step must not happen at all.
    pub before: Vec<usize>,
    /// Where, in that run, the fatal step can follow: after the last of them. It does no harm there.
    pub then: Option<usize>,
}

impl Decision {
    /// In words. `broken` is the run that was explained, `kept` is [`kept`](Decision::kept).
    #[must_use]
    pub fn in_words(&self, broken: &Trace, kept: &Trace) -> String {
        let sentence = |trace: &Trace, step: usize| {
            trace.events.get(step).map(|event| trace.sentence(event)).unwrap_or_default()
        };
        let mut text = format!(
            "Decided at step {}: {}\nBefore it the claim could still be kept, after it no more.\n",
            self.fatal,
            sentence(broken, self.fatal)
        );
        match self.before.as_slice() {
            [] => {
                text.push_str(&format!(
                    "It need not have come to that. Instead: {}\n",
                    sentence(kept, self.fatal)
                ));
            }
            [one] => {
                text.push_str(&format!(
                    "It came before this, and nothing orders the two: {}\n",
                    sentence(kept, *one)
                ));
            }
            several => {
                text.push_str("It came before these, and nothing orders it and them:\n");
                for step in several.iter().take(MOST_TOLD) {
                    text.push_str(&format!("  {}\n", sentence(kept, *step)));
                }
                if several.len() > MOST_TOLD {
                    text.push_str(&format!("  and {} more\n", several.len() - MOST_TOLD));
                }
            }
        }
        text
    }
}

/// So many steps that should have come first are told.
const MOST_TOLD: usize = 4;

/// The first of `0..=end` from which on something does not hold any more, if it holds up to there. It holds for 0, and does not for
/// `end`.
pub(super) fn last_that_holds(end: usize, mut holds: impl FnMut(usize) -> Option<bool>) -> Option<usize> {
    let (mut low, mut high) = (0, end);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if holds(middle)? { low = middle } else { high = middle }
    }
    Some(low)
}

/// Which steps of a run, up to one of them, touch what another step touches.
pub(super) fn in_the_way(fatal: &(Choice, Footprint), others: &[(Choice, Footprint)]) -> Vec<usize> {
    let clashing = |other: &(Choice, Footprint)| other.0 != fatal.0 && fatal.1.clashes(&other.1);
    others.iter().enumerate().filter(|(_, other)| clashing(other)).map(|(at, _)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::last_that_holds;

    #[test]
    fn the_turn_is_found() {
        for turn in 0..9 {
            assert_eq!(last_that_holds(9, |at| Some(at <= turn)), Some(turn));
        }
        assert_eq!(last_that_holds(9, |_| None), None);
    }
}
