//! Maps and structs.
//!
//! For tree-sitter, `=>` is an operator as others. In Elixir it only separates a key from a value in a map and binds weaker than all
//! operators, and so does the first `|` of an update. So `a => b | c` comes as `(a => b) | c` and is turned round here.

use super::calls::Brackets;
use tree_sitter::Node;

use super::{Class, Converter, at, call};
use crate::elixir::ast::{Ast, Kind, Span};
use crate::elixir::atom::{self, Atom};
use crate::elixir::syntax::error::{Outcome, SyntaxError, refuse};
use crate::elixir::syntax::explain::explain;
use crate::elixir::syntax::grammar::{Failure, Sort, sort};

/// What may stand between the commas of a map.
enum Item {
    /// `k => v`.
    Association(Ast, Ast),
    /// `m | k => v`, `m | k: v`.
    Update(Ast, Span, Vec<Ast>),
    /// Anything else.
    Other(Ast),
}

/// `k => v` as a pair.
fn pair(key: Ast, value: Ast) -> Ast {
    let (from, to) = (key.meta.span, value.meta.span);
    at(Span { end: to.end, ..from }, Kind::Pair(Box::new((key, value))))
}

impl Converter<'_, '_> {
    /// `%{…}`, `%Name{…}`.
    #[inline(never)]
    pub(super) fn map(&mut self) -> Outcome<Ast> {
        let whole = self.node();
        let mut name = None;
        let mut content = Vec::new();
        let mut brace = whole;
        self.down();
        loop {
            match self.sort() {
                Sort::Struct => {
                    let start = self.node().start_byte();
                    if let Some(apart) = self.scanned.patches.apart.get(&start).copied() {
                        name = self.apart(start, apart)?.pop();
                    } else {
                        self.down();
                        name = Some(self.expression()?);
                        self.up();
                    }
                }
                Sort::MapContent => content = self.map_content()?,
                _ if self.text(self.node()) == "{" => brace = self.node(),
                _ => {}
            }
            if !self.next() {
                break;
            }
        }
        self.up();
        if name.is_none() && brace.start_byte() != whole.start_byte() + 1 {
            return refuse(
                SyntaxError::new(self.span(brace), "syntax error before: '{'")
                    .hint("write `%{` without a space"),
            );
        }
        let map = call(self.spot(brace, whole), atom::MAP_BRACES, content);
        Ok(match name {
            Some(name) => call(self.span(whole), atom::PERCENT, vec![name, map]),
            None => map,
        })
    }

    fn map_content(&mut self) -> Outcome<Vec<Ast>> {
        let mut before = None;
        let mut entries = Vec::new();
        self.down();
        loop {
            match self.sort() {
                Sort::Token => {}
                Sort::Keywords => entries.extend(self.pairs(Brackets::Around)?),
                _ => match self.map_item()? {
                    Item::Association(key, value) => entries.push(pair(key, value)),
                    Item::Other(ast) => {
                        self.bare(self.node())?;
                        entries.push(ast);
                    }
                    Item::Update(map, bar, first) if before.is_none() && entries.is_empty() => {
                        before = Some((map, bar));
                        entries = first;
                    }
                    Item::Update(_, bar, _) => {
                        return refuse(SyntaxError::new(bar, "syntax error before: '|'"));
                    }
                },
            }
            if !self.next() {
                break;
            }
        }
        self.up();
        Ok(match before {
            Some((map, bar)) => {
                let entries = at(bar, Kind::List(entries));
                vec![call(bar, atom::PIPE, vec![map, entries])]
            }
            None => entries,
        })
    }

    /// Refuses what stands in a map without `=>`, unless it is a call: a macro may make pairs of it.
    fn bare(&self, node: Node<'_>) -> Outcome<()> {
        let last = node.child_count().checked_sub(1).and_then(|last| node.child(last));
        let bar = node.child(1).is_some_and(|operator| self.text(operator) == "|");
        let node = if sort(node) == Sort::Binary && bar { last.unwrap_or(node) } else { node };
        if matches!(sort(node), Sort::Call | Sort::Identifier) && self.class == Class::Matched {
            return Ok(());
        }
        let next = self.scanned.tokens.iter().find(|token| token.start as usize >= node.end_byte());
        let failure = Failure::At(next.map_or(self.source.len(), |token| token.start as usize));
        refuse(
            explain(self.source, self.places, self.scanned, &failure)
                .hint("an entry of a map is `key => value` or `key: value`"),
        )
    }

