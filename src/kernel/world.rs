//! The world: the whole simulated system as one value.
//!
//! It lists what may happen next ([`World::choices`]) and makes one of these things happen ([`World::apply`]). It
//! never chooses, draws no random number, reads no clock and writes nowhere. How steps are carried out stands in
//! the modules `step`, `signal` and `exit`.

use rpds::{List, RedBlackTreeMap};

use super::action::{Action, Destination, Patience, ProcessInfo, Reply, Request, Status};
use super::choice::{Choice, Choices, Routes};
use super::event::Observer;
use super::id::{Name, Nanoseconds, Pid, Reference, Step};
use super::outcome::{Bound, Ending, Stuck};
use super::process::{Counters, Cpu, Envelope, Process};
use super::rank::RankSet;
use super::record::{Record, Route, Stage, Wait, Written};
use super::settings::{Clock, Settings};
use super::shared::{Shared, Touch};
use super::storage::{Log, Mailbox, Slots, Storage};
use super::timer::Timers;

/// The whole simulated system as one value: processes, mailboxes, signals on their way, timers, names, clock, output.
///
/// ```
/// use rashomon::{Ctx, kernel::{Choice, Ending, Pid, Program}, program};
///
/// let program = program("hello", |ctx: Ctx<()>| async move { ctx.output("hello") });
/// let mut world = program.world(rashomon::Settings::default());
/// assert_eq!(world.choices().iter().collect::<Vec<_>>(), [Choice::Run(Pid::MAIN)]);
/// world.apply(Choice::Run(Pid::MAIN), &mut ())?; // writes
/// world.apply(Choice::Run(Pid::MAIN), &mut ())?; // exits
/// assert_eq!(world.ending(), Some(Ending::Halted));
/// # Ok::<(), rashomon::kernel::NotEnabled>(())
/// ```
pub struct World<P: Process> {
    pub(super) settings: Settings,
    pub(super) environment: P::Environment,
    /// What the processes share that a copy of the world must not change.
    pub(super) shared: P::Shared,
    pub(super) slots: <P::Storage as Storage<P>>::Slots,
    /// The processes that can perform their pending action.
    pub(super) runnable: RankSet,
    /// The signals on their way, by receiver and sender.
    pub(super) transit: RedBlackTreeMap<(Pid, Pid), Route<P>>,
    pub(super) routes: Routes,
    pub(super) timers: Timers<P::Message>,
    /// Who holds a name, and the event that gave it.
    pub(super) names: RedBlackTreeMap<Name, (Pid, Step)>,
    pub(super) now: Nanoseconds,
    pub(super) drawing: Option<(Pid, u64)>,
    pub(super) log: <P::Storage as Storage<P>>::Log,
    pub(super) crashes: List<(Pid, P::Reason, String)>,
    pub(super) main_exit: Option<P::Reason>,
    pub(super) ending: Option<Ending>,
    pub(super) steps: Step,
    pub(super) born: u32,
    pub(super) counters: Counters,
}

/// A copy shares everything with the original until one of them changes it; see
/// [`Persistent`](super::Persistent).
impl<P> Clone for World<P>
where
    P: Process + Clone,
    P::Environment: Clone,
    <P::Storage as Storage<P>>::Slots: Clone,
{
    fn clone(&self) -> World<P> {
        World {
            settings: self.settings,
            environment: self.environment.clone(),
            shared: self.shared.clone(),
            slots: self.slots.clone(),
            runnable: self.runnable.clone(),
            transit: self.transit.clone(),
            routes: self.routes.clone(),
            timers: self.timers.clone(),
            names: self.names.clone(),
            now: self.now,
            drawing: self.drawing,
            log: self.log.clone(),
            crashes: self.crashes.clone(),
            main_exit: self.main_exit.clone(),
            ending: self.ending,
            steps: self.steps,
            born: self.born,
            counters: self.counters,
        }
    }
}

/// The choice is not one of those that may happen now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it cannot happen now that {choice}")]
pub struct NotEnabled {
    /// What was to happen.
    pub choice: Choice,
}

impl<P: Process> World<P> {
    /// A world with one process, the main process, which has not done anything yet.
    #[must_use]
    pub fn new(settings: Settings, environment: P::Environment, main: P) -> World<P> {
        let mut world = World {
            settings,
            environment,
            shared: P::Shared::default(),
            slots: <P::Storage as Storage<P>>::Slots::new(),
            runnable: RankSet::default(),
            transit: RedBlackTreeMap::new(),
            routes: Routes::default(),
            timers: Timers::default(),
            names: RedBlackTreeMap::new(),
            now: 0,
            drawing: None,
            log: <P::Storage as Storage<P>>::Log::default(),
            crashes: List::new(),
            main_exit: None,
            ending: None,
            steps: 0,
            born: 0,
            counters: Counters::FIRST,
        };
        world.give_birth(Pid::SYSTEM, Pid::MAIN, main, None);
        world.conclude();
        world
    }

