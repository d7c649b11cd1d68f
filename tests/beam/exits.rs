//! Exit as a step of its own (fact 1), the landing of exit signals (fact 5), and who is ended by which (fact 14).

use rashomon::kernel::Program;
use rashomon::{ExitReason, Incoming, program};

use crate::every::{all_assumptions, both_deliveries, instant, tellings};
use crate::{Ctx, SECOND, boom, hear_all, wait_forever};

// --- fact 1 ---

#[test]
fn after_its_last_send_a_process_is_still_there_or_already_gone() {
    let program = program("last send", |ctx: Ctx| async move {
        let main = ctx.pid();
        let child = ctx.spawn(move |ctx| async move { ctx.send(main, "done") });
        ctx.recv().await;
        let alive = ctx.is_alive(child).await;
        let known = ctx.info(child).await.is_some();
        ctx.output(format!("{alive} {known}"));
    });
    for settings in all_assumptions() {
        // It exits before the first question, between the two, or after both.
        assert_eq!(tellings(&program, settings), ["false false", "true false", "true true"]);
    }
}

#[test]
fn after_its_last_send_a_process_still_holds_its_name_or_no_longer() {
    let program = program("last name", |ctx: Ctx| async move {
        let main = ctx.pid();
        ctx.spawn(move |ctx| async move {
            ctx.register("child", ctx.pid()).await.expect("the name is free");
            ctx.send(main, "done");
        });
        ctx.recv().await;
        ctx.output(format!("{}", ctx.whereis("child").await.is_some()));
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["false", "true"]);
    }
}

#[test]
fn a_monitor_made_after_the_last_send_of_a_process_may_still_see_it_end() {
    let program = program("last monitor", |ctx: Ctx| async move {
        let main = ctx.pid();
        let child = ctx.spawn(move |ctx| async move { ctx.send(main, "done") });
        ctx.recv().await;
        let monitor = ctx.monitor(child);
        ctx.output(ctx.recv_down(monitor).await.to_string());
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["noproc", "normal"]);
    }
}

// --- fact 5 ---

#[test]
fn a_fatal_signal_lands_between_any_two_actions_and_what_was_done_stays() {
    let program = program("between", |ctx: Ctx| async move {
        let (victim, monitor) = ctx.spawn_monitor(|ctx| async move {
            ctx.output("one");
            ctx.output("two");
            ctx.output("three");
        });
        ctx.kill(victim);
        ctx.recv_down(monitor).await;
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["one", "one two", "one two three", "silence"]);
    }
}

#[test]
fn who_starts_a_linked_process_that_crashes_is_ended_between_any_two_actions() {
    let program = program("linked crash", |ctx: Ctx| async move {
        ctx.spawn_link(|_| async move { boom() });
        ctx.output("one");
        ctx.output("two");
        wait_forever(&ctx).await;
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["main: boom", "one two; main: boom", "one; main: boom"]);
    }
}

#[test]
fn the_own_exit_of_a_process_races_with_a_signal() {
    let program = program("own exit", |ctx: Ctx| async move {
        let (child, monitor) = ctx.spawn_monitor(|_| async move { ExitReason::other("own") });
        ctx.kill(child);
        ctx.output(ctx.recv_down(monitor).await.to_string());
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["killed", "own"]);
    }
}

#[test]
fn of_two_fatal_signals_of_one_process_the_first_ends() {
    let program = program("first signal", |ctx: Ctx| async move {
        let (child, monitor) = ctx.spawn_monitor(|ctx| async move { wait_forever(&ctx).await });
        ctx.send_exit(child, boom());
        ctx.kill(child);
        ctx.output(ctx.recv_down(monitor).await.to_string());
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["boom"]);
    }
}

#[test]
fn of_two_linked_processes_that_crash_either_may_end_the_third() {
    let program = program("two crashes", |ctx: Ctx| async move {
        ctx.spawn_link(|_| async move { ExitReason::other("first") });
        ctx.spawn_link(|_| async move { ExitReason::other("second") });
        wait_forever(&ctx).await;
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["main: first", "main: second"]);
    }
}

// --- fact 14: signals that are sent on purpose ---

/// What a process comes to that hears all there is to hear, then says so in its reason.
async fn heard(ctx: Ctx) -> ExitReason {
    ExitReason::other(hear_all(&ctx).await)
}

/// What an exit signal of another process does.
fn struck(traps: bool, reason: ExitReason) -> impl Program {
    program("struck", move |ctx: Ctx| {
        let reason = reason.clone();
        async move {
            let main = ctx.pid();
            let (target, monitor) = ctx.spawn_monitor(move |ctx| async move {
                ctx.trap_exit(traps);
                ctx.send(main, "ready");
                heard(ctx).await
            });
            ctx.recv().await;
            ctx.send_exit(target, reason);
            ctx.output(ctx.recv_down(monitor).await.to_string());
        }
    })
}

