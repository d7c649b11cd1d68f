//! A failing schedule, however long, shrinks to the smallest one there is: the fewest context switches, among those the
//! fewest steps, and among those the lowest numbers.
//!
//! How small that is stands beside each program, with the reason; and it is proved by going through every schedule of
//! the program.

use std::cmp::min;
use std::time::Duration;

use rashomon::kernel::{Choice, Event, Observer, Process, Program, World};
use rashomon::native::Native;
use rashomon::{
    Clock, Ctx, Delivery, Failure, Healthy, Pid, Property, Random, Schedule, Simulation, program,
};

#[path = "support/enumerate.rs"]
mod enumerate;
#[path = "../examples/pub_sub.rs"]
#[allow(
    unreachable_pub,
    dead_code,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::wildcard_enum_match_arm,
    reason = "the example stands by itself, too"
)]
mod pub_sub;
use pub_sub::{NoEarlyExit, NoLostPublish, STAGES};

/// Context switches, steps, and the sum of the drawn numbers.
type Size = (usize, usize, u64);

fn size(schedule: &Schedule) -> Size {
    let drawn = schedule.choices().iter().filter_map(|choice| match choice {
        Choice::Draw(value) => Some(value),
        Choice::Run(_) | Choice::Deliver { .. } | Choice::Fire(_) => None,
    });
    (schedule.context_switches(), schedule.len(), drawn.sum())
}

/// The smallest of all schedules that break a claim, and how many schedules there are.
fn smallest<G, Q, C>(simulation: &Simulation<G>, property: &Q, claim: &str) -> (Option<Size>, usize)
where
    G: Program,
    Q: Fn() -> C,
    C: Property<G::Process>,
{
    let mut smallest: Option<Size> = None;
    let count = enumerate::every_schedule(simulation, property, |told| {
        let mut failures = Vec::new();
        told.property.judge(&told.world, &mut failures);
        if failures.iter().any(|failure| failure.property == claim) {
            let size = size(&told.schedule);
            smallest = Some(smallest.map_or(size, |known| min(known, size)));
        }
    });
    (smallest, count)
}

/// Of fifty runs that break a claim under one random seed each, all shrink to this size, which no schedule goes below.
#[track_caller]
fn assert_shrinks_to<G, Q, C>(expected: Size, simulation: &Simulation<G>, property: Q, claim: &str)
where
    G: Program,
    Q: Fn() -> C,
    C: Property<G::Process>,
{
    let (smallest, count) = smallest(simulation, &property, claim);
    assert_eq!(smallest, Some(expected), "of all {count} schedules");
    let runs = (0..200_000).map(|seed| (seed, simulation.run_with(Random::new(seed), property())));
    let broken = runs.filter(|(_, run)| run.failures().iter().any(|failure| failure.property == claim));
    let mut shrunk = 0;
    for (seed, run) in broken.take(50) {
        let small = simulation.shrink(run.schedule(), &property).expect("it fails");
        assert_eq!(size(small.run.schedule()), expected, "seed {seed}: {}\n{}", small.run, run);
        assert_eq!((small.failure.property.as_str(), small.minimal), (claim, true));
        assert!(small.run.failures().contains(&small.failure));
        let replayed =
            simulation.replay_with(&small.run.token().to_string(), property()).expect("the token fits");
        assert_eq!(replayed.schedule(), small.run.schedule());
        assert!(replayed.failures().contains(&small.failure));
        shrunk += 1;
    }
    assert_eq!(shrunk, 50, "that many seeds fail");
}

