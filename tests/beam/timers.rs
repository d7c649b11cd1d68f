//! Timers that send: to names (fact 6), to pids (fact 7), beyond the life of who started them (fact 5), and in which
//! order they fire.

use std::time::Duration;

use rashomon::kernel::Program;
use rashomon::{Clock, Delivery, program};

use crate::every::{all_assumptions, both_clocks, both_deliveries, instant, tellings, under};
use crate::{Ctx, SECOND, hear_all, hear_now, wait_forever};

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

fn left(remaining: Option<Duration>) -> String {
    remaining.map_or_else(|| "none".to_owned(), |left| left.as_secs().to_string())
}

// --- fact 6 ---

#[test]
fn a_timer_to_a_name_looks_the_name_up_when_it_fires() {
    let program = program("named later", |ctx: Ctx| async move {
        ctx.send_after_named("main", seconds(2), "ring");
        ctx.sleep(SECOND).await;
        ctx.register("main", ctx.pid()).await.expect("the name is free");
        ctx.output(hear_all(&ctx).await);
    });
    assert_eq!(tellings(&program, instant()), ["ring"]);
    // On a loaded machine the timer may fire before the name is there.
    assert_eq!(tellings(&program, under(Delivery::Instant, Clock::Hasty)), ["nothing", "ring"]);
}

#[test]
fn a_timer_to_a_name_rings_at_who_holds_it_then() {
    let program = program("moved", |ctx: Ctx| async move {
        let first = ctx.spawn(|ctx| async move { wait_forever(&ctx).await });
        ctx.register("name", first).await.expect("the name is free");
        ctx.send_after_named("name", SECOND, "ring");
        ctx.unregister("name").await.expect("it is registered");
        ctx.register("name", ctx.pid()).await.expect("the name is free");
        ctx.output(hear_all(&ctx).await);
    });
    for settings in both_deliveries() {
        assert_eq!(tellings(&program, settings), ["ring"]);
    }
}

#[test]
fn a_timer_to_a_name_that_nobody_holds_is_lost_and_harms_nobody() {
    let program = program("to nobody", |ctx: Ctx| async move {
        let timer = ctx.send_after_named("nobody", SECOND, "lost");
        let running = left(ctx.read_timer(timer).await);
        let heard = hear_all(&ctx).await;
        ctx.output(format!("{running} {heard} {}", left(ctx.read_timer(timer).await)));
    });
    for settings in both_deliveries() {
        assert_eq!(tellings(&program, settings), ["1 nothing none"]);
    }
}

#[test]
fn a_timer_to_a_name_does_not_die_with_its_holder() {
    let program = program("holder dies", |ctx: Ctx| async move {
        let (child, monitor) = ctx.spawn_monitor(|ctx| async move { wait_forever(&ctx).await });
        ctx.register("name", child).await.expect("the name is free");
        let timer = ctx.send_after_named("name", SECOND, "ring");
        ctx.kill(child);
        ctx.recv_down(monitor).await;
        let running = left(ctx.read_timer(timer).await);
        ctx.register("name", ctx.pid()).await.expect("the name is free");
        ctx.output(format!("{running} {}", hear_all(&ctx).await));
    });
    for settings in both_deliveries() {
        assert_eq!(tellings(&program, settings), ["1 ring"]);
    }
}

// --- fact 7 ---

#[test]
fn a_timer_to_a_pid_dies_with_that_pid() {
    let program = program("receiver dies", |ctx: Ctx| async move {
        let (child, monitor) = ctx.spawn_monitor(|ctx| async move { wait_forever(&ctx).await });
        let timer = ctx.send_after(child, SECOND, "lost");
        let before = left(ctx.read_timer(timer).await);
        ctx.kill(child);
        ctx.recv_down(monitor).await;
        let after = left(ctx.read_timer(timer).await);
        let cancelled = left(ctx.cancel_timer(timer).await);
        ctx.output(format!("{before} {after} {cancelled}"));
    });
    for settings in both_deliveries() {
        assert_eq!(tellings(&program, settings), ["1 none none"]);
    }
}

