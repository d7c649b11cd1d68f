//! What processes can do beside computing: the functions that look at the process itself, and those that ask something of
//! the world.

use super::environment::Environment;
use super::interpret::{Machine, Native};
use super::process::{ElixirProcess, Exit, Kept, Pending, Text};
use crate::elixir::atom::{self, Atom};
use crate::elixir::builtins::{Class, Raised};
use crate::elixir::code::Register;
use crate::elixir::tables;
use crate::elixir::term::{Binary, Fun, NIL, OK, TRUE, Target, Term, list};
use crate::kernel::{Action, Bond, Cpu, Destination, Device, Nanoseconds, Pid, Reference, Spawn, StartTimer};

/// Something that a process can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub(crate) enum Do {
    SelfPid,
    MakeReference,
    Unique,
    Node,
    Nodes,
    Get,
    GetAll,
    GetKeys,
    Put,
    Erase,
    EraseAll,
    Leader,
    SetLeader,
    SystemLeader,
    Apply,
    ApplyTo,
    Exported,
    Loaded,
    ImplementationOf,
    Throw,
    Error,
    ErrorWith,
    Exit,
    Raise,
    Send,
    SendWith,
    Spawn(Tie, Form),
    SpawnWith(Form),
    ExitSignal,
    Link,
    Unlink,
    Monitor,
    Demonitor,
    DemonitorWith,
    Register,
    Unregister,
    WhereIs,
    Registered,
    Flag,
    Info,
    InfoOf,
    Processes,
    IsAlive,
    SendAfter,
    StartTimer,
    CancelTimer,
    ReadTimer,
    Monotonic,
    SystemTime,
    Timestamp,
    Uniform,
    UniformTo,
    Write,
    ExitWith,
    Halt,
    Read,
    AtExit,
    TakeAtExit,
    ProgramModules,
    SourceLine,
    Eval,
    Quoted,
    SpawnLinkMonitor,
    DropReplies,
    ModuleDocs,
    ModulePut,
    ModuleGet,
    ModuleHas,
    ModuleRegister,
    ModuleDelete,
    ModuleDefine,
    ModuleDefines,
    Table,
    Nothing,
}

/// What ties a new process to the one that spawns it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub(crate) enum Tie {
    None,
    Link,
    Monitor,
}

/// How the code of a new process is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub(crate) enum Form {
    Value,
    Named,
}

