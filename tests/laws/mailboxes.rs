//! Mailboxes against a naive reference: a plain list that is searched from its beginning.

use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::VecDeque;

use rashomon::kernel::{Action, Arrivals, Choice, Destination, Fate, Mailbox, Patience, Pid, Status, World};

use crate::case::{Moment, cases, times};
use crate::notes::Noted;
use crate::script::{Message, Scripted, Takes};

/// What is done to a mailbox of small numbers; what is looked for is a set of them, as bits.
#[derive(Clone, Copy, Debug)]
enum Operation {
    /// This number arrives.
    Push(u8),
    /// A receive of these numbers begins: it looks at all that is there.
    Look(u8),
    /// The receive looks at what has arrived since, and takes the first that matches, if it has found one.
    Take,
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        4 => (0..8_u8).prop_map(Operation::Push),
        2 => any::<u8>().prop_map(Operation::Look),
        3 => Just(Operation::Take),
    ]
}

fn contents<M: Mailbox<u8>>(mailbox: &M) -> Vec<u8> {
    let mut position = 0;
    std::iter::from_fn(|| {
        let (found, &value) = mailbox.next_from(position)?;
        position = found + 1;
        Some(value)
    })
    .collect()
}

fn first_match<M: Mailbox<u8>>(mailbox: &M, from: u64, set: u8) -> Option<u64> {
    let mut position = from;
    while let Some((found, &value)) = mailbox.next_from(position) {
        if set >> value & 1 == 1 {
            return Some(found);
        }
        position = found + 1;
    }
    None
}

/// Does the same to a mailbox, looking at no message twice, and to a list.
fn compare<M: Mailbox<u8>>(operations: &[Operation]) -> Result<(), TestCaseError> {
    let mut mailbox = M::default();
    let mut list: Vec<u8> = Vec::new();
    let mut receive = None;
    for &operation in operations {
        match operation {
            Operation::Push(value) => {
                mailbox.push(value);
                list.push(value);
            }
            Operation::Look(set) => {
                receive = Some((set, first_match(&mailbox, 0, set), mailbox.end()));
            }
            Operation::Take => {
                let Some((set, found, scanned)) = receive.take() else { continue };
                let position = found.or_else(|| first_match(&mailbox, scanned, set));
                let taken = position.and_then(|position| mailbox.take(position));
                let index = list.iter().position(|&value| set >> value & 1 == 1);
                prop_assert_eq!(taken, index.map(|index| list.remove(index)));
            }
        }
        prop_assert_eq!(contents(&mailbox), list.clone());
        prop_assert_eq!((mailbox.len(), mailbox.is_empty()), (list.len(), list.is_empty()));
        prop_assert_eq!(mailbox.next_from(mailbox.end()), None);
    }
    Ok(())
}

/// The messages of a process and who they are from.
fn unread(world: &World<Scripted>, pid: Pid) -> Vec<(Pid, Message)> {
    world.mailbox(pid).map(|envelope| (envelope.from, envelope.message.clone())).collect()
}

/// What the receive in which a process waits takes.
fn pending_receive(world: &World<Scripted>, pid: Pid) -> Option<(Patience, Takes)> {
    let &Action::Receive { patience } = &world.pending(pid)?.action else { return None };
    Some((patience, world.process(pid)?.takes(world.environment())?))
}

/// The position that the first message has which a receive takes.
fn first_taken(mailbox: &[(Pid, Message)], takes: Takes) -> Option<usize> {
    mailbox.iter().position(|(_, message)| takes.matches(message))
}

/// How an event may change a mailbox.
#[derive(Debug, PartialEq, Eq)]
enum Change {
    Nothing,
    /// This comes to the end.
    Appended(Pid, Message),
    /// An exit or a monitor's message comes to the end, or nothing does.
    MayHaveNews,
    /// A monitor's message may be gone.
    MayBeFlushed,
    /// The message at this position is gone.
    Taken(usize),
}

fn change(moment: &Moment<'_>, pid: Pid) -> Option<Change> {
    let note = moment.note?;
    let own = note.process == pid;
    Some(match &note.what {
        Noted::Sent { to, message, fate: Fate::Arrived } if *to == pid => {
            Change::Appended(note.process, message.clone())
        }
        Noted::Delivered { from, message: Some(message), fate: Fate::Arrived, .. } if own => {
            Change::Appended(*from, message.clone())
        }
        Noted::TimerFired { to, message, fate: Fate::Arrived, .. } => {
            let target = match to {
                Destination::Pid(target) => Some(*target),
                Destination::Name(name) => moment.before.whereis(name),
            };
            if target == Some(pid) { Change::Appended(Pid::SYSTEM, message.clone()) } else { Change::Nothing }
        }
        Noted::ExitSent { to, fate: Fate::Arrived, .. } if *to == pid => Change::MayHaveNews,
        Noted::Delivered { message: None, .. } | Noted::Linked { .. } | Noted::Monitored { .. } if own => {
            Change::MayHaveNews
        }
        Noted::Demonitored { .. } if own => Change::MayBeFlushed,
        Noted::Received { .. } if own => {
            let (_, takes) = pending_receive(moment.before, pid)?;
            Change::Taken(first_taken(&unread(moment.before, pid), takes)?)
        }
        _ => Change::Nothing,
    })
}

