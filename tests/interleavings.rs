//! What can happen next is exactly what the rules say: the schedules of tiny programs, counted by hand and by brute
//! force.
//!
//! A process can only do its next step after its last one, and a child only after its spawn. So the steps of these
//! programs form trees, in which each step comes right after one other, and a tree of n steps has
//! n! / (the product of the sizes of all its subtrees) orderings.

use std::collections::BTreeSet;
use std::time::Duration;

use rashomon::kernel::{Choice, Program};
use rashomon::{Clock, Ctx, Delivery, Halt, Pid, Schedule, Simulation, program};

#[path = "support/enumerate.rs"]
mod enumerate;
use enumerate::{count, every_schedule};

/// Two processes that take this many steps after the spawn, the exit included.
fn two(main: usize, child: usize) -> impl Program {
    program("two", move |ctx: Ctx<()>| async move {
        ctx.spawn(move |ctx| async move { (1..child).for_each(|_| ctx.yield_now()) });
        (1..main).for_each(|_| ctx.yield_now());
    })
}

const CHILD: Pid = Pid::from_number(2);

/// A schedule as a word: `m` for a step of the main process, `c` for one of its first child, `d` for a delivery, `f`
/// for a timer.
fn word(schedule: &Schedule) -> String {
    let letter = |choice: &Choice| match *choice {
        Choice::Run(Pid::MAIN) => 'm',
        Choice::Run(CHILD) => 'c',
        Choice::Run(_) => 'o',
        Choice::Deliver { .. } => 'd',
        Choice::Fire(_) => 'f',
        Choice::Draw(value) => char::from(b'0' + value as u8),
    };
    schedule.choices().iter().map(letter).collect()
}

fn words<G: Program>(simulation: &Simulation<G>) -> Vec<String> {
    let mut words = Vec::new();
    every_schedule(simulation, || (), |told| words.push(word(&told.schedule)));
    let different: BTreeSet<_> = words.iter().collect();
    assert_eq!(different.len(), words.len(), "each schedule is visited once");
    words
}

#[test]
fn two_processes_interleave_in_every_way() {
    // After the spawn, the two steps of the main process (a yield, and its exit) and the four of the child (three yields,
    // and its exit) come in any order: C(6, 2) = 15.
    let expected = [
        "mmmcccc", "mmcmccc", "mmccmcc", "mmcccmc",
        "mmccccm", // the yield of the main process comes first
        "mcmmccc", "mcmcmcc", "mcmccmc", "mcmcccm", // … after one step of the child
        "mccmmcc", "mccmcmc", "mccmccm", // … after two
        "mcccmmc", "mcccmcm", // … after three
        "mccccmm", // … after its exit
    ];
    assert_eq!(words(&Simulation::new(two(2, 4)).halt(Halt::Never)), expected);
}

#[test]
fn the_end_of_the_main_process_cuts_schedules_short_but_makes_them_no_fewer() {
    // What was left to the child after the exit of the main process had only one order anyway: 15 again.
    let expected = [
        "mmm", "mmcm", "mmccm", "mmcccm", "mmccccm", "mcmm", "mcmcm", "mcmccm", "mcmcccm", "mccmm", "mccmcm",
        "mccmccm", "mcccmm", "mcccmcm", "mccccmm",
    ];
    assert_eq!(words(&Simulation::new(two(2, 4))), expected);
}

#[test]
fn a_spawn_comes_before_the_child() {
    // Spawn a, spawn b, exit; a: 2 yields and exit; b: 4 yields and exit. 11 steps; the subtrees: the first
    // spawn 11, a's steps 3, 2, 1, the second spawn 1 + 1 + 5 = 7, the exit 1, b's steps 5, 4, 3, 2, 1.
    // 11! / (11 · 6 · 7 · 120) = 720.
    let program = program("spawns", |ctx: Ctx<()>| async move {
        ctx.spawn(|ctx| async move { (0..2).for_each(|_| ctx.yield_now()) });
        ctx.spawn(|ctx| async move { (0..4).for_each(|_| ctx.yield_now()) });
    });
    assert_eq!(count(&Simulation::new(program).halt(Halt::Never)), 720);
}

fn letter() -> impl Program {
    program("letter", |ctx: Ctx<()>| async move {
        let child = ctx.spawn(|ctx| async move { ctx.recv().await });
        ctx.send(child, ());
    })
}

#[test]
fn a_receive_waits_for_its_message() {
    // Spawn, send, and then the exit of the main process against the receive and the exit of the child: C(3, 1) = 3.
    assert_eq!(words(&Simulation::new(letter()).halt(Halt::Never)), ["mmmcc", "mmcmc", "mmccm"]);
}

