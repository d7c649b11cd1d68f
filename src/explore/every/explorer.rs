//! Visits every state that matters, breadth first.
//!
//! From each state, all choices are followed, unless one is found that is independent of everything that can happen without it:
//! then that one alone, since all that the others can do can be done afterwards ([`Facts::is_independent`]). States that
//! are the same but for names are one state ([`Canon::key`]), and of processes that are interchangeable one moves for all.
//!
//! Where such a choice is followed alone, the others are put off. They must not be put off for ever: if the states that are
//! found form a circle in which each puts something off, one of them is visited again with all its choices.

use std::collections::BTreeMap;

use rpds::Vector;

use super::canonical::{Canon, Comparing, Key};
use super::dependence::{self, Agent, Footprint, Ground, Thing, Touch};
use super::facts::{Class, Facts, MAIN_CLASS, Present, SYSTEM_CLASS};
use super::watch::{Note, Watch};
use crate::kernel::{
    Action, Choice, Ending, Event, Halt, Happening, Observer, Pid, Process, SignalKind, Sketched, Sketcher,
    Slots, Storage, World,
};

/// What reductions are used. All of them are, unless somebody wants to see what they are worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reductions {
    /// Orderings of independent steps are visited once.
    pub partial_order: bool,
    /// States that differ only in pids and references are visited once.
    pub symmetry: bool,
}

impl Default for Reductions {
    fn default() -> Reductions {
        Reductions { partial_order: true, symmetry: true }
    }
}

/// When the search is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// States that are kept at the most.
    pub states: u64,
    /// Steps on the way to a state at the most.
    pub depth: u64,
}

impl Default for Bounds {
    /// Ten million states, a million steps.
    fn default() -> Bounds {
        Bounds { states: 10_000_000, depth: 1_000_000 }
    }
}

/// Why not every ordering was covered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// There are more states than may be kept.
    States(u64),
    /// There are longer runs than may be followed.
    Depth(u64),
    /// A limit of the world ended runs.
    Limit(crate::kernel::Bound),
    /// Whoever asked wanted no more.
    Stopped,
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Reason::States(most) => write!(f, "there are more than {most} states"),
            Reason::Depth(most) => write!(f, "there are runs of more than {most} steps"),
            Reason::Limit(bound) => write!(f, "some runs were cut off by {bound}"),
            Reason::Stopped => f.write_str("it was stopped"),
        }
    }
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// States that were kept.
    pub states: u64,
    /// Steps that were made.
    pub steps: u64,
    /// Steps of the longest way to a state.
    pub depth: u64,
    /// How often the search began again, since it had seen something new.
    pub restarts: u64,
}

/// A number of a state.
type Id = u32;

/// A choice on the way from one state to another.
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

impl<P, W: Clone> Clone for Open<P, W>
where
    P: Process,
    World<P>: Clone,
{
    fn clone(&self) -> Self {
        Open {
            id: self.id,
            world: self.world.clone(),
            classes: self.classes.clone(),
            watch: self.watch.clone(),
            twins: self.twins.clone(),
        }
    }
}

/// A way in which runs end, or in which they go wrong: the first state that shows it.
#[derive(Clone, Debug)]
pub(super) struct Find {
    pub(super) state: u32,
    /// One more choice that leads to it, where the state itself was not kept.
    pub(super) more: Vec<Choice>,
}

/// What a search has found.
pub(super) struct Found<P: Process> {
    pub(super) counts: Counts,
    pub(super) cut: Option<Reason>,
    /// By what an outside observer can tell: a schedule that leads there, and the world at its end.
    pub(super) outcomes: Vec<(Key, Vec<Choice>, World<P>)>,
    /// What went wrong: the name, what happened, and a schedule that shows it.
    pub(super) broken: BTreeMap<String, (String, Vec<Choice>)>,
}

/// Sees a step.
struct Ear<'a, W> {
    touches: Vec<(Thing, Touch)>,
    choice: Choice,
    child: Option<(Pid, Pid)>,
    anybody: bool,
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
    next: Open<P, W>,
}

/// What a search is about.
pub(super) struct Question<W> {
    pub(super) watch: W,
    pub(super) reductions: Reductions,
    pub(super) bounds: Bounds,
    /// Whether the order of the lines of different processes counts.
    pub(super) order_of_output: bool,
    /// What dependencies are overlooked.
    pub(super) blind: Option<usize>,
    /// Whether it is wrong to halt while another process could still write.
    pub(super) early_exit: bool,
    /// Whether it is over when something is broken for the first time.
    pub(super) stop_at_first: bool,
}

