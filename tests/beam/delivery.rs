//! Which sends race (fact 10), which orders are promised (fact 11), and messages to oneself (fact 13).

use std::time::Duration;

use rashomon::kernel::{Program, World};
use rashomon::{Clock, Delivery, Simulation, program};

use crate::every::{all_assumptions, every, instant, ordered, tellings, under};
use crate::{Ctx, SECOND, boom, hear_now, wait_forever};

// --- fact 10 ---

/// Two processes send one message each; the main process receives both in some way.
macro_rules! two_senders {
    ($first:literal, $second:literal, |$ctx:ident| $receive:expr) => {
        program("two senders", |$ctx: Ctx| async move {
            let main = $ctx.pid();
            for message in [$first, $second] {
                $ctx.spawn(move |ctx| async move { ctx.send(main, message) });
            }
            let heard: String = $receive;
            $ctx.output(heard);
        })
    };
}

#[test]
fn two_sends_race_if_the_receiver_takes_whatever_comes_first() {
    let program = two_senders!("a", "b", |ctx| [ctx.recv().await, ctx.recv().await].concat());
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["ab", "ba"]);
    }
}

#[test]
fn two_sends_do_not_race_if_the_receiver_asks_for_one_after_the_other() {
    let program = two_senders!("a", "b", |ctx| {
        let first = ctx.recv_match(|&message| message == "a").await;
        [first, ctx.recv_match(|&message| message == "b").await].concat()
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["ab"]);
    }
}

#[test]
fn two_sends_of_equal_messages_do_not_race() {
    let program = two_senders!("a", "a", |ctx| [ctx.recv().await, ctx.recv().await].concat());
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["aa"]);
    }
}

#[test]
fn a_poll_tells_how_far_the_senders_have_come() {
    let program = two_senders!("a", "b", |ctx| {
        let now = hear_now(&ctx).await;
        format!("[{now}]")
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["[]", "[a,b]", "[a]", "[b,a]", "[b]"]);
    }
}

#[test]
fn a_poll_for_one_message_races_with_its_send_but_not_with_the_other() {
    let program = two_senders!("a", "b", |ctx| {
        let polled = ctx.recv_match_timeout(|&message| message == "a", Duration::ZERO).await;
        ctx.recv_match(|&message| message == "b").await;
        format!("{polled:?}")
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["None", "Some(\"a\")"]);
    }
}

#[test]
fn a_selective_receive_leaves_the_others_in_their_order() {
    let program = program("selective", |ctx: Ctx| async move {
        for message in ["a", "b", "c", "b"] {
            ctx.send(ctx.pid(), message);
        }
        let taken = ctx.recv_match(|&message| message == "b").await;
        ctx.output(format!("{taken} {}", hear_now(&ctx).await));
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["b a,c,b"]);
    }
}

// --- fact 11 ---

#[test]
fn messages_of_one_process_to_another_never_overtake_each_other() {
    let program = program("a pair", |ctx: Ctx| async move {
        let main = ctx.pid();
        ctx.spawn(move |ctx| async move {
            for message in ["a", "b", "c"] {
                ctx.send(main, message);
            }
        });
        ctx.output([ctx.recv().await, ctx.recv().await, ctx.recv().await].concat());
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["abc"]);
    }
}

/// The main process sends to C, then tells B, and B sends to C.
fn triangle() -> impl Program + Sync {
    program("triangle", |ctx: Ctx| async move {
        let c = ctx.spawn(|ctx| async move {
            ctx.output([ctx.recv().await, ctx.recv().await].concat());
        });
        let b = ctx.spawn(move |ctx| async move {
            ctx.recv().await;
            ctx.send(c, "2");
        });
        ctx.send(c, "1");
        ctx.send(b, "tell");
        wait_forever(&ctx).await;
    })
}

#[test]
fn a_message_that_caused_another_is_there_first_where_signals_are_instant() {
    assert_eq!(tellings(&triangle(), instant()), ["12; deadlock"]);
}

#[test]
fn a_message_may_overtake_the_one_that_caused_it_where_signals_travel() {
    assert_eq!(tellings(&triangle(), ordered()), ["12; deadlock", "21; deadlock"]);
}

