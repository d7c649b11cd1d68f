//! Which strategy chooses the ordering of a run.

use clap::{Args, ValueEnum};
use rashomon::kernel::{Process, Program};
use rashomon::strategy::{Profile, Strategy, drive};
use rashomon::{Limits, Pct, Random, RoundRobin, Settings, Urw};

/// The run that strategies are fitted by ends after so many steps.
const MEASURED: u64 = 1_000_000;
/// How many ordering constraints a bug has that PCT looks for, where nothing else is said.
const USUAL_DEPTH: u32 = 3;

/// Who chooses what happens next.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum StrategyOption {
    /// Each thing that can happen is as likely as any other.
    Random,
    /// Few, well-placed changes of random priorities: finds bugs that need few orderings of their own.
    Pct,
    /// Everybody in turn; no chance, so no seed.
    RoundRobin,
    /// Every interleaving is about as likely as any other, however unequal the lengths of the processes.
    Urw,
}

/// Which strategy chooses.
#[derive(Args)]
pub(super) struct StrategyOptions {
    /// Who chooses what happens next.
    #[arg(long, value_enum, default_value = "random")]
    strategy: StrategyOption,
    /// With pct: how many orderings of two steps it takes to show the bug [default: 3].
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    depth: Option<u32>,
}

/// Makes a strategy for each seed. It is fitted to the program by a run of its own, where the strategy needs that.
pub(super) enum Chooser {
    Random,
    Pct { depth: u32, steps: u64 },
    RoundRobin,
    Urw(Profile),
}

impl StrategyOptions {
    /// What makes the strategies, for this program.
    pub(super) fn chooser<G: Program>(&self, program: &G, settings: Settings) -> Result<Chooser, String>
    where
        G::Process: Process,
    {
        if self.depth.is_some() && self.strategy != StrategyOption::Pct {
            return Err("--depth belongs to --strategy pct: give that, too, or leave --depth out".to_owned());
        }
        let steps = settings.limits.steps.min(MEASURED);
        let measured = Settings { limits: Limits { steps, ..settings.limits }, ..settings };
        Ok(match self.strategy {
            StrategyOption::Random => Chooser::Random,
            StrategyOption::RoundRobin => Chooser::RoundRobin,
            StrategyOption::Urw => Chooser::Urw(Profile::measure(program.world(measured), 0)),
            StrategyOption::Pct => {
                let mut world = program.world(measured);
                let diverged = drive(&mut world, &mut Random::new(0), &mut ());
                debug_assert!(diverged.is_ok(), "a random strategy chooses what is possible");
                Chooser::Pct { depth: self.depth.unwrap_or(USUAL_DEPTH), steps: world.steps().max(1) }
            }
        })
    }
}

impl Chooser {
    pub(super) fn strategy(&self, seed: u64) -> Box<dyn Strategy> {
        match self {
            Chooser::Random => Box::new(Random::new(seed)),
            Chooser::Pct { depth, steps } => Box::new(Pct::new(seed, *depth, *steps)),
            Chooser::RoundRobin => Box::new(RoundRobin::new()),
            Chooser::Urw(profile) => Box::new(Urw::new(seed, profile.clone())),
        }
    }

    /// What it is, for people and programs.
    pub(super) fn in_words(&self) -> String {
        match self {
            Chooser::Random => "random".to_owned(),
            Chooser::Pct { depth, .. } => format!("PCT of depth {depth}"),
            Chooser::RoundRobin => "round robin".to_owned(),
            Chooser::Urw(_) => "URW".to_owned(),
        }
    }

    /// Whether another seed makes another run.
    pub(super) fn uses_chance(&self) -> bool {
        match self {
            Chooser::RoundRobin => false,
            Chooser::Random | Chooser::Pct { .. } | Chooser::Urw(_) => true,
        }
    }

    /// Whether it is the one that is used when nothing is said.
    pub(super) fn is_usual(&self) -> bool {
        match self {
            Chooser::Random => true,
            Chooser::Pct { .. } | Chooser::RoundRobin | Chooser::Urw(_) => false,
        }
    }
}
