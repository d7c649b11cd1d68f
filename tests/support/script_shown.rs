//! Scripts as people read them.

use std::fmt;

use rashomon::kernel::ProcessInfo;

use super::{Code, Message, Place, Reason, Scripted, Seen, Stamp};

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Normal => f.write_str("normal"),
            Reason::Kill => f.write_str("kill"),
            Reason::Killed => f.write_str("killed"),
            Reason::NoProcess => f.write_str("noproc"),
            Reason::Other(number) => write!(f, "reason{number}"),
        }
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Message::Plain { tag, carries, stamp } => {
                write!(f, "tag{tag}")?;
                if let Some(pid) = carries {
                    write!(f, " with {pid}")?;
                }
                match stamp {
                    Some(Stamp { by, number }) => write!(f, " ({by}'s {number})"),
                    None => Ok(()),
                }
            }
            Message::Exit { from, reason } => write!(f, "EXIT {from} {reason}"),
            Message::Down { reference, target, reason } => write!(f, "DOWN {reference} {target} {reason}"),
        }
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Seen::Message(message) = self { message.fmt(f) } else { fmt::Debug::fmt(self, f) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.body, self.at)
    }
}

/// One line for each instruction: this is what a failing test prints.
impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.stamped { "stamped code" } else { "code" })?;
        for (body, instructions) in self.bodies.iter().enumerate() {
            write!(f, "\n  body {body}")?;
            for instruction in instructions {
                write!(f, "\n    {instruction:?}")?;
            }
        }
        Ok(())
    }
}

pub(super) fn info(info: &ProcessInfo<Scripted>) -> String {
    format!(
        "{:?} {:?} traps {} links {:?} monitors {:?} by {:?} leader {} unread {}",
        info.name,
        info.status,
        info.traps_exits,
        info.links,
        info.monitors,
        info.monitored_by,
        info.group_leader,
        info.messages.len()
    )
}
