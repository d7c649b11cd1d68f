//! Calls, dots, access, and what they are called with.

use tree_sitter::Node;

use super::{Class, Converter, at, call, remote};
use crate::elixir::ast::{Ast, Head, Kind, Span};
use crate::elixir::atom::{self, Atom};
use crate::elixir::syntax::error::{Outcome, SyntaxError, refuse};
use crate::elixir::syntax::explain::explain;
use crate::elixir::syntax::grammar::{Failure, Sort};
use crate::elixir::syntax::scan::patches::Apart;
use crate::elixir::syntax::scan::token::TokenKind;

/// Arguments as they stand in the text.
struct Arguments {
    list: Vec<Ast>,
    parentheses: bool,
    /// Whether a single one takes all commas that follow.
    greedy: bool,
}

/// Whether keywords stand in brackets: then commas in their values are not their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Brackets {
    Around,
    None,
}

/// What stands before the arguments.
enum Target {
    Name(Atom),
    Expression(Ast),
}

impl Converter<'_, '_> {
    /// `Foo.Bar`.
    pub(super) fn alias(&mut self) -> Ast {
        let node = self.node();
        let span = self.span(node);
        call(span, atom::ALIASES, self.parts(node, span))
    }

    /// The parts of an alias, which is one token.
    fn parts(&self, node: Node<'_>, span: Span) -> Vec<Ast> {
        self.text(node).split('.').map(|part| at(span, Kind::Atom(Atom::new(part.trim())))).collect()
    }

    /// `a.B`, `A.{B, C}`.
    #[inline(never)]
    pub(super) fn dot_expression(&mut self) -> Outcome<Ast> {
        let whole = self.node();
        self.down();
        let left = self.left_of_dot()?;
        let dot = self.node();
        self.next();
        let right = self.node();
        let ast = if self.sort() == Sort::Tuple {
            let elements = self.elements()?;
            let span = self.spot(dot, whole);
            let head = call(span, atom::DOT, vec![left, at(span, Kind::Atom(atom::TUPLE_BRACES))]);
            at(span, Kind::Call(Head::Expression(Box::new(head)), elements))
        } else {
            let span = self.span(right);
            let parts = self.parts(right, span);
            match left {
                Ast { kind: Kind::Call(Head::Name(atom::ALIASES), mut all), meta } => {
                    all.extend(parts);
                    let span = Span { end: span.end, ..meta.span };
                    call(span, atom::ALIASES, all)
                }
                Ast { kind: Kind::Atom(_), .. } => {
                    let title = "atom cannot be followed by an alias. If the '.' was meant to be part of the atom's name, the \
                                 atom name must be quoted. Syntax error before: '.'";
                    return refuse(SyntaxError::new(self.span(right), title));
                }
                left => {
                    let mut all = vec![left];
                    all.extend(parts);
                    call(self.spot(dot, whole), atom::ALIASES, all)
                }
            }
        };
        self.up();
        Ok(ast)
    }

    /// What stands left of a dot; the cursor goes on to the dot.
    fn left_of_dot(&mut self) -> Outcome<Ast> {
        let left = self.expression()?;
        let class = self.class;
        self.next();
        if class == Class::Unmatched {
            return refuse(
                SyntaxError::new(self.span(self.node()), "syntax error before: '.'")
                    .hint("put parentheses around the call that ends with `end`"),
            );
        }
        Ok(left)
    }

    /// `a[b]`.
    #[inline(never)]
    pub(super) fn access(&mut self) -> Outcome<Ast> {
        let whole = self.node();
        self.down();
        let target = self.expression()?;
        let class = self.class;
        self.next();
        let (bracket, _) = self.moved(self.node());
        if class != Class::Matched {
            return refuse(SyntaxError::new(
                self.places.span(bracket, bracket + 1),
                "syntax error before: '['",
            ));
        }
        let key = match self.scanned.patches.apart.get(&bracket).copied() {
            Some(apart) => self.apart_key(bracket, apart)?,
            None => {
                self.next();
                let key = self.expression()?;
                self.container_class(self.node())?;
                key
            }
        };
        self.up();
        let span = self.spot_at(bracket, whole);
        let mut ast = remote(span, atom::ACCESS, Atom::new("get"), vec![target, key]);
        ast.meta.from_brackets = true;
        if let Kind::Call(Head::Expression(head), _) = &mut ast.kind {
            head.meta.from_brackets = true;
        }
        Ok(ast)
    }

    /// The key of `a[b: c]` or `a[b,]`, of which tree-sitter knows nothing.
    fn apart_key(&mut self, from: usize, apart: Apart) -> Outcome<Ast> {
        let mut lists = self.apart(from, apart)?;
        match lists.pop() {
            Some(Ast { kind: Kind::List(mut keys), meta }) => {
                let keywords = keys.first().is_some_and(|first| {
                    matches!(first.kind, Kind::Pair(_)) && first.meta.span.start == meta.span.start + 1
                });
                match (keywords, keys.len()) {
                    (false, 1) => Ok(keys.remove(0)),
                    _ => Ok(Ast { kind: Kind::List(keys), meta }),
                }
            }
            _ => self.strange(),
        }
    }

