//! Visits every state that matters, breadth first.
//!
//! From each state, all choices are followed, unless one is found that is independent of everything that can happen without it:
//! then that one alone, since all that the others can do can be done afterwards ([`Facts::is_independent`]). States that
//! are the same but for names are one state ([`Canon::key`]), and of processes that are interchangeable one moves for all.
//!
//! Where such a choice is followed alone, the others are put off. They must not be put off for ever: if the states that are
//! found form a circle in which each puts something off, one of them is visited again with all its choices.

use std::collections::{BTreeMap, VecDeque};

use rpds::Vector;

use super::apply_all;
use super::canonical::{Canon, Comparing, Key};
use super::dependence::{self, Agent, Footprint, Ground, Thing, Touch};
use super::facts::{self, Class, Facts, MAIN_CLASS, Node, Present, SYSTEM_CLASS};
use super::graph::{Edge, Graph};
use super::question::{Counts, Question, Reason, Stop};
use super::races::{self, Crossing, Met, Orders, Side};
use super::watch::{Note, Watch};
use crate::kernel::{
    Action, Choice, DOOMED_PHASE, Ending, Event, Happening, Observer, Outcome, Pid, Process, SignalKind,
    Sketched, Sketcher, World,
};
use crate::strategy::Dice;

/// A number of a state.
pub(super) type Id = u32;

/// The parent of the first state.
const NOBODY: Id = Id::MAX;

/// What is kept of a state.
struct Kept {
    parent: Id,
    /// Where its choices, those that led from the parent to it, stand.
    path: (u32, u32),
    depth: u32,
    /// Whether some of its choices were put off.
    put_off: bool,
}

/// A state that is still to be visited.
struct Open<P: Process, W> {
    id: Id,
    world: World<P>,
    classes: Vector<Class>,
    watch: W,
    /// Interchangeable processes: each with the least of them.
    twins: Vec<(Pid, Pid)>,
}

impl<P: Sketched, W: Watch<P>> Open<P, W> {
    fn copy(&self, mut again: impl FnMut() -> World<P>) -> Open<P, W> {
        Open {
            id: self.id,
            world: P::another(&self.world, &mut again),
            classes: self.classes.clone(),
            watch: self.watch.clone(),
            twins: Vec::new(),
        }
    }
}

/// A run that shows something.
#[derive(Clone, Debug)]
pub(super) struct Shown<T> {
    pub(super) what: T,
    /// The choices that lead there.
    pub(super) choices: Vec<Choice>,
}

/// What a search has found.
pub(super) struct Found {
    pub(super) counts: Counts,
    pub(super) cut: Option<Reason>,
    /// By what an outside observer can tell: what can come out.
    pub(super) outcomes: BTreeMap<Key, Shown<Outcome>>,
    /// What went wrong, by the name of the claim: what happened.
    pub(super) broken: BTreeMap<String, Shown<String>>,
    /// A run to the end that breaks nothing.
    pub(super) right: Option<Vec<Choice>>,
    /// All states and how one comes from the other.
    pub(super) graph: Graph,
    /// Where two steps were met that get in each other's way.
    pub(super) crossings: Vec<Crossing>,
}

/// Sees a step.
struct Ear<'a, W> {
    touches: Vec<(Thing, Touch)>,
    choice: Choice,
    child: Option<(Pid, Pid)>,
    anybody: bool,
    /// Whether anybody asks where in the program it is done, and where that is.
    asks_where: bool,
    place: Option<String>,
    sketcher: &'a mut Sketcher,
    watch: &'a mut W,
}

impl<P: Sketched, W: Watch<P>> Observer<P> for Ear<'_, W> {
    fn observe(&mut self, event: &Event<'_, P>) {
        if let Happening::Spawned { child, .. } = event.happening {
            self.child = Some((event.process, child));
        }
        if let Happening::Delivered { kind: SignalKind::NoProcess, .. } = event.happening {
            self.anybody = true;
        }
        if self.asks_where {
            self.place = event.place.as_ref().map(ToString::to_string);
        }
        dependence::happened::<P>(self.choice, &event.happening, &mut self.touches, self.sketcher);
        if let Some(note) = self.watch.see(event) {
            let touch = match note {
                Note::Counted => Touch::Adds,
                Note::InOrder => Touch::Writes,
            };
            self.touches.push((Thing::Claims, touch));
            self.touches.push((Thing::World, Touch::Reads));
        }
    }
}

