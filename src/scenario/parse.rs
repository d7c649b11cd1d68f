//! From the text of a claim to the claim.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;

use fancy_regex::Regex;

use super::claim::{Claim, ClaimError, Formula, One, Relation};
use super::event::{EventPattern, What, Who, Wording};
use super::pattern::Pattern;
use crate::elixir::ast::{Ast, Head, Kind};
use crate::elixir::syntax;
use crate::kernel::Name;

struct Parser<'t> {
    text: &'t str,
    at: usize,
    ones: Vec<One>,
    depth: u32,
}

/// Claims nested deeper than this are refused.
const DEEPEST: u32 = 100;

const EVENTS: [&str; 7] = ["received", "sent", "output", "crash", "exited", "spawned", "halted"];

pub(super) fn claim(text: &str) -> Result<Claim, ClaimError> {
    let mut parser = Parser { text, at: 0, ones: Vec::new(), depth: 0 };
    let formula = parser.either()?;
    parser.spaces();
    if parser.at < text.len() {
        return Err(parser.here("the claim is over here; join claims with and, or"));
    }
    let Parser { ones, .. } = parser;
    Ok(Claim { text: text.trim().to_owned(), formula, ones })
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn spaces(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn error(&self, place: (usize, usize), what: impl Into<String>) -> ClaimError {
        ClaimError { text: self.text.to_owned(), place, what: what.into() }
    }

    fn here(&self, what: impl Into<String>) -> ClaimError {
        let word = self.rest().split_whitespace().next().map_or(0, str::len);
        self.error((self.at, self.at + word), what)
    }

    /// Takes words if they come next.
    fn takes(&mut self, words: &str) -> bool {
        self.spaces();
        let start = self.at;
        for word in words.split(' ') {
            self.spaces();
            let rest = self.rest();
            let fits = rest
                .strip_prefix(word)
                .is_some_and(|after| !after.starts_with(|next: char| next.is_alphanumeric() || next == '_'));
            if !fits {
                self.at = start;
                return false;
            }
            self.at += word.len();
        }
        true
    }

    fn sign(&mut self, sign: &str) -> bool {
        self.spaces();
        let found = self.rest().starts_with(sign);
        if found {
            self.at += sign.len();
        }
        found
    }

    fn either(&mut self) -> Result<Formula, ClaimError> {
        let mut formula = self.both()?;
        while self.takes("or") {
            formula = Formula::Or(Box::new(formula), Box::new(self.both()?));
        }
        Ok(formula)
    }

    fn both(&mut self) -> Result<Formula, ClaimError> {
        let mut formula = self.single()?;
        while self.takes("and") {
            formula = Formula::And(Box::new(formula), Box::new(self.single()?));
        }
        Ok(formula)
    }

    fn single(&mut self) -> Result<Formula, ClaimError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.here("the claim is nested too deep"));
        }
        let formula = if self.takes("not") {
            Formula::Not(Box::new(self.single()?))
        } else if self.sign("(") {
            let inner = self.either()?;
            if !self.sign(")") {
                return Err(self.here("a ) is missing here"));
            }
            inner
        } else {
            let one = self.one()?;
            self.ones.push(one);
            Formula::One(self.ones.len() - 1)
        };
        self.depth -= 1;
        Ok(formula)
    }

    fn one(&mut self) -> Result<One, ClaimError> {
        if self.takes("never") {
            return Ok(One::Never(self.event()?));
        }
        if self.takes("eventually") {
            return Ok(One::Eventually(self.event()?));
        }
        if self.takes("no deadlock") {
            return Ok(One::NoDeadlock);
        }
        if self.takes("no early exit") {
            return Ok(One::NoEarlyExit);
        }
        if self.takes("no unread messages") {
            return Ok(One::NoUnread);
        }
        if self.takes("no crash") {
            return Ok(One::Never(EventPattern {
                who: Who::Anybody,
                what: What::Crash(None),
                text: "no crash".to_owned(),
                place: (self.at, self.at),
                // That there is no crash is no sign that the claim is about nothing.
                met: Rc::new(Cell::new(true)),
            }));
        }
        if self.takes("all") {
            let first = self.event()?;
            if !self.takes("before any") {
                return Err(self.here("expected: before any"));
            }
            return Ok(One::AllBeforeAny(first, self.event()?));
        }
        if self.takes("count") {
            if !self.sign("(") {
                return Err(self.here("expected an event in parentheses: count(output(\"done\")) == 1"));
            }
            let event = self.event()?;
            if !self.sign(")") {
                return Err(self.here("a ) is missing here"));
            }
            let relation = self.relation()?;
            let number = self.number()?;
            return Ok(One::Count(event, relation, number));
        }
        let first = self.event()?;
        if self.takes("always before") {
            return Ok(One::AlwaysBefore(first, self.event()?));
        }
        if self.takes("leads to") {
            return Ok(One::LeadsTo(first, self.event()?));
        }
        Err(self.here("expected what is claimed of the event: always before, leads to; or begin with never, eventually, count(…), all … before any …"))
    }

    fn relation(&mut self) -> Result<Relation, ClaimError> {
        let signs = [
            ("==", Relation::Equal),
            ("!=", Relation::NotEqual),
            ("<=", Relation::LessOrEqual),
            (">=", Relation::GreaterOrEqual),
            ("<", Relation::Less),
            (">", Relation::Greater),
        ];
        for (sign, relation) in signs {
            if self.sign(sign) {
                return Ok(relation);
            }
        }
        Err(self.here("expected one of == != < <= > >="))
    }

    fn number(&mut self) -> Result<u64, ClaimError> {
        self.spaces();
        let digits = self.rest().chars().take_while(char::is_ascii_digit).count();
        let number = self.rest().get(..digits).and_then(|digits| digits.parse().ok());
        let number = number.ok_or_else(|| self.here("expected a number"))?;
        self.at += digits;
        Ok(number)
    }

    fn event(&mut self) -> Result<EventPattern, ClaimError> {
        self.spaces();
        let start = self.at;
        let name: String =
            self.rest().chars().take_while(|next| next.is_alphanumeric() || *next == '_').collect();
        if !EVENTS.contains(&name.as_str()) {
            let what = if name.is_empty() {
                format!("expected a claim or an event: one of {}", EVENTS.join(", "))
            } else {
                let near =
                    EVENTS.iter().max_by(|a, b| strsim::jaro(a, &name).total_cmp(&strsim::jaro(b, &name)));
                let near = near.filter(|near| strsim::jaro(near, &name) > 0.75);
                match near {
                    Some(near) => format!("there is no event {name}; did you mean {near}?"),
                    None => format!("there is no event {name}; there are {}", EVENTS.join(", ")),
                }
            };
            return Err(self.error((start, start + name.len().max(1)), what));
        }
        self.at += name.len();
        if !self.rest().starts_with('(') {
            return Err(self.here("expected ( after the name of the event"));
        }
        let Some(length) = closing(self.rest()) else {
            return Err(self.error((self.at, self.at + 1), "this ( is never closed"));
        };
        self.at += length;
        let place = (start, self.at);
        let text = self.text.get(start..self.at).unwrap_or_default();
        let parsed = syntax::parse(text).map_err(|errors| match errors.first() {
            Some(error) => {
                let at = (start + error.span.start as usize, start + error.span.end as usize);
                self.error(at, error.title.clone())
            }
            None => self.error(place, "this is no Elixir"),
        })?;
        let Kind::Call(Head::Name(_), arguments) = parsed.ast.kind else {
            return Err(self.error(place, "expected an event"));
        };
        let (who, what) = self.parts(&name, arguments, start, place)?;
        Ok(EventPattern { who, what, text: text.to_owned(), place, met: Rc::default() })
    }

    fn parts(
        &self,
        name: &str,
        mut arguments: Vec<Ast>,
        start: usize,
        place: (usize, usize),
    ) -> Result<(Who, What), ClaimError> {
        let refused = |(span, what): super::pattern::Refused| {
            self.error((start + span.start as usize, start + span.end as usize), what)
        };
        let last = arguments.pop();
        let first = arguments.pop();
        if !arguments.is_empty() {
            return Err(self.error(place, "an event has two arguments at the most"));
        }
        let usage = |usage: &str| self.error(place, format!("expected {usage}"));
        Ok(match (name, first, last) {
            ("received", Some(who), Some(pattern)) => {
                (self.who(&who, start)?, What::Received(Pattern::new(pattern).map_err(refused)?))
            }
            ("sent", Some(who), Some(pattern)) => {
                (self.who(&who, start)?, What::Sent(Pattern::new(pattern).map_err(refused)?))
            }
            ("exited", Some(who), Some(pattern)) => {
                (self.who(&who, start)?, What::Exited(Pattern::new(pattern).map_err(refused)?))
            }
            ("output", who, Some(text)) => {
                let who = match who {
                    Some(who) => self.who(&who, start)?,
                    None => Who::Anybody,
                };
                (who, What::Output(self.wording(&text, start)?))
            }
            ("crash", None, Some(one)) => match self.who(&one, start) {
                Ok(who) => (who, What::Crash(None)),
                Err(_) => (Who::Anybody, What::Crash(Some(Pattern::new(one).map_err(refused)?))),
            },
            ("spawned", None, Some(who)) => (self.who(&who, start)?, What::Spawned),
            ("halted", None, None) => (Who::Anybody, What::Halted),
            ("received", ..) => return Err(usage("received(WHO, PATTERN)")),
            ("sent", ..) => return Err(usage("sent(WHO, PATTERN)")),
            ("exited", ..) => return Err(usage("exited(WHO, PATTERN)")),
            ("output", ..) => return Err(usage("output(\"a line\"), output(~r/…/) or output(WHO, …)")),
            ("crash", ..) => return Err(usage("crash(WHO) or crash(PATTERN)")),
            ("spawned", ..) => return Err(usage("spawned(WHO)")),
            _ => return Err(usage("halted()")),
        })
    }

    fn who(&self, ast: &Ast, start: usize) -> Result<Who, ClaimError> {
        match &ast.kind {
            Kind::Variable(name, _) if name.text() == "_" => return Ok(Who::Anybody),
            Kind::Variable(name, _) if name.text() == "main" => return Ok(Who::Main),
            Kind::Variable(name, _) => {
                return Ok(Who::Held { variable: name.text().to_owned(), places: BTreeSet::new() });
            }
            Kind::Atom(name) => return Ok(Who::Named(Name::from(name.text()))),
            Kind::Call(Head::Name(name), parts) if name.text() == "/" => {
                if let [
                    Ast { kind: Kind::Call(Head::Expression(head), none), .. },
                    Ast { kind: Kind::Integer(arity), .. },
                ] = parts.as_slice()
                    && none.is_empty()
                    && let Kind::Call(Head::Name(dot), path) = &head.kind
                    && dot.text() == "."
                    && let [
                        Ast { kind: Kind::Call(Head::Name(_), aliases), .. },
                        Ast { kind: Kind::Atom(name), .. },
                    ] = path.as_slice()
                    && let Ok(arity) = u8::try_from(*arity)
                {
                    let parts: Vec<&str> = aliases
                        .iter()
                        .filter_map(
                            |part| if let Kind::Atom(atom) = part.kind { Some(atom.text()) } else { None },
                        )
                        .collect();
                    return Ok(Who::Running {
                        module: parts.join("."),
                        name: name.text().to_owned(),
                        arity,
                        places: BTreeSet::new(),
                    });
                }
            }
            _ => {}
        }
        let span = ast.meta.span;
        Err(self.error(
            (start + span.start as usize, start + span.end as usize),
            "nobody is meant by this: write _ for anybody, main, a registered name such as :server, the function that the process runs, such as PubSub.loop/1, or a variable that holds its pid",
        ))
    }

    fn wording(&self, ast: &Ast, start: usize) -> Result<Wording, ClaimError> {
        let place = (start + ast.meta.span.start as usize, start + ast.meta.span.end as usize);
        match &ast.kind {
            Kind::Text(text) => Ok(Wording::Line(String::from_utf8_lossy(text).into_owned())),
            Kind::Call(Head::Name(sigil), parts) if matches!(sigil.text(), "sigil_r" | "sigil_R") => {
                let mut body = String::new();
                let mut flags = String::new();
                if let [content, modifiers] = parts.as_slice() {
                    if let Kind::Call(_, pieces) = &content.kind {
                        for piece in pieces {
                            match &piece.kind {
                                Kind::Text(text) => body.push_str(&String::from_utf8_lossy(text)),
                                _ => return Err(self.error(place, "there is nothing to interpolate here")),
                            }
                        }
                    }
                    if let Kind::List(letters) = &modifiers.kind {
                        for letter in letters {
                            if let Kind::Integer(letter) = letter.kind {
                                flags.extend(u32::try_from(letter).ok().and_then(char::from_u32));
                            }
                        }
                    }
                }
                if let Some(flag) = flags.chars().find(|flag| !"imsxu".contains(*flag)) {
                    return Err(self
                        .error(place, format!("the flag {flag} of a regular expression is not known here")));
                }
                let flags: String = flags.chars().filter(|flag| *flag != 'u').collect();
                let source = if flags.is_empty() { body } else { format!("(?{flags}){body}") };
                Regex::new(&source)
                    .map(|regex| Wording::Like(Rc::new(regex)))
                    .map_err(|error| self.error(place, error.to_string()))
            }
            _ => Err(self
                .error(place, "expected a string, which is one whole line, or a regular expression ~r/…/")),
        }
    }
}

/// How long a text in parentheses is, both included.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_u32;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let end = match character {
            '(' | '[' | '{' => {
                depth += 1;
                None
            }
            ')' | ']' | '}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
                None
            }
            '"' | '\'' => Some(character),
            '?' => {
                characters.next();
                None
            }
            '~' => {
                characters.next();
                characters.next().map(|(_, open)| match open {
                    '(' => ')',
                    '[' => ']',
                    '{' => '}',
                    '<' => '>',
                    other => other,
                })
            }
            _ => None,
        };
        if let Some(end) = end {
            loop {
                match characters.next()? {
                    (_, '\\') => {
                        characters.next();
                    }
                    (_, found) if found == end => break,
                    _ => {}
                }
            }
        }
    }
    None
}
