//! Programs in Rust under every ordering.

#[path = "support/assumptions.rs"]
mod assumptions;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use assumptions::settings;
use proptest::prelude::*;
use rashomon::explore::{Checked, Reason, Reductions, Verdict, outcome_key};
use rashomon::kernel::{Choice, Happening, Program};
use rashomon::{Ctx, ExitReason, Pid, Settings, Simulation, check, program};

/// What the other programs send: two kinds of messages are enough, for each has a search of its own compiled.
type Tagged = (u8, Option<Pid>);

/// What the processes of the post send each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Message {
    Subscribe(Pid),
    Publish(&'static str),
    Text(&'static str),
    Subscribed,
    Written,
}

async fn server(ctx: Ctx<Message>, main: Option<Pid>) {
    let mut subscribers = Vec::new();
    loop {
        ctx.checkpoint(&(&subscribers, main));
        match ctx.recv().await {
            Message::Subscribe(pid) => {
                subscribers.push(pid);
                if let Some(main) = main {
                    ctx.send(main, Message::Subscribed);
                }
            }
            Message::Publish(text) => {
                for subscriber in &subscribers {
                    ctx.send(*subscriber, Message::Text(text));
                }
            }
            Message::Text(_) | Message::Subscribed | Message::Written => {}
        }
    }
}

async fn subscriber(ctx: Ctx<Message>, (server, main): (Pid, Option<Pid>)) {
    ctx.send(server, Message::Subscribe(ctx.pid()));
    // It has no more to do with the server: a process that waits, and that nobody knows who could send to it, is forgotten.
    ctx.checkpoint(&main);
    if let Message::Text(text) = ctx.recv().await {
        ctx.output(format!("received {text}"));
    }
    if let Some(main) = main {
        ctx.send(main, Message::Written);
    }
}

/// The last stage of the post, or without the notices the naive one.
fn post(subscribers: usize, notices: bool) -> impl Program<Process = rashomon::native::Native<Message>> {
    program("post", move |ctx: Ctx<Message>| async move {
        let main = notices.then(|| ctx.pid());
        let server = ctx.spawn_fn(server, main);
        for _ in 0..subscribers {
            ctx.spawn_fn(subscriber, (server, main));
        }
        if notices {
            for told in 0..subscribers {
                // It knows no subscriber from another.
                ctx.checkpoint(&(server, told));
                ctx.recv_match(|message| *message == Message::Subscribed).await;
            }
        }
        ctx.send(server, Message::Publish("hello"));
        if notices {
            for told in 0..subscribers {
                ctx.checkpoint(&told);
                ctx.recv_match(|message| *message == Message::Written).await;
            }
        }
    })
}

fn verdict<'c>(checked: &'c Checked, name: &str) -> &'c Verdict {
    let found = checked.verdicts.iter().find(|(claim, _)| claim == name);
    &found.unwrap_or_else(|| panic!("{name} was asked for")).1
}

#[test]
fn the_last_stage_holds_with_ten_subscribers() {
    let checked = check(post(10, true))
        .opaque_pids()
        .claim("all receive it", |outcome| match outcome.lines().count() {
            10 => Ok(()),
            other => Err(format!("{other} do")),
        })
        .always_before(
            "no lost publish",
            |event| matches!(event.happening, Happening::Received { message, .. } if format!("{message:?}").contains("Subscribe(")),
            |event| matches!(event.happening, Happening::Received { message, .. } if format!("{message:?}").contains("Publish")),
        )
        .assert_holds();
    assert_eq!(checked.outcomes.len(), 1);
    assert!(checked.counts.states < 1_000, "{:?}", checked.counts);
}

#[test]
fn the_naive_stage_is_violated_and_explained() {
    let checked = check(post(3, false)).opaque_pids().claim("all receive it", all_receive(3)).run();
    assert_eq!(checked.outcomes.len(), 4, "none, one, two or all of them have written");
    let Verdict::Violated { run, why } = verdict(&checked, "all receive it") else {
        panic!("{checked}");
    };
    assert!(why.contains("Publish(\"hello\")") && why.contains("It came before"), "{why}");
    let again = Simulation::new(post(3, false)).replay(&run.token().to_string()).expect("the token is good");
    assert!(again.outcome().lines().count() < 3);
    let text = checked.to_string();
    assert!(text.contains("violated  all receive it") && text.contains("Replay: rsh1."), "{text}");
}

