//! A token stands for one run of one program, and nothing else passes for it.

use std::cell::Cell;
use std::time::Duration;

use rashomon::explore::ReplayError;
use rashomon::kernel::{Choice, Choices, Program};
use rashomon::native::Native;
use rashomon::strategy::Manual;
use rashomon::{
    Clock, Ctx, Delivery, Ending, Halt, Healthy, Limits, Pct, Pid, Random, RoundRobin, Run, Schedule,
    Settings, Simulation, Strategy, Token, program,
};

/// Messages, timers, names, links, monitors, drawn numbers, crashes, and a main process that may end before all that.
fn colourful() -> Simulation<impl Program<Process = Native<u64>>> {
    Simulation::new(program("colourful", |ctx: Ctx<u64>| async move {
        let main = ctx.pid();
        ctx.trap_exit(true);
        let named = ctx.builder("named").spawn_link(move |ctx| async move {
            let _taken = ctx.register("name", ctx.pid()).await;
            let number = ctx.recv_timeout(Duration::from_secs(2)).await.unwrap_or(17);
            ctx.send(main, number);
            assert!(number % 2 == 0, "{number} is odd");
        });
        let (_, reference) = ctx.spawn_monitor(move |ctx| async move {
            ctx.sleep(Duration::from_secs(1)).await;
            let number = ctx.draw(1 << 40).await;
            if ctx.send_named("name", number).await.is_err() {
                ctx.output("nobody");
            }
        });
        let alarm = ctx.send_after(main, Duration::from_secs(3), 99);
        ctx.output(ctx.recv().await.to_string());
        ctx.cancel_timer(alarm).await;
        ctx.output(ctx.recv_down(reference).await.to_string());
        ctx.recv_exit(named).await;
    }))
}

fn every_setting() -> impl Iterator<Item = Settings> {
    let limits = [Limits::default(), Limits { steps: 9, ..Limits::default() }];
    [Delivery::Instant, Delivery::Ordered].into_iter().flat_map(move |delivery| {
        [Clock::Patient, Clock::Hasty].into_iter().flat_map(move |clock| {
            [Halt::WithMain, Halt::Never].into_iter().flat_map(move |halt| {
                limits.into_iter().map(move |limits| Settings { delivery, clock, halt, limits })
            })
        })
    })
}

/// A replay is the same run, but for the name of the strategy.
fn assert_same(replay: &Run, run: &Run) {
    let mut expected = run.trace().clone();
    expected.strategy = "replay".to_owned();
    assert_eq!(*replay.trace(), expected);
    assert_eq!(replay.trace().to_json(), expected.to_json());
    assert_eq!(replay.trace().lanes(), run.trace().lanes());
    assert_eq!(replay.schedule(), run.schedule());
    assert_eq!(replay.failures(), run.failures());
    assert_eq!(replay.token(), run.token());
}

#[test]
fn a_token_replays_to_the_same_trace_under_every_setting_and_strategy() {
    let mut endings = Vec::new();
    for settings in every_setting() {
        let simulation = colourful().with_settings(settings);
        for seed in 0..40 {
            let strategy: Box<dyn Strategy> = match seed % 4 {
                0 => Box::new(RoundRobin::new()),
                1 => Box::new(Pct::new(seed, 3, 40)),
                2 => Box::new(rashomon::Urw::new(seed, simulation.profile(seed))),
                _ => Box::new(Random::new(seed)),
            };
            let run = simulation.run_with(strategy, Healthy);
            let text = run.token().to_string();
            assert_eq!(text.parse(), Ok(run.token()));
            // The token brings its settings along, whatever those of the simulation are.
            let replay = colourful().replay_with(&format!("\n  {text} "), Healthy).expect("the token fits");
            assert_same(&replay, &run);
            endings.extend(run.outcome().ending);
        }
    }
    for ending in [Ending::Halted, Ending::Idle, Ending::Bounded(rashomon::kernel::Bound::Steps)] {
        assert!(endings.contains(&ending), "{ending}");
    }
}

