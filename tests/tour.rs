//! What `docs/tour.md` shows is what comes out.

#[allow(dead_code, reason = "not every test needs all of it")]
#[path = "support/command.rs"]
mod command;

use command::rashomon;
use std::path::Path;

/// The words of a command line; what stands in single quotes is one word.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in line.split('\'').enumerate() {
        if at % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// Whether lines are as shown; `...` stands for any number of lines.
fn fits(shown: &[&str], lines: &[&str]) -> bool {
    match shown.split_first() {
        None => lines.is_empty(),
        Some((&"...", rest)) => (0..=lines.len()).any(|skipped| fits(rest, &lines[skipped..])),
        Some((first, rest)) => lines.first() == Some(first) && fits(rest, &lines[1..]),
    }
}

#[test]
fn what_the_tour_shows_comes_out() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tour = std::fs::read_to_string(root.join("docs/tour.md")).expect("it is there");
    let mut commands = 0;
    for block in tour.split("```console\n").skip(1) {
        let block = block.split("```").next().expect("it is closed");
        for session in block.split("$ rashomon ").skip(1) {
            let (command, shown) = session.split_once('\n').expect("a line");
            let words = words(command);
            let (_, text, _) = rashomon(&words.iter().map(String::as_str).collect::<Vec<_>>());
            let shown: Vec<&str> = shown.trim_end().lines().collect();
            let lines: Vec<&str> = text.trim_end().lines().collect();
            assert!(
                fits(&shown, &lines),
                "docs/tour.md does not show what rashomon {command} writes:\n{text}"
            );
            commands += 1;
        }
    }
    assert!(commands >= 8, "only {commands} commands were found");
}

#[test]
fn dots_stand_for_any_lines() {
    assert!(fits(&["a", "...", "d"], &["a", "b", "c", "d"]) && fits(&["...", "a"], &["a"]));
    assert!(!fits(&["a", "..."], &["b"]) && !fits(&["a"], &["a", "b"]));
    assert_eq!(words("check x.exs --claim 'a b'  --c"), ["check", "x.exs", "--claim", "a b", "--c"]);
}
