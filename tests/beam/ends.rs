//! What is seen outside: crashes (fact 15), the end of the main process (fact 16) with and without `--no-halt`, and
//! what a deadlock reports.

use rashomon::kernel::World;
use rashomon::{Ending, ExitReason, Halt, RoundRobin, Settings, Simulation, program};

use crate::every::{all_assumptions, both_deliveries, every, instant, tellings};
use crate::{Ctx, SECOND, boom, hear_all, wait_forever};

fn no_halt() -> Settings {
    Settings { halt: Halt::Never, ..instant() }
}

fn crashing(_: &Ctx) {
    panic!("what a pity");
}

// --- fact 15 ---

#[test]
fn a_crash_is_reported_beside_the_output_and_in_no_order_with_it() {
    let program = program("crash", |ctx: Ctx| async move {
        let (_, monitor) = ctx.spawn_monitor(|ctx| async move {
            ctx.output("before");
            crashing(&ctx);
        });
        ctx.output("main");
        ctx.recv_down(monitor).await;
    });
    for settings in all_assumptions() {
        // However the lines and the crash are ordered, it is one outcome.
        let outcomes = every(&program, settings, World::outcome);
        let [(outcome, _)] = outcomes.iter().collect::<Vec<_>>()[..] else { panic!("{outcomes:?}") };
        assert_eq!(outcome.lines().map(|(_, line)| line).collect::<Vec<_>>(), ["main", "before"]);
        let [crash] = &outcome.crashes[..] else { panic!("{outcome}") };
        assert_eq!(crash.pid.to_string(), "#PID<0.2.0>");
        assert!(crash.report.contains("what a pity"), "{}", crash.report);
        assert!(crash.report.contains("ends.rs"), "{}", crash.report);
    }
}

#[test]
fn to_exit_for_whatever_reason_is_no_crash() {
    let program = program("decision", |ctx: Ctx| async move {
        let (_, monitor) = ctx.spawn_monitor(|_| async move { boom() });
        let (victim, killed) = ctx.spawn_monitor(|ctx| async move { wait_forever(&ctx).await });
        ctx.kill(victim);
        ctx.recv_down(monitor).await;
        ctx.recv_down(killed).await;
    });
    for settings in both_deliveries() {
        let crashes = every(&program, settings, |world| world.outcome().crashes.len());
        assert_eq!(crashes.into_keys().collect::<Vec<_>>(), [0]);
    }
}

#[test]
fn a_crash_travels_along_links_and_monitors() {
    let program = program("travels", |ctx: Ctx| async move {
        ctx.trap_exit(true);
        let child = ctx.spawn_link(|ctx| async move {
            ctx.recv().await;
            crashing(&ctx);
        });
        let monitor = ctx.monitor(child);
        ctx.send(child, "go");
        let linked = ctx.recv_exit(child).await;
        let monitored = ctx.recv_down(monitor).await;
        ctx.output(format!("{} {}", linked == monitored, linked.to_string().contains("what a pity")));
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["true true"]);
    }
}

#[test]
fn what_a_process_has_written_is_out_before_its_next_action() {
    let program = program("written", |ctx: Ctx| async move {
        let main = ctx.pid();
        ctx.spawn(move |ctx| async move {
            ctx.output("written");
            ctx.send(main, "done");
            ctx.output("perhaps");
        });
        ctx.recv().await;
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["written", "written perhaps"]);
    }
}

// --- fact 16 ---

/// The lines of all processes in the order in which they were written.
fn in_order<P: rashomon::kernel::Process>(world: &World<P>) -> String {
    let mut lines = Vec::new();
    world.each_written(|written| lines.push(written.text.to_string()));
    lines.join(",")
}

#[test]
fn the_end_of_the_main_process_halts_the_others_before_or_after_they_write() {
    let program = program("halt", |ctx: Ctx| async move {
        ctx.spawn(|ctx| async move { ctx.output("child") });
        ctx.output("main");
    });
    for settings in all_assumptions() {
        // Also after the main process's own last line.
        let orders = every(&program, settings, in_order);
        assert_eq!(orders.into_keys().collect::<Vec<_>>(), ["child,main", "main", "main,child"]);
    }
}

#[test]
fn after_the_end_nothing_can_happen() {
    let program = program("end", |ctx: Ctx| async move {
        ctx.spawn(|ctx| async move {
            ctx.sleep(SECOND).await;
            ctx.output("never");
        });
        ctx.send_after(ctx.pid(), SECOND, "never");
    });
    for settings in both_deliveries() {
        let ends = every(&program, settings, |world| (world.ending(), world.choices().len(), world.now()));
        assert_eq!(ends.into_keys().collect::<Vec<_>>(), [(Some(Ending::Halted), 0, 0)]);
    }
}

#[test]
fn without_halt_the_others_go_on_to_their_end() {
    let program = program("no halt", |ctx: Ctx| async move {
        ctx.spawn(|ctx| async move {
            ctx.sleep(SECOND).await;
            ctx.output("child");
        });
        ctx.output("main");
    });
    let ends = every(&program, no_halt(), |world| (world.ending(), in_order(world)));
    assert_eq!(ends.into_keys().collect::<Vec<_>>(), [(Some(Ending::Idle), "main,child".to_owned())]);
}

