//! The assumptions under which a world runs, and the bounds that end it.

use serde::{Deserialize, Serialize};

use super::id::{Nanoseconds, Step};

/// When a signal is in the mailbox of its receiver.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// As soon as it was sent: one BEAM node, as it behaves.
    #[default]
    Instant,
    /// At some later moment of its own. Only the order between one sender and one receiver is kept, which is
    /// all that the language promises. What a process sends to itself still arrives at once.
    Ordered,
}

/// When virtual time moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// To the next timer only when nothing else can happen: an infinitely fast machine.
    #[default]
    Patient,
    /// To the next timer at any moment: a slow, loaded machine.
    Hasty,
}

/// Whether the end of the main process is the end of the world.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Halt {
    /// The world halts when the main process ends, whatever the others were doing (`elixir FILE`).
    #[default]
    WithMain,
    /// The world goes on for as long as anything can happen (`elixir --no-halt FILE`).
    Never,
}

/// Bounds of one run. Each is checked wherever it is spent, and the ending of the run says which one was hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Limits {
    /// Events at the most.
    pub steps: Step,
    /// Processes spawned at the most, the main process included and the dead ones too.
    pub processes: u32,
    /// Unread messages in one mailbox at the most.
    pub mailbox: usize,
    /// Virtual time at the most, in nanoseconds.
    pub time: Nanoseconds,
}

impl Default for Limits {
    /// One million steps, 100,000 processes, 100,000 messages in a mailbox, and a year of virtual time.
    fn default() -> Limits {
        Limits {
            steps: 1_000_000,
            processes: 100_000,
            mailbox: 100_000,
            time: 365 * 24 * 3_600 * 1_000_000_000,
        }
    }
}

/// All that a run assumes: part of every verdict and of every schedule token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Settings {
    /// When a signal is in the mailbox of its receiver.
    pub delivery: Delivery,
    /// When virtual time moves.
    pub clock: Clock,
    /// Whether the end of the main process is the end of the world.
    pub halt: Halt,
    /// The bounds of a run.
    pub limits: Limits,
}
