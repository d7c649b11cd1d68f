//! A program that is not deterministic in itself is found out, and told where.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

use rashomon::explore::Nondeterminism;
use rashomon::kernel::{Choices, Program};
use rashomon::strategy::{Deterministic, Manual, Replay, drive};
use rashomon::{Ctx, Limits, Random, Simulation, program};

/// Runs `code` in the main process, and tells it which run this is, counted from 0, as only shared memory can.
fn aware_of_runs<Fut: Future<Output = ()> + 'static>(
    code: impl Fn(Ctx<u64>, u64) -> Fut,
) -> Simulation<impl Program> {
    let runs = Cell::new(0);
    Simulation::new(program("shares memory", move |ctx| code(ctx, runs.replace(runs.get() + 1))))
}

fn difference<Fut: Future<Output = ()> + 'static>(code: impl Fn(Ctx<u64>, u64) -> Fut) -> String {
    let found = aware_of_runs(code).check_determinism(Random::new(1));
    found.expect_err("the program shares memory").to_string()
}

const PREFACE: &str = "the program is not deterministic in itself (does it read a clock, share memory, iterate over a HashMap?): ";

#[test]
fn a_clean_program_passes() {
    let program = program("clean", |ctx: Ctx<u64>| async move {
        let main = ctx.pid();
        for number in 0..5 {
            ctx.spawn(move |ctx| async move { ctx.send(main, number + ctx.draw(1_000_000_000_000).await) });
        }
        for _ in 0..5 {
            ctx.output(ctx.recv().await.to_string());
        }
    });
    for seed in 0..20 {
        assert_eq!(Simulation::new(&program).check_determinism(Random::new(seed)), Ok(()));
    }
}

#[test]
fn a_static_counter_shows_in_what_is_written() {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let program = program("counter", |ctx: Ctx<u64>| async move {
        ctx.yield_now();
        ctx.output(format!("number {}", COUNTER.fetch_add(1, Ordering::Relaxed)));
    });
    let found = Simulation::new(program).check_determinism(Random::new(1));
    let found = found.expect_err("the counter goes on");
    assert!(matches!(found, Nondeterminism::Events { step: 1, .. }));
    assert_eq!(
        found.to_string(),
        format!(
            "{PREFACE}the same choices led to different events: at step 1, the first time:\n  \
             #PID<0.1.0> Output {{ device: Stdout, text: \"number 0\" }}\nand the second time:\n  \
             #PID<0.1.0> Output {{ device: Stdout, text: \"number 1\" }}"
        )
    );
}

#[test]
fn a_cell_that_processes_share_shows_in_what_is_sent() {
    let text = difference(|ctx, run| async move {
        let cell = Rc::new(Cell::new(run));
        let (main, theirs) = (ctx.pid(), Rc::clone(&cell));
        ctx.spawn(move |ctx| async move { ctx.send(main, theirs.get()) });
        ctx.recv().await;
    });
    assert!(
        text.contains("at step 1, the first time:\n  #PID<0.2.0> Sent") && text.contains("message: \"0\""),
        "{text}"
    );
}

#[test]
fn a_receive_that_takes_other_messages_shows_in_what_is_possible() {
    // Each run spawns, sends, and is at the same events; but in the second the main process goes on waiting.
    let text = difference(|ctx, run| async move {
        let main = ctx.pid();
        ctx.spawn(move |ctx| async move {
            ctx.send(main, 7);
            ctx.yield_now();
        });
        ctx.recv_match(move |&number| number > 10 * run).await;
    });
    assert_eq!(
        text,
        format!(
            "{PREFACE}the same choices led to different worlds: before step 2, it was possible the first time that \
             #PID<0.1.0> acts, or #PID<0.2.0> acts; the second time that #PID<0.2.0> acts"
        )
    );
}

#[test]
fn a_second_run_that_ends_sooner_is_a_difference() {
    // In the second run nothing can happen any more once the message is there.
    let text = difference(|ctx, run| async move {
        ctx.send(ctx.pid(), 7);
        ctx.recv_match(move |&number| number > 10 * run).await;
    });
    assert_eq!(
        text,
        format!(
            "{PREFACE}the same choices led to different worlds: before step 1, it was possible the first time that \
             #PID<0.1.0> acts; the second time that nothing happens"
        )
    );
}

#[test]
fn a_second_run_that_goes_on_is_a_difference() {
    let text = difference(|ctx, run| async move {
        ctx.send(ctx.pid(), 7);
        ctx.recv_match(move |&number| run > 0 && number == 7).await;
    });
    assert!(
        text.ends_with(
            "before step 1, it was possible the first time that nothing happens; the second time that #PID<0.1.0> acts"
        ),
        "{text}"
    );
}

#[test]
fn a_draw_from_another_range_is_a_difference() {
    let text = difference(|ctx, run| async move {
        ctx.draw(10 + run).await;
    });
    assert!(text.contains("DrawAsked { below: 10 }") && text.contains("DrawAsked { below: 11 }"), "{text}");
}

/// A clean program that could go on for three steps more than anybody lets it.
fn long() -> Simulation<impl Program> {
    Simulation::new(program("long", |ctx: Ctx<u64>| async move { (0..5).for_each(|_| ctx.yield_now()) }))
}

#[test]
fn a_run_that_is_left_or_cut_off_is_compared_as_far_as_it_goes() {
    let schedule = long().run(Random::new(1)).schedule().choices()[..3].to_vec();
    assert_eq!(long().check_determinism(Replay::new(schedule.into())), Ok(()));
    let mut steps = 0;
    let leaves = Manual::new(|choices: &Choices<'_>| {
        steps += 1;
        choices.get(0).filter(|_| steps <= 3)
    });
    assert_eq!(long().check_determinism(leaves), Ok(()));
    let limits = Limits { steps: 2, ..Limits::default() };
    assert_eq!(long().limits(limits).check_determinism(Random::new(1)), Ok(()));
}

#[test]
fn the_decorator_compares_two_worlds_of_the_callers() {
    let simulation = aware_of_runs(|ctx, run| async move { (0..=run).for_each(|_| ctx.yield_now()) });
    let mut strategy = Deterministic::new(Random::new(1));
    drive(&mut simulation.world(), &mut strategy, &mut ()).expect("a random choice is possible");
    assert_eq!((strategy.schedule().len(), strategy.difference()), (2, None));
    strategy.again();
    drive(&mut simulation.world(), &mut strategy, &mut ()).expect("so is the same choice again");
    let difference = strategy.difference().expect("there is a step more");
    assert_eq!((difference.step, difference.first.len(), difference.second.len()), (2, 0, 1));
}

#[test]
fn the_decorator_notices_a_second_world_that_ends_sooner() {
    let simulation = aware_of_runs(|ctx, run| async move { (run..=2).for_each(|_| ctx.yield_now()) });
    let mut strategy = Deterministic::new(Random::new(1));
    drive(&mut simulation.world(), &mut strategy, &mut ()).expect("a random choice is possible");
    strategy.again();
    drive(&mut simulation.world(), &mut strategy, &mut ()).expect("so is the same choice again");
    assert_eq!(strategy.difference(), None, "nobody has asked it for more");
    let difference = strategy.finish().expect("a step is missing");
    assert_eq!((difference.step, difference.first.len(), difference.second.len()), (3, 1, 0));
}