    /// `f(a)`, `f a`, `a.b(c)`, `a.b`, `f.(a)`, `f(a)(b)`, each perhaps with a `do` block.
    #[inline(never)]
    pub(super) fn call(&mut self) -> Outcome<Ast> {
        let whole = self.node();
        self.down();
        let target_node = self.node();
        let (target, mut span, anonymous) = match self.sort() {
            Sort::Identifier => (Target::Name(self.name(target_node)?), self.span(target_node), false),
            Sort::Dot => self.target_dot()?,
            _ => {
                let inner = self.expression()?;
                let span = inner.meta.span;
                (Target::Expression(inner), span, true)
            }
        };
        span.start = crate::elixir::syntax::places::narrow(whole.start_byte());
        span.end = crate::elixir::syntax::places::narrow(whole.end_byte());
        let mut arguments = Arguments { list: Vec::new(), parentheses: anonymous, greedy: false };
        let mut sections = None;
        while self.next() {
            match self.sort() {
                Sort::Arguments => {
                    let begin = self.node().start_byte();
                    arguments = self.arguments()?;
                    if !arguments.parentheses {
                        self.check_distance(target_node.end_byte(), begin, self.node().end_byte())?;
                    }
                }
                Sort::DoBlock => sections = Some(self.do_block()?),
                _ => {}
            }
        }
        self.up();
        let ambiguous =
            sections.is_none() && !arguments.parentheses && self.ambiguous(target_node, &arguments.list);
        let no_parens = sections.is_none() && !arguments.parentheses && arguments.list.is_empty();
        self.class = match sections {
            Some(_) => Class::Unmatched,
            None if !arguments.parentheses && arguments.greedy => Class::NoParens,
            None => Class::Matched,
        };
        arguments.list.extend(sections);
        let mut ast = match target {
            Target::Name(name) => call(span, name, arguments.list),
            Target::Expression(head) => {
                let mut ast = at(span, Kind::Call(Head::Expression(Box::new(head)), arguments.list));
                ast.meta.no_parens = no_parens;
                ast
            }
        };
        ast.meta.ambiguous = ambiguous;
        Ok(ast)
    }

    /// Refuses what tree-sitter takes for a call without parentheses, although Elixir does not.
    fn check_distance(&self, name: usize, arguments: usize, end: usize) -> Outcome<()> {
        let failure = |at| refuse(explain(self.source, self.places, self.scanned, &Failure::At(at)));
        let between = self.source.get(name..arguments).unwrap_or_default();
        if between.contains('\n') && between.replace("\\\r", "\\").replace("\\\n", "").contains('\n') {
            // Within brackets, lines do not end for tree-sitter.
            return failure(arguments);
        }
        let mut argument = self.source.get(arguments..).unwrap_or_default().bytes();
        let signed = matches!(argument.next(), Some(b'+' | b'-'));
        if signed && (between.is_empty() || argument.next().is_some_and(|next| next.is_ascii_whitespace())) {
            // `f-1, 2`: for tree-sitter, the only way to make sense of the comma.
            let first = self.scanned.tokens.iter().filter(|token| token.start as usize >= arguments);
            let comma = first
                .take_while(|token| (token.start as usize) < end)
                .find(|token| token.kind == TokenKind::Comma);
            return failure(comma.map_or(end, |comma| comma.start as usize));
        }
        Ok(())
    }

    /// Whether `f -a` might have been meant as `f - a`.
    fn ambiguous(&self, target: Node<'_>, arguments: &[Ast]) -> bool {
        let rest = self.source.get(target.end_byte()..).unwrap_or_default();
        arguments.len() == 1
            && sort_is_identifier(target)
            && rest.starts_with([' ', '\t'])
            && rest.trim_start_matches([' ', '\t']).starts_with(['+', '-'])
    }

    /// The dot in front of arguments: `a.b` or `f.`. Says where the call stands and whether it is that of a function.
    fn target_dot(&mut self) -> Outcome<(Target, Span, bool)> {
        let whole = self.node();
        self.down();
        let left = self.left_of_dot()?;
        let dot = self.node();
        let mut parts = vec![left];
        let span = self.spot(dot, whole);
        let mut place = span;
        let mut anonymous = true;
        if self.next() {
            anonymous = false;
            let right = self.node();
            place = self.span(right);
            let name = match self.sort() {
                Sort::String | Sort::Charlist => self.quoted_name()?,
                _ => Atom::new(self.text(right)),
            };
            parts.push(at(place, Kind::Atom(name)));
        }
        self.up();
        Ok((Target::Expression(call(span, atom::DOT, parts)), place, anonymous))
    }

