//! What depends on what.
//!
//! Two steps are independent if it makes no difference in which order they happen, and neither prevents the other. Here each
//! step is given its [`Footprint`]: what it touches, and how. Steps of different agents are independent if nothing that one
//! touches is touched by the other in a way that [`clash`]es. What is not known to be harmless clashes.
//!
//! The reasons why some things do not touch at all:
//!
//! - A receive without a time limit takes the first message that suits it. What arrives meanwhile lies further back, so it
//!   commutes with every arrival.
//! - A signal to a process that exits is lost or thrown away with the mailbox: nobody sees the difference.
//! - Under the patient clock, time does not move while anything else can happen. What can happen then is not in a race with it.
//! - Equal messages without names in them commute on their way into a mailbox.

use crate::kernel::{
    Action, Choice, Clock, Delivery, Destination, Ending, Fate, Happening, Name, Patience, Pid, Process,
    Region, Settings, SignalKind, Sketched, Sketcher, World,
};

/// Something that steps can have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thing {
    /// The mailbox of a process.
    Mailbox(Pid),
    /// The course of a process: its own steps, and what ends it.
    Life(Pid),
    /// The links and monitors of a process, whether it exists, and whether it has a name.
    Ties(Pid),
    /// Its group leader.
    Leader(Pid),
    /// Who holds a name.
    Name(Name),
    /// All names.
    Names,
    /// Which processes there are.
    Census,
    /// The clock.
    Time,
    /// The timers.
    Timers,
    /// Whether the world goes on, and what an observer has seen of it.
    World,
    /// The order of all that is written.
    Console,
    /// The order of what a claim looks at.
    Claims,
    /// The numbers of pids and references that are given out next.
    Numbers,
    /// A part of the state that processes share.
    Shared(Region),
    /// Which parts of it there are, and what is in them.
    AllShared,
}

/// How a step touches a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Touch {
    /// Looks at it.
    Reads,
    /// Changes it.
    Writes,
    /// Adds to it; the order among those that add means nothing.
    Adds,
    /// Puts a message into it: one that equals all others with this digest, or one like no other.
    Puts(Option<u64>),
    /// A process's own step in its own life.
    Lives,
}

/// Whether two touches of the same thing, by different agents, can make a difference in their order.
pub(super) fn clash(a: Touch, b: Touch) -> bool {
    use Touch::{Adds, Lives, Puts, Reads, Writes};
    match (a, b) {
        (Reads, Reads) | (Adds, Adds) => false,
        (Puts(Some(a)), Puts(Some(b))) => a != b,
        // The life of a process is its own: others meet it only in what ends it, or looks at it.
        (Lives, Lives) => false,
        (Puts(_), Puts(_))
        | (Reads | Adds | Lives | Writes | Puts(_), Writes)
        | (Writes, Reads | Adds | Lives | Puts(_))
        | (Reads | Lives, Adds | Puts(_))
        | (Adds | Puts(_), Reads | Lives)
        | (Adds, Puts(_))
        | (Puts(_), Adds)
        | (Reads, Lives)
        | (Lives, Reads) => true,
    }
}

/// How many kinds of touches can be overlooked in tests of the tests.
pub const BLINDNESSES: usize = 14;

/// Who makes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Agent {
    /// A process.
    Process(Pid),
    /// What carries signals from one process to another.
    Carrier { from: Pid, to: Pid },
    /// The timers that a process has started.
    Timer(Pid),
}

impl Agent {
    /// The process whose doing it is in the end.
    pub(super) fn origin(self) -> Pid {
        match self {
            Agent::Process(pid) | Agent::Timer(pid) => pid,
            Agent::Carrier { from, .. } => from,
        }
    }
}

/// What a step touches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Footprint {
    pub(super) touches: Vec<(Thing, Touch)>,
    /// Whether an observer, or a claim, can see it.
    pub(super) visible: bool,
}

