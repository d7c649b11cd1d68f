//! Ctrl-C: the first ends long work, which then tells what is known; the second ends the command at once.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// The exit status of a command that was interrupted, as shells know it.
pub(super) const INTERRUPTED: u8 = 130;

static PRESSED: AtomicBool = AtomicBool::new(false);
static LISTENING: OnceLock<Result<(), String>> = OnceLock::new();

/// Listens for Ctrl-C from now on.
pub(super) fn listen() -> Result<(), String> {
    let listening = LISTENING.get_or_init(|| {
        ctrlc::set_handler(|| {
            if PRESSED.swap(true, Ordering::Relaxed) {
                std::process::exit(i32::from(INTERRUPTED));
            }
        })
        .map_err(|error| format!("cannot listen for Ctrl-C: {error}"))
    });
    listening.clone()
}

/// Whether it was pressed.
pub(super) fn pressed() -> bool {
    PRESSED.load(Ordering::Relaxed)
}
