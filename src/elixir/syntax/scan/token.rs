//! The words of a program.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A variable, or the name of a call.
    Identifier,
    /// A part of an alias: `Foo`.
    Alias,
    /// `1`, `0xF`, `1.5`, `?a`.
    Number,
    /// `:a`, `:"a"`.
    Atom,
    /// `"…"`, `'…'`, heredocs.
    Text,
    /// `~r/…/`.
    Sigil,
    /// `a:`, `"a":`.
    Key,
    /// `true`, `false`, `nil`.
    Constant,
    /// Operators, also those that are words.
    Operator,
    /// `->`.
    Arrow,
    /// `&`.
    Capture,
    /// `.`.
    Dot,
    /// `(`, `[`, `{`, `<<`.
    Open,
    /// `)`, `]`, `}`, `>>`.
    Close,
    /// `%`.
    Percent,
    Comma,
    Semicolon,
    /// The end of a line, where it means something.
    Newline,
    Do,
    End,
    Fn,
    /// `else`, `rescue`, `catch`, `after`.
    Section,
    /// `#{`.
    Interpolation,
    /// The `}` of an interpolation.
    InterpolationEnd,
}

/// A word and its bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Token {
    /// Whether an expression may end with it.
    pub(crate) fn ends_expression(self) -> bool {
        match self.kind {
            TokenKind::Identifier
            | TokenKind::Alias
            | TokenKind::Number
            | TokenKind::Atom
            | TokenKind::Text
            | TokenKind::Sigil
            | TokenKind::Constant
            | TokenKind::Close
            | TokenKind::End => true,
            TokenKind::Key
            | TokenKind::Operator
            | TokenKind::Arrow
            | TokenKind::Capture
            | TokenKind::Dot
            | TokenKind::Open
            | TokenKind::Percent
            | TokenKind::Comma
            | TokenKind::Semicolon
            | TokenKind::Newline
            | TokenKind::Do
            | TokenKind::Fn
            | TokenKind::Section
            | TokenKind::Interpolation
            | TokenKind::InterpolationEnd => false,
        }
    }
}
