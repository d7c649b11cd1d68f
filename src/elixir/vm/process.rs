//! An Elixir process as the kernel sees it.

use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;

use super::actions::{ACTIONS, Done, down_message, exit_message, in_unit, milliseconds};
use super::environment::Environment;
use super::interpret::{Again, Budget, Exhausted, Machine, Native, Stop};
use super::memory;
use super::raise::explained;
use super::show::{show, show_reason};
use crate::elixir::atom::{self, Atom};
use crate::elixir::builtins::{Class, Raised};
use crate::elixir::code::{NONE, Op, Register};
use crate::elixir::tables::{self, Tables};
use crate::elixir::term::{Binary, Map, NIL, Term, list};
use crate::kernel::{
    Action, Bound, Cpu, Destination, Down, Mailbox, Nanoseconds, Patience, Persistent, Pid, Plain, Process,
    ProcessInfo, Reason, Reference, Refusal, Reply, Request, Search, Status, Storage, World, search_messages,
};

/// A line of a file of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: Atom,
    /// The line, counted from 1.
    pub line: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// What a process writes. A pid that was printed into it is still known as one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Text(pub Binary);

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why an Elixir process exits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit(pub Term);

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&show_reason(&self.0))
    }
}

impl Exit {
    /// The exit status of the host process when the main process ends with this: 0 unless it failed, or as it says by
    /// `{:shutdown, status}`.
    #[must_use]
    pub fn status(&self) -> u8 {
        match (&self.0, self.0.as_tuple()) {
            (Term::Atom(reason), _) if matches!(reason.text(), "normal" | "shutdown") => 0,
            (_, Some([Term::Atom(reason), Term::Int(status)])) if reason.text() == "shutdown" => {
                (status & 0xff) as u8
            }
            (_, Some([Term::Atom(reason), _])) if reason.text() == "shutdown" => 0,
            _ => 1,
        }
    }
}

impl Reason for Exit {
    fn normal() -> Exit {
        Exit(Term::Atom(atom::NORMAL))
    }

    fn killed() -> Exit {
        Exit(Term::Atom(atom::KILLED))
    }

    fn noproc() -> Exit {
        Exit(Term::Atom(atom::NOPROC))
    }

    fn is_normal(&self) -> bool {
        self.0.is_atom(atom::NORMAL)
    }

    fn is_kill(&self) -> bool {
        self.0.is_atom(atom::KILL)
    }
}

/// How worlds of Elixir processes are kept: [`Plain`](crate::kernel::Plain) for runs,
/// [`Persistent`](crate::kernel::Persistent) where worlds are cloned.
pub trait Kept: Storage<ElixirProcess<Self>> + Sized + 'static {
    /// See [`Sketched::COPIED`](crate::kernel::Sketched::COPIED).
    const COPIED: bool;

    /// See [`Sketched::another`](crate::kernel::Sketched::another).
    fn another(
        world: &World<ElixirProcess<Self>>,
        again: &mut dyn FnMut() -> World<ElixirProcess<Self>>,
    ) -> World<ElixirProcess<Self>>;
}

impl Kept for Plain {
    const COPIED: bool = false;

    fn another(
        _world: &World<ElixirProcess<Self>>,
        again: &mut dyn FnMut() -> World<ElixirProcess<Self>>,
    ) -> World<ElixirProcess<Self>> {
        again()
    }
}

impl Kept for Persistent {
    const COPIED: bool = true;

    fn another(
        world: &World<ElixirProcess<Self>>,
        _again: &mut dyn FnMut() -> World<ElixirProcess<Self>>,
    ) -> World<ElixirProcess<Self>> {
        world.clone()
    }
}

