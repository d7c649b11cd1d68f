//! Whatever the code of a process does, its world survives, and says what was wrong and where.

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::panic::{Location, catch_unwind, panic_any, resume_unwind};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;

use rashomon::kernel::{Crash, Program};
use rashomon::native::Native;
use rashomon::{Ctx, Delivery, Ending, Halt, Limits, Outcome, Pid, Random, RoundRobin, Simulation, program};

#[path = "support/block_on.rs"]
mod block_on;
use block_on::block_on;

type Number = Ctx<u64>;

const CHILD: Pid = Pid::from_number(2);

/// Runs a child that goes on like this, beside a main process that writes down what the child sends, and how it ends.
fn beside<Fut>(child: impl Fn(Number, Pid) -> Fut + Clone + 'static) -> Outcome
where
    Fut: Future<Output = ()> + 'static,
{
    let program = program("beside", move |ctx: Number| {
        let child = child.clone();
        async move {
            let main = ctx.pid();
            let (_, reference) = ctx.spawn_monitor(move |ctx| child(ctx, main));
            let reason = ctx.recv_down(reference).await;
            while let Some(number) = ctx.try_recv().await {
                ctx.output(format!("got {number}"));
            }
            ctx.output(format!("down: {reason}"));
        }
    });
    let run = Simulation::new(program).run(RoundRobin::new());
    assert_eq!(run.outcome().ending, Some(Ending::Halted), "{run}");
    run.outcome().clone()
}

fn only_crash(outcome: &Outcome) -> &Crash {
    assert_eq!(outcome.crashes.len(), 1, "{outcome}");
    &outcome.crashes[0]
}

fn lines(outcome: &Outcome) -> Vec<&str> {
    outcome.lines().map(|(_, line)| line).collect()
}

/// The child is ended for this, and those who watch it are told the same.
#[track_caller]
fn assert_ended_for(outcome: &Outcome, wrong: &str) {
    let crash = only_crash(outcome);
    assert!(crash.pid == CHILD && crash.report.contains(wrong), "{crash:?}");
    assert_eq!(lines(outcome).last().copied(), Some(format!("down: {}", crash.report).as_str()));
    assert_eq!(crash.reason, crash.report);
}

#[test]
fn a_panic_is_a_crash_with_its_message_and_its_place_and_what_was_sent_before_stays_sent() {
    let outcome = beside(|ctx, main| async move {
        ctx.send(main, 1);
        ctx.send(main, 2);
        ctx.sleep(std::time::Duration::from_secs(1)).await;
        ctx.send(main, 3);
        let number = "".parse::<u64>().ok();
        ctx.send(main, number.expect("there should be a number"));
    });
    assert_eq!(lines(&outcome)[..3], ["got 1", "got 2", "got 3"]);
    let report = &only_crash(&outcome).report;
    let line = line!() - 4;
    assert!(
        report.starts_with(&format!(
            "panicked at tests/foreign_code.rs:{line}:31: there should be a number (process "
        )),
        "{report}"
    );
    assert_ended_for(&outcome, "there should be a number");
}

#[test]
fn a_panic_of_the_main_process_ends_the_world_and_not_the_host() {
    let simulation = Simulation::new(program("main", |ctx: Number| async move {
        ctx.output("before");
        assert!(ctx.draw(1).await > 0, "zero is not enough");
    }));
    for halt in [Halt::WithMain, Halt::Never] {
        let run = simulation.clone_with(halt).run(RoundRobin::new());
        assert_eq!((run.outcome().ending, lines(run.outcome())), (Some(Ending::Halted), vec!["before"]));
        assert!(run.outcome().main_exit.as_ref().is_some_and(|reason| reason.contains("zero is not enough")));
    }
    // The thread is as it was: its own panics are its own.
    assert!(catch_unwind(|| resume_unwind(Box::new("mine"))).is_err());
}

/// A simulation of the same program with another end.
trait CloneWith {
    fn clone_with(&self, halt: Halt) -> Simulation<&Self::Program>;
    type Program;
}

impl<G: Program> CloneWith for Simulation<G> {
    type Program = G;
    fn clone_with(&self, halt: Halt) -> Simulation<&G> {
        Simulation::new(self.program()).halt(halt)
    }
}

#[test]
fn a_panic_without_a_text_still_tells_its_place() {
    let line = line!() + 1;
    let outcome = beside(|_, _| async { panic_any(42_u8) });
    assert_ended_for(
        &outcome,
        &format!("panicked at tests/foreign_code.rs:{line}:41: a panic without a message"),
    );
    let outcome = beside(|_, _| async { resume_unwind(Box::new(42_u8)) });
    assert_ended_for(&outcome, "panicked: a panic without a message");
    let outcome = beside(|_, _| async { resume_unwind(Box::new("raised again")) });
    assert_ended_for(&outcome, "panicked: raised again");
}

#[test]
fn a_panic_that_was_caught_is_not_taken_for_the_one_that_was_not() {
    let outcome = beside(|_, _| async {
        let caught = catch_unwind(|| panic!("caught"));
        assert!(caught.is_err());
        resume_unwind(Box::new(String::from("not caught")));
    });
    assert_ended_for(&outcome, "panicked: not caught");
}

#[test]
fn a_panic_in_the_predicate_of_a_receive_is_the_crash_of_the_receiver() {
    for delivery in [Delivery::Instant, Delivery::Ordered] {
        let simulation = Simulation::new(program("picky", |ctx: Number| async move {
            let (child, reference) = ctx.spawn_monitor(|ctx| async move {
                ctx.recv_match(|&number| {
                    assert!(number != 13, "{number} brings bad luck");
                    number == 14
                })
                .await;
                ctx.output("not reached");
            });
            for number in [12, 13, 14] {
                ctx.send(child, number);
                ctx.output(format!("sent {number}"));
            }
            ctx.recv_down(reference).await;
        }));
        for seed in 0..50 {
            let run = simulation.clone_with(Halt::WithMain).delivery(delivery).run(Random::new(seed));
            let crash = only_crash(run.outcome());
            assert!(crash.pid == CHILD && crash.report.contains("13 brings bad luck"), "{crash:?}");
            assert_eq!(lines(run.outcome()), ["sent 12", "sent 13", "sent 14"]);
        }
    }
}

#[test]
fn a_predicate_looks_and_does_nothing_else() {
    // The sender is through when the message is looked at.
    let program = program("busy predicate", |ctx: Number| async move {
        let (child, reference) = ctx.spawn_monitor(|ctx| async move {
            ctx.recv_match(|_| {
                ctx.output("looking");
                true
            })
            .await;
        });
        ctx.spawn(move |ctx| async move { ctx.send(child, 1) });
        ctx.recv_down(reference).await;
    });
    for seed in 0..50 {
        let run = Simulation::new(&program).run(Random::new(seed));
        assert_eq!(lines(run.outcome()), [""; 0], "{run}");
        assert!(only_crash(run.outcome()).report.contains("asked for a second thing"), "{run}");
    }
}

#[test]
fn what_is_not_of_this_world_is_not_waited_for() {
    let wrong = "awaits something that is not of this world";
    assert_ended_for(&beside(|_, _| pending()), wrong);
    // A channel whose other end is held by nobody who could ever send.
    struct Channel(Rc<RefCell<Option<u64>>>);
    impl Channel {
        async fn recv(&self) -> u64 {
            poll_fn(|_| self.0.borrow_mut().take().map_or(Poll::Pending, Poll::Ready)).await
        }
    }
    let outcome = beside(|ctx, main| async move {
        ctx.send(main, 5);
        let channel = Channel(Rc::default());
        ctx.send(main, channel.recv().await);
    });
    assert_ended_for(&outcome, wrong);
    assert_eq!(lines(&outcome)[0], "got 5");
}

#[test]
fn a_future_that_wakes_itself_is_polled_again_and_lets_others_come_in_between() {
    let program = program("wakes itself", |ctx: Number| async move {
        let mut polls = 0;
        poll_fn(|context| {
            polls += 1;
            context.waker().wake_by_ref();
            if polls < 100 { Poll::Pending } else { Poll::Ready(()) }
        })
        .await;
        ctx.output(polls.to_string());
    });
    let run = Simulation::new(program).run(RoundRobin::new());
    assert_eq!(lines(run.outcome()), ["100"]);
    // 99 times it was not ready; then it writes, and exits.
    assert_eq!(run.schedule().len(), 101);
}

#[test]
fn an_executor_inside_a_process_is_found_out_before_it_blocks() {
    let wrong = "is polled by an executor of its own";
    let line = line!() + 1;
    let outcome = beside(|ctx, _| async move { assert_eq!(block_on(ctx.recv()), 0) });
    assert_ended_for(&outcome, wrong);
    assert_ended_for(&outcome, &format!("tests/foreign_code.rs:{line}:"));
    assert_ended_for(&beside(|ctx, _| async move { block_on(ctx.sleep(std::time::Duration::ZERO)) }), wrong);
    assert_ended_for(&beside(|ctx, _| async move { assert_eq!(block_on(ctx.draw(6)), 0) }), wrong);
    // What does not wait is nobody's business.
    let outcome = beside(|ctx, main| async move { block_on(async { ctx.send(main, 1) }) });
    assert_eq!(lines(&outcome), ["got 1", "down: normal"]);
}

#[test]
fn two_waits_at_once_are_refused_and_the_first_is_not_waited_for() {
    let place = Rc::new(Cell::new(Location::caller()));
    let outcome = beside(move |ctx, _| {
        let place = Rc::clone(&place);
        async move {
            let (mut first, mut second) = (pin!(ctx.recv()), pin!(ctx.recv()));
            place.set(Location::caller());
            poll_fn(|context| {
                let left = first.as_mut().poll(context);
                let right = second.as_mut().poll(context);
                if left.is_ready() && right.is_ready() { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
        }
    });
    assert_ended_for(&outcome, "asked for a second thing at tests/foreign_code.rs:");
}

#[test]
fn an_action_during_a_wait_is_refused() {
    let outcome = beside(|ctx, main| async move {
        let mut wait = pin!(ctx.recv());
        poll_fn(|context| {
            let polled = wait.as_mut().poll(context);
            ctx.send(main, 1);
            polled
        })
        .await;
    });
    assert_ended_for(&outcome, "asked for a second thing");
    assert_eq!(lines(&outcome).len(), 1, "nothing was sent");
}

#[test]
fn a_wait_that_was_begun_must_be_ended() {
    let wrong = "dropped a wait before it was answered";
    /// Polls a future once.
    async fn begin(future: impl Future) {
        let mut future = pin!(future);
        poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_ready())).await;
    }
    // The process goes on, and then ends.
    assert_ended_for(&beside(|ctx, _| async move { begin(ctx.recv()).await }), wrong);
    assert_ended_for(&beside(|ctx, _| async move { begin(ctx.recv_match(|_| true)).await }), wrong);
    // The answer comes to somebody who has not asked.
    let outcome = beside(|ctx, _| async move {
        begin(ctx.draw(6)).await;
        pending::<()>().await;
    });
    assert_ended_for(&outcome, wrong);
    // The process goes on, and asks for something else.
    let outcome = beside(|ctx, main| async move {
        begin(ctx.recv()).await;
        ctx.send(main, 1);
    });
    assert_ended_for(&outcome, "asked for a second thing");
}

#[test]
fn a_wait_that_was_never_begun_is_nothing() {
    let outcome = beside(|ctx, main| async move {
        drop(ctx.recv());
        let _forgotten = ctx.draw(5);
        ctx.send(main, 1);
    });
    assert_eq!(lines(&outcome), ["got 1", "down: normal"]);
}

#[test]
fn the_ctx_of_another_process_is_refused() {
    let program = program("lent", |ctx: Number| async move {
        let ctx = Rc::new(ctx);
        let theirs = Rc::clone(&ctx);
        let (_, reference) = ctx.spawn_monitor(move |_| async move { theirs.output("in another's name") });
        ctx.recv_down(reference).await;
    });
    let run = Simulation::new(program).run(RoundRobin::new());
    assert_eq!(lines(run.outcome()), [""; 0]);
    let report = &only_crash(run.outcome()).report;
    assert!(
        report.starts_with("#PID<0.2.0> used the Ctx of #PID<0.1.0> at tests/foreign_code.rs:"),
        "{report}"
    );
}

#[test]
fn a_ctx_outside_of_its_world_is_not_heard() {
    let kept: Rc<RefCell<Option<Number>>> = Rc::default();
    let theirs = Rc::clone(&kept);
    let simulation = Simulation::new(program("kept", move |ctx: Number| {
        let theirs = Rc::clone(&theirs);
        async move {
            ctx.output("inside");
            *theirs.borrow_mut() = Some(ctx);
        }
    }));
    let run = simulation.run(RoundRobin::new());
    assert_eq!(lines(run.outcome()), ["inside"]);
    let ctx = kept.borrow_mut().take().expect("it was kept");
    ctx.output("outside");
    ctx.send(Pid::MAIN, 1);
    let _pid = ctx.spawn(|ctx| async move { ctx.output("outside") });
    // In a process of another world it is not heard either, and who waits with it waits for nobody.
    let slot = RefCell::new(Some(ctx));
    let other = Simulation::new(program("other", move |_: Number| {
        let ctx = slot.borrow_mut().take();
        async move {
            if let Some(ctx) = ctx {
                ctx.output("from another world");
                ctx.recv().await;
            }
        }
    }));
    let run = other.run(RoundRobin::new());
    assert_eq!(lines(run.outcome()), [""; 0]);
    assert!(only_crash(run.outcome()).report.contains("not of this world"));
}

#[test]
fn a_host_that_waits_with_a_kept_ctx_is_told_so() {
    let kept: Rc<RefCell<Option<Number>>> = Rc::default();
    let theirs = Rc::clone(&kept);
    let program = program("kept", move |ctx: Number| {
        let theirs = Rc::clone(&theirs);
        async move { *theirs.borrow_mut() = Some(ctx) }
    });
    Simulation::new(program).run(RoundRobin::new());
    let ctx = kept.borrow_mut().take().expect("it was kept");
    let told = catch_unwind(std::panic::AssertUnwindSafe(|| block_on(ctx.recv())));
    let told = told.expect_err("nobody will ever answer");
    let message = told.downcast_ref::<String>().expect("a panic has a message");
    assert!(message.contains("outside of its process"), "{message}");
}

#[test]
fn code_that_runs_before_a_process_begins_fails_as_the_process_would() {
    // The closures themselves, and not the futures that they make.
    let unlucky = program("unlucky", |_: Number| -> std::future::Ready<()> { panic!("no future") });
    let run = Simulation::new(unlucky).run(RoundRobin::new());
    assert_eq!(run.outcome().ending, Some(Ending::Halted));
    assert!(only_crash(run.outcome()).report.contains("no future"));

    let outcome = beside(|ctx, _| async move {
        ctx.spawn(|_| -> std::future::Ready<()> { panic!("no child") });
        ctx.sleep(std::time::Duration::from_secs(1)).await;
    });
    let crash = only_crash(&outcome);
    assert!(crash.pid == Pid::from_number(3) && crash.report.contains("no child"), "{crash:?}");
    assert_eq!(lines(&outcome), ["down: normal"], "the parent has done nothing wrong");

    let early = program("early", |ctx: Number| {
        ctx.output("too early");
        async {}
    });
    let run = Simulation::new(early).run(RoundRobin::new());
    assert_eq!(lines(run.outcome()), [""; 0]);
    let report = &only_crash(run.outcome()).report;
    assert!(report.starts_with("#PID<0.1.0> used its Ctx at tests/foreign_code.rs:"), "{report}");
    assert!(report.contains("before it began"), "{report}");
}

#[test]
fn a_world_that_is_over_lets_go_of_all_that_its_processes_held() {
    // The bound ends the run when the main process has asked for twenty children and none, or some, are spawned; some
    // of these have asked for things in turn.
    for steps in 0..60 {
        let held = Arc::new(());
        let theirs = Arc::clone(&held);
        let simulation = Simulation::new(program("holds", move |ctx: Number| {
            let held = Arc::clone(&theirs);
            async move {
                for number in 0..20 {
                    let held = Arc::clone(&held);
                    ctx.spawn(move |ctx| async move {
                        ctx.send(Pid::MAIN, number);
                        ctx.kill(Pid::MAIN);
                        ctx.recv_match(|_| Arc::strong_count(&held) == 0).await;
                    });
                }
            }
        }))
        .limits(Limits { steps, ..Limits::default() });
        simulation.run(Random::new(steps));
        simulation.sweep(0..20).threads(1).run();
        assert_eq!(Arc::strong_count(&held), 2, "the test and the program hold it, and no world");
    }
}

/// Acts when it is dropped.
struct Farewell(Number, Pid);

impl Drop for Farewell {
    fn drop(&mut self) {
        self.0.send(self.1, 9);
    }
}

#[test]
fn what_is_done_while_a_process_ends_is_its_last_action_and_what_is_done_after_is_not_heard() {
    let ends = beside(|ctx, main| async move {
        let _farewell = Farewell(ctx, main);
    });
    assert_eq!(lines(&ends), ["got 9", "down: normal"]);
    let panics = beside(|ctx, main| async move {
        let _farewell = Farewell(ctx, main);
        panic!("in a hurry");
    });
    assert_eq!(lines(&panics)[0], "got 9");
    assert_ended_for(&panics, "in a hurry");
    let killed = beside(|ctx, main| async move {
        let me = ctx.pid();
        ctx.kill(me);
        let farewell = Farewell(ctx, main);
        farewell.0.recv().await;
    });
    assert_eq!(lines(&killed), ["down: killed"], "the dead do not act");
}

/// Fails when it is dropped.
struct Landmine;

impl Drop for Landmine {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic!("stepped on");
        }
    }
}