/// The names of what processes can do.
pub(crate) const ACTIONS: &[(&str, &str, u8, Do)] = &[
    ("erlang", "self", 0, Do::SelfPid),
    ("erlang", "make_ref", 0, Do::MakeReference),
    ("erlang", "unique_integer", 0, Do::Unique),
    ("erlang", "unique_integer", 1, Do::Unique),
    ("erlang", "node", 0, Do::Node),
    ("erlang", "node", 1, Do::Node),
    ("erlang", "nodes", 0, Do::Nodes),
    ("erlang", "get", 0, Do::GetAll),
    ("erlang", "get", 1, Do::Get),
    ("erlang", "get_keys", 0, Do::GetKeys),
    ("erlang", "put", 2, Do::Put),
    ("erlang", "erase", 0, Do::EraseAll),
    ("erlang", "erase", 1, Do::Erase),
    ("erlang", "group_leader", 0, Do::Leader),
    ("erlang", "group_leader", 2, Do::SetLeader),
    ("rashomon", "system_leader", 0, Do::SystemLeader),
    ("erlang", "apply", 2, Do::Apply),
    ("erlang", "apply", 3, Do::ApplyTo),
    ("erlang", "function_exported", 3, Do::Exported),
    ("rashomon", "module_loaded", 1, Do::Loaded),
    ("rashomon", "impl_for", 2, Do::ImplementationOf),
    ("erlang", "throw", 1, Do::Throw),
    ("erlang", "error", 1, Do::Error),
    ("erlang", "error", 2, Do::ErrorWith),
    ("erlang", "error", 3, Do::ErrorWith),
    ("erlang", "exit", 1, Do::Exit),
    ("erlang", "raise", 3, Do::Raise),
    ("erlang", "send", 2, Do::Send),
    ("erlang", "!", 2, Do::Send),
    ("erlang", "send", 3, Do::SendWith),
    ("erlang", "spawn", 1, Do::Spawn(Tie::None, Form::Value)),
    ("erlang", "spawn", 3, Do::Spawn(Tie::None, Form::Named)),
    ("erlang", "spawn_link", 1, Do::Spawn(Tie::Link, Form::Value)),
    ("erlang", "spawn_link", 3, Do::Spawn(Tie::Link, Form::Named)),
    ("erlang", "spawn_monitor", 1, Do::Spawn(Tie::Monitor, Form::Value)),
    ("erlang", "spawn_monitor", 3, Do::Spawn(Tie::Monitor, Form::Named)),
    ("erlang", "spawn_opt", 2, Do::SpawnWith(Form::Value)),
    ("erlang", "spawn_opt", 4, Do::SpawnWith(Form::Named)),
    ("erlang", "exit", 2, Do::ExitSignal),
    ("erlang", "link", 1, Do::Link),
    ("erlang", "unlink", 1, Do::Unlink),
    ("erlang", "monitor", 2, Do::Monitor),
    ("erlang", "monitor", 3, Do::Monitor),
    ("erlang", "demonitor", 1, Do::Demonitor),
    ("erlang", "demonitor", 2, Do::DemonitorWith),
    ("erlang", "register", 2, Do::Register),
    ("erlang", "unregister", 1, Do::Unregister),
    ("erlang", "whereis", 1, Do::WhereIs),
    ("erlang", "registered", 0, Do::Registered),
    ("erlang", "process_flag", 2, Do::Flag),
    ("erlang", "process_info", 1, Do::Info),
    ("erlang", "process_info", 2, Do::InfoOf),
    ("erlang", "processes", 0, Do::Processes),
    ("erlang", "is_process_alive", 1, Do::IsAlive),
    ("erlang", "send_after", 3, Do::SendAfter),
    ("erlang", "send_after", 4, Do::SendAfter),
    ("erlang", "start_timer", 3, Do::StartTimer),
    ("erlang", "start_timer", 4, Do::StartTimer),
    ("erlang", "cancel_timer", 1, Do::CancelTimer),
    ("erlang", "cancel_timer", 2, Do::CancelTimer),
    ("erlang", "read_timer", 1, Do::ReadTimer),
    ("erlang", "read_timer", 2, Do::ReadTimer),
    ("erlang", "monotonic_time", 0, Do::Monotonic),
    ("erlang", "monotonic_time", 1, Do::Monotonic),
    ("erlang", "system_time", 0, Do::SystemTime),
    ("erlang", "system_time", 1, Do::SystemTime),
    ("os", "system_time", 0, Do::SystemTime),
    ("os", "system_time", 1, Do::SystemTime),
    ("erlang", "timestamp", 0, Do::Timestamp),
    ("os", "timestamp", 0, Do::Timestamp),
    ("rand", "uniform", 0, Do::Uniform),
    ("rand", "uniform", 1, Do::UniformTo),
    ("rashomon", "write", 2, Do::Write),
    ("rashomon", "crash_report", 1, Do::Write),
    ("rashomon", "exit_with", 2, Do::ExitWith),
    ("erlang", "halt", 0, Do::Halt),
    ("erlang", "halt", 1, Do::Halt),
    ("erlang", "halt", 2, Do::Halt),
    ("rashomon", "eval", 2, Do::Eval),
    ("rashomon", "quoted", 1, Do::Quoted),
    ("rashomon", "read", 2, Do::Read),
    ("rashomon", "at_exit", 1, Do::AtExit),
    ("rashomon", "take_at_exit", 0, Do::TakeAtExit),
    ("rashomon", "program_modules", 0, Do::ProgramModules),
    ("rashomon", "source_line", 2, Do::SourceLine),
    ("rashomon", "spawn_link_monitor", 1, Do::SpawnLinkMonitor),
    ("rashomon", "drop_replies", 1, Do::DropReplies),
    ("rashomon", "module_docs", 1, Do::ModuleDocs),
    ("rashomon", "module_put", 3, Do::ModulePut),
    ("rashomon", "module_get", 2, Do::ModuleGet),
    ("rashomon", "module_has", 2, Do::ModuleHas),
    ("rashomon", "module_register", 3, Do::ModuleRegister),
    ("rashomon", "module_delete", 2, Do::ModuleDelete),
    ("rashomon", "module_define", 1, Do::ModuleDefine),
    ("rashomon", "module_defines", 3, Do::ModuleDefines),
    ("ets", "new", 2, Do::Table),
    ("ets", "all", 0, Do::Table),
    ("ets", "whereis", 1, Do::Table),
    ("ets", "info", 1, Do::Table),
    ("ets", "info", 2, Do::Table),
    ("ets", "delete", 1, Do::Table),
    ("ets", "delete", 2, Do::Table),
    ("ets", "rename", 2, Do::Table),
    ("ets", "give_away", 3, Do::Table),
    ("ets", "setopts", 2, Do::Table),
    ("ets", "insert", 2, Do::Table),
    ("ets", "insert_new", 2, Do::Table),
    ("ets", "lookup", 2, Do::Table),
    ("ets", "lookup_element", 3, Do::Table),
    ("ets", "member", 2, Do::Table),
    ("ets", "take", 2, Do::Table),
    ("ets", "delete_object", 2, Do::Table),
    ("ets", "delete_all_objects", 1, Do::Table),
    ("ets", "first", 1, Do::Table),
    ("ets", "last", 1, Do::Table),
    ("ets", "next", 2, Do::Table),
    ("ets", "prev", 2, Do::Table),
    ("ets", "slot", 2, Do::Table),
    ("ets", "safe_fixtable", 2, Do::Table),
    ("ets", "tab2list", 1, Do::Table),
    ("ets", "update_element", 3, Do::Table),
    ("ets", "update_counter", 3, Do::Table),
    ("ets", "update_counter", 4, Do::Table),
    ("ets", "match", 1, Do::Table),
    ("ets", "match", 2, Do::Table),
    ("ets", "match", 3, Do::Table),
    ("ets", "match_object", 1, Do::Table),
    ("ets", "match_object", 2, Do::Table),
    ("ets", "match_object", 3, Do::Table),
    ("ets", "match_delete", 2, Do::Table),
    ("ets", "select", 1, Do::Table),
    ("ets", "select", 2, Do::Table),
    ("ets", "select", 3, Do::Table),
    ("ets", "select_reverse", 1, Do::Table),
    ("ets", "select_reverse", 2, Do::Table),
    ("ets", "select_reverse", 3, Do::Table),
    ("ets", "select_count", 2, Do::Table),
    ("ets", "select_delete", 2, Do::Table),
    ("ets", "select_replace", 2, Do::Table),
    ("ets", "test_ms", 2, Do::Table),
    ("ets", "match_spec_compile", 1, Do::Table),
    ("ets", "match_spec_run", 2, Do::Table),
    ("erlang", "yield", 0, Do::Nothing),
    ("erlang", "garbage_collect", 0, Do::Nothing),
];