/// What the reply to the pending action means to the process.
#[derive(Clone, Debug)]
pub(super) enum Pending {
    /// The process begins.
    Start,
    /// The action's value is known already.
    Value(Term),
    /// As `Value`, unless the world refuses: then this function fails.
    Checked(Box<(Term, Native)>),
    /// A message goes into this register; otherwise the code goes on elsewhere. Without a register, the process has taken
    /// apart the message already, when it looked at it.
    Message { register: Register, expired: u32 },
    /// A boolean.
    Flag,
    /// Who holds a name.
    Holder,
    /// Names.
    Names,
    /// Pids.
    Pids,
    /// What is left of a timer.
    Remaining,
    /// The time since this epoch, in this unit.
    Time(i64, Term),
    /// The time as Erlang's triple.
    Timestamp,
    /// A number from 1 on.
    Drawn,
    /// A float from 0 up to 1.
    Fraction,
    /// A line of standard input, or so many characters of it.
    Read(Option<i64>),
    /// What a function of `ets` gives; its name and arguments, for when it fails.
    Table(Box<Native>),
    /// What is known about a process: which item is wanted, and whether the process asks about itself.
    Info(Box<(Option<Term>, bool)>),
}

/// An Elixir process.
pub struct ElixirProcess<S> {
    pub(super) machine: Machine,
    pub(super) pending: Pending,
    /// The register into which the value of the pending action goes.
    at: Register,
    /// Where in the code it has asked for what is pending: while it waits, it looks at messages in other places.
    phase: u16,
    /// Its group leader.
    pub(super) leader: Pid,
    storage: PhantomData<fn() -> S>,
}

impl<S> Clone for ElixirProcess<S> {
    fn clone(&self) -> ElixirProcess<S> {
        ElixirProcess {
            machine: self.machine.clone(),
            pending: self.pending.clone(),
            at: self.at,
            phase: self.phase,
            leader: self.leader,
            storage: PhantomData,
        }
    }
}

/// Whether the process goes on after a stop.
enum Next<P: Process> {
    /// It runs on.
    Run,
    /// It asks the world.
    Ask(Action<P>),
}

impl<S> ElixirProcess<S> {
    /// The register into which the value of the pending action goes.
    pub(super) fn at(&self) -> Register {
        self.at
    }

    /// Where in the code it has asked for what is pending.
    pub(super) fn phase_of_request(&self) -> u16 {
        self.phase
    }
}

/// So many calls are looked at for one that stands in a file of the program.
const DEEPEST_CALLER: usize = 64;

impl<S: Kept> ElixirProcess<S> {
    /// A process that begins with the call that a machine has before it.
    pub(super) fn new(machine: Machine, leader: Pid) -> ElixirProcess<S> {
        ElixirProcess { machine, pending: Pending::Start, at: 0, phase: 0, leader, storage: PhantomData }
    }

    /// Runs until the world is asked for something.
    fn advance(&mut self, cpu: &mut Cpu<'_, Self>, mut stop: Option<Stop>) -> Request<Self> {
        let mut position = u32::MAX;
        let action = loop {
            let next = match stop.take() {
                None => {
                    let environment = &mut *cpu.environment;
                    let mut budget = environment.budget(cpu.pid, false);
                    let code = Rc::clone(&environment.code);
                    let stop = self.machine.run(&code, environment.natives, &mut budget);
                    // What follows may add to the code, which is no copy as long as nobody else holds it.
                    drop(code);
                    environment.spend(&budget);
                    match &stop {
                        Stop::Act { position: at, .. } => position = *at,
                        Stop::Receive { .. } => position = self.position_before(&environment.code),
                        _ => {}
                    }
                    self.stopped(cpu, stop)
                }
                Some(stop) => self.stopped(cpu, stop),
            };
            if let Next::Ask(action) = next {
                break action;
            }
        };
        if let (Pid::MAIN, Action::Exit { reason, .. }) = (cpu.pid, &action) {
            cpu.environment.main_end = Some(reason.0.clone());
        }
        self.phase = self.machine.phase();
        Request { action, place: self.place(cpu.environment, position) }
    }

    /// The position that the operation before the one that has just been done gives.
    fn position_before(&self, code: &crate::elixir::code::Code) -> u32 {
        match (self.machine.place as usize).checked_sub(2).and_then(|place| code.ops.get(place)) {
            Some(Op::Position { position }) => *position,
            _ => u32::MAX,
        }
    }