#[test]
fn a_panic_while_a_process_is_dropped_stays_inside() {
    let ends = beside(|_, _| async { drop(Landmine) });
    assert_ended_for(&ends, "stepped on");
    // The process is killed, and its code is dropped by the world.
    let killed = beside(|ctx, _| async move {
        let _landmine = Landmine;
        ctx.kill(ctx.pid());
        ctx.recv().await;
    });
    assert_eq!(lines(&killed), ["down: killed"]);
    // The world itself is dropped, with a process in it that has not ended.
    let program = program("left", |ctx: Number| async move {
        ctx.spawn(|ctx| async move {
            let _landmine = Landmine;
            ctx.recv().await;
        });
        ctx.yield_now();
    });
    let run = Simulation::new(program).run(RoundRobin::new());
    assert_eq!(run.outcome().ending, Some(Ending::Halted));
}

fn nested(depth: u64) -> impl Program<Process = Native<u64>> {
    program("nested", move |ctx: Number| async move {
        if depth > 0 {
            ctx.output(format!("enters {depth}"));
            let inner: Box<dyn FnOnce() -> Outcome> = Box::new(move || {
                Simulation::new(nested(depth - 1)).run(Random::new(depth)).outcome().clone()
            });
            let outcome = inner();
            ctx.output(format!("{} lines, {} crashes", outcome.lines().count(), outcome.crashes.len()));
        }
        ctx.yield_now();
        assert!(depth != 1, "depth one fails");
    })
}

#[test]
fn a_process_may_run_a_world_of_its_own() {
    let run = Simulation::new(nested(4)).run(RoundRobin::new());
    assert_eq!(lines(run.outcome()), ["enters 4", "2 lines, 0 crashes"]);
    let run = Simulation::new(nested(2)).run(RoundRobin::new());
    assert_eq!(lines(run.outcome()), ["enters 2", "2 lines, 1 crashes"]);
    let run = Simulation::new(nested(1)).limits(Limits::default()).run(RoundRobin::new());
    assert!(only_crash(run.outcome()).report.contains("depth one fails"));
}