/// The claim that the first line, if there is one, is this.
struct Writes(&'static str);

impl<P: Process> Observer<P> for Writes {
    fn observe(&mut self, _event: &Event<'_, P>) {}
}

impl<P: Process> Property<P> for Writes {
    fn judge(&self, world: &World<P>, failures: &mut Vec<Failure>) {
        let outcome = world.outcome();
        if let Some((_, line)) = outcome.lines().next().filter(|(_, line)| *line != self.0) {
            failures.push(Failure::new(WRITES, format!("{line} instead of {}", self.0)));
        }
    }
}

const WRITES: &str = "writes what it should";

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Access {
    Read(Pid),
    Write(u64),
    Number(u64),
}

/// Each worker reads the number of the main process, and writes back one more.
fn counter(workers: u64) -> Simulation<impl Program<Process = Native<Access>>> {
    Simulation::new(program("counter", move |ctx: Ctx<Access>| async move {
        let main = ctx.pid();
        for _ in 0..workers {
            ctx.spawn(move |ctx| async move {
                ctx.send(main, Access::Read(ctx.pid()));
                if let Access::Number(number) = ctx.recv().await {
                    ctx.send(main, Access::Write(number + 1));
                }
            });
        }
        let mut number = 0;
        for _ in 0..2 * workers {
            match ctx.recv().await {
                Access::Read(worker) => ctx.send(worker, Access::Number(number)),
                Access::Write(written) => number = written,
                Access::Number(_) => {}
            }
        }
        ctx.output(number.to_string());
    }))
}

#[test]
fn a_lost_update() {
    // 2 spawns, 2 reads, 2 answers that are received, 2 writes, 4 receives, the line and the exit of the main process: 16
    // steps. The main process spawns both; each asks (it must before it is answered); the main process answers both;
    // each writes; the main process goes on: m a b m a b m, 6 switches.
    assert_shrinks_to((6, 16, 0), &counter(2), || Writes("2"), WRITES);
}

#[test]
fn a_lost_publish() {
    // With n subscribers: the main process spawns the server and them, and publishes; the server receives: n + 3 steps and
    // one switch. The claim is broken for good then. Ordered, the delivery is a step and a switch more.
    for subscribers in 1..=3 {
        let simulation = pub_sub::simulation(STAGES[0], subscribers, Clock::Patient, Delivery::Instant);
        let expected = (1, subscribers + 3, 0);
        assert_shrinks_to(expected, &simulation, NoLostPublish::default, "no lost publish");
    }
    for subscribers in 1..=2 {
        let simulation = pub_sub::simulation(STAGES[0], subscribers, Clock::Patient, Delivery::Ordered);
        let expected = (2, subscribers + 4, 0);
        assert_shrinks_to(expected, &simulation, NoLostPublish::default, "no lost publish");
    }
}

#[test]
fn an_early_exit() {
    // Naive: the spawns, the publish, and the exit.
    for subscribers in 1..=3 {
        let simulation = pub_sub::simulation(STAGES[0], subscribers, Clock::Patient, Delivery::Instant);
        assert_shrinks_to((0, subscribers + 3, 0), &simulation, NoEarlyExit::default, "no early exit");
    }
    // With sleeps before and after, whatever they are good for: each is a timer that fires, and its end.
    let simulation = pub_sub::simulation(STAGES[3], 1, Clock::Hasty, Delivery::Instant);
    assert_shrinks_to((4, 8, 0), &simulation, NoEarlyExit::default, "no early exit");
    // With a callback: n + 1 spawns, n subscriptions, received and called back by the server (2 n), received by the main
    // process (n), the publish and the exit: 5 n + 3; the main process, each subscriber, the server, the main process.
    for subscribers in 1..=2 {
        let simulation = pub_sub::simulation(STAGES[5], subscribers, Clock::Patient, Delivery::Instant);
        let expected = (subscribers + 2, 5 * subscribers + 3, 0);
        assert_shrinks_to(expected, &simulation, NoEarlyExit::default, "no early exit");
    }
}

#[test]
fn a_deadlock() {
    // Both look for a question; who finds one answers it, and who finds none asks the other and waits for the answer.
    // They are stuck if both look before either asks: m (spawn, look) c (look, ask) m (ask).
    let simulation = Simulation::new(program("after you", |ctx: Ctx<&'static str>| async move {
        async fn meet(ctx: Ctx<&'static str>, other: Pid) {
            if ctx.try_recv().await.is_some() {
                ctx.send(other, "answer");
            } else {
                ctx.send(other, "question");
                ctx.recv_match(|&message| message == "answer").await;
            }
        }
        let main = ctx.pid();
        let child = ctx.spawn(move |ctx| meet(ctx, main));
        meet(ctx, child).await;
    }));
    assert_shrinks_to((2, 5, 0), &simulation, || Healthy, "no deadlock");
}

#[test]
fn a_crash() {
    // The victim crashes if b is heard first: m (spawns 3 others) b (sends) victim (receives, crashes) m (exits).
    let simulation = Simulation::new(program("crash", |ctx: Ctx<char>| async move {
        let victim = ctx.spawn(|ctx| async move {
            let first = ctx.recv().await;
            assert!(first == 'a', "{first} comes first");
        });
        for letter in ['a', 'b'] {
            ctx.spawn(move |ctx| async move { ctx.send(victim, letter) });
        }
    }));
    assert_shrinks_to((3, 7, 0), &simulation, || Healthy, "no crash");
}

/// A tells C, and then B; B tells C. Is A heard first?
fn relay(delivery: Delivery) -> Simulation<impl Program> {
    Simulation::new(program("relay", |ctx: Ctx<char>| async move {
        let listener = ctx.spawn(|ctx| async move { ctx.output(ctx.recv().await) });
        let relay = ctx.spawn(move |ctx| async move {
            ctx.recv().await;
            ctx.send(listener, 'b');
        });
        ctx.send(listener, 'a');
        ctx.send(relay, 'a');
    }))
    .delivery(delivery)
}

#[test]
fn what_needs_ordered_delivery() {
    assert_eq!(
        smallest(&relay(Delivery::Instant), &|| Writes("a"), WRITES).0,
        None,
        "on one node A is heard first"
    );
    // m (2 spawns, 2 sends) delivery to B, B (receives, sends), delivery to C, C (receives, writes) m (exits).
    assert_shrinks_to((5, 11, 0), &relay(Delivery::Ordered), || Writes("a"), WRITES);
}

fn sleeper(clock: Clock) -> Simulation<impl Program> {
    Simulation::new(program("sleeper", |ctx: Ctx<char>| async move {
        let main = ctx.pid();
        ctx.spawn(move |ctx| async move { ctx.send(main, 'a') });
        ctx.sleep(Duration::from_secs(1)).await;
        ctx.output(ctx.try_recv().await.unwrap_or('-'));
    }))
    .clock(clock)
}

#[test]
fn what_needs_a_hasty_clock() {
    assert_eq!(smallest(&sleeper(Clock::Patient), &|| Writes("a"), WRITES).0, None, "a second is enough");
    // m (spawn), the timer, m (has slept, polls, writes, exits).
    assert_shrinks_to((2, 6, 0), &sleeper(Clock::Hasty), || Writes("a"), WRITES);
}

#[test]
fn two_timers_of_one_deadline() {
    // m (2 spawns) b's timer, b (has slept, sends) m (receives, writes, exits).
    let simulation = Simulation::new(program("alarms", |ctx: Ctx<char>| async move {
        let main = ctx.pid();
        for letter in ['a', 'b'] {
            ctx.spawn(move |ctx| async move {
                ctx.sleep(Duration::from_secs(1)).await;
                ctx.send(main, letter);
            });
        }
        ctx.output(ctx.recv().await);
    }));
    assert_shrinks_to((3, 8, 0), &simulation, || Writes("a"), WRITES);
}

/// Writes whether two numbers below ten are as they should not be. Six steps: it asks for a number and draws it, twice, writes
/// and exits.
fn two_numbers(bad: fn(u64, u64) -> bool) -> Simulation<impl Program> {
    Simulation::new(program("two numbers", move |ctx: Ctx<()>| async move {
        let (first, second) = (ctx.draw(10).await, ctx.draw(10).await);
        ctx.output(if bad(first, second) { "bad" } else { "good" });
    }))
}

#[test]
fn drawn_numbers() {
    let check = |sum, bad| assert_shrinks_to((0, 6, sum), &two_numbers(bad), || Writes("good"), WRITES);
    check(0, |_, _| true);
    check(12, |first, second| first + second >= 12);
    check(10, |first, second| first >= 4 && first % 2 == 0 && second >= 6 && second % 2 == 0);
    // One number cannot be lowered without the other.
    check(6, |first, second| first == second && first >= 3);
    check(4, |first, second| first == second + 2 && second >= 1);
}

/// A failing schedule of two workers, far from the smallest.
fn lost_update() -> Schedule {
    let runs = (0..100).map(|seed| counter(2).run_with(Random::new(seed), Writes("2")));
    let longest = runs.filter(|run| !run.failures().is_empty()).max_by_key(|run| size(run.schedule()));
    longest.expect("updates are lost now and then").schedule().clone()
}

#[test]
fn little_effort_is_honest() {
    let (simulation, schedule) = (counter(2), lost_update());
    let whole = simulation.shrink(&schedule, || Writes("2")).expect("it fails");
    assert!(whole.minimal && whole.tried < 5_000, "{}", whole.tried);
    let mut last = size(&schedule);
    for effort in 0..=whole.tried + 1 {
        let some = simulation.shrink_with_effort(&schedule, || Writes("2"), effort).expect("it fails");
        assert!(some.tried <= effort.max(1), "the first trial is needed to see how it fails");
        assert_eq!(some.failure.property, WRITES);
        assert!(size(some.run.schedule()) <= last, "more effort is never worse");
        last = size(some.run.schedule());
        // Whoever has used up all effort can't tell whether there is something left to try.
        assert_eq!(some.minimal, effort > whole.tried, "effort {effort} of {}", whole.tried);
    }
    assert_eq!(last, size(whole.run.schedule()));
}

#[test]
fn what_does_not_fail_does_not_shrink() {
    let straight = counter(2).run(rashomon::RoundRobin::new());
    assert!(counter(2).shrink(straight.schedule(), || ()).is_none());
    let fails = |seed: &u64| !counter(2).run_with(Random::new(*seed), Writes("2")).failures().is_empty();
    let seed = (0..100).find(|seed| !fails(seed)).expect("not all fail");
    let run = counter(2).run(Random::new(seed));
    assert!(counter(2).shrink(run.schedule(), || Writes("2")).is_none());
}

#[test]
fn a_schedule_that_fails_in_two_ways_shrinks_to_the_first_of_them() {
    // The early exit alone would need no lost publish, and fewer switches.
    let simulation = pub_sub::simulation(STAGES[0], 2, Clock::Patient, Delivery::Instant);
    let claims = || (NoLostPublish::default(), NoEarlyExit::default());
    let runs = (0..1_000).map(|seed| simulation.run_with(Random::new(seed), claims()));
    let run = runs.into_iter().find(|run| run.failures().len() == 2).expect("both are broken now and then");
    let small = simulation.shrink(run.schedule(), claims).expect("it fails");
    assert_eq!(small.failure.property, "no lost publish");
    assert_eq!(size(small.run.schedule()), (1, 5, 0));
}

#[test]
fn what_is_small_does_not_get_larger() {
    let small = counter(2).shrink(&lost_update(), || Writes("2")).expect("it fails").run;
    let again = counter(2).shrink(small.schedule(), || Writes("2")).expect("it fails").run;
    assert_eq!(again.schedule(), small.schedule());
}
