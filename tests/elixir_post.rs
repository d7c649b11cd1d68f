//! The story of the publish-subscribe program as Elixir text: which of its stages can lose a publish or end too early, under
//! which assumptions. `tests/pub_sub.rs` tells the same story in Rust.
#![allow(clippy::wildcard_enum_match_arm, reason = "a claim looks at a few kinds of events")]

use std::collections::BTreeSet;

use rashomon::elixir::term::Term;
use rashomon::elixir::{Compilation, ElixirProcess, ElixirProgram, Source, compile};
use rashomon::kernel::{Device, Event, Happening, Observer, Plain, Program, World};
use rashomon::strategy::drive;
use rashomon::{Clock, Delivery, Ending, Failure, Halt, Pid, Property, Random, Settings, Simulation};

type Elixir = ElixirProcess<Plain>;

const CLOCKS: [Clock; 2] = [Clock::Patient, Clock::Hasty];
const DELIVERIES: [Delivery; 2] = [Delivery::Instant, Delivery::Ordered];

const LOST: &str = "no lost publish";
const EARLY: &str = "no early exit";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Holds,
    Violated,
}
use Verdict::{Holds, Violated};

/// A program, what the end of its main process means, and what is true of the lost publish under a patient clock and under a
/// hasty one, and of the early exit likewise; the same under both deliveries.
type Stage = (&'static str, Halt, [Verdict; 2], [Verdict; 2]);

const STAGES: [Stage; 9] = [
    ("naive", Halt::WithMain, [Violated, Violated], [Violated, Violated]),
    ("naive", Halt::Never, [Violated, Violated], [Holds, Holds]),
    ("prints", Halt::WithMain, [Violated, Violated], [Violated, Violated]),
    ("sleep_before", Halt::WithMain, [Holds, Violated], [Violated, Violated]),
    ("sleep_both", Halt::WithMain, [Holds, Violated], [Holds, Violated]),
    ("sleep_before", Halt::Never, [Holds, Violated], [Holds, Holds]),
    ("callback", Halt::WithMain, [Holds, Holds], [Violated, Violated]),
    ("callback", Halt::Never, [Holds, Holds], [Holds, Holds]),
    ("notices", Halt::WithMain, [Holds, Holds], [Holds, Holds]),
];

/// The first seed that shows a race, for each cell that is violated.
type Race = (&'static str, Halt, Clock, Delivery, &'static str, u64);

const RACES: &[Race] = {
    use Clock::{Hasty, Patient};
    use Delivery::{Instant, Ordered};
    use Halt::{Never, WithMain};
    &[
        ("naive", WithMain, Patient, Instant, LOST, 5),
        ("naive", WithMain, Patient, Instant, EARLY, 0),
        ("naive", WithMain, Patient, Ordered, LOST, 44),
        ("naive", WithMain, Patient, Ordered, EARLY, 0),
        ("naive", WithMain, Hasty, Instant, LOST, 5),
        ("naive", WithMain, Hasty, Instant, EARLY, 0),
        ("naive", WithMain, Hasty, Ordered, LOST, 44),
        ("naive", WithMain, Hasty, Ordered, EARLY, 0),
        ("naive", Never, Patient, Instant, LOST, 1),
        ("naive", Never, Patient, Ordered, LOST, 0),
        ("naive", Never, Hasty, Instant, LOST, 1),
        ("naive", Never, Hasty, Ordered, LOST, 0),
        ("prints", WithMain, Patient, Instant, LOST, 31),
        ("prints", WithMain, Patient, Instant, EARLY, 0),
        ("prints", WithMain, Patient, Ordered, LOST, 108),
        ("prints", WithMain, Patient, Ordered, EARLY, 0),
        ("prints", WithMain, Hasty, Instant, LOST, 31),
        ("prints", WithMain, Hasty, Instant, EARLY, 0),
        ("prints", WithMain, Hasty, Ordered, LOST, 108),
        ("prints", WithMain, Hasty, Ordered, EARLY, 0),
        ("sleep_before", WithMain, Patient, Instant, EARLY, 0),
        ("sleep_before", WithMain, Patient, Ordered, EARLY, 0),
        ("sleep_before", WithMain, Hasty, Instant, LOST, 39),
        ("sleep_before", WithMain, Hasty, Instant, EARLY, 0),
        ("sleep_before", WithMain, Hasty, Ordered, LOST, 0),
        ("sleep_before", WithMain, Hasty, Ordered, EARLY, 0),
        ("sleep_both", WithMain, Hasty, Instant, LOST, 6),
        ("sleep_both", WithMain, Hasty, Instant, EARLY, 0),
        ("sleep_both", WithMain, Hasty, Ordered, LOST, 0),
        ("sleep_both", WithMain, Hasty, Ordered, EARLY, 0),
        ("sleep_before", Never, Hasty, Instant, LOST, 6),
        ("sleep_before", Never, Hasty, Ordered, LOST, 0),
        ("callback", WithMain, Patient, Instant, EARLY, 0),
        ("callback", WithMain, Patient, Ordered, EARLY, 0),
        ("callback", WithMain, Hasty, Instant, EARLY, 0),
        ("callback", WithMain, Hasty, Ordered, EARLY, 0),
    ]
};

fn program(name: &str) -> ElixirProgram<Plain> {
    let path = format!("{}/tests/elixir/post/{name}.exs", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the program can be read");
    let source = Source { name: &format!("{name}.exs"), text: &text };
    let Ok(Compilation { program, .. }) = compile(&[source]) else { panic!("{name} does not compile") };
    program
}

/// The first element of a message that is a tuple.
fn tag(message: &Term) -> &str {
    match message.as_tuple() {
        Some([Term::Atom(tag), ..]) => tag.text(),
        _ => "",
    }
}

/// What each subscriber has come to. The main process starts the server first, and then the subscribers.
#[derive(Clone, Debug, Default)]
struct Progress {
    server: Option<Pid>,
    started: BTreeSet<Pid>,
    subscribed: usize,
    written: BTreeSet<Pid>,
    published: bool,
}

impl Observer<Elixir> for Progress {
    fn observe(&mut self, event: &Event<'_, Elixir>) {
        match &event.happening {
            Happening::Spawned { child, .. } if self.server.is_none() => self.server = Some(*child),
            Happening::Spawned { child, .. } => {
                self.started.insert(*child);
            }
            Happening::Received { message, .. } if tag(message) == "subscribe" => self.subscribed += 1,
            Happening::Sent { message, .. } if tag(message) == "publish" => self.published = true,
            Happening::Output { device: Device::Stdout, .. } if self.started.contains(&event.process) => {
                self.written.insert(event.process);
            }
            _ => {}
        }
    }
}

/// The claims that no publish is lost, and that the world does not halt before all is written.
#[derive(Clone, Debug, Default)]
struct Claims {
    progress: Progress,
    missed: usize,
}

impl Observer<Elixir> for Claims {
    fn observe(&mut self, event: &Event<'_, Elixir>) {
        self.progress.observe(event);
        if let Happening::Received { message, .. } = event.happening
            && tag(message) == "publish"
        {
            self.missed = self.progress.started.len() - self.progress.subscribed;
        }
    }
}

impl Property<Elixir> for Claims {
    fn judge(&self, world: &World<Elixir>, failures: &mut Vec<Failure>) {
        let Progress { started, written, published, .. } = &self.progress;
        if self.missed > 0 {
            failures.push(Failure::new(LOST, format!("not subscribed: {}", self.missed)));
        }
        let missing = started.len() - written.len();
        if world.ending() == Some(Ending::Halted) && *published && missing > 0 {
            failures.push(Failure::new(EARLY, format!("not written: {missing}")));
        }
    }
}

fn simulation(name: &str, halt: Halt, clock: Clock, delivery: Delivery) -> Simulation<ElixirProgram<Plain>> {
    Simulation::new(program(name)).halt(halt).clock(clock).delivery(delivery)
}

/// Every stage under both clocks and both deliveries, and what is true of the two races there.
fn cells() -> impl Iterator<Item = (&'static str, Halt, Clock, Delivery, [(&'static str, Verdict); 2])> {
    STAGES.into_iter().flat_map(|(name, halt, lost, early)| {
        (0..2).flat_map(move |clock| {
            let verdicts = [(LOST, lost[clock]), (EARLY, early[clock])];
            DELIVERIES.map(move |delivery| (name, halt, CLOCKS[clock], delivery, verdicts))
        })
    })
}

