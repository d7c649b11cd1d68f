//! What processes of each class have been seen to do.
//!
//! To leave an ordering out, one has to know what the other processes may still do. Nobody can tell that from a program's text.
//! So what has been seen of each class of processes is taken for all that they can do, until more is seen: then everything that
//! was decided on these grounds is decided again. When a whole exploration has seen nothing new, what it left out was left out
//! rightly. (Suppose not: take the shortest run in which some process is about to do what it was never seen to do.
//! Without that last step the run is one of a program that does nothing unseen; of such a program the exploration has covered
//! every run, up to the order of independent steps, and so it has met this process in this state, and seen it.)
//!
//! A class is what a process is when it starts, but for the names in it: interchangeable processes are of one class. What a process may still do
//! depends on how far it has come in its code, its phase ([`World::phase`](crate::kernel::World::phase)): what has been seen is kept for each phase, with
//! the phases that were seen to follow.

use std::collections::{BTreeMap, BTreeSet};

use super::dependence::{Agent, Footprint, Thing, Touch, clash};
use crate::kernel::{DOOMED_PHASE, Name, Pid};

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

/// How far a process of a class has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Node {
    pub(super) class: Class,
    pub(super) phase: u64,
}

impl Node {
    /// What carries the signals of the processes of a class, and their timers, have no phases.
    fn of_all(class: Class) -> Node {
        Node { class, phase: 0 }
    }
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
    seen: BTreeMap<(Node, Kind), Seen>,
    /// The phases that follow each other in one process.
    follow: BTreeMap<Node, BTreeSet<Node>>,
    /// What processes start.
    spawns: BTreeMap<Node, BTreeSet<Node>>,
    /// On what decisions have rested: the touches of steps that were taken without looking at others, ...
    relied: BTreeSet<(Matter, Touch)>,
    /// ... and what those others may still do.
    trusted: BTreeSet<(Node, Kind)>,
    /// All that a process may do from a phase on, its children included; made when it is asked for.
    reach: BTreeMap<Node, Reach>,
}

/// What may come of a process.
#[derive(Clone, Debug, Default)]
struct Reach {
    /// Where all that was seen.
    nodes: BTreeSet<(Node, Kind)>,
    /// What it may do itself.
    own: Seen,
    /// What it and its children may do.
    all: Seen,
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

/// The agents of a world at one moment, each with how far its process has come.
#[derive(Clone, Debug, Default)]
pub(super) struct Present {
    agents: Vec<(Agent, Node)>,
}

impl Present {
    pub(super) fn add(&mut self, agent: Agent, node: Node) {
        let node = match kind(agent) {
            Kind::Process => node,
            Kind::Carrier | Kind::Timer => Node::of_all(node.class),
        };
        self.agents.push((agent, node));
    }

    pub(super) fn settle(&mut self) {
        self.agents.sort_unstable();
    }

    /// The agents that belong to a process.
    fn of(&self, pid: Pid) -> impl Iterator<Item = (Agent, Node)> {
        self.agents.iter().copied().filter(move |(agent, _)| agent.origin() == pid)
    }
}

impl Facts {
    /// Takes note of a step. Returns whether a decision that was made before might be another now.
    pub(super) fn learn(
        &mut self,
        agent: Agent,
        node: Node,
        footprint: &Footprint,
        class: impl Fn(Pid) -> Class,
        anybody: bool,
    ) -> bool {
        let origin = agent.origin();
        let kind = kind(agent);
        let node = match kind {
            _ if anybody => Node::of_all(SYSTEM_CLASS),
            Kind::Process => node,
            Kind::Carrier | Kind::Timer => Node::of_all(node.class),
        };
        let key = (node, kind);
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
            overthrown |=
                self.trusted.contains(&key) && self.has_relied(&general(&matter, node.class), touch);
        }
        overthrown
    }

    /// Takes note of what became of a process by its own step. Returns whether a decision that was made before might be another now.
    pub(super) fn learn_phase(&mut self, before: Node, after: Node) -> bool {
        before != after
            && self.follow.entry(before).or_default().insert(after)
            && self.leads_on(before, after)
    }

    /// Takes note of a spawn. Returns whether a decision that was made before might be another now.
    pub(super) fn learn_spawn(&mut self, parent: Node, child: Node) -> bool {
        self.spawns.entry(parent).or_default().insert(child) && self.leads_on(parent, child)
    }

