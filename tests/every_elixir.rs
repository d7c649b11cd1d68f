//! Every ordering of Elixir programs: the post's last stage, and how many orderings it has.

use rashomon::elixir::{Compilation, ElixirProgram, Source, compile};
use rashomon::explore::Reductions;
use rashomon::kernel::Persistent;
use rashomon::scenario::{Check, Checkable, Claim, Verdict, check};
use rashomon::strategy::Replay;
use rashomon::{Ending, Settings, Simulation};

fn program(text: &str) -> ElixirProgram<Persistent> {
    let Ok(Compilation { program, .. }) = compile::<Persistent>(&[Source { name: "program.exs", text }])
    else {
        panic!("the program does not compile")
    };
    program
}

/// A stage of the post's program with so many subscribers instead of ten.
fn stage(name: &str, subscribers: u32) -> Checkable {
    let path = format!("{}/tests/elixir/post/{name}.exs", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the program can be read");
    let count = "listener_count = 10";
    assert!(text.contains(count), "{name} says how many subscribers there are");
    Simulation::new(program(&text.replace(count, &format!("listener_count = {subscribers}"))))
}

fn verdicts(simulation: &Checkable, claims: &[&str]) -> Vec<Verdict> {
    let claims: Vec<Claim> = claims.iter().map(|text| Claim::parse(text).expect("it is a claim")).collect();
    let (_, checked) =
        check(simulation, Check::default(), &claims, |_| true).expect("the functions are there");
    checked.into_iter().map(|checked| checked.verdict).collect()
}

const LOST: &str = "all received(PubSubServer.run/2, {:subscribe, _}) before any received(PubSubServer.run/2, {:publish, _})";

#[test]
fn the_last_stage_is_right_under_every_ordering() {
    let simulation = stage("notices", 10);
    let verdicts =
        verdicts(&simulation, &[LOST, "no early exit", "no crash", "count(output(~r/received/)) == 10"]);
    for verdict in verdicts {
        assert!(matches!(verdict, Verdict::Holds), "{verdict:?}");
    }
    let every = simulation.every_ordering().explore(|_| true);
    assert!(every.is_complete());
    assert_eq!(every.outcomes.len(), 1);
    // It grows with the square of the number of subscribers.
    assert!(every.counts.states < 300, "{:?}", every.counts);
}

#[test]
fn the_naive_stage_writes_any_number_of_lines() {
    let simulation = stage("naive", 4);
    let every = simulation.every_ordering().explore(|_| true);
    assert!(every.is_complete());
    let mut lines: Vec<usize> =
        every.outcomes.iter().map(|possible| possible.outcome.lines().count()).collect();
    lines.sort_unstable();
    assert_eq!(lines, [0, 1, 2, 3, 4]);
    for possible in &every.outcomes {
        let run = simulation.run(Replay::new(possible.schedule.clone()));
        assert_eq!(run.outcome(), &possible.outcome, "the schedule shows the outcome");
    }
}

#[test]
fn what_is_violated_is_shown() {
    let simulation = stage("callback", 3);
    let claims = ["no early exit", "count(output(~r/received/)) == 3"];
    for verdict in verdicts(&simulation, &claims) {
        let Verdict::Violated { schedule, .. } = verdict else { panic!("{verdict:?}") };
        let run = simulation.run(Replay::new(schedule));
        assert_eq!(run.outcome().ending, Some(Ending::Halted));
        assert!(run.outcome().lines().count() < 3);
        // The token stands for the run.
        simulation.replay(&run.token().to_string()).expect("it can be replayed");
    }
}

/// The totals that stateless checkers come to: (N!)² for the last stage, (N+1)! for the naive one that does not halt.
#[test]
fn orderings_are_as_many_as_others_count() {
    for (subscribers, orderings) in [(1, 1), (2, 4), (3, 36), (4, 576)] {
        let counted = stage("notices", subscribers).every_ordering().count_orderings(1_000_000);
        assert_eq!(counted, Some(orderings), "{subscribers} subscribers");
    }
    for (subscribers, orderings) in [(1, 2), (2, 6), (3, 24), (4, 120)] {
        let settings = Settings { halt: rashomon::Halt::Never, ..Settings::default() };
        let simulation = stage("naive", subscribers).with_settings(settings);
        let counted = simulation.every_ordering().count_orderings(1_000_000);
        assert_eq!(counted, Some(orderings), "{subscribers} subscribers");
    }
}

/// A program that looks into pids is searched with pids as they are.
#[test]
fn programs_that_look_into_pids_are_taken_as_they_are() {
    let text = "me = self()
for name <- [:a, :b], do: spawn(fn -> send(me, {name, self()}) end)
list = for _ <- 1..2, do: (receive do message -> message end)
[{first, _}, {second, _}] = Enum.sort_by(list, fn {_, pid} -> pid end)
[{came, _} | _] = list
IO.puts(\"#{first} #{second} #{came}\")
";
    let simulation = Simulation::new(program(text));
    for reductions in [
        Reductions::default(),
        Reductions { symmetry: false, ..Reductions::default() },
        Reductions { partial_order: false, symmetry: false },
    ] {
        let every = simulation.every_ordering().reductions(reductions).explore(|_| true);
        assert!(every.is_complete());
        let mut lines: Vec<&str> = every
            .outcomes
            .iter()
            .flat_map(|possible| possible.outcome.lines().map(|(_, line)| line))
            .collect();
        lines.sort_unstable();
        assert_eq!(lines, ["a b a\n", "a b b\n"], "{reductions:?}");
    }
}

/// Pids that nobody has are told apart, and do no harm.
#[test]
fn pids_that_are_made_up_stand_for_themselves() {
    let text = "me = self()
for number <- ['<0.998.0>', '<0.999.0>'] do
  spawn(fn -> send(me, :erlang.list_to_pid(number)) end)
end
first = receive do pid -> pid end
second = receive do pid -> pid end
IO.puts(\"#{inspect(first)} #{inspect(second)}\")
";
    let every = Simulation::new(program(text)).every_ordering().explore(|_| true);
    assert!(every.is_complete());
    let mut lines: Vec<&str> =
        every.outcomes.iter().flat_map(|possible| possible.outcome.lines().map(|(_, line)| line)).collect();
    lines.sort_unstable();
    assert_eq!(lines, ["#PID<0.998.0> #PID<0.999.0>\n", "#PID<0.999.0> #PID<0.998.0>\n"]);
}

/// All reductions together show what none shows.
#[test]
fn reductions_change_nothing_that_can_come_out() {
    let folder = format!("{}/tests/elixir/race", env!("CARGO_MANIFEST_DIR"));
    let mut compared = 0;
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("it is there")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.sort();
    for path in files.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "exs")) {
        let text = std::fs::read_to_string(&path).expect("it can be read");
        let simulation = Simulation::new(program(&text));
        let keys = |partial_order, symmetry| {
            let every = simulation
                .every_ordering()
                .reductions(Reductions { partial_order, symmetry })
                .bounds(rashomon::explore::Bounds { states: 20_000, ..Default::default() })
                .explore(|_| true);
            let complete = every.is_complete();
            complete.then(|| every.outcomes.iter().map(|possible| possible.key).collect::<Vec<_>>())
        };
        if let Some(plain) = keys(false, false) {
            assert_eq!(keys(true, true), Some(plain), "{}", path.display());
            compared += 1;
        }
    }
    assert!(compared > 5, "only {compared} programs were small enough to compare");
}
