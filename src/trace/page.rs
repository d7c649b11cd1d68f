//! What a run writes.

use std::fmt::Write as _;

use crate::kernel::{Device, Event, Happening, Observer, Process};

/// Collects what is written to standard output, in its order.
#[derive(Clone, Debug, Default)]
pub struct Page(String);

impl Page {
    /// What has been written so far.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl<P: Process> Observer<P> for Page {
    fn observe(&mut self, event: &Event<'_, P>) {
        if let Happening::Output { device: Device::Stdout, text } = &event.happening {
            let _infallible = write!(self.0, "{text}");
        }
    }
}
