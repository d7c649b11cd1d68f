//! The records beside the programs in `tests/elixir`, held against the `elixir` that is installed:
//!
//! ```sh
//! cargo test --test elixir_live -- --ignored --nocapture
//! ```
//!
//! Without `elixir` it says so and does nothing. The records are those of Elixir 1.14 on OTP 25; another version may word
//! some things differently.

#![allow(clippy::print_stdout, reason = "it reports as it goes")]

#[path = "support/elixir.rs"]
mod elixir;

use std::process::Command;

use elixir::{Ended, name, programs};

#[test]
#[ignore = "needs an installed Elixir, and a few minutes"]
fn each_record_is_what_the_installed_elixir_does() {
    let Ok(version) = Command::new("elixir").arg("--short-version").output() else {
        println!("skipped: there is no elixir on the path");
        return;
    };
    println!("elixir {}", String::from_utf8_lossy(&version.stdout).trim());
    let all = programs();
    let mut wrong = Vec::new();
    for program in &all {
        let mut command = Command::new("elixir");
        // Elixir 1.14 writes its log to standard output. The records are without it.
        command.args(["--erl", "-logger backends []"]).arg(name(program));
        let differences = Ended::of(program, &mut command).differences(program);
        for difference in &differences {
            println!("{difference}");
        }
        wrong.extend(differences);
    }
    println!("{} programs, {} differences", all.len(), wrong.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), all.len(), wrong.join("\n"));
}
