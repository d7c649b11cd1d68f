//! Elixir programs do what real Elixir does: each program in `tests/elixir` has what Elixir 1.14 printed beside it.
//!
//! `NAME.out` is standard output, byte for byte. `NAME.err`, where it is there, has the exit status and the first line of
//! standard error that begins with `**`, with pids as `#PID<_>`. `elixir_live.rs` holds the records against an installed
//! Elixir.

#[path = "support/elixir.rs"]
mod elixir;

use std::process::Command;

use elixir::{Ended, name, programs};

#[test]
fn each_program_prints_what_real_elixir_prints() {
    let all = programs();
    let mut wrong = Vec::new();
    for program in &all {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rashomon"));
        command.arg("run").arg(name(program)).args(["--seed", "0"]);
        wrong.extend(Ended::of(program, &mut command).differences(program));
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), all.len(), wrong.join("\n"));
}
