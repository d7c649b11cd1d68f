//! A copy of a world costs the same whatever the world's size, and so does the step after it: the two share all that
//! the step does not touch. Counted in bytes that are allocated, not in time.

#[path = "support/script.rs"]
mod script;

use rashomon::Settings;
use rashomon::kernel::{Choice, Clock, Delivery, Halt, Limits, Patience, Pid, Program, World};
use rashomon::strategy::{Replay, drive};
use script::{Address, Code, Instruction, Scripted, Takes, Tie, Whom};

/// What is small and what is large.
const FEW: usize = 10;
const MANY: usize = 50_000;

/// The tree of a large collection is deeper, and a step copies one path from its root: so many times the bytes of
/// a small collection at most. A copy of everything would be 5,000 times as much.
const DEEPER: u64 = 8;

const CHILD: Whom = Whom::Slot(0);

fn settings(delivery: Delivery) -> Settings {
    let limits = Limits { steps: u64::MAX, processes: u32::MAX, mailbox: usize::MAX, time: u64::MAX };
    Settings { delivery, clock: Clock::Patient, halt: Halt::Never, limits }
}

fn forever(takes: Takes) -> Instruction {
    Instruction::Receive { takes, patience: Patience::Forever, slot: 0 }
}

fn spawn() -> Instruction {
    Instruction::Spawn { body: 0, tie: Tie::Nothing, slot: 0 }
}

/// The world in which the main process has performed its first actions: all of them but the last.
fn grown(delivery: Delivery, main: Vec<Instruction>, child: Vec<Instruction>) -> World<Scripted> {
    let actions = main.len() - 1;
    let mut world = Code::new(vec![main, child]).stamped().world(settings(delivery));
    let schedule: Vec<Choice> = vec![Choice::Run(Pid::MAIN); actions];
    drive(&mut world, &mut Replay::new(schedule.into()), &mut ()).expect("the main process does not wait");
    world
}

/// The bytes that are allocated for a copy of a world, and for the copy's next step.
fn cost(world: &World<Scripted>, choice: Choice) -> (u64, u64) {
    let mut copy = None;
    let cloned = allocation_counter::measure(|| copy = Some(world.clone()));
    let mut copy = copy.expect("it has just been made");
    let stepped = allocation_counter::measure(|| copy.apply(choice, &mut ()).expect("it is possible"));
    assert_eq!(copy.steps(), world.steps() + 1);
    (cloned.bytes_total, stepped.bytes_total)
}

/// Compares what a small world costs and what a large one costs.
#[track_caller]
fn costs_the_same(world: impl Fn(usize) -> World<Scripted>, choice: Choice) {
    let (few, many) = (cost(&world(FEW), choice), cost(&world(MANY), choice));
    assert_eq!(few.0, many.0, "bytes for a copy of a world with {FEW} and with {MANY}");
    assert!(
        many.1 <= DEEPER * few.1.max(256),
        "bytes for a step: {} with {FEW}, {} with {MANY}",
        few.1,
        many.1
    );
}

/// A main process that does one thing after another, the middle one so many times. It has yet to do the last.
fn repeated(
    first: &[Instruction],
    middle: &Instruction,
    times: usize,
    last: &[Instruction],
) -> Vec<Instruction> {
    let middle = std::iter::repeat_n(middle.clone(), times);
    first.iter().cloned().chain(middle).chain(last.iter().cloned()).collect()
}

fn send(to: Whom, tag: u8) -> Instruction {
    Instruction::Send { to: Address::To(to), tag, carries: None }
}

#[test]
fn any_number_of_processes() {
    let world = |count| {
        let main = repeated(&[], &spawn(), count, &[Instruction::Yield]);
        let world = grown(Delivery::Instant, main, vec![Instruction::Yield]);
        assert_eq!(world.pids().count(), count + 1);
        world
    };
    costs_the_same(world, Choice::Run(Pid::MAIN));
    // Not only the first process is cheap to change.
    costs_the_same(world, Choice::Run(Pid::from_number(FEW as u32)));
}

