//! `rashomon explain`: the story of one run, and why it went wrong.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use rashomon::explore::Explanation;
use rashomon::scenario::{Claim, breaks, explain};
use rashomon::strategy::Replay;
use rashomon::{Random, Run, Schedule, Simulation};
use serde::Serialize;

use super::Refusal;
use super::elixir::Assumptions;
use super::every::{self, Format, Program, Search, Situation};

/// Tells the story of one run of an Elixir program: what happened, which claims it breaks, where that was decided, and what should have
/// come first.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  rashomon explain examples/race.exs --seed 1 --claim 'eventually output(\"the counter says 2\")'\n  \
    rashomon check race.exs | rashomon explain race.exs --token rsh1...\n\n\
    Exit status: 0 if the run breaks no claim, 1 if it breaks one, 2 bad input or usage."
)]
pub(super) struct Arguments {
    /// The files of the program, which run one after another; - for standard input.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The run with this seed.
    #[arg(long, required_unless_present = "token", conflicts_with = "token")]
    seed: Option<u64>,
    /// The run that this token stands for, under the assumptions that it carries.
    #[arg(long)]
    token: Option<String>,
    /// A claim, besides "no deadlock", "no crash" and "no early exit"; may be given several times.
    #[arg(long, short)]
    claim: Vec<String>,
    #[command(flatten)]
    assumptions: Assumptions,
    #[command(flatten)]
    search: Search,
    /// How the result is written.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Why a run breaks a claim.
#[derive(Serialize)]
pub(super) struct Why {
    /// `decided`, `always` (every ordering breaks it) or `unknown`.
    kind: &'static str,
    /// The step after which the claim could not be kept any more, counted from 0.
    step: Option<usize>,
    /// What happens in it.
    what: Option<String>,
    /// What should have come before it, in the run that `kept` stands for.
    before: Vec<String>,
    /// The token of a run that is the same up to that step, and keeps the claim.
    kept: Option<String>,
    #[serde(skip)]
    words: String,
}

impl Why {
    pub(super) fn new(
        simulation: &Simulation<Program>,
        search: &Search,
        claim: &Claim,
        schedule: &Schedule,
        quiet: bool,
    ) -> Result<Why, String> {
        let found = explain(simulation, search.how(), claim, schedule, search.progress(quiet));
        let plain = |kind, words: &str| Why {
            kind,
            step: None,
            what: None,
            before: Vec::new(),
            kept: None,
            words: words.to_owned(),
        };
        Ok(match found.map_err(|error| error.to_string())? {
            Explanation::Always => plain("always", "Every ordering breaks it."),
            Explanation::Unknown => plain(
                "unknown",
                "Where it was decided is not known: there are too many states, or endless runs.",
            ),
            Explanation::Decided(decision) => {
                let broken = simulation.run(Replay::new(schedule.clone()));
                let kept = simulation.run(Replay::new(decision.kept.clone()));
                let sentence = |run: &Run, step: usize| {
                    run.trace().events.get(step).map(|event| run.trace().sentence(event))
                };
                let token = kept.token().to_string();
                let words = decision.in_words(broken.trace(), kept.trace());
                Why {
                    kind: "decided",
                    step: Some(decision.fatal),
                    what: sentence(&broken, decision.fatal),
                    before: decision.before.iter().filter_map(|step| sentence(&kept, *step)).collect(),
                    words: format!("{words}Kept by: {token}\n"),
                    kept: Some(token),
                }
            }
        })
    }

    pub(super) fn in_words(&self) -> String {
        self.words.clone()
    }
}

/// The story as JSON.
#[derive(Serialize)]
struct Story {
    schema: &'static str,
    assumptions: Situation,
    token: String,
    ended: String,
    broken: Vec<Broken>,
}

#[derive(Serialize)]
struct Broken {
    name: String,
    reason: String,
    explanation: Why,
}

/// Tells the story.
pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Refusal> {
    let usual = ["no deadlock", "no crash", "no early exit"];
    let texts = usual.into_iter().chain(arguments.claim.iter().map(String::as_str));
    let claims = texts.map(Claim::parse).collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?;
    let mut simulation = every::simulation(&arguments.files, &arguments.assumptions)?;
    let run = match (&arguments.token, arguments.seed) {
        (Some(token), _) => simulation.replay(token.trim()).map_err(|error| error.to_string())?,
        (None, seed) => simulation.run(Random::new(seed.unwrap_or_default())),
    };
    let settings = run.trace().settings;
    simulation = simulation.with_settings(settings);
    let mut broken = Vec::new();
    for claim in &claims {
        let reason = breaks(&simulation, claim, run.schedule()).map_err(|error| error.to_string())?;
        if let Some(reason) = reason {
            let quiet = arguments.assumptions.quiet();
            let explanation = Why::new(&simulation, &arguments.search, claim, run.schedule(), quiet)?;
            broken.push(Broken { name: claim.text().to_owned(), reason, explanation });
        }
    }
    let status = if broken.is_empty() { every::HOLDS } else { every::VIOLATED };
    let text = match arguments.format {
        Format::Json => every::json(&Story {
            schema: "rashomon-explain-1",
            assumptions: Situation::of(&settings),
            token: run.token().to_string(),
            ended: every::ended(run.outcome()),
            broken,
        })?,
        Format::Text => {
            let mut text = run.trace().lanes();
            for Broken { name, reason, explanation } in &broken {
                let _ = writeln!(text, "\nBroken: {name}");
                for line in reason.lines().chain(explanation.words.lines()) {
                    let _ = writeln!(text, "  {line}");
                }
            }
            if broken.is_empty() {
                let _ = writeln!(text, "It breaks none of the claims.");
            }
            let _ = writeln!(text, "Replay: {}", run.token());
            text
        }
    };
    Ok(every::finish(&text, status))
}
