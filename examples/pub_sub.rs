//! A publish-subscribe server in thirty lines, and eight ways to use it of which three are right.
//!
//! The main process starts a server and ten subscribers, and publishes a message. Two things can go wrong:
//!
//! * *lost publish*: the server handles the publish while a subscriber that was started has not been subscribed;
//! * *early exit*: the world halts although a publish was sent and some subscriber that was started has not written
//!   the message out.
//!
//! Run it with `cargo run --release --example pub_sub`, or `… -- STAGE SEED` for the lanes of one run.

#![allow(dead_code, unreachable_pub, reason = "tests and benchmarks include this file for its program")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example shows")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a claim looks at a few kinds of events")]

use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use rashomon::kernel::{Event, Happening, Observer, Program, World};
use rashomon::native::Native;
use rashomon::{Clock, Ctx, Delivery, Ending, Failure, Halt, Incoming, Pid, Property, Simulation, program};

/// What the processes send each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// To the server: forward this text to all subscribers.
    Publish(Rc<str>),
    /// To the server: this process wants to be told.
    Subscribe(Pid),
    /// To a subscriber: this was published.
    Published(Rc<str>),
    /// To the main process: this process has been subscribed.
    Subscriber(Pid),
    /// To the main process: this text has been written.
    Written(Rc<str>),
}

/// How the main process waits for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Not at all.
    No,
    /// For a second.
    Sleep,
    /// Until it has been told.
    Told,
}

/// One way to use the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// What people call it.
    pub name: &'static str,
    /// How it waits for the subscriptions before it publishes.
    pub before: Wait,
    /// How it waits for the writes before it ends.
    pub after: Wait,
    /// What its end means.
    pub halt: Halt,
}

const fn stage(name: &'static str, before: Wait, after: Wait, halt: Halt) -> Stage {
    Stage { name, before, after, halt }
}

/// The eight stages, in the order of the story.
pub const STAGES: [Stage; 8] = [
    stage("naive", Wait::No, Wait::No, Halt::WithMain),
    stage("naive, no halt", Wait::No, Wait::No, Halt::Never),
    stage("sleep before", Wait::Sleep, Wait::No, Halt::WithMain),
    stage("sleep before and after", Wait::Sleep, Wait::Sleep, Halt::WithMain),
    stage("sleep before, no halt", Wait::Sleep, Wait::No, Halt::Never),
    stage("callback", Wait::Told, Wait::No, Halt::WithMain),
    stage("callback, no halt", Wait::Told, Wait::No, Halt::Never),
    stage("callback and notices", Wait::Told, Wait::Told, Halt::WithMain),
];

async fn server(ctx: Ctx<Message>, callback: impl Fn(&Ctx<Message>, Pid)) {
    let mut subscribers = Vec::new();
    loop {
        match ctx.recv().await {
            Message::Publish(text) => {
                for &subscriber in subscribers.iter().rev() {
                    ctx.send(subscriber, Message::Published(Rc::clone(&text)));
                }
            }
            Message::Subscribe(subscriber) => {
                callback(&ctx, subscriber);
                subscribers.push(subscriber);
            }
            Message::Published(_) | Message::Subscriber(_) | Message::Written(_) => {}
        }
    }
}

async fn subscriber(ctx: Ctx<Message>, server: Pid, notice_to: Option<Pid>) {
    ctx.send(server, Message::Subscribe(ctx.pid()));
    loop {
        if let Message::Published(text) = ctx.recv().await {
            ctx.output(format!("{} received:  {text}", ctx.pid()));
            if let Some(main) = notice_to {
                ctx.send(main, Message::Written(text));
            }
        }
    }
}

async fn wait(ctx: &Ctx<Message>, how: Wait, count: usize, is_it: fn(&Message) -> bool) {
    match how {
        Wait::No => {}
        Wait::Sleep => ctx.sleep(Duration::from_secs(1)).await,
        Wait::Told => {
            for _ in 0..count {
                ctx.recv_match(is_it).await;
            }
        }
    }
}

/// The program at one stage, with so many subscribers.
pub fn pub_sub(stage: Stage, subscribers: usize) -> impl Program<Process = Native<Message>> + Sync {
    program(format!("pub_sub: {}", stage.name), move |ctx: Ctx<Message>| async move {
        let main = ctx.pid();
        let told = stage.before == Wait::Told;
        let server = ctx.builder("server").spawn(move |ctx| {
            server(ctx, move |ctx, subscriber| {
                if told {
                    ctx.send(main, Message::Subscriber(subscriber));
                }
            })
        });
        let notice_to = (stage.after == Wait::Told).then_some(main);
        for _ in 0..subscribers {
            ctx.builder("subscriber").spawn(move |ctx| subscriber(ctx, server, notice_to));
        }
        wait(&ctx, stage.before, subscribers, |message| matches!(message, Message::Subscriber(_))).await;
        ctx.send(server, Message::Publish("Hello everyone!".into()));
        wait(&ctx, stage.after, subscribers, |message| matches!(message, Message::Written(_))).await;
    })
}

