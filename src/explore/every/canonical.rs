//! When two worlds are the same but for the names in them.
//!
//! Each world gets a key. Worlds with equal keys go on alike: one becomes the other if its pids and references are renamed. The
//! other way round, worlds that are alike nearly always have equal keys; where they have not, one is visited in vain.
//!
//! The names are numbered anew: first those that can be reached from the main process and from registered names, in the order
//! in which they are met. What nobody there knows of is sorted by what it looks like. Processes that still look the same are
//! tried to be told apart by what they are tied to; those that remain are interchangeable, or at worst are taken in any order.
//!
//! A process that waits for a message that nobody can send to it any more is forgotten: it will never do anything.

use std::collections::BTreeMap;

use twox_hash::XxHash3_128;

use crate::kernel::{Opaque, Pid, ProcessSketch, Reference, Sketch, Sketched, Sketcher, World};

/// What two worlds have in common if they are the same but for names.
pub(crate) type Key = u128;

/// How worlds are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Comparing {
    /// Whether pids may be renamed.
    pub(super) symmetry: bool,
    /// Whether references may be renamed.
    pub(super) references: bool,
    /// Whether processes that will never do anything are forgotten.
    pub(super) forgetting: bool,
    /// Whether it matters what time it is.
    pub(super) time: bool,
    /// Whether it matters in which order different processes wrote.
    pub(super) output: bool,
}

impl Comparing {
    /// For programs that look into names: worlds with other names are other worlds.
    pub(super) fn plain(self) -> Comparing {
        Comparing { symmetry: false, references: false, forgetting: false, ..self }
    }
}

/// A process that has no number yet.
const UNKNOWN: u32 = u32::MAX;

/// Writes worlds down. Kept from one world to the next for its buffers.
#[derive(Default)]
pub(super) struct Canon {
    sketcher: Sketcher,
    nodes: Vec<Option<ProcessSketch>>,
    ties: Vec<Sketch>,
    live_ties: usize,
    numbers: Vec<u32>,
    references: BTreeMap<Reference, u32>,
    order: Vec<Pid>,
    bytes: Vec<u8>,
    twins: Vec<(Pid, Pid)>,
}

impl Canon {
    /// The processes that were found to be interchangeable in the world that was written down last: each with the least of its
    /// kind.
    pub(super) fn twins(&mut self, into: &mut Vec<(Pid, Pid)>) {
        into.clear();
        into.append(&mut self.twins);
    }

    /// The key of a world. `class` says of what class each process is.
    pub(super) fn key<P: Sketched>(
        &mut self,
        world: &World<P>,
        how: Comparing,
        class: impl Fn(Pid) -> u32,
        more: &Sketch,
    ) -> Key {
        self.take_down(world);
        if how.output {
            self.take_down_page(world);
        }
        self.twins.clear();
        let rest = world.sketch_rest(how.time, &mut self.sketcher);
        if how.forgetting && world.ending().is_none() {
            self.forget(&rest);
        }
        if how.symmetry {
            self.number(&[&rest, more], world);
        } else {
            self.keep_numbers();
        }
        self.bytes.clear();
        let order = std::mem::take(&mut self.order);
        for &pid in &order {
            let Some(node) = self.nodes.get(pid.index()).and_then(Option::as_ref) else {
                self.bytes.push(0);
                continue;
            };
            self.bytes.extend_from_slice(&class(pid).to_le_bytes());
            write_sketch(&node.sketch, &self.numbers, &mut self.references, how.references, &mut self.bytes);
        }
        self.order = order;
        write_sketch(more, &self.numbers, &mut self.references, how.references, &mut self.bytes);
        write_sketch(&rest, &self.numbers, &mut self.references, how.references, &mut self.bytes);
        self.write_ties(how);
        if !how.references {
            // Whoever looks into names sees, sooner or later, which are given out next; some may have been reserved by a process that is dead.
            let (pid, reference) = world.next_names();
            self.bytes.extend_from_slice(&pid.number().to_le_bytes());
            self.bytes.extend_from_slice(&reference.number().to_le_bytes());
        }
        XxHash3_128::oneshot(&self.bytes)
    }

