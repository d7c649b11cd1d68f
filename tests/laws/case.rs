//! What a law is tried on: a program, what is assumed, and a seed for who chooses.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rashomon::kernel::{Choice, Limits, Observer, World};
use rashomon::strategy::{Strategy as Chooser, drive};
use rashomon::{Clock, Delivery, Halt, Pct, Random, RoundRobin, Settings, Simulation};

use crate::notes::{Note, Notes};
use crate::random_programs::{Shape, programs};
use crate::script::{Code, Scripted};

/// A program, what is assumed, and a seed for who chooses.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) code: Code,
    pub(crate) settings: Settings,
    pub(crate) seed: u64,
}

/// Runs are bounded, since spawns can multiply. No law depends on the bounds being out of reach.
const LIMITS: Limits = Limits { steps: 400, processes: 40, mailbox: 30, time: 20 };

/// Any small program, under any assumption.
pub(crate) fn cases() -> impl Strategy<Value = Case> {
    (programs(Shape::small()), settings(), any::<u64>()).prop_map(|(code, settings, seed)| Case {
        code: code.stamped(),
        settings,
        seed,
    })
}

pub(crate) fn settings() -> impl Strategy<Value = Settings> {
    let delivery = prop_oneof![Just(Delivery::Instant), Just(Delivery::Ordered)];
    let clock = prop_oneof![Just(Clock::Patient), Just(Clock::Hasty)];
    let halt = prop_oneof![1 => Just(Halt::WithMain), 2 => Just(Halt::Never)];
    (delivery, clock, halt).prop_map(|(delivery, clock, halt)| Settings {
        delivery,
        clock,
        halt,
        limits: LIMITS,
    })
}

/// Tries a law on so many times the usual number of cases.
pub(crate) fn times(factor: u32) -> ProptestConfig {
    let usual = ProptestConfig::default();
    let rng_seed = match usual.rng_seed {
        RngSeed::Random => RngSeed::Fixed(0),
        chosen @ RngSeed::Fixed(_) => chosen,
    };
    ProptestConfig { cases: usual.cases.saturating_mul(factor), rng_seed, failure_persistence: None, ..usual }
}

impl Case {
    pub(crate) fn world(&self) -> World<Scripted> {
        self.simulation().world()
    }

    pub(crate) fn simulation(&self) -> Simulation<Code> {
        Simulation::new(self.code.clone()).with_settings(self.settings)
    }

    /// Who chooses: mostly chance, sometimes a strategy that leaves processes behind for long.
    pub(crate) fn chooser(&self) -> Box<dyn Chooser> {
        chooser(self.seed)
    }

    /// Runs the program to its end.
    pub(crate) fn run<O: Observer<Scripted>>(&self, observer: &mut O) -> World<Scripted> {
        let mut world = self.world();
        drive(&mut world, &mut self.chooser(), observer).expect("strategies choose what is possible");
        world
    }

    /// Runs the program to its end and looks at each step. The first thing that is wrong ends the run.
    pub(crate) fn each_step(
        &self,
        mut look: impl FnMut(&Moment<'_>) -> Result<(), TestCaseError>,
    ) -> Result<World<Scripted>, TestCaseError> {
        let mut world = self.world();
        let mut chooser = self.chooser();
        while world.ending().is_none() {
            let Some(choice) = chooser.choose(&world.choices()) else { break };
            let before = world.clone();
            let mut notes = Notes::default();
            world.apply(choice, &mut notes).expect("strategies choose what is possible");
            look(&Moment { before: &before, choice, note: notes.0.first(), after: &world })?;
        }
        Ok(world)
    }
}

/// A strategy for any seed.
pub(crate) fn chooser(seed: u64) -> Box<dyn Chooser> {
    match seed % 8 {
        0 => Box::new(RoundRobin::new()),
        1 | 2 => Box::new(Pct::new(seed, 4, 60)),
        _ => Box::new(Random::new(seed)),
    }
}

/// One step of a run.
pub(crate) struct Moment<'a> {
    pub(crate) before: &'a World<Scripted>,
    pub(crate) choice: Choice,
    /// What happened; nothing if a bound was hit instead.
    pub(crate) note: Option<&'a Note>,
    pub(crate) after: &'a World<Scripted>,
}