/// The action that only tells a process who it is: the interpreter does it by itself.
pub(super) const WHO: u16 = 0;

const _: () = assert!(matches!(ACTIONS[WHO as usize].3, Do::SelfPid), "the first action is self()");

/// What came of it.
pub(super) enum Done<P: crate::kernel::Process> {
    /// The process goes on with this value.
    Value(Term),
    /// It fails.
    Failed(Raised),
    /// The world is asked. What its reply means is said, too.
    Asked(Action<P>, Pending),
    /// A function value, with so many arguments after it, stands in the first argument's place and is to be called.
    Call(u16),
    /// A function, whose arguments stand where those of the action were, is to be called.
    CallNamed(Atom, Atom, u16),
    /// Something is raised with a stack trace of its own.
    RaisedWith(Class, Term, Term),
}

const NANOSECONDS_PER_MILLISECOND: u64 = 1_000_000;

/// The system time at which every world begins, in nanoseconds: the first of January 2024.
const EPOCH: i64 = 1_704_067_200_000_000_000;

/// A duration in milliseconds, as virtual time.
pub(super) fn milliseconds(term: &Term) -> Option<Nanoseconds> {
    u64::try_from(term.as_int()?).ok()?.checked_mul(NANOSECONDS_PER_MILLISECOND)
}

/// How many nanoseconds a unit of time has, or how many of it a second has.
pub(super) fn in_unit(nanoseconds: i64, unit: &Term) -> Option<Term> {
    let value = match unit {
        Term::Atom(unit) => match unit.text() {
            "second" | "seconds" => nanoseconds.div_euclid(1_000_000_000),
            "millisecond" | "milliseconds" | "milli_seconds" => nanoseconds.div_euclid(1_000_000),
            "microsecond" | "microseconds" | "micro_seconds" => nanoseconds.div_euclid(1_000),
            "nanosecond" | "nanoseconds" | "nano_seconds" | "native" => nanoseconds,
            _ => return None,
        },
        Term::Int(parts) if *parts > 0 => {
            i64::try_from(i128::from(nanoseconds) * i128::from(*parts) / 1_000_000_000).ok()?
        }
        _ => return None,
    };
    Some(Term::Int(value))
}

