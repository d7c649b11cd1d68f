//! A program: whatever fresh worlds can be made of.

use std::fmt;
use std::hash::Hasher;

use serde::{Deserialize, Serialize};
use twox_hash::XxHash64;

use super::process::Process;
use super::settings::Settings;
use super::world::World;

/// Tells programs apart, so that a schedule of one is not taken for a schedule of another. The same on every
/// platform.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// The fingerprint of a sequence of byte strings. Where one ends and the next begins counts.
    #[must_use]
    pub fn of<T: AsRef<[u8]>>(parts: &[T]) -> Fingerprint {
        let mut hasher = XxHash64::with_seed(0);
        for part in parts {
            hasher.write(&(part.as_ref().len() as u64).to_le_bytes());
            hasher.write(part.as_ref());
        }
        Fingerprint(hasher.finish())
    }

    /// The fingerprint with this number.
    #[must_use]
    pub const fn from_number(number: u64) -> Fingerprint {
        Fingerprint(number)
    }

    /// The fingerprint as a number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A program, from which any number of worlds can be made, all alike.
pub trait Program {
    /// The form of its processes.
    type Process: Process;

    /// What people call it.
    fn name(&self) -> &str;

    /// Tells it apart from others.
    fn fingerprint(&self) -> Fingerprint;

    /// A fresh world in which it has not done anything yet.
    fn world(&self, settings: Settings) -> World<Self::Process>;

    /// A fresh world, as [`world`](Program::world), that can be written down ([`Sketched`](super::Sketched)) also where this takes more memory.
    fn world_to_compare(&self, settings: Settings) -> World<Self::Process> {
        self.world(settings)
    }

    /// Takes a world of this program back to its beginning, under the same settings. The result is that of
    /// [`world`](Program::world); what the old world had allocated may be used again.
    fn rewind(&self, world: &mut World<Self::Process>) {
        *world = self.world(*world.settings());
    }
}

impl<T: Program + ?Sized> Program for &T {
    type Process = T::Process;

    fn name(&self) -> &str {
        (**self).name()
    }

    fn fingerprint(&self) -> Fingerprint {
        (**self).fingerprint()
    }

    fn world(&self, settings: Settings) -> World<Self::Process> {
        (**self).world(settings)
    }

    fn world_to_compare(&self, settings: Settings) -> World<Self::Process> {
        (**self).world_to_compare(settings)
    }

    fn rewind(&self, world: &mut World<Self::Process>) {
        (**self).rewind(world);
    }
}
