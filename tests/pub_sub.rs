//! The story of the publish-subscribe program: which of its eight stages can lose a publish or end too early, under
//! which assumptions.

use rashomon::explore::{Report, Shrunk};
use rashomon::kernel::Program;
use rashomon::native::Native;
use rashomon::{Clock, Delivery, Random, Run, Simulation};

#[path = "../examples/pub_sub.rs"]
#[allow(
    unreachable_pub,
    dead_code,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::wildcard_enum_match_arm,
    reason = "the example stands by itself, too"
)]
mod program;
use program::{Message, NoEarlyExit, NoLostPublish, STAGES, Stage, simulation};

const SUBSCRIBERS: usize = 10;
const CLOCKS: [Clock; 2] = [Clock::Patient, Clock::Hasty];
const DELIVERIES: [Delivery; 2] = [Delivery::Instant, Delivery::Ordered];

const LOST: &str = "no lost publish";
const EARLY: &str = "no early exit";

/// What is true of a stage, of one race, under one clock; the same under both deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Holds,
    Violated,
}
use Verdict::{Holds, Violated};

/// In the order of the stages: the lost publish under a patient clock and under a hasty one, and the early exit likewise.
const TABLE: [[[Verdict; 2]; 2]; 8] = [
    [[Violated, Violated], [Violated, Violated]], // naive
    [[Violated, Violated], [Holds, Holds]],       // naive, no halt
    [[Holds, Violated], [Violated, Violated]],    // sleep before
    [[Holds, Violated], [Holds, Violated]],       // sleep before and after
    [[Holds, Violated], [Holds, Holds]],          // sleep before, no halt
    [[Holds, Holds], [Violated, Violated]],       // callback
    [[Holds, Holds], [Holds, Holds]],             // callback, no halt
    [[Holds, Holds], [Holds, Holds]],             // callback and notices
];

type Claims = (NoLostPublish, NoEarlyExit);

fn claims() -> Claims {
    Claims::default()
}

