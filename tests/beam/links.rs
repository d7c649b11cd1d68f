//! Links to the dead and the dying (fact 2), and links that are made and removed again (fact 3).

use rashomon::kernel::Program;
use rashomon::{ExitReason, program};

use crate::every::{all_assumptions, both_clocks, both_deliveries, instant, ordered, tellings};
use crate::{Ctx, SECOND, boom, hear_all, hear_now, wait_forever};

// --- fact 2 ---

/// The main process links to a dead one, so many times.
fn linked_to_the_dead(traps: bool, times: usize) -> impl Program {
    program("link to the dead", move |ctx: Ctx| async move {
        ctx.trap_exit(traps);
        let (child, monitor) = ctx.spawn_monitor(|_| async move {});
        ctx.recv_down(monitor).await;
        for _ in 0..times {
            if let Err(refusal) = ctx.link(child).await {
                ctx.output(format!("{refusal:?}"));
            }
        }
        // What comes of it is there at once.
        ctx.output(format!("[{}]", hear_now(&ctx).await));
    })
}

#[test]
fn a_link_to_the_dead_is_an_error_that_can_be_caught() {
    for settings in all_assumptions() {
        assert_eq!(tellings(&linked_to_the_dead(false, 1), settings), ["NoProcess []"]);
    }
}

#[test]
fn a_link_to_the_dead_is_an_exit_message_for_one_who_traps() {
    for settings in all_assumptions() {
        assert_eq!(tellings(&linked_to_the_dead(true, 1), settings), ["[exit(noproc)]"]);
        assert_eq!(tellings(&linked_to_the_dead(true, 2), settings), ["[exit(noproc),exit(noproc)]"]);
    }
}

#[test]
fn a_link_to_the_dying_is_an_error_now_or_the_end_later() {
    let program = program("link to the dying", |ctx: Ctx| async move {
        let victim = ctx.spawn(|ctx| async move { wait_forever(&ctx).await });
        ctx.kill(victim);
        match ctx.link(victim).await {
            Err(_) => ctx.output("refused"),
            Ok(()) => {
                ctx.output("linked");
                wait_forever(&ctx).await;
            }
        }
    });
    for settings in all_assumptions() {
        // Refused where the victim was quite dead; otherwise an exit signal comes, before or after the next action.
        assert_eq!(tellings(&program, settings), ["linked; main: noproc", "main: noproc", "refused"]);
    }
}

#[test]
fn a_link_to_the_dying_is_an_exit_message_for_one_who_traps_now_or_later() {
    let program = program("link to the dying, trapping", |ctx: Ctx| async move {
        ctx.trap_exit(true);
        let victim = ctx.spawn(|ctx| async move { wait_forever(&ctx).await });
        ctx.kill(victim);
        ctx.link(victim).await.expect("one who traps is not refused");
        let now = hear_now(&ctx).await;
        ctx.output(format!("{now}|{}", hear_all(&ctx).await));
    });
    for settings in both_deliveries() {
        assert_eq!(tellings(&program, settings), ["exit(noproc)|nothing", "|exit(noproc)"]);
    }
}

/// The main process links to one that ends in the meantime: by its own exit, or killed by another.
fn races_with_the_end(traps: bool, reason: Option<ExitReason>) -> impl Program {
    program("link races with the end", move |ctx: Ctx| {
        let reason = reason.clone();
        async move {
            ctx.trap_exit(traps);
            let killed = reason.is_none();
            let child = ctx.spawn(move |ctx| async move {
                match reason {
                    Some(reason) => reason,
                    None => {
                        wait_forever(&ctx).await;
                        ExitReason::Normal
                    }
                }
            });
            if killed {
                ctx.spawn(move |ctx| async move { ctx.kill(child) });
            }
            match ctx.link(child).await {
                Err(_) => ctx.output("refused"),
                Ok(()) => ctx.output(hear_all(&ctx).await),
            }
        }
    })
}

#[test]
fn a_link_that_races_with_a_killing() {
    for settings in both_deliveries() {
        // In time; while it was dying; too late.
        assert_eq!(
            tellings(&races_with_the_end(false, None), settings),
            ["main: killed", "main: noproc", "refused"]
        );
        assert_eq!(tellings(&races_with_the_end(true, None), settings), ["exit(killed)", "exit(noproc)"]);
    }
}

#[test]
fn a_link_that_races_with_a_normal_end() {
    let normal = || Some(ExitReason::Normal);
    assert_eq!(tellings(&races_with_the_end(false, normal()), instant()), ["nothing", "refused"]);
    // Where the request for the link travels, it may find nobody when it gets there.
    assert_eq!(
        tellings(&races_with_the_end(false, normal()), ordered()),
        ["main: noproc", "nothing", "refused"]
    );
    for settings in both_deliveries() {
        assert_eq!(tellings(&races_with_the_end(true, normal()), settings), ["exit(noproc)", "exit(normal)"]);
    }
}

