//! Where the trace of a run goes, and in which form.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use rashomon::Trace;

/// How a trace is written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TraceFormat {
    /// For programs: the schema stands in docs/trace.md.
    Json,
    /// As text, one lane a process.
    Lanes,
    /// As a Mermaid sequence diagram.
    Mermaid,
}

/// Whether a run is recorded.
#[derive(Args)]
pub(super) struct TraceOptions {
    /// Writes what happened in the run to this file.
    #[arg(long = "trace", value_name = "FILE")]
    file: Option<PathBuf>,
    /// How it is written; otherwise the ending of the file says it: .json, .txt (lanes), .mmd (Mermaid).
    #[arg(long = "trace-format", value_name = "FORMAT", value_enum, requires = "file")]
    format: Option<TraceFormat>,
}

/// A file that is open for a trace.
pub(super) struct Target {
    path: PathBuf,
    file: File,
    format: TraceFormat,
}

impl TraceOptions {
    /// Opens the file. What is wrong with it is known before the program runs.
    pub(super) fn target(&self) -> Result<Option<Target>, String> {
        let Some(path) = &self.file else { return Ok(None) };
        if path.as_os_str() == "-" {
            return Err("--trace -: standard output belongs to the program; name a file, such as trace.json"
                .to_owned());
        }
        let format = self.format.map_or_else(|| format_of(path), Ok)?;
        let file = File::create(path).map_err(|error| cannot_write(path, &error))?;
        Ok(Some(Target { path: path.clone(), file, format }))
    }
}

fn format_of(path: &Path) -> Result<TraceFormat, String> {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("json") => Ok(TraceFormat::Json),
        Some("txt") => Ok(TraceFormat::Lanes),
        Some("mmd" | "mermaid") => Ok(TraceFormat::Mermaid),
        Some(_) | None => Err(format!(
            "--trace {}: its ending does not say how to write the trace; end it in .json, .txt (lanes) or .mmd (Mermaid), or \
             give --trace-format",
            path.display()
        )),
    }
}

fn cannot_write(path: &Path, error: &std::io::Error) -> String {
    format!("cannot write the trace to {}: {error}", path.display())
}

impl Target {
    pub(super) fn write(mut self, trace: &Trace) -> Result<(), String> {
        let text = match self.format {
            TraceFormat::Json => trace.to_json() + "\n",
            TraceFormat::Lanes => trace.lanes(),
            TraceFormat::Mermaid => trace.to_mermaid(),
        };
        self.file.write_all(text.as_bytes()).map_err(|error| cannot_write(&self.path, &error))
    }
}
