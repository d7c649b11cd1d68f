//! How close shrinking comes to the smallest schedule there is: programs made up at random, each small enough to go
//! through all its schedules.

use std::collections::BTreeMap;
use std::time::Duration;

use rashomon::explore::outcome;
use rashomon::kernel::Program;
use rashomon::strategy::Dice;
use rashomon::{Clock, Ctx, Delivery, Outcome, Pid, Random, Schedule, Simulation, program};

#[path = "support/enumerate.rs"]
mod enumerate;

#[derive(Clone, Copy, Debug)]
enum Step {
    TellMain,
    /// The other child, the first to be spawned knowing nobody.
    TellSibling,
    Hear,
    Poll,
    Sleep,
    Draw,
    Yield,
}

async fn child(ctx: Ctx<char>, steps: Vec<Step>, name: char, sibling: Option<Pid>) {
    let mut heard = name;
    for step in steps {
        match step {
            Step::TellMain => ctx.send(Pid::MAIN, heard),
            Step::TellSibling => {
                if let Some(sibling) = sibling {
                    ctx.send(sibling, heard.to_ascii_uppercase());
                }
            }
            Step::Hear => heard = ctx.recv().await,
            Step::Poll => heard = ctx.try_recv().await.unwrap_or(heard),
            Step::Sleep => ctx.sleep(Duration::from_secs(1)).await,
            Step::Draw => heard = if ctx.draw(4).await > 1 { '+' } else { heard },
            Step::Yield => ctx.yield_now(),
        }
    }
}

/// A program that belongs to a seed: two or three children that do a few things each; the main process writes what it is
/// told within a while.
fn made_up(seed: u64) -> Simulation<impl Program> {
    let mut dice = Dice::new(seed);
    let mut scripts = Vec::new();
    for _ in 0..2 + dice.below(2) {
        let steps = (0..1 + dice.below(3)).map(|_| {
            use Step::{Draw, Hear, Poll, Sleep, TellMain, TellSibling, Yield};
            [TellMain, TellMain, TellMain, TellSibling, TellSibling, Hear, Poll, Sleep, Draw, Yield]
                [dice.below(10) as usize]
        });
        scripts.push(steps.collect::<Vec<_>>());
    }
    let delivery = if dice.below(3) == 0 { Delivery::Ordered } else { Delivery::Instant };
    let clock = if dice.below(3) == 0 { Clock::Hasty } else { Clock::Patient };
    Simulation::new(program("made up", move |ctx: Ctx<char>| {
        let scripts = scripts.clone();
        async move {
            let mut sibling = None;
            for (name, steps) in ('a'..).zip(scripts) {
                sibling = Some(ctx.spawn(move |ctx| child(ctx, steps, name, sibling)));
            }
            let mut text = String::new();
            while let Some(letter) = ctx.recv_timeout(Duration::from_secs(2)).await {
                text.push(letter);
            }
            ctx.output(text);
        }
    }))
    .delivery(delivery)
    .clock(clock)
}

type Size = (usize, usize);

fn size(schedule: &Schedule) -> Size {
    (schedule.context_switches(), schedule.len())
}

fn text(outcome: &Outcome) -> Option<&str> {
    outcome.lines().next().map(|(_, line)| line)
}

/// More schedules than this belong to a program that takes too long to go through.
const MOST: usize = 4_000;

#[test]
fn programs_made_up_at_random_shrink_to_the_smallest_schedule_there_is() {
    let (mut programs, mut shrunk) = (0, 0);
    for seed in 0..400 {
        let simulation = made_up(seed);
        // For each text that can come out, the smallest schedule from which it does.
        let mut smallest: BTreeMap<String, Size> = BTreeMap::new();
        let count = enumerate::every_schedule_of_few(
            MOST,
            &simulation,
            || (),
            |told| {
                if let Some(text) = text(&told.world.outcome()) {
                    let size = size(&told.schedule);
                    let known = smallest.entry(text.to_owned()).or_insert(size);
                    *known = size.min(*known);
                }
            },
        );
        if count.is_none() || smallest.len() < 2 {
            continue;
        }
        programs += 1;
        for (wanted, &smallest) in &smallest {
            let claim = || {
                outcome("another text", |outcome: &Outcome| match text(outcome) {
                    Some(text) if text == wanted => Err(format!("it is {text}")),
                    Some(_) | None => Ok(()),
                })
            };
            let runs = (0..200).map(|seed| simulation.run_with(Random::new(seed), claim()));
            for run in runs.filter(|run| !run.failures().is_empty()).take(3) {
                let small = simulation.shrink(run.schedule(), claim).expect("it fails");
                assert_eq!(size(small.run.schedule()), smallest, "program {seed}, {wanted}: {}", small.run);
                shrunk += 1;
            }
        }
    }
    assert!(programs > 40 && shrunk > 300, "{programs} programs, {shrunk} schedules");
}
