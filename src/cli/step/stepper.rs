//! The model of the stepper: a program, the way that has been gone through its orderings, and what can happen next.
//!
//! Worlds of Elixir programs can be copied at a cost that does not depend on their size, so every world on the way is kept: a step
//! back is a look at another one. What can happen is tried out in copies; the copy that is chosen becomes the next world.

use std::collections::BTreeMap;
use std::rc::Rc;

use rashomon::elixir::{ElixirProcess, ElixirProgram};
use rashomon::explore::ReplayError;
use rashomon::kernel::{Choice, Device, Persistent, Program, Status, World};
use rashomon::strategy::drive;
use rashomon::trace::{Digest, Recorder, What};
use rashomon::{Pid, Schedule, Simulation, Token, strategy};

pub(super) type ElixirWorld = World<ElixirProcess<Persistent>>;
pub(super) type ElixirSimulation = Simulation<ElixirProgram<Persistent>>;

/// So many things that can happen are tried out and listed. More there are only where a number is drawn, or where very many processes
/// can act.
pub(super) const LISTED: usize = 200;

/// What people call processes.
type Names = Rc<BTreeMap<Pid, String>>;

/// A world on the way.
#[derive(Clone)]
struct Moment {
    world: ElixirWorld,
    /// The processes that were spawned, in that order.
    born: Rc<Vec<Pid>>,
    names: Names,
    /// How it came about; nothing for the beginning.
    made: Option<Made>,
}

/// A step.
#[derive(Clone)]
pub(super) struct Made {
    pub(super) choice: Choice,
    /// What happened, in words.
    pub(super) words: String,
    /// Where in the program.
    pub(super) place: Option<String>,
}

/// Something that can happen next, and what comes of it.
struct Possibility {
    made: Made,
    after: Moment,
}

/// A process as it is shown.
pub(super) struct Shown {
    pub(super) name: String,
    pub(super) alive: bool,
    /// What it does next, or what it waits for.
    pub(super) doing: String,
    /// The calls that it is in, the innermost first, with the values that they hold.
    pub(super) calls: Vec<String>,
    /// Its unread messages, oldest first, with who sent them.
    pub(super) mailbox: Vec<String>,
}

/// A program that is gone through step by step.
pub(super) struct Stepper {
    simulation: ElixirSimulation,
    /// The beginning and all that came after, also what lies ahead again after steps back. Never empty.
    moments: Vec<Moment>,
    /// Which one is looked at.
    at: usize,
    possible: Vec<Possibility>,
}

impl Stepper {
    /// At the beginning of the program.
    pub(super) fn new(simulation: ElixirSimulation) -> Stepper {
        let world = simulation.world();
        let names = Rc::new(BTreeMap::from([(Pid::MAIN, "main".to_owned())]));
        let first = Moment { world, born: Rc::new(vec![Pid::MAIN]), names, made: None };
        let mut stepper = Stepper { simulation, moments: vec![first], at: 0, possible: Vec::new() };
        stepper.look();
        stepper
    }

    /// At the beginning of the run that a token stands for, which lies ahead.
    pub(super) fn of_token(simulation: ElixirSimulation, token: &Token) -> Result<Stepper, ReplayError> {
        let simulation = simulation.with_settings(token.settings);
        simulation.replay_before(token, &mut ())?;
        let mut stepper = Stepper::new(simulation);
        for &choice in token.schedule.choices() {
            if let Some(possible) = stepper.moments.last().and_then(|last| try_out(last, choice)) {
                stepper.moments.push(possible.after);
            }
        }
        Ok(stepper)
    }

    fn moment(&self) -> &Moment {
        // There is always the beginning, and `at` is never beyond the end.
        self.moments.get(self.at).unwrap_or(&self.moments[0])
    }

    /// Tries out what can happen.
    fn look(&mut self) {
        let moment = self.moment();
        let choices: Vec<Choice> = moment.world.choices().iter().take(LISTED).collect();
        self.possible = choices.into_iter().filter_map(|choice| try_out(moment, choice)).collect();
    }

    /// What can happen next, as far as it is listed.
    pub(super) fn possible(&self) -> impl ExactSizeIterator<Item = &Made> {
        self.possible.iter().map(|possible| &possible.made)
    }

    /// How much more can happen than is listed.
    pub(super) fn not_listed(&self) -> u64 {
        self.world().choices().len().saturating_sub(self.possible.len() as u64)
    }