/// A stage under the two assumptions.
pub fn simulation(
    stage: Stage,
    subscribers: usize,
    clock: Clock,
    delivery: Delivery,
) -> Simulation<impl Program<Process = Native<Message>> + Sync> {
    Simulation::new(pub_sub(stage, subscribers)).halt(stage.halt).clock(clock).delivery(delivery)
}

/// What each subscriber has come to.
#[derive(Clone, Debug, Default)]
struct Progress {
    /// How many subscribers were started.
    started: usize,
    /// Those that the server has subscribed.
    subscribed: BTreeSet<Pid>,
    /// Those that have written the message out.
    written: BTreeSet<Pid>,
    published: bool,
}

impl Observer<Native<Message>> for Progress {
    fn observe(&mut self, event: &Event<'_, Native<Message>>) {
        match &event.happening {
            Happening::Spawned { label: Some(label), .. } if label.as_str() == "subscriber" => {
                self.started += 1
            }
            Happening::Received { message: Incoming::Message(Message::Subscribe(pid)), .. } => {
                self.subscribed.insert(*pid);
            }
            Happening::Sent { message: Incoming::Message(Message::Publish(_)), .. } => self.published = true,
            Happening::Output { .. } => {
                self.written.insert(event.process);
            }
            _ => {}
        }
    }
}

/// The claim that no publish is lost.
#[derive(Clone, Debug, Default)]
pub struct NoLostPublish {
    progress: Progress,
    missed: Option<usize>,
}

impl Observer<Native<Message>> for NoLostPublish {
    fn observe(&mut self, event: &Event<'_, Native<Message>>) {
        self.progress.observe(event);
        if let Happening::Received { message: Incoming::Message(Message::Publish(_)), .. } = event.happening {
            let missed = self.progress.started - self.progress.subscribed.len();
            self.missed = Some(missed).filter(|&missed| missed > 0);
        }
    }
}

impl Property<Native<Message>> for NoLostPublish {
    fn judge(&self, _world: &World<Native<Message>>, failures: &mut Vec<Failure>) {
        if let Some(missed) = self.missed {
            let started = self.progress.started;
            let detail = format!("not subscribed when the server published: {missed} of {started}");
            failures.push(Failure::new("no lost publish", detail));
        }
    }

    fn is_broken(&self) -> bool {
        self.missed.is_some()
    }
}

/// The claim that the world does not halt before all is written.
#[derive(Clone, Debug, Default)]
pub struct NoEarlyExit(Progress);

impl Observer<Native<Message>> for NoEarlyExit {
    fn observe(&mut self, event: &Event<'_, Native<Message>>) {
        self.0.observe(event);
    }
}

impl Property<Native<Message>> for NoEarlyExit {
    fn judge(&self, world: &World<Native<Message>>, failures: &mut Vec<Failure>) {
        let missing = self.0.started - self.0.written.len();
        if world.ending() == Some(Ending::Halted) && self.0.published && missing > 0 {
            let started = self.0.started;
            let detail = format!("not written when the world halted: {missing} of {started}");
            failures.push(Failure::new("no early exit", detail));
        }
    }
}

/// Each stage under each clock: the first of 1,000 seeds that shows a race, and how many show it.
pub fn table() -> String {
    let mut text = format!("{:<23} {:<8} {:<19} early exit\n", "stage", "clock", "lost publish");
    for stage in STAGES {
        for (clock, name) in [(Clock::Patient, "patient"), (Clock::Hasty, "hasty")] {
            let simulation = simulation(stage, 10, clock, Delivery::Instant);
            let report = simulation
                .sweep(0..1_000)
                .without_outcomes()
                .property(|| (NoLostPublish::default(), NoEarlyExit::default()))
                .run();
            let cell = |property| match report.failures.get(property) {
                Some(broken) => format!("{} (first: {})", broken.seen.runs, broken.seen.first_seed),
                None => "-".to_owned(),
            };
            let (lost, early) = (cell("no lost publish"), cell("no early exit"));
            text += &format!("{:<23} {name:<8} {lost:<19} {early}\n", stage.name);
        }
    }
    text
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let Some(number) = arguments.next() else {
        print!("{}", table());
        return;
    };
    let stage = number.parse().ok().and_then(|number: usize| STAGES.get(number.checked_sub(1)?));
    let seed = arguments.next().and_then(|seed| seed.parse().ok());
    let (Some(stage), Some(seed), None) = (stage, seed, arguments.next()) else {
        eprintln!("usage: pub_sub [STAGE (1 to {}) SEED]", STAGES.len());
        std::process::exit(2);
    };
    let simulation = simulation(*stage, 3, Clock::Patient, Delivery::Instant);
    let property = (NoLostPublish::default(), NoEarlyExit::default());
    print!("{}", simulation.run_with(rashomon::Random::new(seed), property));
}
