//! A program under one set of assumptions: what runs, replays, sweeps and shrinks start from.

use super::property::{Failure, Property};
use super::run::Run;
use super::sweep::Sweep;
use crate::kernel::{
    Clock, Delivery, Event, Fingerprint, Halt, Limits, Observer, Process, Program, Settings, World,
};
use crate::strategy::{
    Deterministic, Difference, Diverged, Profile, Recording, Replay, Schedule, Strategy, Token, TokenError,
    drive,
};
use crate::trace::{Digest, Frame, Recorder, Trace};

/// A program under one set of assumptions.
///
/// ```
/// use rashomon::{Clock, Ctx, Random, Simulation, program};
/// use std::time::Duration;
///
/// let program = program("alarm", |ctx: Ctx<()>| async move {
///     ctx.sleep(Duration::from_secs(3600)).await;
///     ctx.output("ring");
/// });
/// let run = Simulation::new(program).clock(Clock::Hasty).run(Random::new(1));
/// assert_eq!(run.outcome().lines().count(), 1);
/// println!("{}", run.trace().lanes());
/// ```
#[derive(Clone, Debug)]
pub struct Simulation<G> {
    program: G,
    settings: Settings,
}

/// Why a token could not be replayed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// It is no token.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// It is a token of another program.
    #[error(
        "this schedule token belongs to another program: it carries the fingerprint {token}, and that of \"{name}\" is {program}. \
         Replay it with the program that it was recorded from, or record a run of this one"
    )]
    OtherProgram {
        /// The fingerprint that the token carries.
        token: Fingerprint,
        /// The fingerprint of the program.
        program: Fingerprint,
        /// The name of the program.
        name: String,
    },
    /// A step was not possible: the program has changed since.
    #[error("the replay diverged: {0}. The program is not the one that was recorded; record the run anew")]
    Diverged(Diverged),
    /// Each step was possible, but other things came of it.
    #[error(
        "the replay diverged: each step was possible, but other things happened than when it was recorded. The program is \
         not the one that was recorded; record the run anew"
    )]
    OtherEvents,
}

/// A program that is not deterministic in itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Nondeterminism {
    /// Other things were possible.
    Choices(Difference),
    /// The same things were possible, but something else happened: the two events, as people read them.
    Events {
        /// The step, counted from 0.
        step: u64,
        /// What happened the first time.
        first: String,
        /// What happened the second time.
        second: String,
    },
}

impl std::fmt::Display for Nondeterminism {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the program is not deterministic in itself (does it read a clock, share memory, iterate over a HashMap?): ")?;
        match self {
            Nondeterminism::Choices(difference) => difference.fmt(f),
            Nondeterminism::Events { step, first, second } => write!(
                f,
                "the same choices led to different events: at step {step}, the first time:\n  {first}\nand the second \
                 time:\n  {second}"
            ),
        }
    }
}

impl std::error::Error for Nondeterminism {}

impl<G: Program> Simulation<G> {
    /// The program under the usual assumptions: [`Delivery::Instant`], [`Clock::Patient`], [`Halt::WithMain`].
    pub fn new(program: G) -> Simulation<G> {
        Simulation { program, settings: Settings::default() }
    }

    /// Assumes this of signals.
    #[must_use]
    pub fn delivery(mut self, delivery: Delivery) -> Simulation<G> {
        self.settings.delivery = delivery;
        self
    }