#[test]
fn a_run_that_was_left_before_its_end_replays_as_far_as_it_went() {
    for left_at in 0..12 {
        let mut steps = 0;
        let run = colourful().run(Manual::new(|choices| {
            steps += 1;
            choices.get(choices.len() - 1).filter(|_| steps <= left_at)
        }));
        assert_eq!((run.schedule().len(), run.outcome().ending), (left_at, None));
        assert_same(&colourful().replay(&run.token().to_string()).expect("the token fits"), &run);
    }
}

#[test]
fn a_replay_is_judged_by_the_claim_it_is_given() {
    let (run, failures) = (0..100)
        .map(|seed| colourful().run_with(Random::new(seed), Healthy))
        .map(|run| (run.token().to_string(), run.failures().to_vec()))
        .find(|(_, failures)| failures.iter().any(|failure| failure.property == "no crash"))
        .expect("odd numbers are drawn now and then");
    assert_eq!(colourful().replay_with(&run, Healthy).expect("the token fits").failures(), failures);
    assert!(colourful().replay(&run).expect("the token fits").failures().is_empty());
}

fn refusal<P>(simulation: &Simulation<P>, token: &str) -> ReplayError
where
    P: Program,
{
    simulation.replay(token).expect_err("this token does not fit")
}

fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(true);
    settings.set_omit_expression(true);
    settings
}

#[test]
fn what_is_no_token_is_refused_in_words_that_help() {
    let simulation = Simulation::new(program("greeting", |ctx: Ctx<u8>| async move { ctx.output("hello") }));
    let token = simulation.run(Random::new(1)).token().to_string();
    let mut changed = token.clone();
    changed.replace_range(12..13, if &token[12..13] == "A" { "B" } else { "A" });
    let texts = [
        ("empty", String::new()),
        ("only spaces", "  \n".to_owned()),
        ("something else", "seed 42".to_owned()),
        ("a strange version", token.replacen("rsh1", "rshx", 1)),
        ("without a dot", token.replace('.', "")),
        ("another version", token.replacen("rsh1", "rsh2", 1)),
        ("nothing after the dot", "rsh1.".to_owned()),
        ("truncated by one", token[..token.len() - 1].to_owned()),
        ("truncated by a few", token[..token.len() - 4].to_owned()),
        ("truncated to almost nothing", token[..8].to_owned()),
        ("a character changed", changed),
        ("a character that does not belong there", token.replacen('.', ".!", 1)),
        ("broken over two lines", format!("{}\n{}", &token[..15], &token[15..])),
        ("something added", format!("{token}abcd")),
    ];
    let told: Vec<String> =
        texts.iter().map(|(what, text)| format!("{what}:\n  {}", refusal(&simulation, text))).collect();
    settings().bind(|| insta::assert_snapshot!(told.join("\n")));
}

/// Every message that tells of a program that is not the one that was recorded.
#[test]
fn what_does_not_fit_the_program_is_refused_in_words_that_help() {
    let recorded = |name: &str, code: fn(Ctx<u8>)| {
        let program = program(name.to_owned(), move |ctx: Ctx<u8>| async move {
            code(ctx);
        });
        Simulation::new(program)
    };
    let two_lines = recorded("greeting", |ctx| {
        ctx.output("hello");
        ctx.output("world");
    });
    let token = two_lines.run(RoundRobin::new()).token();
    let text = token.to_string();
    let longer = Token {
        schedule: token.schedule.choices().iter().copied().chain([Choice::Run(Pid::MAIN)]).collect(),
        ..token.clone()
    };
    let impossible =
        Token { schedule: vec![Choice::Fire(Pid::from_number(3)), Choice::Draw(4)].into(), ..token.clone() };
    let told = [
        ("another program", refusal(&recorded("farewell", |_| {}), &text)),
        ("a step that is not possible", refusal(&two_lines, &impossible.to_string())),
        ("choices left over after the end", refusal(&two_lines, &longer.to_string())),
        ("a program that ends sooner now", refusal(&recorded("greeting", |ctx| ctx.output("hello")), &text)),
        (
            "a program that does other things now",
            refusal(
                &recorded("greeting", |ctx| {
                    ctx.output("hello");
                    ctx.yield_now();
                }),
                &text,
            ),
        ),
    ]
    .map(|(what, error)| format!("{what}:\n  {error}"));
    settings().bind(|| insta::assert_snapshot!(told.join("\n")));
}

