//! Pids of nobody, strange names, empty ranges and other values that nobody should pass, and somebody will.

use std::time::Duration;

use rashomon::kernel::{Name, Reference};
use rashomon::{
    Clock, Ctx, Delivery, Ending, ExitReason, Halt, Incoming, Pid, Random, RoundRobin, Run, Simulation,
    program,
};

type Number = Ctx<u64>;

/// Runs a main process under both deliveries and both clocks, under many seeds.
fn all_ways<Fut: Future<Output = ()> + 'static>(main: impl Fn(Number) -> Fut, check: impl Fn(&Run)) {
    let program = program("odd", main);
    for delivery in [Delivery::Instant, Delivery::Ordered] {
        for clock in [Clock::Patient, Clock::Hasty] {
            for seed in 0..20 {
                let simulation = Simulation::new(&program).delivery(delivery).clock(clock).halt(Halt::Never);
                let run = simulation.run(Random::new(seed));
                assert!(run.outcome().crashes.is_empty(), "{run}");
                let replayed = simulation.replay(&run.token().to_string()).expect("the token fits");
                assert_eq!(replayed.outcome(), run.outcome());
                check(&run);
            }
        }
    }
}

fn lines(run: &Run) -> Vec<&str> {
    run.outcome().lines().map(|(_, line)| line).collect()
}

const NOBODIES: [Pid; 3] = [Pid::from_number(1_000), Pid::from_number(u32::MAX), Pid::from_number(3)];

#[test]
fn everything_can_be_done_to_nobody() {
    all_ways(
        |ctx| async move {
            // The one with the number 2 is dead by then; those of the others are nobody's.
            let (dead, reference) = ctx.spawn_monitor(|_| async {});
            ctx.recv_down(reference).await;
            for nobody in NOBODIES.into_iter().chain([dead]) {
                ctx.send(nobody, 1);
                ctx.send_exit(nobody, ExitReason::Shutdown);
                ctx.kill(nobody);
                ctx.unlink(nobody);
                let timer = ctx.send_after(nobody, Duration::from_secs(1), 2);
                assert_eq!(ctx.read_timer(timer).await, None);
                assert_eq!(ctx.cancel_timer(timer).await, None);
                assert!(ctx.link(nobody).await.is_err());
                assert!(ctx.register("name", nobody).await.is_err());
                assert!(ctx.set_group_leader(nobody, Pid::MAIN).await.is_err());
                assert!(!ctx.is_alive(nobody).await);
                assert!(ctx.info(nobody).await.is_none());
                let monitor = ctx.monitor(nobody);
                assert_eq!(ctx.recv_down(monitor).await, ExitReason::NoProcess);
                ctx.trap_exit(true);
                assert_eq!(ctx.link(nobody).await, Ok(()));
                assert_eq!(ctx.recv_exit(nobody).await, ExitReason::NoProcess);
                ctx.trap_exit(false);
            }
            assert_eq!(ctx.processes().await, [Pid::MAIN]);
            ctx.output("done");
        },
        |run| assert_eq!((lines(run), run.outcome().ending), (vec!["done"], Some(Ending::Idle))),
    );
}

#[test]
fn everything_can_be_done_to_the_system() {
    all_ways(
        |ctx| async move {
            let system = Pid::SYSTEM;
            assert_eq!(ctx.group_leader().await, system);
            ctx.send(system, 1);
            ctx.send_exit(system, ExitReason::Shutdown);
            ctx.kill(system);
            ctx.unlink(system);
            ctx.monitor(system);
            assert_eq!(ctx.link(system).await, Ok(()));
            assert!(ctx.is_alive(system).await);
            ctx.send_after(system, Duration::from_secs(1), 2);
            assert!(ctx.register("system", system).await.is_err());
            assert_eq!(ctx.recv_any_timeout(Duration::from_secs(9)).await, None);
            ctx.output("done");
        },
        |run| assert_eq!(lines(run), ["done"]),
    );
}

#[test]
fn everything_can_be_done_to_oneself() {
    all_ways(
        |ctx| async move {
            let me = ctx.pid();
            ctx.send(me, 7);
            assert_eq!(ctx.try_recv().await, Some(7), "it is there at once");
            assert_eq!(ctx.link(me).await, Ok(()));
            ctx.unlink(me);
            let monitor = ctx.monitor(me);
            assert!(!ctx.demonitor(monitor).await);
            assert_eq!(ctx.set_group_leader(me, me).await, Ok(()));
            assert_eq!(ctx.group_leader().await, me);
            assert_eq!(ctx.register("me", me).await, Ok(()));
            assert_eq!(ctx.send_named("me", 8).await, Ok(()));
            assert_eq!(ctx.recv().await, 8);
            ctx.trap_exit(true);
            ctx.send_exit(me, ExitReason::Normal);
            assert!(matches!(ctx.recv_any().await, Incoming::Exit(exit) if exit.from == me));
            ctx.output("done");
        },
        |run| assert_eq!(lines(run), ["done"]),
    );
}

