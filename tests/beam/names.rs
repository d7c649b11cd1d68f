//! Registered names: who can have one, for how long, and what a send to one does (facts 6 and 9).

use rashomon::kernel::Refusal;
use rashomon::{Pid, program};

use crate::every::{all_assumptions, both_deliveries, instant, tellings};
use crate::{Ctx, hear_all, hear_now, wait_forever};

fn waiting(ctx: &Ctx) -> Pid {
    ctx.spawn(|ctx| async move { wait_forever(&ctx).await })
}

fn said<T>(result: Result<T, Refusal>) -> String {
    match result {
        Ok(_) => "done".to_owned(),
        Err(refusal) => format!("{refusal:?}"),
    }
}

// --- fact 9 ---

#[test]
fn a_name_that_is_taken_is_refused() {
    let program = program("taken", |ctx: Ctx| async move {
        let other = waiting(&ctx);
        ctx.register("name", ctx.pid()).await.expect("the name is free");
        let by_another = ctx.register("name", other).await;
        let by_the_holder = ctx.register("name", ctx.pid()).await;
        ctx.output(format!("{} {}", said(by_another), said(by_the_holder)));
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["NameTaken NameTaken"]);
    }
}

#[test]
fn the_dead_cannot_have_a_name() {
    let program = program("dead", |ctx: Ctx| async move {
        let (child, monitor) = ctx.spawn_monitor(|_| async move {});
        ctx.recv_down(monitor).await;
        ctx.output(said(ctx.register("name", child).await));
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["NotAlive"]);
    }
}

#[test]
fn a_process_has_one_name_at_most() {
    let program = program("one name", |ctx: Ctx| async move {
        ctx.register("first", ctx.pid()).await.expect("the name is free");
        let second = ctx.register("second", ctx.pid()).await;
        ctx.unregister("first").await.expect("it is registered");
        let again = ctx.register("second", ctx.pid()).await;
        ctx.output(format!("{} {} {:?}", said(second), said(again), ctx.registered().await));
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["AlreadyNamed done [:second]"]);
    }
}

#[test]
fn anybody_may_name_another_and_free_its_name() {
    let program = program("another's name", |ctx: Ctx| async move {
        let other = waiting(&ctx);
        let named = ctx.register("other", other).await;
        let found = ctx.whereis("other").await == Some(other);
        let freed = ctx.unregister("other").await;
        let lost = ctx.whereis("other").await;
        ctx.output(format!("{} {found} {} {lost:?}", said(named), said(freed)));
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["done true done None"]);
    }
}

#[test]
fn a_name_that_nobody_has_cannot_be_freed() {
    let program = program("not registered", |ctx: Ctx| async move {
        ctx.output(format!("{} {:?}", said(ctx.unregister("nobody").await), ctx.whereis("nobody").await));
    });
    assert_eq!(tellings(&program, instant()), ["NotRegistered None"]);
}

#[test]
fn of_two_who_want_a_name_one_gets_it() {
    let program = program("two want it", |ctx: Ctx| async move {
        ctx.spawn(|ctx| async move {
            let result = ctx.register("name", ctx.pid()).await;
            ctx.output(said(result));
            wait_forever(&ctx).await;
        });
        let result = ctx.register("name", ctx.pid()).await;
        ctx.output(said(result));
        wait_forever(&ctx).await;
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["NameTaken; done; deadlock", "done; NameTaken; deadlock"]);
    }
}

#[test]
fn names_are_listed_in_ascending_order() {
    let program = program("listed", |ctx: Ctx| async move {
        for name in ["b", "c", "a"] {
            let child = waiting(&ctx);
            ctx.register(name, child).await.expect("the name is free");
        }
        ctx.output(format!("{:?}", ctx.registered().await));
    });
    for settings in both_deliveries() {
        assert_eq!(tellings(&program, settings), ["[:a, :b, :c]"]);
    }
}

// --- names of the dying ---

/// A named process is killed; its killer then does something with the name.
macro_rules! after_the_killing {
    ($name:literal, |$ctx:ident, $victim:ident| $do:expr) => {
        program($name, |$ctx: Ctx| async move {
            let $victim = waiting(&$ctx);
            $ctx.register("victim", $victim).await.expect("the name is free");
            $ctx.kill($victim);
            let said: String = $do;
            $ctx.output(said);
        })
    };
}

