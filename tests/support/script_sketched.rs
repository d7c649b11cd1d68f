//! Scripts written down, with pids and references kept apart: what the search through every ordering compares.

use std::sync::Arc;

use rashomon::kernel::{Pid, Reference, SharedRequest, Sketched, Sketcher, World};

use super::{Code, Message, Place, Reason, Scripted, Seen};

impl Sketched for Scripted {
    fn another(world: &World<Self>, _again: &mut dyn FnMut() -> World<Self>) -> World<Self> {
        world.clone()
    }

    fn sketch(&self, into: &mut Sketcher) {
        let Scripted { place, parent, slots, monitor, timer, seen, stamped } = self;
        into.mark(place.body);
        into.number(u64::from(place.at));
        into.pid(*parent);
        for slot in slots {
            into.mark(u8::from(slot.is_some()));
            if let Some(pid) = slot {
                into.pid(*pid);
            }
        }
        for reference in [monitor, timer] {
            into.mark(u8::from(reference.is_some()));
            if let Some(reference) = reference {
                into.reference(*reference);
            }
        }
        sketch_text(&format!("{seen:?}"), into);
        into.number(u64::from(*stamped));
    }

    fn phase(&self, place: Option<&Place>) -> u64 {
        place.map_or(0, |place| u64::from(place.body) << 16 | u64::from(place.at))
    }

    fn sketch_message(message: &Message, into: &mut Sketcher) {
        sketch_text(&format!("{message:?}"), into);
    }

    fn sketch_reason(reason: &Reason, into: &mut Sketcher) {
        into.bytes(reason.to_string().as_bytes());
    }

    fn sketch_text(text: &String, into: &mut Sketcher) {
        sketch_text(text, into);
    }

    fn sketch_environment(_environment: &Arc<Code>, _into: &mut Sketcher) {}

    fn sketch_request(request: &SharedRequest<Scripted>, _into: &mut Sketcher) {
        match *request {}
    }

    fn sketch_shared(_shared: &(), _part: &mut dyn FnMut(Sketcher)) {}

    fn environment_mark(_environment: &Arc<Code>) -> u64 {
        0
    }

    fn looked_into_names(_environment: &mut Arc<Code>) -> bool {
        false
    }

    fn version(_environment: &Arc<Code>) -> u64 {
        0
    }
}

impl Seen {
    /// Whether it is a list of pids, which are in their order.
    pub(crate) fn is_order_of_pids(&self) -> bool {
        matches!(self, Seen::Pids(_))
    }
}

/// A text, with what is printed as a pid or a reference in it kept apart.
fn sketch_text(text: &str, into: &mut Sketcher) {
    const PID: &str = "#PID<0.";
    const REFERENCE: &str = "#Reference<0.0.0.";
    let mut rest = text;
    while let Some(at) = rest.find('#') {
        let (before, found) = rest.split_at(at);
        into.bytes(before.as_bytes());
        let (number, after, is_pid) = if let Some(tail) = found.strip_prefix(PID) {
            let (number, after) = tail.split_once(".0>").expect("a pid ends like that");
            (number, after, true)
        } else {
            let tail = found.strip_prefix(REFERENCE).expect("it is a pid or a reference");
            let (number, after) = tail.split_once('>').expect("a reference ends like that");
            (number, after, false)
        };
        let number: u64 = number.parse().expect("it is a number");
        if is_pid {
            into.pid(Pid::from_number(number as u32));
        } else {
            into.reference(Reference::from_number(number));
        }
        rest = after;
    }
    into.bytes(rest.as_bytes());
}