/// What the one who explores assumes and asks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground {
    pub(super) clock: Clock,
    pub(super) delivery: Delivery,
    /// Whether the order of the lines of different processes counts.
    pub(super) order_of_output: bool,
    /// Whether programs have looked into pids or references, so that it counts which numbers are given out.
    pub(super) numbers_count: bool,
}

impl Ground {
    pub(super) fn new(settings: &Settings, order_of_output: bool, numbers_count: bool) -> Ground {
        let Settings { clock, delivery, .. } = *settings;
        Ground { clock, delivery, order_of_output, numbers_count }
    }
}

/// Who makes a choice happen that others can come before; nothing can come before a number that is drawn.
pub(super) fn agent(choice: Choice) -> Option<Agent> {
    match choice {
        Choice::Run(pid) => Some(Agent::Process(pid)),
        Choice::Deliver { from, to } => Some(Agent::Carrier { from, to }),
        Choice::Fire(owner) => Some(Agent::Timer(owner)),
        Choice::Draw(_) => None,
    }
}

/// What a step that is about to happen is going to do, as far as that can be told before it happens.
pub(super) struct Before {
    touches: Vec<(Thing, Touch)>,
    pid: Pid,
    names: (Pid, crate::kernel::Reference),
    mark: u64,
}

impl Footprint {
    /// What can be told of a step before it happens: what its action touches.
    pub(super) fn before<P: Sketched>(
        ground: Ground,
        world: &World<P>,
        choice: Choice,
        sketcher: &mut Sketcher,
    ) -> Before {
        let names = world.next_names();
        let (pid, touches) = match choice {
            Choice::Run(pid) => (pid, run(ground, world, pid, sketcher)),
            // What a signal or a timer does is told when it has happened.
            Choice::Deliver { to, .. } => (to, Vec::new()),
            Choice::Fire(owner) => (owner, reached_by_name(world)),
            Choice::Draw(_) => (world.draws().unwrap_or(Pid::SYSTEM), Vec::new()),
        };
        Before { touches, pid, names, mark: world.environment_mark() }
    }

    /// What a step has touched that has just happened. `happening` is what came of it.
    pub(super) fn after<P: Sketched>(
        ground: Ground,
        before: Before,
        happening: &mut Vec<(Thing, Touch)>,
        world: &World<P>,
    ) -> Footprint {
        let Before { mut touches, pid, names, mark } = before;
        touches.append(happening);
        if ground.clock == Clock::Hasty {
            // Whoever begins to wait for a time begins now, and starts a timer only if there is nothing to take yet.
            let begins = |pid: Pid| {
                world.pending(pid).is_some_and(|request| {
                    matches!(request.action, Action::Receive { patience: Patience::Within(_) })
                })
            };
            let (next, _) = world.next_names();
            let born = (names.0.number()..next.number()).map(Pid::from_number);
            for waiter in born.chain([pid]).filter(|pid| begins(*pid)) {
                touches.push((Thing::Time, Touch::Reads));
                touches.push((Thing::Mailbox(waiter), Touch::Reads));
            }
        } else {
            touches.retain(|(thing, _)| *thing != Thing::Time);
        }
        let numbered = ground.numbers_count && names != world.next_names();
        if numbered || mark != world.environment_mark() {
            touches.push((Thing::Numbers, Touch::Writes));
        }
        if matches!(world.ending(), Some(Ending::Halted | Ending::Stopped(_) | Ending::Bounded(_))) {
            touches.push((Thing::World, Touch::Writes));
        }
        let mut visible = false;
        for (thing, touch) in &touches {
            visible |= *thing == Thing::World && *touch == Touch::Reads;
        }
        if !ground.order_of_output {
            touches.retain(|(thing, _)| *thing != Thing::Console);
        }
        Footprint { touches, visible }
    }

    /// Whether it makes a difference which of two steps of different agents comes first.
    pub(super) fn clashes(&self, other: &Footprint) -> bool {
        self.touches.iter().any(|(thing, touch)| {
            other.touches.iter().any(|(same, with)| thing == same && clash(*touch, *with))
        })
    }

