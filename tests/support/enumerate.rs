//! Every schedule of a small program, by brute force: no reduction of any kind.

use std::cell::Cell;
use std::rc::Rc;

use rashomon::kernel::{Event, Observer, Process, Program, World};
use rashomon::strategy::{Manual, Recording, drive};
use rashomon::{Property, Schedule, Simulation};

/// More schedules than this belong to a program that is not small.
const MOST: usize = 2_000_000;

/// One schedule, and the program at its end.
#[allow(dead_code, reason = "not every test that includes this file looks at everything")]
pub(crate) struct Told<P: Process, C> {
    pub(crate) schedule: Schedule,
    /// How many choices there were at each step.
    pub(crate) widths: Vec<u64>,
    pub(crate) world: World<P>,
    pub(crate) property: C,
}

/// Says aloud when the claim is broken for good.
struct Watch<C> {
    property: C,
    broken: Rc<Cell<bool>>,
}

impl<P: Process, C: Property<P>> Observer<P> for Watch<C> {
    fn observe(&mut self, event: &Event<'_, P>) {
        self.property.observe(event);
        self.broken.set(self.property.is_broken());
    }
}

/// Visits every schedule of the program, each up to its end, or to where the claim is broken for good. Returns how
/// many there are.
pub(crate) fn every_schedule<G, Q, C>(
    simulation: &Simulation<G>,
    property: Q,
    visit: impl FnMut(Told<G::Process, C>),
) -> usize
where
    G: Program,
    Q: Fn() -> C,
    C: Property<G::Process>,
{
    every_schedule_of_few(MOST, simulation, property, visit).expect("the program is small")
}

/// As [`every_schedule`], but gives up when there are more than so many.
pub(crate) fn every_schedule_of_few<G, Q, C>(
    most: usize,
    simulation: &Simulation<G>,
    property: Q,
    mut visit: impl FnMut(Told<G::Process, C>),
) -> Option<usize>
where
    G: Program,
    Q: Fn() -> C,
    C: Property<G::Process>,
{
    // The rank that is taken at each step, and how many choices there are: an odometer.
    let mut path: Vec<(u64, u64)> = Vec::new();
    for count in 1..=most {
        let broken = Rc::new(Cell::new(false));
        let mut depth = 0;
        let mut strategy = Recording::new(Manual::new(|choices| {
            if broken.get() {
                return None;
            }
            if depth == path.len() {
                path.push((0, choices.len()));
            }
            let (rank, width) = path[depth];
            assert_eq!(width, choices.len(), "the program is not deterministic in itself");
            depth += 1;
            choices.get(rank)
        }));
        let mut world = simulation.world();
        let mut watch = Watch { property: property(), broken: Rc::clone(&broken) };
        drive(&mut world, &mut strategy, &mut watch).expect("only what is possible is chosen");
        let (schedule, _) = strategy.finish();
        let widths = path.iter().map(|&(_, width)| width).collect();
        visit(Told { schedule, widths, world, property: watch.property });
        while path.last().is_some_and(|&(rank, width)| rank + 1 == width) {
            path.pop();
        }
        match path.last_mut() {
            Some((rank, _)) => *rank += 1,
            None => return Some(count),
        }
    }
    None
}

/// How many schedules the program has.
#[allow(dead_code, reason = "not every test that includes this file counts")]
pub(crate) fn count<G: Program>(simulation: &Simulation<G>) -> usize {
    every_schedule(simulation, || (), |_| {})
}