    /// The key of what an outside observer can tell of a world: what each process wrote, the crashes, the end.
    pub(super) fn outcome<P: Sketched>(&mut self, world: &World<P>, order_counts: bool) -> Key {
        self.nodes.clear();
        self.ties.clear();
        let ties = &mut self.ties;
        world.sketch_traces(&mut self.sketcher, &mut |tie| ties.push(tie.sketch));
        if order_counts {
            self.take_down_page(world);
        }
        self.live_ties = 0;
        world.sketch_end(&mut self.sketcher);
        let rest = self.sketcher.finish();
        self.number(&[&rest], world);
        self.bytes.clear();
        write_sketch(&rest, &self.numbers, &mut self.references, true, &mut self.bytes);
        self.write_ties(Comparing {
            symmetry: true,
            references: true,
            forgetting: false,
            time: false,
            output: order_counts,
        });
        XxHash3_128::oneshot(&self.bytes)
    }

    /// All that was written is one text.
    fn take_down_page<P: Sketched>(&mut self, world: &World<P>) {
        world.each_written(|written| {
            self.sketcher.pid(written.pid);
            P::sketch_text(&written.text, &mut self.sketcher);
        });
        self.ties.push(self.sketcher.finish());
    }

    fn take_down<P: Sketched>(&mut self, world: &World<P>) {
        self.nodes.clear();
        self.nodes.push(None);
        self.ties.clear();
        for pid in world.pids() {
            self.nodes.push(world.sketch_process(pid, &mut self.sketcher));
        }
        let (ties, live) = (&mut self.ties, &mut Vec::new());
        let mut dead = Vec::new();
        world.sketch_ties(&mut self.sketcher, |tie| {
            if tie.live { live.push(tie.sketch) } else { dead.push(tie.sketch) }
        });
        ties.append(live);
        self.live_ties = ties.len();
        ties.append(&mut dead);
    }

    /// Forgets processes that wait for what nobody can send.
    fn forget(&mut self, rest: &Sketch) {
        let mut reached = vec![false; self.nodes.len()];
        let mut pending = Vec::new();
        let mut reach = |pid: Pid, pending: &mut Vec<Pid>| {
            if let Some(reached) = reached.get_mut(pid.index())
                && !*reached
            {
                *reached = true;
                pending.push(pid);
            }
        };
        for (index, node) in self.nodes.iter().enumerate() {
            if node.as_ref().is_some_and(|node| !node.waits) {
                reach(Pid::from_number(index as u32), &mut pending);
            }
        }
        reach(Pid::MAIN, &mut pending);
        let ties = self.ties.iter().take(self.live_ties);
        for name in ties.chain([rest]).flat_map(|tie| &tie.names) {
            if let Opaque::Pid(pid) = name {
                reach(*pid, &mut pending);
            }
        }
        while let Some(pid) = pending.pop() {
            let Some(node) = self.nodes.get(pid.index()).and_then(Option::as_ref) else { continue };
            for name in node.sketch.names.iter().take(node.held) {
                if let Opaque::Pid(pid) = name {
                    reach(*pid, &mut pending);
                }
            }
        }
        for (node, reached) in self.nodes.iter_mut().zip(reached) {
            if reached {
                continue;
            }
            match node {
                // Whether something lies unread may be asked at the end.
                Some(forgotten) if forgotten.unread => {
                    forgotten.sketch = Sketch { digest: 0, names: Vec::new() };
                    forgotten.held = 0;
                }
                _ => *node = None,
            }
        }
    }

    fn keep_numbers(&mut self) {
        self.numbers = (0..self.nodes.len() as u32).collect();
        self.references.clear();
        self.order = (1..self.nodes.len() as u32).map(Pid::from_number).collect();
    }

