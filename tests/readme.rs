//! What README shows is what comes out.

use std::fs;
use std::path::Path;

use rashomon::{Clock, Delivery, Random};

#[path = "../examples/pub_sub.rs"]
mod pub_sub;

fn readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("README.md is there")
}

/// Says what README should show, where it does not.
fn assert_shown(text: &str) {
    assert!(readme().contains(text.trim_end()), "README.md does not show this:\n{text}");
}

#[test]
fn the_picture_is_the_smallest_lost_publish() {
    let simulation = pub_sub::simulation(pub_sub::STAGES[0], 2, Clock::Patient, Delivery::Instant);
    let report = simulation.sweep(0..1_000).property(pub_sub::NoLostPublish::default).run();
    let seed = report.failures["no lost publish"].seen.first_seed;
    let run = simulation.run(Random::new(seed));
    let small = simulation.shrink(run.schedule(), pub_sub::NoLostPublish::default).expect("it fails");
    // In the example itself the places begin otherwise.
    assert_shown(&small.run.to_string().replace("tests/../", ""));
}

#[test]
fn the_table_is_that_of_the_example() {
    assert_shown(&pub_sub::table());
}