#[test]
fn the_dying_hold_their_name_until_they_are_gone() {
    let found = after_the_killing!("whereis", |ctx, victim| {
        (ctx.whereis("victim").await == Some(victim)).to_string()
    });
    let sent = after_the_killing!("send", |ctx, _victim| said(ctx.send_named("victim", "lost").await));
    let taken = after_the_killing!("register", |ctx, _victim| said(ctx.register("victim", ctx.pid()).await));
    let freed = after_the_killing!("unregister", |ctx, _victim| said(ctx.unregister("victim").await));
    for settings in all_assumptions() {
        assert_eq!(tellings(&found, settings), ["false", "true"]);
        assert_eq!(tellings(&sent, settings), ["NotRegistered", "done"]);
        assert_eq!(tellings(&taken, settings), ["NameTaken", "done"]);
        assert_eq!(tellings(&freed, settings), ["NotRegistered", "done"]);
    }
}

#[test]
fn the_dying_can_be_given_a_name() {
    let program = program("named while dying", |ctx: Ctx| async move {
        let victim = waiting(&ctx);
        ctx.kill(victim);
        ctx.output(said(ctx.register("victim", victim).await));
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["NotAlive", "done"]);
    }
}

#[test]
fn once_a_process_is_known_to_be_dead_its_name_is_free() {
    let asked = after_the_killing!("alive?", |ctx, victim| {
        let alive = ctx.is_alive(victim).await;
        let held = ctx.whereis("victim").await.is_some();
        format!("{alive} {held} {}", said(ctx.register("victim", ctx.pid()).await))
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&asked, settings), ["false false done"]);
    }
}

// --- fact 6: sends to names ---

#[test]
fn a_send_to_a_name_that_nobody_has_is_an_error() {
    let program = program("to nobody", |ctx: Ctx| async move {
        ctx.output(said(ctx.send_named("nobody", "message").await));
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["NotRegistered"]);
    }
}

#[test]
fn a_send_to_the_pid_of_the_dead_is_silent() {
    let program = program("to the dead", |ctx: Ctx| async move {
        let (child, monitor) = ctx.spawn_monitor(|_| async move {});
        ctx.recv_down(monitor).await;
        ctx.send(child, "lost");
        ctx.output(hear_all(&ctx).await);
    });
    for settings in both_deliveries() {
        assert_eq!(tellings(&program, settings), ["nothing"]);
    }
}

#[test]
fn a_send_to_a_name_that_another_registers_races_with_that() {
    let program = program("registers itself", |ctx: Ctx| async move {
        ctx.spawn(|ctx| async move {
            ctx.register("child", ctx.pid()).await.expect("the name is free");
            wait_forever(&ctx).await;
        });
        ctx.output(said(ctx.send_named("child", "message").await));
    });
    for settings in all_assumptions() {
        assert_eq!(tellings(&program, settings), ["NotRegistered", "done"]);
    }
}

#[test]
fn a_send_to_a_name_goes_to_who_holds_it_when_it_is_sent() {
    let program = program("moved", |ctx: Ctx| async move {
        let [first, second] = ["first", "second"].map(|name| {
            ctx.spawn(move |ctx| async move {
                ctx.output(format!("{name} {}", ctx.recv().await));
                wait_forever(&ctx).await;
            })
        });
        ctx.register("name", first).await.expect("the name is free");
        ctx.send_named("name", "a").await.expect("it is registered");
        ctx.unregister("name").await.expect("it is registered");
        ctx.register("name", second).await.expect("the name is free");
        ctx.send_named("name", "b").await.expect("it is registered");
        wait_forever(&ctx).await;
    });
    for settings in both_deliveries() {
        assert_eq!(tellings(&program, settings), ["first a; second b; deadlock"]);
    }
}

#[test]
fn a_message_to_a_name_keeps_its_place_among_those_to_the_pid() {
    let program = program("in order", |ctx: Ctx| async move {
        let main = ctx.pid();
        ctx.register("main", main).await.expect("the name is free");
        ctx.spawn(move |ctx| async move {
            ctx.send(main, "a");
            ctx.send_named("main", "b").await.expect("it is registered");
            ctx.send(main, "c");
        });
        let heard = [ctx.recv().await, ctx.recv().await, ctx.recv().await];
        ctx.output(format!("{heard:?} {}", hear_now(&ctx).await));
    });
    for settings in both_deliveries() {
        assert_eq!(tellings(&program, settings), ["[\"a\", \"b\", \"c\"] "]);
    }
}
