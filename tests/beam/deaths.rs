//! What a process leaves behind, and in which order the others learn of its death (fact 5).

use rashomon::kernel::Program;
use rashomon::program;

use crate::every::{all_assumptions, both_deliveries, instant, ordered, tellings};
use crate::{Ctx, SECOND, boom, hear_all};

#[test]
fn one_who_links_and_monitors_gets_the_exit_signal_first() {
    let death = |link_first: bool| {
        program("link and monitor", move |ctx: Ctx| async move {
            ctx.trap_exit(true);
            let child = ctx.spawn(|ctx| async move {
                ctx.recv().await;
                boom()
            });
            if link_first {
                ctx.link(child).await.expect("it waits");
            }
            ctx.monitor(child);
            if !link_first {
                ctx.link(child).await.expect("it waits");
            }
            ctx.monitor(child);
            ctx.send(child, "go");
            ctx.output(hear_all(&ctx).await);
        })
    };
    for settings in both_deliveries() {
        for link_first in [true, false] {
            assert_eq!(tellings(&death(link_first), settings), ["exit(boom),down(boom),down(boom)"]);
        }
    }
}

#[test]
fn the_last_message_of_a_process_comes_before_its_exit_signal() {
    let program = program("last words", |ctx: Ctx| async move {
        let main = ctx.pid();
        ctx.trap_exit(true);
        let child = ctx.spawn_link(move |ctx| async move {
            ctx.send(main, "last");
            boom()
        });
        ctx.monitor(child);
        ctx.output(hear_all(&ctx).await);
    });
    for settings in both_deliveries() {
        // The monitor may come too late.
        assert_eq!(
            tellings(&program, settings),
            ["last,exit(boom),down(boom)", "last,exit(boom),down(noproc)"]
        );
    }
}

/// The main process and another watch a victim, each by a link or by a monitor. The other tells the main process
/// what it has heard, and the main process tells in which order both came.
fn two_watchers(main_links: bool, other_links: bool) -> impl Program {
    program("two watchers", move |ctx: Ctx| async move {
        let main = ctx.pid();
        ctx.trap_exit(true);
        let victim = ctx.spawn(|ctx| async move {
            ctx.recv().await;
        });
        if main_links {
            ctx.link(victim).await.expect("it waits");
        } else {
            ctx.monitor(victim);
        }
        ctx.spawn(move |ctx| async move {
            ctx.trap_exit(true);
            if other_links {
                ctx.link(victim).await.expect("it waits");
            } else {
                ctx.monitor(victim);
            }
            ctx.send(victim, "go");
            ctx.recv_any().await;
            ctx.send(main, "other");
        });
        ctx.recv_any().await;
        let first_was_the_other = ctx.recv_timeout(SECOND).await.is_none();
        ctx.output(if first_was_the_other { "other first" } else { "main first" });
    })
}

#[test]
fn links_are_told_before_monitors_where_signals_are_instant() {
    // Whoever is told first may send before the next one is told.
    assert_eq!(tellings(&two_watchers(true, false), instant()), ["main first"]);
    assert_eq!(tellings(&two_watchers(false, true), instant()), ["main first", "other first"]);
}

#[test]
fn links_are_told_in_any_order() {
    assert_eq!(tellings(&two_watchers(true, true), instant()), ["main first", "other first"]);
}

#[test]
fn older_monitors_are_told_first_where_signals_are_instant() {
    // The main process's monitor is the older one.
    assert_eq!(tellings(&two_watchers(false, false), instant()), ["main first"]);
}

#[test]
fn nothing_orders_what_different_processes_hear_where_signals_travel() {
    for main_links in [true, false] {
        for other_links in [true, false] {
            let program = two_watchers(main_links, other_links);
            assert_eq!(tellings(&program, ordered()), ["main first", "other first"]);
        }
    }
}

#[test]
fn a_monitor_is_as_old_as_its_step_and_not_as_its_reference() {
    // The main process asks for its monitor in the same breath in which it tells the other to go on, so its monitor
    // may be made before the other's or after it.
    let program = program("age", |ctx: Ctx| async move {
        let main = ctx.pid();
        let victim = ctx.spawn(|ctx| async move {
            ctx.recv_match(|&message| message == "main").await;
            ctx.recv_match(|&message| message == "other").await;
        });
        let other = ctx.spawn(move |ctx| async move {
            ctx.recv().await;
            ctx.monitor(victim);
            ctx.send(victim, "other");
            ctx.recv_any().await;
            ctx.send(main, "other");
        });
        ctx.send(other, "go");
        ctx.monitor(victim);
        ctx.send(victim, "main");
        ctx.recv_any().await;
        let first_was_the_other = ctx.recv_timeout(SECOND).await.is_none();
        ctx.output(if first_was_the_other { "other first" } else { "main first" });
    });
    for settings in both_deliveries() {
        assert_eq!(tellings(&program, settings), ["main first", "other first"]);
    }
}

#[test]
fn whoever_hears_of_a_death_finds_nothing_left_of_it() {
    let death = |by_link: bool| {
        program("nothing left", move |ctx: Ctx| async move {
            ctx.trap_exit(true);
            let child = ctx.spawn(|ctx| async move {
                ctx.register("child", ctx.pid()).await.expect("the name is free");
                ctx.recv().await;
            });
            let monitor = ctx.monitor(child);
            ctx.link(child).await.expect("it waits for a message");
            ctx.send(child, "go");
            if by_link {
                ctx.recv_exit(child).await;
            } else {
                ctx.recv_down(monitor).await;
            }
            let holder = ctx.whereis("child").await;
            let alive = ctx.is_alive(child).await;
            let known = ctx.info(child).await.is_some();
            let named = ctx.register("child", ctx.pid()).await.is_ok();
            ctx.output(format!("{holder:?} {alive} {known} {named}"));
        })
    };
    for settings in all_assumptions() {
        for by_link in [true, false] {
            assert_eq!(tellings(&death(by_link), settings), ["None false false true"]);
        }
    }
}

#[test]
fn after_the_news_of_a_death_nothing_more_comes_from_the_dead() {
    let program = program("nothing more", |ctx: Ctx| async move {
        let main = ctx.pid();
        let (child, monitor) = ctx.spawn_monitor(move |ctx| async move {
            ctx.send(main, "one");
            ctx.send(main, "two");
        });
        ctx.kill(child);
        ctx.recv_down(monitor).await;
        let before = crate::hear_now(&ctx).await;
        ctx.output(format!("{before}|{}", hear_all(&ctx).await));
    });
    for settings in both_deliveries() {
        assert_eq!(tellings(&program, settings), ["one,two|nothing", "one|nothing", "|nothing"]);
    }
}

#[test]
fn whoever_hears_of_a_killing_from_the_killer_sends_to_the_dead() {
    let program = program("killer tells", |ctx: Ctx| async move {
        let main = ctx.pid();
        let victim = ctx.spawn(|ctx| async move {
            ctx.recv().await;
            ctx.output("handled");
        });
        ctx.spawn(move |ctx| async move {
            ctx.kill(victim);
            ctx.send(main, "killed");
        });
        ctx.recv().await;
        ctx.send(victim, "message");
        ctx.sleep(SECOND).await;
    });
    assert_eq!(tellings(&program, instant()), ["silence"]);
    // Only the order of each pair is promised: the message may overtake the exit signal.
    assert_eq!(tellings(&program, ordered()), ["handled", "silence"]);
}
