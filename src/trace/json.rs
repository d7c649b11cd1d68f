//! A trace as JSON, for other programs. The schema is described in `docs/trace.md`.

use serde::Serialize;

use super::Trace;

/// The version of the schema. It changes whenever a field changes its name or its meaning.
pub const TRACE_SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'t> {
    schema: &'static str,
    version: u32,
    #[serde(flatten)]
    trace: &'t Trace,
}

impl Trace {
    /// The trace as JSON, indented.
    #[must_use]
    pub fn to_json(&self) -> String {
        let document = Document { schema: "rashomon/trace", version: TRACE_SCHEMA_VERSION, trace: self };
        // Serializing to text fails only for maps whose keys are no strings or numbers; there is none here.
        serde_json::to_string_pretty(&document).unwrap_or_default()
    }
}
