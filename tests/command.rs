//! The command, as it is called.

#[allow(dead_code, reason = "not every test needs all of it")]
#[path = "support/command.rs"]
mod command;

use std::process::Output;

use command::{command, output};
use rashomon::{Ctx, Delivery, Random, Simulation, program};

fn rashomon(arguments: &[&str], input: &str) -> Output {
    output(command(arguments), input)
}

fn token() -> String {
    let program = program("command", |ctx: Ctx<()>| async move {
        ctx.send(ctx.pid(), ());
        ctx.recv().await;
        ctx.output("done");
    });
    Simulation::new(program).delivery(Delivery::Ordered).run(Random::new(1)).token().to_string()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_token_is_told() {
    let output = rashomon(&["token", &token()], "");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stderr), "");
    let told = text(&output.stdout);
    assert!(
        told.contains("delivery  ordered\nclock     patient\nhalts     with the main process\n"),
        "{told}"
    );
    assert!(told.contains("choices   4, 0 context switches"), "{told}");
    assert!(told.ends_with("   3  #PID<0.1.0> acts\n\n"), "{told}");
}

#[test]
fn a_token_may_come_from_standard_input() {
    let token = token();
    let output = rashomon(&["token", "-"], &format!("{token}\n"));
    assert_eq!(output.stdout, rashomon(&["token", &token], "").stdout);
}

#[test]
fn what_is_no_token_is_refused_with_the_reason() {
    let token = token();
    for (bad, reason) in [
        ("hello", "this is no schedule token"),
        ("", "this is no schedule token"),
        (&token[..token.len() - 2], "damaged"),
        (&token.replacen("rsh1", "rsh7", 1), "version 7"),
    ] {
        let output = rashomon(&["token", bad], "");
        assert_eq!(output.status.code(), Some(2), "{bad}");
        assert_eq!(text(&output.stdout), "");
        let told = text(&output.stderr);
        assert!(told.starts_with("error: ") && told.contains(reason), "{bad}: {told}");
    }
}

#[test]
fn wrong_usage_is_told_from_failure() {
    for arguments in [&[][..], &["nothing"], &["token"], &["token", "a", "b"]] {
        assert_eq!(rashomon(arguments, "").status.code(), Some(2), "{arguments:?}");
    }
    let help = rashomon(&["token", "--help"], "");
    assert_eq!(help.status.code(), Some(0));
    assert!(text(&help.stdout).contains("Example: rashomon token rsh1."));
}
