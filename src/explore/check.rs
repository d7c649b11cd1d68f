//! Claims about a program, under every ordering: what a test of a Rust program calls.

use std::fmt;
use std::rc::Rc;

use super::every::{
    AtTheEnd, Bounds, Counts, Every, Explanation, NoEarlyExit, Note, Possible, Reason, Reductions, Watch,
};
use super::property::{Failure, Healthy, Property};
use super::run::Run;
use super::simulation::Simulation;
use crate::kernel::{
    Clock, Delivery, Event, Halt, Limits, Observer, Outcome, Process, Program, Settings, Sketched, Sketcher,
    World,
};
use crate::strategy::{Replay, Schedule};

/// Covers every ordering of a program, and says whether it keeps what is claimed of it: no crash, no deadlock, no early exit, and
/// whatever is added.
///
/// ```
/// use rashomon::{Ctx, check, program};
///
/// let greeting = program("greeting", |ctx: Ctx<&'static str>| async move {
///     let main = ctx.pid();
///     for word in ["hello", "world"] {
///         ctx.spawn(move |ctx| async move { ctx.send(main, word) });
///     }
///     for _ in 0..2 {
///         let word = ctx.recv().await;
///         ctx.output(word);
///     }
/// });
/// let all = check(greeting)
///     .claim("both words are written", |outcome| match outcome.lines().count() {
///         2 => Ok(()),
///         other => Err(format!("{other} words")),
///     })
///     .assert_holds();
/// assert_eq!(all.outcomes.len(), 2);
/// ```
#[must_use]
pub fn check<G: Program<Process: Sketched>>(program: G) -> Check<G> {
    Check::of(Simulation::new(program))
}

/// A search through every ordering, about to begin. Made by [`check`].
pub struct Check<G: Program> {
    simulation: Simulation<G>,
    reductions: Reductions,
    bounds: Bounds,
    order_of_output: bool,
    usual: Vec<&'static str>,
    claims: Vec<Claim<G::Process>>,
}