#[test]
fn a_timer_to_the_dead_is_none() {
    let program = program("to the dead", |ctx: Ctx| async move {
        let (child, monitor) = ctx.spawn_monitor(|_| async move {});
        ctx.recv_down(monitor).await;
        let timer = ctx.send_after(child, SECOND, "lost");
        let read = left(ctx.read_timer(timer).await);
        ctx.output(format!("{read} {}", left(ctx.cancel_timer(timer).await)));
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["none none"]);
    }
}

#[test]
fn only_the_first_cancel_gets_what_is_left() {
    let program = program("cancelled twice", |ctx: Ctx| async move {
        let timer = ctx.send_after(ctx.pid(), seconds(10), "never");
        ctx.sleep(seconds(3)).await;
        let read = left(ctx.read_timer(timer).await);
        let first = left(ctx.cancel_timer(timer).await);
        let second = left(ctx.cancel_timer(timer).await);
        let read_again = left(ctx.read_timer(timer).await);
        ctx.sleep(seconds(10)).await;
        ctx.output(format!("{read} {first} {second} {read_again} [{}]", hear_now(&ctx).await));
    });
    assert_eq!(tellings(&program, instant()), ["7 7 none none []"]);
}

#[test]
fn of_two_processes_that_cancel_a_timer_one_gets_what_is_left() {
    let program = program("two cancel", |ctx: Ctx| async move {
        let main = ctx.pid();
        let timer = ctx.send_after(main, SECOND, "never");
        ctx.spawn(move |ctx| async move {
            let got = ctx.cancel_timer(timer).await;
            ctx.send(main, if got == Some(SECOND) { "all of it" } else { "none" });
        });
        let mine = left(ctx.cancel_timer(timer).await);
        ctx.output(format!("{mine}, {}", hear_all(&ctx).await));
    });
    for settings in both_deliveries() {
        assert_eq!(tellings(&program, settings), ["1, none", "none, all of it"]);
    }
}

#[test]
fn anybody_may_read_and_cancel_a_timer() {
    let program = program("another's timer", |ctx: Ctx| async move {
        let main = ctx.pid();
        let timer = ctx.send_after(main, SECOND, "never");
        ctx.spawn(move |ctx| async move {
            let read = ctx.read_timer(timer).await;
            let cancelled = ctx.cancel_timer(timer).await;
            assert_eq!((read, cancelled), (Some(SECOND), Some(SECOND)));
            ctx.send(main, "cancelled");
        });
        ctx.output(hear_all(&ctx).await);
    });
    for settings in both_deliveries() {
        assert_eq!(tellings(&program, settings), ["cancelled"]);
    }
}

#[test]
fn a_timer_that_has_fired_is_over_and_its_message_stays() {
    let program = program("fired", |ctx: Ctx| async move {
        let timer = ctx.send_after(ctx.pid(), SECOND, "ring");
        ctx.sleep(seconds(2)).await;
        let read = left(ctx.read_timer(timer).await);
        let cancelled = left(ctx.cancel_timer(timer).await);
        ctx.output(format!("{read} {cancelled} {}", hear_now(&ctx).await));
    });
    for settings in both_clocks() {
        assert_eq!(tellings(&program, settings), ["none none ring"]);
    }
}

#[test]
fn a_timer_fires_or_is_cancelled_but_never_both_nor_neither() {
    let program = program("close", |ctx: Ctx| async move {
        let timer = ctx.send_after(ctx.pid(), SECOND, "ring");
        let cancelled = left(ctx.cancel_timer(timer).await);
        let now = hear_now(&ctx).await;
        ctx.output(format!("{cancelled} [{now}]"));
    });
    assert_eq!(tellings(&program, instant()), ["1 []"]);
    assert_eq!(tellings(&program, under(Delivery::Instant, Clock::Hasty)), ["1 []", "none [ring]"]);
}

#[test]
fn a_reference_that_is_no_timer_has_nothing_left() {
    let program = program("no timer", |ctx: Ctx| async move {
        let reference = ctx.make_reference();
        let read = left(ctx.read_timer(reference).await);
        ctx.output(format!("{read} {}", left(ctx.cancel_timer(reference).await)));
    });
    assert_eq!(tellings(&program, instant()), ["none none"]);
}