#[test]
fn under_ordered_delivery_the_arrival_is_a_step_of_its_own() {
    // As before, but the child's part has three steps: C(4, 1) = 4.
    let simulation = Simulation::new(letter()).halt(Halt::Never).delivery(Delivery::Ordered);
    assert_eq!(words(&simulation), ["mmmdcc", "mmdmcc", "mmdcmc", "mmdccm"]);
}

#[test]
fn two_letters_of_one_sender_keep_their_order_and_those_of_two_senders_do_not() {
    // The world ends with the main process, which waits for two letters; who sends them needs no other step before.
    let arrivals = |senders: u8| {
        let program = program("letters", move |ctx: Ctx<u8>| async move {
            let main = ctx.pid();
            for sender in 0..senders {
                ctx.spawn(move |ctx| async move {
                    (0..2 / senders).for_each(|letter| ctx.send(main, sender + letter));
                });
            }
            let first = ctx.recv().await;
            ctx.output(format!("{first}{}", ctx.recv().await));
        });
        let mut seen = BTreeSet::new();
        let simulation = Simulation::new(program).delivery(Delivery::Ordered);
        every_schedule(
            &simulation,
            || (),
            |told| {
                seen.extend(told.world.outcome().lines().map(|(_, line)| line.to_owned()));
            },
        );
        seen.into_iter().collect::<Vec<_>>()
    };
    assert_eq!(arrivals(1), ["01"]);
    assert_eq!(arrivals(2), ["01", "10"]);
}

fn sleeper() -> impl Program {
    program("sleeper", |ctx: Ctx<()>| async move {
        ctx.spawn(|ctx| async move { ctx.yield_now() });
        ctx.sleep(Duration::from_secs(1)).await;
    })
}

#[test]
fn a_patient_clock_waits_until_nobody_can_act() {
    assert_eq!(words(&Simulation::new(sleeper())), ["mccfmm"]);
}

#[test]
fn a_hasty_clock_waits_for_nobody() {
    // The timer, the end of the sleep and the exit against the two steps of the child: C(5, 2) = 10 while all are let
    // finish.
    let expected =
        ["mccfmm", "mcfmmc", "mcfmcm", "mcfcmm", "mfmmcc", "mfmcmc", "mfmccm", "mfcmmc", "mfcmcm", "mfccmm"];
    let simulation = Simulation::new(sleeper()).clock(Clock::Hasty).halt(Halt::Never);
    assert_eq!(words(&simulation), expected);
}

#[test]
fn every_number_is_drawn_and_nothing_else_happens_meanwhile() {
    // The child's single step (its exit) can come at three moments: before the first draw is asked for, before the
    // second, and before the exit of the main process, which ends the world; or not at all. 4 · 2 · 3 = 24.
    let program = program("draws", |ctx: Ctx<()>| async move {
        ctx.spawn(|_| async {});
        ctx.draw(2).await;
        ctx.draw(3).await;
    });
    let words = words(&Simulation::new(program));
    assert_eq!(words.len(), 24);
    for (first, second) in [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)] {
        for moment in [
            format!("mcm{first}m{second}m"),
            format!("mm{first}cm{second}m"),
            format!("mm{first}m{second}cm"),
            format!("mm{first}m{second}m"),
        ] {
            assert!(words.contains(&moment), "{moment}");
        }
    }
}

#[test]
fn a_death_is_told_to_each_link_and_monitor_in_a_step_of_its_own() {
    // The main process monitors its child, which exits: the exit, the news, and the receive have one order, before which,
    // between which and after which the bystander exits, if the end of the world does not come first: the steps after both
    // spawns are x (exit), d (news), r (receive), m (main exits) in a row and the bystander's one step in 5 places,
    // the last of which is cut off by the end: it is "not at all". The bystander is spawned first, so that there are two
    // places more: before the second spawn, and right after it; the latter has been counted. 6.
    let program = program("news", |ctx: Ctx<()>| async move {
        ctx.spawn(|_| async {});
        let (_, reference) = ctx.spawn_monitor(|_| async {});
        ctx.recv_down(reference).await;
    });
    let expected = ["mmodmm", "mmodmcm", "mmodcmm", "mmocdmm", "mmcodmm", "mcmodmm"];
    let mut words = words(&Simulation::new(program));
    words.sort_by_key(|word| std::cmp::Reverse(word.find('c').unwrap_or(usize::MAX)));
    assert_eq!(words, expected);
}