#[test]
fn a_sweep_over_seeds_finds_what_every_ordering_has_and_nothing_else() {
    for settings in [instant(), ordered()] {
        let exact = every(&triangle(), settings, World::outcome);
        let report = Simulation::new(triangle()).with_settings(settings).sweep(0..500).run();
        assert!(report.outcomes.keys().eq(exact.keys()), "{report}");
        assert_eq!(report.runs, 500);
    }
}

#[test]
fn an_exit_signal_may_be_overtaken_like_a_message() {
    let program = program("overtaken", |ctx: Ctx| async move {
        let main = ctx.pid();
        let (victim, monitor) = ctx.spawn_monitor(|ctx| async move {
            ctx.recv().await;
            ctx.output("handled");
        });
        ctx.spawn(move |ctx| async move {
            ctx.send_exit(victim, boom());
            ctx.send(main, "told");
        });
        ctx.recv().await;
        ctx.send(victim, "message");
        ctx.recv_down(monitor).await;
    });
    assert_eq!(tellings(&program, instant()), ["silence"]);
    assert_eq!(tellings(&program, ordered()), ["handled", "silence"]);
}

#[test]
fn the_news_of_a_death_may_be_overtaken_by_what_others_say_of_it() {
    let program = program("news", |ctx: Ctx| async move {
        let main = ctx.pid();
        let (victim, _) = ctx.spawn_monitor(|ctx| async move { wait_forever(&ctx).await });
        ctx.spawn(move |ctx| async move {
            let monitor = ctx.monitor(victim);
            ctx.kill(victim);
            ctx.recv_down(monitor).await;
            ctx.send(main, "told");
        });
        let first = crate::show(&ctx.recv_any().await);
        ctx.output(format!("{first} {}", crate::show(&ctx.recv_any().await)));
    });
    // The other's monitor is the younger one.
    assert_eq!(tellings(&program, instant()), ["down(killed) told"]);
    assert_eq!(tellings(&program, ordered()), ["down(killed) told", "told down(killed)"]);
}

#[test]
fn a_signal_that_was_sent_arrives_though_its_sender_is_dead() {
    let program = program("sender dies", |ctx: Ctx| async move {
        let main = ctx.pid();
        let (_, monitor) = ctx.spawn_monitor(move |ctx| async move { ctx.send(main, "last") });
        ctx.recv_down(monitor).await;
        ctx.output(hear_now(&ctx).await);
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["last"]);
    }
}

#[test]
fn what_travels_has_arrived_before_a_patient_clock_moves() {
    let program = program("patience", |ctx: Ctx| async move {
        let child =
            ctx.spawn(|ctx| async move { ctx.output(format!("{:?}", ctx.recv_timeout(SECOND).await)) });
        ctx.send(child, "message");
        ctx.sleep(SECOND).await;
    });
    assert_eq!(tellings(&program, ordered()), ["Some(\"message\")"]);
    assert_eq!(
        tellings(&program, under(Delivery::Ordered, Clock::Hasty)),
        ["None", "Some(\"message\")", "silence"]
    );
}

// --- fact 13 ---

#[test]
fn a_message_to_oneself_is_there_at_once() {
    let program = program("oneself", |ctx: Ctx| async move {
        ctx.send(ctx.pid(), "by pid");
        ctx.register("main", ctx.pid()).await.expect("the name is free");
        ctx.send_named("main", "by name").await.expect("it is registered");
        ctx.output(hear_now(&ctx).await);
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["by pid,by name"]);
    }
}

#[test]
fn a_message_to_oneself_comes_after_what_has_arrived_and_before_the_answer_to_a_question() {
    let program = program("question", |ctx: Ctx| async move {
        let main = ctx.pid();
        let server = ctx.spawn(move |ctx| async move {
            ctx.recv().await;
            ctx.send(main, "answer");
        });
        ctx.send(main, "before");
        ctx.send(main, "after");
        ctx.send(server, "question");
        ctx.output([ctx.recv().await, ctx.recv().await, ctx.recv().await].join(","));
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["before,after,answer"]);
    }
}
