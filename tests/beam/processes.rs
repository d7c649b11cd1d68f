//! What processes learn of each other by asking: `alive?`, `Process.info`, group leaders, lists of processes.

use rashomon::kernel::{Destination, Program, Status};
use rashomon::{Pid, program};

use crate::every::{all_assumptions, both_deliveries, instant, ordered, tellings};
use crate::{Ctx, boom, show, wait_forever};

fn waiting(ctx: &Ctx) -> Pid {
    ctx.spawn(|ctx| async move { wait_forever(&ctx).await })
}

// --- alive? ---

#[test]
fn a_process_that_asks_is_alive_itself() {
    let program = program("oneself", |ctx: Ctx| async move {
        ctx.output(ctx.is_alive(ctx.pid()).await.to_string());
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["true"]);
    }
}

#[test]
fn whom_a_process_has_ended_is_not_alive_when_it_asks() {
    let program = program("ended, asked", |ctx: Ctx| async move {
        let victim = waiting(&ctx);
        ctx.send_exit(victim, boom());
        ctx.output(ctx.is_alive(victim).await.to_string());
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["false"]);
    }
}

#[test]
fn a_killing_that_one_was_told_of_is_over_where_signals_are_instant() {
    let program = program("told of the killing", |ctx: Ctx| async move {
        let main = ctx.pid();
        let victim = waiting(&ctx);
        ctx.spawn(move |ctx| async move {
            ctx.kill(victim);
            ctx.send(main, "killed");
        });
        ctx.recv().await;
        ctx.output(ctx.is_alive(victim).await.to_string());
    });
    assert_eq!(tellings(&program, instant()), ["false"]);
    assert_eq!(tellings(&program, ordered()), ["false", "true"]);
}

#[test]
fn a_question_races_with_an_end() {
    let program = program("races", |ctx: Ctx| async move {
        let child = ctx.spawn(|_| async move {});
        ctx.output(ctx.is_alive(child).await.to_string());
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["false", "true"]);
    }
}

#[test]
fn two_who_ask_about_one_who_dies_both_get_their_answers() {
    let program = program("two ask", |ctx: Ctx| async move {
        let main = ctx.pid();
        let victim = waiting(&ctx);
        ctx.kill(victim);
        ctx.spawn(move |ctx| async move {
            let alive = ctx.is_alive(victim).await;
            ctx.send(main, if alive { "alive" } else { "dead" });
        });
        let alive = ctx.is_alive(victim).await;
        ctx.output(format!("{alive} {}", ctx.recv().await));
    });
    assert_eq!(tellings(&program, instant()), ["false dead"]);
}

// --- Process.info ---

#[test]
fn nothing_is_known_of_the_dead_and_the_dying() {
    let gone = |dying: bool| {
        program("gone", move |ctx: Ctx| async move {
            let (victim, monitor) = ctx.spawn_monitor(|ctx| async move { wait_forever(&ctx).await });
            ctx.kill(victim);
            if !dying {
                ctx.recv_down(monitor).await;
            }
            ctx.output(ctx.info(victim).await.is_none().to_string());
        })
    };
    for settings in all_assumptions() {
        assert_eq!(tellings(&gone(true), settings), ["true"]);
        assert_eq!(tellings(&gone(false), settings), ["true"]);
    }
}

#[test]
fn what_one_has_sent_to_a_process_is_there_when_one_asks_about_it() {
    let program = program("unread", |ctx: Ctx| async move {
        let child = waiting(&ctx);
        ctx.send(child, "a");
        ctx.send(child, "b");
        let info = ctx.info(child).await.expect("it waits");
        ctx.output(info.messages.iter().map(show).collect::<Vec<_>>().join(","));
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["a,b"]);
    }
}

#[test]
fn ties_are_known_from_both_sides() {
    let program = program("ties", |ctx: Ctx| async move {
        let main = ctx.pid();
        ctx.register("main", main).await.expect("the name is free");
        ctx.trap_exit(true);
        let (child, _) = ctx.spawn_monitor(|ctx| async move { wait_forever(&ctx).await });
        ctx.register("child", child).await.expect("the name is free");
        ctx.monitor(child);
        ctx.monitor_named("child");
        for _ in 0..2 {
            ctx.link(child).await.expect("it waits");
        }
        let mine = ctx.info(main).await.expect("it asks");
        let its = ctx.info(child).await.expect("it waits");
        let pid = || Destination::Pid(child);
        assert_eq!(mine.monitors, [pid(), pid(), Destination::Name("child".into())]);
        assert_eq!((mine.links, its.links), (vec![child], vec![main]));
        assert_eq!(its.monitored_by, [main, main, main]);
        assert_eq!((mine.traps_exits, its.traps_exits), (true, false));
        assert_eq!((mine.name, its.name), (Some("main".into()), Some("child".into())));
        assert_eq!((mine.parent, its.parent), (Pid::SYSTEM, main));
        assert!(its.monitors.is_empty() && mine.monitored_by.is_empty());
        ctx.output("as expected");
    });
    for settings in both_deliveries() {
        assert_eq!(tellings(&program, settings), ["as expected"]);
    }
}

