//! Regular expressions as PCRE reads them, written again for the crate that runs them.
//!
//! The syntax is read here in full, so that mistakes in it are told as PCRE tells them, and what both sides write alike
//! but mean differently (`$`, `\b`, `\w`, `.`) is spelled out.

use std::collections::BTreeMap;

/// What is written in the options, or in the expression itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Flags {
    pub(super) caseless: bool,
    pub(super) multiline: bool,
    pub(super) dotall: bool,
    pub(super) extended: bool,
    pub(super) ungreedy: bool,
}

/// How an expression is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reading {
    pub(super) flags: Flags,
    /// Texts are characters, not bytes.
    pub(super) unicode: bool,
    /// `\w` and the like know all of Unicode.
    pub(super) properties: bool,
    /// `\r` ends a line, too.
    pub(super) any_newline: bool,
    /// The text that is searched consists of ASCII only.
    pub(super) ascii_text: bool,
    /// The text that is searched ends with the end of a line.
    pub(super) newline_at_end: bool,
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) message: String,
    pub(super) position: usize,
}

/// An expression that was read.
#[derive(Clone, Debug, Default)]
pub(super) struct Translation {
    pub(super) text: String,
    pub(super) groups: usize,
    pub(super) names: BTreeMap<String, usize>,
}

pub(super) struct Translator<'a> {
    pub(super) source: &'a [char],
    /// Where each character begins in the bytes of the source, and where the last one ends.
    pub(super) offsets: Vec<usize>,
    pub(super) at: usize,
    pub(super) reading: Reading,
    pub(super) flags: Flags,
    pub(super) out: Translation,
    /// The flags outside of each open group.
    pub(super) open: Vec<Flags>,
    /// Whether there is something that a quantifier could repeat.
    pub(super) repeatable: bool,
    /// The highest group that is referred to, and where.
    pub(super) referred: (usize, usize),
    /// References by name, and where.
    pub(super) named: Vec<(String, usize)>,
}

pub(super) type Step<T = ()> = Result<T, Mistake>;

/// Reads an expression, of which each byte is a character unless it is read as Unicode.
pub(super) fn translate(source: &str, byte_lengths: bool, reading: Reading) -> Result<Translation, Mistake> {
    let characters: Vec<char> = source.chars().collect();
    let mut offsets = vec![0];
    let mut end = 0;
    for character in &characters {
        end += if byte_lengths { 1 } else { character.len_utf8() };
        offsets.push(end);
    }
    let mut translator = Translator {
        source: &characters,
        offsets,
        at: 0,
        reading,
        flags: reading.flags,
        out: Translation::default(),
        open: Vec::new(),
        repeatable: false,
        referred: (0, 0),
        named: Vec::new(),
    };
    if reading.flags.caseless {
        translator.put("(?i)");
    }
    translator.run()?;
    Ok(translator.out)
}