    /// Makes one of the listed things happen. What lay ahead is forgotten, unless this is what came next there.
    pub(super) fn choose(&mut self, index: usize) -> bool {
        let Some(Possibility { made, after }) = self.possible.get(index) else { return false };
        let ahead = self.moments.get(self.at + 1).and_then(|moment| moment.made.as_ref());
        if ahead.is_none_or(|ahead| ahead.choice != made.choice) {
            let after = after.clone();
            self.moments.truncate(self.at + 1);
            self.moments.push(after);
        }
        self.jump(self.at + 1)
    }

    /// Looks at the world after so many steps. Returns whether there is one.
    pub(super) fn jump(&mut self, step: usize) -> bool {
        if step >= self.moments.len() {
            return false;
        }
        self.at = step;
        self.look();
        true
    }

    /// How many steps have been made up to the world that is looked at.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// How many steps are known, those ahead included.
    pub(super) fn last(&self) -> usize {
        self.moments.len() - 1
    }

    /// The known steps from this one on, counted from 0; those ahead included.
    pub(super) fn steps_from(&self, first: usize) -> impl Iterator<Item = &Made> {
        // Only the beginning was not made.
        self.moments.iter().skip(first + 1).filter_map(|moment| moment.made.as_ref())
    }

    /// The step that lies ahead after a step back.
    pub(super) fn ahead(&self) -> Option<&Made> {
        self.moments.get(self.at + 1).and_then(|moment| moment.made.as_ref())
    }

    pub(super) fn world(&self) -> &ElixirWorld {
        &self.moment().world
    }

    pub(super) fn simulation(&self) -> &ElixirSimulation {
        &self.simulation
    }

    fn name(&self, pid: Pid) -> String {
        match (self.moment().names.get(&pid), pid) {
            (_, Pid::SYSTEM) => "the system".to_owned(),
            (Some(name), _) => format!("{name} {pid}"),
            (None, _) => pid.to_string(),
        }
    }

    /// The processes, in the order in which they were spawned.
    pub(super) fn processes(&self) -> Vec<Shown> {
        let world = self.world();
        self.moment().born.iter().map(|&pid| self.process(world, pid)).collect()
    }

    fn process(&self, world: &ElixirWorld, pid: Pid) -> Shown {
        let alive = world.is_alive(pid);
        let next = self.possible().find(|made| made.choice == Choice::Run(pid));
        let at = |place: Option<String>| place.map_or_else(String::new, |place| format!(" at {place}"));
        let place = world.pending(pid).and_then(|request| request.place).map(|place| place.to_string());
        let waits = world.info(pid).is_some_and(|info| info.status == Status::Waiting);
        let doing = match (next, world.pending(pid)) {
            (Some(made), _) => {
                format!("next: {}{}", self.without_name(pid, &made.words), at(made.place.clone()))
            }
            (None, Some(_)) if waits => format!("waits for a message{}", at(place)),
            (None, Some(request)) => format!("is about to {}{}", request.action.name(), at(place)),
            (None, None) => "has ended".to_owned(),
        };
        let calls = world.process(pid).filter(|_| alive).map_or_else(Vec::new, |process| {
            process.calls(world.environment()).into_iter().map(|call| in_words(&call)).collect()
        });
        let mailbox = world.mailbox(pid).map(|envelope| {
            let message =
                <ElixirProcess<Persistent> as rashomon::kernel::Process>::show_message(&envelope.message);
            format!("{message} from {}", self.name(envelope.from))
        });
        Shown { name: self.name(pid), alive, doing, calls, mailbox: mailbox.collect() }
    }

    /// What a process does, without saying who does it.
    fn without_name<'w>(&self, pid: Pid, words: &'w str) -> &'w str {
        let own = self.moment().names.get(&pid).and_then(|name| words.strip_prefix(name.as_str()));
        let rest = own.unwrap_or(words).trim_start();
        rest.strip_prefix(&pid.to_string()).unwrap_or(rest).trim_start()
    }

    /// What was written, line by line: who wrote it, where to, and what.
    pub(super) fn output(&self) -> Vec<(String, Device, String)> {
        let mut lines = Vec::new();
        self.world().each_written(|written| {
            for line in written.text.to_string().lines() {
                lines.push((self.name(written.pid), written.device, line.to_owned()));
            }
        });
        lines
    }

    /// The choices up to the world that is looked at.
    pub(super) fn schedule(&self) -> Schedule {
        self.steps_from(0).take(self.at).map(|made| made.choice).collect()
    }

    /// The token that stands for these choices.
    pub(super) fn token(&self) -> Token {
        let schedule = self.schedule();
        let mut digest = Digest::new();
        let mut replay = strategy::Replay::new(schedule.clone());
        let diverged = drive(&mut self.simulation.world(), &mut replay, &mut digest);
        debug_assert!(diverged.is_ok(), "what was chosen was possible");
        Token {
            fingerprint: self.simulation.program().fingerprint(),
            settings: *self.simulation.settings(),
            schedule,
            digest: digest.number(),
        }
    }
}