#[test]
fn there_is_a_seed_for_each_race_of_the_table() {
    let violated = cells().flat_map(|(name, halt, clock, delivery, verdicts)| {
        let violated = verdicts.into_iter().filter(|&(_, verdict)| verdict == Violated);
        violated.map(move |(claim, _)| (name, halt, clock, delivery, claim))
    });
    let listed =
        RACES.iter().map(|&(name, halt, clock, delivery, claim, _)| (name, halt, clock, delivery, claim));
    assert!(violated.eq(listed));
}

#[test]
fn each_race_shows_under_its_seed() {
    for &(name, halt, clock, delivery, claim, seed) in RACES {
        let run = simulation(name, halt, clock, delivery).run_with(Random::new(seed), Claims::default());
        let shown = run.failures().iter().any(|failure| failure.property == claim);
        assert!(shown, "{name}, {halt:?}, {clock:?}, {delivery:?}, {claim}, seed {seed}");
    }
}

#[test]
fn what_holds_holds_for_two_thousand_seeds_and_what_does_not_fails_first_under_the_seed_that_is_listed() {
    let mut wrong = Vec::new();
    for (name, halt, clock, delivery, verdicts) in cells() {
        let report = simulation(name, halt, clock, delivery)
            .sweep(0..2_000)
            .without_outcomes()
            .property(Claims::default)
            .run();
        for (claim, verdict) in verdicts {
            let first = report.failures.get(claim).map(|broken| broken.seen.first_seed);
            let listed = RACES
                .iter()
                .find(|race| (race.0, race.1, race.2, race.3, race.4) == (name, halt, clock, delivery, claim))
                .map(|race| race.5);
            if first != listed || first.is_some() != (verdict == Violated) {
                wrong
                    .push(format!("(\"{name}\", {halt:?}, {clock:?}, {delivery:?}, \"{claim}\", {first:?})"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a program writes to standard output when nothing halts it, under many seeds.
fn written(name: &str) -> Vec<String> {
    let program = program(name);
    let mut world = program.world(Settings { halt: Halt::Never, ..Settings::default() });
    let mut all = Vec::new();
    for seed in 0..200 {
        if seed > 0 {
            program.rewind(&mut world);
        }
        drive(&mut world, &mut Random::new(seed), &mut ()).expect("what is random is possible");
        let mut text = String::new();
        world.each_written(|written| text += &written.text.to_string());
        all.push(text);
    }
    all
}

#[test]
fn the_first_program_tells_who_does_what() {
    for text in written("processes") {
        assert_eq!(text.lines().count(), 4, "{text}");
        assert!(
            text.lines().next().is_some_and(|line| line.ends_with(" launches other processes...")),
            "{text}"
        );
        assert!(text.contains("received from #PID<") && text.ends_with("Hello other process!\n"), "{text}");
    }
}

#[test]
fn after_a_sleep_all_subscribe_before_the_publish() {
    for text in written("sleep_before_prints") {
        let (head, tail) = text.split_once("Publishing...\n").expect("it is published");
        assert_eq!(head, "Subscribing...\n".repeat(10));
        assert!(
            tail.lines().count() == 10
                && tail.lines().all(|line| line.ends_with(" received:  Hello everyone!"))
        );
    }
}
