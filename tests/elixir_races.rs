//! Programs with races do all that they can do on the BEAM, and nothing else.
//!
//! The header of each program in `tests/elixir/race` lists its outcomes, that is all that it can write to standard output:
//! `# 1| text` is a line of outcome 1, and `# 2~| text` a line of outcome 2, which only comes when signals can overtake
//! others. The programs run under so many seeds that each outcome shows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rashomon::elixir::{Compilation, Source, compile};
use rashomon::kernel::{Device, Plain, Program};
use rashomon::strategy::drive;
use rashomon::{Delivery, Random, Settings};

const SEEDS: u64 = 4_000;

/// What a header lists: the outcomes under either delivery, and those that come when signals overtake.
fn listed(text: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut outcomes: BTreeMap<(u32, bool), String> = BTreeMap::new();
    for line in text.lines().map_while(|line| line.strip_prefix('#')) {
        let Some((number, output)) = line.split_once('|') else { continue };
        let number = number.trim();
        let (number, overtaking) = number.strip_suffix('~').map_or((number, false), |number| (number, true));
        let Ok(number) = number.parse() else { continue };
        let outcome = outcomes.entry((number, overtaking)).or_default();
        *outcome += output.strip_prefix(' ').unwrap_or(output);
        outcome.push('\n');
    }
    let count = text.lines().find_map(|line| line.strip_prefix("# OUTCOMES ")?.trim().parse().ok());
    assert_eq!(count, Some(outcomes.len()), "the header counts its outcomes");
    let mut instant = BTreeSet::new();
    let mut overtaking = BTreeSet::new();
    for ((_, overtakes), output) in outcomes {
        if overtakes {
            overtaking.insert(output)
        } else {
            instant.insert(output)
        };
    }
    (instant, overtaking)
}

/// What a program writes under many seeds.
fn seen(name: &str, text: &str, delivery: Delivery) -> BTreeSet<String> {
    let Ok(Compilation { program, .. }) = compile::<Plain>(&[Source { name, text }]) else {
        panic!("{name} does not compile")
    };
    let mut world = program.world(Settings { delivery, ..Settings::default() });
    let mut all = BTreeSet::new();
    for seed in 0..SEEDS {
        if seed > 0 {
            program.rewind(&mut world);
        }
        drive(&mut world, &mut Random::new(seed), &mut ()).expect("what is random is possible");
        let mut output = String::new();
        world.each_written(|written| {
            if written.device == Device::Stdout {
                output += &written.text.to_string();
            }
        });
        all.insert(output);
    }
    all
}

#[test]
fn each_program_has_the_outcomes_that_it_lists_and_no_others() {
    let folder = format!("{}/tests/elixir/race", env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    let mut programs: Vec<_> = std::fs::read_dir(Path::new(&folder))
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "exs"))
        .collect();
    programs.sort();
    assert!(!programs.is_empty(), "there are programs");
    for path in programs {
        let text = std::fs::read_to_string(&path).expect("the program can be read");
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let (instant, overtaking) = listed(&text);
        let ordered = instant.union(&overtaking).cloned().collect();
        for (delivery, expected) in [(Delivery::Instant, instant), (Delivery::Ordered, ordered)] {
            let seen = seen(name, &text, delivery);
            let missing: Vec<_> = expected.difference(&seen).collect();
            let unlisted: Vec<_> = seen.difference(&expected).collect();
            if seen != expected {
                wrong.push(format!("{name}, {delivery:?}: not seen {missing:?}, not listed {unlisted:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
