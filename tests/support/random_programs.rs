//! Random small programs for property tests.
//!
//! A program has a theme, so that what it does has a chance to meet: links with unlinks and deaths, names with
//! lookups, timers with waits. The main process begins by spawning every other body, so that a program of five bodies
//! has five processes or more; the later ones know the earlier ones, since a child starts with its parent's pids.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::ops::RangeInclusive;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use rashomon::kernel::{Nanoseconds, Patience};

use crate::script::{Address, Code, Glimpse, Instruction, Reason, SLOTS, Takes, Tie, Whom};

/// How large a program is.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    /// The number of bodies, the main process included: at least one.
    pub(crate) bodies: RangeInclusive<usize>,
    /// The number of phrases in each body; most are one instruction, some two.
    pub(crate) phrases: RangeInclusive<usize>,
}

impl Shape {
    /// Two to five bodies, for single runs.
    pub(crate) fn small() -> Shape {
        Shape { bodies: 2..=5, phrases: 0..=7 }
    }

    /// Two or three bodies of a few actions each, whose orderings can all be listed.
    pub(crate) fn tiny() -> Shape {
        Shape { bodies: 2..=3, phrases: 0..=2 }
    }
}

/// What the instructions of a program are mostly about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    Messages,
    Links,
    Monitors,
    Names,
    Timers,
    Everything,
}

/// Random programs of this shape, on any theme.
pub(crate) fn programs(shape: Shape) -> impl Strategy<Value = Code> {
    let theme = prop_oneof![
        Just(Theme::Everything),
        Just(Theme::Messages),
        Just(Theme::Links),
        Just(Theme::Monitors),
        Just(Theme::Names),
        Just(Theme::Timers),
    ];
    theme.prop_flat_map(move |theme| programs_on(theme, shape.clone()))
}

/// Random programs of this shape, on one theme.
pub(crate) fn programs_on(theme: Theme, shape: Shape) -> impl Strategy<Value = Code> {
    let body = vec(phrase(theme), shape.phrases).prop_map(|phrases| phrases.concat());
    vec((tie(), body), shape.bodies).prop_map(|bodies| {
        let mut main = Vec::new();
        for (number, (tie, _)) in (0..).zip(bodies.iter().skip(1)) {
            main.push(Instruction::Spawn { body: number, tie: *tie, slot: number });
        }
        let mut bodies: Vec<Vec<Instruction>> = bodies.into_iter().map(|(_, body)| body).collect();
        if let Some(first) = bodies.first_mut() {
            main.append(first);
            *first = main;
        }
        Code::new(bodies)
    })
}

/// One instruction, or two that belong together.
fn phrase(theme: Theme) -> impl Strategy<Value = Vec<Instruction>> {
    let weight = |own: Theme| match theme {
        _ if own == theme => 12,
        Theme::Everything => 4,
        Theme::Messages | Theme::Links | Theme::Monitors | Theme::Names | Theme::Timers => 1,
    };
    let alone = prop_oneof![
        weight(Theme::Messages) => messages(),
        weight(Theme::Links) => links(),
        weight(Theme::Monitors) => monitors(),
        weight(Theme::Names) => names(),
        weight(Theme::Timers) => timers(),
        3 => ends(),
        2 => other(),
    ];
    prop_oneof![
        5 => alone.prop_map(|instruction| vec![instruction]),
        2 => receive().prop_map(|receive| vec![receive, Instruction::Output]),
    ]
}

fn messages() -> impl Strategy<Value = Instruction> {
    prop_oneof![
        3 => (address(), tag(), option::of(whom()))
            .prop_map(|(to, tag, carries)| Instruction::Send { to, tag, carries }),
        1 => receive(),
    ]
}

fn receive() -> impl Strategy<Value = Instruction> {
    let takes = prop_oneof![3 => Just(Takes::Any), 2 => tag().prop_map(Takes::Tag), 1 => Just(Takes::News)];
    let patience = prop_oneof![
        3 => Just(Patience::Forever),
        2 => Just(Patience::Poll),
        2 => (1..4_u64).prop_map(Patience::Within),
    ];
    (takes, patience, slot()).prop_map(|(takes, patience, slot)| Instruction::Receive {
        takes,
        patience,
        slot,
    })
}