#[test]
fn without_halt_the_main_process_is_dead_after_its_end_like_any_other() {
    let program = program("main is dead", |ctx: Ctx| async move {
        let main = ctx.pid();
        ctx.register("main", main).await.expect("the name is free");
        ctx.spawn(move |ctx| async move {
            ctx.trap_exit(true);
            ctx.link(main).await.expect("one who traps is not refused");
            let reason = ctx.recv_exit(main).await;
            let alive = ctx.is_alive(main).await;
            let sent = ctx.send_named("main", "lost").await.is_ok();
            let timer = ctx.send_after(main, SECOND, "lost");
            let running = ctx.read_timer(timer).await.is_some();
            let leader = ctx.group_leader().await;
            ctx.output(format!("{reason} {alive} {sent} {running} {leader} {}", hear_all(&ctx).await));
        });
    });
    // The link was made in time or not.
    assert_eq!(
        tellings(&program, no_halt()),
        ["noproc false false false #PID<0.0.0> nothing", "normal false false false #PID<0.0.0> nothing"]
    );
}

#[test]
fn without_halt_a_main_process_that_ends_abnormally_halts_the_world_all_the_same() {
    let ends_with = |reason: ExitReason| {
        program("abnormal", move |ctx: Ctx| {
            let reason = reason.clone();
            async move {
                ctx.spawn(|ctx| async move {
                    ctx.sleep(SECOND).await;
                    ctx.output("never");
                });
                reason
            }
        })
    };
    let reasons = [ExitReason::Shutdown, ExitReason::Kill, ExitReason::Killed, ExitReason::NoProcess, boom()];
    for reason in reasons {
        let expected = format!("main: {reason}");
        assert_eq!(tellings(&ends_with(reason), no_halt()), [expected]);
    }
}

#[test]
fn without_halt_a_main_process_that_crashes_or_is_ended_halts_the_world_all_the_same() {
    let killed = program("killed", |ctx: Ctx| async move {
        let main = ctx.pid();
        ctx.spawn(move |ctx| async move {
            ctx.kill(main);
            ctx.sleep(SECOND).await;
            ctx.output("never");
        });
        wait_forever(&ctx).await;
    });
    assert_eq!(tellings(&killed, no_halt()), ["main: killed"]);
    let linked = program("linked", |ctx: Ctx| async move {
        ctx.spawn_link(|_| async move { boom() });
        wait_forever(&ctx).await;
    });
    assert_eq!(tellings(&linked, no_halt()), ["main: boom"]);
    let crashed = program("crashed", |ctx: Ctx| async move { crashing(&ctx) });
    let endings = every(&crashed, no_halt(), World::ending);
    assert_eq!(endings.into_keys().collect::<Vec<_>>(), [Some(Ending::Halted)]);
}

// --- deadlock ---

#[test]
fn a_deadlock_tells_who_waits_for_what_and_what_lies_unread() {
    let program = program("deadlock", |ctx: Ctx| async move {
        let child = ctx.spawn(|ctx| async move {
            ctx.recv_match(|&message| message == "wanted").await;
        });
        ctx.register("child", child).await.expect("the name is free");
        ctx.send(child, "one");
        ctx.send(child, "two");
        ctx.trap_exit(true);
        ctx.send_exit(ctx.pid(), boom());
        ctx.recv().await;
    });
    for settings in all_assumptions() {
        let stuck = every(&program, settings, |world| {
            let places = world.stuck().into_iter().map(|stuck| stuck.place.unwrap_or_default());
            assert!(places.into_iter().all(|place| place.contains("ends.rs")));
            let stuck = world.stuck().into_iter().map(|stuck| {
                (stuck.pid.number(), stuck.name.map(|name| name.to_string()), stuck.action, stuck.unread)
            });
            (world.ending(), stuck.collect::<Vec<_>>())
        });
        let expected = vec![
            (1, None, "receive", vec!["Exit(#PID<0.1.0>, boom)".to_owned()]),
            (2, Some("child".to_owned()), "receive", vec!["\"one\"".to_owned(), "\"two\"".to_owned()]),
        ];
        assert_eq!(stuck.into_keys().collect::<Vec<_>>(), [(Some(Ending::Deadlock), expected)]);
    }
}

#[test]
fn one_who_is_stuck_is_shown_with_its_name_its_place_and_its_mailbox() {
    let program = program("shown", |ctx: Ctx| async move {
        ctx.register("main", ctx.pid()).await.expect("the name is free");
        ctx.recv().await;
    });
    let run = Simulation::new(program).run(RoundRobin::new());
    let shown: Vec<String> = run.trace().alive.iter().map(ToString::to_string).collect();
    let [shown] = &shown[..] else { panic!("{shown:?}") };
    assert!(shown.starts_with("#PID<0.1.0> (main) waits in receive at tests/beam/ends.rs:"), "{shown}");
    assert!(shown.ends_with("; its mailbox is empty"), "{shown}");
}

#[test]
fn it_is_no_deadlock_while_a_timer_runs_or_after_the_main_process_has_ended() {
    let timer = program("timer", |ctx: Ctx| async move {
        ctx.send_after(ctx.pid(), SECOND, "ring");
        ctx.recv().await;
    });
    assert_eq!(tellings(&timer, instant()), ["silence"]);
    let ended = program("ended", |ctx: Ctx| async move {
        ctx.spawn(|ctx| async move { wait_forever(&ctx).await });
    });
    let endings = every(&ended, no_halt(), |world| (world.ending(), world.stuck().len()));
    assert_eq!(endings.into_keys().collect::<Vec<_>>(), [(Some(Ending::Idle), 1)]);
}
