//! What `demonitor` returns and removes (fact 4), and monitors of pids and of names (fact 8).

use rashomon::kernel::Destination;
use rashomon::{ExitReason, Incoming, Pid, Reference, program};

use crate::every::{all_assumptions, both_deliveries, tellings};
use crate::{Ctx, boom, hear_all, hear_now, wait_forever};

// --- fact 4 ---

#[derive(Clone, Copy)]
enum Flush {
    No,
    Yes,
}

async fn demonitor(ctx: &Ctx, monitor: Reference, flush: Flush) -> bool {
    match flush {
        Flush::No => ctx.demonitor(monitor).await,
        Flush::Yes => ctx.demonitor_flush(monitor).await,
    }
}

/// Demonitors, and tells what that returned, what was in the mailbox then, and what came later, when the
/// watched process had been told to go, if it was still there.
async fn demonitor_and_tell(ctx: &Ctx, monitor: Reference, watched: Pid, flush: Flush) {
    let was_active = demonitor(ctx, monitor, flush).await;
    let now = hear_now(ctx).await;
    ctx.send(watched, "go");
    ctx.output(format!("{was_active}|{now}|{}", hear_all(ctx).await));
}

#[test]
fn an_active_monitor_is_removed_and_never_tells() {
    let active = |flush: Flush| {
        program("active", move |ctx: Ctx| async move {
            let (child, monitor) = ctx.spawn_monitor(|ctx| async move {
                ctx.recv().await;
            });
            demonitor_and_tell(&ctx, monitor, child, flush).await;
        })
    };
    for settings in both_deliveries() {
        for flush in [Flush::No, Flush::Yes] {
            assert_eq!(tellings(&active(flush), settings), ["true||nothing"]);
        }
    }
}

#[test]
fn what_a_monitor_has_told_stays_unless_it_is_flushed() {
    let fired = |flush: Flush| {
        program("fired", move |ctx: Ctx| async move {
            let main = ctx.pid();
            let (child, monitor) = ctx.spawn_monitor(|_| async move {});
            // A second monitor, later told than the first, says when the first has fired.
            let later = ctx.monitor(child);
            ctx.recv_down(later).await;
            ctx.send(main, "other");
            demonitor_and_tell(&ctx, monitor, child, flush).await;
        })
    };
    for settings in all_assumptions() {
        // Under the hasty clock hear_all may end before all is heard, but here nothing more comes.
        assert_eq!(tellings(&fired(Flush::Yes), settings), ["false|other|nothing"]);
        assert_eq!(tellings(&fired(Flush::No), settings), ["false|down(normal),other|nothing"]);
    }
}

#[test]
fn a_monitor_whose_message_was_received_is_no_longer_active() {
    let consumed = |flush: Flush| {
        program("consumed", move |ctx: Ctx| async move {
            let (child, monitor) = ctx.spawn_monitor(|_| async move {});
            ctx.recv_down(monitor).await;
            demonitor_and_tell(&ctx, monitor, child, flush).await;
        })
    };
    for settings in both_deliveries() {
        for flush in [Flush::No, Flush::Yes] {
            assert_eq!(tellings(&consumed(flush), settings), ["false||nothing"]);
        }
    }
}

#[test]
fn a_reference_that_is_no_monitor_is_not_active() {
    let unknown = |flush: Flush| {
        program("unknown", move |ctx: Ctx| async move {
            let reference = ctx.make_reference();
            let (_, removed) = ctx.spawn_monitor(|ctx| async move { wait_forever(&ctx).await });
            ctx.demonitor(removed).await;
            let unknown = demonitor(&ctx, reference, flush).await;
            let twice = demonitor(&ctx, removed, flush).await;
            ctx.output(format!("{unknown} {twice}"));
        })
    };
    for settings in both_deliveries() {
        for flush in [Flush::No, Flush::Yes] {
            assert_eq!(tellings(&unknown(flush), settings), ["false false"]);
        }
    }
}

#[test]
fn the_monitor_of_another_process_cannot_be_removed() {
    let program = program("of another", |ctx: Ctx| async move {
        let main = ctx.pid();
        let (victim, monitor) = ctx.spawn_monitor(|ctx| async move {
            ctx.recv().await;
        });
        ctx.spawn(move |ctx| async move {
            let first = ctx.demonitor(monitor).await;
            let second = ctx.demonitor_flush(monitor).await;
            ctx.send(main, if first || second { "removed" } else { "not removed" });
        });
        let removed = ctx.recv().await;
        ctx.send(victim, "go");
        ctx.output(format!("{removed},{}", ctx.recv_down(monitor).await));
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["not removed,normal"]);
    }
}