impl<S: Kept> ElixirProcess<S> {
    /// Does what the code asks for, with arguments from `at` on.
    #[allow(clippy::too_many_lines)]
    pub(super) fn act(&mut self, cpu: &mut Cpu<'_, Self>, action: u16, at: Register) -> Done<Self> {
        let Some(&(module, name, arity, what)) = ACTIONS.get(usize::from(action)) else {
            return Done::Failed(Raised::atom(atom::UNDEF));
        };
        let machine = &mut self.machine;
        let argument = |machine: &mut Machine, index: u16| machine.register(at + index).clone();
        let done = Done::Asked;
        match what {
            Do::SelfPid => Done::Value(Term::Pid(cpu.pid)),
            Do::MakeReference => Done::Value(Term::Reference(cpu.make_reference())),
            Do::Unique => {
                cpu.environment.unique += 1;
                Done::Value(Term::Int(cpu.environment.unique))
            }
            Do::Node => Done::Value(Term::Atom(atom::NONODE)),
            Do::Nodes => Done::Value(Term::Empty),
            Do::Get => {
                let found = machine.dictionary.as_ref().and_then(|map| map.get(machine.register(at)));
                Done::Value(found.cloned().unwrap_or(Term::Atom(atom::UNDEFINED)))
            }
            Do::GetAll | Do::GetKeys | Do::EraseAll => {
                let entries = machine.dictionary.iter().flat_map(|map| map.iter());
                let all = match what {
                    Do::GetKeys => list(entries.map(|(key, _)| key.clone())),
                    _ => list(entries.map(|(key, value)| Term::tuple([key.clone(), value.clone()]))),
                };
                if what == Do::EraseAll {
                    machine.dictionary = None;
                }
                Done::Value(all)
            }
            Do::Put => {
                let (key, value) = (argument(machine, 0), argument(machine, 1));
                let map = std::rc::Rc::make_mut(machine.dictionary.get_or_insert_default());
                let before = map.get(&key).cloned().unwrap_or(Term::Atom(atom::UNDEFINED));
                map.put(key, value);
                Done::Value(before)
            }
            Do::Erase => {
                let key = argument(machine, 0);
                let map = machine.dictionary.as_mut().map(std::rc::Rc::make_mut);
                let before = map.and_then(|map| map.remove(&key));
                if machine.dictionary.as_ref().is_some_and(|map| map.is_empty()) {
                    machine.dictionary = None;
                }
                Done::Value(before.unwrap_or(Term::Atom(atom::UNDEFINED)))
            }
            Do::Leader => Done::Value(Term::Pid(self.leader)),
            Do::SetLeader => match (argument(machine, 0), argument(machine, 1)) {
                (Term::Pid(leader), Term::Pid(of)) => {
                    if of == cpu.pid {
                        self.leader = leader;
                    }
                    done(Action::SetGroupLeader { of, leader }, Pending::Value(TRUE))
                }
                _ => Done::Failed(Raised::badarg()),
            },
            Do::SystemLeader => Done::Value(Term::Pid(Pid::SYSTEM)),
            Do::Apply => {
                let arguments = argument(machine, 1);
                match machine.spread(at + 1, &arguments) {
                    Some(count) => Done::Call(count),
                    None => Done::Failed(Raised::badarg()),
                }
            }
            Do::ApplyTo => {
                let (module, name, arguments) =
                    (argument(machine, 0), argument(machine, 1), argument(machine, 2));
                match (module, name, machine.spread(at, &arguments)) {
                    (Term::Atom(module), Term::Atom(name), Some(count)) => {
                        Done::CallNamed(module, name, count)
                    }
                    _ => Done::Failed(Raised::badarg()),
                }
            }
            Do::Exported => match (argument(machine, 0), argument(machine, 1), argument(machine, 2)) {
                (Term::Atom(module), Term::Atom(name), Term::Int(arity)) => {
                    cpu.environment.load(module);
                    let exported = u8::try_from(arity)
                        .is_ok_and(|arity| cpu.environment.code.export(module, name, arity).is_some());
                    Done::Value(Term::boolean(exported))
                }
                _ => Done::Failed(Raised::badarg()),
            },
            Do::Loaded => match argument(machine, 0) {
                Term::Atom(module) => {
                    cpu.environment.load(module);
                    Done::Value(Term::boolean(cpu.environment.code.modules.contains_key(&module)))
                }
                _ => Done::Failed(Raised::badarg()),
            },
            Do::ImplementationOf => {
                let (protocol, value) = (argument(machine, 0), argument(machine, 1));
                Done::Value(implementation(cpu.environment, &protocol, &value))
            }
            Do::Throw => Done::Failed(Raised { class: Class::Throw, reason: argument(machine, 0) }),
            Do::Error | Do::ErrorWith => {
                Done::Failed(Raised { class: Class::Error, reason: argument(machine, 0) })
            }
            Do::Exit => Done::Failed(Raised { class: Class::Exit, reason: argument(machine, 0) }),
            Do::Raise => {
                let class = match argument(machine, 0).as_atom() {
                    Some(atom::ERROR) => Class::Error,
                    Some(atom::EXIT) => Class::Exit,
                    Some(atom::THROW) => Class::Throw,
                    _ => return Done::Failed(Raised::badarg()),
                };
                let (reason, trace) = (argument(machine, 1), argument(machine, 2));
                Done::RaisedWith(class, reason, trace)
            }
            Do::Send | Do::SendWith => {
                let (to, message) = (argument(machine, 0), machine.take(at + 1));
                let result = if what == Do::Send { message.clone() } else { OK };
                match destination(cpu.environment, &to) {
                    Some(Destination::Pid(to)) => done(Action::Send { to, message }, Pending::Value(result)),
                    Some(Destination::Name(name)) => {
                        let arguments = vec![to, message.clone()];
                        let native = Native { module: atom::ERLANG, name: atom::SEND, arguments };
                        done(
                            Action::SendNamed { to: name, message },
                            Pending::Checked(Box::new((result, native))),
                        )
                    }
                    // A reference may be that of a timer or a monitor, to which nothing can be sent.
                    None if matches!(to, Term::Reference(_)) => Done::Value(result),
                    None => Done::Failed(Raised::badarg()),
                }
            }
            Do::Spawn(tie, form) => match self.child(form, at) {
                Some(child) => {
                    let bond = match tie {
                        Tie::None => Bond::None,
                        Tie::Link => Bond::Link,
                        Tie::Monitor => Bond::Monitor(cpu.make_reference()),
                    };
                    spawn(cpu, child, bond)
                }
                None => Done::Failed(Raised::badarg()),
            },
            Do::SpawnWith(form) => {
                let options = argument(machine, u16::from(arity) - 1).as_list().unwrap_or_default();
                let wants = |name: Atom| options.iter().any(|option| option.is_atom(name));
                let bond = if wants(atom::MONITOR) && wants(atom::LINK) {
                    Bond::LinkAndMonitor(cpu.make_reference())
                } else if wants(atom::MONITOR) {
                    Bond::Monitor(cpu.make_reference())
                } else if wants(atom::LINK) {
                    Bond::Link
                } else {
                    Bond::None
                };
                match self.child(form, at) {
                    Some(child) => spawn(cpu, child, bond),
                    None => Done::Failed(Raised::badarg()),
                }
            }
            Do::ExitSignal => match (argument(machine, 0), argument(machine, 1)) {
                (Term::Pid(to), reason) => {
                    done(Action::ExitSignal { to, reason: Exit(reason) }, Pending::Value(TRUE))
                }
                _ => Done::Failed(Raised::badarg()),
            },
            Do::Link => match argument(machine, 0) {
                Term::Pid(pid) => {
                    let arguments = vec![Term::Pid(pid)];
                    let native = Native { module: atom::ERLANG, name: atom::LINK, arguments };
                    done(Action::Link(pid), Pending::Checked(Box::new((TRUE, native))))
                }
                _ => Done::Failed(Raised::badarg()),
            },
            Do::Unlink => match argument(machine, 0) {
                Term::Pid(pid) => done(Action::Unlink(pid), Pending::Value(TRUE)),
                _ => Done::Failed(Raised::badarg()),
            },
            Do::Monitor => {
                let target = argument(machine, 1);
                match destination(cpu.environment, &target) {
                    Some(target) if machine.register(at).is_atom(atom::PROCESS) => {
                        let reference = cpu.make_reference();
                        let value = Pending::Value(Term::Reference(reference));
                        done(Action::Monitor { reference, target }, value)
                    }
                    _ => Done::Failed(Raised::badarg()),
                }
            }
            Do::Demonitor | Do::DemonitorWith => match argument(machine, 0) {
                Term::Reference(reference) => {
                    let options = match what {
                        Do::DemonitorWith => argument(machine, 1).as_list().unwrap_or_default(),
                        _ => Vec::new(),
                    };
                    let wants = |name: Atom| options.iter().any(|option| option.is_atom(name));
                    let pending = if wants(atom::INFO) { Pending::Flag } else { Pending::Value(TRUE) };
                    done(Action::Demonitor { reference, flush: wants(atom::FLUSH) }, pending)
                }
                _ => Done::Failed(Raised::badarg()),
            },
            Do::Register => match (argument(machine, 0), argument(machine, 1)) {
                (Term::Atom(name), Term::Pid(pid))
                    if !matches!(name, atom::UNDEFINED | atom::NIL | atom::TRUE | atom::FALSE) =>
                {
                    let name = cpu.environment.name(name);
                    let arguments = vec![argument(machine, 0), argument(machine, 1)];
                    let native = Native { module: atom::ERLANG, name: atom::REGISTER, arguments };
                    done(Action::Register { name, pid }, Pending::Checked(Box::new((TRUE, native))))
                }
                _ => Done::Failed(Raised::badarg()),
            },
            Do::Unregister => match argument(machine, 0) {
                Term::Atom(name) => {
                    let name = cpu.environment.name(name);
                    let arguments = vec![argument(machine, 0)];
                    let native = Native { module: atom::ERLANG, name: atom::UNREGISTER, arguments };
                    done(Action::Unregister(name), Pending::Checked(Box::new((TRUE, native))))
                }
                _ => Done::Failed(Raised::badarg()),
            },
            Do::WhereIs => match argument(machine, 0) {
                Term::Atom(name) => done(Action::WhereIs(cpu.environment.name(name)), Pending::Holder),
                _ => Done::Failed(Raised::badarg()),
            },
            Do::Registered => done(Action::RegisteredNames, Pending::Names),
            Do::Flag => match (argument(machine, 0), argument(machine, 1)) {
                (Term::Atom(atom::TRAP_EXIT), Term::Atom(value @ (atom::TRUE | atom::FALSE))) => {
                    done(Action::TrapExit(value == atom::TRUE), Pending::Flag)
                }
                (Term::Atom(flag), value) => match flag.text() {
                    // Accepted, and without a meaning here.
                    "priority" => Done::Value(Term::Atom(atom::NORMAL)),
                    "sensitive" | "message_queue_data" | "min_heap_size" | "max_heap_size"
                    | "fullsweep_after" => Done::Value(value),
                    _ => Done::Failed(Raised::badarg()),
                },
                _ => Done::Failed(Raised::badarg()),
            },
            Do::Info | Do::InfoOf => {
                let wanted = if what == Do::InfoOf { Some(argument(machine, 1)) } else { None };
                match argument(machine, 0) {
                    Term::Pid(pid) => {
                        done(Action::Inspect(pid), Pending::Info(Box::new((wanted, pid == cpu.pid))))
                    }
                    _ => Done::Failed(Raised::badarg()),
                }
            }
            Do::Processes => done(Action::Processes, Pending::Pids),
            Do::IsAlive => match argument(machine, 0) {
                Term::Pid(pid) => done(Action::IsAlive(pid), Pending::Flag),
                _ => Done::Failed(Raised::badarg()),
            },
            Do::SendAfter | Do::StartTimer => {
                let (time, to, message) = (argument(machine, 0), argument(machine, 1), argument(machine, 2));
                match (milliseconds(&time), destination(cpu.environment, &to)) {
                    (Some(after), Some(to)) => {
                        let reference = cpu.make_reference();
                        let value = Term::Reference(reference);
                        let message = if what == Do::StartTimer {
                            Term::tuple([Term::Atom(atom::TIMEOUT), value.clone(), message])
                        } else {
                            message
                        };
                        let timer = StartTimer { reference, to, after, message };
                        done(Action::StartTimer(Box::new(timer)), Pending::Value(value))
                    }
                    _ => Done::Failed(Raised::badarg()),
                }
            }
            Do::CancelTimer | Do::ReadTimer => match argument(machine, 0) {
                Term::Reference(reference) => {
                    let action = if what == Do::CancelTimer {
                        Action::CancelTimer(reference)
                    } else {
                        Action::ReadTimer(reference)
                    };
                    done(action, Pending::Remaining)
                }
                _ => Done::Failed(Raised::badarg()),
            },
            Do::Monotonic | Do::SystemTime => {
                let unit = if arity == 1 { argument(machine, 0) } else { Term::Atom(atom::NATIVE) };
                if in_unit(0, &unit).is_none() {
                    return Done::Failed(Raised::badarg());
                }
                let epoch = if what == Do::SystemTime { EPOCH } else { 0 };
                done(Action::Now, Pending::Time(epoch, unit))
            }
            Do::Timestamp => done(Action::Now, Pending::Timestamp),
            Do::Uniform => done(Action::Draw(1 << 53), Pending::Fraction),
            Do::UniformTo => match argument(machine, 0) {
                Term::Int(limit) if limit > 0 => done(Action::Draw(limit.unsigned_abs()), Pending::Drawn),
                _ => Done::Failed(Raised::atom(atom::FUNCTION_CLAUSE)),
            },
            Do::Write => {
                let (device, text) = if arity == 1 {
                    // Only what ends the main process begins a line with its error.
                    let report =
                        argument(machine, 0).as_binary().map(ToString::to_string).unwrap_or_default();
                    (Device::Stderr, Term::text(format!("\n{}\n", report.replace('\n', "\n    "))))
                } else {
                    let device = match argument(machine, 0).as_atom() {
                        Some(atom::STDERR | atom::STANDARD_ERROR) => Device::Stderr,
                        _ => Device::Stdout,
                    };
                    (device, argument(machine, 1))
                };
                match characters(&text) {
                    Some(text) => done(Action::Output { device, text: Text(text) }, Pending::Value(OK)),
                    None => Done::Failed(Raised::badarg()),
                }
            }
            Do::ExitWith => {
                let (reason, report) = (argument(machine, 0), argument(machine, 1));
                let crash = report.as_binary().map(|text| text.to_string().into_boxed_str());
                done(Action::Exit { reason: Exit(reason), crash }, Pending::Value(NIL))
            }
            Do::Halt => {
                let status = match argument(machine, 0) {
                    _ if arity == 0 => 0,
                    Term::Int(status) => (status & 0xff) as u8,
                    _ => 1,
                };
                done(Action::Halt(status), Pending::Value(NIL))
            }
            Do::Read => {
                let (what, prompt) = (argument(machine, 0), argument(machine, 1));
                match characters(&prompt) {
                    Some(text) => done(
                        Action::Output { device: Device::Stdout, text: Text(text) },
                        Pending::Read(what.as_int()),
                    ),
                    None => Done::Failed(Raised::badarg()),
                }
            }
            Do::Eval => {
                let (text, bindings) = (argument(machine, 0), argument(machine, 1));
                let Some(text) = text.as_text() else { return Done::Failed(Raised::badarg()) };
                let environment = &mut *cpu.environment;
                match (environment.tools.eval)(&mut environment.code, environment.natives, text, &bindings) {
                    Ok((module, name)) => Done::CallNamed(module, name, 0),
                    Err((kind, message)) => {
                        let parts = [Term::Atom(atom::ERROR), Term::Atom(kind), Term::text(message)];
                        Done::Value(Term::tuple(parts))
                    }
                }
            }
            Do::Quoted => {
                let text = argument(machine, 0);
                let Some(text) = text.as_text() else { return Done::Failed(Raised::badarg()) };
                Done::Value(match (cpu.environment.tools.quoted)(text) {
                    Ok(tree) => Term::ok(tree),
                    Err((kind, line, message)) => Term::tuple([
                        Term::Atom(atom::ERROR),
                        Term::Atom(kind),
                        Term::Int(i64::from(line)),
                        Term::text(message),
                    ]),
                })
            }
            Do::AtExit => {
                let function = argument(machine, 0);
                cpu.environment.at_exit.push(function);
                Done::Value(OK)
            }
            Do::TakeAtExit => {
                Done::Value(list(std::mem::take(&mut cpu.environment.at_exit).into_iter().rev()))
            }
            Do::ProgramModules => {
                Done::Value(list(cpu.environment.code.defined.iter().map(|module| Term::Atom(*module))))
            }
            Do::SourceLine => {
                let (file, line) = (argument(machine, 0), argument(machine, 1));
                let text = file.as_text().and_then(|file| cpu.environment.code.sources.get(&Atom::new(file)));
                let line = line.as_int().and_then(|line| usize::try_from(line).ok()?.checked_sub(1));
                let found = text.zip(line).and_then(|(text, line)| text.lines().nth(line));
                Done::Value(found.map_or(NIL, Term::text))
            }
            Do::ModuleDocs => {
                let module = argument(machine, 0).as_atom().unwrap_or(atom::NIL);
                Done::Value(cpu.environment.code.docs.get(&module).cloned().unwrap_or(NIL))
            }
            Do::SpawnLinkMonitor => match argument(machine, 0) {
                Term::Fun(fun) if fun.arity == 1 => {
                    let reference = cpu.make_reference();
                    let body = Machine::new(Term::Fun(fun), [Term::Reference(reference)]);
                    let child = ElixirProcess::new(body, self.leader);
                    spawn(cpu, child, Bond::LinkAndMonitor(reference))
                }
                _ => Done::Failed(Raised::badarg()),
            },
            Do::DropReplies => match argument(machine, 0) {
                Term::Reference(reference) => {
                    machine.dropped.get_or_insert_default().push(reference);
                    Done::Value(OK)
                }
                _ => Done::Failed(Raised::badarg()),
            },
            Do::ModulePut
            | Do::ModuleGet
            | Do::ModuleHas
            | Do::ModuleRegister
            | Do::ModuleDelete
            | Do::ModuleDefine
            | Do::ModuleDefines => {
                let Some(compile) = &mut cpu.environment.compile else {
                    return Done::Failed(Raised::badarg());
                };
                let name = machine.register(at + 1).as_atom().unwrap_or(atom::NIL);
                Done::Value(match what {
                    Do::ModulePut => {
                        let value = machine.register(at + 2).clone();
                        compile.attributes.entry(name).or_default().put(value);
                        OK
                    }
                    Do::ModuleGet => {
                        compile.attributes.get(&name).map_or(NIL, super::alone::Attribute::value)
                    }
                    Do::ModuleHas => Term::boolean(compile.attributes.contains_key(&name)),
                    Do::ModuleRegister => {
                        let options = machine.register(at + 2).clone();
                        compile.register(name, &options);
                        OK
                    }
                    Do::ModuleDelete => {
                        compile.attributes.remove(&name).map_or(NIL, |attribute| attribute.value())
                    }
                    Do::ModuleDefine => {
                        compile.definitions.push(machine.register(at).clone());
                        OK
                    }
                    _ => {
                        let arity =
                            machine.register(at + 2).as_int().and_then(|arity| u8::try_from(arity).ok());
                        let defines = arity.is_some_and(|arity| compile.defined.contains(&(name, arity)));
                        Term::boolean(defines)
                    }
                })
            }
            Do::Table => {
                let arguments = machine.window(at, usize::from(arity)).to_vec();
                let function = Atom::new(name);
                let native =
                    Native { module: Atom::new(module), name: function, arguments: arguments.clone() };
                let fresh = if name == "new" { Some(cpu.make_reference()) } else { None };
                let room = cpu.environment.limits.memory;
                let request = tables::Request { function, arguments, fresh, room };
                done(Action::Shared(Box::new(request)), Pending::Table(Box::new(native)))
            }
            Do::Nothing => Done::Value(TRUE),
        }
    }

