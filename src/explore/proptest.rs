//! Schedules and runs as values that `proptest` generates and shrinks.
//!
//! A schedule is generated as a list of numbers ([`Script`]) of which smaller ones mean simpler choices, so that proptest's own
//! shrinking of lists and numbers ends in a schedule with few context switches.
//!
//! ```
//! use proptest::prelude::*;
//! use rashomon::explore::proptest::runs;
//! use rashomon::{Ctx, Simulation, program};
//!
//! fn echo() -> Simulation<impl rashomon::kernel::Program> {
//!     Simulation::new(program("echo", |ctx: Ctx<u32>| async move {
//!         let main = ctx.pid();
//!         let echo = ctx.spawn(move |ctx| async move {
//!             loop {
//!                 let number = ctx.recv().await;
//!                 ctx.send(main, number);
//!             }
//!         });
//!         for number in 0..3 {
//!             ctx.send(echo, number);
//!         }
//!         for _ in 0..3 {
//!             let number = ctx.recv().await;
//!             ctx.output(number.to_string());
//!         }
//!     }))
//! }
//!
//! proptest!(|(run in runs(echo()))| {
//!     let lines: Vec<&str> = run.outcome().lines().map(|(_, line)| line).collect();
//!     prop_assert_eq!(lines, ["0", "1", "2"]);
//! });
//! ```

use ::proptest::prelude::any;
use ::proptest::strategy::Strategy as Generator;
use ::proptest::{collection, prop_oneof};

use super::{Run, Simulation};
use crate::kernel::Program;
use crate::strategy::Script;

/// The longest list of choices that is generated. The rest of a longer run goes on without context switches, as far as
/// that is possible.
const LONGEST: usize = 400;

/// Any schedule, for any program.
pub fn schedules() -> impl Generator<Value = Script> {
    // Half of the choices go on with the same process, so that short and long turns both occur.
    let pick = prop_oneof![1 => 0..1_u32, 1 => any::<u16>().prop_map(u32::from)];
    collection::vec(pick, 0..=LONGEST).prop_map(Script::new)
}

/// Any run of a simulation. What proptest prints of a failing one carries its token
/// ([`Run::token`]).
pub fn runs<G: Program>(simulation: Simulation<G>) -> impl Generator<Value = Run> {
    schedules().prop_map(move |script| simulation.run(script))
}