    /// Where the process is: in the innermost call that stands in a file of the program, or in the library if none does.
    fn place(&self, environment: &Environment, position: u32) -> Option<Place> {
        let code = &environment.code;
        let before = |place: u32| code.lines.at(place.saturating_sub(1));
        let innermost = match code.positions.get(position as usize) {
            Some(position) => *position,
            None => before(self.machine.place)?,
        };
        let is_own = |(file, _): &(Atom, u32)| code.sources.contains_key(file);
        let (file, line) = if is_own(&innermost) {
            innermost
        } else {
            let callers = self.machine.frames.iter().rev().take(DEEPEST_CALLER);
            callers.filter_map(|frame| before(frame.place)).find(is_own).unwrap_or(innermost)
        };
        Some(Place { file, line })
    }

    /// What follows from a stop.
    fn stopped(&mut self, cpu: &mut Cpu<'_, Self>, stop: Stop) -> Next<Self> {
        match stop {
            Stop::Act { action, at, .. } => self.acted(cpu, action, at),
            Stop::Receive { message, timeout, expired } => {
                let patience = if timeout == NONE {
                    Patience::Forever
                } else {
                    match self.machine.register(timeout) {
                        Term::Atom(atom::INFINITY) => Patience::Forever,
                        Term::Int(0) => Patience::Poll,
                        term => match milliseconds(term) {
                            Some(time) => Patience::Within(time),
                            None => {
                                return self.raise(cpu, Raised::atom(Atom::new("timeout_value")), None);
                            }
                        },
                    }
                };
                self.machine.wait(message);
                self.pending = Pending::Message { register: message, expired };
                Next::Ask(Action::Receive { patience })
            }
            Stop::Returned(value) => {
                if let (Pid::MAIN, Some(compile)) = (cpu.pid, &mut cpu.environment.compile) {
                    compile.result = Some(value);
                }
                if cpu.pid == Pid::MAIN && !cpu.environment.at_exit.is_empty() {
                    self.machine.begin_end();
                    return self.begin(cpu);
                }
                self.machine.rest(0);
                Next::Ask(Action::Exit { reason: Exit::normal(), crash: None })
            }
            Stop::Raised(raised, native) => self.raise(cpu, raised, native),
            Stop::Reraised { class, reason, trace } => self.raise_with(cpu, Raised { class, reason }, trace),
            Stop::Missing { module, name, at, count, again } => {
                self.missing(cpu, module, name, at, count, again)
            }
            Stop::Exhausted(Exhausted::Cells) => {
                let live = memory::in_use(&self.machine);
                if live > cpu.environment.limits.memory {
                    return Next::Ask(Action::GiveUp(Bound::Memory(cpu.pid)));
                }
                cpu.environment.allow(live);
                Next::Run
            }
            Stop::Exhausted(Exhausted::Memory) => Next::Ask(Action::GiveUp(Bound::Memory(cpu.pid))),
            Stop::Exhausted(Exhausted::Calls) => Next::Ask(Action::GiveUp(Bound::Calls)),
            // Only a look at a message ends like this, and `search` sees to that. A receive that was told of a message
            // takes it.
            Stop::Accepted | Stop::Rejected => self.raise(cpu, Raised::atom(atom::UNDEF), None),
        }
    }