    /// A process for the code that is given.
    fn child(&mut self, form: Form, at: Register) -> Option<ElixirProcess<S>> {
        let machine = &mut self.machine;
        let first = machine.take(at);
        let body = match (form, first) {
            (Form::Value, Term::Fun(fun)) if fun.arity == 0 => Machine::new(Term::Fun(fun), []),
            (Form::Named, Term::Atom(module)) => {
                let name = machine.take(at + 1).as_atom()?;
                let arguments = machine.take(at + 2).as_list()?;
                let arity = u8::try_from(arguments.len()).ok()?;
                let fun = Fun::new(module, name, arity, Target::External, Box::new([]));
                Machine::new(Term::Fun(std::rc::Rc::new(fun)), arguments)
            }
            _ => return None,
        };
        Some(ElixirProcess::new(body, self.leader))
    }
}

fn spawn<S: Kept>(
    cpu: &mut Cpu<'_, ElixirProcess<S>>,
    body: ElixirProcess<S>,
    bond: Bond,
) -> Done<ElixirProcess<S>> {
    let pid = cpu.reserve_pid();
    let value = match bond {
        Bond::Monitor(reference) | Bond::LinkAndMonitor(reference) => {
            Term::tuple([Term::Pid(pid), Term::Reference(reference)])
        }
        Bond::None | Bond::Link => Term::Pid(pid),
    };
    let spawn = Spawn { child: Some(pid), body, bond, label: None };
    Done::Asked(Action::Spawn(Box::new(spawn)), Pending::Value(value))
}

