//! Why tree-sitter refuses a text: at which word it stopped, and what Elixir says about that word there.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "the words of a language: each place names those that mean something there"
)]

use super::error::SyntaxError;
use super::grammar::Failure;
use super::places::Places;
use super::scan::Scanned;
use super::scan::token::{Token, TokenKind};
use crate::elixir::ast::Span;

/// Words that Elixir says are reserved.
const RESERVED: [&str; 14] = [
    "not", "and", "or", "when", "after", "catch", "end", "fn", "else", "rescue", "true", "false", "nil", "in",
];

/// Words that Erlang writes in quotes, since they are reserved there.
const RESERVED_IN_ERLANG: [&str; 23] = [
    "after", "and", "andalso", "band", "begin", "bnot", "bor", "bsl", "bsr", "bxor", "case", "catch", "cond",
    "div", "fun", "if", "let", "of", "orelse", "receive", "rem", "try", "xor",
];

/// What explains.
struct Explainer<'a> {
    source: &'a str,
    places: &'a Places<'a>,
    tokens: &'a [Token],
}

/// What is wrong with a text that tree-sitter refuses.
pub(crate) fn explain(
    source: &str,
    places: &Places<'_>,
    scanned: &Scanned,
    failure: &Failure,
) -> SyntaxError {
    let explainer = Explainer { source, places, tokens: &scanned.tokens };
    let Failure::At(at) = *failure else {
        let title = "the grammar of Elixir does not fit tree-sitter; this is an error of Rashomon's own";
        return SyntaxError::new(places.span(0, 0), title);
    };
    let at = scanned.stray.map_or(at, |word| at.min(word.start as usize));
    let found = explainer.tokens.iter().position(|token| {
        let whole = matches!(token.kind, TokenKind::Operator | TokenKind::Identifier | TokenKind::Open);
        token.start as usize >= at || (whole && token.end as usize > at)
    });
    match found {
        Some(number) => explainer.at_token(number),
        None => explainer.at_end(),
    }
}

