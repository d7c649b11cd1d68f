//! Operators.

use super::blocks::{block, in_parentheses};
use super::calls::Brackets;
use super::{Class, Converter, at, call};
use crate::elixir::ast::{Ast, Head, Kind, Span};
use crate::elixir::atom::{self, Atom};
use crate::elixir::syntax::error::{Outcome, SyntaxError, refuse};
use crate::elixir::syntax::explain::explain;
use crate::elixir::syntax::grammar::{self, Sort, sort};

impl Converter<'_, '_> {
    /// `-a`.
    #[inline(never)]
    pub(super) fn unary(&mut self) -> Outcome<Ast> {
        let whole = self.node();
        self.down();
        let operator = self.node();
        self.next();
        let operand = if self.sort() == Sort::Token {
            // `&(…)`: tree-sitter sees these parentheses as part of the operator.
            let span = self.span(self.node());
            self.next();
            let inner = self.expression()?;
            self.class = Class::Matched;
            in_parentheses(span, block(span, vec![inner]))
        } else {
            self.expression()?
        };
        let weaker = if self.text(operator) == "&" { self.weaker_than_capture() } else { 0 };
        self.up();
        Ok(pushed_down(weaker, self.spot(operator, whole), Atom::new(self.text(operator)), operand))
    }

    /// How many operators along the left edge of the operand of `&` bind weaker than it does: tree-sitter takes `&a | b` for
    /// `&(a | b)`.
    fn weaker_than_capture(&self) -> usize {
        let mut node = self.node();
        let mut count = 0;
        while sort(node) == Sort::Binary
            && let (Some(left), Some(operator)) =
                (node.child_by_field_name("left"), node.child_by_field_name("operator"))
            && matches!(self.text(operator), "::" | "|" | "when" | "<-" | "\\\\")
        {
            count += 1;
            node = left;
        }
        count
    }

    /// An operator as a name, as in `&+/2`; `..` alone is the range of everything.
    pub(super) fn nullary(&mut self) -> Outcome<Ast> {
        let node = self.node();
        let span = self.span(node);
        Ok(match self.text(node) {
            ".." if self.scanned.patches.ranges.binary_search(&span.start).is_ok() => {
                let after = grammar::Failure::At(node.end_byte());
                return refuse(explain(self.source, self.places, self.scanned, &after));
            }
            ".." => call(span, atom::DOT_DOT, Vec::new()),
            name => at(span, Kind::Variable(Atom::new(name), None)),
        })
    }

    /// `a + b`.
    #[inline(never)]
    pub(super) fn binary(&mut self) -> Outcome<Ast> {
        let whole = self.node();
        self.down();
        let name_of_operator = self.sort() == Sort::Operator;
        let left = self.expression()?;
        let left_class = self.class;
        self.next();
        let operator = self.node();
        let (place, text) = self.moved(operator);
        self.next();
        let name = Atom::new(text);
        let span = self.spot_at(place, whole);
        if name == atom::DOUBLE_ARROW {
            return refuse(
                SyntaxError::new(self.span(operator), "syntax error before: '=>'")
                    .hint("`=>` belongs into `%{}`"),
            );
        }
        if self.sort() == Sort::Keywords {
            if name != atom::WHEN {
                let keywords = self.node();
                let failure = grammar::Failure::At(keywords.start_byte());
                return refuse(explain(self.source, self.places, self.scanned, &failure));
            }
            let right = self.keywords(Brackets::None)?;
            self.up();
            self.class = if left_class == Class::Unmatched { Class::Unmatched } else { Class::NoParens };
            return Ok(call(span, name, vec![left, right]));
        }
        let right = self.expression()?;
        self.up();
        self.class = match (left_class, self.class) {
            (Class::Matched, class) => class,
            (Class::Unmatched, _) => Class::Unmatched,
            (Class::NoParens, _) => Class::NoParens,
        };
        if name_of_operator {
            if text_of(&left) == Some(atom::DOT_DOT) && !matches!(right.kind, Kind::Integer(_)) {
                return refuse(SyntaxError::new(span, "syntax error before: '/'"));
            }
            return Ok(self.capture_of_operator(left, span, right));
        }
        self.operation(name, span, left, right, operator)
    }

    /// What Elixir's parser makes of an operator and its operands.
    fn operation(
        &mut self,
        name: Atom,
        span: Span,
        mut left: Ast,
        right: Ast,
        operator: tree_sitter::Node<'_>,
    ) -> Outcome<Ast> {
        if name == atom::IN {
            // `not a in b` means `not(a in b)`.
            if let Kind::Call(Head::Name(negation @ (atom::NOT | atom::BANG)), inner) = &mut left.kind
                && inner.len() == 1
                && let Some(inner) = inner.pop()
            {
                if *negation == atom::NOT {
                    let title = "\"not expr1 in expr2\" is deprecated, use \"expr1 not in expr2\" instead";
                    self.warnings.push(crate::elixir::syntax::Warning { title: title.to_owned(), span });
                }
                return Ok(call(span, *negation, vec![call(span, atom::IN, vec![inner, right])]));
            }
        } else if self.text(operator).starts_with("not") {
            return Ok(call(span, atom::NOT, vec![call(span, atom::IN, vec![left, right])]));
        } else if self.text(operator) == "//" {
            let meta = left.meta;
            return match left.kind {
                Kind::Call(Head::Name(atom::DOT_DOT), mut ends) if ends.len() == 2 => {
                    ends.push(right);
                    let span = Span { end: span.end, ..meta.span };
                    Ok(call(span, atom::RANGE_STEP, ends))
                }
                _ => {
                    let title = "the range step operator (//) must immediately follow the range definition operator (..), \
                                 for example: 1..9//2. If you wanted to define a default argument, use (\\\\) instead. \
                                 Syntax error before: '//'";
                    refuse(SyntaxError::new(self.span(operator), title))
                }
            };
        }
        Ok(call(span, name, vec![left, right]))
    }

    /// `+/2`, as in `&+/2`.
    fn capture_of_operator(&mut self, mut left: Ast, span: Span, right: Ast) -> Ast {
        if let Kind::Call(Head::Name(name), _) = &left.kind {
            left.kind = Kind::Variable(*name, None);
        }
        call(span, atom::SLASH, vec![left, right])
    }
}

/// A unary operator before the leftmost operand, that many operators down.
fn pushed_down(levels: usize, span: Span, name: Atom, operand: Ast) -> Ast {
    let Ast { kind, meta } = operand;
    match kind {
        Kind::Call(head, mut operands) if levels > 0 && operands.len() == 2 => {
            let left = operands.remove(0);
            operands.insert(0, pushed_down(levels - 1, span, name, left));
            Ast { kind: Kind::Call(head, operands), meta }
        }
        kind => call(span, name, vec![Ast { kind, meta }]),
    }
}

/// The name of an operator that stands for itself.
fn text_of(ast: &Ast) -> Option<Atom> {
    match &ast.kind {
        Kind::Call(Head::Name(name), _) | Kind::Variable(name, _) => Some(*name),
        _ => None,
    }
}