/// What an exit signal to oneself does. What comes of it is there at once.
fn struck_by_itself(traps: bool, reason: ExitReason) -> impl Program {
    program("struck by itself", move |ctx: Ctx| {
        let reason = reason.clone();
        async move {
            let (_, monitor) = ctx.spawn_monitor(move |ctx| async move {
                ctx.trap_exit(traps);
                ctx.send_exit(ctx.pid(), reason);
                ExitReason::other(crate::hear_now(&ctx).await)
            });
            ctx.output(ctx.recv_down(monitor).await.to_string());
        }
    })
}

/// What the exit of a linked process does.
fn linked_to(traps: bool, reason: ExitReason) -> impl Program {
    program("linked", move |ctx: Ctx| {
        let reason = reason.clone();
        async move {
            let (_, monitor) = ctx.spawn_monitor(move |ctx| async move {
                ctx.trap_exit(traps);
                ctx.spawn_link(move |_| async move { reason });
                heard(ctx).await
            });
            ctx.output(ctx.recv_down(monitor).await.to_string());
        }
    })
}

fn reasons() -> [ExitReason; 6] {
    [
        ExitReason::Normal,
        ExitReason::Shutdown,
        ExitReason::Kill,
        ExitReason::Killed,
        ExitReason::NoProcess,
        boom(),
    ]
}

/// Each reason leads to the one thing that is listed for it, under both deliveries.
fn assert_each<G: Program>(program: impl Fn(ExitReason) -> G, expected: [&str; 6]) {
    for (reason, expected) in reasons().into_iter().zip(expected) {
        for settings in both_deliveries() {
            assert_eq!(tellings(&program(reason.clone()), settings), [expected], "reason {reason}");
        }
    }
}

#[test]
fn an_exit_signal_to_another_that_does_not_trap() {
    let expected = ["nothing", "shutdown", "killed", "killed", "noproc", "boom"];
    assert_each(|reason| struck(false, reason), expected);
}

#[test]
fn an_exit_signal_to_another_that_traps() {
    let expected = ["exit(normal)", "exit(shutdown)", "killed", "exit(killed)", "exit(noproc)", "exit(boom)"];
    assert_each(|reason| struck(true, reason), expected);
}

#[test]
fn an_exit_signal_to_oneself_without_trapping() {
    let expected = ["normal", "shutdown", "killed", "killed", "noproc", "boom"];
    assert_each(|reason| struck_by_itself(false, reason), expected);
}

#[test]
fn an_exit_signal_to_oneself_while_trapping() {
    let expected = ["exit(normal)", "exit(shutdown)", "killed", "exit(killed)", "exit(noproc)", "exit(boom)"];
    assert_each(|reason| struck_by_itself(true, reason), expected);
}

#[test]
fn the_exit_of_a_linked_process_when_one_does_not_trap() {
    // Through a link, kill is a reason like any other.
    let expected = ["nothing", "shutdown", "kill", "killed", "noproc", "boom"];
    assert_each(|reason| linked_to(false, reason), expected);
}

#[test]
fn the_exit_of_a_linked_process_when_one_traps() {
    let expected =
        ["exit(normal)", "exit(shutdown)", "exit(kill)", "exit(killed)", "exit(noproc)", "exit(boom)"];
    assert_each(|reason| linked_to(true, reason), expected);
}

#[test]
fn the_reason_of_an_exit_is_what_monitors_tell() {
    let exit = |reason: ExitReason| {
        program("exit", move |ctx: Ctx| {
            let reason = reason.clone();
            async move {
                let (_, monitor) = ctx.spawn_monitor(move |ctx| async move { ctx.exit(reason).await });
                ctx.output(ctx.recv_down(monitor).await.to_string());
            }
        })
    };
    assert_each(exit, ["normal", "shutdown", "kill", "killed", "noproc", "boom"]);
}

/// A chain of three linked processes, of which the last traps exits and the first ends in some way.
fn chain(by_signal: bool) -> impl Program {
    program("chain", move |ctx: Ctx| async move {
        ctx.trap_exit(true);
        ctx.spawn_link(move |ctx| async move {
            let first = ctx.spawn_link(move |ctx| async move {
                if by_signal {
                    wait_forever(&ctx).await;
                }
                ExitReason::Kill
            });
            if by_signal {
                ctx.kill(first);
            }
            wait_forever(&ctx).await;
        });
        ctx.output(hear_all(&ctx).await);
    })
}

