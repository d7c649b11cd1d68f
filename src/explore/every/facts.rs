//! What processes of each class have been seen to do.
//!
//! To leave an ordering out, one has to know what the other processes may still do. Nobody can tell that from a program's text.
//! So what has been seen of each class of processes is taken for all that they can do, until more is seen: then everything that
//! was decided on these grounds is decided again. When a whole exploration has seen nothing new, what it left out was left out
//! rightly. (Suppose not: take the shortest run in which some process is about to do what it was never seen to do.
//! Without that last step the run is one of a program that does nothing unseen; of such a program the exploration has covered
//! every run, up to the order of independent steps, and so it has met this process in this state, and seen it.)
//!
//! A class is what a process is when it starts, but for the names in it: interchangeable processes are of one class.

use std::collections::{BTreeMap, BTreeSet};

use super::dependence::{Agent, Footprint, Thing, Touch, clash};
use crate::kernel::{Name, Pid};

/// A class of processes.
pub(super) type Class = u32;

/// The world itself, as if it were a process.
pub(super) const SYSTEM_CLASS: Class = 0;
/// The main process.
pub(super) const MAIN_CLASS: Class = 1;

/// What belongs to one process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Mailbox,
    Life,
    Ties,
    Leader,
}

/// Something that steps have in common, as far as classes can tell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Matter {
    /// The part of the one who makes the step.
    Own(Part),
    /// The part of another process of a class.
    Of(Class, Part),
    Name(Name),
    Names,
    Census,
    Time,
    Timers,
    World,
    Console,
    Numbers,
    Claims,
    /// The state that processes share: its parts have no names that would be the same in every run.
    Shared,
}

/// A kind of agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Process,
    Carrier,
    Timer,
}

/// More different messages than this are all taken to be unlike each other.
const MOST_MESSAGES: usize = 64;

/// What an agent of one kind and class has been seen to touch.
type Seen = BTreeSet<(Matter, Touch)>;

/// What has been seen.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    seen: BTreeMap<(Class, Kind), Seen>,
    spawns: BTreeMap<Class, BTreeSet<Class>>,
    /// On what decisions have rested: the touches of steps that were taken without looking at others.
    relied: BTreeSet<(Matter, Touch)>,
    /// All that a process of a class may do, its children included; made when it is asked for.
    reach: BTreeMap<Class, Seen>,
}

fn split(thing: &Thing) -> Result<(Part, Pid), Matter> {
    Err(match thing {
        Thing::Mailbox(pid) => return Ok((Part::Mailbox, *pid)),
        Thing::Life(pid) => return Ok((Part::Life, *pid)),
        Thing::Ties(pid) => return Ok((Part::Ties, *pid)),
        Thing::Leader(pid) => return Ok((Part::Leader, *pid)),
        Thing::Name(name) => Matter::Name(name.clone()),
        Thing::Names => Matter::Names,
        Thing::Census => Matter::Census,
        Thing::Time => Matter::Time,
        Thing::Timers => Matter::Timers,
        Thing::World => Matter::World,
        Thing::Console => Matter::Console,
        Thing::Numbers => Matter::Numbers,
        Thing::Claims => Matter::Claims,
        Thing::Shared(_) | Thing::AllShared => Matter::Shared,
    })
}

fn kind(agent: Agent) -> Kind {
    match agent {
        Agent::Process(_) => Kind::Process,
        Agent::Carrier { .. } => Kind::Carrier,
        Agent::Timer(_) => Kind::Timer,
    }
}

/// The agents of a world at one moment.
#[derive(Clone, Debug, Default)]
pub(super) struct Present {
    agents: Vec<Agent>,
    /// How many agents of each class and kind there are.
    count: BTreeMap<(Class, Kind), u32>,
}

impl Present {
    pub(super) fn add(&mut self, agent: Agent, class: Class) {
        *self.count.entry((class, kind(agent))).or_insert(0) += 1;
        self.agents.push(agent);
    }

    pub(super) fn settle(&mut self) {
        self.agents.sort_unstable();
    }

    /// Whether there is an agent that belongs to a process, of this kind, other than `but`.
    fn has(&self, pid: Pid, wanted: Kind, but: Agent) -> bool {
        let first = match wanted {
            Kind::Process => Agent::Process(pid),
            Kind::Carrier => Agent::Carrier { from: pid, to: Pid::SYSTEM },
            Kind::Timer => Agent::Timer(pid),
        };
        let from = self.agents.partition_point(|agent| *agent < first);
        self.agents
            .iter()
            .skip(from)
            .take_while(|agent| agent.origin() == pid && kind(**agent) == wanted)
            .any(|agent| *agent != but)
    }
}