fn all_receive(subscribers: usize) -> impl Fn(&rashomon::Outcome) -> Result<(), String> {
    move |outcome| match outcome.lines().count() {
        all if all == subscribers => Ok(()),
        other => Err(format!("{other} do")),
    }
}

/// Without any promise, and without arguments that can be compared.
#[test]
fn closures_can_be_checked_too() {
    let counter = || {
        program("counter", |ctx: Ctx<Tagged>| async move {
            let main = ctx.pid();
            let counter = ctx.spawn(move |ctx| async move {
                let mut value = 0;
                loop {
                    match ctx.recv().await {
                        (_, Some(from)) => ctx.send(from, (value, None)),
                        (new, None) => value = new,
                    }
                }
            });
            for _ in 0..2 {
                ctx.spawn(move |ctx| async move {
                    ctx.send(counter, (0, Some(ctx.pid())));
                    let (value, _) = ctx.recv().await;
                    ctx.send(counter, (value + 1, None));
                    ctx.send(main, (0, None));
                });
            }
            for _ in 0..2 {
                ctx.recv().await;
            }
            ctx.send(counter, (0, Some(main)));
            let (value, _) = ctx.recv().await;
            ctx.output(format!("{value}"));
        })
    };
    let checked = check(counter()).run();
    assert!(checked.holds(), "{checked}");
    let mut lines: Vec<String> = checked
        .outcomes
        .iter()
        .flat_map(|possible| possible.outcome.lines().map(|(_, line)| line.to_owned()))
        .collect();
    lines.sort();
    assert_eq!(lines, ["1", "2"]);
    let late = check(counter())
        .never("two", |event| matches!(event.happening, Happening::Output { text, .. } if text == "2"))
        .run();
    assert!(matches!(verdict(&late, "two"), Verdict::Violated { .. }), "{late}");
}

#[test]
#[should_panic(expected = "violated  no deadlock")]
fn what_is_violated_fails_the_test() {
    check(program("stuck", |ctx: Ctx<Tagged>| async move {
        ctx.recv().await;
    }))
    .assert_holds();
}

/// What processes know of each other behind the back of the world is found out.
#[test]
fn shared_memory_is_found_out() {
    let shared = program("shared", |ctx: Ctx<Tagged>| async move {
        let (main, cell) = (ctx.pid(), Rc::new(Cell::new(0)));
        for number in 1..=2 {
            let cell = Rc::clone(&cell);
            ctx.spawn(move |ctx| async move {
                ctx.yield_now();
                ctx.now().await;
                cell.set(cell.get() * 2 + number);
                ctx.send(main, (0, None));
            });
        }
        ctx.recv().await;
        ctx.recv().await;
        ctx.output(format!("{}", cell.get()));
    });
    let checked = check(shared).run();
    assert_eq!(checked.cut, Some(Reason::Nondeterministic), "{checked}");
    assert!(!checked.holds());

    // From one world to the next.
    let seen = Rc::new(Cell::new(0));
    let counts = program("counts", move |ctx: Ctx<Tagged>| {
        let seen = Rc::clone(&seen);
        async move {
            seen.set(seen.get() + 1);
            if seen.get() % 2 == 0 {
                ctx.output("even");
            }
            let main = ctx.pid();
            ctx.spawn(move |ctx| async move { ctx.send(main, (1, None)) });
            ctx.spawn(move |ctx| async move { ctx.send(main, (2, None)) });
            ctx.recv().await;
        }
    });
    let checked = check(counts).run();
    assert_eq!(checked.cut, Some(Reason::Nondeterministic), "{checked}");
}

/// What a process does in one step of a random program.
#[derive(Clone, Debug, Hash)]
enum Step {
    Send(u8, u8),
    Receive,
    ReceiveOnly(u8),
    Poll,
    Wait,
    Write,
    Kill(u8),
    Monitor(u8),
    Spawn(u8),
    Draw,
}

type Bodies = Rc<Vec<Vec<Step>>>;