/// A step that was tried out.
struct Tried<P: Process, W> {
    choice: Choice,
    agent: Option<Agent>,
    footprint: Footprint,
    /// How many choices it stands for: its own, and those of processes that are interchangeable with this one.
    weight: u32,
    next: Open<P, W>,
    place: Option<String>,
    child: Option<Pid>,
}

/// A step that has not been tried out in this state, but in one from which only steps lead here that are independent of it.
struct Foretold {
    choice: Choice,
    agent: Agent,
    footprint: Footprint,
    /// The process that it starts, and of which class that is.
    child: Option<(Pid, Class)>,
}

/// A choice: what is known of it, and the step if it has been tried out here.
type Candidate<P, W> = (Option<Foretold>, Option<Tried<P, W>>);

/// What can be done in a state.
struct Options<P: Process, W> {
    /// What has to be followed, tried out.
    tried: Vec<Tried<P, W>>,
    /// Whether something else is put off meanwhile.
    put_off: bool,
    /// What is put off.
    rest: Vec<Foretold>,
}

/// How worlds of the program are made.
pub(super) struct Maker<'m, P: Process> {
    /// One in which nothing has happened yet.
    pub(super) fresh: Box<dyn Fn() -> World<P> + 'm>,
    /// The same, with the code of this one, in which more has been loaded.
    pub(super) renewed: Renew<'m, P>,
}

type Renew<'m, P> = Box<dyn Fn(&World<P>) -> World<P> + 'm>;

/// Covers every ordering of the worlds that begin like this one.
pub(super) struct Explorer<'e, P: Process, W> {
    maker: Maker<'e, P>,
    first: World<P>,
    question: &'e Question<W>,
    facts: Facts,
    class_of: BTreeMap<u128, Class>,
    how: Comparing,
    canon: Canon,
    sketcher: Sketcher,
    kept: Vec<Kept>,
    choices: Vec<Choice>,
    known: BTreeMap<Key, Id>,
    graph: Graph,
    outcomes: BTreeMap<Key, Shown<Outcome>>,
    broken: BTreeMap<String, Shown<String>>,
    right: Option<Id>,
    met: Vec<Met>,
    cut: Option<Reason>,
    counts: Counts,
    version: u64,
}

/// What came of a search.
enum Attempt {
    Complete,
    /// Something new was seen, on which decisions rest that have been made.
    Again,
}

/// So many pairs of worlds that look the same are held against each other, where they cannot be looked into, for so many steps.
const MOST_COMPARED: u64 = 2_000;
const LONGEST_COMPARED: usize = 200;

/// Whoever watches is told after so many states.
const BETWEEN_REPORTS: u64 = 64;

/// Follows at most so many choices in a row without keeping the states between.
const CHAIN: usize = 256;