    /// `(a, b: c)` or `a, b: c`.
    fn arguments(&mut self) -> Outcome<Arguments> {
        let node = self.node();
        let mut arguments = Arguments { list: Vec::new(), parentheses: false, greedy: false };
        if !self.down() {
            self.up();
            return Ok(arguments);
        }
        arguments.parentheses = self.sort() == Sort::Token;
        let mut no_parens = None;
        loop {
            match self.sort() {
                Sort::Token => {}
                Sort::Keywords => {
                    let brackets = if arguments.parentheses { Brackets::Around } else { Brackets::None };
                    let list = self.keywords(brackets)?;
                    arguments.list.push(list);
                }
                _ => {
                    let argument = self.expression()?;
                    if self.class == Class::NoParens {
                        no_parens = no_parens.or(Some(self.node()));
                    }
                    arguments.list.push(argument);
                }
            }
            if !self.next() {
                break;
            }
        }
        self.up();
        let many = arguments.list.len() > 1;
        if let Some(inner) = no_parens
            && many
        {
            return refuse(self.nested_without_parentheses(inner, node));
        }
        arguments.greedy = many || no_parens.is_some();
        Ok(arguments)
    }

    /// `f a, g b, c`: nobody can tell whose argument `c` is.
    fn nested_without_parentheses(&self, inner: Node<'_>, _outer: Node<'_>) -> SyntaxError {
        let title = "unexpected comma. Parentheses are required to solve ambiguity in nested calls.";
        SyntaxError::new(self.span(inner), title)
            .hint("put parentheses around the arguments of the inner call, so that it is clear whose argument is whose")
    }

    /// Refuses a call without parentheses, with commas, as an element of brackets.
    pub(super) fn container_class(&self, element: Node<'_>) -> Outcome<()> {
        if self.class != Class::NoParens {
            return Ok(());
        }
        let title = "unexpected comma. Parentheses are required to solve ambiguity inside containers.";
        refuse(SyntaxError::new(self.span(element), title).hint(
            "put parentheses around the arguments of the call, so that it is clear which commas are its own",
        ))
    }

    /// `a: b, c: d` as a list.
    pub(super) fn keywords(&mut self, brackets: Brackets) -> Outcome<Ast> {
        let span = self.span(self.node());
        let pairs = self.pairs(brackets)?;
        self.class = Class::Matched;
        Ok(at(span, Kind::List(pairs)))
    }

    /// The pairs of `a: b, c: d`.
    pub(super) fn pairs(&mut self, brackets: Brackets) -> Outcome<Vec<Ast>> {
        let mut pairs = Vec::new();
        self.down();
        loop {
            if self.sort() == Sort::Pair {
                let span = self.span(self.node());
                self.down();
                let key = match self.sort() {
                    Sort::Keyword => self.keyword()?,
                    _ => self.quoted_keyword()?,
                };
                self.next();
                let value = self.expression()?;
                if brackets == Brackets::Around {
                    self.container_class(self.node())?;
                }
                self.up();
                pairs.push(at(span, Kind::Pair(Box::new((key, value)))));
            }
            if !self.next() {
                break;
            }
        }
        self.up();
        Ok(pairs)
    }

    /// `do … else … end` as the keyword list that it is.
    fn do_block(&mut self) -> Outcome<Ast> {
        let span = self.span(self.node());
        let mut pairs = Vec::new();
        self.down();
        let keyword = self.span(self.node());
        let after = self.source.get(keyword.end as usize..).unwrap_or_default();
        if after.starts_with(|next: char| next.is_alphanumeric() || next == '_') {
            // `doend` is one word.
            return refuse(explain(
                self.source,
                self.places,
                self.scanned,
                &Failure::At(keyword.start as usize),
            ));
        }
        pairs.push(self.section(keyword, atom::DO)?);
        loop {
            let name = match self.sort() {
                Sort::After => Some(atom::AFTER),
                Sort::Rescue => Some(atom::RESCUE),
                Sort::Catch => Some(atom::CATCH),
                Sort::Else => Some(atom::ELSE),
                _ => None,
            };
            if let Some(name) = name {
                let span = self.span(self.node());
                self.down();
                pairs.push(self.section(span, name)?);
                self.up();
            }
            if !self.next() {
                break;
            }
        }
        self.up();
        Ok(at(span, Kind::List(pairs)))
    }

    /// One section, from its keyword on.
    fn section(&mut self, span: Span, name: Atom) -> Outcome<Ast> {
        let body = self.joined(span)?;
        Ok(at(span, Kind::Pair(Box::new((at(span, Kind::Atom(name)), body)))))
    }
}

fn sort_is_identifier(node: Node<'_>) -> bool {
    crate::elixir::syntax::grammar::sort(node) == Sort::Identifier
}