    /// The item on which the cursor stands.
    fn map_item(&mut self) -> Outcome<Item> {
        if self.sort() != Sort::Binary {
            return self.expression().map(Item::Other);
        }
        self.deeper()?;
        let whole = self.node();
        self.down();
        let left_node = self.cursor.clone();
        self.next();
        let operator = self.node();
        let name = self.text(operator);
        let item = if matches!(name, "=>" | "|" | "::" | "when" | "<-" | "\\\\") {
            let name = Atom::new(name);
            let span = self.spot(operator, whole);
            self.next();
            let right_node = self.cursor.clone();
            self.cursor = left_node;
            let left = self.map_item()?;
            self.cursor = right_node;
            if self.sort() == Sort::Keywords && name == atom::PIPE {
                let pairs = self.pairs(Brackets::Around)?;
                match left {
                    Item::Other(map) => Item::Update(map, span, pairs),
                    _ => return refuse(SyntaxError::new(span, "syntax error before: '|'")),
                }
            } else if self.sort() == Sort::Keywords {
                let failure = Failure::At(self.node().start_byte());
                return refuse(explain(self.source, self.places, self.scanned, &failure));
            } else {
                let right = self.map_item()?;
                turned(name, span, left, right)?
            }
        } else {
            self.up();
            self.depth -= 1;
            return self.expression().map(Item::Other);
        };
        self.up();
        self.depth -= 1;
        Ok(item)
    }
}

/// Two items with a weak operator between them.
fn turned(name: Atom, span: Span, left: Item, right: Item) -> Outcome<Item> {
    let twice = || refuse(SyntaxError::new(span, format!("syntax error before: '{name}'")));
    let operation = |left: Ast, right: Ast| call(span, name, vec![left, right]);
    Ok(match (left, right) {
        (Item::Other(left), Item::Other(right)) if name == atom::DOUBLE_ARROW => {
            Item::Association(left, right)
        }
        (Item::Other(map), Item::Other(entry)) if name == atom::PIPE => Item::Update(map, span, vec![entry]),
        (Item::Other(left), Item::Other(right)) => Item::Other(operation(left, right)),
        (_, _) if name == atom::DOUBLE_ARROW => return twice(),
        (Item::Association(key, value), Item::Other(right)) => {
            Item::Association(key, operation(value, right))
        }
        // The value of a pair may itself hold bars.
        (Item::Association(key, value), Item::Update(left, bar, mut right)) if right.len() == 1 => {
            match right.pop() {
                Some(right) if !matches!(right.kind, Kind::Pair(_)) => {
                    Item::Association(key, operation(value, call(bar, atom::PIPE, vec![left, right])))
                }
                _ => return twice(),
            }
        }
        (Item::Other(map), Item::Association(key, value)) if name == atom::PIPE => {
            Item::Update(map, span, vec![pair(key, value)])
        }
        (Item::Other(left), Item::Association(key, value)) => Item::Association(operation(left, key), value),
        // `m | a | b => c`: the first bar is that of the update.
        (Item::Other(map), Item::Update(left, bar, mut right)) if name == atom::PIPE => match right.pop() {
            Some(Ast { kind: Kind::Pair(last), .. }) if right.is_empty() => {
                let (key, value) = *last;
                Item::Update(map, span, vec![pair(call(bar, atom::PIPE, vec![left, key]), value)])
            }
            _ => return twice(),
        },
        (Item::Update(map, bar, mut entries), Item::Other(right)) => match entries.pop() {
            Some(Ast { kind: Kind::Pair(last), .. }) => {
                let (key, value) = *last;
                entries.push(pair(key, operation(value, right)));
                Item::Update(map, bar, entries)
            }
            _ => return twice(),
        },
        _ => return twice(),
    })
}