#[test]
fn demonitor_races_with_the_end() {
    let racing = |flush: Flush| {
        program("racing", move |ctx: Ctx| async move {
            let (child, monitor) = ctx.spawn_monitor(|_| async move {});
            demonitor_and_tell(&ctx, monitor, child, flush).await;
        })
    };
    for settings in both_deliveries() {
        // It was active and never tells, or it has told; nothing comes after demonitor.
        assert_eq!(tellings(&racing(Flush::No), settings), ["false|down(normal)|nothing", "true||nothing"]);
        assert_eq!(tellings(&racing(Flush::Yes), settings), ["false||nothing", "true||nothing"]);
    }
}

#[test]
fn a_flush_removes_the_message_of_its_own_monitor_only() {
    let program = program("own message", |ctx: Ctx| async move {
        let (child, first) = ctx.spawn_monitor(|_| async move {});
        let second = ctx.monitor(child);
        let third = ctx.monitor(child);
        ctx.recv_down(third).await;
        ctx.demonitor_flush(second).await;
        let Incoming::Down(down) = ctx.recv_any().await else { unreachable!("nothing else is sent") };
        ctx.output(format!("{} [{}]", down.reference == first, hear_now(&ctx).await));
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["true []"]);
    }
}

// --- monitors of pids ---

#[test]
fn a_monitor_of_the_dead_tells_noproc_but_not_always_at_once() {
    let program = program("of the dead", |ctx: Ctx| async move {
        let (child, monitor) = ctx.spawn_monitor(|_| async move {});
        ctx.recv_down(monitor).await;
        ctx.monitor(child);
        let now = hear_now(&ctx).await;
        ctx.output(format!("{now}|{}", hear_all(&ctx).await));
    });
    for settings in both_deliveries() {
        assert_eq!(tellings(&program, settings), ["down(noproc)|nothing", "|down(noproc)"]);
    }
}

#[test]
fn a_monitor_of_the_dead_can_be_removed_before_it_tells() {
    let program = program("of the dead, removed", |ctx: Ctx| async move {
        let (child, monitor) = ctx.spawn_monitor(|_| async move {});
        ctx.recv_down(monitor).await;
        let late = ctx.monitor(child);
        demonitor_and_tell(&ctx, late, child, Flush::No).await;
    });
    for settings in both_deliveries() {
        assert_eq!(tellings(&program, settings), ["false|down(noproc)|nothing", "true||nothing"]);
    }
}

#[test]
fn whoever_ends_a_process_and_then_monitors_it_finds_nobody() {
    let ended = |reason: ExitReason| {
        program("ended, monitored", move |ctx: Ctx| {
            let reason = reason.clone();
            async move {
                let victim = ctx.spawn(|ctx| async move { wait_forever(&ctx).await });
                ctx.send_exit(victim, reason);
                let monitor = ctx.monitor(victim);
                ctx.output(ctx.recv_down(monitor).await.to_string());
            }
        })
    };
    for settings in all_assumptions() {
        assert_eq!(tellings(&ended(ExitReason::Kill), settings), ["noproc"]);
        assert_eq!(tellings(&ended(boom()), settings), ["noproc"]);
    }
}

#[test]
fn a_monitor_races_with_a_killing_and_with_an_own_exit() {
    let racing = |killed: bool| {
        program("monitor races with the end", move |ctx: Ctx| async move {
            let child = ctx.spawn(move |ctx| async move {
                if killed {
                    wait_forever(&ctx).await;
                }
            });
            if killed {
                ctx.spawn(move |ctx| async move { ctx.kill(child) });
            }
            let monitor = ctx.monitor(child);
            ctx.output(ctx.recv_down(monitor).await.to_string());
        })
    };
    for settings in all_assumptions() {
        assert_eq!(tellings(&racing(true), settings), ["killed", "noproc"]);
        assert_eq!(tellings(&racing(false), settings), ["noproc", "normal"]);
    }
}

#[test]
fn a_process_monitored_twice_tells_twice_the_oldest_first() {
    let program = program("twice", |ctx: Ctx| async move {
        let (child, first) = ctx.spawn_monitor(|ctx| async move {
            ctx.recv().await;
        });
        let second = ctx.monitor(child);
        ctx.send(child, "go");
        for monitor in [first, second] {
            let Incoming::Down(down) = ctx.recv_any().await else { unreachable!("nothing else is sent") };
            ctx.output(format!("{}", down.reference == monitor));
        }
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["true true"]);
    }
}