/// Covers every ordering of the worlds that begin like this one.
pub(super) struct Explorer<'e, P: Process, W> {
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
    edges: Vec<(Id, Id)>,
    outcomes: BTreeMap<Key, (Find, World<P>)>,
    broken: BTreeMap<String, (String, Find)>,
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

/// Follows at most so many choices in a row without keeping the states between.
const CHAIN: usize = 256;

impl<'e, P, W> Explorer<'e, P, W>
where
    P: Sketched,
    World<P>: Clone,
    <P::Storage as Storage<P>>::Slots: Slots<crate::kernel::Record<P>>,
    W: Watch<P>,
{
    pub(super) fn new(first: World<P>, question: &'e Question<W>) -> Explorer<'e, P, W> {
        let symmetry = question.reductions.symmetry;
        let version = first.version();
        Explorer {
            first,
            question,
            facts: Facts::default(),
            class_of: BTreeMap::new(),
            how: Comparing {
                symmetry,
                references: true,
                forgetting: true,
                time: false,
                output: question.order_of_output,
            },
            canon: Canon::default(),
            sketcher: Sketcher::default(),
            kept: Vec::new(),
            choices: Vec::new(),
            known: BTreeMap::new(),
            edges: Vec::new(),
            outcomes: BTreeMap::new(),
            broken: BTreeMap::new(),
            cut: None,
            counts: Counts::default(),
            version,
        }
    }

    /// Searches until nothing new is seen. `renew` makes a fresh world of one in which more code has been loaded; `progress` says whether
    /// to go on.
    pub(super) fn search(
        mut self,
        mut renew: impl FnMut(&World<P>) -> World<P>,
        mut progress: impl FnMut(&Counts) -> bool,
    ) -> Found<P> {
        loop {
            match self.attempt(&mut renew, &mut progress) {
                Attempt::Complete => break,
                Attempt::Again => self.counts.restarts += 1,
            }
        }
        let outcomes = std::mem::take(&mut self.outcomes);
        let outcomes =
            outcomes.into_iter().map(|(key, (find, world))| (key, self.schedule(&find), world)).collect();
        let broken = std::mem::take(&mut self.broken);
        let broken =
            broken.into_iter().map(|(name, (what, find))| (name, (what, self.schedule(&find)))).collect();
        Found { counts: self.counts, cut: self.cut, outcomes, broken }
    }

    fn attempt(
        &mut self,
        renew: &mut impl FnMut(&World<P>) -> World<P>,
        progress: &mut impl FnMut(&Counts) -> bool,
    ) -> Attempt {
        self.facts.begin();
        self.kept.clear();
        self.choices.clear();
        self.known.clear();
        self.edges.clear();
        self.outcomes.clear();
        self.broken.clear();
        self.cut = None;
        self.counts = Counts { restarts: self.counts.restarts, ..Counts::default() };
        let mut open = std::collections::VecDeque::new();
        let classes: Vector<Class> = [SYSTEM_CLASS, MAIN_CLASS].into_iter().collect();
        let mut root = Open {
            id: 0,
            world: self.first.clone(),
            classes,
            watch: self.question.watch.clone(),
            twins: Vec::new(),
        };
        self.keep(NOBODY, &[], &mut root);
        open.push_back(root);
        loop {
            while let Some(state) = open.pop_front() {
                if self.question.stop_at_first && !self.broken.is_empty() {
                    return Attempt::Complete;
                }
                if self.counts.states.is_multiple_of(1024) && !progress(&self.counts) {
                    self.cut = Some(Reason::Stopped);
                    return Attempt::Complete;
                }
                match self.visit(&state, self.question.reductions.partial_order, &mut open) {
                    Ok(()) => {}
                    Err(Overthrown::Facts) => return Attempt::Again,
                    Err(Overthrown::Code(world)) => {
                        self.first = renew(&world);
                        self.version = self.first.version();
                        return Attempt::Again;
                    }
                }
                if self.kept.len() as u64 > self.question.bounds.states {
                    self.cut = Some(Reason::States(self.question.bounds.states));
                    return Attempt::Complete;
                }
            }
            // Whatever was put off all the way round a circle is done now.
            let circling = self.circling();
            if circling.is_empty() {
                return Attempt::Complete;
            }
            for id in circling {
                let state = self.again(id);
                if let Some(kept) = self.kept.get_mut(id as usize) {
                    kept.put_off = false;
                }
                match self.visit(&state, false, &mut open) {
                    Ok(()) => {}
                    Err(_) => return Attempt::Again,
                }
            }
        }
    }

    /// Follows the choices of a state.
    fn visit(
        &mut self,
        state: &Open<P, W>,
        reduce: bool,
        open: &mut std::collections::VecDeque<Open<P, W>>,
    ) -> Result<(), Overthrown<P>> {
        let depth = self.kept.get(state.id as usize).map_or(0, |kept| u64::from(kept.depth));
        if depth >= self.question.bounds.depth {
            self.cut = Some(Reason::Depth(self.question.bounds.depth));
            return Ok(());
        }
        let mut path = Vec::new();
        let mut here;
        let mut at = state;
        let mut put_off = false;
        loop {
            let (tried, alone) = self.options(at, reduce)?;
            if at.world.ending().is_none() && !alone && self.question.early_exit {
                self.look_for_early_exit(at.id, &path, &tried);
            }
            if alone && tried.len() == 1 && path.len() < CHAIN {
                let Some(only) = tried.into_iter().next() else { return Ok(()) };
                put_off |= at.world.choices().len() > 1;
                path.push(only.choice);
                here = only.next;
                here.id = state.id;
                if here.world.ending().is_some() || self.settled(&here) {
                    self.arrive(state.id, &path, here, open);
                    break;
                }
                at = &here;
                continue;
            }
            for Tried { choice, next, .. } in tried {
                path.push(choice);
                self.arrive(state.id, &path, next, open);
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

    /// Whether a claim has been broken for good.
    fn settled(&mut self, state: &Open<P, W>) -> bool {
        state.watch.is_broken()
    }

    /// The choices that have to be followed from a state, tried out; and whether others are put off meanwhile.
    #[allow(clippy::type_complexity)]
    fn options(
        &mut self,
        state: &Open<P, W>,
        reduce: bool,
    ) -> Result<(Vec<Tried<P, W>>, bool), Overthrown<P>> {
        // All are tried out, also those that will be put off: what they touch must have been seen.
        let mut tried = Vec::new();
        for choice in state.world.choices().iter() {
            if let Choice::Run(pid) = choice
                && state.twins.iter().any(|(twin, least)| *twin == pid && *least != pid)
            {
                continue;
            }
            tried.push(self.step(state, choice)?);
        }
        if !reduce {
            return Ok((tried, false));
        }
        let present = self.present(state);
        let only = state.world.choices().len() == 1;
        let alone = tried.iter().position(|step| {
            let Some(agent) = step.agent else { return false };
            let class = |pid: Pid| class_in(&state.classes, &step.next.classes, pid);
            only || self.facts.is_independent(agent, &step.footprint, &present, class)
        });
        match alone {
            Some(at) => Ok((vec![tried.swap_remove(at)], true)),
            None => Ok((tried, false)),
        }
    }

    /// All who may still do something.
    fn present(&self, state: &Open<P, W>) -> Present {
        let mut present = Present::default();
        let class = |pid: Pid| state.classes.get(pid.index()).copied().unwrap_or(SYSTEM_CLASS);
        for pid in state.world.pids() {
            if state.world.is_present_at(pid) {
                present.add(Agent::Process(pid), class(pid));
            }
        }
        for (from, to) in state.world.in_transit() {
            present.add(Agent::Carrier { from, to }, class(from));
        }
        let mut owners: Vec<Pid> = state.world.timer_owners().collect();
        owners.sort_unstable();
        owners.dedup();
        for owner in owners {
            present.add(Agent::Timer(owner), class(owner));
        }
        present.settle();
        present
    }

    /// Tries a choice out.
    fn step(&mut self, state: &Open<P, W>, choice: Choice) -> Result<Tried<P, W>, Overthrown<P>> {
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
        let mut next = state.clone();
        next.twins.clear();
        let _before = next.world.looked_into_names();
        let mut ear = Ear {
            touches: Vec::new(),
            choice,
            child: None,
            anybody: false,
            sketcher: &mut self.sketcher,
            watch: &mut next.watch,
        };
        let applied = next.world.apply(choice, &mut ear);
        debug_assert!(applied.is_ok(), "what is listed can happen");
        let Ear { mut touches, child, anybody, .. } = ear;
        if next.world.looked_into_names() && self.how.references {
            self.how = self.how.plain();
            return Err(Overthrown::Facts);
        }
        if next.world.version() != self.version {
            return Err(Overthrown::Code(Box::new(next.world)));
        }
        let mut footprint = Footprint::after(ground, before, choice, &mut touches, &next.world);
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
            let parent = next.classes.get(parent.index()).copied().unwrap_or(SYSTEM_CLASS);
            overthrown |= self.facts.learn_spawn(parent, class);
        }
        if let Some(agent) = agent {
            let classes = &next.classes;
            let class = |pid: Pid| classes.get(pid.index()).copied().unwrap_or(SYSTEM_CLASS);
            overthrown |= self.facts.learn(agent, &footprint, class, anybody);
        }
        if overthrown {
            return Err(Overthrown::Facts);
        }
        Ok(Tried { choice, agent, footprint, next })
    }

    /// A state has been reached by a way from another one.
    fn arrive(
        &mut self,
        parent: Id,
        path: &[Choice],
        mut state: Open<P, W>,
        open: &mut std::collections::VecDeque<Open<P, W>>,
    ) {
        let before = self.kept.len();
        let id = self.keep(parent, path, &mut state);
        self.edges.push((parent, id));
        if self.kept.len() > before && state.world.ending().is_none() && !state.watch.is_broken() {
            open.push_back(state);
        }
    }

    /// Keeps a state, if it is new. Returns its number.
    fn keep(&mut self, parent: Id, path: &[Choice], state: &mut Open<P, W>) -> Id {
        let classes = &state.classes;
        let class = |pid: Pid| classes.get(pid.index()).copied().unwrap_or(SYSTEM_CLASS);
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
        let find = Find { state: id, more: Vec::new() };
        state.watch.judge(&state.world, &mut |name, what| {
            self.broken.entry(name).or_insert_with(|| (what, find.clone()));
        });
        match state.world.ending() {
            None => {}
            Some(Ending::Bounded(bound)) => self.cut = Some(Reason::Limit(bound)),
            Some(Ending::Halted | Ending::Stopped(_) | Ending::Idle | Ending::Deadlock) => {
                let outcome = self.canon.outcome(&state.world, self.question.order_of_output);
                self.outcomes.entry(outcome).or_insert_with(|| (find, state.world.clone()));
            }
        }
        id
    }

    /// The choices that lead to a state from the beginning.
    fn schedule(&self, find: &Find) -> Vec<Choice> {
        let mut paths = vec![find.more.as_slice()];
        let mut at = find.state;
        while let Some(kept) = self.kept.get(at as usize) {
            let path = kept.path.0 as usize..kept.path.1 as usize;
            paths.push(<[Choice]>::get(&self.choices, path).unwrap_or_default());
            at = kept.parent;
        }
        paths.into_iter().rev().flatten().copied().collect()
    }

    /// A state that was visited before.
    fn again(&mut self, id: Id) -> Open<P, W> {
        let schedule = self.schedule(&Find { state: id, more: Vec::new() });
        let classes: Vector<Class> = [SYSTEM_CLASS, MAIN_CLASS].into_iter().collect();
        let mut state = Open {
            id,
            world: self.first.clone(),
            classes,
            watch: self.question.watch.clone(),
            twins: Vec::new(),
        };
        for choice in schedule {
            match self.step(&state, choice) {
                Ok(tried) => state = tried.next,
                Err(_) => debug_assert!(false, "nothing new is seen on a known way"),
            }
        }
        state.id = id;
        state
    }

    /// A process could still write when the world halts.
    fn look_for_early_exit(&mut self, id: Id, path: &[Choice], tried: &[Tried<P, W>]) {
        let halts = tried.iter().find(|tried| {
            tried.choice == Choice::Run(Pid::MAIN) && tried.next.world.ending() == Some(Ending::Halted)
        });
        let writes =
            tried.iter().find(|tried| tried.choice != Choice::Run(Pid::MAIN) && tried.footprint.visible);
        if let (Some(halts), Some(writes), Halt::WithMain) = (halts, writes, self.first.settings().halt) {
            let what = format!("the world halts before {}", writes.choice);
            let mut more = path.to_vec();
            more.push(halts.choice);
            self.broken.entry("no early exit".to_owned()).or_insert_with(|| (what, Find { state: id, more }));
        }
    }

    /// One state of each circle in which something was put off everywhere.
    fn circling(&self) -> Vec<Id> {
        let mut next: Vec<Vec<Id>> = vec![Vec::new(); self.kept.len()];
        for &(from, to) in &self.edges {
            // A circle with a state at which nothing was put off does no harm.
            let put_off = |id: Id| self.kept.get(id as usize).is_some_and(|kept| kept.put_off);
            if put_off(from)
                && put_off(to)
                && let Some(next) = next.get_mut(from as usize)
            {
                next.push(to);
            }
        }
        super::circles::circles(&next)
    }
}

fn class_in(now: &Vector<Class>, next: &Vector<Class>, pid: Pid) -> Class {
    now.get(pid.index()).or_else(|| next.get(pid.index())).copied().unwrap_or(SYSTEM_CLASS)
}

/// Why a search has to begin again.
enum Overthrown<P: Process> {
    /// More has been seen of what processes do.
    Facts,
    /// There is more code.
    Code(Box<World<P>>),
}