    fn acted(&mut self, cpu: &mut Cpu<'_, Self>, action: u16, at: Register) -> Next<Self> {
        match self.act(cpu, action, at) {
            Done::Value(value) => {
                self.machine.set(at, value);
                Next::Run
            }
            Done::Asked(action, pending) => {
                self.machine.rest(at + 1);
                self.pending = pending;
                self.at = at;
                Next::Ask(action)
            }
            Done::Failed(raised) => {
                let native = ACTIONS.get(usize::from(action)).map(|(module, name, arity, _)| Native {
                    module: Atom::new(module),
                    name: Atom::new(name),
                    arguments: self.machine.window(at, usize::from(*arity)).to_vec(),
                });
                // What the program raises by itself has no function of ours on top.
                let own = native.as_ref().is_some_and(|native| {
                    native.module == atom::ERLANG
                        && match native.name.text() {
                            "error" | "throw" => true,
                            "exit" => native.arguments.len() == 1,
                            _ => false,
                        }
                });
                self.raise(cpu, raised, if own { None } else { native })
            }
            Done::RaisedWith(class, reason, trace) => self.raise_with(cpu, Raised { class, reason }, trace),
            Done::Call(count) => self.call(cpu, |machine, code, natives, budget| {
                let tail = returns_next(machine, code, at);
                machine.call_value(code, natives, budget, at, count, tail)
            }),
            Done::CallNamed(module, name, count) => self.call(cpu, |machine, code, natives, budget| {
                if returns_next(machine, code, at)
                    && let Some(function) = code.export(module, name, u8::try_from(count).unwrap_or(u8::MAX))
                    && natives.find(module, name, u8::try_from(count).unwrap_or(u8::MAX)).is_none()
                    && budget.calls > 0
                {
                    budget.calls -= 1;
                    let entry = code.entry(function);
                    machine.replace(entry, at, count);
                    return None;
                }
                machine.call_named(code, natives, budget, module, name, at, count)
            }),
        }
    }

    fn call(
        &mut self,
        cpu: &mut Cpu<'_, Self>,
        call: impl FnOnce(
            &mut Machine,
            &crate::elixir::code::Code,
            &crate::elixir::code::Natives,
            &mut Budget,
        ) -> Option<Stop>,
    ) -> Next<Self> {
        let code = Rc::clone(&cpu.environment.code);
        let natives = cpu.environment.natives;
        let mut budget = cpu.environment.budget(cpu.pid, false);
        let stop = call(&mut self.machine, &code, natives, &mut budget);
        drop(code);
        cpu.environment.spend(&budget);
        match stop {
            None => Next::Run,
            Some(stop) => self.stopped(cpu, stop),
        }
    }

    /// Looks for the function in the library.
    fn missing(
        &mut self,
        cpu: &mut Cpu<'_, Self>,
        module: Atom,
        name: Atom,
        at: Register,
        count: u16,
        again: Again,
    ) -> Next<Self> {
        let arity = u8::try_from(count).unwrap_or(u8::MAX);
        if cpu.environment.load(module) && cpu.environment.code.export(module, name, arity).is_some() {
            return match again {
                Again::Operation => Next::Run,
                Again::Call => self.call(cpu, |machine, code, natives, budget| {
                    machine.call_named(code, natives, budget, module, name, at, count)
                }),
            };
        }
        let arguments = self.machine.window(at, usize::from(count)).to_vec();
        if again == Again::Operation {
            // The stack trace is that of the call, which is not going to be tried again.
            self.machine.place += 1;
        }
        self.raise(cpu, Raised::atom(atom::UNDEF), Some(Native { module, name, arguments }))
    }

    fn raise(&mut self, cpu: &mut Cpu<'_, Self>, raised: Raised, native: Option<Native>) -> Next<Self> {
        let trace = self.machine.trace(&cpu.environment.code, native);
        self.raise_with(cpu, raised, trace)
    }

    fn raise_with(&mut self, cpu: &mut Cpu<'_, Self>, raised: Raised, trace: Term) -> Next<Self> {
        match self.machine.raise_with(raised, trace) {
            Ok(()) => Next::Run,
            Err(uncaught) => {
                let main = cpu.pid == Pid::MAIN;
                if uncaught.class == Class::Exit && !main {
                    self.machine.rest(0);
                    return Next::Ask(Action::Exit { reason: Exit(uncaught.reason), crash: None });
                }
                if self.machine.is_crashing() {
                    // Even the report failed: the reason has to do.
                    self.machine.rest(0);
                    let report = Term::tuple([uncaught.reason.clone(), uncaught.trace]);
                    let crash = Some(show(&report).into_boxed_str());
                    return Next::Ask(Action::Exit { reason: Exit(uncaught.reason), crash });
                }
                self.machine.begin_crash(uncaught, main);
                self.begin(cpu)
            }
        }
    }

