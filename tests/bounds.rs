//! Whatever grows without end is cut off, and the ending of the run says by which bound.

use std::time::Duration;

use rashomon::kernel::{Bound, Program};
use rashomon::native::Native;
use rashomon::{
    Clock, Ctx, Delivery, Ending, Halt, Healthy, Limits, Pid, Random, RoundRobin, Run, Simulation, program,
};

type Number = Ctx<u64>;

fn ending_of(run: &Run) -> Option<Ending> {
    run.outcome().ending
}

/// Runs the main process under a bound of 1,000 steps.
fn thousand_steps<Fut: Future<Output = ()> + 'static>(main: impl Fn(Number) -> Fut) -> Run {
    let limits = Limits { steps: 1_000, ..Limits::default() };
    Simulation::new(program("endless", main)).limits(limits).run(RoundRobin::new())
}

#[test]
fn endless_loops_of_any_action_end_at_the_bound_of_steps() {
    let sends_to_nobody = thousand_steps(|ctx| async move {
        loop {
            ctx.send(Pid::from_number(99), 1);
        }
    });
    let yields = thousand_steps(|ctx| async move {
        loop {
            ctx.yield_now();
        }
    });
    let writes = thousand_steps(|ctx| async move {
        loop {
            ctx.output("again");
        }
    });
    let polls = thousand_steps(|ctx| async move { while ctx.try_recv().await.is_none() {} });
    let sleeps = thousand_steps(|ctx| async move {
        loop {
            ctx.sleep(Duration::from_nanos(1)).await;
        }
    });
    let talks_to_itself = thousand_steps(|ctx| async move {
        loop {
            ctx.send(ctx.pid(), 1);
            ctx.recv().await;
        }
    });
    let wakes_itself = thousand_steps(|_| {
        std::future::poll_fn(|context| {
            context.waker().wake_by_ref();
            std::task::Poll::Pending
        })
    });
    let monitors = thousand_steps(|ctx| async move {
        loop {
            ctx.monitor(Pid::MAIN);
        }
    });
    for run in [sends_to_nobody, yields, writes, polls, sleeps, talks_to_itself, wakes_itself, monitors] {
        assert_eq!(ending_of(&run), Some(Ending::Bounded(Bound::Steps)), "{:?}", run.trace().events.last());
        assert_eq!((run.schedule().len(), run.trace().events.len()), (1_000, 1_000));
        assert!(run.outcome().crashes.is_empty());
    }
}

#[test]
fn a_bound_of_steps_is_exact() {
    // Two yields and the exit: three steps.
    let simulation = |steps| {
        Simulation::new(program("three steps", |ctx: Number| async move {
            ctx.yield_now();
            ctx.yield_now();
        }))
        .limits(Limits { steps, ..Limits::default() })
        .run_with(Random::new(1), Healthy)
    };
    for steps in 0..3 {
        let run = simulation(steps);
        assert_eq!(ending_of(&run), Some(Ending::Bounded(Bound::Steps)));
        assert_eq!(run.schedule().len() as u64, steps);
        assert_eq!(run.failures()[0].to_string(), "within bounds: the run was cut off by the limit of steps");
    }
    assert_eq!(ending_of(&simulation(3)), Some(Ending::Halted));
}

/// Each process spawns two more.
async fn bomb(ctx: Number) {
    for _ in 0..2 {
        ctx.spawn(|ctx| Box::pin(bomb(ctx)) as std::pin::Pin<Box<dyn Future<Output = ()>>>);
    }
    ctx.recv().await;
}

#[test]
fn a_spawn_bomb_ends_at_the_bound_of_processes() {
    let simulation = Simulation::new(program("bomb", bomb));
    for processes in [1, 2, 10, 1_000] {
        let limits = Limits { processes, ..Limits::default() };
        let run = simulation.clone_under(limits).run(RoundRobin::new());
        assert_eq!(ending_of(&run), Some(Ending::Bounded(Bound::Processes)));
        // The main process counts.
        assert_eq!(
            run.trace().events.len() as u32,
            processes - 1,
            "no spawn but those that there is room for"
        );
    }
}

#[test]
fn the_dead_count_against_the_bound_of_processes() {
    let run = Simulation::new(program("generations", |ctx: Number| async move {
        loop {
            let (_, reference) = ctx.spawn_monitor(|_| async {});
            ctx.recv_down(reference).await;
        }
    }))
    .limits(Limits { processes: 50, ..Limits::default() })
    .run(RoundRobin::new());
    assert_eq!(ending_of(&run), Some(Ending::Bounded(Bound::Processes)));
    assert_eq!(run.trace().alive.len(), 1);
}