#[test]
fn one_who_is_linked_already_is_not_linked_to_the_dead() {
    // A link that exists is enough, though the other side is dying or dead, as long as its exit signal has not come.
    let program = program("linked already", |ctx: Ctx| async move {
        ctx.trap_exit(true);
        let victim = ctx.spawn_link(|ctx| async move { wait_forever(&ctx).await });
        ctx.kill(victim);
        ctx.link(victim).await.expect("one who traps is not refused");
        ctx.output(hear_all(&ctx).await);
    });
    for settings in both_deliveries() {
        // One exit signal; a second one only if the first had come before the link.
        assert_eq!(tellings(&program, settings), ["exit(killed)", "exit(killed),exit(noproc)"]);
    }
}

#[test]
fn one_who_is_linked_already_is_never_refused_before_the_exit_signal_comes() {
    let program = program("linked already, not trapping", |ctx: Ctx| async move {
        let victim = ctx.spawn_link(|ctx| async move { wait_forever(&ctx).await });
        ctx.kill(victim);
        if ctx.link(victim).await.is_err() {
            ctx.output("refused");
        }
        wait_forever(&ctx).await;
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["main: killed"]);
    }
}

#[test]
fn after_the_exit_message_a_link_is_a_new_one_to_the_dead() {
    let program = program("exit in the mailbox", |ctx: Ctx| async move {
        ctx.trap_exit(true);
        let child = ctx.spawn_link(|_| async move { boom() });
        ctx.recv_exit(child).await;
        ctx.link(child).await.expect("one who traps is not refused");
        ctx.output(hear_now(&ctx).await);
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["exit(noproc)"]);
    }
}

// --- fact 3 ---

/// Has another process crash, and survives that if no link to it is left.
async fn crash_after(ctx: &Ctx, child: rashomon::Pid) {
    let monitor = ctx.monitor(child);
    ctx.send(child, "crash");
    ctx.recv_down(monitor).await;
    ctx.output("survived");
}

#[test]
fn three_links_are_one_and_one_unlink_removes_it() {
    let program = program("three links", |ctx: Ctx| async move {
        let child = ctx.spawn(|ctx| async move {
            ctx.recv().await;
            boom()
        });
        for _ in 0..3 {
            ctx.link(child).await.expect("it waits");
        }
        ctx.unlink(child);
        crash_after(&ctx, child).await;
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["survived"]);
    }
}

#[test]
fn two_links_give_one_exit_signal() {
    let program = program("two links", |ctx: Ctx| async move {
        ctx.trap_exit(true);
        let child = ctx.spawn_link(|ctx| async move {
            ctx.recv().await;
            boom()
        });
        ctx.link(child).await.expect("it waits");
        ctx.send(child, "crash");
        ctx.output(hear_all(&ctx).await);
    });
    for settings in both_deliveries() {
        assert_eq!(tellings(&program, settings), ["exit(boom)"]);
    }
}

#[test]
fn the_unlink_of_either_side_removes_the_link() {
    let program = program("unlinked by the other", |ctx: Ctx| async move {
        let main = ctx.pid();
        let child = ctx.spawn_link(move |ctx| async move {
            ctx.recv().await;
            ctx.unlink(main);
            boom()
        });
        crash_after(&ctx, child).await;
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["survived"]);
    }
}

#[test]
fn a_link_after_the_unlink_of_the_other_is_a_new_link() {
    let program = program("linked anew", |ctx: Ctx| async move {
        let main = ctx.pid();
        let child = ctx.spawn_link(move |ctx| async move {
            ctx.unlink(main);
            ctx.send(main, "unlinked");
            ctx.recv().await;
            boom()
        });
        ctx.recv().await;
        ctx.link(child).await.expect("it waits");
        crash_after(&ctx, child).await;
    });
    for settings in all_assumptions() {
        // The monitor tells only after the link has done its work.
        assert_eq!(tellings(&program, settings), ["main: boom"]);
    }
}

#[test]
fn a_link_that_races_with_the_unlink_of_the_other_is_new_or_nothing() {
    let program = program("link races with unlink", |ctx: Ctx| async move {
        let main = ctx.pid();
        let child = ctx.spawn_link(move |ctx| async move {
            ctx.unlink(main);
            ctx.recv().await;
            boom()
        });
        ctx.link(child).await.expect("it waits");
        crash_after(&ctx, child).await;
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["main: boom", "survived"]);
    }
}

