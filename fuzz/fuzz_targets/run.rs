//! Any text, compiled and run for a bounded time.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/support/bounded.rs"]
mod bounded;

fuzz_target!(|text: &str| bounded::run(text, 0));