proptest! {
    #![proptest_config(times(8))]

    #[test]
    fn a_plain_mailbox_is_a_list(operations in vec(operation(), 0..60)) {
        compare::<VecDeque<u8>>(&operations)?;
    }

    #[test]
    fn a_persistent_mailbox_is_a_list(operations in vec(operation(), 0..60)) {
        compare::<Arrivals<u8>>(&operations)?;
    }

    #[test]
    fn a_copy_of_a_persistent_mailbox_does_not_change_with_the_original(
        first in vec(0..8_u8, 0..40),
        then in vec((any::<bool>(), 0..40_u64), 0..40),
    ) {
        let mut mailbox = Arrivals::default();
        first.iter().for_each(|&value| Mailbox::push(&mut mailbox, value));
        let copy = mailbox.clone();
        for (take, number) in then {
            if take {
                mailbox.take(number);
            } else {
                mailbox.push(number as u8);
            }
            prop_assert_eq!(contents(&copy), first.clone());
        }
    }
}

proptest! {
    #![proptest_config(times(12))]

    #[test]
    fn a_receive_takes_the_first_message_that_it_matches(case in cases()) {
        case.each_step(|moment| {
            let Some((note, Noted::Received { from, message })) = moment.note.map(|note| (note, &note.what)) else {
                return Ok(());
            };
            let (_, takes) = pending_receive(moment.before, note.process).expect("it was receiving");
            let mailbox = unread(moment.before, note.process);
            let first = first_taken(&mailbox, takes).map(|position| mailbox[position].clone());
            prop_assert_eq!(Some((*from, message.clone())), first);
            Ok(())
        })?;
    }

    #[test]
    fn a_step_changes_a_mailbox_only_as_its_event_says(case in cases()) {
        case.each_step(|moment| {
            for pid in moment.after.pids() {
                let (mut before, after) = (unread(moment.before, pid), unread(moment.after, pid));
                if !moment.after.is_alive(pid) {
                    prop_assert_eq!(after, Vec::new(), "the dead have no mailbox");
                    continue;
                }
                let change = change(moment, pid).unwrap_or(Change::Nothing);
                match &change {
                    Change::Nothing => prop_assert_eq!(after, before, "{:?}", moment.note),
                    Change::Appended(from, message) => {
                        before.push((*from, message.clone()));
                        prop_assert_eq!(after, before);
                    }
                    Change::MayHaveNews => {
                        prop_assert!(after.starts_with(&before) && after.len() <= before.len() + 1);
                        prop_assert!(after[before.len()..].iter().all(|(_, message)| Takes::News.matches(message)));
                    }
                    Change::MayBeFlushed => {
                        let kept = before.iter().filter(|message| after.contains(message)).count();
                        prop_assert!(kept == after.len() && after.len() + 1 >= before.len());
                        let is_down = |message: &Message| matches!(message, Message::Down { .. });
                        let mut gone = before.iter().filter(|message| !after.contains(message));
                        prop_assert!(gone.all(|(_, message)| is_down(message)));
                    }
                    Change::Taken(position) => {
                        before.remove(*position);
                        prop_assert_eq!(after, before);
                    }
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_receive_is_possible_exactly_when_it_has_something_to_do(case in cases()) {
        // The processes whose wait has ended.
        let mut woken = std::collections::BTreeSet::new();
        case.each_step(|moment| {
            if let Some(note) = moment.note {
                match note.what {
                    Noted::Woken => woken.insert(note.process),
                    _ => matches!(note.choice, Choice::Run(_)) && woken.remove(&note.process),
                };
            }
            let drawing = matches!(moment.after.choices().get(0), Some(Choice::Draw(_)));
            if drawing || moment.after.ending().is_some() {
                return Ok(());
            }
            for pid in moment.after.pids() {
                let Some((patience, takes)) = pending_receive(moment.after, pid) else { continue };
                let mailbox = unread(moment.after, pid);
                let possible = patience == Patience::Poll
                    || first_taken(&mailbox, takes).is_some()
                    || woken.contains(&pid);
                prop_assert_eq!(moment.after.choices().contains(Choice::Run(pid)), possible, "{}", pid);
                let status = moment.after.info(pid).map(|info| info.status);
                prop_assert_eq!(status, Some(if possible { Status::Runnable } else { Status::Waiting }));
            }
            Ok(())
        })?;
    }
}