#[test]
fn references_that_were_never_given_out_stand_for_nothing() {
    all_ways(
        |ctx| async move {
            for reference in [Reference::from_number(77), Reference::from_number(u64::MAX)] {
                assert!(!ctx.demonitor(reference).await);
                assert!(!ctx.demonitor_flush(reference).await);
                assert_eq!(ctx.cancel_timer(reference).await, None);
                assert_eq!(ctx.read_timer(reference).await, None);
            }
            ctx.output("done");
        },
        |run| assert_eq!(lines(run), ["done"]),
    );
}

#[test]
fn any_text_is_a_name() {
    const NAMES: [&str; 6] = ["", " ", "nil", "two\nlines", "Ελληνικά 🦀", "a\u{0}b"];
    all_ways(
        |ctx| async move {
            for name in NAMES {
                let holder =
                    ctx.builder(name).spawn(|ctx| async move { ctx.output(ctx.recv().await.to_string()) });
                assert_eq!(ctx.whereis(name).await, None, "a label is no name");
                assert_eq!(ctx.register(name, holder).await, Ok(()));
                assert!(ctx.register(name, ctx.pid()).await.is_err(), "taken");
            }
            let mut sorted = NAMES;
            sorted.sort_unstable();
            assert_eq!(ctx.registered().await, sorted.map(Name::from));
            for (number, name) in (0..).zip(NAMES) {
                assert_eq!(ctx.send_named(name, number).await, Ok(()));
            }
        },
        |run| {
            assert_eq!(lines(run), ["0", "1", "2", "3", "4", "5"]);
            assert!(run.trace().lanes().lines().count() > 20);
            assert!(run.trace().to_json().contains("Ελληνικά 🦀"));
        },
    );
}

#[test]
fn there_may_be_a_thousand_names() {
    let run = Simulation::new(program("crowd", |ctx: Number| async move {
        for number in 0..1_000 {
            let holder = ctx.spawn(|ctx| async move { drop(ctx.recv_any().await) });
            assert_eq!(ctx.register(format!("name {number}"), holder).await, Ok(()));
        }
        ctx.output(ctx.registered().await.len().to_string());
        for number in 0..1_000 {
            assert_eq!(ctx.send_named(format!("name {number}"), number).await, Ok(()));
        }
        // All have ended, or are about to: each that has is no longer listed.
        while !ctx.registered().await.is_empty() {}
    }))
    .run(RoundRobin::new());
    assert_eq!(
        (lines(&run), run.outcome().ending),
        (vec!["1000"], Some(Ending::Halted)),
        "{:?}",
        run.outcome()
    );
}

#[test]
fn any_text_can_be_written() {
    let texts =
        ["", "\n", "Ω", "e\u{301}", "👩‍👩‍👧‍👦", "\u{202e}right to left", "\u{1b}[31mred", "nul\u{0}", "漢字"];
    let long = "x".repeat(100_000);
    let run = Simulation::new(program("texts", move |ctx: Number| {
        let long = long.clone();
        async move {
            for text in texts {
                ctx.output(text);
                ctx.output_error(text);
            }
            ctx.output(long);
        }
    }))
    .run(RoundRobin::new());
    assert_eq!(lines(&run)[..texts.len()], texts);
    assert_eq!(lines(&run)[texts.len()].len(), 100_000);
    let longest = run.trace().lanes().lines().map(|line| line.chars().count()).max();
    assert!(longest < Some(300), "a long text is cut in the lanes: {longest:?}");
}

#[test]
fn a_number_below_zero_is_a_crash_at_the_place_that_asks_for_it() {
    let line = line!() + 2;
    let simulation = Simulation::new(program("empty range", |ctx: Number| async move {
        ctx.output(ctx.draw(0).await.to_string());
    }));
    let run = simulation.run(RoundRobin::new());
    let crash = run.outcome().crashes.first().expect("nothing can be drawn");
    let start = format!(
        "panicked at tests/odd_values.rs:{line}:24: draw(0): nothing can be drawn from an empty range"
    );
    assert!(crash.report.starts_with(&start), "{crash:?}");
}

#[test]
fn the_largest_range_can_be_drawn_from() {
    all_ways(
        |ctx| async move {
            assert_eq!(ctx.draw(1).await, 0);
            let number = ctx.draw(u64::MAX).await;
            ctx.output((number > 1_000_000).to_string());
        },
        |run| assert_eq!(lines(run), ["true"]),
    );
}