    /// Makes the call that the machine has before it.
    fn begin(&mut self, cpu: &mut Cpu<'_, Self>) -> Next<Self> {
        let count = (self.machine.stack.len() - 1) as u16;
        self.machine.ensure(usize::from(count) + 4);
        self.machine.place = 0;
        self.call(cpu, |machine, code, natives, budget| {
            machine.call_value(code, natives, budget, 0, count, false)
        })
    }

    /// A function of `ets` is done.
    fn table_answered(&mut self, cpu: &mut Cpu<'_, Self>, answer: tables::Answer) -> Option<Stop> {
        let Pending::Table(native) = std::mem::replace(&mut self.pending, Pending::Start) else {
            return None;
        };
        match answer {
            tables::Answer::Value(value) => {
                self.machine.set(self.at, value);
                None
            }
            tables::Answer::Failed(cause) => {
                let why = tables::fault_of(native.name.text(), &native.arguments, cause);
                let trace = self.machine.trace(&cpu.environment.code, Some(*native));
                let trace = match why {
                    Some(why) => explained(&trace, Term::text(why)),
                    None => trace,
                };
                let Raised { class, reason } = Raised::badarg();
                Some(Stop::Reraised { class, reason, trace })
            }
            tables::Answer::Full => Some(Stop::Exhausted(Exhausted::Memory)),
        }
    }

    /// The value that a reply stands for.
    fn answer(
        &mut self,
        cpu: &mut Cpu<'_, Self>,
        reply: Reply<Self>,
    ) -> Result<Term, (Raised, Option<Native>)> {
        let pending = std::mem::replace(&mut self.pending, Pending::Start);
        let value = match (pending, reply) {
            (Pending::Checked(checked), Reply::Refused(refusal)) => {
                let reason = match refusal {
                    Refusal::NoProcess => atom::NOPROC,
                    Refusal::NotRegistered
                    | Refusal::NameTaken
                    | Refusal::NotAlive
                    | Refusal::AlreadyNamed
                    | Refusal::EmptyRange => atom::BADARG,
                };
                return Err((Raised::atom(reason), Some(checked.1)));
            }
            (Pending::Checked(checked), _) => checked.0,
            (_, Reply::Refused(_)) => return Err((Raised::badarg(), None)),
            (Pending::Value(value), _) => value,
            (Pending::Flag, Reply::Flag(flag)) => Term::boolean(flag),
            (Pending::Holder, Reply::Pid(pid)) => pid.map_or(Term::Atom(atom::UNDEFINED), Term::Pid),
            (Pending::Names, Reply::Names(names)) => {
                list(names.iter().map(|name| Term::Atom(Atom::new(name.as_str()))))
            }
            (Pending::Pids, Reply::Pids(pids)) => list(pids.into_iter().map(Term::Pid)),
            (Pending::Remaining, Reply::Remaining(left)) => {
                left.map_or(Term::boolean(false), |left| Term::Int(rounded_up(left)))
            }
            (Pending::Time(epoch, unit), Reply::Time(now)) => {
                in_unit(epoch.saturating_add_unsigned(now), &unit).unwrap_or(NIL)
            }
            (Pending::Timestamp, Reply::Time(now)) => {
                let microseconds = i64::try_from(now / 1_000).unwrap_or(i64::MAX);
                let parts = [
                    microseconds / 1_000_000_000_000,
                    microseconds / 1_000_000 % 1_000_000,
                    microseconds % 1_000_000,
                ];
                Term::tuple(parts.map(Term::Int))
            }
            (Pending::Drawn, Reply::Number(number)) => {
                Term::Int(i64::try_from(number).unwrap_or(i64::MAX).saturating_add(1))
            }
            (Pending::Fraction, Reply::Number(number)) => Term::Float(number as f64 / (1_u64 << 53) as f64),
            (Pending::Read(count), _) => read(cpu.environment, count),
            (Pending::Info(wanted), Reply::Info(info)) => {
                process_info(info.as_deref(), wanted.0.as_ref(), wanted.1.then_some(&self.machine))
                    .ok_or((Raised::badarg(), None))?
            }
            _ => NIL,
        };
        Ok(value)
    }
}