/// What comes of a choice, if it is possible.
fn try_out(moment: &Moment, choice: Choice) -> Option<Possibility> {
    let Moment { world, born, names, .. } = moment;
    let mut world = world.clone();
    let mut recorder = Recorder::new();
    world.apply(choice, &mut recorder).ok()?;
    let event = recorder.events().first()?;
    let made = Made { choice, words: event.in_words(names), place: event.place.clone() };
    let (mut born, mut names) = (Rc::clone(born), Rc::clone(names));
    if let What::Spawned { child, label, .. } = &event.what {
        Rc::make_mut(&mut born).push(*child);
        if let Some(label) = label {
            Rc::make_mut(&mut names).insert(*child, label.clone());
        }
    }
    if let What::Registered { name, pid } = &event.what {
        Rc::make_mut(&mut names).insert(*pid, name.clone());
    }
    Some(Possibility { after: Moment { world, born, names, made: Some(made.clone()) }, made })
}

fn in_words(call: &rashomon::elixir::vm::Call) -> String {
    let mut words = format!("{} at {}", call.function, call.place);
    if !call.holds.is_empty() {
        words += &format!(", holds {}", call.holds.join(", "));
    }
    words
}

#[cfg(test)]
mod tests {
    use rashomon::elixir::{Source, compile};

    use super::*;

    fn stepper(text: &str) -> Stepper {
        let compilation = compile::<Persistent>(&[Source { name: "a.exs", text }]).expect("it compiles");
        Stepper::new(Simulation::new(compilation.program))
    }

    const TWO: &str = "me = self()\nfor name <- [:left, :right], do: spawn(fn -> send(me, name) end)\n\
        receive do: (first -> IO.inspect(first))\n";

    fn words(stepper: &Stepper) -> Vec<&str> {
        stepper.possible().map(|made| made.words.as_str()).collect()
    }

    /// Chooses what is said by these words.
    fn choose(stepper: &mut Stepper, wanted: &str) {
        let index = words(stepper).iter().position(|words| *words == wanted);
        assert!(index.is_some_and(|index| stepper.choose(index)), "{wanted}: {:?}", words(stepper));
    }

    /// Both are spawned.
    fn two() -> Stepper {
        let mut stepper = stepper(TWO);
        choose(&mut stepper, "main spawns #PID<0.2.0>");
        choose(&mut stepper, "main spawns #PID<0.3.0>");
        stepper
    }

    #[test]
    fn what_can_happen_is_told_and_can_be_chosen() {
        let mut stepper = two();
        assert_eq!(words(&stepper), ["#PID<0.2.0> sends main :left", "#PID<0.3.0> sends main :right"]);
        assert!(stepper.choose(1));
        assert_eq!(
            words(&stepper),
            ["main takes :right from #PID<0.3.0>", "#PID<0.2.0> sends main :left", "#PID<0.3.0> ends"]
        );
        assert!(!stepper.choose(7));
        choose(&mut stepper, "main takes :right from #PID<0.3.0>");
        choose(&mut stepper, "main writes: :right");
        let output: Vec<String> =
            stepper.output().into_iter().map(|(who, _, text)| who + ": " + &text).collect();
        assert_eq!(output, ["main #PID<0.1.0>: :right"]);
        choose(&mut stepper, "main ends");
        assert!(stepper.world().ending().is_some());
        assert_eq!(words(&stepper), Vec::<&str>::new());
    }