/// Whom a value means: a pid, a registered name, or a name with the node on which it is.
fn destination(environment: &mut Environment, term: &Term) -> Option<Destination> {
    match term {
        Term::Pid(pid) => Some(Destination::Pid(*pid)),
        Term::Atom(name) => Some(Destination::Name(environment.name(*name))),
        Term::Tuple(_) => match term.as_tuple() {
            Some([Term::Atom(name), Term::Atom(atom::NONODE)]) => {
                Some(Destination::Name(environment.name(*name)))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The text of what Erlang calls character data: binaries, characters, and lists of them. Pids in it stay pids.
pub(super) fn characters(term: &Term) -> Option<Binary> {
    if let Term::Binary(binary) = term {
        return Some(binary.clone());
    }
    let mut text = Binary::from("");
    let mut buffer = String::new();
    let mut pending = vec![term];
    while let Some(next) = pending.pop() {
        match next {
            Term::Empty => {}
            Term::List(cell) => {
                pending.push(&cell.tail);
                pending.push(&cell.head);
            }
            Term::Int(character) => buffer.push(char::from_u32(u32::try_from(*character).ok()?)?),
            Term::Binary(binary) => {
                if !buffer.is_empty() {
                    text = text.append(&Binary::from(buffer.as_str()));
                    buffer.clear();
                }
                text = text.append(binary);
            }
            _ => return None,
        }
    }
    if buffer.is_empty() { Some(text) } else { Some(text.append(&Binary::from(buffer.as_str()))) }
}

/// The module that implements a protocol for a value, or `nil`.
fn implementation(environment: &mut Environment, protocol: &Term, value: &Term) -> Term {
    let Term::Atom(protocol) = *protocol else { return NIL };
    let known = |environment: &Environment, of: Atom| {
        environment.code.implementations.get(&(protocol, of)).map(|module| Term::Atom(*module))
    };
    if let Some(module) = value.struct_module() {
        environment.load(module);
        return known(environment, module).or_else(|| known(environment, atom::ANY)).unwrap_or(NIL);
    }
    let of = match value {
        Term::Int(_) | Term::Big(_) => atom::INTEGER_MODULE,
        Term::Float(_) => atom::FLOAT_MODULE,
        Term::Atom(_) => atom::ATOM_MODULE,
        Term::Pid(_) => atom::PID_MODULE,
        Term::Reference(_) => atom::REFERENCE_MODULE,
        Term::Empty | Term::List(_) => atom::LIST_MODULE,
        Term::Tuple(_) => atom::TUPLE_MODULE,
        Term::Map(_) => atom::MAP_MODULE,
        Term::Binary(_) => atom::BIT_STRING_MODULE,
        Term::Fun(_) => atom::FUNCTION_MODULE,
    };
    known(environment, of).or_else(|| known(environment, atom::ANY)).unwrap_or(NIL)
}

/// The exit message that a process which traps exits gets.
pub(super) fn exit_message(from: Pid, reason: Term) -> Term {
    Term::tuple([Term::Atom(atom::EXIT_SIGNAL), Term::Pid(from), reason])
}

/// The message of a monitor.
pub(super) fn down_message(reference: Reference, target: &Destination, reason: Term) -> Term {
    let target = match target {
        Destination::Pid(pid) => Term::Pid(*pid),
        Destination::Name(name) => {
            Term::tuple([Term::Atom(Atom::new(name.as_str())), Term::Atom(atom::NONODE)])
        }
    };
    let parts =
        [Term::Atom(atom::DOWN), Term::Reference(reference), Term::Atom(atom::PROCESS), target, reason];
    Term::Tuple(parts.into_iter().collect())
}
