//! A claim that watches a run.

use std::rc::Rc;

use super::claim::{Claim, Formula, One, Relation};
use super::event::{EventPattern, Known, Who};
use crate::elixir::vm::{ElixirProcess, Kept, Place};
use crate::explore::{Failure, NoEarlyExit, Note, Property, Watch};
use crate::kernel::{Ending, Event, Happening, Observer, Sketcher, Status, World};

/// What is remembered of a run for a claim that is not put together of others.
#[derive(Clone, Debug, Default)]
struct Memory {
    /// An event of the first kind has happened; of claims about what leads to what, it is still to be followed.
    first: bool,
    /// An event of the second kind has happened.
    second: bool,
    broken: bool,
    count: u64,
}

/// A claim that watches a run.
#[derive(Clone, Debug)]
pub(super) struct ClaimWatch {
    claim: Rc<Claim>,
    memories: Vec<Memory>,
    known: Known,
}

impl ClaimWatch {
    pub(super) fn new(claim: &Rc<Claim>) -> ClaimWatch {
        let memories = vec![Memory::default(); claim.ones.len()];
        ClaimWatch { claim: Rc::clone(claim), memories, known: Known::default() }
    }

    fn take_note<S: Kept>(&mut self, event: &Event<'_, ElixirProcess<S>>) -> Option<Note> {
        let mut note = None;
        let known = &self.known;
        let both = |first: &EventPattern, second: &EventPattern| {
            (first.count(event, known) > 0, second.count(event, known) > 0)
        };
        for (one, memory) in self.claim.ones.iter().zip(&mut self.memories) {
            match one {
                One::Never(pattern) => {
                    if pattern.count(event, known) > 0 {
                        memory.broken = true;
                        note = note.max(Some(Note::Counted));
                    }
                }
                One::Eventually(pattern) => {
                    if pattern.count(event, known) > 0 {
                        memory.first = true;
                        note = note.max(Some(Note::Counted));
                    }
                }
                One::Count(pattern, _, number) => {
                    let times = pattern.count(event, known);
                    if times > 0 {
                        // More than one too many is no worse.
                        memory.count = memory.count.saturating_add(times).min(number.saturating_add(1));
                        note = note.max(Some(Note::Counted));
                    }
                }
                One::AlwaysBefore(first, second) => {
                    let (is_first, is_second) = both(first, second);
                    memory.broken |= is_second && !memory.first;
                    memory.first |= is_first;
                    if is_first || is_second {
                        note = Some(Note::InOrder);
                    }
                }
                One::AllBeforeAny(first, second) => {
                    let (is_first, is_second) = both(first, second);
                    memory.broken |= is_first && memory.second;
                    memory.second |= is_second;
                    if is_first || is_second {
                        note = Some(Note::InOrder);
                    }
                }
                One::LeadsTo(first, second) => {
                    let (is_first, is_second) = both(first, second);
                    if is_second {
                        memory.first = false;
                    }
                    memory.first |= is_first;
                    if is_first || is_second {
                        note = Some(Note::InOrder);
                    }
                }
                One::NoDeadlock | One::NoEarlyExit | One::NoUnread => {}
            }
        }
        if self.follow_names(event) { Some(Note::InOrder) } else { note }
    }

    /// Keeps track of who is meant by the names and variables that the claim speaks of. Returns whether that has changed.
    #[allow(clippy::wildcard_enum_match_arm, reason = "few events have to do with names")]
    fn follow_names<S: Kept>(&mut self, event: &Event<'_, ElixirProcess<S>>) -> bool {
        match &event.happening {
            Happening::Registered { name, pid } => {
                let spoken_of = self
                    .claim
                    .patterns()
                    .any(|pattern| matches!(&pattern.who, Who::Named(named) if named == *name));
                if spoken_of {
                    self.known.holders.push(((*name).clone(), *pid));
                }
                spoken_of
            }
            Happening::Spawned { child, .. } => {
                let Some(Place { file, line }) = event.place else { return false };
                let before = self.known.held.len();
                for pattern in self.claim.patterns() {
                    if let Who::Held { variable, places } = &pattern.who
                        && places.contains(&(file, line))
                        && !self.known.held.iter().any(|(name, pid)| name == variable && pid == child)
                    {
                        self.known.held.push((variable.clone(), *child));
                    }
                }
                self.known.held.len() != before
            }
            Happening::Unregistered { name } => {
                let before = self.known.holders.len();
                self.known.holders.retain(|(held, _)| held != *name);
                self.known.holders.len() != before
            }
            Happening::Exited { .. } => {
                let Known { holders, held } = &mut self.known;
                let before = (holders.len(), held.len());
                holders.retain(|(_, pid)| *pid != event.process);
                held.retain(|(_, pid)| *pid != event.process);
                (holders.len(), held.len()) != before
            }
            _ => false,
        }
    }