#[test]
fn a_process_waits_while_its_receive_finds_nothing() {
    let status = |message: &'static str| {
        program("status", move |ctx: Ctx| async move {
            let main = ctx.pid();
            let child = ctx.spawn(move |ctx| async move {
                ctx.send(main, "waiting now");
                ctx.recv_match(|&message| message == "wanted").await;
            });
            ctx.recv().await;
            ctx.send(child, message);
            let status = ctx.info(child).await.map(|info| info.status);
            let own = ctx.info(main).await.map(|info| info.status);
            assert_eq!(own, Some(Status::Runnable));
            ctx.output(format!("{status:?}"));
        })
    };
    for settings in all_assumptions() {
        assert_eq!(tellings(&status("other"), settings), ["Some(Waiting)"]);
        // It can act again, or has received, or is gone.
        assert_eq!(tellings(&status("wanted"), settings), ["None", "Some(Runnable)"]);
    }
}

// --- group leaders ---

#[test]
fn the_group_leader_is_inherited_when_a_process_is_spawned() {
    let program = program("group leader", |ctx: Ctx| async move {
        let leader = waiting(&ctx);
        let before = waiting(&ctx);
        assert_eq!(ctx.group_leader().await, Pid::SYSTEM);
        ctx.set_group_leader(ctx.pid(), leader).await.expect("it is alive");
        assert_eq!(ctx.group_leader().await, leader);
        let after = waiting(&ctx);
        let of = async |pid: Pid| ctx.info(pid).await.map(|info| info.group_leader);
        assert_eq!((of(before).await, of(after).await), (Some(Pid::SYSTEM), Some(leader)));
        ctx.output("as expected");
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["as expected"]);
    }
}

#[test]
fn the_group_leader_of_another_is_changed_when_one_asks() {
    let program = program("another's group leader", |ctx: Ctx| async move {
        let child = waiting(&ctx);
        ctx.set_group_leader(child, child).await.expect("it is alive");
        let leader = ctx.info(child).await.map(|info| info.group_leader);
        ctx.output((leader == Some(child)).to_string());
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["true"]);
    }
}

#[test]
fn the_dead_have_no_group_leader_to_change() {
    let program = program("of the dead", |ctx: Ctx| async move {
        let (child, monitor) = ctx.spawn_monitor(|_| async move {});
        ctx.recv_down(monitor).await;
        ctx.output(format!("{:?}", ctx.set_group_leader(child, ctx.pid()).await));
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["Err(NotAlive)"]);
    }
}

// --- spawning ---

/// A process that is spawned and at once asked for something that it does first.
fn spawned(first: bool) -> impl Program {
    program("spawned", move |ctx: Ctx| async move {
        ctx.spawn(|ctx| async move {
            ctx.register("child", ctx.pid()).await.expect("the name is free");
            wait_forever(&ctx).await;
        });
        if first {
            ctx.yield_now();
        }
        ctx.output(ctx.whereis("child").await.is_some().to_string());
    })
}

#[test]
fn whether_a_new_process_has_done_anything_yet_is_open() {
    for settings in all_assumptions() {
        assert_eq!(tellings(&spawned(false), settings), ["false", "true"]);
        // However often its parent lets others come in between.
        assert_eq!(tellings(&spawned(true), settings), ["false", "true"]);
    }
}

#[test]
fn all_that_live_are_listed_in_ascending_order() {
    let program = program("listed", |ctx: Ctx| async move {
        let first = waiting(&ctx);
        let second = waiting(&ctx);
        let all = ctx.processes().await;
        let monitor = ctx.monitor(first);
        ctx.kill(first);
        ctx.recv_down(monitor).await;
        let rest = ctx.processes().await;
        assert_eq!(all, [Pid::MAIN, first, second]);
        assert_eq!(rest, [Pid::MAIN, second]);
        ctx.output("as expected");
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["as expected"]);
    }
}
