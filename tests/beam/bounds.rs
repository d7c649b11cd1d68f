//! Each bound of a run, at a small value: it is not hit by what fits, it is hit by one more, and it names itself.

use rashomon::kernel::{Bound, Program};
use rashomon::{Ending, Halt, Limits, Pid, Random, Settings, Simulation, program};

use crate::every::{every, instant, tellings};
use crate::{Ctx, SECOND, wait_forever};

fn limited(limits: Limits) -> Settings {
    Settings { limits, ..instant() }
}

fn steps(steps: u64) -> Settings {
    limited(Limits { steps, ..Limits::default() })
}

fn processes(processes: u32) -> Settings {
    limited(Limits { processes, ..Limits::default() })
}

fn mailbox(mailbox: usize) -> Settings {
    limited(Limits { mailbox, ..Limits::default() })
}

fn time(seconds: u64) -> Settings {
    limited(Limits { time: seconds * 1_000_000_000, ..Limits::default() })
}

fn ending<G: Program>(program: &G, settings: Settings) -> (Option<Ending>, u64) {
    let ends = every(program, settings, |world| (world.ending(), world.steps()));
    let [(&ending, _)] = ends.iter().collect::<Vec<_>>()[..] else { panic!("{ends:?}") };
    ending
}

// --- steps ---

/// Three lines and the exit: four steps.
fn four_steps() -> impl Program {
    program("four steps", |ctx: Ctx| async move {
        for line in ["a", "b", "c"] {
            ctx.output(line);
        }
    })
}

#[test]
fn a_run_may_use_all_its_steps_and_not_one_more() {
    assert_eq!(ending(&four_steps(), steps(4)), (Some(Ending::Halted), 4));
    assert_eq!(ending(&four_steps(), steps(3)), (Some(Ending::Bounded(Bound::Steps)), 3));
    assert_eq!(ending(&four_steps(), steps(0)), (Some(Ending::Bounded(Bound::Steps)), 0));
}

#[test]
fn what_was_done_before_the_bound_is_kept() {
    assert_eq!(tellings(&four_steps(), steps(2)), ["a b; steps"]);
}

#[test]
fn the_steps_of_all_processes_count() {
    let program = program("both", |ctx: Ctx| async move {
        ctx.spawn(|ctx| async move { ctx.output("child") });
        wait_forever(&ctx).await;
    });
    // Spawn, output, exit; and then nothing.
    assert_eq!(ending(&program, steps(4)), (Some(Ending::Deadlock), 3));
    assert_eq!(ending(&program, steps(2)), (Some(Ending::Bounded(Bound::Steps)), 2));
}

#[test]
fn a_process_that_never_waits_is_cut_off() {
    let program = program("endless", |ctx: Ctx| async move {
        loop {
            ctx.yield_now();
        }
    });
    assert_eq!(ending(&program, steps(100)), (Some(Ending::Bounded(Bound::Steps)), 100));
}

#[test]
fn two_processes_that_answer_each_other_for_ever_are_cut_off() {
    let program = program("ping pong", |ctx: Ctx| async move {
        let main = ctx.pid();
        let child = ctx.spawn(move |ctx| async move {
            loop {
                ctx.send(main, ctx.recv().await);
            }
        });
        ctx.send(child, "ball");
        loop {
            ctx.send(child, ctx.recv().await);
        }
    });
    assert_eq!(ending(&program, steps(50)), (Some(Ending::Bounded(Bound::Steps)), 50));
}

// --- processes ---

/// Spawns so many processes, one after the other being gone.
fn spawns(count: u32) -> impl Program {
    program("spawns", move |ctx: Ctx| async move {
        for _ in 0..count {
            let (_, monitor) = ctx.spawn_monitor(|_| async move {});
            ctx.recv_down(monitor).await;
        }
    })
}

#[test]
fn the_main_process_and_the_dead_count_among_the_processes() {
    assert_eq!(ending(&spawns(2), processes(3)).0, Some(Ending::Halted));
    assert_eq!(ending(&spawns(3), processes(3)).0, Some(Ending::Bounded(Bound::Processes)));
    assert_eq!(ending(&spawns(1), processes(1)).0, Some(Ending::Bounded(Bound::Processes)));
}

// --- mailboxes ---

/// Sends so many messages to another, that reads none.
fn sends(count: u32) -> impl Program {
    program("sends", move |ctx: Ctx| async move {
        let child = ctx.spawn(|ctx| async move { wait_forever(&ctx).await });
        for _ in 0..count {
            ctx.send(child, "message");
        }
    })
}

#[test]
fn a_mailbox_that_overflows_is_named() {
    assert_eq!(ending(&sends(2), mailbox(2)).0, Some(Ending::Halted));
    let child = Pid::from_number(2);
    assert_eq!(ending(&sends(3), mailbox(2)).0, Some(Ending::Bounded(Bound::Mailbox(child))));
    assert_eq!(ending(&sends(1), mailbox(0)).0, Some(Ending::Bounded(Bound::Mailbox(child))));
}

#[test]
fn messages_that_were_read_do_not_fill_a_mailbox() {
    let program = program("read", |ctx: Ctx| async move {
        for _ in 0..10 {
            ctx.send(ctx.pid(), "message");
            ctx.recv().await;
        }
    });
    assert_eq!(ending(&program, mailbox(1)).0, Some(Ending::Halted));
}

// --- time ---

fn sleeps(seconds: u64) -> impl Program {
    program("sleeps", move |ctx: Ctx| async move {
        for _ in 0..seconds {
            ctx.sleep(SECOND).await;
        }
    })
}

#[test]
fn time_goes_up_to_its_bound_and_not_beyond() {
    assert_eq!(ending(&sleeps(3), time(3)).0, Some(Ending::Halted));
    assert_eq!(ending(&sleeps(4), time(3)).0, Some(Ending::Bounded(Bound::Time)));
}

#[test]
fn a_timer_beyond_the_bound_of_time_does_no_harm_unless_it_is_waited_for() {
    let program = program("unused timer", |ctx: Ctx| async move {
        ctx.send_after(ctx.pid(), SECOND * 10, "never");
        ctx.sleep(SECOND).await;
    });
    assert_eq!(ending(&program, time(3)).0, Some(Ending::Halted));
}

#[test]
fn a_process_that_wakes_for_ever_is_cut_off_by_time() {
    let ticking = || {
        program("ticking", |ctx: Ctx| async move {
            ctx.spawn(|ctx| async move {
                loop {
                    ctx.sleep(SECOND).await;
                }
            });
        })
    };
    let settings = Settings { halt: Halt::Never, ..time(5) };
    let ends = every(&ticking(), settings, |world| (world.ending(), world.now()));
    assert_eq!(ends.into_keys().collect::<Vec<_>>(), [(Some(Ending::Bounded(Bound::Time)), 5_000_000_000)]);
}

// --- what they say ---

fn said<G: Program>(program: G, settings: Settings) -> String {
    let run = Simulation::new(program).with_settings(settings).run(Random::new(1));
    run.outcome().ending.expect("it has ended").to_string()
}

#[test]
fn each_bound_says_which_it_is() {
    assert_eq!(said(four_steps(), steps(1)), "cut off by the limit of steps");
    assert_eq!(said(spawns(1), processes(1)), "cut off by the limit of processes");
    assert_eq!(
        said(sends(1), mailbox(0)),
        "cut off by the limit of unread messages in the mailbox of #PID<0.2.0>"
    );
    assert_eq!(said(sleeps(1), time(0)), "cut off by the limit of virtual time");
}