impl<'e, P, W> Explorer<'e, P, W>
where
    P: Sketched,
    W: Watch<P>,
{
    pub(super) fn new(maker: Maker<'e, P>, question: &'e Question<W>) -> Explorer<'e, P, W> {
        let first = (maker.fresh)();
        let opaque = P::NOTICES_LOOKS || question.reductions.symmetry;
        let version = first.version();
        Explorer {
            maker,
            first,
            question,
            facts: Facts::default(),
            class_of: BTreeMap::new(),
            how: Comparing {
                symmetry: question.reductions.symmetry,
                references: opaque,
                forgetting: opaque,
                time: false,
                output: question.order_of_output,
            },
            canon: Canon::default(),
            sketcher: Sketcher::default(),
            kept: Vec::new(),
            choices: Vec::new(),
            known: BTreeMap::new(),
            graph: Graph::default(),
            outcomes: BTreeMap::new(),
            broken: BTreeMap::new(),
            right: None,
            met: Vec::new(),
            cut: None,
            counts: Counts::default(),
            version,
        }
    }

    /// Searches until nothing new is seen. `progress` says whether to go on.
    pub(super) fn search(mut self, mut progress: impl FnMut(&Counts) -> bool) -> Found {
        while let Attempt::Again = self.attempt(&mut progress) {
            self.counts.restarts += 1;
        }
        let right = self.right.map(|id| self.schedule(id));
        let crossings = races::judge(&self.graph, &self.met, |id| self.schedule(id));
        Found {
            counts: self.counts,
            cut: self.cut,
            outcomes: self.outcomes,
            broken: self.broken,
            right,
            graph: self.graph,
            crossings,
        }
    }

    fn attempt(&mut self, progress: &mut impl FnMut(&Counts) -> bool) -> Attempt {
        self.facts.begin();
        self.kept.clear();
        self.choices.clear();
        self.known.clear();
        self.graph = Graph::default();
        self.outcomes.clear();
        self.broken.clear();
        self.right = None;
        self.met.clear();
        self.cut = None;
        self.counts = Counts { restarts: self.counts.restarts, ..Counts::default() };
        match self.cover(progress) {
            Ok(()) => Attempt::Complete,
            Err(Overthrown::Facts) => Attempt::Again,
            Err(Overthrown::Code(world)) => {
                self.reload(&world);
                Attempt::Again
            }
            Err(Overthrown::Nondeterministic) => {
                self.cut = Some(Reason::Nondeterministic);
                Attempt::Complete
            }
        }
    }

    /// Begins with the code of this world from now on.
    fn reload(&mut self, world: &World<P>) {
        self.first = (self.maker.renewed)(world);
        self.version = self.first.version();
    }

    fn cover(&mut self, progress: &mut impl FnMut(&Counts) -> bool) -> Result<(), Overthrown<P>> {
        let mut open = VecDeque::new();
        let mut visits = 0_u64;
        let mut first = self.follow(&self.question.prefix)?;
        self.keep(NOBODY, &[], &mut first);
        if first.world.ending().is_none() && !first.watch.is_broken() {
            open.push_back(first);
        }
        loop {
            loop {
                // A run to the end is found soonest by going on where one has come to.
                let deep = self.question.stop == Stop::FirstRight;
                let Some(state) = (if deep { open.pop_back() } else { open.pop_front() }) else { break };
                let enough = match self.question.stop {
                    Stop::Never => false,
                    Stop::FirstWrong => !self.broken.is_empty(),
                    Stop::FirstRight => self.right.is_some(),
                };
                if enough {
                    return Ok(());
                }
                self.counts.open = open.len() as u64 + 1;
                visits += 1;
                if visits.is_multiple_of(BETWEEN_REPORTS) && !progress(&self.counts) {
                    self.cut = Some(Reason::Stopped);
                    return Ok(());
                }
                self.visit(&state, self.question.reductions.partial_order, &mut open)?;
                if self.kept.len() as u64 > self.question.bounds.states {
                    self.cut = Some(Reason::States(self.question.bounds.states));
                    return Ok(());
                }
            }
            // Whatever was put off all the way round a circle is done now.
            let circling = self.circling();
            if circling.is_empty() {
                return Ok(());
            }
            for id in circling {
                let mut state = self.follow(&self.schedule(id))?;
                state.id = id;
                if let Some(kept) = self.kept.get_mut(id as usize) {
                    kept.put_off = false;
                }
                self.visit(&state, false, &mut open)?;
            }
        }
    }

    /// The state to which these choices lead from the beginning.
    fn follow(&mut self, choices: &[Choice]) -> Result<Open<P, W>, Overthrown<P>> {
        self.walk(choices, &mut Vec::new())
    }

    fn walk(
        &mut self,
        choices: &[Choice],
        steps: &mut Vec<(Choice, Footprint)>,
    ) -> Result<Open<P, W>, Overthrown<P>> {
        let mut state = Open {
            id: NOBODY,
            world: P::another(&self.first, &mut || (self.maker.fresh)()),
            classes: [SYSTEM_CLASS, MAIN_CLASS].into_iter().collect(),
            watch: self.question.watch.clone(),
            twins: Vec::new(),
        };
        for (before, &choice) in choices.iter().enumerate() {
            let tried = self.step(&state, choices.get(..before).unwrap_or_default(), choice)?;
            steps.push((choice, tried.footprint));
            state = tried.next;
        }
        Ok(state)
    }

    /// Follows the choices of a state.
    fn visit(
        &mut self,
        state: &Open<P, W>,
        reduce: bool,
        open: &mut VecDeque<Open<P, W>>,
    ) -> Result<(), Overthrown<P>> {
        let depth = self.kept.get(state.id as usize).map_or(0, |kept| u64::from(kept.depth));
        if depth >= self.question.bounds.depth {
            self.cut = Some(Reason::Depth(self.question.bounds.depth));
            return Ok(());
        }
        if !P::COPIED && !self.is_repeated(state) {
            return Err(Overthrown::Nondeterministic);
        }
        let mut path = Vec::new();
        let mut here;
        let mut at = state;
        let mut put_off = false;
        let mut foretold = Vec::new();
        loop {
            let Options { tried, put_off: alone, mut rest } = self.options(at, &path, reduce, foretold)?;
            if alone && tried.len() == 1 && path.len() < CHAIN {
                let Some(only) = tried.into_iter().next() else { return Ok(()) };
                put_off |= at.world.choices().len() > 1;
                path.push(only.choice);
                let twins = match only.agent {
                    Some(Agent::Carrier { from, to }) => without(&without(&at.twins, from), to),
                    Some(agent) => without(&at.twins, agent.origin()),
                    None => Vec::new(),
                };
                // What happens is independent of what the others do, so that they will do the same. A child gets another pid if one has been given out.
                rest.retain(|other| other.child.is_none() && Some(other.agent) != only.agent);
                foretold = rest;
                here = only.next;
                here.id = state.id;
                here.twins = twins;
                if here.world.ending().is_some() || here.watch.is_broken() {
                    self.arrive(state.id, &path, 1, here, open)?;
                    break;
                }
                at = &here;
                continue;
            }
            if self.question.races && tried.len() > 1 {
                self.cross(at, &path, &tried, open)?;
            }
            for Tried { choice, weight, next, .. } in tried {
                path.push(choice);
                self.arrive(state.id, &path, weight, next, open)?;
                path.pop();
            }
            put_off |= alone;
            break;
        }
        if let Some(kept) = self.kept.get_mut(state.id as usize)
            && reduce
        {
            kept.put_off = put_off;
        }
        Ok(())
    }

    /// The choices that have to be followed from a state, tried out; whether others are put off meanwhile; and what is known of those.
    fn options(
        &mut self,
        state: &Open<P, W>,
        path: &[Choice],
        reduce: bool,
        foretold: Vec<Foretold>,
    ) -> Result<Options<P, W>, Overthrown<P>> {
        // All are tried out, also those that will be put off: what they touch must have been seen, here or where nothing that has happened
        // since can have changed it.
        let mut candidates = Vec::new();
        let mut foretold: BTreeMap<Choice, Foretold> =
            foretold.into_iter().map(|foretold| (foretold.choice, foretold)).collect();
        for choice in state.world.choices().iter() {
            if let Choice::Run(pid) = choice
                && state.twins.iter().any(|(twin, _)| *twin == pid)
            {
                continue;
            }
            candidates.push(match foretold.remove(&choice) {
                Some(foretold) => (Some(foretold), None),
                None => {
                    let tried = self.step(state, path, choice)?;
                    let child = tried.child.map(|child| (child, class_in(&tried.next.classes, child)));
                    let footprint = tried.footprint.clone();
                    let foretold = tried.agent.map(|agent| Foretold { choice, agent, footprint, child });
                    (foretold, Some(tried))
                }
            });
        }
        let only = state.world.choices().len() == 1;
        let found = if reduce && !only { self.persistent(state, &candidates) } else { None };
        let put_off = only && reduce || found.is_some();
        let (mut tried, mut rest) = (Vec::new(), Vec::new());
        for (at, (foretold, step)) in candidates.into_iter().enumerate() {
            if found.as_ref().is_some_and(|found| !found.contains(&at)) {
                rest.extend(foretold);
                continue;
            }
            let mut step = match (step, foretold) {
                (Some(step), _) => step,
                (None, Some(Foretold { choice, .. })) => self.step(state, path, choice)?,
                (None, None) => continue,
            };
            let twins = state.twins.iter().filter(|(_, least)| Choice::Run(*least) == step.choice);
            step.weight += twins.count() as u32;
            tried.push(step);
        }
        Ok(Options { tried, put_off, rest })
    }

    /// The places of those choices that can be followed while all others are put off, if there are any.
    fn persistent(&mut self, state: &Open<P, W>, candidates: &[Candidate<P, W>]) -> Option<Vec<usize>> {
        let mut steps = Vec::with_capacity(candidates.len());
        for (foretold, _) in candidates {
            let Foretold { agent, footprint, child, .. } = foretold.as_ref()?;
            let twins = state.twins.iter().filter(|(_, least)| Agent::Process(*least) == *agent);
            // A child that the step starts is not in the state yet.
            let (agent, twins, child) = (*agent, twins.map(|(twin, _)| *twin).collect(), *child);
            steps.push(facts::Step { agent, footprint, twins, child });
        }
        let present = self.present(state);
        self.facts.persistent(&steps, &present, |pid| class_in(&state.classes, pid))
    }

    /// All who may still do something.
    fn present(&self, state: &Open<P, W>) -> Present {
        let mut present = Present::default();
        let node = |pid: Pid| node_in(&state.world, &state.classes, pid);
        for pid in state.world.pids() {
            if state.world.is_present(pid) {
                present.add(Agent::Process(pid), node(pid));
            }
        }
        for (from, to) in state.world.in_transit() {
            present.add(Agent::Carrier { from, to }, node(from));
        }
        let mut owners: Vec<Pid> = state.world.timer_owners().collect();
        owners.sort_unstable();
        owners.dedup();
        for owner in owners {
            present.add(Agent::Timer(owner), node(owner));
        }
        present.settle();
        present
    }

    /// Tries a choice out in a state that is this many choices further than the one that was kept.
    fn step(
        &mut self,
        state: &Open<P, W>,
        path: &[Choice],
        choice: Choice,
    ) -> Result<Tried<P, W>, Overthrown<P>> {
        self.counts.steps += 1;
        let ground = Ground::new(state.world.settings(), self.question.order_of_output, !self.how.references);
        let before = Footprint::before(ground, &state.world, choice, &mut self.sketcher);
        let body = match choice {
            Choice::Run(pid) => match state.world.pending(pid).map(|request| &request.action) {
                Some(Action::Spawn(spawn)) => {
                    spawn.body.sketch(&mut self.sketcher);
                    Some(self.sketcher.finish().digest)
                }
                Some(Action::Now) if !self.how.time => {
                    self.how.time = true;
                    return Err(Overthrown::Facts);
                }
                Some(&Action::Inspect(of))
                    if self.how.references && state.world.tied(of).nth(1).is_none() =>
                {
                    None
                }
                Some(Action::Processes | Action::Inspect(_)) if self.how.references => {
                    // They give pids in their order.
                    self.how = self.how.plain();
                    return Err(Overthrown::Facts);
                }
                _ => None,
            },
            Choice::Deliver { .. } | Choice::Fire(_) | Choice::Draw(_) => None,
        };
        let mut next = state.copy(|| self.repeat(state.id, path));
        let _before = next.world.looked_into_names();
        let mut ear = Ear {
            touches: Vec::new(),
            choice,
            child: None,
            anybody: false,
            asks_where: self.question.races,
            place: None,
            sketcher: &mut self.sketcher,
            watch: &mut next.watch,
        };
        let applied = next.world.apply(choice, &mut ear);
        if applied.is_err() {
            debug_assert!(!P::COPIED, "what is listed can happen");
            return Err(Overthrown::Nondeterministic);
        }
        let Ear { mut touches, child, anybody, place, .. } = ear;
        if next.world.looked_into_names() && self.how.references {
            self.how = self.how.plain();
            return Err(Overthrown::Facts);
        }
        if next.world.version() != self.version {
            return Err(Overthrown::Code(Box::new(next.world)));
        }
        let mut footprint = Footprint::after(ground, before, &mut touches, &next.world);
        if let Some(kind) = self.question.blind {
            footprint.overlook(kind);
        }
        let agent = dependence::agent(choice);
        let mut overthrown = false;
        if let (Some((parent, child)), Some(body)) = (child, body) {
            let fresh = self.class_of.len() as Class + MAIN_CLASS + 1;
            let class = *self.class_of.entry(body).or_insert(fresh);
            while next.classes.len() <= child.index() {
                next.classes.push_back_mut(SYSTEM_CLASS);
            }
            next.classes.set_mut(child.index(), class);
            let parent = node_in(&state.world, &state.classes, parent);
            overthrown |= self.facts.learn_spawn(parent, node_in(&next.world, &next.classes, child));
        }
        // What a process does when it has got its number is its own doing.
        let doer = agent.or(state.world.draws().map(Agent::Process));
        if let Some(agent) = doer {
            let classes = &next.classes;
            let class = |pid: Pid| class_in(classes, pid);
            let before = node_in(&state.world, &state.classes, agent.origin());
            overthrown |= self.facts.learn(agent, before, &footprint, class, anybody);
            if let Agent::Process(pid) = agent {
                overthrown |= self.facts.learn_phase(before, node_in(&next.world, classes, pid));
            }
        }
        debug_assert!(
            state.world.pids().all(|pid| doer == Some(Agent::Process(pid))
                || matches!(next.world.phase(pid), 0 | DOOMED_PHASE)
                || child.is_some_and(|(_, child)| child == pid)
                || next.world.phase(pid) == state.world.phase(pid)),
            "only a process's own steps change its phase"
        );
        if overthrown {
            return Err(Overthrown::Facts);
        }
        let child = child.map(|(_, child)| child);
        Ok(Tried { choice, agent, footprint, weight: 1, next, place, child })
    }

    /// A state has been reached by a way from another one.
    fn arrive(
        &mut self,
        parent: Id,
        path: &[Choice],
        weight: u32,
        mut state: Open<P, W>,
        open: &mut VecDeque<Open<P, W>>,
    ) -> Result<(), Overthrown<P>> {
        let before = self.kept.len();
        let to = self.keep(parent, path, &mut state);
        self.graph.edges.push(Edge { from: parent, to, weight });
        let is_over = state.world.ending().is_some() || state.watch.is_broken();
        if self.kept.len() > before {
            if !is_over {
                open.push_back(state);
            }
        } else if !P::COPIED && !is_over && !self.how.symmetry && !self.goes_on_alike(to, state.world) {
            return Err(Overthrown::Nondeterministic);
        }
        Ok(())
    }

    /// Whether doing again what led to a state leads there.
    fn is_repeated(&mut self, state: &Open<P, W>) -> bool {
        let again = self.repeat(state.id, &[]);
        let class = |pid: Pid| class_in(&state.classes, pid);
        let nothing = self.sketcher.finish();
        let mut key = |world: &World<P>| self.canon.key(world, self.how, class, &nothing);
        key(&state.world) == key(&again)
    }

    /// Whether two worlds that look the same really go on alike, as far as one run shows: what processes know of each other
    /// behind the back of the world is not in what was written down of them.
    fn goes_on_alike(&mut self, known: Id, mut world: World<P>) -> bool {
        if self.counts.compared >= MOST_COMPARED {
            return true;
        }
        self.counts.compared += 1;
        let mut other = self.repeat(known, &[]);
        let mut dice = Dice::new(self.counts.compared);
        for _ in 0..LONGEST_COMPARED {
            if world.ending().is_some() || other.ending().is_some() {
                break;
            }
            let choices = world.choices();
            let Some(choice) = choices.get(dice.below(choices.len())) else { break };
            if world.apply(choice, &mut ()).is_err() || other.apply(choice, &mut ()).is_err() {
                return false;
            }
        }
        let nothing = self.sketcher.finish();
        let mut key = |world: &World<P>| self.canon.key(world, self.how, |_| 0, &nothing);
        key(&world) == key(&other)
    }

    /// Keeps a state, if it is new. Returns its number.
    fn keep(&mut self, parent: Id, path: &[Choice], state: &mut Open<P, W>) -> Id {
        let classes = &state.classes;
        let class = |pid: Pid| class_in(classes, pid);
        self.sketcher.mark(0);
        state.watch.sketch(&mut self.sketcher);
        let more = self.sketcher.finish();
        let key = self.canon.key(&state.world, self.how, class, &more);
        if let Some(&id) = self.known.get(&key) {
            return id;
        }
        self.canon.twins(&mut state.twins);
        let id = self.kept.len() as Id;
        let start = self.choices.len() as u32;
        self.choices.extend_from_slice(path);
        let depth = self.kept.get(parent as usize).map_or(0, |kept| kept.depth) + path.len() as u32;
        self.kept.push(Kept { parent, path: (start, self.choices.len() as u32), depth, put_off: false });
        self.known.insert(key, id);
        self.counts.states += 1;
        self.counts.depth = self.counts.depth.max(u64::from(depth));
        state.id = id;
        self.graph.states = id + 1;
        let mut wrong = Vec::new();
        state.watch.judge(&state.world, &mut |name, what| wrong.push((name, what)));
        let right = wrong.is_empty();
        for (name, what) in wrong {
            if !self.broken.contains_key(&name) {
                let choices = self.schedule(id);
                self.broken.insert(name.clone(), Shown { what, choices });
            }
            self.graph.wrong.push((id, name));
        }
        match state.world.ending() {
            None => {}
            Some(Ending::Bounded(bound)) => self.cut = Some(Reason::Limit(bound)),
            Some(Ending::Halted | Ending::Stopped(_) | Ending::Idle | Ending::Deadlock) => {
                let outcome = self.canon.outcome(&state.world, self.question.order_of_output);
                self.graph.ends.push((id, outcome));
                if !self.outcomes.contains_key(&outcome) {
                    let choices = self.schedule(id);
                    self.outcomes.insert(outcome, Shown { what: state.world.outcome(), choices });
                }
                if right && self.right.is_none() {
                    self.right = Some(id);
                }
            }
        }
        id
    }

    /// The choices that lead to a state from the beginning.
    fn schedule(&self, state: Id) -> Vec<Choice> {
        let mut paths = Vec::new();
        let mut at = state;
        while let Some(kept) = self.kept.get(at as usize) {
            let path = kept.path.0 as usize..kept.path.1 as usize;
            paths.push(<[Choice]>::get(&self.choices, path).unwrap_or_default());
            at = kept.parent;
        }
        if state != NOBODY {
            paths.push(&self.question.prefix);
        }
        paths.into_iter().rev().flatten().copied().collect()
    }

    /// The world to which these choices lead from a state that was kept, or from the beginning.
    fn repeat(&self, state: Id, path: &[Choice]) -> World<P> {
        let mut world = (self.maker.fresh)();
        // If it becomes another world than it should be, those who asked for it notice.
        let _applied = apply_all(&mut world, self.schedule(state).iter().chain(path));
        world
    }

    /// What each of these steps touches, from the beginning on.
    pub(super) fn footprints(&mut self, choices: &[Choice]) -> Option<Vec<(Choice, Footprint)>> {
        loop {
            let mut steps = Vec::new();
            match self.walk(choices, &mut steps) {
                Ok(_) => return Some(steps),
                Err(Overthrown::Facts) => {}
                Err(Overthrown::Code(world)) => self.reload(&world),
                Err(Overthrown::Nondeterministic) => return None,
            }
        }
    }

    /// Follows both orders of each two steps that get in each other's way.
    fn cross(
        &mut self,
        state: &Open<P, W>,
        path: &[Choice],
        tried: &[Tried<P, W>],
        open: &mut VecDeque<Open<P, W>>,
    ) -> Result<(), Overthrown<P>> {
        for (at, first) in tried.iter().enumerate() {
            let one = self.side(state, first);
            // Those that are interchangeable with it: it makes no difference which comes first.
            if let Choice::Run(pid) = first.choice
                && let Some(&(twin, _)) = state.twins.iter().find(|(_, least)| *least == pid)
            {
                let second = self.step(state, path, Choice::Run(twin))?;
                if first.footprint.clashes(&second.footprint) {
                    let other = Side { choice: second.choice, ..one.clone() };
                    self.met.push(Met::new(state.id, path, [one.clone(), other], Orders::Alike));
                }
            }
            for second in tried.iter().skip(at + 1).filter(|second| second.agent != first.agent) {
                if first.agent.is_none() || !first.footprint.clashes(&second.footprint) {
                    continue;
                }
                let mut orders = [None, None];
                for (order, (before, after)) in orders.iter_mut().zip([(first, second), (second, first)]) {
                    let mut path = path.to_vec();
                    path.push(before.choice);
                    let both = before.next.world.ending().is_none()
                        && !before.next.watch.is_broken()
                        && before.next.world.choices().contains(after.choice);
                    let next = if both {
                        let next = self.step(&before.next, &path, after.choice)?.next;
                        path.push(after.choice);
                        next
                    } else {
                        // The first leaves no room for the second.
                        before.next.copy(|| self.repeat(state.id, &path))
                    };
                    self.arrive(state.id, &path, 0, next, open)?;
                    *order = self.graph.edges.last().map(|edge| edge.to);
                }
                if let [Some(straight), Some(reversed)] = orders {
                    let sides = [one.clone(), self.side(state, second)];
                    self.met.push(Met::new(state.id, path, sides, Orders::Both(straight, reversed)));
                }
            }
        }
        Ok(())
    }

    fn side(&self, state: &Open<P, W>, tried: &Tried<P, W>) -> Side {
        let class = |pid: Pid| class_in(&state.classes, pid);
        let what = match (&tried.place, tried.choice) {
            (Some(place), Choice::Run(pid)) => format!("{place} {}", class(pid)),
            (None, Choice::Run(pid)) => format!("{}", class(pid)),
            (_, Choice::Deliver { from, to }) => format!("{} to {}", class(from), class(to)),
            (_, Choice::Fire(owner)) => format!("timer {}", class(owner)),
            (_, Choice::Draw(_)) => String::new(),
        };
        Side { choice: tried.choice, what }
    }

    /// One state of each circle in which something was put off everywhere.
    fn circling(&self) -> Vec<Id> {
        // A circle with a state at which nothing was put off does no harm.
        let put_off = |id: Id| self.kept.get(id as usize).is_some_and(|kept| kept.put_off);
        self.graph.circles(|edge| put_off(edge.from) && put_off(edge.to))
    }
}

