//! A summary of what happened, to tell whether the same happened again.

use std::hash::Hasher;

use twox_hash::XxHash64;

use crate::kernel::{Event, Observer, Process};

/// A summary of the events of a run: who did what kind of thing, in which order. The same on every platform.
#[derive(Clone)]
pub struct Digest(XxHash64);

impl Default for Digest {
    fn default() -> Digest {
        Digest(XxHash64::with_seed(0))
    }
}

impl Digest {
    /// The digest of no events.
    #[must_use]
    pub fn new() -> Digest {
        Digest::default()
    }

    /// The digest as a number.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.0.finish() as u32
    }
}

impl<P: Process> Observer<P> for Digest {
    fn observe(&mut self, event: &Event<'_, P>) {
        self.0.write(&event.process.number().to_le_bytes());
        self.0.write(event.happening.kind().as_bytes());
        self.0.write(b"\n");
    }
}
