//! The patience of a receive, and time that passes while processes can still run (fact 12).

use std::time::Duration;

use rashomon::kernel::Program;
use rashomon::{Clock, Delivery, program};

use crate::every::{all_assumptions, both_clocks, both_deliveries, instant, tellings, under};
use crate::{Ctx, SECOND, hear_now};

fn hasty(delivery: Delivery) -> rashomon::Settings {
    under(delivery, Clock::Hasty)
}

fn or_timeout(message: Option<&'static str>) -> &'static str {
    message.unwrap_or("timeout")
}

// --- fact 12 ---

/// The main process waits a second for a message that another sends without delay.
fn waits_for_a_message() -> impl Program {
    program("message or timeout", |ctx: Ctx| async move {
        let main = ctx.pid();
        ctx.spawn(move |ctx| async move { ctx.send(main, "message") });
        ctx.output(or_timeout(ctx.recv_timeout(SECOND).await));
    })
}

#[test]
fn a_patient_clock_waits_for_whoever_can_still_send() {
    for settings in both_deliveries() {
        assert_eq!(tellings(&waits_for_a_message(), settings), ["message"]);
    }
}

#[test]
fn a_hasty_clock_ends_a_wait_while_others_can_still_send() {
    for delivery in [Delivery::Instant, Delivery::Ordered] {
        assert_eq!(tellings(&waits_for_a_message(), hasty(delivery)), ["message", "timeout"]);
    }
}

#[test]
fn a_program_that_is_right_only_because_it_sleeps_is_wrong_on_a_slow_machine() {
    let program = program("sleeps", |ctx: Ctx| async move {
        ctx.spawn(|ctx| async move { ctx.output("written") });
        ctx.sleep(SECOND).await;
    });
    assert_eq!(tellings(&program, instant()), ["written"]);
    assert_eq!(tellings(&program, hasty(Delivery::Instant)), ["silence", "written"]);
}

#[test]
fn a_timer_message_may_overtake_one_that_can_still_be_sent() {
    let program = program("timer or message", |ctx: Ctx| async move {
        let main = ctx.pid();
        ctx.send_after(main, SECOND, "timer");
        ctx.spawn(move |ctx| async move { ctx.send(main, "message") });
        ctx.output(format!("{} {}", ctx.recv().await, ctx.recv().await));
    });
    for settings in both_deliveries() {
        assert_eq!(tellings(&program, settings), ["message timer"]);
    }
    for delivery in [Delivery::Instant, Delivery::Ordered] {
        assert_eq!(tellings(&program, hasty(delivery)), ["message timer", "timer message"]);
    }
}

#[test]
fn even_a_hasty_clock_keeps_the_order_of_deadlines() {
    let program = program("two timers", |ctx: Ctx| async move {
        let (one, two) = (SECOND, SECOND * 2);
        let main = ctx.pid();
        ctx.send_after(main, two, "later");
        ctx.send_after(main, one, "sooner");
        ctx.output(format!("{} {}", ctx.recv().await, ctx.recv().await));
    });
    assert_eq!(tellings(&program, instant()), ["sooner later"]);
    // The first may have fired before the second was started; then the second is due a second after that.
    assert_eq!(tellings(&program, hasty(Delivery::Instant)), ["later sooner", "sooner later"]);
}

#[test]
fn time_is_that_of_the_last_timer_that_fired() {
    let program = program("time", |ctx: Ctx| async move {
        let before = ctx.now().await;
        ctx.sleep(SECOND).await;
        let after = ctx.now().await;
        ctx.yield_now();
        ctx.output(format!("{before:?} {after:?} {:?}", ctx.now().await));
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["0ns 1s 1s"]);
    }
}

// --- receives ---

#[test]
fn a_message_that_is_there_is_taken_however_short_the_patience() {
    let there = |patience: Duration| {
        program("there", move |ctx: Ctx| async move {
            ctx.send(ctx.pid(), "message");
            ctx.output(or_timeout(ctx.recv_timeout(patience).await));
        })
    };
    for settings in all_assumptions() {
        for patience in [Duration::ZERO, Duration::from_nanos(1), SECOND] {
            assert_eq!(tellings(&there(patience), settings), ["message"]);
        }
    }
}

#[test]
fn a_poll_does_not_wait() {
    let program = program("poll", |ctx: Ctx| async move {
        let main = ctx.pid();
        ctx.spawn(move |ctx| async move { ctx.send(main, "message") });
        let first = or_timeout(ctx.try_recv().await);
        let second = or_timeout(ctx.recv_timeout(Duration::ZERO).await);
        ctx.output(format!("{first} {second} {:?}", ctx.now().await));
    });
    for settings in all_assumptions() {
        assert_eq!(
            tellings(&program, settings),
            ["message timeout 0ns", "timeout message 0ns", "timeout timeout 0ns"]
        );
    }
}

#[test]
fn a_wait_that_has_ended_is_over_though_a_message_comes_before_the_process_runs() {
    let program = program("ended", |ctx: Ctx| async move {
        let main = ctx.pid();
        ctx.spawn(move |ctx| async move { ctx.send(main, "message") });
        let first = or_timeout(ctx.recv_timeout(SECOND).await);
        ctx.output(format!("{first} [{}]", hear_now(&ctx).await));
    });
    // After a timeout the message is there, or not yet.
    assert_eq!(
        tellings(&program, hasty(Delivery::Instant)),
        ["message []", "timeout []", "timeout [message]"]
    );
}

#[test]
fn a_message_that_nobody_takes_does_not_end_a_wait_nor_begin_it_anew() {
    let program = program("not taken", |ctx: Ctx| async move {
        let main = ctx.pid();
        ctx.send_after(main, SECOND, "other");
        let taken = ctx.recv_match_timeout(|&message| message == "wanted", SECOND * 2).await;
        ctx.output(format!("{} {:?} {}", or_timeout(taken), ctx.now().await, hear_now(&ctx).await));
    });
    for settings in both_clocks() {
        assert_eq!(tellings(&program, settings), ["timeout 2s other"]);
    }
}

#[test]
fn a_message_due_before_the_wait_is_over_is_taken_by_whoever_is_fast_enough() {
    let program = program("sooner", |ctx: Ctx| async move {
        ctx.send_after(ctx.pid(), SECOND, "message");
        ctx.output(or_timeout(ctx.recv_timeout(SECOND * 2).await));
    });
    assert_eq!(tellings(&program, instant()), ["message"]);
    // Whoever gets the processor only when both are due has timed out.
    assert_eq!(tellings(&program, hasty(Delivery::Instant)), ["message", "timeout"]);
}

#[test]
fn of_a_message_and_a_timeout_that_are_due_together_either_may_win() {
    let program = program("together", |ctx: Ctx| async move {
        ctx.send_after(ctx.pid(), SECOND, "message");
        let first = or_timeout(ctx.recv_timeout(SECOND).await);
        ctx.output(format!("{first} [{}]", hear_now(&ctx).await));
    });
    // The message is older and there first, so it is not lost after a timeout.
    assert_eq!(tellings(&program, instant()), ["message []", "timeout [message]"]);
}

#[test]
fn a_sleep_takes_no_message() {
    let program = program("sleep", |ctx: Ctx| async move {
        ctx.send(ctx.pid(), "message");
        ctx.sleep(SECOND).await;
        ctx.sleep(Duration::ZERO).await;
        ctx.output(format!("{:?} {}", ctx.now().await, hear_now(&ctx).await));
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["1s message"]);
    }
}

#[test]
fn the_timeout_of_a_receive_that_got_its_message_never_comes() {
    let program = program("no second timeout", |ctx: Ctx| async move {
        ctx.send(ctx.pid(), "a");
        let first = or_timeout(ctx.recv_timeout(SECOND).await);
        ctx.send_after(ctx.pid(), SECOND * 5, "b");
        ctx.output(format!("{first} {} {:?}", ctx.recv().await, ctx.now().await));
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["a b 5s"]);
    }
}

#[test]
fn whoever_is_ended_while_it_waits_leaves_no_timeout_behind() {
    let program = program("ended while waiting", |ctx: Ctx| async move {
        let (child, monitor) = ctx.spawn_monitor(|ctx| async move {
            ctx.sleep(SECOND * 100).await;
        });
        ctx.kill(child);
        ctx.recv_down(monitor).await;
        ctx.sleep(SECOND).await;
        ctx.recv_any_match_timeout(|_| true, SECOND * 200).await;
        ctx.output(format!("{:?}", ctx.now().await));
    });
    for settings in both_deliveries() {
        assert_eq!(tellings(&program, settings), ["201s"]);
    }
}
