//! Messages between two processes arrive in the order in which they were sent, each once.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use rashomon::kernel::{Ending, Fate, Pid, SignalKind};
use rashomon::{Delivery, Settings};

use crate::case::{Case, cases, times};
use crate::notes::{Note, Noted, Notes};
use crate::script::{Message, Stamp, Takes};

type Route = (Pid, Pid);

/// The stamps of what went each way, in order.
#[derive(Default)]
struct Traffic {
    sent: BTreeMap<Route, Vec<Stamp>>,
    /// What reached its receiver or found it dead, under both deliveries.
    arrived: BTreeMap<Route, Vec<(Stamp, Fate)>>,
    received: BTreeMap<Route, Vec<Stamp>>,
}

fn stamp(message: &Message) -> Stamp {
    message.stamp().expect("every message of these programs is stamped")
}

/// Messages of processes; those of timers have no sender and no order.
fn traffic(settings: &Settings, notes: &[Note]) -> Traffic {
    let mut traffic = Traffic::default();
    for note in notes {
        match &note.what {
            Noted::Sent { to, message, fate } => {
                let route = (note.process, *to);
                traffic.sent.entry(route).or_default().push(stamp(message));
                if settings.delivery == Delivery::Instant || route.0 == route.1 {
                    traffic.arrived.entry(route).or_default().push((stamp(message), *fate));
                }
            }
            Noted::Delivered { from, message: Some(message), fate, .. } => {
                traffic.arrived.entry((*from, note.process)).or_default().push((stamp(message), *fate));
            }
            Noted::Received { from, message: message @ Message::Plain { .. } } if *from != Pid::SYSTEM => {
                traffic.received.entry((*from, note.process)).or_default().push(stamp(message));
            }
            _ => {}
        }
    }
    traffic
}

fn run(case: &Case) -> (rashomon::kernel::World<crate::script::Scripted>, Vec<Note>) {
    let mut notes = Notes::default();
    let world = case.run(&mut notes);
    (world, notes.0)
}

proptest! {
    #![proptest_config(times(10))]

    #[test]
    fn messages_from_one_process_to_another_arrive_in_the_order_in_which_they_were_sent(case in cases()) {
        let (_, notes) = run(&case);
        let traffic = traffic(&case.settings, &notes);
        for (route, arrived) in &traffic.arrived {
            let arrived: Vec<Stamp> = arrived.iter().map(|(stamp, _)| *stamp).collect();
            let sent = traffic.sent.get(route).map_or(&[][..], Vec::as_slice);
            // Nothing overtakes and nothing is left out: what has arrived is a beginning of what was sent.
            prop_assert!(sent.starts_with(&arrived), "{route:?}: sent {sent:?}, arrived {arrived:?}");
            let numbers: Vec<u32> = sent.iter().map(|stamp| stamp.number).collect();
            prop_assert!(numbers.is_sorted_by(|a, b| a < b), "a process numbers its messages as it sends them");
        }
    }

    #[test]
    fn a_process_that_takes_any_message_receives_those_of_one_sender_in_the_order_of_sending(case in cases()) {
        let (mut world, mut notes) = (case.world(), Notes::default());
        // Processes whose every receive so far took whatever came first.
        let mut choosy = BTreeSet::new();
        let mut chooser = case.chooser();
        while world.ending().is_none() {
            for pid in world.pids() {
                let takes = world.process(pid).and_then(|process| process.takes(world.environment()));
                if takes.is_some_and(|takes| takes != Takes::Any) {
                    choosy.insert(pid);
                }
            }
            let choice = chooser.choose(&world.choices()).expect("something is possible");
            world.apply(choice, &mut notes).expect("it is possible");
        }
        let traffic = traffic(&case.settings, &notes.0);
        for (route, received) in traffic.received.iter().filter(|((_, to), _)| !choosy.contains(to)) {
            let sent = &traffic.sent[route];
            prop_assert!(sent.starts_with(received), "{route:?}: sent {sent:?}, received {received:?}");
        }
    }

    #[test]
    fn no_message_is_lost_or_doubled(case in cases()) {
        let (world, notes) = run(&case);
        let traffic = traffic(&case.settings, &notes);
        for (&(from, to), sent) in &traffic.sent {
            let none = Vec::new();
            let arrived = traffic.arrived.get(&(from, to)).unwrap_or(&none);
            let received = traffic.received.get(&(from, to)).map_or(&[][..], Vec::as_slice);
            let unread: Vec<Stamp> = world
                .mailbox(to)
                .filter(|envelope| envelope.from == from)
                .filter_map(|envelope| envelope.message.stamp())
                .collect();
            for stamp in sent {
                let arrivals: Vec<Fate> =
                    arrived.iter().filter(|(other, _)| other == stamp).map(|(_, fate)| *fate).collect();
                let received = received.iter().filter(|other| *other == stamp).count();
                let unread = unread.iter().filter(|other| *other == stamp).count();
                match arrivals.as_slice() {
                    // Still on its way, which it cannot be when nothing more can happen.
                    [] => {
                        prop_assert!(!matches!(world.ending(), Some(Ending::Idle | Ending::Deadlock)), "{stamp:?}");
                        prop_assert_eq!(received + unread, 0);
                    }
                    [Fate::Lost] => {
                        // The world itself is always alive, but reads nothing.
                        prop_assert!(to == Pid::SYSTEM || !world.is_alive(to), "{to} does not get {stamp:?}");
                        prop_assert_eq!(received + unread, 0);
                    }
                    [Fate::Arrived] if world.is_alive(to) => prop_assert_eq!(received + unread, 1),
                    // It died with the message, or after it had read it.
                    [Fate::Arrived] => prop_assert!(unread == 0 && received <= 1),
                    [_] | [_, _, ..] => prop_assert!(false, "{stamp:?} arrived as {arrivals:?}"),
                }
            }
        }
        // And nothing is received that was not sent.
        for (route, received) in &traffic.received {
            let sent: BTreeSet<&Stamp> = traffic.sent.get(route).into_iter().flatten().collect();
            prop_assert!(received.iter().all(|stamp| sent.contains(stamp)));
        }
    }

    #[test]
    fn signals_travel_only_where_the_language_lets_them(case in cases()) {
        let (_, notes) = run(&case);
        for note in &notes {
            let Noted::Delivered { from, kind, .. } = &note.what else { continue };
            prop_assert_ne!(*from, note.process, "what a process sends to itself is there at once");
            if case.settings.delivery == Delivery::Instant {
                // What the dead tell the others is a signal on its way under every delivery; nothing else is.
                prop_assert!(
                    matches!(kind, SignalKind::LinkExit | SignalKind::Down | SignalKind::NoProcess),
                    "{:?} travels",
                    kind
                );
            }
        }
    }
}