impl Explainer<'_> {
    fn text(&self, token: Token) -> &str {
        self.source.get(token.start as usize..token.end as usize).unwrap_or_default()
    }

    fn span(&self, token: Token) -> Span {
        self.places.span(token.start as usize, token.end as usize)
    }

    fn token(&self, number: usize) -> Option<Token> {
        self.tokens.get(number).copied()
    }

    /// The text ends too early.
    fn at_end(&self) -> SyntaxError {
        if let Some(error) = self.earlier(self.tokens.len()) {
            return error;
        }
        let title = "syntax error: expression is incomplete";
        let Some(last) = self.tokens.last().copied() else {
            return SyntaxError::missing(self.places.span(0, 0), title);
        };
        let error = SyntaxError::missing(self.span(last), title);
        match self.tokens.iter().rev().find(|token| token.kind != TokenKind::Newline) {
            Some(word) => error.hint(format!("something must follow `{}`", self.text(*word))),
            None => error,
        }
    }

    /// A token must not stand where it does.
    fn at_token(&self, number: usize) -> SyntaxError {
        let Some(token) = self.token(number) else { return self.at_end() };
        if let Some(error) = self.earlier(number) {
            return error;
        }
        let before = number.checked_sub(1).and_then(|before| self.token(before));
        let opener = self.opener(number);
        if token.kind == TokenKind::Newline {
            let title = "unexpectedly reached end of line. The current expression is invalid or incomplete";
            return SyntaxError::new(self.span(token), title);
        }
        if let Some(comma) = self.comma_after_keywords(opener, number) {
            return self.after_keywords(opener, comma);
        }
        if let Some(error) = self.parentheses_behind_blank(token, opener) {
            return error;
        }
        match token.kind {
            TokenKind::Arrow => self.stray_arrow(token, opener),
            TokenKind::Key if before.is_some_and(Token::ends_expression) => self.stray_key(token),
            TokenKind::Comma if before.is_some_and(|before| before.kind == TokenKind::Newline) => self
                .before(token)
                .hint("a comma belongs at the end of a line, not at the beginning of the next one"),
            _ if before.is_some_and(|before| before.kind == TokenKind::Newline)
                && opener.is_some_and(|(_, open)| open.kind == TokenKind::Open) =>
            {
                self.before(token).hint("is a comma missing at the end of the line before?")
            }
            _ => self.before(token),
        }
    }

    /// `f (a, b)`.
    fn parentheses_behind_blank(&self, token: Token, opener: Option<(usize, Token)>) -> Option<SyntaxError> {
        let (number, open) = opener?;
        let name = self.token(number.checked_sub(1)?)?;
        let fits = matches!(token.kind, TokenKind::Comma | TokenKind::Close)
            && name.kind == TokenKind::Identifier
            && self.text(open) == "("
            && name.end < open.start
            && self.token(number + 1).is_some_and(|first| first.start < token.start);
        if !fits {
            return None;
        }
        let title = "unexpected parentheses. If you are making a function call, do not insert spaces between the function name and \
                     the opening parentheses. Syntax error before: '('";
        Some(
            SyntaxError::new(self.span(open), title)
                .hint(format!("write `{}(` without the space", self.text(name))),
        )
    }

    /// The bracket around a token, if there is one.
    fn opener(&self, number: usize) -> Option<(usize, Token)> {
        let mut depth = 0_u32;
        for (number, token) in self.tokens.get(..number)?.iter().enumerate().rev() {
            match token.kind {
                TokenKind::Close | TokenKind::End | TokenKind::InterpolationEnd => depth += 1,
                TokenKind::Open | TokenKind::Do | TokenKind::Fn | TokenKind::Interpolation => {
                    if depth == 0 {
                        return Some((number, *token));
                    }
                    depth -= 1;
                }
                _ => {}
            }
        }
        None
    }

    /// The first comma behind keywords, within the same brackets, that no key follows.
    fn comma_after_keywords(&self, opener: Option<(usize, Token)>, number: usize) -> Option<Token> {
        let first = opener.map_or(0, |(number, _)| number + 1);
        let mut depth = 0_u32;
        let mut keys = false;
        for (at, token) in self.tokens.iter().enumerate().take(number).skip(first) {
            match token.kind {
                TokenKind::Close | TokenKind::End | TokenKind::InterpolationEnd => {
                    depth = depth.saturating_sub(1)
                }
                TokenKind::Open | TokenKind::Do | TokenKind::Fn | TokenKind::Interpolation => depth += 1,
                TokenKind::Newline | TokenKind::Semicolon | TokenKind::Arrow if depth == 0 => keys = false,
                TokenKind::Key if depth == 0 => keys = true,
                TokenKind::Comma if depth == 0 && keys => {
                    let next = self.token(at + 1)?;
                    let starts = next.ends_expression()
                        || matches!(next.kind, TokenKind::Open | TokenKind::Percent | TokenKind::Fn);
                    if starts && !matches!(next.kind, TokenKind::Close | TokenKind::End) {
                        return Some(*token);
                    }
                }
                _ => {}
            }
        }
        None
    }

    fn after_keywords(&self, opener: Option<(usize, Token)>, comma: Token) -> SyntaxError {
        let call = opener.is_none_or(|(number, open)| {
            let before = number.checked_sub(1).and_then(|number| self.token(number));
            open.kind != TokenKind::Open
                || (self.text(open) == "(" && before.is_some_and(|before| before.end == open.start))
        });
        let (title, hint) = if call {
            (
                "unexpected expression after keyword list. Keyword lists must always come as the last argument. Therefore, this \
                 is not allowed:",
                "put the keywords last, or in brackets: `function_call(1, [some: :option], 2)`",
            )
        } else {
            (
                "unexpected expression after keyword list. Keyword lists must always come last in lists and maps. Therefore, this \
                 is not allowed:",
                "put the keywords last: `[:another, some: :value]`, `%{another => value, some: :value}`",
            )
        };
        SyntaxError::new(self.span(comma), title).hint(hint)
    }

    /// tree-sitter takes some words for names where it expects an operand, and notices only later that they are none.
    fn earlier(&self, number: usize) -> Option<SyntaxError> {
        if let Some(error) = self.fn_without_arrow(number) {
            return Some(error);
        }
        let mut before: Option<Token> = None;
        for (at, token) in self.tokens.iter().enumerate().take(number + 1) {
            let next = self.token(at + 1);
            if self.misses_operand(*token, before, next) {
                return Some(self.before(*token));
            }
            // A key where none may be.
            let value = match token.kind {
                TokenKind::Close | TokenKind::End => false,
                TokenKind::Open | TokenKind::Percent | TokenKind::Fn | TokenKind::Capture => true,
                _ => token.ends_expression(),
            };
            if at == number
                && value
                && let Some(key) = before.filter(|before| before.kind == TokenKind::Key)
            {
                let second = at.checked_sub(2).and_then(|second| self.token(second));
                return Some(if second.is_some_and(Token::ends_expression) {
                    self.stray_key(key)
                } else {
                    self.before(key)
                });
            }
            // What follows an arrow is all right only if the arrow is.
            if at == number
                && let Some(arrow) = before.filter(|before| before.kind == TokenKind::Arrow)
            {
                let opener = self.opener(at);
                let starts =
                    token.ends_expression() && !matches!(token.kind, TokenKind::Close | TokenKind::End);
                if starts || opener.is_none_or(|(_, open)| open.kind == TokenKind::Open) {
                    return Some(self.stray_arrow(arrow, opener));
                }
            }
            if token.kind != TokenKind::Newline {
                before = Some(*token);
            }
        }
        let arrow = before.filter(|before| number >= self.tokens.len() && before.kind == TokenKind::Arrow)?;
        Some(self.stray_arrow(arrow, None))
    }

    /// Whether a token needs an operand to its left that is not there.
    fn misses_operand(&self, token: Token, before: Option<Token>, next: Option<Token>) -> bool {
        let text = self.text(token);
        let unary = matches!(text, "+" | "-" | "!" | "^" | "@" | "~~~" | "not" | "..");
        let expects = |before: Token| match before.kind {
            TokenKind::Operator => self.text(before) != "..",
            TokenKind::Capture | TokenKind::Key | TokenKind::Percent | TokenKind::Comma => true,
            _ => false,
        };
        match token.kind {
            TokenKind::Do | TokenKind::End | TokenKind::Section => before.is_some_and(expects),
            TokenKind::Arrow => before.is_none_or(|before| {
                expects(before) && (before.kind != TokenKind::Comma || !before.ends_expression())
            }),
            // `+/2` is a name.
            TokenKind::Operator
                if !unary && text != "/" && next.is_none_or(|next| self.text(next) != "/") =>
            {
                before.is_none_or(|before| {
                    !before.ends_expression()
                        && before.kind != TokenKind::InterpolationEnd
                        && self.text(before) != ".."
                })
            }
            _ => false,
        }
    }

    /// The first `fn … end` before a token that has no arrow.
    fn fn_without_arrow(&self, number: usize) -> Option<SyntaxError> {
        // For each open bracket, its token, and whether an arrow stands in it.
        let mut open: Vec<(usize, bool)> = Vec::new();
        for (at, token) in self.tokens.iter().enumerate().take(number + 1) {
            match token.kind {
                TokenKind::Open | TokenKind::Do | TokenKind::Fn | TokenKind::Interpolation => {
                    open.push((at, false))
                }
                TokenKind::Arrow => {
                    if let Some((_, arrow)) = open.last_mut() {
                        *arrow = true;
                    }
                }
                TokenKind::Close | TokenKind::End | TokenKind::InterpolationEnd => {
                    let Some((opener, arrow)) = open.pop() else { continue };
                    let Some(function) = self.token(opener).filter(|opener| opener.kind == TokenKind::Fn)
                    else {
                        continue;
                    };
                    if arrow {
                        continue;
                    }
                    let inside = self.tokens.get(opener + 1..at).unwrap_or_default();
                    if commas_between(inside) {
                        return Some(self.before(*token));
                    }
                    if opener + 1 == at {
                        return Some(
                            self.before(*token)
                                .hint("an anonymous function has at least one clause: `fn -> … end`"),
                        );
                    }
                    let title = "expected anonymous functions to be defined with -> inside: 'fn'";
                    return Some(
                        SyntaxError::new(self.span(function), title)
                            .hint("write `fn argument -> result end`"),
                    );
                }
                _ => {}
            }
        }
        None
    }

    fn stray_arrow(&self, arrow: Token, opener: Option<(usize, Token)>) -> SyntaxError {
        let clauses = opener.is_some_and(|(number, open)| {
            let before = number.checked_sub(1).and_then(|before| self.token(before));
            matches!(open.kind, TokenKind::Do | TokenKind::Fn)
                || (self.text(open) == "(" && before.is_none_or(|before| before.end < open.start))
        });
        if clauses {
            let title = "unexpected operator ->. If you want to define multiple clauses, the first expression must use ->. Syntax \
                         error before: '->'";
            return SyntaxError::new(self.span(arrow), title);
        }
        self.before(arrow)
            .hint("`->` belongs into `fn`, `case`, `cond`, `receive`, `with … else` and the like")
    }

    /// `f() do: 1`.
    fn stray_key(&self, key: Token) -> SyntaxError {
        let name = self.text(key);
        if name == "do:" {
            let title = "unexpected keyword: do:. In case you wanted to write a \"do\" expression, you must either use do-blocks or \
                         separate the keyword argument with comma. For example, you should either write:";
            return SyntaxError::new(self.span(key), title)
                .hint("put a comma before `do:`, or write `do … end` without the colon");
        }
        let error =
            SyntaxError::new(self.span(key), format!("syntax error before: '{}'", name.replace('"', "")));
        error.hint(format!("is a comma missing before `{name}`?"))
    }

    fn before(&self, token: Token) -> SyntaxError {
        SyntaxError::new(self.span(token), format!("syntax error before: {}", self.in_erlang(token)))
    }

    /// A token as Elixir prints it after "syntax error before:".
    fn in_erlang(&self, token: Token) -> String {
        let text = self.text(token);
        let follows_percent = |text: &str| {
            text == "%" && self.source.get(token.end as usize..).is_some_and(|rest| rest.starts_with('{'))
        };
        match token.kind {
            TokenKind::Number if text.starts_with('?') => text.to_owned(),
            TokenKind::Number => format!("\"{text}\""),
            TokenKind::Text => {
                let inside = text.trim_matches(['"', '\'']);
                let end = inside.find("#{").unwrap_or(inside.len());
                format!(
                    "\"{}\"",
                    inside.get(..end).unwrap_or_default().trim_start_matches('\n').replace('\n', "\\n")
                )
            }
            TokenKind::Sigil => {
                let name = text.chars().nth(1).unwrap_or('s');
                let inside: String =
                    text.chars().skip(3).take_while(|c| c.is_alphanumeric() || *c == ' ').collect();
                format!("sigil ~{name} starting with content '{inside}'")
            }
            TokenKind::Percent if follows_percent(text) => "'%{}'".to_owned(),
            TokenKind::Atom => quoted_in_erlang(text.trim_start_matches(':').trim_matches('"')),
            TokenKind::Key => {
                let name = text.trim_end_matches(':').trim_matches(['"', '\'']);
                if RESERVED.contains(&name) { reserved(name) } else { quoted_in_erlang(name) }
            }
            TokenKind::Identifier if text == "..." => "'...'".to_owned(),
            _ if RESERVED.contains(&text) => reserved(text),
            _ if text.starts_with("not") => "'not in'".to_owned(),
            _ => quoted_in_erlang(text),
        }
    }
}

/// Whether a comma stands between tokens, in no bracket.
fn commas_between(tokens: &[Token]) -> bool {
    let mut depth = 0_u32;
    tokens.iter().any(|token| {
        match token.kind {
            TokenKind::Close | TokenKind::End | TokenKind::InterpolationEnd => {
                depth = depth.saturating_sub(1)
            }
            TokenKind::Open | TokenKind::Do | TokenKind::Fn | TokenKind::Interpolation => depth += 1,
            _ => {}
        }
        token.kind == TokenKind::Comma && depth == 0
    })
}

fn reserved(word: &str) -> String {
    format!(
        "{word}. \"{word}\" is a reserved word in Elixir and therefore its usage is limited. For instance, it can't be used as a \
         variable or be defined nor invoked as a regular function"
    )
}

/// An atom as Erlang prints it.
fn quoted_in_erlang(name: &str) -> String {
    let plain = name.starts_with(char::is_lowercase)
        && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '@')
        && !RESERVED_IN_ERLANG.contains(&name);
    if plain { name.to_owned() } else { format!("'{}'", name.replace('\\', "\\\\").replace('\'', "\\'")) }
}