/// Every stage with both clocks and both deliveries, and what is true of the two races there.
fn cells() -> impl Iterator<Item = (Stage, Clock, Delivery, [(&'static str, Verdict); 2])> {
    STAGES.into_iter().zip(TABLE).flat_map(|(stage, [lost, early])| {
        (0..2).flat_map(move |clock| {
            let verdicts = [(LOST, lost[clock]), (EARLY, early[clock])];
            DELIVERIES.map(move |delivery| (stage, CLOCKS[clock], delivery, verdicts))
        })
    })
}

/// A race of a stage: a seed that shows it, and how small it gets: the context switches and the steps of the shortest
/// schedule that shows it.
type Race = (usize, Clock, Delivery, &'static str, u64, (usize, usize));

/// How small they are, with ten subscribers. The main process spawns the server and them, 11 steps. Then
/// - it publishes, and the server receives that: 13 steps, a switch; ordered, the delivery is a step and a switch more;
/// - or it publishes and ends: 13 steps, no switch;
/// - or it sleeps for a second in between, which under a hasty clock takes 2 steps (the timer fires, the sleep is over)
///   and 2 switches more, each time;
/// - under a patient clock only when each subscriber has subscribed (10 steps) and the server has received that (10): 22
///   steps more than without a sleep, in turn the main process, the subscribers, the server, the timer, the main process: 13
///   switches; ordered, there are 10 deliveries more, each a switch;
/// - or it waits for a callback to each subscription: the subscribers subscribe (10 steps), the server receives that and
///   calls back (20), the main process receives that (10), publishes and ends: 53 steps, and 12 switches; ordered, there
///   are 10 deliveries to the server, each a switch, and 10 from it, all at once, one switch.
const RACES: [Race; 28] = {
    use Clock::{Hasty, Patient};
    use Delivery::{Instant, Ordered};
    [
        (1, Patient, Instant, LOST, 5, (1, 13)),
        (1, Patient, Instant, EARLY, 0, (0, 13)),
        (1, Patient, Ordered, LOST, 44, (2, 14)),
        (1, Patient, Ordered, EARLY, 0, (0, 13)),
        (1, Hasty, Instant, LOST, 5, (1, 13)),
        (1, Hasty, Instant, EARLY, 0, (0, 13)),
        (1, Hasty, Ordered, LOST, 44, (2, 14)),
        (1, Hasty, Ordered, EARLY, 0, (0, 13)),
        (2, Patient, Instant, LOST, 1, (1, 13)),
        (2, Patient, Ordered, LOST, 0, (2, 14)),
        (2, Hasty, Instant, LOST, 1, (1, 13)),
        (2, Hasty, Ordered, LOST, 0, (2, 14)),
        (3, Patient, Instant, EARLY, 0, (13, 35)),
        (3, Patient, Ordered, EARLY, 0, (23, 45)),
        (3, Hasty, Instant, LOST, 39, (3, 15)),
        (3, Hasty, Instant, EARLY, 0, (2, 15)),
        (3, Hasty, Ordered, LOST, 0, (4, 16)),
        (3, Hasty, Ordered, EARLY, 0, (2, 15)),
        (4, Hasty, Instant, LOST, 6, (3, 15)),
        (4, Hasty, Instant, EARLY, 0, (4, 17)),
        (4, Hasty, Ordered, LOST, 0, (4, 16)),
        (4, Hasty, Ordered, EARLY, 0, (4, 17)),
        (5, Hasty, Instant, LOST, 6, (3, 15)),
        (5, Hasty, Ordered, LOST, 0, (4, 16)),
        (6, Patient, Instant, EARLY, 0, (12, 53)),
        (6, Patient, Ordered, EARLY, 0, (23, 73)),
        (6, Hasty, Instant, EARLY, 0, (12, 53)),
        (6, Hasty, Ordered, EARLY, 0, (23, 73)),
    ]
};

fn breaks(run: &Run, claim: &str) -> bool {
    run.failures().iter().any(|failure| failure.property == claim)
}

#[test]
fn there_is_a_seed_for_each_race_of_the_table() {
    let violated = cells().flat_map(|(stage, clock, delivery, verdicts)| {
        let violated = verdicts.into_iter().filter(|&(_, verdict)| verdict == Violated);
        violated.map(move |(claim, _)| (stage.name, clock, delivery, claim))
    });
    let listed =
        RACES.map(|(number, clock, delivery, claim, ..)| (STAGES[number - 1].name, clock, delivery, claim));
    assert_eq!(violated.collect::<Vec<_>>(), listed);
}

/// Shrinks by one claim alone, so that nothing but what it needs is left.
fn shrink<G>(simulation: &Simulation<G>, run: &Run, claim: &str) -> Option<Shrunk>
where
    G: Program<Process = Native<Message>>,
{
    if claim == LOST {
        simulation.shrink(run.schedule(), NoLostPublish::default)
    } else {
        simulation.shrink(run.schedule(), NoEarlyExit::default)
    }
}

#[test]
fn each_race_shows_under_its_seed_and_shrinks_to_the_least_that_shows_it_and_replays() {
    for (number, clock, delivery, claim, seed, smallest) in RACES {
        let simulation = simulation(STAGES[number - 1], SUBSCRIBERS, clock, delivery);
        let run = simulation.run_with(Random::new(seed), claims());
        assert!(breaks(&run, claim), "stage {number}, {clock:?}, {delivery:?}, {claim}, seed {seed}");
        let shrunk = shrink(&simulation, &run, claim).expect("it fails");
        let schedule = shrunk.run.schedule();
        assert_eq!((schedule.context_switches(), schedule.len()), smallest, "stage {number} {}", shrunk.run);
        assert!(shrunk.minimal);
        assert_eq!(shrunk.failure.property, claim);
        let token = shrunk.run.token().to_string();
        assert!(token.len() < 200, "short enough to be pasted: {token}");
        let replayed = simulation.replay_with(&token, claims()).expect("the token fits");
        assert!(breaks(&replayed, claim) && replayed.schedule() == schedule);
    }
}

/// Each seed shows what it shows under both claims; and what holds, holds for all.
fn assert_holds_for(seeds: u64) {
    for (stage, clock, delivery, verdicts) in cells() {
        if verdicts.iter().all(|&(_, verdict)| verdict == Violated) {
            continue;
        }
        let report: Report = simulation(stage, SUBSCRIBERS, clock, delivery)
            .sweep(0..seeds)
            .without_outcomes()
            .property(claims)
            .run();
        assert_eq!(report.runs, seeds);
        for (claim, verdict) in verdicts {
            let broken = report.failures.get(claim);
            match verdict {
                Holds => assert_eq!(broken, None, "{}, {clock:?}, {delivery:?}, {claim}", stage.name),
                Violated => assert!(broken.is_some(), "{}, {clock:?}, {delivery:?}, {claim}", stage.name),
            }
        }
    }
}

#[test]
fn what_holds_holds_for_a_hundred_thousand_seeds() {
    assert_holds_for(100_000);
}

/// Where in the example a thing stands is no part of the story.
fn without_lines(text: &str) -> String {
    let mut parts = text.split("pub_sub.rs:");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str("pub_sub.rs");
        kept.push_str(
            part.trim_start_matches(|character: char| character.is_ascii_digit() || character == ':'),
        );
    }
    kept.replace("tests/../examples", "examples").replace("tests\\../examples", "examples")
}

fn assert_told(name: &str, run: &Run) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::assert_snapshot!(format!("{name}_lanes"), without_lines(&run.to_string()));
        insta::assert_snapshot!(format!("{name}_json"), without_lines(&run.trace().to_json()));
    });
}

#[test]
fn a_run_is_told_as_lanes_and_as_json() {
    let tell = |name: &str, number: usize, clock, delivery, seed| {
        let run = simulation(STAGES[number - 1], 3, clock, delivery).run_with(Random::new(seed), claims());
        assert_told(name, &run);
    };
    tell("naive", 1, Clock::Patient, Delivery::Instant, 1);
    tell("naive_no_halt_ordered", 2, Clock::Patient, Delivery::Ordered, 2);
    tell("sleep_before_and_after_hasty", 4, Clock::Hasty, Delivery::Instant, 3);
    tell("callback_and_notices", 8, Clock::Patient, Delivery::Instant, 4);
}