#[test]
fn any_number_of_unread_messages() {
    let child = Pid::from_number(2);
    let world = |takes| {
        move |count| {
            let main = repeated(&[spawn()], &send(CHILD, 1), count, &[send(CHILD, 2), Instruction::Yield]);
            let world = grown(Delivery::Instant, main, vec![forever(takes)]);
            assert_eq!(world.mailbox(child).count(), count + 1);
            world
        }
    };
    // The first is taken; the last is taken.
    costs_the_same(world(Takes::Any), Choice::Run(child));
    costs_the_same(world(Takes::Tag(2)), Choice::Run(child));
    // One more arrives.
    let one_more = |count| {
        let main = repeated(&[spawn()], &send(CHILD, 1), count, &[send(CHILD, 2)]);
        grown(Delivery::Instant, main, vec![forever(Takes::Tag(3))])
    };
    costs_the_same(one_more, Choice::Run(Pid::MAIN));
}

#[test]
fn any_number_of_signals_on_their_way_between_two_processes() {
    let world = |count| {
        let main = repeated(&[spawn()], &send(CHILD, 1), count, &[send(CHILD, 2)]);
        grown(Delivery::Ordered, main, vec![forever(Takes::Any)])
    };
    costs_the_same(world, Choice::Run(Pid::MAIN));
    costs_the_same(world, Choice::Deliver { from: Pid::MAIN, to: Pid::from_number(2) });
}

#[test]
fn any_number_of_processes_whose_signals_are_on_their_way_to_one() {
    let world = |count| {
        let main = repeated(&[], &spawn(), count, &[forever(Takes::Any)]);
        let mut world = grown(Delivery::Ordered, main, vec![send(Whom::Parent, 1)]);
        let children: Vec<Choice> = world.pids().skip(1).map(Choice::Run).collect();
        drive(&mut world, &mut Replay::new(children.into()), &mut ()).expect("they can send");
        assert_eq!(world.choices().len(), 2 * count as u64, "each can exit, and each has sent something");
        world
    };
    costs_the_same(world, Choice::Deliver { from: Pid::from_number(FEW as u32), to: Pid::MAIN });
    costs_the_same(world, Choice::Run(Pid::from_number(FEW as u32)));
}

#[test]
fn any_number_of_timers() {
    let start = Instruction::StartTimer { to: Address::To(CHILD), after: 7, tag: 1 };
    let world = |count| {
        let main = repeated(&[spawn()], &start, count, std::slice::from_ref(&start));
        let world = grown(Delivery::Instant, main, vec![forever(Takes::Tag(2))]);
        assert_eq!(world.timers().count(), count);
        world
    };
    costs_the_same(world, Choice::Run(Pid::MAIN));
    let idle = |count| {
        let mut world = world(count);
        // It starts one more and exits: nobody can act.
        for _ in 0..2 {
            world.apply(Choice::Run(Pid::MAIN), &mut ()).expect("it is possible");
        }
        world
    };
    costs_the_same(idle, Choice::Fire(Pid::MAIN));
}

#[test]
fn any_amount_of_output() {
    let write = Instruction::Output;
    let world =
        |count| grown(Delivery::Instant, repeated(&[], &write, count, &[Instruction::Output]), Vec::new());
    costs_the_same(world, Choice::Run(Pid::MAIN));
}

#[test]
fn any_number_of_monitors_on_one_process() {
    let monitor = Instruction::Monitor(Address::To(CHILD));
    let world = |count| {
        let main = repeated(&[spawn()], &monitor, count, std::slice::from_ref(&monitor));
        let world = grown(Delivery::Instant, main, vec![forever(Takes::Any)]);
        assert_eq!(world.info(Pid::from_number(2)).map(|info| info.monitored_by.len()), Some(count));
        world
    };
    costs_the_same(world, Choice::Run(Pid::MAIN));
}

#[test]
fn a_large_world_can_be_copied_at_every_step() {
    const COPIES: u64 = 1_000;
    let mut world = grown(
        Delivery::Instant,
        repeated(&[], &spawn(), MANY, &[Instruction::Yield]),
        vec![Instruction::Yield],
    );
    let mut copies = Vec::new();
    let allocated = allocation_counter::measure(|| {
        for number in (1..).map(Pid::from_number).take(COPIES as usize) {
            copies.push(world.clone());
            world.apply(Choice::Run(number), &mut ()).expect("it is possible");
        }
    });
    // Were each copy a whole one, it would be more than 50,000 processes of 100 bytes.
    let kept = allocated.bytes_current / COPIES as i64;
    assert!(kept < 16 * 1024, "{kept} bytes for each copy that is kept");
    assert!(copies.iter().map(World::steps).eq(MANY as u64..MANY as u64 + COPIES));
}
