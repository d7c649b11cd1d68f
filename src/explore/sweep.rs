//! Many runs, one for each seed, over all cores.
//!
//! What comes out does not depend on the number of threads: each run depends on its seed alone, and what is
//! known of two sets of runs is put together in a way that does not depend on their order.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use super::property::Property;
use super::simulation::{Simulation, judged};
use crate::kernel::{Outcome, Program, World};
use crate::strategy::{Random, Strategy, drive};

/// So many seeds are taken at once at the most. It is less where every thread would not get several such chunks: a single run
/// may take long.
const LARGEST_CHUNK: u64 = 256;
/// So many chunks there are for each thread at least, as long as there are seeds.
const CHUNKS_EACH: u64 = 16;

/// Many runs of a simulation. Made by [`Simulation::sweep`]; under [`Random`] and without a claim unless told otherwise.
///
/// ```
/// use rashomon::{Ctx, Simulation, program};
///
/// let race = program("race", |ctx: Ctx<&'static str>| async move {
///     let main = ctx.pid();
///     for name in ["left", "right"] {
///         ctx.spawn(move |ctx| async move { ctx.send(main, name) });
///     }
///     let first = ctx.recv().await;
///     ctx.output(first);
/// });
/// let report = Simulation::new(race).sweep(0..1_000).run();
/// assert_eq!(report.outcomes.len(), 2);
/// ```
pub struct Sweep<'s, G: Program, S = fn(u64) -> Random, Q = fn()> {
    simulation: &'s Simulation<G>,
    seeds: Range<u64>,
    strategy: S,
    property: Q,
    threads: Option<usize>,
    outcomes: bool,
    key: Option<Box<Key<'s, G>>>,
    progress: Option<Box<dyn Fn(Progress) + Sync + 's>>,
    stop: Option<Box<dyn Fn() -> bool + Sync + 's>>,
}

/// Which outcomes count as one.
type Key<'s, G> = dyn Fn(&World<<G as Program>::Process>) -> u128 + Sync + 's;

/// How far a sweep has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// So many runs are over.
    pub done: u64,
    /// So many there will be.
    pub total: u64,
}

/// How often something was seen, and the first seed that shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The number of runs.
    pub runs: u64,
    /// The smallest of their seeds.
    pub first_seed: u64,
}

/// How often a claim was broken, and the first seed that breaks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// How often, and with which seed first.
    pub seen: Seen,
    /// What the run with that seed does instead.
    pub detail: String,
}

/// What came of a sweep.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The number of runs.
    pub runs: u64,
    /// The outcomes, with how often each was seen. Empty if they were not asked for.
    pub outcomes: BTreeMap<Outcome, Seen>,
    /// The broken claims, by name.
    pub failures: BTreeMap<String, Broken>,
}

/// What one thread knows.
#[derive(Default)]
struct Part {
    report: Report,
    /// The outcomes by their keys, where these are what counts: each as the first seed shows it.
    keyed: BTreeMap<u128, (Seen, Outcome)>,
}

impl Part {
    fn merge(&mut self, other: Part) {
        self.report.merge(other.report);
        for (key, (seen, outcome)) in other.keyed {
            match self.keyed.get_mut(&key) {
                Some((known, shown)) => {
                    if seen.first_seed < known.first_seed {
                        *shown = outcome;
                    }
                    known.merge(&seen);
                }
                None => {
                    self.keyed.insert(key, (seen, outcome));
                }
            }
        }
    }

    fn finish(self) -> Report {
        let Part { mut report, keyed } = self;
        for (seen, outcome) in keyed.into_values() {
            report.outcomes.entry(outcome).and_modify(|known| known.merge(&seen)).or_insert(seen);
        }
        report
    }
}

impl Seen {
    fn merge(&mut self, other: &Seen) {
        self.runs += other.runs;
        self.first_seed = self.first_seed.min(other.first_seed);
    }
}

impl Report {
    fn merge(&mut self, other: Report) {
        self.runs += other.runs;
        for (outcome, seen) in other.outcomes {
            self.outcomes.entry(outcome).and_modify(|known| known.merge(&seen)).or_insert(seen);
        }
        for (property, broken) in other.failures {
            match self.failures.get_mut(&property) {
                Some(known) => {
                    if broken.seen.first_seed < known.seen.first_seed {
                        known.detail = broken.detail;
                    }
                    known.seen.merge(&broken.seen);
                }
                None => {
                    self.failures.insert(property, broken);
                }
            }
        }
    }

    /// The outcomes, the most frequent first; those seen equally often in the order of their first seeds.
    #[must_use]
    pub fn histogram(&self) -> Vec<(&Outcome, &Seen)> {
        let mut outcomes: Vec<_> = self.outcomes.iter().collect();
        outcomes.sort_by_key(|(_, seen)| (std::cmp::Reverse(seen.runs), seen.first_seed));
        outcomes
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} runs, {} outcomes", self.runs, self.outcomes.len())?;
        for (outcome, seen) in self.histogram() {
            let share = 100.0 * seen.runs as f64 / self.runs as f64;
            writeln!(f, "{:>9} {share:>6.2} %  first with seed {}: {outcome}", seen.runs, seen.first_seed)?;
        }
        for (property, broken) in &self.failures {
            writeln!(
                f,
                "broken: {property}, in {} runs, first with seed {}: {}",
                broken.seen.runs, broken.seen.first_seed, broken.detail
            )?;
        }
        Ok(())
    }
}

fn no_property() {}