    /// Forgets touches of one kind.
    pub(super) fn overlook(&mut self, kind: usize) {
        self.touches.retain(|(thing, touch)| !match kind {
            0 => matches!((thing, touch), (Thing::Mailbox(_), Touch::Puts(_))),
            1 => matches!((thing, touch), (Thing::Mailbox(_), Touch::Reads)),
            2 => matches!((thing, touch), (Thing::Life(_), Touch::Writes)),
            3 => matches!((thing, touch), (Thing::Life(_), Touch::Reads)),
            4 => matches!((thing, touch), (Thing::Ties(_), Touch::Writes)),
            5 => matches!((thing, touch), (Thing::Ties(_), Touch::Reads)),
            6 => matches!((thing, touch), (Thing::Name(_), Touch::Reads)),
            7 => matches!((thing, touch), (Thing::Name(_), Touch::Writes)),
            8 => matches!(thing, Thing::Names),
            9 => matches!(thing, Thing::Census),
            10 => matches!(thing, Thing::Time),
            11 => matches!(thing, Thing::Timers),
            12 => matches!((thing, touch), (Thing::World, Touch::Reads)),
            _ => matches!(thing, Thing::Leader(_)),
        });
    }

    /// Whether nothing can happen after it.
    pub(super) fn ends_world(&self) -> bool {
        self.touches.contains(&(Thing::World, Touch::Writes))
    }
}