#[test]
fn a_token_of_another_program_names_both() {
    let token = Simulation::new(program("first", |_: Ctx<u8>| async {})).run(Random::new(1)).token();
    let second = Simulation::new(program("second", |_: Ctx<u8>| async {}));
    let ReplayError::OtherProgram { token: theirs, program: ours, name } =
        refusal(&second, &token.to_string())
    else {
        panic!("it is another program")
    };
    assert_eq!((theirs, ours, name.as_str()), (token.fingerprint, second.program().fingerprint(), "second"));
    // Programs of one name are told apart by what their processes send.
    let of_other_messages = Simulation::new(program("first", |_: Ctx<u16>| async {}));
    assert!(matches!(refusal(&of_other_messages, &token.to_string()), ReplayError::OtherProgram { .. }));
}

/// A program of one name whose main process can be changed.
fn changing(letters: &'static str) -> Simulation<impl Program> {
    Simulation::new(program("changing", move |ctx: Ctx<u8>| async move {
        let child = ctx.spawn(|ctx| async move {
            loop {
                ctx.recv().await;
            }
        });
        for letter in letters.chars() {
            match letter {
                's' => ctx.send(child, 1),
                'y' => ctx.yield_now(),
                'o' => ctx.output("o"),
                'd' => drop(ctx.draw(3).await),
                _ => ctx.send(child, 2),
            }
        }
    }))
}

#[test]
fn a_step_that_has_become_impossible_is_named_with_what_was_possible_instead() {
    let token = changing("sy").run(RoundRobin::new()).token();
    let (main, child) = (Choice::Run(Pid::MAIN), Choice::Run(Pid::from_number(2)));
    assert_eq!(token.schedule, Schedule::from(vec![main, main, child, main, main]));
    let ReplayError::Diverged(diverged) = refusal(&changing("yy"), &token.to_string()) else {
        panic!("nothing was sent: the child cannot act")
    };
    assert_eq!((diverged.step, diverged.expected), (2, Some(child)));
    assert_eq!((diverged.possible.as_slice(), diverged.possible_count), (&[main][..], 1));
    assert!(matches!(refusal(&changing("sd"), &token.to_string()), ReplayError::Diverged(diverged)
        if diverged.step == 4 && diverged.expected == Some(main)
            && diverged.possible == [Choice::Draw(0), Choice::Draw(1), Choice::Draw(2)]));
}

#[test]
fn other_events_under_the_same_choices_are_noticed() {
    let token = changing("so").run(RoundRobin::new()).token().to_string();
    assert_eq!(refusal(&changing("sy"), &token), ReplayError::OtherEvents);
    // What is in the messages may change, as long as the same kinds of things happen.
    assert!(changing("xo").replay(&token).is_ok());
}

#[test]
fn choices_that_are_left_over_are_noticed() {
    let token = changing("yy").run(RoundRobin::new()).token().to_string();
    let ReplayError::Diverged(diverged) = refusal(&changing("y"), &token) else {
        panic!("a step is left over")
    };
    assert_eq!(
        (diverged.step, diverged.expected, diverged.possible.len()),
        (3, Some(Choice::Run(Pid::MAIN)), 0)
    );
}

#[test]
fn of_very_many_possible_choices_only_a_few_are_listed() {
    let crowd = Simulation::new(program("crowd", |ctx: Ctx<u8>| async move {
        for _ in 0..100 {
            ctx.spawn(|_| async {});
        }
        ctx.recv().await;
    }));
    let spawned = Cell::new(0);
    let run = crowd.run(Manual::new(|choices: &Choices<'_>| {
        spawned.set(spawned.get() + 1);
        if spawned.get() <= 100 { choices.get(0) } else { Some(Choice::Fire(Pid::MAIN)) }
    }));
    let diverged = run.diverged().expect("there is no timer");
    assert_eq!((diverged.possible.len(), diverged.possible_count), (12, 100));
    assert!(diverged.to_string().ends_with("or 88 more"), "{diverged}");
}