#[test]
fn an_exit_with_kill_goes_down_a_chain_of_links_as_kill() {
    for settings in both_deliveries() {
        assert_eq!(tellings(&chain(false), settings), ["exit(kill)"]);
    }
}

#[test]
fn a_killed_process_goes_down_a_chain_of_links_as_killed() {
    for settings in both_deliveries() {
        assert_eq!(tellings(&chain(true), settings), ["exit(killed)"]);
    }
}

#[test]
fn a_process_that_is_struck_runs_no_more_code() {
    let program = program("no more code", |ctx: Ctx| async move {
        ctx.send_exit(ctx.pid(), boom());
        ctx.output("never");
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["main: boom"]);
    }
}

#[test]
fn an_exit_signal_to_the_dead_is_lost() {
    let program = program("to the dead", |ctx: Ctx| async move {
        let (child, monitor) = ctx.spawn_monitor(|_| async move {});
        ctx.recv_down(monitor).await;
        ctx.send_exit(child, boom());
        ctx.output(hear_all(&ctx).await);
    });
    for settings in both_deliveries() {
        assert_eq!(tellings(&program, settings), ["nothing"]);
    }
}

// --- fact 14: races ---

/// A process that begins to trap exits while a signal is on its way.
fn begins_to_trap(reason: ExitReason) -> impl Program {
    program("begins to trap", move |ctx: Ctx| {
        let reason = reason.clone();
        async move {
            let (child, monitor) = ctx.spawn_monitor(|ctx| async move {
                ctx.trap_exit(true);
                heard(ctx).await
            });
            ctx.send_exit(child, reason);
            ctx.output(ctx.recv_down(monitor).await.to_string());
        }
    })
}

#[test]
fn whoever_begins_to_trap_exits_is_ended_before_or_told() {
    for settings in both_deliveries() {
        assert_eq!(tellings(&begins_to_trap(boom()), settings), ["boom", "exit(boom)"]);
        // A normal one, before: nothing.
        assert_eq!(tellings(&begins_to_trap(ExitReason::Normal), settings), ["exit(normal)", "nothing"]);
    }
}

#[test]
fn whoever_stops_trapping_keeps_what_has_come() {
    let program = program("stops trapping", |ctx: Ctx| async move {
        ctx.trap_exit(true);
        ctx.send_exit(ctx.pid(), boom());
        ctx.trap_exit(false);
        ctx.output(crate::hear_now(&ctx).await);
        ctx.send_exit(ctx.pid(), ExitReason::other("again"));
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["exit(boom); main: again"]);
    }
}

#[test]
fn a_message_sent_after_a_fatal_signal_is_never_handled() {
    let program = program("signal, message", |ctx: Ctx| async move {
        let (child, monitor) = ctx.spawn_monitor(|ctx| async move {
            ctx.recv().await;
            ctx.output("handled");
        });
        ctx.send_exit(child, boom());
        ctx.send(child, "message");
        ctx.recv_down(monitor).await;
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["silence"]);
    }
}

#[test]
fn a_message_sent_before_a_fatal_signal_may_be_handled() {
    let program = program("message, signal", |ctx: Ctx| async move {
        let (child, monitor) = ctx.spawn_monitor(|ctx| async move {
            ctx.recv().await;
            ctx.output("handled");
        });
        ctx.send(child, "message");
        ctx.kill(child);
        ctx.recv_down(monitor).await;
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["handled", "silence"]);
    }
}

#[test]
fn an_exit_message_comes_from_whoever_sent_the_signal() {
    let program = program("from", |ctx: Ctx| async move {
        let main = ctx.pid();
        ctx.trap_exit(true);
        let child = ctx.spawn(move |ctx| async move { ctx.send_exit(main, boom()) });
        let Incoming::Exit(exit) = ctx.recv_any().await else { unreachable!("nothing else is sent") };
        ctx.output(format!("{} {}", exit.from == child, exit.reason));
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["true boom"]);
    }
}

#[test]
fn recv_leaves_exit_signals_in_the_mailbox() {
    let program = program("left", |ctx: Ctx| async move {
        ctx.trap_exit(true);
        ctx.send_exit(ctx.pid(), boom());
        ctx.send(ctx.pid(), "message");
        let first = ctx.recv().await;
        let second = ctx.recv_timeout(SECOND).await;
        ctx.output(format!("{first} {second:?} {}", crate::hear_now(&ctx).await));
    });
    assert_eq!(tellings(&program, instant()), ["message None exit(boom)"]);
}
