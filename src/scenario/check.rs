//! Every ordering of a program, and what is claimed of it.

use std::rc::Rc;

use super::claim::{Claim, ClaimError};
use super::event::{EventPattern, Who};
use super::watch::ClaimWatch;
use crate::elixir::ElixirProgram;
use crate::explore::{
    Bounds, Chance, Counts, Every, Everything, Explanation, Reason, Reductions, Simulation,
};
use crate::kernel::Persistent;
use crate::strategy::{Replay, Schedule, drive};

/// Whether a claim holds.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// Under every ordering: all were covered.
    Holds,
    /// Not under this one.
    Violated {
        /// What happens.
        detail: String,
        /// The ordering, as small as could be made.
        schedule: Schedule,
    },
    /// It holds as far as orderings were covered.
    Bounded(Reason),
}

/// What is found of a claim.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The claim.
    pub claim: String,
    /// Whether it holds.
    pub verdict: Verdict,
    /// The events that the claim is about and that never happen: it holds, or is violated, for want of them.
    pub vacuous: Vec<String>,
    /// How far the search went.
    pub counts: Counts,
}

/// How programs are checked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Check {
    /// The reductions that are used.
    pub reductions: Reductions,
    /// When the search is given up.
    pub bounds: Bounds,
    /// Whether the order of the lines of different processes counts for outcomes.
    pub order_of_output: bool,
}

/// A program that claims can be made about.
pub type Checkable = Simulation<ElixirProgram<Persistent>>;

/// Covers every ordering of a program. Gives all that can come out, and of each claim whether it holds.
///
/// # Errors
/// A claim that speaks of a function which the program does not have.
pub fn check(
    simulation: &Checkable,
    how: Check,
    claims: &[Claim],
    mut progress: impl FnMut(&Counts) -> bool,
) -> Result<(Everything, Vec<Checked>), ClaimError> {
    let claims = claims.iter().map(|claim| resolved(simulation, claim)).collect::<Result<Vec<_>, _>>()?;
    let search = how.search(simulation);
    let everything = search.explore(&mut progress);
    let mut checked = Vec::new();
    for claim in claims {
        let (found, counts, cut) = if claim.is_no_early_exit() {
            let wrong = everything.wrong.iter().find(|wrong| wrong.property == "no early exit");
            let found = wrong.map(|wrong| (wrong.detail.clone(), wrong.schedule.clone()));
            (found, everything.counts, everything.cut.clone())
        } else if claim.is_about_outcomes() {
            let mut found = None;
            for possible in &everything.outcomes {
                // After the first run that breaks it, the others are looked at for events that have not been seen yet.
                if found.is_some() && claim.patterns().all(|event| event.met.get()) {
                    break;
                }
                let broken = broken_by(simulation, &claim, &possible.schedule);
                found = found.or(broken);
            }
            (found, everything.counts, everything.cut.clone())
        } else {
            let found = search.watched(ClaimWatch::new(&claim), &mut progress);
            let wrong = found.wrong.into_iter().find(|wrong| wrong.property == claim.text);
            (wrong.map(|wrong| (wrong.detail, wrong.schedule)), found.counts, found.cut)
        };
        let verdict = match (found, cut) {
            (Some((detail, schedule)), _) => smallest(simulation, &claim, detail, schedule),
            (None, Some(reason)) => Verdict::Bounded(reason),
            (None, None) => Verdict::Holds,
        };
        // What never happens makes a claim hold for nothing; or it is misspelt, and the claim is violated for that.
        let unmet = |event: &&EventPattern| !event.met.get();
        let text = |event: &EventPattern| event.text.clone();
        let vacuous = match verdict {
            Verdict::Violated { .. } => claim.patterns().filter(unmet).map(text).collect(),
            Verdict::Holds | Verdict::Bounded(_) => claim.premises().filter(unmet).map(text).collect(),
        };
        checked.push(Checked { claim: claim.text.clone(), verdict, vacuous, counts });
    }
    Ok((everything, checked))
}

