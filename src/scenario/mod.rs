//! Programs, the claims about them, and what is expected of these.
//!
//! A claim is a line of text ([`claim`]): `received(:server, {:subscribe, _}) always before received(:server, {:publish, _})`,
//! `count(output(~r/received/)) == 10`, `no deadlock`. [`check`] covers every ordering of a program and says of each claim whether it holds.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a claim knows a few forms of trees and values, and refuses all others"
)]

mod check;
pub mod claim;
mod event;
mod manifest;
mod parse;
mod pattern;
mod watch;

pub use check::{Check, Checkable, Checked, Verdict, breaks, check, explain, odds};
pub use claim::{Claim, ClaimError};
pub use manifest::{Expectation, ExpectedProperty, Manifest, ManifestError, NamedSeed, RunOptions};
