//! Any text, parsed.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _parsed = rashomon::elixir::syntax::parse(text);
});