/// Reads a line of standard input. So many characters of it are read as far as they stand on one line.
fn read(environment: &mut Environment, count: Option<i64>) -> Term {
    let line = environment.input.as_ref().and_then(|input| input.borrow_mut().line(environment.lines_read));
    let Some(line) = line else { return Term::Atom(Atom::new("eof")) };
    environment.lines_read += 1;
    match count.and_then(|count| usize::try_from(count).ok()) {
        Some(count) => Term::text(line.chars().take(count).collect::<String>()),
        None => Term::text(line),
    }
}

/// Whether the next operation only returns what is in `at`.
fn returns_next(machine: &Machine, code: &crate::elixir::code::Code, at: Register) -> bool {
    matches!(code.ops.get(machine.place as usize), Some(Op::Return { register }) if *register == at)
}

fn rounded_up(time: Nanoseconds) -> i64 {
    i64::try_from(time.div_ceil(1_000_000)).unwrap_or(i64::MAX)
}

/// What `Process.info` gives. Nothing if there is no such item.
fn process_info<P>(
    info: Option<&ProcessInfo<P>>,
    wanted: Option<&Term>,
    own: Option<&Machine>,
) -> Option<Term>
where
    P: Process<Message = Term, Reason = Exit>,
{
    let Some(info) = info else { return Some(Term::Atom(atom::UNDEFINED)) };
    let item = |name: &str| -> Option<Term> {
        Some(match name {
            "registered_name" => match &info.name {
                Some(name) => Term::Atom(Atom::new(name.as_str())),
                None => Term::Empty,
            },
            "status" => Term::Atom(Atom::new(match info.status {
                _ if own.is_some() => "running",
                Status::Runnable => "runnable",
                Status::Waiting => "waiting",
            })),
            "trap_exit" => Term::boolean(info.traps_exits),
            "links" => list(info.links.iter().map(|pid| Term::Pid(*pid))),
            "monitors" => list(info.monitors.iter().map(|target| {
                let target = match target {
                    Destination::Pid(pid) => Term::Pid(*pid),
                    Destination::Name(name) => {
                        Term::tuple([Term::Atom(Atom::new(name.as_str())), Term::Atom(atom::NONODE)])
                    }
                };
                Term::tuple([Term::Atom(atom::PROCESS), target])
            })),
            "monitored_by" => list(info.monitored_by.iter().map(|pid| Term::Pid(*pid))),
            "message_queue_len" => Term::Int(info.messages.len() as i64),
            "messages" => list(info.messages.iter().cloned()),
            "group_leader" => Term::Pid(info.group_leader),
            "parent" => Term::Pid(info.parent),
            "dictionary" => {
                let entries = own.and_then(|own| own.dictionary.as_deref()).into_iter().flat_map(Map::iter);
                list(entries.map(|(key, value)| Term::tuple([key.clone(), value.clone()])))
            }
            "priority" => Term::Atom(atom::NORMAL),
            "current_function" | "initial_call" => {
                Term::tuple([Term::Atom(atom::ERLANG), Term::Atom(atom::APPLY), Term::Int(2)])
            }
            "heap_size" | "total_heap_size" | "stack_size" | "memory" | "reductions" => Term::Int(233),
            "error_handler" => Term::Atom(Atom::new("error_handler")),
            _ => return None,
        })
    };
    let pair = |name: Atom| Some(Term::tuple([Term::Atom(name), item(name.text())?]));
    match wanted {
        Some(Term::Atom(name)) if name.text() == "registered_name" && info.name.is_none() => {
            Some(Term::Empty)
        }
        Some(Term::Atom(name)) => pair(*name),
        Some(names) => {
            Some(list(names.elements().map(|name| pair(name.as_atom()?)).collect::<Option<Vec<_>>>()?))
        }
        None => {
            let mut all = Vec::new();
            if info.name.is_some() {
                all.push(pair(Atom::new("registered_name"))?);
            }
            for name in [
                "current_function",
                "initial_call",
                "status",
                "message_queue_len",
                "links",
                "dictionary",
                "trap_exit",
                "error_handler",
                "priority",
                "group_leader",
                "total_heap_size",
                "heap_size",
                "stack_size",
                "reductions",
            ] {
                all.push(pair(Atom::new(name))?);
            }
            Some(list(all))
        }
    }
}

