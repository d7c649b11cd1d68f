//! The syntax tree: Elixir's own quoted form, with the place of each node in the source.
//!
//! Literals (integers, floats, atoms, texts, lists, pairs) stand for themselves; everything else is a call
//! `{name, meta, arguments}` or a variable `{name, meta, context}`, exactly as `quote` shows it in Elixir: a block is a call of
//! `__block__`, an alias a call of `__aliases__`, `a.b` a call whose head is a call of `.`. So macros are plain
//! functions from trees to trees.

use std::rc::Rc;

use num_bigint::BigInt;

use super::atom::Atom;
use super::term::Term;

/// Where a node stands in the source: lines and columns count from 1, columns in characters.
///
/// Line and column are those that Elixir gives to the node: of `a + b`, the operator's; of `a.b`, those of `b`. The bytes are those of
/// the whole expression.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// The line; 0 for what stands nowhere.
    pub line: u32,
    /// The column.
    pub column: u32,
    /// The first byte, counted from the beginning of the file.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

/// What a node carries beside its children.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// Where it stands.
    pub span: Span,
    /// Which file it stands in, as an atom; `nil` where that is the file at hand.
    pub file: Option<Atom>,
    /// A call `a.b` that was written without parentheses.
    pub no_parens: bool,
    /// `a[b]` as opposed to `Access.get(a, b)`.
    pub from_brackets: bool,
    /// `f -a`, which might have been meant as `f - a`.
    pub ambiguous: bool,
    /// What stands around the text of this sigil.
    pub delimiter: Option<Delimiter>,
    /// How far the heredoc of a sigil was indented; on the `<<>>` within the sigil.
    pub indentation: Option<u16>,
    /// The expansion of a macro that made this variable; 0 for what the source says itself.
    pub counter: u32,
}

/// What stands around the text of a sigil.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delimiter {
    /// `(…)`
    Parentheses,
    /// `[…]`
    Brackets,
    /// `{…}`
    Braces,
    /// `<…>`
    Angles,
    /// `/…/`
    Slashes,
    /// `|…|`
    Bars,
    /// `"…"`
    DoubleQuotes,
    /// `'…'`
    SingleQuotes,
    /// `"""…"""`
    DoubleHeredoc,
    /// `'''…'''`
    SingleHeredoc,
}

impl Delimiter {
    /// The delimiter that opens with this text.
    #[must_use]
    pub fn opened_by(text: &str) -> Option<Delimiter> {
        Some(match text {
            "(" => Delimiter::Parentheses,
            "[" => Delimiter::Brackets,
            "{" => Delimiter::Braces,
            "<" => Delimiter::Angles,
            "/" => Delimiter::Slashes,
            "|" => Delimiter::Bars,
            "\"" => Delimiter::DoubleQuotes,
            "'" => Delimiter::SingleQuotes,
            "\"\"\"" => Delimiter::DoubleHeredoc,
            "'''" => Delimiter::SingleHeredoc,
            _ => return None,
        })
    }

    /// What opens it: the `delimiter` in the metadata of a sigil.
    #[must_use]
    pub fn opening(self) -> &'static str {
        match self {
            Delimiter::Parentheses => "(",
            Delimiter::Brackets => "[",
            Delimiter::Braces => "{",
            Delimiter::Angles => "<",
            Delimiter::Slashes => "/",
            Delimiter::Bars => "|",
            Delimiter::DoubleQuotes => "\"",
            Delimiter::SingleQuotes => "'",
            Delimiter::DoubleHeredoc => "\"\"\"",
            Delimiter::SingleHeredoc => "'''",
        }
    }
}

/// A node.
#[derive(Clone, Debug)]
pub struct Ast {
    /// What it is.
    pub kind: Kind,
    /// Where it stands, and so on.
    pub meta: Meta,
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// An integer.
    Integer(i64),
    /// An integer too large for 64 bits.
    Big(Rc<BigInt>),
    /// A float.
    Float(f64),
    /// An atom, also `nil`, `true`, `false`.
    Atom(Atom),
    /// A string without interpolation: bytes, since escapes may break UTF-8.
    Text(Rc<[u8]>),
    /// A list. A cons cell at the end is a call of `|` as its last element. A charlist is a list of integers.
    List(Vec<Ast>),
    /// A tuple of two, which stands for itself, as in keyword lists.
    Pair(Box<(Ast, Ast)>),
    /// A variable, or a call without parentheses and arguments; the context is the module whose macro made it.
    Variable(Atom, Option<Atom>),
    /// A call.
    Call(Head, Vec<Ast>),
    /// Any other value that a macro put into the tree.
    Value(Term),
}

/// What is called.
#[derive(Clone, Debug)]
pub enum Head {
    /// A name: a special form, a macro, an operator, or a function at hand.
    Name(Atom),
    /// An expression: a call of `.` in `a.b()` and `f.()`.
    Expression(Box<Ast>),
}