    /// Gives new numbers to all processes that matter.
    fn number<P: Sketched>(&mut self, known: &[&Sketch], world: &World<P>) {
        let (pids, _) = world.next_names();
        self.numbers.clear();
        self.numbers.resize((pids.number() as usize).max(self.nodes.len()), UNKNOWN);
        if let Some(system) = self.numbers.first_mut() {
            *system = 0;
        }
        self.references.clear();
        self.order.clear();
        self.give(Pid::MAIN);
        self.follow(0);
        let before = self.order.len();
        for name in known.iter().flat_map(|sketch| &sketch.names) {
            if let Opaque::Pid(pid) = *name {
                give(&mut self.numbers, &mut self.order, pid);
            }
        }
        self.follow(before);
        let mut unknown = self.unknown();
        while !unknown.is_empty() {
            let (colours, related) = self.colours(&unknown);
            let mut sorted: Vec<(u128, Pid)> = unknown.iter().map(|pid| (colours[pid], *pid)).collect();
            sorted.sort_unstable();
            if related {
                let before = self.order.len();
                if let Some(&(_, pid)) = sorted.first() {
                    self.give(pid);
                }
                self.follow(before);
                unknown.retain(|pid| self.number_of(*pid) == UNKNOWN);
            } else {
                let mut least = None;
                for (colour, pid) in sorted {
                    self.give(pid);
                    match least {
                        Some((same, first)) if same == colour => self.twins.push((pid, first)),
                        _ => least = Some((colour, pid)),
                    }
                }
                unknown.clear();
            }
        }
    }

    fn give(&mut self, pid: Pid) {
        give(&mut self.numbers, &mut self.order, pid);
    }

    fn number_of(&self, pid: Pid) -> u32 {
        number_of(&self.numbers, pid)
    }

    /// Numbers what can be reached from those that have been numbered, from this place on.
    fn follow(&mut self, from: usize) {
        let mut at = from;
        while let Some(&pid) = self.order.get(at) {
            at += 1;
            let Some(node) = self.nodes.get(pid.index()).and_then(Option::as_ref) else { continue };
            for name in &node.sketch.names {
                if let Opaque::Pid(pid) = *name {
                    give(&mut self.numbers, &mut self.order, pid);
                }
            }
        }
    }

    /// The processes that matter and have no number.
    fn unknown(&self) -> Vec<Pid> {
        let nodes = self.nodes.iter().enumerate().filter(|(_, node)| node.is_some());
        let nodes = nodes.map(|(index, _)| Pid::from_number(index as u32));
        let tied = self.ties.iter().flat_map(|tie| &tie.names).filter_map(|name| match name {
            Opaque::Pid(pid) => Some(*pid),
            Opaque::Reference(_) => None,
        });
        let mut unknown: Vec<Pid> = nodes.chain(tied).filter(|pid| self.number_of(*pid) == UNKNOWN).collect();
        unknown.sort_unstable();
        unknown.dedup();
        unknown
    }

    /// What each of these processes looks like, and whether some of them know of each other.
    fn colours(&self, unknown: &[Pid]) -> (BTreeMap<Pid, u128>, bool) {
        let mut colours: BTreeMap<Pid, u128> = unknown.iter().map(|pid| (*pid, 0)).collect();
        let mut kinds = 1;
        loop {
            let mut related = false;
            let mut next = BTreeMap::new();
            for &pid in unknown {
                let node = self.nodes.get(pid.index()).and_then(Option::as_ref);
                let mut colour = match node {
                    Some(node) => self.colour(&node.sketch, pid, &colours, &mut related),
                    None => 0,
                };
                for tie in &self.ties {
                    if tie.names.contains(&Opaque::Pid(pid)) {
                        colour = colour
                            .wrapping_add(self.colour(tie, pid, &colours, &mut related).rotate_left(17));
                    }
                }
                next.insert(pid, colour);
            }
            let mut distinct: Vec<u128> = next.values().copied().collect();
            distinct.sort_unstable();
            distinct.dedup();
            let settled = distinct.len() <= kinds;
            kinds = distinct.len();
            colours = next;
            if settled || !related {
                return (colours, related);
            }
        }
    }

