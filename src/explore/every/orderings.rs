//! How many orderings there are that differ in the order of dependent steps.
//!
//! Runs that differ only in the order of independent steps are one ordering (a Mazurkiewicz trace). Each is visited exactly once, by depth
//! first search with sleep sets (Godefroid: "Partial-Order Methods for the Verification of Concurrent Systems", 1996). This is
//! what stateless checkers count; the search by states does not need it.

use super::apply_all;
use super::dependence::{self, Agent, Footprint, Ground, Thing, Touch};
use crate::kernel::{Choice, Event, Observer, Sketched, Sketcher, World};

/// A step that has been tried at a state or before it, and need not be tried again until something depends on it.
#[derive(Clone)]
struct Asleep {
    choice: Choice,
    agent: Option<Agent>,
    footprint: Footprint,
}

struct Ear<'a> {
    touches: Vec<(Thing, Touch)>,
    choice: Choice,
    sketcher: &'a mut Sketcher,
}

impl<P: Sketched> Observer<P> for Ear<'_> {
    fn observe(&mut self, event: &Event<'_, P>) {
        dependence::happened::<P>(self.choice, &event.happening, &mut self.touches, self.sketcher);
    }
}

/// Counts the orderings of a world, up to so many steps altogether. `None` if there are more.
pub(super) fn count<P: Sketched>(fresh: impl Fn() -> World<P>, most_steps: u64) -> Option<u64> {
    let mut sketcher = Sketcher::default();
    let mut steps = 0;
    let mut total = 0;
    let mut pending = vec![(fresh(), Vec::new(), Vec::<Asleep>::new())];
    while let Some((world, schedule, asleep)) = pending.pop() {
        if world.ending().is_some() {
            // If something still sleeps, the run that goes on with it ends in the same way.
            total += u64::from(asleep.is_empty());
            continue;
        }
        let mut done = asleep;
        for choice in world.choices().iter() {
            if done.iter().any(|asleep| asleep.choice == choice) {
                continue;
            }
            steps += 1;
            if steps > most_steps {
                return None;
            }
            let next = P::another(&world, &mut || {
                let mut world = fresh();
                let applied = apply_all(&mut world, &schedule);
                debug_assert!(applied.is_ok(), "what could happen can happen again");
                world
            });
            let (next, footprint) = step(next, choice, &mut sketcher);
            let agent = dependence::agent(choice);
            let still = done
                .iter()
                .filter(|other| {
                    other.agent != agent && other.agent.is_some() && !other.footprint.clashes(&footprint)
                })
                .cloned()
                .collect();
            let mut longer: Vec<Choice> = schedule.clone();
            longer.push(choice);
            pending.push((next, longer, still));
            done.push(Asleep { choice, agent, footprint });
        }
    }
    Some(total)
}

fn step<P: Sketched>(mut world: World<P>, choice: Choice, sketcher: &mut Sketcher) -> (World<P>, Footprint) {
    let ground = Ground::new(world.settings(), false, false);
    let before = Footprint::before(ground, &world, choice, sketcher);
    let mut ear = Ear { touches: Vec::new(), choice, sketcher };
    let applied = world.apply(choice, &mut ear);
    debug_assert!(applied.is_ok(), "what is listed can happen");
    let mut touches = ear.touches;
    let mut footprint = Footprint::after(ground, before, &mut touches, &world);
    // Others count two equal messages as two.
    for (_, touch) in &mut footprint.touches {
        if let Touch::Puts(_) = touch {
            *touch = Touch::Puts(None);
        }
    }
    (world, footprint)
}