impl Translator<'_> {
    pub(super) fn peek(&self) -> Option<char> {
        self.source.get(self.at).copied()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let found = self.peek();
        self.at += usize::from(found.is_some());
        found
    }

    pub(super) fn eat(&mut self, wanted: &str) -> bool {
        let same =
            wanted.chars().enumerate().all(|(at, wanted)| self.source.get(self.at + at) == Some(&wanted));
        if same {
            self.at += wanted.chars().count();
        }
        same
    }

    pub(super) fn put(&mut self, text: &str) {
        self.out.text.push_str(text);
    }

    pub(super) fn literal(&mut self, character: char) {
        literal(&mut self.out.text, character);
    }

    pub(super) fn mistake<T>(&self, message: &str, at: usize) -> Step<T> {
        let end = self.offsets.last().copied().unwrap_or(0);
        let position = self.offsets.get(at).copied().unwrap_or(end);
        Err(Mistake { message: message.to_owned(), position })
    }

    fn run(&mut self) -> Step {
        while let Some(character) = self.next() {
            self.item(character)?;
        }
        if !self.open.is_empty() {
            return self.mistake("missing )", self.at);
        }
        let (highest, at) = self.referred;
        if highest > self.out.groups {
            return self.mistake("reference to non-existent subpattern", at);
        }
        match self.named.iter().find(|(name, _)| !self.out.names.contains_key(name)) {
            Some((_, at)) => self.mistake("reference to non-existent subpattern", *at),
            None => Ok(()),
        }
    }

    fn item(&mut self, character: char) -> Step {
        let atom = match character {
            '(' => return self.group(),
            ')' => {
                let Some(flags) = self.open.pop() else {
                    return self.mistake("unmatched parentheses", self.at - 1);
                };
                self.flags = flags;
                self.put(")");
                true
            }
            '|' => {
                self.put("|");
                false
            }
            '*' | '+' | '?' => return self.quantifier(&character.to_string(), self.at - 1),
            '{' => return self.braces(),
            '[' => return self.class(),
            '\\' => return self.escape(),
            '.' => {
                self.put(if self.flags.dotall {
                    r"(?s:.)"
                } else if self.reading.any_newline {
                    r"[^\r\n]"
                } else {
                    r"[^\n]"
                });
                true
            }
            '^' => {
                self.put(if self.flags.multiline { "(?m:^)" } else { r"\A" });
                true
            }
            '$' => {
                self.put(if self.flags.multiline { "(?m:$)" } else { self.end() });
                true
            }
            _ if self.flags.extended && (character.is_ascii_whitespace() || character == '\u{b}') => {
                return Ok(());
            }
            '#' if self.flags.extended => {
                while self.next().is_some_and(|character| character != '\n') {}
                return Ok(());
            }
            _ => {
                self.literal(character);
                true
            }
        };
        self.repeatable = atom;
        Ok(())
    }

    /// The end of the text, or before the new line at its end.
    pub(super) fn end(&self) -> &'static str {
        match (self.reading.newline_at_end, self.reading.any_newline) {
            (false, _) => r"\z",
            (true, false) => r"(?=\n?\z)",
            (true, true) => r"(?=(?:\r\n|\n|\r)?\z)",
        }
    }

    fn quantifier(&mut self, text: &str, at: usize) -> Step {
        if !self.repeatable {
            return self.mistake("nothing to repeat", at);
        }
        self.put(text);
        if self.eat("+") {
            self.put("+");
        } else if self.eat("?") != self.flags.ungreedy {
            self.put("?");
        }
        self.repeatable = false;
        Ok(())
    }

    /// `{2}`, `{2,}`, `{2,3}`; anything else is a brace.
    fn braces(&mut self) -> Step {
        let start = self.at - 1;
        let number = |from: usize| {
            let digits: String =
                self.source.iter().skip(from).take_while(|digit| digit.is_ascii_digit()).collect();
            (digits.parse::<u32>().ok(), from + digits.len())
        };
        let (least, mut end) = number(self.at);
        let mut most = least;
        if self.source.get(end) == Some(&',') {
            (most, end) = number(end + 1);
        }
        let (Some(least), Some('}')) = (least, self.source.get(end).copied()) else {
            self.literal('{');
            self.repeatable = true;
            return Ok(());
        };
        const MOST: u32 = 65_535;
        if least > MOST || most.is_some_and(|most| most > MOST) {
            return self.mistake("number too big in {} quantifier", end);
        }
        if most.is_some_and(|most| most < least) {
            return self.mistake("numbers out of order in {} quantifier", end);
        }
        let text: String = self.source.get(start..=end).unwrap_or_default().iter().collect();
        self.at = end + 1;
        self.quantifier(&text, start)
    }

    fn open_group(&mut self, text: &str) {
        self.open.push(self.flags);
        self.put(text);
        self.repeatable = false;
    }

    fn capture(&mut self, name: Option<String>, at: usize) -> Step {
        self.out.groups += 1;
        if let Some(name) = name
            && self.out.names.insert(name, self.out.groups).is_some()
        {
            return self.mistake("two named subpatterns have the same name", at);
        }
        self.open_group("(");
        Ok(())
    }

    /// A name up to its closing bracket.
    pub(super) fn name(&mut self, close: char) -> Step<String> {
        let start = self.at;
        if self.peek().is_some_and(|first| first.is_ascii_digit()) {
            return self.mistake("group name must start with a non-digit", start);
        }
        let mut name = String::new();
        while let Some(character) =
            self.peek().filter(|character| character.is_alphanumeric() || *character == '_')
        {
            name.push(character);
            self.at += 1;
        }
        if name.is_empty() {
            return self.mistake("subpattern name expected", self.at);
        }
        if self.peek() != Some(close) {
            return self.mistake("syntax error in subpattern name (missing terminator)", self.at);
        }
        self.at += 1;
        Ok(name)
    }

    fn group(&mut self) -> Step {
        if self.peek() == Some('*') {
            return self.mistake("(*VERB) not recognized or malformed", self.at);
        }
        if !self.eat("?") {
            return self.capture(None, self.at);
        }
        for (written, means) in
            [(":", "(?:"), ("=", "(?="), ("!", "(?!"), ("<=", "(?<="), ("<!", "(?<!"), (">", "(?>")]
        {
            if self.eat(written) {
                self.open_group(means);
                return Ok(());
            }
        }
        if self.eat("#") {
            while let Some(character) = self.next() {
                if character == ')' {
                    return Ok(());
                }
            }
            return self.mistake("missing ) after comment", self.at);
        }
        if self.eat("P=") {
            let name = self.name(')')?;
            return self.refer_by_name(name);
        }
        if self.eat("P<") || self.eat("<") {
            let name = self.name('>')?;
            return self.capture(Some(name), self.at - 1);
        }
        if self.eat("'") {
            let name = self.name('\'')?;
            return self.capture(Some(name), self.at - 1);
        }
        if self.eat("(") {
            return self.condition();
        }
        match self.peek() {
            Some('R' | '&' | '0'..='9' | '|' | 'C') | Some('P' | '+') => {
                self.mistake("recursion, callouts and branch reset are not supported here", self.at)
            }
            _ => self.inline_flags(),
        }
    }

    fn condition(&mut self) -> Step {
        let digits: String =
            self.source.iter().skip(self.at).take_while(|digit| digit.is_ascii_digit()).collect();
        let group = match digits.parse::<usize>() {
            Ok(group) => {
                self.at += digits.len();
                if !self.eat(")") {
                    return self.mistake("missing ) after condition", self.at);
                }
                group
            }
            Err(_) if self.eat("<") => {
                let name = self.name('>')?;
                self.at += usize::from(self.peek() == Some(')'));
                self.out.names.get(&name).copied().unwrap_or(usize::MAX)
            }
            Err(_) => return self.mistake("malformed number or name after (?(", self.at),
        };
        if group > self.referred.0 {
            self.referred = (group, self.at);
        }
        self.open_group(&format!("(?({group})"));
        Ok(())
    }

    fn inline_flags(&mut self) -> Step {
        let before = self.flags;
        let mut on = true;
        let (mut caseless_on, mut caseless_off) = (false, false);
        loop {
            let at = self.at;
            match self.next() {
                Some('i') => {
                    self.flags.caseless = on;
                    (caseless_on, caseless_off) = (on, !on);
                }
                Some('m') => self.flags.multiline = on,
                Some('s') => self.flags.dotall = on,
                Some('x') => self.flags.extended = on,
                Some('U') => self.flags.ungreedy = on,
                Some('J') => {}
                Some('-') if on => on = false,
                Some(')') => {
                    if caseless_on || caseless_off {
                        self.put(if caseless_on { "(?i)" } else { "(?-i)" });
                    }
                    self.repeatable = false;
                    return Ok(());
                }
                Some(':') => {
                    self.open.push(before);
                    self.put(match (caseless_on, caseless_off) {
                        (true, _) => "(?i:",
                        (_, true) => "(?-i:",
                        (false, false) => "(?:",
                    });
                    self.repeatable = false;
                    return Ok(());
                }
                Some(_) => return self.mistake("unrecognized character after (? or (?-", at),
                None => return self.mistake("missing )", at),
            }
        }
    }
}

/// Adds a character that means nothing but itself.
pub(super) fn literal(out: &mut String, character: char) {
    if character.is_ascii_alphanumeric() || !character.is_ascii() && character.is_alphanumeric() {
        out.push(character);
    } else {
        out.push_str(&format!("\\x{{{:x}}}", u32::from(character)));
    }
}
