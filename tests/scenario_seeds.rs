//! What the named seeds of the scenarios show.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use rashomon::elixir::{Source, compile};
use rashomon::kernel::Plain;
use rashomon::scenario::Manifest;
use rashomon::strategy::drive;
use rashomon::trace::Page;
use rashomon::{Halt, Random, Simulation};

/// The manifests in a folder and those below it, by name.
fn manifests(folder: &Path) -> Vec<PathBuf> {
    let mut inside: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("it is there")
        .map(|entry| entry.expect("it is read").path())
        .collect();
    inside.sort();
    inside
        .into_iter()
        .flat_map(|path| {
            if path.is_dir() {
                manifests(&path)
            } else if path.extension().is_some_and(|ending| ending == "toml") {
                vec![path]
            } else {
                Vec::new()
            }
        })
        .collect()
}

#[test]
fn named_seeds_show_what_they_are_said_to_show() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text = String::new();
    for path in manifests(&root.join("scenarios")) {
        let manifest =
            Manifest::parse(&std::fs::read_to_string(&path).expect("it is read")).expect("a scenario");
        let folder = path.parent().expect("a folder");
        let program = std::fs::read_to_string(folder.join(&manifest.program)).expect("it is read");
        let place = folder.strip_prefix(root).expect("below it").join(&manifest.program);
        let name = place.to_str().expect("text").replace('\\', "/");
        let compilation = compile::<Plain>(&[Source { name: &name, text: &program }]).expect("it compiles");
        let mut simulation = Simulation::new(compilation.program);
        for seed in &manifest.seeds {
            let mut settings = manifest.run.settings();
            settings.clock = seed.clock.unwrap_or(settings.clock);
            settings.delivery = seed.delivery.unwrap_or(settings.delivery);
            if let Some(halt) = seed.halt {
                settings.halt = if halt { Halt::WithMain } else { Halt::Never };
            }
            simulation = simulation.with_settings(settings);
            let mut page = Page::default();
            let mut world = simulation.world();
            drive(&mut world, &mut Random::new(seed.seed), &mut page)
                .expect("chance chooses what is possible");
            let ending = world.ending().expect("it is over");
            let _infallible =
                writeln!(text, "{name}, seed {}: {}\n{}({ending})\n", seed.seed, seed.shows, page.text());
        }
    }
    assert!(!text.is_empty(), "some scenarios have seeds");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("named_seeds", text));
}
