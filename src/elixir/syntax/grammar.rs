//! tree-sitter and the kinds of nodes of its grammar of Elixir.

use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use tree_sitter::{Language, Node, ParseOptions, ParseState, Parser, Point, Range, Tree};

/// What a node of the concrete tree is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    Access,
    After,
    Alias,
    Arguments,
    Atom,
    Binary,
    Bitstring,
    Block,
    Body,
    Boolean,
    Call,
    Catch,
    Char,
    Charlist,
    Comment,
    DoBlock,
    Dot,
    Else,
    Float,
    Fn,
    Identifier,
    Integer,
    Interpolation,
    Keyword,
    Keywords,
    List,
    Map,
    MapContent,
    Nil,
    Operator,
    Pair,
    QuotedAtom,
    QuotedKeyword,
    Rescue,
    Sigil,
    SigilModifiers,
    SigilName,
    Source,
    Stab,
    String,
    Struct,
    Tuple,
    Unary,
    /// Punctuation, keywords, and the inside of texts.
    Token,
}

static LANGUAGE: LazyLock<Language> = LazyLock::new(|| tree_sitter_elixir::LANGUAGE.into());

/// The sorts by the numbers of the grammar.
static SORTS: LazyLock<Vec<Sort>> = LazyLock::new(|| {
    (0..LANGUAGE.node_kind_count())
        .map(|number| {
            let number = u16::try_from(number).unwrap_or_default();
            let name = LANGUAGE.node_kind_for_id(number).unwrap_or_default();
            if LANGUAGE.node_kind_is_named(number) { named(name) } else { Sort::Token }
        })
        .collect()
});

fn named(name: &str) -> Sort {
    match name {
        "access_call" => Sort::Access,
        "after_block" => Sort::After,
        "alias" => Sort::Alias,
        "arguments" => Sort::Arguments,
        "atom" => Sort::Atom,
        "binary_operator" => Sort::Binary,
        "bitstring" => Sort::Bitstring,
        "block" => Sort::Block,
        "body" => Sort::Body,
        "boolean" => Sort::Boolean,
        "call" => Sort::Call,
        "catch_block" => Sort::Catch,
        "char" => Sort::Char,
        "charlist" => Sort::Charlist,
        "comment" => Sort::Comment,
        "do_block" => Sort::DoBlock,
        "dot" => Sort::Dot,
        "else_block" => Sort::Else,
        "float" => Sort::Float,
        "anonymous_function" => Sort::Fn,
        "identifier" => Sort::Identifier,
        "integer" => Sort::Integer,
        "interpolation" => Sort::Interpolation,
        "keyword" => Sort::Keyword,
        "keywords" => Sort::Keywords,
        "list" => Sort::List,
        "map" => Sort::Map,
        "map_content" => Sort::MapContent,
        "nil" => Sort::Nil,
        "operator_identifier" => Sort::Operator,
        "pair" => Sort::Pair,
        "quoted_atom" => Sort::QuotedAtom,
        "quoted_keyword" => Sort::QuotedKeyword,
        "rescue_block" => Sort::Rescue,
        "sigil" => Sort::Sigil,
        "sigil_modifiers" => Sort::SigilModifiers,
        "sigil_name" => Sort::SigilName,
        "source" => Sort::Source,
        "stab_clause" => Sort::Stab,
        "string" => Sort::String,
        "struct" => Sort::Struct,
        "tuple" => Sort::Tuple,
        "unary_operator" => Sort::Unary,
        _ => Sort::Token,
    }
}

/// What a node is.
pub(crate) fn sort(node: Node<'_>) -> Sort {
    SORTS.get(usize::from(node.kind_id())).copied().unwrap_or(Sort::Token)
}

/// Why there is no tree.
pub(crate) enum Failure {
    /// From this byte on, the text is no program.
    At(usize),
    /// tree-sitter does not work at all.
    Ours,
}

/// The concrete tree of a part of a text, which begins at a byte of a line, and both count in the tree. It has no errors in it.
pub(crate) fn read(part: &[u8], from: usize, begin: Point) -> Result<Tree, Failure> {
    let mut parser = parser(from, begin, part.len())?;
    let mut stop = |state: &ParseState| {
        if state.has_error() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut stop);
    let mut text = |at: usize, _| part.get(at.saturating_sub(from)..).unwrap_or_default();
    match parser.parse_with_options(&mut text, None, Some(options)) {
        Some(tree) if !tree.root_node().has_error() => Ok(tree),
        _ => Err(failure(part, from, begin)),
    }
}

fn parser(from: usize, begin: Point, length: usize) -> Result<Parser, Failure> {
    let mut parser = Parser::new();
    parser.set_language(&LANGUAGE).map_err(|_| Failure::Ours)?;
    if from > 0 {
        let range = Range {
            start_byte: from,
            end_byte: from + length,
            start_point: begin,
            end_point: Point::new(usize::MAX >> 32, usize::MAX >> 32),
        };
        parser.set_included_ranges(&[range]).map_err(|_| Failure::Ours)?;
    }
    Ok(parser)
}

/// How far tree-sitter came: its tree does not say, since it guesses how the text might have been meant, but its log does.
#[derive(Default)]
struct Progress {
    now: (usize, usize),
    furthest: (usize, usize),
    /// It has begun to guess.
    over: bool,
}

impl Progress {
    fn note(&mut self, message: &str) {
        if self.over {
        } else if let Some(place) = message.strip_prefix("process ") {
            let number = |name: &str| {
                let digits = place.split_once(name)?.1;
                digits.split(',').next()?.parse().ok()
            };
            self.now = (number("row:").unwrap_or_default(), number("col:").unwrap_or_default());
        } else if message.starts_with("detect_error") {
            self.furthest = self.furthest.max(self.now);
        } else if message.starts_with("resume") || message.starts_with("done") {
            self.over = true;
        }
    }
}

/// Where the text stops to be a program.
fn failure(part: &[u8], from: usize, begin: Point) -> Failure {
    let progress = Arc::new(Mutex::new(Progress::default()));
    let seen = Arc::clone(&progress);
    let mut parser = match parser(from, begin, part.len()) {
        Ok(parser) => parser,
        Err(failure) => return failure,
    };
    parser.set_logger(Some(Box::new(move |_, message| {
        // Most messages are about single characters.
        if !message.starts_with(['p', 'd', 'r']) {
            return;
        }
        seen.lock().unwrap_or_else(PoisonError::into_inner).note(message);
    })));
    let mut stop = |state: &ParseState| {
        if state.has_error() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut stop);
    let mut text = |at: usize, _| part.get(at.saturating_sub(from)..).unwrap_or_default();
    parser.parse_with_options(&mut text, None, Some(options));
    let (row, column) = progress.lock().unwrap_or_else(PoisonError::into_inner).furthest;
    if row <= begin.row {
        return Failure::At(from + column.saturating_sub(begin.column));
    }
    let mut lines = part.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let line = lines.nth(row - begin.row - 1).map_or(part.len(), |(at, _)| at + 1);
    Failure::At(from + line + column)
}
