//! Any text as an Elixir program: parsed, compiled, and run for a bounded time.

use rashomon::elixir::{Compilation, RunLimits, Source, compile};
use rashomon::kernel::{Plain, Program};
use rashomon::strategy::drive;
use rashomon::{Limits, Random, Settings};

/// Compiles a text and runs it under a seed. What comes of it does not matter: only that it comes to an end.
pub(crate) fn run(text: &str, seed: u64) {
    let Ok(Compilation { program, .. }) = compile::<Plain>(&[Source { name: "any.exs", text }]) else {
        return;
    };
    let program = program.with_limits(RunLimits { calls: 200_000, memory: 16 << 20 });
    let limits = Limits { steps: 2_000, processes: 200, mailbox: 200, ..Limits::default() };
    let mut world = program.world(Settings { limits, ..Settings::default() });
    drive(&mut world, &mut Random::new(seed), &mut ()).expect("what is random is possible");
    assert!(world.ending().is_some(), "a run is driven to its end");
    let _told = program.exit_report(&world);
    assert_eq!(program.faults(&world), Vec::<String>::new(), "the library compiles");
}
