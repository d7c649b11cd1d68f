//! What the BEAM does where it is easy to get wrong.
//!
//! Sixteen facts, observed on OTP 25 with Elixir 1.14, and where to find the tests of each:
//!
//!  1. exit is a step of its own, after the last action of a process: [`exits`]
//!  2. to link to a dead process is an error that can be caught, or an exit message: [`links`]
//!  3. a repeated link does nothing, unless the peer's unlink came in between: [`links`]
//!  4. what `demonitor` returns and removes: [`monitors`]
//!  5. a fatal exit signal can land between any two actions; timers outlive who started them; exit signals come
//!     before what monitors tell, and names are free by then: [`exits`], [`deaths`], [`timers`]
//!  6. a timer to a name looks the name up when it fires; a send to nobody's name is an error: [`timers`], [`names`]
//!  7. a timer to a pid dies with that pid; anybody may cancel or read it: [`timers`]
//!  8. a monitor of a name resolves it once: [`monitors`]
//!  9. three reasons for which a name cannot be registered: [`names`]
//! 10. which sends race depends on the receive: [`delivery`]
//! 11. only the order of each pair of processes is promised: [`delivery`]
//! 12. a timer can fire while processes can still run: [`timeouts`]
//! 13. a message to oneself is there at once: [`delivery`]
//! 14. who is ended by which exit signal: [`exits`]
//! 15. a crash is reported beside the output, in no order with it: [`ends`]
//! 16. the end of the main process halts the system, whatever the others were doing: [`ends`]
//!
//! Each program is run in every one of its orderings (see [`every`]), so that a list of outcomes is exact: all that is
//! on it can happen, and nothing else can.

#[path = "../support/every.rs"]
mod every;

mod bounds;
mod deaths;
mod delivery;
mod ends;
mod exits;
mod links;
mod monitors;
mod names;
mod processes;
mod timeouts;
mod timers;

use std::time::Duration;

use rashomon::{ExitReason, Incoming};

type Ctx = rashomon::Ctx<&'static str>;

const SECOND: Duration = Duration::from_secs(1);

/// Longer than any timer of these programs runs.
const QUIET: Duration = Duration::from_secs(3_600);

/// A reason of the programs' own.
fn boom() -> ExitReason {
    ExitReason::other("boom")
}

/// What lay in a mailbox, in a word or two.
fn show(incoming: &Incoming<&'static str>) -> String {
    match incoming {
        Incoming::Message(message) => (*message).to_owned(),
        Incoming::Exit(exit) => format!("exit({})", exit.reason),
        Incoming::Down(down) => format!("down({})", down.reason),
    }
}

/// What lies in the mailbox now, oldest first.
async fn hear_now(ctx: &Ctx) -> String {
    let mut heard = Vec::new();
    while let Some(incoming) = ctx.recv_any_timeout(Duration::ZERO).await {
        heard.push(show(&incoming));
    }
    heard.join(",")
}

/// All that ever comes, in the order in which it comes. For the patient clock, under which so much time is over only
/// when nothing else can happen.
async fn hear_all(ctx: &Ctx) -> String {
    let mut heard = Vec::new();
    while let Some(incoming) = ctx.recv_any_timeout(QUIET).await {
        heard.push(show(&incoming));
    }
    if heard.is_empty() { "nothing".to_owned() } else { heard.join(",") }
}

/// Waits for what can never come.
async fn wait_forever(ctx: &Ctx) {
    ctx.recv_any_match(|_| false).await;
}

mod every_ordering {
    use rashomon::{Halt, Settings, program};

    use crate::Ctx;
    use crate::every::{every, instant, tellings};

    #[test]
    fn three_steps_beside_three_steps_have_twenty_orders() {
        let program = program("three beside three", |ctx: Ctx| async move {
            ctx.spawn(|ctx| async move {
                ctx.yield_now();
                ctx.yield_now();
            });
            ctx.yield_now();
            ctx.yield_now();
        });
        let settings = Settings { halt: Halt::Never, ..Settings::default() };
        // C(6, 3) = 20: each process yields twice and exits.
        assert_eq!(every(&program, settings, |_| ()).into_values().collect::<Vec<_>>(), [20]);
    }

    #[test]
    fn a_telling_names_lines_reasons_and_endings() {
        let lines = program("lines", |ctx: Ctx| async move {
            ctx.output("a");
            ctx.output("b");
        });
        assert_eq!(tellings(&lines, instant()), ["a b"]);
        let failing = program("failing", |_: Ctx| async move { crate::boom() });
        assert_eq!(tellings(&failing, instant()), ["main: boom"]);
        let waiting = program("waiting", |ctx: Ctx| async move { crate::wait_forever(&ctx).await });
        assert_eq!(tellings(&waiting, instant()), ["deadlock"]);
    }
}
