//! From Elixir's documents to ours.

use super::Options;
use super::build::{Builder, Work};
use super::layout::{Break, Nest, Slice, Token};
use crate::elixir::builtins::{Raised, args};
use crate::elixir::term::{Binary, Piece, Term};

impl<'a> Builder<'a> {
    /// Adds a document.
    pub(super) fn elixir_doc(&mut self, doc: &'a Term) -> Result<(), Raised> {
        if let Term::Binary(text) = doc {
            self.doc_text(text, text.len());
            return Ok(());
        }
        if let Term::Atom(atom) = doc {
            match atom.text() {
                "doc_nil" => {}
                "doc_line" => self.token(Token::Line),
                _ => return Err(Raised::badarg()),
            }
            return Ok(());
        }
        let [Term::Atom(name), parts @ ..] = args::tuple(doc)? else { return Err(Raised::badarg()) };
        let open = match (name.text(), parts) {
            ("doc_cons", [left, right]) => {
                self.work.push(Work::Doc(right));
                self.work.push(Work::Doc(left));
                return Ok(());
            }
            ("doc_color", [inner, _]) => {
                self.work.push(Work::Doc(inner));
                return Ok(());
            }
            ("doc_string", [Term::Binary(text), width]) => {
                self.doc_text(text, args::count(width)?);
                return Ok(());
            }
            ("doc_break", [Term::Binary(text), Term::Atom(kind)]) => {
                let kind = if kind.text() == "flex" { Break::Flex } else { Break::Strict };
                let slice = self.store(text);
                self.token(Token::Break(kind, slice));
                return Ok(());
            }
            ("doc_collapse", [most]) => {
                let most = args::count(most)?;
                self.token(Token::Collapse(most));
                return Ok(());
            }
            ("rashomon_term", [term, options]) => {
                let place = self.place(options, Options::read(options), usize::MAX);
                self.work.push(Work::Term(term, place));
                return Ok(());
            }
            ("doc_group", [_, Term::Atom(mode)]) => Token::OpenGroup { inherit: mode.text() == "inherit" },
            ("doc_limit", [_, _]) => Token::OpenUnlimited,
            ("doc_force", [_]) => Token::OpenForce,
            ("doc_fits", [_, Term::Atom(mode)]) => Token::OpenFits { enabled: mode.text() == "enabled" },
            ("doc_nest", [_, indent, Term::Atom(when)]) => {
                let nest = match indent {
                    Term::Atom(atom) if atom.text() == "cursor" => Nest::Cursor,
                    Term::Atom(atom) if atom.text() == "reset" => Nest::Reset,
                    _ => Nest::By(args::count(indent)?),
                };
                Token::OpenNest { nest, only_broken: when.text() == "break" }
            }
            _ => return Err(Raised::badarg()),
        };
        let [inner, ..] = parts else { return Err(Raised::badarg()) };
        self.token(open);
        self.work.push(Work::Token(Token::Close));
        self.work.push(Work::Doc(inner));
        Ok(())
    }

    fn doc_text(&mut self, text: &Binary, width: usize) {
        let Some(pieces) = text.pieces() else {
            let slice = self.store(text);
            return self.slice(slice.start, slice.end, width);
        };
        for piece in pieces {
            match piece {
                Piece::Text(text) => self.write(|out| out.extend_from_slice(text)),
                Piece::Pid(pid) => self.token(Token::Pid(*pid)),
            }
        }
    }

    fn store(&mut self, text: &Binary) -> Slice {
        let start = self.document.text.len();
        self.document.text.extend_from_slice(text.bytes());
        let end = self.document.text.len();
        Slice { start, end, width: end - start }
    }
}
