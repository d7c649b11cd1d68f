//! The recorded answers of Elixir.

/// The programs of a file, each with Elixir's answer.
pub(crate) fn read(file: &str) -> Vec<(String, String)> {
    file.split("\n=====\n")
        .map(|block| {
            let (program, answer) = block.split_once("\n-----\n").expect("each program has an answer");
            (program.to_owned(), answer.trim_end_matches('\n').to_owned())
        })
        .collect()
}

/// What differs, in words.
pub(crate) fn difference(program: &str, expected: &str, found: &str) -> Option<String> {
    (expected != found).then(|| format!("{program}\n--- Elixir says\n{expected}\n--- we say\n{found}\n"))
}