impl<'s, G: Program> Sweep<'s, G> {
    pub(super) fn new(simulation: &'s Simulation<G>, seeds: Range<u64>) -> Sweep<'s, G> {
        Sweep {
            simulation,
            seeds,
            strategy: Random::new,
            property: no_property,
            threads: None,
            outcomes: true,
            key: None,
            progress: None,
            stop: None,
        }
    }
}

impl<'s, G: Program, S, Q> Sweep<'s, G, S, Q> {
    /// Chooses by the strategy that this makes of each seed.
    pub fn strategy<S2>(self, strategy: S2) -> Sweep<'s, G, S2, Q> {
        let Sweep { simulation, seeds, property, threads, outcomes, key, progress, stop, .. } = self;
        Sweep { simulation, seeds, strategy, property, threads, outcomes, key, progress, stop }
    }

    /// Judges each run by the claim that this makes.
    pub fn property<Q2>(self, property: Q2) -> Sweep<'s, G, S, Q2> {
        let Sweep { simulation, seeds, strategy, threads, outcomes, key, progress, stop, .. } = self;
        Sweep { simulation, seeds, strategy, property, threads, outcomes, key, progress, stop }
    }

    /// Uses so many threads, at least one. Otherwise there is one for each core.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Sweep<'s, G, S, Q> {
        self.threads = Some(threads.max(1));
        self
    }

    /// Does not collect outcomes, which takes longer than many a run.
    #[must_use]
    pub fn without_outcomes(mut self) -> Sweep<'s, G, S, Q> {
        self.outcomes = false;
        self
    }

    /// Counts runs that end in worlds with the same key as one outcome, shown as the first seed shows it. For outcomes that are the
    /// same but for pids, see [`outcome_key`](super::outcome_key).
    #[must_use]
    pub fn outcomes_by(mut self, key: impl Fn(&World<G::Process>) -> u128 + Sync + 's) -> Sweep<'s, G, S, Q> {
        self.key = Some(Box::new(key));
        self
    }

    /// Asks this before every run, in any of the threads, and begins none once the answer was yes. The report is then that of
    /// the runs that were made.
    #[must_use]
    pub fn stop(mut self, stop: impl Fn() -> bool + Sync + 's) -> Sweep<'s, G, S, Q> {
        self.stop = Some(Box::new(stop));
        self
    }

    /// Calls this now and then, from any of the threads.
    #[must_use]
    pub fn progress(mut self, progress: impl Fn(Progress) + Sync + 's) -> Sweep<'s, G, S, Q> {
        self.progress = Some(Box::new(progress));
        self
    }

    /// Makes the runs.
    pub fn run<T, C>(self) -> Report
    where
        G: Sync,
        S: Fn(u64) -> T + Sync,
        T: Strategy,
        Q: Fn() -> C + Sync,
        C: Property<G::Process>,
    {
        let total = self.seeds.end.saturating_sub(self.seeds.start);
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let runs = usize::try_from(total).unwrap_or(usize::MAX);
        let threads = self.threads.unwrap_or(cores).min(runs).max(1);
        let chunk = (total / CHUNKS_EACH / threads as u64).clamp(1, LARGEST_CHUNK);
        let next = AtomicU64::new(self.seeds.start);
        let done = AtomicU64::new(0);
        let work = || {
            let mut part = Part::default();
            let mut world = self.simulation.world();
            loop {
                // Chunks do not overlap, and the counter stops at the end: it never wraps around.
                let taken = next.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |start| {
                    (start < self.seeds.end).then(|| start.saturating_add(chunk).min(self.seeds.end))
                });
                let Ok(start) = taken else { return part };
                let end = start.saturating_add(chunk).min(self.seeds.end);
                for seed in start..end {
                    if self.stop.as_ref().is_some_and(|stop| stop()) {
                        return part;
                    }
                    self.run_one(seed, &mut world, &mut part);
                }
                let done = done.fetch_add(end - start, Ordering::Relaxed) + (end - start);
                if let Some(progress) = &self.progress {
                    progress(Progress { done, total });
                }
            }
        };
        if threads == 1 {
            return work().finish();
        }
        let mut whole = Part::default();
        thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            for worker in workers {
                match worker.join() {
                    Ok(part) => whole.merge(part),
                    // A claim or a strategy of the caller's panicked: that is the caller's to see.
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
        });
        whole.finish()
    }

    fn run_one<T, C>(&self, seed: u64, world: &mut World<G::Process>, part: &mut Part)
    where
        S: Fn(u64) -> T,
        T: Strategy,
        Q: Fn() -> C,
        C: Property<G::Process>,
    {
        self.simulation.program().rewind(world);
        let mut property = (self.property)();
        let diverged = drive(world, &mut (self.strategy)(seed), &mut property).err();
        part.report.runs += 1;
        let failures = judged(world, &property);
        if failures.is_empty() && diverged.is_none() && !self.outcomes {
            return;
        }
        let seen = Seen { runs: 1, first_seed: seed };
        let mut single = Report::default();
        for failure in failures {
            let broken = Broken { seen: seen.clone(), detail: failure.detail };
            single.failures.entry(failure.property).or_insert(broken);
        }
        if let Some(diverged) = diverged {
            let broken = Broken { seen: seen.clone(), detail: diverged.to_string() };
            single.failures.insert("the strategy chooses what is possible".to_owned(), broken);
        }
        match &self.key {
            Some(key) if self.outcomes => {
                let (known, _) = part
                    .keyed
                    .entry(key(world))
                    .or_insert_with(|| (Seen { runs: 0, first_seed: seed }, world.outcome()));
                known.merge(&seen);
            }
            None if self.outcomes => {
                single.outcomes.insert(world.outcome(), seen);
            }
            Some(_) | None => {}
        }
        part.report.merge(single);
    }
}