impl Facts {
    /// Takes note of a step. Returns whether a decision that was made before might be another now.
    pub(super) fn learn(
        &mut self,
        agent: Agent,
        footprint: &Footprint,
        class: impl Fn(Pid) -> Class,
        anybody: bool,
    ) -> bool {
        let origin = agent.origin();
        let own = if anybody { SYSTEM_CLASS } else { class(origin) };
        let key = (own, kind(agent));
        let mut overthrown = false;
        for (thing, touch) in &footprint.touches {
            let matter = match split(thing) {
                Ok((part, pid)) if pid == origin && !anybody => Matter::Own(part),
                Ok((part, pid)) => Matter::Of(class(pid), part),
                Err(matter) => matter,
            };
            let seen = self.seen.entry(key).or_default();
            let mut touch = *touch;
            if let Touch::Puts(Some(_)) = touch {
                let of_it = |other: &&(Matter, Touch)| other.0 == matter && matches!(other.1, Touch::Puts(_));
                if seen.contains(&(matter.clone(), Touch::Puts(None))) {
                    continue;
                }
                if seen.iter().filter(of_it).count() >= MOST_MESSAGES {
                    touch = Touch::Puts(None);
                }
            }
            if !seen.insert((matter.clone(), touch)) {
                continue;
            }
            self.reach.clear();
            let general = if let Matter::Own(part) = matter { Matter::Of(own, part) } else { matter.clone() };
            overthrown |= self.relied.iter().any(|(relied, with)| *relied == general && clash(*with, touch));
        }
        overthrown
    }

    /// Takes note of a spawn. Returns whether a decision that was made before might be another now.
    pub(super) fn learn_spawn(&mut self, parent: Class, child: Class) -> bool {
        if !self.spawns.entry(parent).or_default().insert(child) {
            return false;
        }
        self.reach.clear();
        !self.relied.is_empty()
    }

    /// Forgets on what decisions rested: they are all going to be made again.
    pub(super) fn begin(&mut self) {
        self.relied.clear();
    }

    /// All that a process of a class may do from now on, and those that it may start.
    fn reach(&mut self, class: Class) -> &Seen {
        if !self.reach.contains_key(&class) {
            let mut classes = BTreeSet::from([class]);
            let mut pending = vec![class];
            while let Some(next) = pending.pop() {
                for child in self.spawns.get(&next).into_iter().flatten() {
                    if classes.insert(*child) {
                        pending.push(*child);
                    }
                }
            }
            let mut all = Seen::new();
            for class in classes {
                for kind in [Kind::Process, Kind::Carrier, Kind::Timer] {
                    all.extend(self.seen.get(&(class, kind)).into_iter().flatten().cloned());
                }
            }
            self.reach.insert(class, all);
        }
        self.reach.entry(class).or_default()
    }

    /// Whether a step of an agent is independent of all that can happen without it, for as long as it has not happened.
    pub(super) fn is_independent(
        &mut self,
        agent: Agent,
        footprint: &Footprint,
        present: &Present,
        class: impl Fn(Pid) -> Class,
    ) -> bool {
        if footprint.ends_world() {
            // Nothing can be done after it.
            return false;
        }
        let own = class(agent.origin());
        let mut general = Vec::new();
        for (thing, touch) in &footprint.touches {
            match split(thing) {
                Ok((part, pid)) => {
                    let of = class(pid);
                    // What those do to it whose own it is.
                    for kind in [Kind::Process, Kind::Carrier, Kind::Timer] {
                        let Some(seen) = self.seen.get(&(of, kind)) else { continue };
                        let theirs = seen
                            .iter()
                            .any(|(matter, with)| *matter == Matter::Own(part) && clash(*touch, *with));
                        // A process that is there may yet send, or start timers.
                        let there = present.has(pid, kind, agent)
                            || kind != Kind::Process && present.has(pid, Kind::Process, agent);
                        if theirs && there {
                            return false;
                        }
                    }
                    general.push((Matter::Of(of, part), *touch));
                }
                Err(matter) => general.push((matter, *touch)),
            }
        }
        let clashes = |seen: &Seen| {
            seen.iter().any(|(matter, with)| {
                general.iter().any(|(touched, touch)| touched == matter && clash(*touch, *with))
            })
        };
        for (&(class, kind_of), &count) in &present.count {
            let but = u32::from(class == own && kind_of == kind(agent));
            if count <= but {
                continue;
            }
            let found = if kind_of == Kind::Process {
                clashes(self.reach(class))
            } else {
                self.seen.get(&(class, kind_of)).is_some_and(clashes)
            };
            if found {
                return false;
            }
        }
        // Answers of processes that are no more come from anywhere.
        if self.seen.get(&(SYSTEM_CLASS, Kind::Carrier)).is_some_and(clashes) {
            return false;
        }
        self.relied.extend(general);
        true
    }
}
