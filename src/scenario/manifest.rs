//! Scenario files: a program, the claims about it, and what is expected of them, in TOML.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::kernel::{Clock, Delivery, Halt, Limits, Settings};

/// A scenario.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// What it is called.
    pub title: String,
    /// What happens in it, in a few sentences.
    pub story: String,
    /// The file of the program, beside the manifest.
    pub program: String,
    /// Questions to think about.
    #[serde(default)]
    pub questions: Vec<String>,
    /// How it is run.
    #[serde(default)]
    pub run: RunOptions,
    /// What is claimed of it.
    #[serde(default, rename = "property")]
    pub properties: Vec<ExpectedProperty>,
    /// Seeds with what they show.
    #[serde(default, rename = "seed")]
    pub seeds: Vec<NamedSeed>,
}

/// How a scenario is run where nothing else is said.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RunOptions {
    /// Whether the world ends with the main process; it does unless this is `false`.
    pub halt: Option<bool>,
    /// When time moves.
    pub clock: Option<Clock>,
    /// When signals arrive.
    pub delivery: Option<Delivery>,
    /// Processes at the most, as `--max-processes`.
    pub max_processes: Option<u32>,
    /// Unread messages in one mailbox at the most, as `--max-messages`.
    pub max_messages: Option<usize>,
}

/// What is expected of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Expectation {
    /// It holds under every ordering.
    Holds,
    /// Some ordering breaks it.
    Violated,
}

/// A claim, and what is expected of it.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExpectedProperty {
    /// What it is called.
    pub name: String,
    /// The claim, as `rashomon check --claim` takes it.
    pub claim: String,
    /// What is expected as the scenario is run.
    pub expect: Expectation,
    /// What is expected under other assumptions: `hasty`, `ordered`, `no-halt`, or several of them with commas between.
    #[serde(default)]
    #[cfg_attr(
        feature = "cli",
        schemars(extend("propertyNames" = { "pattern": "^ *(hasty|patient|ordered|instant|no-halt|halt) *(, *(hasty|patient|ordered|instant|no-halt|halt) *)*$" }))
    )]
    pub under: BTreeMap<String, Expectation>,
    /// Whether all this is expected under both deliveries.
    #[serde(default)]
    pub any_delivery: bool,
}

/// A seed, and what it shows.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NamedSeed {
    /// The seed.
    pub seed: u64,
    /// What is seen under it.
    pub shows: String,
    /// As in `[run]`.
    pub halt: Option<bool>,
    /// As in `[run]`.
    pub clock: Option<Clock>,
    /// As in `[run]`.
    pub delivery: Option<Delivery>,
}

/// A text that is no scenario: what is wrong, with line and column.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ManifestError(String);

impl Manifest {
    /// Reads a scenario.
    ///
    /// # Errors
    /// What is wrong with the text, and where.
    pub fn parse(text: &str) -> Result<Manifest, ManifestError> {
        let manifest: Manifest =
            toml::from_str(text).map_err(|error| ManifestError(error.to_string().trim_end().to_owned()))?;
        for property in &manifest.properties {
            manifest.expectations(property)?;
        }
        Ok(manifest)
    }

    /// What is expected of a claim, under all assumptions for which something is: first as the scenario is run.
    ///
    /// # Errors
    /// A key of `under` that is none, or two expectations under the same assumptions.
    pub fn expectations(
        &self,
        property: &ExpectedProperty,
    ) -> Result<Vec<(Settings, Expectation)>, ManifestError> {
        let mut expectations = vec![(self.run.settings(), property.expect)];
        for (key, expectation) in &property.under {
            expectations.push((self.run.under(key).map_err(ManifestError)?, *expectation));
        }
        if property.any_delivery {
            let other = |&(settings, expectation): &(Settings, Expectation)| {
                let delivery = match settings.delivery {
                    Delivery::Instant => Delivery::Ordered,
                    Delivery::Ordered => Delivery::Instant,
                };
                (Settings { delivery, ..settings }, expectation)
            };
            let more: Vec<_> = expectations.iter().map(other).collect();
            expectations.extend(more);
        }
        for (at, (settings, _)) in expectations.iter().enumerate() {
            if expectations.iter().take(at).any(|(known, _)| known == settings) {
                return Err(ManifestError(format!(
                    "the property {:?} says twice what it expects under the same assumptions ({:?}, {:?}, halt {:?})",
                    property.name, settings.clock, settings.delivery, settings.halt
                )));
            }
        }
        Ok(expectations)
    }
}

impl RunOptions {
    /// The assumptions.
    #[must_use]
    pub fn settings(&self) -> Settings {
        let usual = Limits::default();
        Settings {
            delivery: self.delivery.unwrap_or_default(),
            clock: self.clock.unwrap_or_default(),
            halt: if self.halt == Some(false) { Halt::Never } else { Halt::WithMain },
            limits: Limits {
                processes: self.max_processes.unwrap_or(usual.processes),
                mailbox: self.max_messages.unwrap_or(usual.mailbox),
                ..usual
            },
        }
    }

    /// The assumptions as a key of `under` changes them.
    ///
    /// # Errors
    /// A word that is none.
    pub fn under(&self, key: &str) -> Result<Settings, String> {
        let mut settings = self.settings();
        for word in key.split(',') {
            match word.trim() {
                "hasty" => settings.clock = Clock::Hasty,
                "patient" => settings.clock = Clock::Patient,
                "ordered" => settings.delivery = Delivery::Ordered,
                "instant" => settings.delivery = Delivery::Instant,
                "no-halt" => settings.halt = Halt::Never,
                "halt" => settings.halt = Halt::WithMain,
                other => {
                    return Err(format!(
                        "under \"{key}\": {other:?} is no assumption; there are hasty, patient, ordered, instant, no-halt, halt"
                    ));
                }
            }
        }
        Ok(settings)
    }
}