    /// Makes this a fresh world, as [`World::new`] would under the same settings, with what it has allocated.
    pub fn begin_anew(&mut self, environment: P::Environment, main: P) {
        if self.born > 0 {
            self.clear();
        }
        self.environment = environment;
        self.give_birth(Pid::SYSTEM, Pid::MAIN, main, None);
        self.conclude();
    }

    /// Lets go of all processes, so that nothing but the world itself holds the environment.
    pub fn clear(&mut self) {
        self.slots.reset(Record::clear);
        self.shared = P::Shared::default();
        self.runnable = RankSet::default();
        self.transit = RedBlackTreeMap::new();
        self.routes = Routes::default();
        self.timers = Timers::default();
        self.names = RedBlackTreeMap::new();
        self.now = 0;
        self.drawing = None;
        self.log.clear();
        self.crashes = List::new();
        self.main_exit = None;
        self.ending = None;
        self.steps = 0;
        self.born = 0;
        self.counters = Counters::FIRST;
    }

    /// What this world assumes.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What all processes share.
    #[must_use]
    pub fn environment(&self) -> &P::Environment {
        &self.environment
    }

    /// All that may happen next, in canonical order; nothing once the world has ended.
    #[must_use]
    #[inline(always)]
    pub fn choices(&self) -> Choices<'_> {
        // At the end nothing can happen: as if one of no numbers were to be drawn.
        let draw = if self.ending.is_some() { Some(0) } else { self.drawing.map(|(_, below)| below) };
        Choices { draw, runnable: &self.runnable, routes: &self.routes, timers: self.firing() }
    }

    /// The processes whose timers may fire now.
    #[inline(always)]
    fn firing(&self) -> Option<&RankSet> {
        if self.timers.is_empty() { None } else { self.firing_now() }
    }

    #[inline(never)]
    fn firing_now(&self) -> Option<&RankSet> {
        let (deadline, owners) = self.timers.front()?;
        let time_may_move = match self.settings.clock {
            Clock::Hasty => true,
            Clock::Patient => self.runnable.is_empty() && self.transit.is_empty(),
        };
        (time_may_move || deadline <= self.now).then_some(owners)
    }

    /// Makes one thing happen.
    ///
    /// # Errors
    /// [`NotEnabled`] if it is not one of [`World::choices`]; the world is then as it was.
    #[inline]
    pub fn apply<O>(&mut self, choice: Choice, observer: &mut O) -> Result<(), NotEnabled>
    where
        O: Observer<P> + ?Sized,
    {
        if let Choice::Run(pid) = choice
            && self.ending.is_none()
            && self.drawing.is_none()
            && self.runnable.contains(pid.index())
        {
            self.run(pid, observer);
            self.conclude();
            return Ok(());
        }
        if !self.choices().contains(choice) {
            return Err(NotEnabled { choice });
        }
        match choice {
            Choice::Run(pid) => self.run(pid, observer),
            Choice::Deliver { from, to } => self.deliver(from, to, observer),
            Choice::Fire(owner) => self.fire(owner, observer),
            Choice::Draw(value) => self.draw(value, observer),
        }
        self.conclude();
        Ok(())
    }

    /// Notices that the world has come to its end.
    #[inline(always)]
    pub(super) fn conclude(&mut self) {
        if self.steps >= self.settings.limits.steps || self.runnable.is_empty() {
            self.conclude_perhaps();
        }
    }

    #[inline(never)]
    fn conclude_perhaps(&mut self) {
        if self.ending.is_some() {
            return;
        }
        if self.steps >= self.settings.limits.steps {
            self.ending = Some(Ending::Bounded(Bound::Steps));
        } else if self.runnable.is_empty()
            && self.drawing.is_none()
            && self.transit.is_empty()
            && self.timers.is_empty()
        {
            let main_waits = self.slots.get(Pid::MAIN.index()).is_some_and(|main| main.stage == Stage::Live);
            self.ending = Some(if main_waits { Ending::Deadlock } else { Ending::Idle });
        }
    }

    /// How the world ended, if it has.
    #[must_use]
    #[inline]
    pub fn ending(&self) -> Option<Ending> {
        self.ending
    }

    /// Why the main process exited, if it has.
    #[must_use]
    pub fn main_exit(&self) -> Option<&P::Reason> {
        self.main_exit.as_ref()
    }

    /// How many events there were.
    #[must_use]
    pub fn steps(&self) -> Step {
        self.steps
    }

    /// The virtual time.
    #[must_use]
    pub fn now(&self) -> Nanoseconds {
        self.now
    }

    /// All pids that were given out, in ascending order; some may not be spawned yet, and some may be dead.
    pub fn pids(&self) -> impl Iterator<Item = Pid> + use<P> {
        (Pid::MAIN.number()..self.slots.len() as u32).map(Pid::from_number)
    }

    /// Whether a process is alive: spawned, not dead, and not ended by a signal.
    #[must_use]
    pub fn is_alive(&self, pid: Pid) -> bool {
        pid == Pid::SYSTEM || self.stage(pid) == Stage::Live
    }

    pub(super) fn stage(&self, pid: Pid) -> Stage {
        self.slots.get(pid.index()).map_or(Stage::Unborn, |record| record.stage)
    }

    /// What a process does next: the action that it performs when it is chosen, or in which it waits.
    #[must_use]
    pub fn pending(&self, pid: Pid) -> Option<&Request<P>> {
        let record = self.slots.get(pid.index())?;
        match record.stage {
            Stage::Live | Stage::Doomed => record.pending.as_ref(),
            Stage::Unborn | Stage::Mourned | Stage::Dead => None,
        }
    }

    /// What all processes share that is part of the world's state.
    #[must_use]
    pub fn shared(&self) -> &P::Shared {
        &self.shared
    }

    /// Which parts of the shared state a process looks at or may change when it does next what it is about to do.
    #[must_use]
    pub fn touches(&self, pid: Pid) -> Vec<Touch> {
        match self.pending(pid).map(|request| &request.action) {
            Some(Action::Shared(request)) => self.shared.touches(request),
            Some(Action::Exit { .. }) => self.shared.touched_by_end(pid),
            _ => Vec::new(),
        }
    }

    /// The process itself, while it runs code.
    #[must_use]
    pub fn process(&self, pid: Pid) -> Option<&P> {
        self.slots.get(pid.index())?.body.as_ref()
    }

    /// The unread messages of a process, oldest first.
    pub fn mailbox(&self, pid: Pid) -> impl Iterator<Item = &Envelope<P::Message>> {
        let mut position = 0;
        let record = self.slots.get(pid.index());
        std::iter::from_fn(move || {
            let (found, envelope) = record?.mailbox.next_from(position)?;
            position = found + 1;
            Some(envelope)
        })
    }

    /// Who holds a name.
    #[must_use]
    pub fn whereis(&self, name: &Name) -> Option<Pid> {
        self.names.get(name).map(|&(pid, _)| pid)
    }

    /// The name that a process holds.
    #[must_use]
    pub fn name_of(&self, pid: Pid) -> Option<&Name> {
        self.slots.get(pid.index())?.relations.as_ref()?.name.as_ref()
    }

    /// The timers that send, by deadline: the reference, the receiver and the time at which each is due.
    pub fn timers(&self) -> impl Iterator<Item = (Reference, &Destination, Nanoseconds)> {
        self.timers.pending()
    }

    /// What was written, oldest first.
    pub fn each_written<'w>(&'w self, visit: impl FnMut(&'w Written<P::Text>)) {
        self.log.each(visit);
    }

    /// The crashes: who, why, and what goes to the crash log; the latest first.
    pub fn crashes(&self) -> impl Iterator<Item = &(Pid, P::Reason, String)> {
        self.crashes.iter()
    }

    /// What is known about a process, unless it is dead or about to be.
    #[must_use]
    pub fn info(&self, pid: Pid) -> Option<ProcessInfo<P>> {
        let record = self.slots.get(pid.index())?;
        let status = match record.stage {
            Stage::Unborn | Stage::Doomed | Stage::Mourned | Stage::Dead => return None,
            Stage::Live if matches!(record.wait, Wait::Waiting { .. }) => Status::Waiting,
            Stage::Live => Status::Runnable,
        };
        let relations = record.relations.as_deref();
        Some(ProcessInfo {
            name: relations.and_then(|relations| relations.name.clone()),
            status,
            traps_exits: record.traps_exits,
            links: relations.map_or_else(Vec::new, |relations| relations.links.iter().copied().collect()),
            monitors: relations.map_or_else(Vec::new, |relations| {
                relations.monitors.values().map(|watch| watch.target.clone()).collect()
            }),
            monitored_by: relations.map_or_else(Vec::new, |relations| {
                relations.watchers.values().map(|watch| watch.pid).collect()
            }),
            messages: self.mailbox(pid).map(|envelope| envelope.message.clone()).collect(),
            group_leader: record.leader,
            parent: record.parent,
        })
    }

    /// Who waits for what, and what lies unread: for each process that is alive, in ascending order of the pids.
    #[must_use]
    pub fn stuck(&self) -> Vec<Stuck> {
        self.pids()
            .filter(|&pid| self.stage(pid) == Stage::Live)
            .map(|pid| Stuck {
                pid,
                name: self.name_of(pid).cloned(),
                action: self.pending(pid).map_or("nothing", |request| request.action.name()),
                place: self.pending(pid).and_then(|request| request.place).map(|place| place.to_string()),
                unread: self.mailbox(pid).map(|envelope| P::show_message(&envelope.message)).collect(),
            })
            .collect()
    }

    /// Starts a process under a pid that is reserved for it.
    pub(super) fn give_birth(&mut self, parent: Pid, child: Pid, body: P, cause: Option<Step>) {
        while self.slots.len() <= child.index() {
            self.slots.push(Record::unborn());
        }
        let leader = self.slots.get(parent.index()).map_or(Pid::SYSTEM, |record| record.leader);
        self.born += 1;
        if let Some(record) = self.slots.get_mut(child.index()) {
            debug_assert!(record.stage == Stage::Unborn, "a pid is used once");
            record.body = Some(body);
            record.stage = Stage::Live;
            record.leader = leader;
            record.parent = parent;
            record.cause = cause;
        }
        self.resume(child, || Reply::Start);
    }

    /// Runs the local code of a process up to its next action, and notes whether it can perform that.
    #[inline(always)]
    pub(super) fn resume(&mut self, pid: Pid, reply: impl FnOnce() -> Reply<P>) {
        let Some(record) = self.slots.get_mut(pid.index()) else { return };
        let Some(body) = &mut record.body else { return };
        if !body.take_queued(&mut self.environment, &mut record.pending) {
            let steps_left = self.settings.limits.steps.saturating_sub(self.steps);
            let mut cpu = Cpu::new(pid, &mut self.environment, steps_left, &mut self.counters);
            body.resume(&mut cpu, reply(), &mut record.pending);
        }
        match record.pending.as_ref().map(|request| &request.action) {
            Some(&Action::Receive { patience: Patience::Forever }) => {
                let first =
                    record.mailbox.next_from(0).map(|(at, envelope)| (at, body.takes(&envelope.message)));
                match first {
                    Some((position, Some(true))) => {
                        record.wait = Wait::Ready { position, timed: false };
                        self.runnable.insert(pid.index());
                    }
                    Some((_, Some(false) | None)) => self.settle(pid),
                    None => {
                        record.wait = Wait::Waiting { scanned: 0, timed: false };
                        self.runnable.remove(pid.index());
                    }
                }
            }
            Some(Action::Receive { .. } | Action::IsAlive(_) | Action::Inspect(_)) => self.settle(pid),
            Some(_) => self.runnable.insert(pid.index()),
            None => debug_assert!(false, "a process that runs asks for something"),
        }
    }

    /// Notes whether a process can perform its pending action, if that is one that may have to wait.
    fn settle(&mut self, pid: Pid) {
        let Some(record) = self.slots.get_mut(pid.index()) else { return };
        match record.pending.as_ref().map(|request| &request.action) {
            Some(&Action::Receive { patience }) => {
                record.wait = match patience {
                    Patience::Poll => Wait::Polling { scanned: 0 },
                    Patience::Forever | Patience::Within(_) => Wait::Waiting { scanned: 0, timed: false },
                };
                if patience == Patience::Poll {
                    self.runnable.insert(pid.index());
                } else {
                    self.runnable.remove(pid.index());
                }
                self.look(pid);
                if let Patience::Within(span) = patience {
                    self.start_waiting(pid, span);
                }
            }
            Some(&Action::IsAlive(of)) => {
                self.runnable.insert(pid.index());
                if let Some(record) = self.slots.get_mut(of.index())
                    && matches!(record.stage, Stage::Live | Stage::Doomed)
                {
                    record.relations_mut().askers.insert_mut(pid);
                }
                self.settle_asker(pid, of);
            }
            Some(&Action::Inspect(of)) => {
                self.runnable.insert(pid.index());
                self.settle_asker(pid, of);
            }
            _ => self.runnable.insert(pid.index()),
        }
    }
}