/// Interchangeable processes that still are when something has happened to this one alone.
fn without(twins: &[(Pid, Pid)], pid: Pid) -> Vec<(Pid, Pid)> {
    let Some(least) =
        twins.iter().find(|(twin, least)| *twin == pid || *least == pid).map(|(_, least)| *least)
    else {
        return twins.to_vec();
    };
    let (same, mut others): (Vec<(Pid, Pid)>, _) = twins.iter().partition(|(_, other)| *other == least);
    let mut left =
        [least].into_iter().chain(same.into_iter().map(|(twin, _)| twin)).filter(|twin| *twin != pid);
    if let Some(first) = left.next() {
        others.extend(left.map(|twin| (twin, first)));
    }
    others
}

fn node_in<P: Sketched>(world: &World<P>, classes: &Vector<Class>, pid: Pid) -> Node {
    Node { class: class_in(classes, pid), phase: world.phase(pid) }
}

fn class_in(classes: &Vector<Class>, pid: Pid) -> Class {
    classes.get(pid.index()).copied().unwrap_or(SYSTEM_CLASS)
}

/// Why a search has to begin again.
enum Overthrown<P: Process> {
    /// More has been seen of what processes do.
    Facts,
    /// There is more code.
    Code(Box<World<P>>),
    /// What was done again led to something else.
    Nondeterministic,
}