/// Does what the body says. It knows its parent and its latest child, and writes what it has been told.
async fn follow(ctx: Ctx<Tagged>, (bodies, body, parent): (Bodies, usize, Option<Pid>)) {
    let (mut seen, mut child) = (Vec::new(), None);
    for (at, step) in bodies[body].iter().enumerate() {
        ctx.checkpoint(&(&bodies, body, at, &seen, child, parent));
        let whom = |who: u8| if who == 0 { parent } else { child };
        match step {
            Step::Send(who, tag) => {
                if let Some(to) = whom(*who) {
                    ctx.send(to, (*tag, child));
                }
            }
            Step::Receive => {
                let (tag, carried) = ctx.recv().await;
                seen.push(tag);
                child = carried.or(child);
            }
            Step::ReceiveOnly(wanted) => seen.push(ctx.recv_match(|(tag, _)| tag == wanted).await.0 + 10),
            Step::Poll => seen.push(ctx.try_recv().await.map_or(9, |(tag, _)| tag)),
            Step::Wait => {
                seen.push(ctx.recv_timeout(Duration::from_millis(5)).await.map_or(8, |(tag, _)| tag))
            }
            Step::Write => ctx.output(format!("{seen:?}")),
            Step::Kill(who) => {
                if let Some(whom) = whom(*who) {
                    ctx.send_exit(whom, ExitReason::Kill);
                }
            }
            Step::Monitor(who) => {
                if let Some(whom) = whom(*who) {
                    let monitor = ctx.monitor(whom);
                    let reason = ctx.recv_down(monitor).await;
                    seen.push(if reason == ExitReason::Normal { 20 } else { 21 });
                }
            }
            // Only bodies further back, so that it comes to an end.
            Step::Spawn(next) => {
                let next = body + 1 + usize::from(*next);
                if next < bodies.len() {
                    child = Some(ctx.spawn_fn(follow, (Rc::clone(&bodies), next, Some(ctx.pid()))));
                }
            }
            Step::Draw => seen.push(30 + ctx.draw(2).await as u8),
        }
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (0..2_u8, 0..3_u8).prop_map(|(who, tag)| Step::Send(who, tag)),
        3 => Just(Step::Receive),
        1 => (0..3_u8).prop_map(Step::ReceiveOnly),
        1 => Just(Step::Poll),
        1 => Just(Step::Wait),
        2 => Just(Step::Write),
        1 => (0..2_u8).prop_map(Step::Kill),
        1 => (0..2_u8).prop_map(Step::Monitor),
        2 => (0..2_u8).prop_map(Step::Spawn),
        1 => Just(Step::Draw),
    ];
    proptest::collection::vec(step, 1..=4)
}

/// The keys of all that can come out, by following every choice, each from the beginning.
fn brute_force<G: Program<Process = rashomon::native::Native<Tagged>>>(
    program: &G,
    settings: Settings,
) -> Option<BTreeSet<u128>> {
    let mut found = BTreeSet::new();
    let mut pending: Vec<Vec<Choice>> = vec![Vec::new()];
    let mut runs = 0;
    while let Some(choices) = pending.pop() {
        runs += 1;
        if runs > 4_000 {
            return None;
        }
        let mut world = program.world(settings);
        for choice in &choices {
            world.apply(*choice, &mut ()).expect("it was possible");
        }
        if world.ending().is_some() {
            found.insert(outcome_key(&world, false));
            continue;
        }
        for choice in world.choices().iter() {
            let mut longer = choices.clone();
            longer.push(choice);
            pending.push(longer);
        }
    }
    Some(found)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, max_shrink_iters: 5_000, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_left_out_that_makes_a_difference(
        main in steps(),
        others in proptest::collection::vec(steps(), 1..=2),
        settings in settings(),
    ) {
        let mut bodies = vec![vec![Step::Spawn(0)]];
        bodies[0].extend(main);
        bodies.extend(others);
        let bodies: Bodies = Rc::new(bodies);
        let described = format!("{bodies:?}");
        let program = program("random", move |ctx: Ctx<Tagged>| follow(ctx, (Rc::clone(&bodies), 0, None)));
        let Some(expected) = brute_force(&program, settings) else { return Ok(()) };
        let simulation = Simulation::new(program).with_settings(settings);
        for (partial_order, symmetry) in [(false, false), (false, true), (true, false), (true, true)] {
            let every = simulation.every_ordering().reductions(Reductions { partial_order, symmetry }).explore(|_| true);
            prop_assert!(every.is_complete(), "{:?} {}", every.cut, described);
            let found: BTreeSet<u128> = every.outcomes.iter().map(|possible| possible.key).collect();
            prop_assert_eq!(&found, &expected, "{} {} {} {:?}", described, partial_order, symmetry, settings);
        }
    }
}