#[test]
fn a_mailbox_that_nobody_reads_ends_at_its_bound() {
    let program = program("hoard", |ctx: Number| async move {
        let child = ctx.spawn(|ctx| async move { drop(ctx.recv_any_match(|_| false).await) });
        for number in 1.. {
            ctx.send(child, number);
        }
    });
    for (delivery, mailbox) in [(Delivery::Instant, 0), (Delivery::Instant, 7), (Delivery::Ordered, 7)] {
        let limits = Limits { mailbox, steps: 10_000, ..Limits::default() };
        let run = Simulation::new(&program).delivery(delivery).limits(limits).run(RoundRobin::new());
        let child = Pid::from_number(2);
        assert_eq!(ending_of(&run), Some(Ending::Bounded(Bound::Mailbox(child))));
        let stuck = run.trace().alive.iter().find(|stuck| stuck.pid == child).expect("it lives");
        assert_eq!(stuck.unread.len(), mailbox + 1, "the one that was too many is shown too");
    }
}

#[test]
fn virtual_time_ends_at_its_bound() {
    let run = |time| {
        Simulation::new(program("clock", |ctx: Number| async move {
            for second in 1.. {
                ctx.sleep(Duration::from_secs(1)).await;
                ctx.output(second.to_string());
            }
        }))
        .limits(Limits { time, ..Limits::default() })
        .run(RoundRobin::new())
    };
    for (time, seconds) in [(0, 0), (999_999_999, 0), (1_000_000_000, 1), (3_500_000_000, 3)] {
        let run = run(time);
        assert_eq!(ending_of(&run), Some(Ending::Bounded(Bound::Time)));
        assert_eq!(run.outcome().lines().count(), seconds);
        assert!(run.trace().events.iter().all(|event| event.time <= time));
    }
}

const NONE: Limits = Limits { steps: 0, processes: 0, mailbox: 0, time: 0 };
const ALL: Limits = Limits { steps: u64::MAX, processes: u32::MAX, mailbox: usize::MAX, time: u64::MAX };

/// Something of everything that is bounded.
fn sample() -> impl Program<Process = Native<u64>> {
    program("sample", |ctx: Number| async move {
        let child = ctx.spawn(|ctx| async move { drop(ctx.recv_any_timeout(Duration::MAX).await) });
        ctx.send(child, 1);
        ctx.sleep(Duration::MAX).await;
        ctx.sleep(Duration::MAX).await;
        let time = ctx.now().await;
        ctx.output(format!("{time:?}"));
    })
}

#[test]
fn the_smallest_limits_end_the_run_before_it_begins() {
    let run = Simulation::new(sample()).limits(NONE).run(RoundRobin::new());
    assert_eq!((ending_of(&run), run.schedule().len()), (Some(Ending::Bounded(Bound::Steps)), 0));
    // And each by itself: nothing is spawned, nothing arrives, no time goes by.
    let first = [
        (Limits { processes: 0, ..ALL }, Bound::Processes),
        (Limits { mailbox: 0, ..ALL }, Bound::Mailbox(Pid::from_number(2))),
        (Limits { time: 0, ..ALL }, Bound::Time),
    ];
    for (limits, bound) in first {
        for clock in [Clock::Patient, Clock::Hasty] {
            let run = Simulation::new(sample()).clock(clock).limits(limits).run(RoundRobin::new());
            assert_eq!(ending_of(&run), Some(Ending::Bounded(bound)));
        }
    }
}

#[test]
fn the_largest_limits_and_the_longest_times_do_not_overflow() {
    for delivery in [Delivery::Instant, Delivery::Ordered] {
        for clock in [Clock::Patient, Clock::Hasty] {
            for seed in 0..30 {
                let simulation =
                    Simulation::new(sample()).delivery(delivery).clock(clock).halt(Halt::Never).limits(ALL);
                let run = simulation.run(Random::new(seed));
                assert!(matches!(ending_of(&run), Some(Ending::Idle)), "{run}");
                let lines: Vec<&str> = run.outcome().lines().map(|(_, line)| line).collect();
                // The end of time: 2^64 - 1 nanoseconds.
                assert_eq!(lines, ["18446744073.709551615s"]);
                let token = run.token().to_string();
                assert_eq!(simulation.replay(&token).expect("it fits").token(), run.token());
            }
        }
    }
}

#[test]
fn a_timer_that_is_due_at_the_end_of_time_is_beyond_the_usual_bound() {
    let run = Simulation::new(program("patience", |ctx: Number| async move {
        let timer = ctx.send_after(ctx.pid(), Duration::MAX, 1);
        let left = ctx.read_timer(timer).await;
        assert_eq!(left, Some(Duration::from_nanos(u64::MAX)));
        ctx.recv().await;
    }))
    .run(RoundRobin::new());
    assert_eq!(ending_of(&run), Some(Ending::Bounded(Bound::Time)), "{run}");
}

/// The same program under other limits.
trait CloneUnder<G> {
    fn clone_under(&self, limits: Limits) -> Simulation<&G>;
}

impl<G: Program> CloneUnder<G> for Simulation<G> {
    fn clone_under(&self, limits: Limits) -> Simulation<&G> {
        Simulation::new(self.program()).limits(limits)
    }
}