    /// Assumes this of time.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Simulation<G> {
        self.settings.clock = clock;
        self
    }

    /// Assumes this of the end of the main process.
    #[must_use]
    pub fn halt(mut self, halt: Halt) -> Simulation<G> {
        self.settings.halt = halt;
        self
    }

    /// Bounds each run by these limits.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Simulation<G> {
        self.settings.limits = limits;
        self
    }

    /// Assumes all of this.
    #[must_use]
    pub fn with_settings(mut self, settings: Settings) -> Simulation<G> {
        self.settings = settings;
        self
    }

    /// What is assumed.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The program.
    pub fn program(&self) -> &G {
        &self.program
    }

    /// A fresh world.
    pub fn world(&self) -> World<G::Process> {
        self.program.world(self.settings)
    }

    /// Runs the program once, as the strategy chooses, and records it.
    pub fn run<S: Strategy>(&self, strategy: S) -> Run {
        self.run_with(strategy, ())
    }

    /// Runs the program once, records it, and judges it by a claim.
    pub fn run_with<S: Strategy, Q: Property<G::Process>>(&self, strategy: S, property: Q) -> Run {
        let mut strategy = Recording::new(strategy);
        let mut world = self.world();
        let mut watch = Watch { recorder: Recorder::new(), digest: Digest::new(), property };
        let diverged = drive(&mut world, &mut strategy, &mut watch).err();
        let (schedule, strategy) = strategy.finish();
        self.finish(&world, watch, schedule, strategy.describe(), diverged)
    }

    fn finish<Q: Property<G::Process>>(
        &self,
        world: &World<G::Process>,
        watch: Watch<Q>,
        schedule: Schedule,
        strategy: String,
        diverged: Option<Diverged>,
    ) -> Run {
        // A choice that was not possible was chosen, but not made.
        let made = schedule.choices().len() - usize::from(diverged.is_some());
        let schedule = schedule.choices()[..made].to_vec().into();
        let mut failures = Vec::new();
        if world.ending().is_some() || watch.property.is_broken() {
            watch.property.judge(world, &mut failures);
        }
        let frame = Frame {
            program: self.program.name().to_owned(),
            fingerprint: self.program.fingerprint(),
            settings: *world.settings(),
            strategy,
            outcome: world.outcome(),
            alive: world.stuck(),
        };
        let trace = Trace::new(frame, watch.recorder);
        Run::new(trace, schedule, watch.digest.number(), failures, diverged)
    }

    /// Runs what a token stands for, under the assumptions that it carries. It never diverges silently: what happens
    /// is what happened when it was recorded, or there is an error.
    ///
    /// # Errors
    /// [`ReplayError`] if the text is no token, or one of another program, or if the program does something else now.
    pub fn replay(&self, token: &str) -> Result<Run, ReplayError> {
        self.replay_with(token, ())
    }

    /// As [`replay`](Simulation::replay), and judges the run by a claim.
    ///
    /// # Errors
    /// As [`replay`](Simulation::replay).
    pub fn replay_with<Q: Property<G::Process>>(&self, token: &str, property: Q) -> Result<Run, ReplayError> {
        let token: Token = token.parse()?;
        let mut watch = Watch { recorder: Recorder::new(), digest: Digest::new(), property };
        let world = self.replay_before(&token, &mut watch)?;
        let strategy = Replay::new(Schedule::default()).describe();
        Ok(self.finish(&world, watch, token.schedule, strategy, None))
    }

    /// As [`replay`](Simulation::replay), before an observer, without recording anything. Gives the world as it is at the
    /// end of the schedule.
    ///
    /// # Errors
    /// As [`replay`](Simulation::replay). What the observer has seen by then has happened.
    pub fn replay_before<O: Observer<G::Process>>(
        &self,
        token: &Token,
        observer: &mut O,
    ) -> Result<World<G::Process>, ReplayError> {
        let fingerprint = self.program.fingerprint();
        if token.fingerprint != fingerprint {
            return Err(ReplayError::OtherProgram {
                token: token.fingerprint,
                program: fingerprint,
                name: self.program.name().to_owned(),
            });
        }
        let mut world = self.program.world(token.settings);
        let mut replay = Replay::new(token.schedule.clone());
        let mut watch = (Digest::new(), observer);
        drive(&mut world, &mut replay, &mut watch).map_err(ReplayError::Diverged)?;
        if replay.left() > 0 {
            let next = token.schedule.len() - replay.left();
            let expected = token.schedule.choices().get(next).copied();
            return Err(ReplayError::Diverged(Diverged::here(&world, expected)));
        }
        if watch.0.number() != token.digest {
            return Err(ReplayError::OtherEvents);
        }
        Ok(world)
    }

    /// Runs the program twice under the same choices and compares what is possible and what happens, step by step.
    ///
    /// # Errors
    /// [`Nondeterminism`], with the first difference.
    pub fn check_determinism<S: Strategy>(&self, strategy: S) -> Result<(), Nondeterminism> {
        let mut strategy = Deterministic::new(strategy);
        let record = |strategy: &mut Deterministic<S>| {
            let mut recorder = Recorder::new();
            // Whoever leaves or diverges did so in both runs, or the difference has been noted.
            let _left = drive(&mut self.world(), strategy, &mut recorder);
            recorder
        };
        let first = record(&mut strategy);
        strategy.again();
        let second = record(&mut strategy);
        let events = first.events().iter().zip(second.events());
        if let Some((first, second)) = events.into_iter().find(|(first, second)| first != second) {
            return Err(Nondeterminism::Events {
                step: first.step,
                first: format!("{} {:?}", first.process, first.what),
                second: format!("{} {:?}", second.process, second.what),
            });
        }
        match strategy.finish() {
            Some(difference) => Err(Nondeterminism::Choices(difference)),
            None => Ok(()),
        }
    }

    /// Counts the steps of each process in one run, for [`Urw`](crate::strategy::Urw).
    pub fn profile(&self, seed: u64) -> Profile {
        Profile::measure(self.world(), seed)
    }

    /// Many runs, one for each seed. See [`Sweep`].
    pub fn sweep(&self, seeds: std::ops::Range<u64>) -> Sweep<'_, G> {
        Sweep::new(self, seeds)
    }
}

/// All who watch a recorded run.
struct Watch<Q> {
    recorder: Recorder,
    digest: Digest,
    property: Q,
}

impl<P: Process, Q: Property<P>> Observer<P> for Watch<Q> {
    fn observe(&mut self, event: &Event<'_, P>) {
        self.recorder.observe(event);
        self.digest.observe(event);
        self.property.observe(event);
    }
}

/// Judges a world that a claim has watched.
pub(super) fn judged<P: Process, Q: Property<P>>(world: &World<P>, property: &Q) -> Vec<Failure> {
    let mut failures = Vec::new();
    if world.ending().is_some() || property.is_broken() {
        property.judge(world, &mut failures);
    }
    failures
}
