//! Text to tree.
//!
//! 1. `scan` reads the words and finds what is wrong with them: texts without end, brackets that do not fit, numbers that are none.
//! 2. `grammar` has tree-sitter read the text with its grammar of Elixir.
//! 3. `convert` makes of that concrete tree what `quote` shows in Elixir 1.14, and refuses what tree-sitter accepts but Elixir does
//!    not.
//! 4. If tree-sitter refuses the text, `explain` says why, in Elixir's words, at the word where it first did.

mod convert;
pub mod error;
mod escapes;
mod explain;
mod grammar;
mod places;
mod scan;

use crate::elixir::ast::Ast;

pub use error::{ErrorKind, SyntaxError, Warning};
use error::{Outcome, refuse};

/// How deeply a program may be nested: brackets, blocks, clauses, chains of operators and of calls. Everything that walks a tree may
/// recurse, since no tree is deeper than a small multiple of this: 500 levels of any kind are read, cloned and dropped within
/// the 2 MiB that a thread has.
pub const DEPTH_LIMIT: u32 = 500;

/// A program as a tree.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The whole of it.
    pub ast: Ast,
    /// What is odd about it.
    pub warnings: Vec<Warning>,
}

/// The tree of a program, as `Code.string_to_quoted!/2` gives it in Elixir 1.14.
///
/// # Errors
///
/// What is wrong with the text. The first error is the one that Elixir would report.
pub fn parse(source: &str) -> Result<Parsed, Vec<SyntaxError>> {
    read(source).map_err(|error| vec![*error])
}

fn read(source: &str) -> Outcome<Parsed> {
    let places = places::Places::new(source);
    if u32::try_from(source.len()).is_err() {
        return refuse(SyntaxError::new(places.span(0, 0), "a program of 4 GiB or more"));
    }
    let scanned = scan::scan(source, &places)?;
    convert::convert(source, &places, &scanned)
}