impl Check {
    /// The search that this asks for.
    #[must_use]
    pub fn search<'s>(&self, simulation: &'s Checkable) -> Every<'s, ElixirProgram<Persistent>> {
        simulation
            .every_ordering()
            .reductions(self.reductions)
            .bounds(self.bounds)
            .order_of_output(self.order_of_output)
    }
}

/// How likely it is that chance breaks a claim: exactly, if there are not more than so many states, and otherwise from so
/// many runs.
///
/// # Errors
/// As [`check`].
pub fn odds(
    simulation: &Checkable,
    claim: &Claim,
    states: u64,
    runs: u64,
    progress: impl FnMut(&Counts) -> bool,
) -> Result<Chance, ClaimError> {
    let claim = resolved(simulation, claim)?;
    let odds = simulation.every_ordering().odds(ClaimWatch::new(&claim), states, runs, progress);
    let never = Chance::Counted { hits: 0, runs };
    Ok(odds.wrong.get(&claim.text).cloned().unwrap_or(never))
}

/// Why a run breaks a claim.
///
/// # Errors
/// As [`check`].
pub fn explain(
    simulation: &Checkable,
    how: Check,
    claim: &Claim,
    schedule: &Schedule,
    progress: impl FnMut(&Counts) -> bool,
) -> Result<Explanation, ClaimError> {
    let claim = resolved(simulation, claim)?;
    Ok(how.search(simulation).explain(schedule, ClaimWatch::new(&claim), progress))
}

/// Whether a run breaks a claim, and how.
///
/// # Errors
/// As [`check`].
pub fn breaks(
    simulation: &Checkable,
    claim: &Claim,
    schedule: &Schedule,
) -> Result<Option<String>, ClaimError> {
    let claim = resolved(simulation, claim)?;
    Ok(broken_by(simulation, &claim, schedule).map(|(detail, _)| detail))
}

/// The claim, with the places of the functions and variables that it names.
fn resolved(simulation: &Checkable, claim: &Claim) -> Result<Rc<Claim>, ClaimError> {
    let mut claim = claim.clone();
    let text = claim.text.clone();
    for one in &mut claim.ones {
        for event in one.events_mut() {
            // Each search tells anew what was met; only that there is no crash is no lack.
            event.met = Rc::new(std::cell::Cell::new(event.met.get()));
            if let Who::Running { module, name, arity, places } = &mut event.who {
                *places = simulation.program().places_of(module, name, *arity).ok_or_else(|| ClaimError {
                    text: text.clone(),
                    place: event.place,
                    what: format!("the program has no function {module}.{name}/{arity}"),
                })?;
            }
            if let Who::Held { variable, places } = &mut event.who {
                *places = simulation.program().places_of_variable(variable).ok_or_else(|| ClaimError {
                    text: text.clone(),
                    place: event.place,
                    what: format!(
                        "the program has no variable {variable} that gets a value by =, as in {variable} = spawn(…)"
                    ),
                })?;
            }
        }
    }
    Ok(Rc::new(claim))
}

fn broken_by(simulation: &Checkable, claim: &Rc<Claim>, schedule: &Schedule) -> Option<(String, Schedule)> {
    let mut watch = ClaimWatch::new(claim);
    let mut world = simulation.world();
    let replayed = drive(&mut world, &mut Replay::new(schedule.clone()), &mut watch);
    debug_assert!(replayed.is_ok(), "a schedule that was found can be replayed");
    let mut failures = Vec::new();
    crate::explore::Property::judge(&watch, &world, &mut failures);
    failures.pop().map(|failure| (failure.detail, schedule.clone()))
}

/// Trials by which a counterexample is made smaller.
const EFFORT: u64 = 3_000;

fn smallest(simulation: &Checkable, claim: &Rc<Claim>, detail: String, schedule: Schedule) -> Verdict {
    match simulation.shrink_with_effort(&schedule, || ClaimWatch::new(claim), EFFORT) {
        Some(shrunk) => {
            Verdict::Violated { detail: shrunk.failure.detail, schedule: shrunk.run.schedule().clone() }
        }
        None => Verdict::Violated { detail, schedule },
    }
}
