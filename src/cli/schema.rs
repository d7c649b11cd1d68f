//! `rashomon schema`: the JSON schema of scenarios, for editors.

use clap::Args;
use rashomon::scenario::Manifest;

/// Writes the JSON schema of scenario files (TOML), for editors that complete and check them.
#[derive(Args)]
#[command(after_help = "Example: rashomon schema > manifest.schema.json\n\n\
    With Taplo (Even Better TOML), the first line of a scenario may then be: #:schema manifest.schema.json\n\nExit status: 0.")]
pub(super) struct Arguments {}

/// The schema.
pub(super) fn run(_: &Arguments) -> Result<String, String> {
    let schema = schemars::schema_for!(Manifest);
    Ok(serde_json::to_string_pretty(&schema).map_err(|error| error.to_string())? + "\n")
}
