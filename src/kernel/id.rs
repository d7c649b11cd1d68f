//! Names for things: process identifiers, references, registered names, virtual time.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A process identifier. It is opaque to programs: two processes that differ only in their pid are
/// interchangeable.
///
/// Pids are given out in the order in which spawns were asked for; [`Pid::SYSTEM`] is nobody's and
/// [`Pid::MAIN`] belongs to the main process of every world.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pid(u32);

/// Goes before a pid where it is hashed, so that a hasher can tell a pid from a number.
pub(crate) const PID_MARK: &[u8] = b"\xf3rashomon pid\x9c\x01\xe2";

/// Goes before a reference where it is hashed.
pub(crate) const REFERENCE_MARK: &[u8] = b"\xf3rashomon reference\x9c\x01\xe2";

/// With a mark before it, by which those who write values down by their hashes know it.
impl Hash for Pid {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(PID_MARK);
        state.write_u32(self.0);
    }
}

impl Pid {
    /// The world itself: parent and group leader of the main process. It is always alive, never runs,
    /// and what is sent to it is lost.
    pub const SYSTEM: Pid = Pid(0);
    /// The process that a program starts with.
    pub const MAIN: Pid = Pid(1);

    /// The pid with this number. Any number is a pid; whether a process has it is the world's to say.
    #[must_use]
    pub const fn from_number(number: u32) -> Pid {
        Pid(number)
    }

    /// The number that tells this pid from others in the same world.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }

    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

macro_rules! pids {
    ($($number:literal)*) => { [$(concat!("#PID<0.", $number, ".0>")),*] };
}

/// The texts of the first pids; most programs have no others.
const FIRST_PIDS: &[&str] =
    &pids!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31);

/// As the BEAM prints it: `#PID<0.4.0>`.
impl fmt::Display for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // By hand: programs print pids all the time, and this is several times as fast as write!.
        if let Some(text) = FIRST_PIDS.get(self.index()) {
            return f.pad(text);
        }
        const TEMPLATE: &[u8; 20] = b"#PID<0.0000000000.0>";
        const DIGITS_END: usize = 17;
        let mut text = *TEMPLATE;
        let (mut number, mut at) = (self.0, DIGITS_END);
        loop {
            at -= 1;
            text[at] = b'0' + (number % 10) as u8;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        text.copy_within(0..7, at - 7);
        f.pad(std::str::from_utf8(&text[at - 7..]).unwrap_or_default())
    }
}

impl fmt::Debug for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A reference: unique within a world. Monitors and timers are known by theirs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reference(u64);

/// With a mark before it, as pids.
impl Hash for Reference {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(REFERENCE_MARK);
        state.write_u64(self.0);
    }
}

impl Reference {
    /// The reference with this number; it need not be one that a world has given out.
    #[must_use]
    pub const fn from_number(number: u64) -> Reference {
        Reference(number)
    }

    /// The number that tells this reference from others in the same world.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// As the BEAM prints it: `#Reference<0.0.0.7>`.
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#Reference<0.0.0.{}>", self.0)
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A registered name. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Rc<str>);

impl Name {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Name {
        Name(Rc::from(text))
    }
}

impl From<String> for Name {
    fn from(text: String) -> Name {
        Name(Rc::from(text))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, ":{}", self.0)
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name, D::Error> {
        String::deserialize(deserializer).map(Name::from)
    }
}

/// Virtual time since the start of the world, in nanoseconds. It moves only when a timer fires.
pub type Nanoseconds = u64;

/// The number of an event, counted from 0 at the start of the world: the world's only notion of "when".
pub type Step = u64;

#[cfg(test)]
mod tests {
    use super::Pid;

    #[test]
    fn a_pid_prints_as_on_the_beam() {
        for number in [0, 7, 10, 31, 32, 99, 123_456, u32::MAX] {
            assert_eq!(Pid::from_number(number).to_string(), format!("#PID<0.{number}.0>"));
        }
        assert_eq!(format!("[{:>12}]", Pid::from_number(7)), "[ #PID<0.7.0>]");
    }
}