type Test<P> = Rc<dyn Fn(&Event<'_, P>) -> bool>;
type Judge = Rc<dyn Fn(&Outcome) -> Result<(), String>>;

/// What is claimed.
struct Claim<P: Process> {
    name: String,
    what: What<P>,
}

enum What<P: Process> {
    /// One of those that are made of every program.
    Usual,
    Outcome(Judge),
    Never(Test<P>),
    Eventually(Test<P>),
    AlwaysBefore(Test<P>, Test<P>),
}

impl<P: Process> Clone for Claim<P> {
    fn clone(&self) -> Self {
        Claim { name: self.name.clone(), what: self.what.clone() }
    }
}

impl<P: Process> Clone for What<P> {
    fn clone(&self) -> Self {
        match self {
            What::Usual => What::Usual,
            What::Outcome(judge) => What::Outcome(Rc::clone(judge)),
            What::Never(test) => What::Never(Rc::clone(test)),
            What::Eventually(test) => What::Eventually(Rc::clone(test)),
            What::AlwaysBefore(first, second) => What::AlwaysBefore(Rc::clone(first), Rc::clone(second)),
        }
    }
}

/// The claims that are made of every program.
const USUAL: [&str; 3] = ["no crash", "no deadlock", "no early exit"];

impl<G: Program<Process: Sketched>> Check<G> {
    /// Of a simulation, under its assumptions.
    pub fn of(simulation: Simulation<G>) -> Check<G> {
        Check {
            simulation,
            reductions: Reductions::safe::<G::Process>(),
            bounds: Bounds::default(),
            order_of_output: false,
            usual: USUAL.to_vec(),
            claims: Vec::new(),
        }
    }

    fn assume(mut self, change: impl FnOnce(Simulation<G>) -> Simulation<G>) -> Check<G> {
        self.simulation = change(self.simulation);
        self
    }

    /// Assumes this of signals.
    #[must_use]
    pub fn delivery(self, delivery: Delivery) -> Check<G> {
        self.assume(|simulation| simulation.delivery(delivery))
    }

    /// Assumes this of time.
    #[must_use]
    pub fn clock(self, clock: Clock) -> Check<G> {
        self.assume(|simulation| simulation.clock(clock))
    }

    /// Assumes this of the end of the main process.
    #[must_use]
    pub fn halt(self, halt: Halt) -> Check<G> {
        self.assume(|simulation| simulation.halt(halt))
    }

    /// Bounds each run by these limits. The number of steps is not among them: see [`bounds`](Check::bounds).
    #[must_use]
    pub fn limits(self, limits: Limits) -> Check<G> {
        self.assume(|simulation| simulation.limits(limits))
    }

    /// Gives up at these bounds.
    #[must_use]
    pub fn bounds(mut self, bounds: Bounds) -> Check<G> {
        self.bounds = bounds;
        self
    }

    /// Lets the order count in which different processes write.
    #[must_use]
    pub fn order_of_output(mut self, counts: bool) -> Check<G> {
        self.order_of_output = counts;
        self
    }

    /// Promises that the program does not look into pids and references: it compares them for equality, sends to them and hands them on,
    /// but does not sort or print them, or count on their numbers. Then orderings that differ only in them are one, which makes the
    /// difference between N! and N for N processes that are started alike by [`Ctx::spawn_fn`](crate::Ctx::spawn_fn). Elixir programs need not
    /// promise it: there it is seen whether they do.
    ///
    /// It is a promise: where it is broken, the search leaves out what it should not.
    #[must_use]
    pub fn opaque_pids(mut self) -> Check<G> {
        self.reductions.symmetry = true;
        self
    }

    /// Leaves out one of the claims that are made of every program: `no crash`, `no deadlock`, `no early exit`.
    ///
    /// # Panics
    /// If it is none of these.
    #[must_use]
    pub fn without(mut self, claim: &str) -> Check<G> {
        assert!(USUAL.contains(&claim), "{claim:?} is not made of every program; these are: {USUAL:?}");
        self.usual.retain(|usual| *usual != claim);
        self
    }

    /// Claims something of what an observer sees of a run that is over; `judge` returns what is wrong. Runs that differ only in the order of what
    /// different processes write are judged once, unless [`order_of_output`](Check::order_of_output) asks for more.
    #[must_use]
    pub fn claim(
        self,
        name: impl Into<String>,
        judge: impl Fn(&Outcome) -> Result<(), String> + 'static,
    ) -> Check<G> {
        self.add(name, What::Outcome(Rc::new(judge)))
    }

    /// Claims that no such event happens.
    #[must_use]
    pub fn never(
        self,
        name: impl Into<String>,
        event: impl Fn(&Event<'_, G::Process>) -> bool + 'static,
    ) -> Check<G> {
        self.add(name, What::Never(Rc::new(event)))
    }

    /// Claims that such an event happens in every run that comes to its end.
    #[must_use]
    pub fn eventually(
        self,
        name: impl Into<String>,
        event: impl Fn(&Event<'_, G::Process>) -> bool + 'static,
    ) -> Check<G> {
        self.add(name, What::Eventually(Rc::new(event)))
    }

    /// Claims that before each event of the second kind there is one of the first.
    #[must_use]
    pub fn always_before(
        self,
        name: impl Into<String>,
        first: impl Fn(&Event<'_, G::Process>) -> bool + 'static,
        second: impl Fn(&Event<'_, G::Process>) -> bool + 'static,
    ) -> Check<G> {
        self.add(name, What::AlwaysBefore(Rc::new(first), Rc::new(second)))
    }

    fn add(mut self, name: impl Into<String>, what: What<G::Process>) -> Check<G> {
        self.claims.push(Claim { name: name.into(), what });
        self
    }

    /// Covers every ordering.
    #[must_use]
    pub fn run(&self) -> Checked {
        self.run_with(|_| true)
    }

    /// As [`run`](Check::run); `progress` is called now and then, and says whether to go on.
    #[must_use]
    pub fn run_with(&self, mut progress: impl FnMut(&Counts) -> bool) -> Checked {
        let every = self.search();
        let everything = every.explore(&mut progress);
        let usual = self.usual.iter().map(|name| Claim { name: (*name).to_owned(), what: What::Usual });
        let mut verdicts = Vec::new();
        for claim in usual.chain(self.claims.iter().cloned()) {
            let watch = ClaimWatch::new(claim);
            let (found, cut) = match &watch.claim.what {
                What::Usual => {
                    let wrong = everything.wrong.iter().find(|wrong| wrong.property == watch.claim.name);
                    (wrong.map(|wrong| wrong.schedule.clone()), everything.cut.clone())
                }
                What::Outcome(judge) => {
                    let wrong = everything.outcomes.iter().find(|possible| judge(&possible.outcome).is_err());
                    (wrong.map(|possible| possible.schedule.clone()), everything.cut.clone())
                }
                What::Never(_) | What::Eventually(_) | What::AlwaysBefore(..) => {
                    let found = every.watched(watch.clone(), &mut progress);
                    let wrong = found.wrong.into_iter().find(|wrong| wrong.property == watch.claim.name);
                    (wrong.map(|wrong| wrong.schedule), found.cut)
                }
            };
            let name = watch.claim.name.clone();
            let verdict = match (found, cut) {
                (Some(schedule), _) => self.violated(&watch, &schedule),
                (None, Some(reason)) => Verdict::Bounded(reason),
                (None, None) => Verdict::Holds,
            };
            verdicts.push((name, verdict));
        }
        Checked {
            program: self.simulation.program().name().to_owned(),
            settings: *self.simulation.settings(),
            verdicts,
            outcomes: everything.outcomes,
            cut: everything.cut,
            counts: everything.counts,
        }
    }

    fn search(&self) -> Every<'_, G> {
        self.simulation
            .every_ordering()
            .reductions(self.reductions)
            .bounds(self.bounds)
            .order_of_output(self.order_of_output)
    }

    fn violated(&self, watch: &ClaimWatch<G::Process>, schedule: &Schedule) -> Verdict {
        let shrunk = self.simulation.shrink_with_effort(schedule, || watch.clone(), EFFORT);
        let run = match shrunk {
            Some(shrunk) => shrunk.run,
            None => self.simulation.run_with(Replay::new(schedule.clone()), watch.clone()),
        };
        let why = match self.search().explain(run.schedule(), watch.clone(), |_| true) {
            Explanation::Always => "Every ordering breaks it.\n".to_owned(),
            Explanation::Unknown => String::new(),
            Explanation::Decided(decision) => {
                let kept = self.simulation.run(Replay::new(decision.kept.clone()));
                format!("{}Kept by: {}\n", decision.in_words(run.trace(), kept.trace()), kept.token())
            }
        };
        Verdict::Violated { run: Box::new(run), why }
    }

    /// Covers every ordering, and fails unless everything that is claimed holds.
    ///
    /// # Panics
    /// With the smallest run that breaks a claim, why it does, and its token; or if not every ordering could be covered.
    #[track_caller]
    pub fn assert_holds(&self) -> Checked {
        let checked = self.run();
        assert!(checked.holds(), "{checked}");
        checked
    }
}

/// Trials by which a counterexample is made smaller.
const EFFORT: u64 = 20_000;

/// Whether a claim holds.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// Under every ordering: all were covered.
    Holds,
    /// Not in this run.
    Violated {
        /// The run, as small as could be made.
        run: Box<Run>,
        /// Where it was decided, in words; empty if that is not known.
        why: String,
    },
    /// It holds as far as orderings were covered.
    Bounded(Reason),
}

/// What came of a check. As text, it shows the runs that break claims.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The name of the program.
    pub program: String,
    /// What was assumed.
    pub settings: Settings,
    /// The claims by name, and whether they hold.
    pub verdicts: Vec<(String, Verdict)>,
    /// All that can come out.
    pub outcomes: Vec<Possible>,
    /// Why not every ordering was covered; nothing if every one was.
    pub cut: Option<Reason>,
    /// How far the search went.
    pub counts: Counts,
}

impl Checked {
    /// Whether all claims hold.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.verdicts.iter().all(|(_, verdict)| matches!(verdict, Verdict::Holds))
    }
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings { delivery, clock, halt, .. } = &self.settings;
        let assumptions = format!("{delivery:?} delivery, {clock:?} clock, halt {halt:?}");
        writeln!(f, "program {:?}:", self.program)?;
        for (name, verdict) in &self.verdicts {
            match verdict {
                Verdict::Holds => writeln!(f, "holds     {name}")?,
                Verdict::Bounded(reason) => writeln!(f, "bounded   {name}: {reason}")?,
                Verdict::Violated { run, why } => writeln!(f, "violated  {name}\n\n{run}{why}")?,
            }
        }
        let states = self.counts.states;
        match &self.cut {
            None => write!(f, "Every ordering was covered ({assumptions}; {states} states)."),
            Some(reason) => {
                write!(f, "Not every ordering was covered: {reason} ({assumptions}; {states} states).")
            }
        }
    }
}