#[test]
fn links_of_both_sides_are_one_and_the_unlink_of_one_side_removes_it() {
    let program = program("linked by both", |ctx: Ctx| async move {
        let main = ctx.pid();
        let child = ctx.spawn(move |ctx| async move {
            ctx.link(main).await.expect("it waits");
            ctx.send(main, "linked");
            ctx.recv().await;
            boom()
        });
        ctx.link(child).await.expect("it waits for the main process");
        ctx.recv().await;
        ctx.unlink(child);
        crash_after(&ctx, child).await;
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["survived"]);
    }
}

#[test]
fn a_link_that_is_made_last_holds_whatever_crossed_it() {
    // Both link; the main process takes its link back and makes it again, which its partner's request may cross.
    let program = program("crossing links", |ctx: Ctx| async move {
        let main = ctx.pid();
        let child = ctx.spawn(move |ctx| async move {
            ctx.link(main).await.expect("the main process waits for its end");
            ctx.recv().await;
            boom()
        });
        ctx.link(child).await.expect("it waits");
        ctx.unlink(child);
        ctx.link(child).await.expect("it waits");
        crash_after(&ctx, child).await;
    });
    for settings in both_clocks() {
        assert_eq!(tellings(&program, settings), ["main: boom"]);
    }
}

#[test]
fn after_unlink_no_exit_signal_comes_but_one_that_has_come_stays() {
    let unlinked = |traps: bool| {
        program("unlink races with a crash", move |ctx: Ctx| async move {
            ctx.trap_exit(traps);
            let child = ctx.spawn_link(|_| async move { boom() });
            ctx.unlink(child);
            let now = hear_now(&ctx).await;
            ctx.output(format!("{now}|{}", hear_all(&ctx).await));
        })
    };
    for settings in both_deliveries() {
        // It is in the mailbox by then, or never comes.
        assert_eq!(tellings(&unlinked(true), settings), ["exit(boom)|nothing", "|nothing"]);
        assert_eq!(tellings(&unlinked(false), settings), ["main: boom", "|nothing"]);
    }
}

#[test]
fn whoever_kills_a_linked_process_and_unlinks_has_been_ended_before_or_never_is() {
    let killed = |unlink_first: bool| {
        program("kill and unlink", move |ctx: Ctx| async move {
            let victim = ctx.spawn_link(|ctx| async move { wait_forever(&ctx).await });
            if unlink_first {
                ctx.unlink(victim);
            }
            ctx.kill(victim);
            if !unlink_first {
                ctx.unlink(victim);
            }
            ctx.output("unlinked");
            ctx.sleep(SECOND).await;
            ctx.output("survived");
        })
    };
    for settings in both_deliveries() {
        assert_eq!(tellings(&killed(true), settings), ["unlinked survived"]);
        assert_eq!(tellings(&killed(false), settings), ["main: killed", "unlinked survived"]);
    }
}

#[test]
fn whoever_unlinks_and_then_exits_is_not_noticed() {
    let program = program("unlink, exit", |ctx: Ctx| async move {
        let main = ctx.pid();
        ctx.spawn_link(move |ctx| async move {
            ctx.unlink(main);
            boom()
        });
        ctx.sleep(SECOND).await;
        ctx.output("survived");
    });
    for settings in both_deliveries() {
        assert_eq!(tellings(&program, settings), ["survived"]);
    }
}

#[test]
fn a_link_to_oneself_is_none() {
    let program = program("link to oneself", |ctx: Ctx| async move {
        ctx.link(ctx.pid()).await.expect("it is alive");
        let links = ctx.info(ctx.pid()).await.map(|info| info.links);
        ctx.output(format!("{links:?}"));
        ctx.unlink(ctx.pid());
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["Some([])"]);
    }
}

#[test]
fn to_unlink_who_was_never_linked_or_is_dead_does_nothing() {
    let program = program("unlink", |ctx: Ctx| async move {
        let (child, monitor) = ctx.spawn_monitor(|ctx| async move {
            ctx.recv().await;
        });
        ctx.unlink(child);
        ctx.send(child, "go");
        ctx.recv_down(monitor).await;
        ctx.unlink(child);
        ctx.output("fine");
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["fine"]);
    }
}

#[test]
fn links_go_both_ways() {
    let program = program("both ways", |ctx: Ctx| async move {
        let (first, monitor) = ctx.spawn_monitor(|ctx| async move {
            ctx.recv().await;
        });
        ctx.spawn(move |ctx| async move {
            ctx.link(first).await.expect("it waits");
            boom()
        });
        ctx.output(ctx.recv_down(monitor).await.to_string());
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["boom"]);
    }
}