    /// Whether a claim is true or false, if that is settled; `end` is the world, if it has ended.
    fn value<S: Kept>(&self, formula: &Formula, end: Option<&World<ElixirProcess<S>>>) -> Option<bool> {
        match formula {
            Formula::One(number) => {
                let (one, memory) = (self.claim.ones.get(*number)?, self.memories.get(*number)?);
                one_value(one, memory, end)
            }
            Formula::Not(inner) => self.value(inner, end).map(|value| !value),
            Formula::And(left, right) => match (self.value(left, end), self.value(right, end)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Formula::Or(left, right) => match (self.value(left, end), self.value(right, end)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
        }
    }

    fn verdict<S: Kept>(&self, world: &World<ElixirProcess<S>>) -> Option<bool> {
        let over = matches!(
            world.ending(),
            Some(Ending::Halted | Ending::Stopped(_) | Ending::Idle | Ending::Deadlock)
        );
        self.value(&self.claim.formula, over.then_some(world))
    }

    /// What this run does against the claim.
    fn detail<S: Kept>(&self, world: &World<ElixirProcess<S>>) -> String {
        let mut parts = Vec::new();
        for (one, memory) in self.claim.ones.iter().zip(&self.memories) {
            parts.push(match one {
                One::Never(event) | One::Eventually(event) => {
                    let happened = memory.broken || memory.first;
                    format!("{} {}", event.text, if happened { "happens" } else { "does not happen" })
                }
                One::Count(event, _, number) if memory.count > *number => {
                    format!("{} happens more than {number} times", event.text)
                }
                One::Count(event, ..) => match memory.count {
                    1 => format!("{} happens once", event.text),
                    times => format!("{} happens {times} times", event.text),
                },
                One::AlwaysBefore(first, second) if memory.broken => {
                    format!("{} happens and no {} was before it", second.text, first.text)
                }
                One::AllBeforeAny(first, second) if memory.broken => {
                    format!("{} happens after {}", first.text, second.text)
                }
                One::LeadsTo(first, second) if memory.first => {
                    format!("after {} no {} comes", first.text, second.text)
                }
                One::NoEarlyExit => match early_exit(world) {
                    Some(detail) => detail,
                    None => continue,
                },
                One::AlwaysBefore(..) | One::AllBeforeAny(..) | One::LeadsTo(..) => continue,
                One::NoDeadlock | One::NoUnread => {
                    let stuck: Vec<String> = world.stuck().iter().map(ToString::to_string).collect();
                    stuck.join("; ")
                }
            });
        }
        parts.join("; ")
    }
}

fn early_exit<S: Kept>(world: &World<ElixirProcess<S>>) -> Option<String> {
    let mut failures = Vec::new();
    Property::judge(&NoEarlyExit, world, &mut failures);
    failures.pop().map(|failure| failure.detail)
}

fn one_value<S: Kept>(one: &One, memory: &Memory, end: Option<&World<ElixirProcess<S>>>) -> Option<bool> {
    match one {
        One::Never(_) if memory.broken => Some(false),
        One::Eventually(_) if memory.first => Some(true),
        One::AlwaysBefore(..) | One::AllBeforeAny(..) if memory.broken => Some(false),
        One::Never(_) | One::AlwaysBefore(..) | One::AllBeforeAny(..) => end.map(|_| true),
        One::Eventually(_) => end.map(|_| false),
        One::Count(_, relation, number) => {
            let now = relation.holds(memory.count, *number);
            // More will not make it less.
            let settled = match relation {
                Relation::Equal | Relation::NotEqual => memory.count > *number,
                Relation::Less | Relation::GreaterOrEqual => memory.count >= *number,
                Relation::LessOrEqual | Relation::Greater => memory.count > *number,
            };
            (settled || end.is_some()).then_some(now)
        }
        One::LeadsTo(..) => end.map(|_| !memory.first),
        One::NoDeadlock => end.map(|world| world.ending() != Some(Ending::Deadlock)),
        One::NoEarlyExit => end.map(|world| early_exit(world).is_none()),
        One::NoUnread => end.map(|world| {
            !world.pids().any(|pid| {
                world
                    .info(pid)
                    .is_some_and(|info| info.status == Status::Waiting && !info.messages.is_empty())
            })
        }),
    }
}

impl<S: Kept> Watch<ElixirProcess<S>> for ClaimWatch {
    fn see(&mut self, event: &Event<'_, ElixirProcess<S>>) -> Option<Note> {
        self.take_note(event)
    }

    fn sketch(&self, into: &mut Sketcher) {
        for Memory { first, second, broken, count } in &self.memories {
            into.mark(u8::from(*first) | u8::from(*second) << 1 | u8::from(*broken) << 2);
            into.number(*count);
        }
        let Known { holders, held } = &self.known;
        into.number(holders.len() as u64);
        let names = holders.iter().map(|(name, pid)| (name.as_str(), pid));
        for (name, pid) in names.chain(held.iter().map(|(name, pid)| (name.as_str(), pid))) {
            into.bytes(name.as_bytes());
            into.pid(*pid);
        }
    }

    fn is_broken(&self) -> bool {
        self.value::<S>(&self.claim.formula, None) == Some(false)
    }

    fn judge(&self, world: &World<ElixirProcess<S>>, wrong: &mut dyn FnMut(String, String)) {
        if self.verdict(world) == Some(false) {
            wrong(self.claim.text.clone(), self.detail(world));
        }
    }
}

impl<S: Kept> Observer<ElixirProcess<S>> for ClaimWatch {
    fn observe(&mut self, event: &Event<'_, ElixirProcess<S>>) {
        self.take_note(event);
    }
}

impl<S: Kept> Property<ElixirProcess<S>> for ClaimWatch {
    fn judge(&self, world: &World<ElixirProcess<S>>, failures: &mut Vec<Failure>) {
        if self.verdict(world) == Some(false) {
            failures.push(Failure::new(self.claim.text.clone(), self.detail(world)));
        }
    }

    fn is_broken(&self) -> bool {
        self.value::<S>(&self.claim.formula, None) == Some(false)
    }
}