fn links() -> impl Strategy<Value = Instruction> {
    prop_oneof![whom().prop_map(Instruction::Link), whom().prop_map(Instruction::Unlink)]
}

fn monitors() -> impl Strategy<Value = Instruction> {
    prop_oneof![
        3 => address().prop_map(Instruction::Monitor),
        2 => any::<bool>().prop_map(|flush| Instruction::Demonitor { flush }),
    ]
}

/// How processes begin and end, and what others see of it.
fn ends() -> impl Strategy<Value = Instruction> {
    prop_oneof![
        2 => (whom(), reason()).prop_map(|(to, reason)| Instruction::ExitSignal { to, reason }),
        2 => any::<bool>().prop_map(Instruction::TrapExit),
        1 => (any::<u8>(), tie(), slot()).prop_map(|(body, tie, slot)| Instruction::Spawn { body, tie, slot }),
        1 => reason().prop_map(Instruction::Exit),
        1 => whom().prop_map(Instruction::IsAlive),
        1 => whom().prop_map(Instruction::Inspect),
    ]
}

fn names() -> impl Strategy<Value = Instruction> {
    prop_oneof![
        4 => (name(), whom()).prop_map(|(name, whom)| Instruction::Register { name, whom }),
        2 => name().prop_map(Instruction::Unregister),
        2 => (name(), slot()).prop_map(|(name, slot)| Instruction::WhereIs { name, slot }),
        2 => (name(), tag())
            .prop_map(|(name, tag)| Instruction::Send { to: Address::Named(name), tag, carries: None }),
        1 => name().prop_map(|name| Instruction::Monitor(Address::Named(name))),
        1 => Just(Instruction::RegisteredNames),
    ]
}

fn timers() -> impl Strategy<Value = Instruction> {
    prop_oneof![
        4 => (address(), span(), tag()).prop_map(|(to, after, tag)| Instruction::StartTimer { to, after, tag }),
        1 => Just(Instruction::CancelTimer),
        1 => Just(Instruction::ReadTimer),
        2 => receive(),
        1 => Just(Instruction::Now),
    ]
}

fn other() -> impl Strategy<Value = Instruction> {
    let glimpse = prop_oneof![tag().prop_map(Glimpse::Tag), Just(Glimpse::News), Just(Glimpse::Nothing)];
    prop_oneof![
        Just(Instruction::Output),
        Just(Instruction::Yield),
        (0..4_u64).prop_map(Instruction::Draw),
        (glimpse, 1..4_u8).prop_map(|(if_seen, count)| Instruction::Skip { if_seen, count }),
        (0..2_u8).prop_map(Instruction::Crash),
        Just(Instruction::Processes),
        slot().prop_map(|slot| Instruction::GroupLeader { slot }),
        (whom(), whom()).prop_map(|(of, leader)| Instruction::SetGroupLeader { of, leader }),
    ]
}

fn tag() -> impl Strategy<Value = u8> {
    0..3_u8
}

fn name() -> impl Strategy<Value = u8> {
    0..2_u8
}

fn slot() -> impl Strategy<Value = u8> {
    0..SLOTS as u8
}

fn span() -> impl Strategy<Value = Nanoseconds> {
    0..4_u64
}

fn tie() -> impl Strategy<Value = Tie> {
    prop_oneof![2 => Just(Tie::Nothing), 1 => Just(Tie::Link), 1 => Just(Tie::Monitor)]
}

fn whom() -> impl Strategy<Value = Whom> {
    prop_oneof![5 => slot().prop_map(Whom::Slot), 2 => Just(Whom::Parent), 1 => Just(Whom::Me)]
}

fn address() -> impl Strategy<Value = Address> {
    prop_oneof![6 => whom().prop_map(Address::To), 1 => name().prop_map(Address::Named)]
}

fn reason() -> impl Strategy<Value = Reason> {
    prop_oneof![
        2 => Just(Reason::Normal),
        1 => Just(Reason::Kill),
        2 => (0..2_u8).prop_map(Reason::Other),
    ]
}
