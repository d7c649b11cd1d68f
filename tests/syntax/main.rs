//! Elixir text to tree, held against what Elixir 1.14 itself said.
//!
//! `recorded/trees.txt` and `recorded/errors.txt` hold programs, each with the tree or the first line of the error that Elixir gave.
//! `record.exs` wrote them; Elixir is not needed to run the tests.

mod errors;
mod gaps;
mod hostile;
mod outline;
mod recorded;
mod trees;