#[test]
fn a_timer_of_no_time_has_zero_left_and_not_none() {
    let program = program("no time", |ctx: Ctx| async move {
        let timer = ctx.send_after(ctx.pid(), Duration::ZERO, "ring");
        let cancelled = left(ctx.cancel_timer(timer).await);
        ctx.output(format!("{cancelled} {}", hear_all(&ctx).await));
    });
    for settings in both_deliveries() {
        // It may be due before it is cancelled.
        assert_eq!(tellings(&program, settings), ["0 nothing", "none ring"]);
    }
}

// --- fact 5 ---

#[test]
fn a_timer_outlives_who_started_it() {
    let program = program("starter dies", |ctx: Ctx| async move {
        let main = ctx.pid();
        let (_, monitor) = ctx.spawn_monitor(move |ctx| async move {
            ctx.send_after(main, SECOND, "ring");
        });
        ctx.recv_down(monitor).await;
        ctx.output(ctx.recv().await);
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["ring"]);
    }
}

// --- their order ---

/// One process starts timers, to itself, of so many seconds each.
fn started(delays: &'static [u64]) -> impl Program {
    const NAMES: [&str; 4] = ["a", "b", "c", "d"];
    program("started", move |ctx: Ctx| async move {
        for (&delay, name) in delays.iter().zip(NAMES) {
            ctx.send_after(ctx.pid(), seconds(delay), name);
        }
        let mut heard = Vec::new();
        for _ in delays {
            heard.push(ctx.recv().await);
        }
        ctx.output(heard.concat());
    })
}

#[test]
fn timers_fire_in_the_order_of_their_deadlines() {
    for settings in both_deliveries() {
        assert_eq!(tellings(&started(&[3, 1, 2]), settings), ["bca"]);
    }
    // A slow machine may start one only after another has fired: a before the others; b, so that c is due with a, which
    // is older; or none.
    assert_eq!(tellings(&started(&[3, 1, 2]), under(Delivery::Instant, Clock::Hasty)), ["abc", "bac", "bca"]);
}

#[test]
fn timers_of_one_process_with_one_deadline_fire_in_the_order_of_their_start() {
    for settings in all_assumptions() {
        assert_eq!(tellings(&started(&[1, 1, 1]), settings), ["abc"]);
    }
    assert_eq!(tellings(&started(&[2, 1, 2, 1]), instant()), ["bdac"]);
}

#[test]
fn timers_of_different_processes_with_one_deadline_fire_in_any_order() {
    let program = program("of two", |ctx: Ctx| async move {
        let main = ctx.pid();
        for name in ["a", "b"] {
            ctx.spawn(move |ctx| async move {
                ctx.send_after(main, SECOND, name);
            });
        }
        ctx.output([ctx.recv().await, ctx.recv().await].concat());
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["ab", "ba"]);
    }
}

#[test]
fn those_who_sleep_equally_long_wake_in_any_order() {
    let program = program("sleepers", |ctx: Ctx| async move {
        let main = ctx.pid();
        for name in ["a", "b"] {
            ctx.spawn(move |ctx| async move {
                ctx.sleep(SECOND).await;
                ctx.send(main, name);
            });
        }
        ctx.output([ctx.recv().await, ctx.recv().await].concat());
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["ab", "ba"]);
    }
}

#[test]
fn deadlines_count_from_when_a_timer_was_started() {
    // Due at 3, and at 1 + 1.
    let program = program("absolute", |ctx: Ctx| async move {
        ctx.send_after(ctx.pid(), seconds(3), "a");
        ctx.sleep(SECOND).await;
        ctx.send_after(ctx.pid(), SECOND, "b");
        let heard = [ctx.recv().await, ctx.recv().await].concat();
        ctx.output(format!("{heard} {}", ctx.now().await.as_secs()));
    });
    assert_eq!(tellings(&program, instant()), ["ba 3"]);
}

#[test]
fn a_message_sent_at_once_and_a_timer_of_no_time_come_in_any_order() {
    // On an idle BEAM the message is first; on a busy one the timer may be.
    let program = program("no time, message", |ctx: Ctx| async move {
        ctx.send_after(ctx.pid(), Duration::ZERO, "timer");
        ctx.send(ctx.pid(), "message");
        ctx.output(format!("{} {}", ctx.recv().await, ctx.recv().await));
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["message timer", "timer message"]);
    }
}