/// A claim that watches a run.
struct ClaimWatch<P: Process> {
    claim: Rc<Claim<P>>,
    /// An event of the first kind has happened.
    first: bool,
    broken: bool,
}

impl<P: Process> Clone for ClaimWatch<P> {
    fn clone(&self) -> Self {
        ClaimWatch { claim: Rc::clone(&self.claim), ..*self }
    }
}

impl<P: Process> ClaimWatch<P> {
    fn new(claim: Claim<P>) -> ClaimWatch<P> {
        ClaimWatch { claim: Rc::new(claim), first: false, broken: false }
    }

    fn take_note(&mut self, event: &Event<'_, P>) -> Option<Note> {
        match &self.claim.what {
            What::Usual | What::Outcome(_) => None,
            What::Never(test) => test(event).then(|| {
                self.broken = true;
                Note::Counted
            }),
            What::Eventually(test) => test(event).then(|| {
                self.first = true;
                Note::Counted
            }),
            What::AlwaysBefore(first, second) => {
                let (is_first, is_second) = (first(event), second(event));
                self.broken |= is_second && !self.first;
                self.first |= is_first;
                (is_first || is_second).then_some(Note::InOrder)
            }
        }
    }

    fn failures(&self, world: &World<P>) -> Vec<Failure> {
        let over = world.ending().is_some();
        let detail = match &self.claim.what {
            What::Usual => {
                let mut failures = Vec::new();
                Watch::judge(&AtTheEnd((Healthy, NoEarlyExit)), world, &mut |name, detail| {
                    failures.push(Failure::new(name, detail));
                });
                failures.retain(|failure| failure.property == self.claim.name);
                return failures;
            }
            What::Outcome(judge) if over => judge(&world.outcome()).err(),
            What::Never(_) if self.broken => Some("it happens".to_owned()),
            What::Eventually(_) if over && !self.first => Some("it does not happen".to_owned()),
            What::AlwaysBefore(..) if self.broken => Some("the second without the first".to_owned()),
            What::Outcome(_) | What::Never(_) | What::Eventually(_) | What::AlwaysBefore(..) => None,
        };
        detail.map(|detail| Failure::new(self.claim.name.clone(), detail)).into_iter().collect()
    }
}

impl<P: Process> Watch<P> for ClaimWatch<P> {
    fn see(&mut self, event: &Event<'_, P>) -> Option<Note> {
        self.take_note(event)
    }

    fn sketch(&self, into: &mut Sketcher) {
        into.mark(u8::from(self.first) | u8::from(self.broken) << 1);
    }

    fn is_broken(&self) -> bool {
        self.broken
    }

    fn judge(&self, world: &World<P>, wrong: &mut dyn FnMut(String, String)) {
        for Failure { property, detail } in self.failures(world) {
            wrong(property, detail);
        }
    }
}

impl<P: Process> Observer<P> for ClaimWatch<P> {
    fn observe(&mut self, event: &Event<'_, P>) {
        self.take_note(event);
    }
}

impl<P: Process> Property<P> for ClaimWatch<P> {
    fn judge(&self, world: &World<P>, failures: &mut Vec<Failure>) {
        failures.extend(self.failures(world));
    }

    fn is_broken(&self) -> bool {
        self.broken
    }
}