impl<S: Kept> Process for ElixirProcess<S> {
    type Message = Term;
    type Reason = Exit;
    type Text = Text;
    type Place = Place;
    type Environment = Environment;
    type Shared = Tables;
    type Storage = S;

    fn resume(&mut self, cpu: &mut Cpu<'_, Self>, reply: Reply<Self>, next: &mut Option<Request<Self>>) {
        let stop = match (&self.pending, reply) {
            (Pending::Start, _) => {
                *next = Some(match self.begin(cpu) {
                    Next::Run => self.advance(cpu, None),
                    Next::Ask(action) => Request { action, place: None },
                });
                return;
            }
            (&Pending::Message { register, .. }, Reply::Message(message)) => {
                self.machine.wake();
                if register != NONE {
                    self.machine.set(register, message);
                }
                None
            }
            (&Pending::Message { expired, .. }, _) => {
                self.machine.place = expired;
                self.machine.wake();
                None
            }
            (Pending::Value(_), reply) if !matches!(reply, Reply::Refused(_)) => {
                self.machine.wake();
                if let Pending::Value(value) = std::mem::replace(&mut self.pending, Pending::Start) {
                    let at = self.at;
                    self.machine.set(at, value);
                }
                None
            }
            (Pending::Table(_), Reply::Shared(answer)) => {
                self.machine.wake();
                self.table_answered(cpu, *answer)
            }
            (_, reply) => match self.answer(cpu, reply) {
                Ok(value) => {
                    let at = self.at;
                    self.machine.wake();
                    self.machine.set(at, value);
                    None
                }
                Err((raised, native)) => {
                    self.machine.wake();
                    Some(Stop::Raised(raised, native))
                }
            },
        };
        *next = Some(self.advance(cpu, stop));
    }

    fn search(
        &mut self,
        cpu: &mut Cpu<'_, Self>,
        mailbox: &mut <S as Storage<Self>>::Mailbox,
        position: u64,
    ) -> Search<Self> {
        let Pending::Message { register, expired } = self.pending else {
            return search_messages(mailbox, position, |_| true);
        };
        let environment = &mut *cpu.environment;
        let mut budget = environment.budget(cpu.pid, true);
        let code = Rc::clone(&environment.code);
        let machine = &mut self.machine;
        machine.wake();
        let start = machine.place;
        let mut at = position;
        let mut found = Search::Nothing;
        while let Some((place, envelope)) = mailbox.next_from(at) {
            if machine.drops(&envelope.message) {
                at = place + 1;
                continue;
            }
            machine.set(register, envelope.message.clone());
            if let Stop::Accepted = machine.run(&code, environment.natives, &mut budget) {
                found = Search::Found(place);
                break;
            }
            machine.place = start;
            at = place + 1;
        }
        environment.spend(&budget);
        match found {
            // What the clause has bound is there when the process goes on with its body.
            Search::Found(_) => self.pending = Pending::Message { register: NONE, expired },
            _ => machine.rest(register),
        }
        found
    }

    fn exit_message(from: Pid, reason: &Exit) -> Term {
        exit_message(from, reason.0.clone())
    }

    fn down_message(down: Down<Exit>) -> Term {
        down_message(down.reference, &down.target, down.reason.0)
    }

    fn is_down(message: &Term, reference: Reference) -> bool {
        match message.as_tuple() {
            Some([Term::Atom(atom::DOWN), Term::Reference(of), ..]) => *of == reference,
            _ => false,
        }
    }

    fn show_message(message: &Term) -> String {
        show(message)
    }
}
