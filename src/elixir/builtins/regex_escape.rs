//! Regular expressions: what follows a backslash, and classes in brackets.

use super::regex_syntax::{Step, Translator, literal};

const WORD: &str = "0-9A-Za-z_";
const SPACE: &str = r" \t\n\x0b\x0c\r";
const HORIZONTAL: &str = r"\t \xa0\u{1680}\u{180e}\u{2000}-\u{200a}\u{202f}\u{205f}\u{3000}";
const VERTICAL: &str = r"\n\x0b\x0c\r\u{85}\u{2028}\u{2029}";

impl Translator<'_> {
    pub(super) fn refer(&mut self, group: usize) -> Step {
        if group > self.referred.0 {
            self.referred = (group, self.at);
        }
        self.put(&format!("(?:\\{group})"));
        self.repeatable = true;
        Ok(())
    }

    pub(super) fn refer_by_name(&mut self, name: String) -> Step {
        match self.out.names.get(&name).copied() {
            Some(group) => self.refer(group),
            None => {
                self.named.push((name, self.at));
                Ok(())
            }
        }
    }

    /// A class such as `\w`, as what stands in it between brackets, and whether it is negated.
    fn class_of(&self, letter: char) -> Option<(String, bool)> {
        let unicode = self.reading.properties;
        let content = match letter.to_ascii_lowercase() {
            'd' => {
                if unicode {
                    r"\p{Nd}"
                } else {
                    "0-9"
                }
            }
            'w' => {
                if unicode {
                    r"\p{L}\p{N}_"
                } else {
                    WORD
                }
            }
            's' if unicode => return Some((format!(r"\p{{Z}}{HORIZONTAL}{VERTICAL}"), letter == 'S')),
            's' => SPACE,
            'h' => HORIZONTAL,
            'v' => VERTICAL,
            _ => return None,
        };
        Some((content.to_owned(), letter.is_ascii_uppercase()))
    }

    /// The character that an escape means, if it is one: inside and outside of classes alike.
    fn escaped_character(&mut self, letter: char) -> Step<Option<char>> {
        let code = match letter {
            'a' => 7,
            'e' => 27,
            'f' => 12,
            'n' => 10,
            'r' => 13,
            't' => 9,
            'c' => match self.next() {
                Some(control) if control.is_ascii() => u32::from(control.to_ascii_uppercase()) ^ 64,
                _ => return self.mistake("\\c at end of pattern", self.at),
            },
            'x' if self.eat("{") => self.digits(16, 8, true)?,
            'x' => self.digits(16, 2, false)?,
            'o' if self.eat("{") => self.digits(8, 11, true)?,
            '0' => self.digits(8, 2, false)?,
            'u' | 'U' | 'l' | 'L' => {
                return self.mistake("PCRE does not support \\L, \\l, \\N{name}, \\U, or \\u", self.at - 1);
            }
            _ if letter.is_ascii_alphanumeric() => return Ok(None),
            _ => return Ok(Some(letter)),
        };
        let most = if self.reading.unicode { 0x10_ffff } else { 0xff };
        match char::from_u32(code).filter(|_| code <= most) {
            Some(character) => Ok(Some(character)),
            None => self.mistake("character value in \\x{} or \\o{} is too large", self.at.saturating_sub(1)),
        }
    }

    fn digits(&mut self, base: u32, most: usize, closed: bool) -> Step<u32> {
        let mut value: u32 = 0;
        let mut count = 0;
        while let Some(digit) = self.peek().and_then(|digit| digit.to_digit(base))
            && count < most
        {
            value = value.saturating_mul(base).saturating_add(digit);
            self.at += 1;
            count += 1;
        }
        if closed && !self.eat("}") {
            return self.mistake("non-hex character in \\x{} (closing brace missing?)", self.at);
        }
        Ok(value)
    }

    fn property(&mut self, letter: char) -> Step<String> {
        let start = self.at;
        let mut name: String = if self.eat("{") {
            let name: String =
                self.source.iter().skip(self.at).take_while(|character| **character != '}').collect();
            self.at += name.chars().count();
            if !self.eat("}") {
                return self.mistake("malformed \\P or \\p sequence", self.at);
            }
            name
        } else {
            match self.next() {
                Some(letter) => letter.to_string(),
                None => return self.mistake("malformed \\P or \\p sequence", start),
            }
        };
        let mut negated = letter == 'P';
        if let Some(rest) = name.strip_prefix('^') {
            negated = !negated;
            name = rest.to_owned();
        }
        let content = match name.as_str() {
            "L&" => r"\p{Lu}\p{Ll}\p{Lt}".to_owned(),
            "Any" => r"\x00-\u{10ffff}".to_owned(),
            "Xan" => r"\p{L}\p{N}".to_owned(),
            "Xwd" => r"\p{L}\p{N}_".to_owned(),
            "Xsp" | "Xps" => format!(r"\p{{Z}}{HORIZONTAL}{VERTICAL}"),
            _ => format!(r"\p{{{name}}}"),
        };
        let class = format!("[{}{content}]", if negated { "^" } else { "" });
        if regex_syntax::parse(&class).is_err() {
            return self.mistake("unknown property name after \\P or \\p", self.at - 1);
        }
        Ok(class)
    }

    pub(super) fn escape(&mut self) -> Step {
        let Some(letter) = self.next() else { return self.mistake("\\ at end of pattern", self.at) };
        self.repeatable = true;
        if let Some((content, negated)) = self.class_of(letter) {
            self.put(&format!("[{}{content}]", if negated { "^" } else { "" }));
            return Ok(());
        }
        match letter {
            'p' | 'P' => {
                let class = self.property(letter)?;
                self.put(&class);
            }
            'N' => self.put(r"[^\n]"),
            'R' => self.put(&format!(r"(?>\r\n|[{VERTICAL}])")),
            'X' => self.put(r"(?>\r\n|\P{M}\p{M}*|\p{M}+)"),
            'C' => self.put(r"(?s:.)"),
            'A' => self.put(r"\A"),
            'z' => self.put(r"\z"),
            'Z' => self.put(self.end()),
            'G' => self.put(r"\G"),
            'K' => self.put(r"\K"),
            'b' | 'B' if self.reading.ascii_text || self.reading.properties => {
                self.put(if letter == 'b' { r"\b" } else { r"\B" });
            }
            'b' => self.put(&format!("(?:(?<![{WORD}])(?=[{WORD}])|(?<=[{WORD}])(?![{WORD}]))")),
            'B' => self.put(&format!("(?:(?<![{WORD}])(?![{WORD}])|(?<=[{WORD}])(?=[{WORD}]))")),
            'Q' => {
                while self.peek().is_some() && !self.eat("\\E") {
                    if let Some(character) = self.next() {
                        self.literal(character);
                    }
                }
            }
            'E' => {}
            'k' => {
                let close = match self.next() {
                    Some('<') => '>',
                    Some('{') => '}',
                    Some('\'') => '\'',
                    _ => {
                        return self.mistake(
                            "\\k is not followed by a braced, angle-bracketed, or quoted name",
                            self.at,
                        );
                    }
                };
                let name = self.name(close)?;
                return self.refer_by_name(name);
            }
            'g' => return self.relative(),
            '1'..='9' => {
                let mut digits = letter.to_string();
                while let Some(digit) = self.peek().filter(char::is_ascii_digit) {
                    digits.push(digit);
                    self.at += 1;
                }
                return self.refer(digits.parse().unwrap_or(usize::MAX));
            }
            _ => {
                let character = self.escaped_character(letter)?.unwrap_or(letter);
                self.literal(character);
            }
        }
        Ok(())
    }

    /// `\g1`, `\g{-1}`, `\g{name}`
    fn relative(&mut self) -> Step {
        let braced = self.eat("{");
        let back = self.eat("-");
        let digits: String =
            self.source.iter().skip(self.at).take_while(|digit| digit.is_ascii_digit()).collect();
        let Ok(number) = digits.parse::<usize>() else {
            if braced && !back {
                let name = self.name('}')?;
                return self.refer_by_name(name);
            }
            return self.mistake("a numbered reference must not be zero", self.at);
        };
        self.at += digits.len();
        if braced && !self.eat("}") {
            return self
                .mistake("\\g is not followed by a braced, angle-bracketed, or quoted name/number", self.at);
        }
        match if back { (self.out.groups + 1).checked_sub(number) } else { Some(number) } {
            Some(group @ 1..) => self.refer(group),
            _ => self.mistake("reference to non-existent subpattern", self.at),
        }
    }

    pub(super) fn class(&mut self) -> Step {
        let mut class = String::from("[");
        if self.eat("^") {
            class.push('^');
        }
        let mut first = true;
        loop {
            let Some(character) = self.next() else {
                return self.mistake("missing terminating ] for character class", self.at);
            };
            if character == ']' && !first {
                break;
            }
            first = false;
            let Some(low) = self.class_item(character, &mut class)? else { continue };
            // A range, if a character follows the dash.
            let is_range =
                self.peek() == Some('-') && self.source.get(self.at + 1).is_some_and(|next| *next != ']');
            if !is_range {
                literal(&mut class, low);
                continue;
            }
            self.at += 1;
            let Some(next) = self.next() else { continue };
            let mut other = String::new();
            match self.class_item(next, &mut other)? {
                Some(high) if high < low => {
                    return self.mistake("range out of order in character class", self.at - 1);
                }
                Some(high) => {
                    literal(&mut class, low);
                    class.push('-');
                    literal(&mut class, high);
                }
                None => return self.mistake("invalid range in character class", self.at - 1),
            }
        }
        class.push(']');
        self.put(&class);
        self.repeatable = true;
        Ok(())
    }

    /// One character of a class, or else what was added to it: a class of its own.
    fn class_item(&mut self, character: char, class: &mut String) -> Step<Option<char>> {
        if character == '[' && matches!(self.peek(), Some(':')) {
            let rest: String = self
                .source
                .iter()
                .skip(self.at + 1)
                .take_while(|next| next.is_alphabetic() || **next == '^')
                .collect();
            let end = self.at + 1 + rest.chars().count();
            if self.source.get(end) == Some(&':') && self.source.get(end + 1) == Some(&']') {
                let (negated, name) = match rest.strip_prefix('^') {
                    Some(name) => ("^", name),
                    None => ("", rest.as_str()),
                };
                const NAMES: &str =
                    " alpha lower upper alnum ascii blank cntrl digit graph print punct space word xdigit ";
                if !NAMES.contains(&format!(" {name} ")) {
                    return self.mistake("unknown POSIX class name", self.at + 1);
                }
                class.push_str(&format!("[:{negated}{name}:]"));
                self.at = end + 2;
                return Ok(None);
            }
        }
        if character != '\\' {
            return Ok(Some(character));
        }
        let Some(letter) = self.next() else { return self.mistake("\\ at end of pattern", self.at) };
        if let Some((content, negated)) = self.class_of(letter) {
            class.push_str(&if negated { format!("[^{content}]") } else { content });
            return Ok(None);
        }
        match letter {
            'p' | 'P' => {
                let property = self.property(letter)?;
                class.push_str(&property);
                Ok(None)
            }
            'b' => Ok(Some('\u{8}')),
            'Q' | 'E' => Ok(None),
            '1'..='7' => {
                self.at -= 1;
                let code = self.digits(8, 3, false)?;
                Ok(char::from_u32(code))
            }
            _ => Ok(Some(self.escaped_character(letter)?.unwrap_or(letter))),
        }
    }
}
