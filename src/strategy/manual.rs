//! Somebody else decides.

use super::Strategy;
use crate::kernel::{Choice, Choices};

/// Asks a function for each choice. If it returns nothing, the run is left where it is; if it returns what is not
/// possible, the run ends with that.
pub struct Manual<F>(F);

impl<F: FnMut(&Choices<'_>) -> Option<Choice>> Manual<F> {
    /// The strategy that asks this function.
    pub fn new(choose: F) -> Manual<F> {
        Manual(choose)
    }
}

impl<F: FnMut(&Choices<'_>) -> Option<Choice>> Strategy for Manual<F> {
    fn choose(&mut self, choices: &Choices<'_>) -> Option<Choice> {
        (self.0)(choices)
    }

    fn describe(&self) -> String {
        "manual".to_owned()
    }
}