    fn colour(&self, sketch: &Sketch, of: Pid, colours: &BTreeMap<Pid, u128>, related: &mut bool) -> u128 {
        let mut bytes = Vec::with_capacity(16 + 9 * sketch.names.len());
        bytes.extend_from_slice(&sketch.digest.to_le_bytes());
        for (at, name) in sketch.names.iter().enumerate() {
            match name {
                Opaque::Pid(pid) if *pid == of => bytes.push(0),
                Opaque::Pid(pid) => match self.number_of(*pid) {
                    UNKNOWN => {
                        *related = true;
                        bytes.push(1);
                        bytes.extend_from_slice(&colours.get(pid).copied().unwrap_or_default().to_le_bytes());
                    }
                    number => {
                        bytes.push(2);
                        bytes.extend_from_slice(&number.to_le_bytes());
                    }
                },
                Opaque::Reference(_) => {
                    // Where the same one stands before.
                    let first = sketch.names.iter().position(|other| other == name).unwrap_or(at);
                    bytes.push(3);
                    bytes.extend_from_slice(&(first as u32).to_le_bytes());
                }
            }
        }
        XxHash3_128::oneshot(&bytes)
    }

    /// Writes the ties in an order that depends on nothing but what they are.
    fn write_ties(&mut self, how: Comparing) {
        let mut written: Vec<(Vec<u8>, usize)> = Vec::with_capacity(self.ties.len());
        for (at, tie) in self.ties.iter().enumerate() {
            let mut bytes = tie.digest.to_le_bytes().to_vec();
            for name in &tie.names {
                match name {
                    Opaque::Pid(pid) => bytes.extend_from_slice(&self.number_of(*pid).to_le_bytes()),
                    Opaque::Reference(reference) => {
                        let number = self.references.get(reference).copied().unwrap_or(UNKNOWN);
                        bytes.extend_from_slice(&number.to_le_bytes());
                    }
                }
            }
            written.push((bytes, at));
        }
        written.sort();
        for (_, at) in written {
            if let Some(tie) = self.ties.get(at) {
                write_sketch(tie, &self.numbers, &mut self.references, how.references, &mut self.bytes);
            }
        }
    }
}

/// The number that a process was given. A pid that the world has never given out, but that a program has made up, stands for
/// itself.
fn number_of(numbers: &[u32], pid: Pid) -> u32 {
    numbers.get(pid.index()).copied().unwrap_or(pid.number())
}

fn give(numbers: &mut [u32], order: &mut Vec<Pid>, pid: Pid) {
    if let Some(number) = numbers.get_mut(pid.index())
        && *number == UNKNOWN
    {
        order.push(pid);
        *number = order.len() as u32;
    }
}

fn write_sketch(
    sketch: &Sketch,
    numbers: &[u32],
    references: &mut BTreeMap<Reference, u32>,
    rename: bool,
    bytes: &mut Vec<u8>,
) {
    bytes.extend_from_slice(&sketch.digest.to_le_bytes());
    for name in &sketch.names {
        match name {
            Opaque::Pid(pid) => {
                bytes.extend_from_slice(&number_of(numbers, *pid).to_le_bytes());
            }
            Opaque::Reference(reference) if rename => {
                let next = references.len() as u32;
                let number = *references.entry(*reference).or_insert(next);
                bytes.extend_from_slice(&number.to_le_bytes());
            }
            Opaque::Reference(reference) => bytes.extend_from_slice(&reference.number().to_le_bytes()),
        }
    }
}