/// What a process touches by its pending action.
fn run<P: Sketched>(
    ground: Ground,
    world: &World<P>,
    pid: Pid,
    sketcher: &mut Sketcher,
) -> Vec<(Thing, Touch)> {
    use Touch::{Adds, Lives, Puts, Reads, Writes};
    let mut touches = vec![(Thing::Life(pid), Lives)];
    let Some(request) = world.pending(pid) else { return touches };
    let travels = |to: Pid| ground.delivery == Delivery::Ordered && to != pid;
    // What a signal does at its receiver, it does now or when it is delivered.
    let mut ties = |with: Pid| {
        touches.push((Thing::Ties(pid), Writes));
        touches.push((Thing::Ties(with), Writes));
    };
    match &request.action {
        Action::Send { to, message } => {
            if !travels(*to) {
                touches.push((Thing::Mailbox(*to), Puts(alike::<P>(message, sketcher))));
            }
        }
        Action::SendNamed { to: name, message } => {
            touches.push((Thing::Name(name.clone()), Reads));
            if let Some(to) = world.whereis(name)
                && !travels(to)
            {
                touches.push((Thing::Mailbox(to), Puts(alike::<P>(message, sketcher))));
            }
        }
        Action::Receive { patience: Patience::Poll } => touches.push((Thing::Mailbox(pid), Reads)),
        // A wait that ends by time ends by a step of its own.
        Action::Receive { patience: Patience::Within(_) | Patience::Forever } => {}
        Action::Spawn(spawn) => {
            touches.push((Thing::Census, Adds));
            touches.push((Thing::Leader(pid), Reads));
            if spawn.bond != crate::kernel::Bond::None {
                touches.push((Thing::Ties(pid), Writes));
            }
        }
        Action::Exit { crash, .. } => {
            touches.push((Thing::Census, Adds));
            touches.extend(shared(ground, world, pid));
            touches.push((Thing::Ties(pid), Writes));
            for other in world.tied(pid) {
                touches.push((Thing::Ties(other), Writes));
            }
            if let Some(name) = world.name_of(pid) {
                touches.push((Thing::Name(name.clone()), Writes));
                touches.push((Thing::Names, Adds));
            }
            if world.timers().any(|(_, to, _)| *to == Destination::Pid(pid)) {
                touches.push((Thing::Timers, Writes));
            }
            if crash.is_some() || pid == Pid::MAIN {
                touches.push((Thing::World, Reads));
            }
        }
        Action::ExitSignal { to, .. } => {
            if !travels(*to) {
                touches.push((Thing::Life(*to), Writes));
                touches.push((Thing::Mailbox(*to), Puts(None)));
                touches.push((Thing::Ties(*to), Writes));
            }
        }
        Action::Output { .. } => {
            touches.push((Thing::World, Reads));
            touches.push((Thing::Console, Writes));
        }
        Action::Link(with) => {
            ties(*with);
            // It may be answered at once with an exit signal.
            touches.push((Thing::Mailbox(pid), Puts(None)));
        }
        Action::Unlink(with) => ties(*with),
        Action::Monitor { target, .. } => {
            if let Destination::Name(name) = target {
                touches.push((Thing::Name(name.clone()), Reads));
            }
            let with = match target {
                Destination::Pid(with) => Some(*with),
                Destination::Name(name) => world.whereis(name),
            };
            touches.push((Thing::Ties(pid), Writes));
            if let Some(with) = with {
                touches.push((Thing::Ties(with), Writes));
            }
        }
        // A flush takes at most the message of this very monitor, which is told of as a tie.
        Action::Demonitor { .. } => {
            touches.push((Thing::Ties(pid), Writes));
            for other in world.tied(pid) {
                touches.push((Thing::Ties(other), Writes));
            }
        }
        Action::TrapExit(_) => touches.push((Thing::Life(pid), Writes)),
        Action::Register { name, pid: holder } => {
            touches.push((Thing::Name(name.clone()), Writes));
            touches.push((Thing::Names, Adds));
            touches.push((Thing::Ties(*holder), Writes));
        }
        Action::Unregister(name) => {
            touches.push((Thing::Name(name.clone()), Writes));
            touches.push((Thing::Names, Adds));
            if let Some(holder) = world.whereis(name) {
                touches.push((Thing::Ties(holder), Writes));
            }
        }
        Action::WhereIs(name) => touches.push((Thing::Name(name.clone()), Reads)),
        Action::RegisteredNames => touches.push((Thing::Names, Reads)),
        // Nobody else knows the new timer yet; there will be none if its receiver is dead.
        Action::StartTimer(start) => {
            touches.push((Thing::Time, Reads));
            if let Destination::Pid(to) = start.to {
                touches.push((Thing::Ties(to), Reads));
            }
        }
        Action::CancelTimer(_) => {
            touches.push((Thing::Time, Reads));
            touches.push((Thing::Timers, Writes));
        }
        Action::ReadTimer(_) => {
            touches.push((Thing::Time, Reads));
            touches.push((Thing::Timers, Reads));
        }
        Action::IsAlive(of) => touches.push((Thing::Ties(*of), Reads)),
        Action::Inspect(of) => {
            touches.push((Thing::Ties(*of), Reads));
            touches.push((Thing::Life(*of), Reads));
            touches.push((Thing::Mailbox(*of), Reads));
            touches.push((Thing::Leader(*of), Reads));
            touches.push((Thing::Names, Reads));
            touches.push((Thing::Census, Reads));
        }
        Action::Processes => touches.push((Thing::Census, Reads)),
        Action::Now => touches.push((Thing::Time, Reads)),
        Action::GroupLeader => touches.push((Thing::Leader(pid), Reads)),
        Action::SetGroupLeader { of, .. } => {
            touches.push((Thing::Ties(*of), Reads));
            if !travels(*of) {
                touches.push((Thing::Leader(*of), Writes));
            }
        }
        Action::Shared(_) => touches.extend(shared(ground, world, pid)),
        // While a number is drawn nothing else can happen: what the process does next, it does in this step.
        Action::Draw(_) => {
            touches.push((Thing::Numbers, Writes));
            if ground.clock == Clock::Hasty {
                touches.push((Thing::Time, Reads));
                touches.push((Thing::Mailbox(pid), Reads));
            }
        }
        Action::Yield => {}
        // The world ends; that is seen afterwards.
        Action::GiveUp(_) | Action::Halt(_) => {}
    }
    touches
}

