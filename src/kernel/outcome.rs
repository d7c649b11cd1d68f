//! How a world ended, and what an outside observer can tell of it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::action::Device;
use super::id::{Name, Pid};
use super::process::{Process, Reason};
use super::world::World;

/// The bound that ended a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// So many steps were made.
    Steps,
    /// So many processes were spawned.
    Processes,
    /// So many unread messages lay in the mailbox of this process.
    Mailbox(Pid),
    /// So much virtual time went by.
    Time,
    /// This process holds so much data.
    Memory(Pid),
    /// The processes made so many calls of functions.
    Calls,
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bound::Steps => f.write_str("the limit of steps"),
            Bound::Processes => f.write_str("the limit of processes"),
            Bound::Mailbox(pid) => write!(f, "the limit of unread messages in the mailbox of {pid}"),
            Bound::Time => f.write_str("the limit of virtual time"),
            Bound::Memory(pid) => write!(f, "the limit of memory of {pid}"),
            Bound::Calls => f.write_str("the limit of calls"),
        }
    }
}

/// How a world ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The main process ended, and the world with it.
    Halted,
    /// A process halted the system, with this exit status.
    Stopped(u8),
    /// The main process has ended before, and nothing more can happen.
    Idle,
    /// The main process waits for what can never come.
    Deadlock,
    /// A bound cut the run off.
    Bounded(Bound),
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ending::Halted => f.write_str("the main process ended"),
            Ending::Stopped(status) => write!(f, "a process halted the system with status {status}"),
            Ending::Idle => f.write_str("nothing more could happen"),
            Ending::Deadlock => f.write_str("deadlock: the main process waits for what can never come"),
            Ending::Bounded(bound) => write!(f, "cut off by {bound}"),
        }
    }
}

/// A process that is alive at the end of a world: what it waits for, and what lies unread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stuck {
    /// The process.
    pub pid: Pid,
    /// Its registered name.
    pub name: Option<Name>,
    /// The action that it has not performed.
    pub action: &'static str,
    /// Where in the program.
    pub place: Option<String>,
    /// Its unread messages, oldest first.
    pub unread: Vec<String>,
}

impl fmt::Display for Stuck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.pid)?;
        if let Some(name) = &self.name {
            write!(f, " ({name})")?;
        }
        write!(f, " waits in {}", self.action)?;
        if let Some(place) = &self.place {
            write!(f, " at {place}")?;
        }
        match self.unread.as_slice() {
            [] => f.write_str("; its mailbox is empty"),
            unread => write!(f, "; unread in its mailbox: {}", unread.join(", ")),
        }
    }
}

/// A process that crashed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Crash {
    /// The process.
    pub pid: Pid,
    /// Its exit reason.
    pub reason: String,
    /// What goes to the crash log.
    pub report: String,
}

/// What an outside observer can tell of a run when it is over: each process's output in its own order, the crashes,
/// and how the world ended. The order of lines of different processes is not part of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Outcome {
    /// How the world ended; nothing if the run was left before its end.
    pub ending: Option<Ending>,
    /// Why the main process exited, unless it ended normally or not at all.
    pub main_exit: Option<String>,
    /// What each process wrote to standard output, in its own order.
    pub output: BTreeMap<Pid, Vec<String>>,
    /// The crashes, by pid.
    pub crashes: Vec<Crash>,
}

impl Outcome {
    /// All that was written to standard output, by process.
    pub fn lines(&self) -> impl Iterator<Item = (Pid, &str)> {
        self.output.iter().flat_map(|(&pid, texts)| texts.iter().map(move |text| (pid, text.as_str())))
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.ending {
            Some(ending) => write!(f, "{ending}")?,
            None => f.write_str("left before its end")?,
        }
        if let Some(reason) = &self.main_exit {
            write!(f, " ({reason})")?;
        }
        for (pid, text) in self.lines() {
            write!(f, "\n  {pid} wrote: {}", text.trim_end())?;
        }
        for crash in &self.crashes {
            write!(f, "\n  {} crashed: {}", crash.pid, crash.report)?;
        }
        Ok(())
    }
}

impl<P: Process> World<P> {
    /// What an outside observer can tell of the run up to now.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let mut output: BTreeMap<Pid, Vec<String>> = BTreeMap::new();
        self.each_written(|written| match written.device {
            Device::Stdout => output.entry(written.pid).or_default().push(written.text.to_string()),
            Device::Stderr => {}
        });
        let mut crashes: Vec<Crash> = self
            .crashes()
            .map(|(pid, reason, report)| Crash {
                pid: *pid,
                reason: reason.to_string(),
                report: report.clone(),
            })
            .collect();
        crashes.sort();
        Outcome {
            ending: self.ending(),
            main_exit: self
                .main_exit()
                .filter(|reason| !reason.is_normal())
                .map(std::string::ToString::to_string),
            output,
            crashes,
        }
    }
}
