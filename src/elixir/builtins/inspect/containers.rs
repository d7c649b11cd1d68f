//! Containers: lists, tuples, maps, structs and bytes, element by element.

use super::build::{Builder, Place, Work, integer};
use super::layout::{Break, Container, Nest, Slice, Token};
use crate::elixir::atom::Atom;
use crate::elixir::term::Term;

const MORE: &str = "...";

/// Elements that a container still has.
pub(super) enum Rest<'a> {
    List(&'a Term),
    Keyword(&'a Term),
    Tuple(&'a [Term]),
    Keys(std::vec::IntoIter<&'a Term>),
    Fields(std::vec::IntoIter<(Atom, &'a Term)>),
    Entries(std::vec::IntoIter<(&'a Term, &'a Term)>),
    Bytes(&'a [u8], u8),
}

/// How a container chooses its breaks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Flex,
    Strict,
    /// Flexible breaks, if all elements are mere text.
    Maybe,
}

/// An element of a container.
enum Next<'a> {
    Term(&'a Term),
    Field(Atom, &'a Term),
    Entry(&'a Term, &'a Term),
    Byte(u8, u8),
}

impl<'a> Builder<'a> {
    pub(super) fn container(
        &mut self,
        (left, right): (&str, &'static str),
        shape: Shape,
        rest: Rest<'a>,
        place: Place,
    ) {
        let start = self.document.text.len();
        self.document.text.extend_from_slice(left.as_bytes());
        let slice = Slice { start, end: start + left.len(), width: left.len() };
        self.enclose(slice, right, shape, rest, place);
    }

    pub(super) fn enclose(
        &mut self,
        left: Slice,
        right: &'static str,
        shape: Shape,
        rest: Rest<'a>,
        place: Place,
    ) {
        let container = self.document.containers.len();
        let breaks = if shape == Shape::Flex { Break::Flex } else { Break::Strict };
        self.document.containers.push(Container { breaks, indent: left.width });
        self.token(Token::OpenGroup { inherit: false });
        self.slice(left.start, left.end, left.width);
        self.token(Token::OpenNest { nest: Nest::Container(container), only_broken: false });
        self.token(Token::Edge(container));
        self.open.push((container, shape));
        self.work.push(Work::Token(Token::Close));
        self.work.push(Work::Text(right));
        self.work.push(Work::Token(Token::Edge(container)));
        self.work.push(Work::Token(Token::Close));
        self.work.push(Work::Leave);
        self.rest(rest, container, place);
    }

    fn between(&mut self, container: usize) {
        self.document.tokens.push(Token::Between(container));
    }

    /// Writes the next element, and leaves the others for later.
    pub(super) fn rest(&mut self, rest: Rest<'a>, container: usize, place: Place) {
        let first = matches!(self.document.tokens.last(), Some(Token::Edge(of)) if *of == container);
        let (next, rest) = match rest {
            Rest::List(Term::Empty) | Rest::Keyword(Term::Empty) | Rest::Tuple([]) | Rest::Bytes([], _) => {
                return;
            }
            Rest::List(Term::List(cons)) => (Next::Term(&cons.head), Rest::List(&cons.tail)),
            Rest::List(tail) => {
                self.text(" |");
                self.between(container);
                return self.value(tail, place.less());
            }
            Rest::Keyword(Term::List(cons)) => {
                let Some([Term::Atom(key), value]) = cons.head.as_tuple() else { return };
                (Next::Field(*key, value), Rest::Keyword(&cons.tail))
            }
            Rest::Keyword(_) => return,
            Rest::Tuple([next, rest @ ..]) => (Next::Term(next), Rest::Tuple(rest)),
            Rest::Keys(mut keys) => {
                let Some(key) = keys.next() else { return };
                (Next::Term(key), Rest::Keys(keys))
            }
            Rest::Fields(mut fields) => {
                let Some((key, value)) = fields.next() else { return };
                (Next::Field(key, value), Rest::Fields(fields))
            }
            Rest::Entries(mut entries) => {
                let Some((key, value)) = entries.next() else { return };
                (Next::Entry(key, value), Rest::Entries(entries))
            }
            Rest::Bytes([byte, rest @ ..], spare) => {
                let spare_here = if rest.is_empty() { spare } else { 0 };
                (Next::Byte(*byte, spare_here), Rest::Bytes(rest, spare))
            }
        };
        if !first {
            self.text(",");
            self.between(container);
        }
        if place.limit == 0 {
            return self.text(MORE);
        }
        let place = place.less();
        self.work.push(Work::Rest(rest, container, place));
        match next {
            Next::Term(term) => self.work.push(Work::Term(term, place)),
            Next::Field(key, value) => self.work.push(Work::Keyword(key, value, place)),
            Next::Entry(key, value) => self.work.push(Work::Arrow(key, value, place)),
            Next::Byte(byte, spare) => {
                let base = self.options(place).base;
                self.write(|out| integer(out, base, false, byte >> spare));
                if spare > 0 {
                    self.text(&format!("::size({})", 8 - spare));
                }
            }
        }
    }
}
