//! Which operation stands on which line of which file.

use super::Place;
use crate::elixir::atom::Atom;

/// Lines, in the order of the places from which they hold.
#[derive(Clone, Debug, Default)]
pub struct Lines(pub(super) Vec<(Place, Atom, u32)>);

impl Lines {
    /// From `place` on, the code stands on this line.
    pub fn begin(&mut self, place: Place, file: Atom, line: u32) {
        match self.0.last_mut() {
            Some(last) if last.0 == place => *last = (place, file, line),
            Some(last) if last.1 == file && last.2 == line => {}
            _ => self.0.push((place, file, line)),
        }
    }

    /// The file and line of a place.
    #[must_use]
    pub fn at(&self, place: Place) -> Option<(Atom, u32)> {
        let after = self.0.partition_point(|entry| entry.0 <= place);
        self.0.get(after.checked_sub(1)?).map(|entry| (entry.1, entry.2))
    }
}
