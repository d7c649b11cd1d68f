//! A property test over runs shrinks a failing one to a small schedule, and what it prints leads back to it.

use proptest::strategy::Strategy as _;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};
use rashomon::explore::proptest::{runs, schedules};
use rashomon::kernel::Program;
use rashomon::strategy::Script;
use rashomon::{Clock, Ctx, Delivery, Run, Simulation, program};

/// The message that a process sends on behalf of a read and a write of a number that it does not own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Message {
    Read { reply_to: rashomon::Pid },
    Write(u32),
    Number(u32),
    Done,
}

/// Four processes read a number, and write back one more: an update is lost if two have read the same.
fn counter() -> Simulation<impl Program> {
    Simulation::new(program("counter", |ctx: Ctx<Message>| async move {
        let main = ctx.pid();
        let owner = ctx.spawn(|ctx| async move {
            let mut number = 0;
            loop {
                match ctx.recv().await {
                    Message::Read { reply_to } => ctx.send(reply_to, Message::Number(number)),
                    Message::Write(written) => number = written,
                    Message::Number(_) | Message::Done => {}
                }
            }
        });
        for _ in 0..4 {
            ctx.spawn(move |ctx| async move {
                ctx.send(owner, Message::Read { reply_to: ctx.pid() });
                if let Message::Number(number) = ctx.recv().await {
                    ctx.send(owner, Message::Write(number + 1));
                    ctx.send(main, Message::Done);
                }
            });
        }
        for _ in 0..4 {
            ctx.recv().await;
        }
        ctx.send(owner, Message::Read { reply_to: main });
        if let Message::Number(number) = ctx.recv().await {
            ctx.output(number.to_string());
        }
    }))
}

fn total(run: &Run) -> Option<&str> {
    run.outcome().lines().next().map(|(_, line)| line)
}

fn runner(seed: u8) -> TestRunner {
    let config = Config { failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]))
}

#[test]
fn a_failing_property_shrinks_to_few_context_switches_and_prints_a_token_that_replays() {
    let simulation = counter();
    // Whatever the order, a process must wait for another this often.
    let straight = simulation.run(Script::new(Vec::new())).schedule().context_switches();
    assert_eq!(straight, 21);
    for seed in 0..10 {
        let failure = runner(seed).run(&runs(counter()), |run| {
            proptest::prop_assert_eq!(total(&run), Some("4"));
            Ok(())
        });
        let text = failure.as_ref().expect_err("updates are lost now and then").to_string();
        let Err(TestError::Fail(_, smallest)) = failure else {
            panic!("it fails, and is not given up: {text}")
        };
        assert!(total(&smallest).is_some_and(|total| total < "4"));
        assert!(smallest.schedule().context_switches() <= straight + 1, "{smallest}");
        // What people see carries the token.
        let start = text.find("rsh1.").expect("the message has a token");
        let token: String =
            text[start..].chars().take_while(|&c| c.is_ascii_alphanumeric() || ".-_".contains(c)).collect();
        let replayed = simulation.replay(&token).expect("the token fits");
        assert_eq!(total(&replayed), total(&smallest));
        assert_eq!(replayed.schedule(), smallest.schedule());
    }
}

#[test]
fn any_generated_script_is_a_whole_run_of_any_program() {
    let mut runner = runner(1);
    for delivery in [Delivery::Instant, Delivery::Ordered] {
        for clock in [Clock::Patient, Clock::Hasty] {
            let simulation = counter().delivery(delivery).clock(clock);
            for _ in 0..100 {
                let script = schedules().new_tree(&mut runner).expect("any list of numbers will do");
                let run = simulation.run(proptest::strategy::ValueTree::current(&script));
                assert!(run.outcome().ending.is_some() && run.diverged().is_none());
            }
        }
    }
}

#[test]
fn the_simplest_script_goes_on_with_the_same_process_for_as_long_as_it_can() {
    let simulation = counter();
    let straight = simulation.run(Script::new(Vec::new()));
    let zeros = simulation.run(Script::new(vec![0; 1_000]));
    assert_eq!(straight.schedule(), zeros.schedule());
    assert_eq!(total(&straight), Some("4"));
    let token = straight.token().to_string();
    assert!(simulation.replay(&token).is_ok());
}
