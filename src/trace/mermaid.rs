//! A trace as a Mermaid sequence diagram, for documents that draw such diagrams (Markdown on most forges, for one).
//!
//! Every process is a participant, every signal an arrow: a solid one for a message, a dashed one for a spawn, an exit
//! signal or what a link or a monitor tells; one that ends in a cross is lost. Everything else is a note.
//!
//! Texts of the program stand in the diagram, and Mermaid has several ways to take a text for something else: `#` begins an
//! entity, `;` and a line break end the statement, `%%` begins a comment or a directive, `<` a tag; a text between `$$` a formula; a message that
//! begins with `wrap:` is an option. Also, its preprocessor takes away the last semicolon after a `style…:` or a `classDef…:`, wherever they stand. [`escape`] writes
//! whatever could be meant as one of these as an entity.

use std::fmt::Write as _;

use super::Trace;
use super::event::{TraceEvent, What};
use super::lanes::MOST_LANES;
use super::words::{cut, span};
use crate::kernel::{Delivery, Fate, Pid};

impl Trace {
    /// The run as a Mermaid sequence diagram.
    ///
    /// More than 40 processes make a diagram that nobody can read: the further ones take no part, and what they do is told
    /// in notes.
    #[must_use]
    pub fn to_mermaid(&self) -> String {
        let taking_part = self.lane_order();
        let mut text = "sequenceDiagram\n".to_owned();
        for &pid in &taking_part {
            let _infallible = writeln!(text, "    participant {} as {}", id(pid), escape(&self.name_of(pid)));
        }
        let whole = match taking_part.as_slice() {
            [first, .., last] => format!("{},{}", id(*first), id(*last)),
            _ => id(Pid::MAIN),
        };
        let mut time = 0;
        for event in &self.events {
            if event.time != time {
                time = event.time;
                let _infallible =
                    writeln!(text, "    Note over {whole}: the clock moves to {}", escape(&span(time)));
            }
            let takes_part = |pid: Pid| taking_part.contains(&pid);
            match Arrow::of(event, self.settings.delivery) {
                Some(Arrow { from, to, head, label }) if takes_part(from) && takes_part(to) => {
                    let _infallible = writeln!(text, "    {}{head}{}: {}", id(from), id(to), escape(&label));
                }
                Some(_) | None => {
                    let who = if takes_part(event.process) { id(event.process) } else { whole.clone() };
                    let words = event.in_words(&self.names);
                    let _infallible = writeln!(text, "    Note over {who}: {}", escape(&words));
                }
            }
        }
        let end = match &self.outcome.ending {
            Some(ending) => ending.to_string(),
            None => "the run was left before its end".to_owned(),
        };
        let _infallible = writeln!(text, "    Note over {whole}: {}", escape(&end));
        debug_assert!(taking_part.len() <= MOST_LANES);
        text
    }
}

/// The name of a participant in the diagram's source.
fn id(pid: Pid) -> String {
    format!("p{}", pid.number())
}

/// A signal, from participant to participant.
struct Arrow {
    from: Pid,
    to: Pid,
    head: &'static str,
    label: String,
}

impl Arrow {
    /// The signal that an event draws, if it draws one. What travels is drawn when it gets there, not when it is sent.
    #[expect(clippy::wildcard_enum_match_arm, reason = "most events are no signals")]
    fn of(event: &TraceEvent, delivery: Delivery) -> Option<Arrow> {
        let who = event.process;
        let travels = |to: Pid| delivery == Delivery::Ordered && to != who;
        match &event.what {
            What::Spawned { child, .. } => {
                Some(Arrow { from: who, to: *child, head: "-->>", label: "spawns".to_owned() })
            }
            What::Sent { to, .. } | What::ExitSent { to, .. } if travels(*to) => None,
            What::Sent { to, message, fate, .. } => {
                Some(Arrow { from: who, to: *to, head: solid(*fate), label: cut(message) })
            }
            What::ExitSent { to, reason, fate } => {
                let label = format!("exit signal {}", cut(reason));
                Some(Arrow { from: who, to: *to, head: dashed(*fate), label })
            }
            What::Delivered { from, .. } if *from == Pid::SYSTEM => None,
            What::Delivered { from, message: Some(message), fate, .. } => {
                Some(Arrow { from: *from, to: who, head: solid(*fate), label: cut(message) })
            }
            What::Delivered { from, signal, reason, fate, .. } => {
                let reason = reason.as_deref().map_or(String::new(), |reason| format!(" {}", cut(reason)));
                let label = format!("{}{reason}", signal.replace('_', " "));
                Some(Arrow { from: *from, to: who, head: dashed(*fate), label })
            }
            _ => None,
        }
    }
}

/// The arrow of a message.
fn solid(fate: Fate) -> &'static str {
    match fate {
        Fate::Arrived | Fate::InTransit => "-)",
        Fate::Lost => "-x",
    }
}

/// The arrow of any other signal.
fn dashed(fate: Fate) -> &'static str {
    match fate {
        Fate::Arrived | Fate::InTransit => "--)",
        Fate::Lost => "--x",
    }
}

/// A text that stands for itself in a diagram.
fn escape(text: &str) -> String {
    let text = text.trim();
    let option = text.trim_start_matches(':').trim_start_matches("no").starts_with("wrap:");
    let mut escaped = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let misread = ["style", "classDef"].iter().any(|word| rest.starts_with(word));
        match next {
            '\n' | '\r' => escaped.push('⏎'),
            '#' | ';' | '%' | '<' | '>' | '&' | '"' | '\\' | '`' | '$' => entity(&mut escaped, next),
            ':' if option => entity(&mut escaped, next),
            _ if misread => entity(&mut escaped, next),
            _ if next.is_control() => escaped.push(' '),
            _ => escaped.push(next),
        }
        rest = rest.get(next.len_utf8()..).unwrap_or_default();
    }
    if escaped.is_empty() { " ".to_owned() } else { escaped }
}

fn entity(text: &mut String, character: char) {
    let _infallible = write!(text, "#{};", u32::from(character));
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn what_mermaid_would_take_for_something_else_is_written_as_an_entity() {
        for (text, escaped) in [
            ("{:ok, 1}", "{:ok, 1}"),
            ("#PID<0.1.0>", "#35;PID#60;0.1.0#62;"),
            ("a; b", "a#59; b"),
            ("%{a: 1}", "#37;{a: 1}"),
            ("%%{init: 1}%%", "#37;#37;{init: 1}#37;#37;"),
            ("one\ntwo\r\u{1b}[1m", "one⏎two⏎ [1m"),
            ("wrap: a", "wrap#58; a"),
            (":nowrap: a", "#58;nowrap#58; a"),
            ("style: #1;", "#115;tyle: #35;1#59;"),
            ("classDef a:b", "#99;lassDef a:b"),
            ("$$x$$", "#36;#36;x#36;#36;"),
            ("  ", " "),
        ] {
            assert_eq!(escape(text), escaped, "{text}");
        }
    }
}