#[test]
fn nobody_monitors_itself() {
    let program = program("oneself", |ctx: Ctx| async move {
        ctx.register("main", ctx.pid()).await.expect("the name is free");
        let by_pid = ctx.monitor(ctx.pid());
        let by_name = ctx.monitor_named("main");
        let monitors = ctx.info(ctx.pid()).await.map(|info| info.monitors.len());
        let active = [ctx.demonitor(by_pid).await, ctx.demonitor(by_name).await];
        ctx.output(format!("{monitors:?} {active:?} {}", hear_all(&ctx).await));
    });
    for settings in both_deliveries() {
        assert_eq!(tellings(&program, settings), ["Some(0) [false, false] nothing"]);
    }
}

#[test]
fn a_process_that_monitors_a_crash_is_not_ended_by_it() {
    let program = program("crash", |ctx: Ctx| async move {
        let (_, monitor) = ctx.spawn_monitor(|_| async move { boom() });
        ctx.output(ctx.recv_down(monitor).await.to_string());
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["boom"]);
    }
}

// --- fact 8 ---

/// A process that waits to be told to go, under a name.
async fn named(ctx: &Ctx, name: &'static str) -> Pid {
    let child = ctx.spawn(|ctx| async move {
        ctx.recv().await;
    });
    ctx.register(name, child).await.expect("the name is free");
    child
}

/// What a monitor tells next: whom it watched, and why that one is gone.
async fn next_down(ctx: &Ctx) -> String {
    let Incoming::Down(down) = ctx.recv_any().await else { unreachable!("nothing else is sent") };
    match down.target {
        Destination::Pid(_) => format!("pid {}", down.reason),
        Destination::Name(name) => format!("{name} {}", down.reason),
    }
}

#[test]
fn a_monitor_of_a_name_tells_that_name() {
    let program = program("named", |ctx: Ctx| async move {
        let child = named(&ctx, "child").await;
        ctx.monitor_named("child");
        ctx.monitor(child);
        ctx.send(child, "go");
        ctx.output(format!("{}, {}", next_down(&ctx).await, next_down(&ctx).await));
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["child normal, pid normal"]);
    }
}

#[test]
fn to_unregister_a_name_does_not_fire_its_monitor() {
    let renamed = |new_name: Option<&'static str>| {
        program("unregistered", move |ctx: Ctx| async move {
            let child = named(&ctx, "child").await;
            ctx.monitor_named("child");
            ctx.unregister("child").await.expect("it is registered");
            if let Some(name) = new_name {
                ctx.register(name, child).await.expect("the name is free");
            }
            let before = hear_all(&ctx).await;
            ctx.send(child, "go");
            ctx.output(format!("{before}, {}", next_down(&ctx).await));
        })
    };
    for settings in both_deliveries() {
        for new_name in [None, Some("other")] {
            assert_eq!(tellings(&renamed(new_name), settings), ["nothing, child normal"]);
        }
    }
}

#[test]
fn a_monitor_of_a_name_stays_with_who_held_it() {
    let program = program("held", |ctx: Ctx| async move {
        let first = named(&ctx, "child").await;
        ctx.monitor_named("child");
        ctx.unregister("child").await.expect("it is registered");
        let second = named(&ctx, "child").await;
        ctx.send(second, "go");
        let before = hear_all(&ctx).await;
        ctx.send(first, "go");
        ctx.output(format!("{before}, {}", next_down(&ctx).await));
    });
    for settings in both_deliveries() {
        assert_eq!(tellings(&program, settings), ["nothing, child normal"]);
    }
}

#[test]
fn a_monitor_of_a_missing_name_tells_noproc_and_the_name() {
    let program = program("missing", |ctx: Ctx| async move {
        ctx.monitor_named("nobody");
        ctx.output(next_down(&ctx).await);
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["nobody noproc"]);
    }
}

#[test]
fn a_monitor_of_a_missing_name_can_be_removed_before_it_tells() {
    // On the BEAM, demonitor at once finds the monitor active, and nothing comes.
    let program = program("missing, removed", |ctx: Ctx| async move {
        let monitor = ctx.monitor_named("nobody");
        let was_active = ctx.demonitor(monitor).await;
        ctx.output(format!("{was_active} {}", hear_all(&ctx).await));
    });
    for settings in both_deliveries() {
        assert_eq!(tellings(&program, settings), ["false down(noproc)", "true nothing"]);
    }
}

#[test]
fn whoever_ends_a_process_and_then_monitors_its_name_finds_nobody() {
    let program = program("ended, monitored by name", |ctx: Ctx| async move {
        let child = named(&ctx, "child").await;
        ctx.kill(child);
        ctx.monitor_named("child");
        ctx.output(next_down(&ctx).await);
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["child noproc"]);
    }
}
