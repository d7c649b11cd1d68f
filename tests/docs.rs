//! What the documents show is understood.

use std::path::Path;

use rashomon::scenario::Claim;

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("it is there")
}

/// The lines of the text after a heading, up to the end of its first block of code.
fn block<'t>(text: &'t str, heading: &str) -> Vec<&'t str> {
    let (_, after) = text.split_once(heading).expect("there is such a heading");
    let (_, code) = after.split_once("```text\n").expect("there is code below it");
    let (code, _) = code.split_once("```").expect("it is closed");
    code.lines().collect()
}

#[test]
fn the_examples_of_claims_are_claims() {
    let claims = read("docs/claims.md");
    let examples = block(&claims, "## Examples");
    assert!(examples.len() >= 7);
    let readme = read("README.md");
    for text in examples.into_iter().chain(block(&readme, "A claim is a line of text")) {
        if let Err(error) = Claim::parse(text) {
            panic!("{error}");
        }
    }
}

#[test]
fn the_kinds_of_claims_are_claims() {
    let claims = read("docs/claims.md");
    let (_, table) = claims.split_once("## Claims").expect("it is there");
    let (table, _) = table.split_once("## Events").expect("it is there");
    let rows: Vec<&str> = table.lines().filter_map(|line| line.strip_prefix("| `")).collect();
    assert_eq!(rows.len(), 10);
    for row in rows {
        let (text, _) = row.split_once('`').expect("it is closed");
        if let Err(error) = Claim::parse(&text.replace("EVENT", "output(\"a\")")) {
            panic!("{error}");
        }
    }
}