/// What a process touches of the state that processes share.
fn shared<P: Process>(ground: Ground, world: &World<P>, pid: Pid) -> Vec<(Thing, Touch)> {
    let mut touches = Vec::new();
    for touch in world.touches(pid) {
        let how = if touch.writes { Touch::Writes } else { Touch::Reads };
        match touch.region {
            // Whether there is somebody to get a message counts, too.
            Region::Mailbox(to) => {
                touches.push((Thing::Ties(to), Touch::Reads));
                if ground.delivery != Delivery::Ordered || to == pid {
                    touches.push((Thing::Mailbox(to), Touch::Puts(None)));
                }
            }
            Region::Whole => touches.push((Thing::AllShared, how)),
            region @ (Region::Name(_) | Region::Part(_)) => {
                touches.push((Thing::Shared(region), how));
                if touch.writes {
                    touches.push((Thing::AllShared, Touch::Adds));
                }
            }
        }
    }
    touches
}

/// What a signal or a timer touches, which is told by what has happened.
pub(super) fn happened<P: Sketched>(
    choice: Choice,
    happening: &Happening<'_, P>,
    touches: &mut Vec<(Thing, Touch)>,
    sketcher: &mut Sketcher,
) {
    use Touch::{Puts, Reads, Writes};
    match (choice, happening) {
        (Choice::Deliver { from, to }, Happening::Delivered { kind, message, .. }) => match kind {
            SignalKind::Message => {
                let alike = message.and_then(|message| alike::<P>(message, sketcher));
                touches.push((Thing::Mailbox(to), Puts(alike)));
            }
            SignalKind::Exit => {
                touches.push((Thing::Life(to), Writes));
                touches.push((Thing::Mailbox(to), Puts(None)));
                touches.push((Thing::Ties(to), Writes));
            }
            SignalKind::LinkExit | SignalKind::NoProcess | SignalKind::Down => {
                touches.push((Thing::Life(to), Writes));
                touches.push((Thing::Mailbox(to), Puts(None)));
                touches.push((Thing::Ties(to), Writes));
                touches.push((Thing::Ties(from), Writes));
            }
            SignalKind::Link | SignalKind::Unlink | SignalKind::Monitor | SignalKind::Demonitor => {
                touches.push((Thing::Ties(to), Writes));
                touches.push((Thing::Ties(from), Writes));
            }
            SignalKind::GroupLeader => touches.push((Thing::Leader(to), Writes)),
        },
        (Choice::Fire(_), Happening::TimerFired { to, message, fate, .. }) => {
            touches.push((Thing::Time, Writes));
            touches.push((Thing::Timers, Writes));
            match to {
                Destination::Pid(to) => {
                    touches.push((Thing::Mailbox(*to), Puts(alike::<P>(message, sketcher))));
                }
                // Whom it reaches was noted before.
                Destination::Name(_) => {}
            }
            debug_assert!(*fate != Fate::InTransit, "timers send to mailboxes");
        }
        (Choice::Fire(owner), _) => {
            touches.push((Thing::Time, Writes));
            touches.push((Thing::Timers, Writes));
            touches.push((Thing::Life(owner), Writes));
            touches.push((Thing::Mailbox(owner), Reads));
        }
        (Choice::Run(_) | Choice::Draw(_) | Choice::Deliver { .. }, _) => {}
    }
}

/// What timers that send to names may touch.
fn reached_by_name<P: Process>(world: &World<P>) -> Vec<(Thing, Touch)> {
    let mut touches = Vec::new();
    for (_, to, _) in world.timers() {
        if let Destination::Name(name) = to {
            touches.push((Thing::Name(name.clone()), Touch::Reads));
            if let Some(to) = world.whereis(name) {
                touches.push((Thing::Mailbox(to), Touch::Puts(None)));
            }
        }
    }
    touches
}

/// What tells a message from others; nothing if there are names in it.
fn alike<P: Sketched>(message: &P::Message, sketcher: &mut Sketcher) -> Option<u64> {
    P::sketch_message(message, sketcher);
    let sketch = sketcher.finish();
    sketch.names.is_empty().then_some(sketch.digest as u64)
}