    #[test]
    fn one_can_go_back_and_forth_and_take_another_way() {
        let mut stepper = two();
        stepper.choose(0);
        stepper.choose(0);
        assert_eq!((stepper.at(), stepper.last()), (4, 4));
        assert!(stepper.jump(2));
        assert_eq!((stepper.at(), stepper.last()), (2, 4));
        assert_eq!(stepper.ahead().map(|made| made.words.as_str()), Some("#PID<0.2.0> sends main :left"));
        assert!(!stepper.jump(5), "nobody has been there");
        // The same way again: what lies ahead stays.
        stepper.choose(0);
        assert_eq!((stepper.at(), stepper.last()), (3, 4));
        // Another way: it is forgotten.
        stepper.jump(2);
        stepper.choose(1);
        assert_eq!((stepper.at(), stepper.last()), (3, 3));
        assert!(stepper.jump(0));
        assert_eq!(words(&stepper), ["main spawns #PID<0.2.0>"]);
    }

    #[test]
    fn processes_tell_what_they_wait_for_and_what_they_hold() {
        let mut stepper = two();
        let main = &stepper.processes()[0];
        assert_eq!((main.name.as_str(), main.alive), ("main #PID<0.1.0>", true));
        assert_eq!(main.doing, "waits for a message at a.exs:3");
        stepper.choose(0);
        let shown = stepper.processes();
        assert_eq!(shown[0].mailbox, [":left from #PID<0.2.0>"]);
        assert_eq!(shown[0].doing, "next: takes :left from #PID<0.2.0> at a.exs:3");
        assert_eq!(shown[2].doing, "next: sends main :right at a.exs:2");
        assert_eq!(shown[2].calls.len(), 1);
        assert!(shown[2].calls[0].starts_with("fn in the script at a.exs:2, holds "), "{:?}", shown[2].calls);
        choose(&mut stepper, "#PID<0.2.0> ends");
        let ended = &stepper.processes()[1];
        assert_eq!((ended.alive, ended.doing.as_str()), (false, "has ended"));
    }

    #[test]
    fn values_are_seen() {
        let mut stepper = stepper(
            "defmodule Loop do\n  def run(count, names) do\n    receive do\n      :next -> run(count + 1, names)\n    end\n  end\nend\n\
             spawn(Loop, :run, [41, [:a, :b]])\nreceive do: (:never -> :ok)\n",
        );
        stepper.choose(0);
        let shown = stepper.processes();
        assert_eq!(shown[1].doing, "waits for a message at a.exs:3");
        assert_eq!(shown[1].calls, ["Loop.run/2 at a.exs:3, holds 41, [:a, :b]"]);
    }

    #[test]
    fn names_are_known_from_the_moment_on_at_which_they_are_given() {
        let mut stepper = stepper("Process.register(self(), :boss)\nsend(:boss, 1)\n");
        choose(&mut stepper, "main registers itself as boss");
        choose(&mut stepper, "boss sends itself 1");
        stepper.jump(0);
        assert_eq!(stepper.processes()[0].name, "main #PID<0.1.0>");
    }

    #[test]
    fn a_number_is_drawn_from_those_that_are_listed() {
        let mut stepper = stepper("IO.inspect(Enum.random(1..1000))\n");
        while stepper.possible().len() == 1 {
            stepper.choose(0);
        }
        assert_eq!(stepper.possible().len(), LISTED);
        assert_eq!(stepper.not_listed(), 800);
        choose(&mut stepper, "main draws 6");
        choose(&mut stepper, "main writes: 7");
    }

    #[test]
    fn the_token_leads_to_the_same_place() {
        let mut stepper = two();
        stepper.choose(1);
        stepper.choose(0);
        let token = stepper.token();
        assert_eq!(token.schedule, stepper.schedule());
        let compilation = compile::<Persistent>(&[Source { name: "a.exs", text: TWO }]).expect("it compiles");
        let again = Stepper::of_token(Simulation::new(compilation.program), &token).expect("it fits");
        assert_eq!((again.at(), again.last()), (0, 4));
        let both = [&stepper, &again]
            .map(|stepper| stepper.steps_from(0).map(|made| made.words.clone()).collect::<Vec<_>>());
        assert_eq!(both[0], both[1]);
        // The schedule ends where one looks.
        stepper.jump(1);
        assert_eq!(stepper.token().schedule.len(), 1);
    }

    #[test]
    fn a_token_of_another_program_is_refused() {
        let token = two().token();
        let compilation = compile::<Persistent>(&[Source { name: "b.exs", text: TWO }]).expect("it compiles");
        assert!(matches!(
            Stepper::of_token(Simulation::new(compilation.program), &token),
            Err(ReplayError::OtherProgram { .. })
        ));
    }
}