    /// That one leads to the other is new. Returns whether that might change a decision.
    fn leads_on(&mut self, from: Node, to: Node) -> bool {
        self.reach.clear();
        if !self.trusted.contains(&(from, Kind::Process)) || self.trusted.contains(&(to, Kind::Process)) {
            return false;
        }
        let nodes = self.reach(to).nodes.clone();
        let contradicts = nodes.iter().any(|key| {
            let seen = self.seen.get(key).into_iter().flatten();
            let mut seen = seen.map(|(matter, touch)| (general(matter, key.0.class), *touch));
            seen.any(|(matter, touch)| self.has_relied(&matter, touch))
        });
        // Those who trusted the one have to trust what follows.
        self.trusted.extend(nodes);
        contradicts
    }

    fn has_relied(&self, matter: &Matter, touch: Touch) -> bool {
        self.relied.iter().any(|(relied, with)| relied == matter && clash(*with, touch))
    }

    /// Forgets on what decisions rested: they are all going to be made again.
    pub(super) fn begin(&mut self) {
        self.relied.clear();
        self.trusted.clear();
    }

    /// All that a process may do from a phase on, and those that it may start.
    fn reach(&mut self, from: Node) -> &Reach {
        if !self.reach.contains_key(&from) {
            let mut reach = Reach::default();
            let mut own = BTreeSet::from([from]);
            let mut pending = vec![from];
            let mut others = Vec::new();
            while let Some(next) = pending.pop() {
                // A process can be killed wherever it is.
                let doomed = Node { class: next.class, phase: DOOMED_PHASE };
                for &after in self.follow.get(&next).into_iter().flatten().chain([&doomed]) {
                    if own.insert(after) {
                        pending.push(after);
                    }
                }
                others.extend(self.spawns.get(&next).into_iter().flatten().copied());
            }
            for &node in &own {
                let key = (node, Kind::Process);
                reach.own.extend(self.seen.get(&key).into_iter().flatten().cloned());
                reach.nodes.insert(key);
            }
            let mut all = own;
            while let Some(next) = others.pop() {
                if !all.insert(next) {
                    continue;
                }
                let doomed = Node { class: next.class, phase: DOOMED_PHASE };
                others.extend(self.follow.get(&next).into_iter().flatten().copied());
                others.extend(self.spawns.get(&next).into_iter().flatten().copied());
                others.push(doomed);
            }
            for node in all {
                for key in [
                    (node, Kind::Process),
                    (Node::of_all(node.class), Kind::Carrier),
                    (Node::of_all(node.class), Kind::Timer),
                ] {
                    reach.nodes.insert(key);
                    let seen = self.seen.get(&key).into_iter().flatten();
                    reach.all.extend(seen.cloned());
                }
            }
            self.reach.insert(from, reach);
        }
        self.reach.entry(from).or_default()
    }

    /// A set of agents, as small as can be found: their steps are independent of all that can happen without them, for as long as none of these steps
    /// has happened (a persistent set: Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", 1996). It holds whom `steps` gives
    /// the places of; nothing if there is none but all of them.
    ///
    /// `steps` are those that are possible: the agent, what the step touches, and others who are interchangeable with it.
    pub(super) fn persistent(
        &mut self,
        steps: &[Step<'_>],
        present: &Present,
        class: impl Fn(Pid) -> Class,
    ) -> Option<Vec<usize>> {
        let mut best: Option<Vec<usize>> = None;
        for seed in 0..steps.len() {
            let most = best.as_ref().map_or(steps.len(), Vec::len);
            if let Some(found) = self.closed(seed, most, steps, present, &class) {
                let alone = found.len() == 1;
                best = Some(found);
                if alone {
                    break;
                }
            }
        }
        for &at in best.iter().flatten() {
            if let Some(step) = steps.get(at) {
                let general = step.footprint.touches.iter().map(|(thing, touch)| {
                    let matter = match split(thing) {
                        Ok((part, pid)) => Matter::Of(step.class_of(pid, &class), part),
                        Err(matter) => matter,
                    };
                    (matter, *touch)
                });
                self.relied.extend(general);
            }
        }
        if let Some(best) = &best {
            // All others were trusted to do no more than what was seen.
            let members: BTreeSet<Agent> =
                best.iter().filter_map(|at| steps.get(*at)).flat_map(Step::agents).collect();
            let mut trusted = BTreeSet::from([(Node::of_all(SYSTEM_CLASS), Kind::Carrier)]);
            for &(agent, node) in present.agents.iter().filter(|(agent, _)| !members.contains(agent)) {
                match kind(agent) {
                    Kind::Process => trusted.extend(self.reach(node).nodes.iter().copied()),
                    kind @ (Kind::Carrier | Kind::Timer) => {
                        trusted.insert((node, kind));
                    }
                }
            }
            self.trusted.extend(trusted);
        }
        best
    }

    /// The persistent set that grows from one step, if it has fewer steps than `most`.
    fn closed(
        &mut self,
        seed: usize,
        most: usize,
        steps: &[Step<'_>],
        present: &Present,
        class: &impl Fn(Pid) -> Class,
    ) -> Option<Vec<usize>> {
        let mut members: BTreeSet<Agent> = BTreeSet::new();
        let mut chosen = vec![seed];
        members.extend(steps.get(seed)?.agents());
        let mut at = 0;
        while let Some(step) = chosen.get(at).and_then(|at| steps.get(*at)) {
            at += 1;
            if step.footprint.ends_world() {
                // Nothing can be done after it.
                return None;
            }
            loop {
                let culprit = match self.culprit(step, &members, present, class) {
                    InTheWay::Nobody => break,
                    InTheWay::This(culprit) => culprit,
                    InTheWay::Anybody => return None,
                };
                // Whoever gets in the way and can do something now comes in, too.
                let more = steps.iter().position(|step| step.agents().any(|agent| agent == culprit))?;
                members.extend(steps.get(more)?.agents());
                chosen.push(more);
                if chosen.len() >= most {
                    return None;
                }
            }
        }
        Some(chosen)
    }

    /// Who is not among the members, and may do something that clashes with a step of theirs.
    fn culprit(
        &mut self,
        step: &Step<'_>,
        members: &BTreeSet<Agent>,
        present: &Present,
        class: &impl Fn(Pid) -> Class,
    ) -> InTheWay {
        let mut touches = Vec::new();
        for (thing, touch) in &step.footprint.touches {
            match split(thing) {
                Ok((part, pid)) => {
                    // What those do to it whose own it is.
                    let clashes = |seen: &Seen| {
                        seen.iter().any(|(matter, with)| *matter == Matter::Own(part) && clash(*touch, *with))
                    };
                    let of = step.class_of(pid, class);
                    for (agent, node) in present.of(pid).filter(|(agent, _)| !members.contains(agent)) {
                        let own = match kind(agent) {
                            Kind::Process => {
                                // A process that is there may yet send, or start timers.
                                let may =
                                    |kind| self.seen.get(&(Node::of_all(of), kind)).is_some_and(clashes);
                                may(Kind::Carrier) || may(Kind::Timer) || clashes(&self.reach(node).own)
                            }
                            kind @ (Kind::Carrier | Kind::Timer) => {
                                self.seen.get(&(node, kind)).is_some_and(clashes)
                            }
                        };
                        if own {
                            return InTheWay::This(agent);
                        }
                    }
                    touches.push((Matter::Of(of, part), *touch));
                }
                Err(matter) => touches.push((matter, *touch)),
            }
        }
        let clashes = |seen: &Seen| {
            seen.iter().any(|(matter, with)| {
                touches.iter().any(|(touched, touch)| touched == matter && clash(*touch, *with))
            })
        };
        // Answers of processes that are no more come from anywhere.
        if self.seen.get(&(Node::of_all(SYSTEM_CLASS), Kind::Carrier)).is_some_and(clashes) {
            return InTheWay::Anybody;
        }
        let mut known: BTreeMap<(Node, Kind), bool> = BTreeMap::new();
        for &(agent, node) in present.agents.iter().filter(|(agent, _)| !members.contains(agent)) {
            let kind = kind(agent);
            let found = *known.entry((node, kind)).or_insert_with(|| match kind {
                Kind::Process => clashes(&self.reach(node).all),
                Kind::Carrier | Kind::Timer => self.seen.get(&(node, kind)).is_some_and(clashes),
            });
            if found {
                return InTheWay::This(agent);
            }
        }
        InTheWay::Nobody
    }
}

/// Who might do something that clashes.
enum InTheWay {
    Nobody,
    This(Agent),
    /// Somebody who is not there any more, or not yet.
    Anybody,
}

/// What a matter is to others than those of this class whose own it is.
fn general(matter: &Matter, class: Class) -> Matter {
    if let Matter::Own(part) = matter { Matter::Of(class, *part) } else { matter.clone() }
}

/// A step that is possible.
pub(super) struct Step<'s> {
    pub(super) agent: Agent,
    pub(super) footprint: &'s Footprint,
    /// Who is interchangeable with the one who makes it.
    pub(super) twins: Vec<Pid>,
    /// The process that it starts, and of which class that is.
    pub(super) child: Option<(Pid, Class)>,
}

impl Step<'_> {
    /// The class of a process, as of after the step.
    fn class_of(&self, pid: Pid, class: &impl Fn(Pid) -> Class) -> Class {
        match self.child {
            Some((child, of)) if child == pid => of,
            _ => class(pid),
        }
    }

    fn agents(&self) -> impl Iterator<Item = Agent> {
        [self.agent].into_iter().chain(self.twins.iter().map(|twin| Agent::Process(*twin)))
    }
}
