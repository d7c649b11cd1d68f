//! Printing of values, exactly as Elixir's `inspect/2`.
//!
//! A value becomes a document (`build`), and that is laid out on lines (`layout`). Structs whose modules print
//! themselves are asked for, with the options at their place: the caller runs that code, which gives documents, and tries
//! again with these. Such a document may contain `{:rashomon_term, term, opts}`, for a value that is printed in its place.

mod build;
mod containers;
mod doc;
mod escape;
mod layout;
mod name;
#[cfg(test)]
mod tests;

use super::Context;
use super::args::{self, Outcome};
use crate::elixir::atom::{self, Atom};
use crate::elixir::term::{Binary, NIL, OK, Term, list};
use build::Builder;
pub(super) use escape::is_text;

table! { "rashomon", context:
    "inspect"(term, options, docs) => inspect(context, term, options, docs);
    "format_doc"(doc, width, docs) => format_doc(context, doc, width, docs);
}

/// How binaries are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Binaries {
    Infer,
    Bytes,
    Strings,
}

/// How lists of integers are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Charlists {
    Infer,
    Lists,
    Texts,
}

/// How integers are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Base {
    Decimal,
    Binary,
    Octal,
    Hex,
}

/// `Inspect.Opts`. What is unlimited is limited to `usize::MAX`.
#[derive(Clone, Copy, Debug)]
struct Options {
    structs: bool,
    binaries: Binaries,
    charlists: Charlists,
    base: Base,
    limit: usize,
    printable_limit: usize,
    /// The width of a line; `None` for one line.
    width: Option<usize>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            structs: true,
            binaries: Binaries::Infer,
            charlists: Charlists::Infer,
            base: Base::Decimal,
            limit: 50,
            printable_limit: 4096,
            width: None,
        }
    }
}

/// A number, or `:infinity`, of things; a negative number is no limit either.
fn limit(term: &Term) -> Option<usize> {
    match term {
        Term::Int(value) => Some(usize::try_from(*value).unwrap_or(usize::MAX)),
        Term::Big(_) | Term::Atom(atom::INFINITY) => Some(usize::MAX),
        _ => None,
    }
}

fn width(term: &Term) -> Option<usize> {
    match term {
        Term::Int(value) => Some(usize::try_from(*value).unwrap_or(0)),
        _ => None,
    }
}

impl Options {
    /// Reads a map or a keyword list of options; the width counts only if `:pretty` is set.
    fn read(term: &Term) -> Options {
        let mut read = Reading { options: Options::default(), pretty: false, width: Some(80) };
        match term {
            Term::Map(map) => map.iter().for_each(|(name, value)| read.option(name, value)),
            // The first one of several counts.
            _ => {
                let pairs: Vec<&[Term]> = term.elements().filter_map(Term::as_tuple).collect();
                for pair in pairs.into_iter().rev() {
                    if let [name, value] = pair {
                        read.option(name, value);
                    }
                }
            }
        }
        Options { width: if read.pretty { read.width } else { None }, ..read.options }
    }
}

/// Options of which some have been read.
struct Reading {
    options: Options,
    pretty: bool,
    width: Option<usize>,
}

impl Reading {
    fn option(&mut self, name: &Term, value: &Term) {
        let Term::Atom(name) = name else { return };
        let options = &mut self.options;
        let word = || value.as_atom().map_or("", Atom::text);
        match name.text() {
            "pretty" => self.pretty = value.is_truthy(),
            "width" => self.width = width(value),
            "structs" => options.structs = value.is_truthy(),
            "binaries" => {
                options.binaries = match word() {
                    "as_binaries" => Binaries::Bytes,
                    "as_strings" => Binaries::Strings,
                    _ => Binaries::Infer,
                };
            }
            "charlists" | "char_lists" => {
                options.charlists = match word() {
                    "as_lists" => Charlists::Lists,
                    "as_charlists" | "as_char_lists" => Charlists::Texts,
                    // The old name must not undo what the new one says.
                    _ => options.charlists,
                };
            }
            "base" => {
                options.base = match word() {
                    "binary" => Base::Binary,
                    "octal" => Base::Octal,
                    "hex" => Base::Hex,
                    _ => Base::Decimal,
                };
            }
            "limit" => options.limit = limit(value).unwrap_or(options.limit),
            "printable_limit" => options.printable_limit = limit(value).unwrap_or(options.printable_limit),
            _ => {}
        }
    }
}

fn inspect(context: &mut dyn Context, term: &Term, given: &Term, docs: &Term) -> Outcome {
    let options = Options::read(given);
    let mut builder = Builder::new(&*context, Some(args::map(docs)?));
    builder.term(term, given, options)?;
    finish(builder, options.width).reserved(context)
}

fn format_doc(context: &mut dyn Context, doc: &Term, width: &Term, docs: &Term) -> Outcome {
    let width = match width {
        Term::Atom(atom::INFINITY) => None,
        _ => Some(usize::try_from(args::int(width)?).unwrap_or(0)),
    };
    let mut builder = Builder::new(&*context, Some(args::map(docs)?));
    builder.doc(doc)?;
    finish(builder, width).reserved(context)
}

/// A text, or the structs that must print themselves first.
enum Done {
    Text(Binary),
    Missing(Vec<Term>),
}

fn finish(builder: Builder<'_>, width: Option<usize>) -> Done {
    let (document, missing) = builder.finish();
    if missing.is_empty() { Done::Text(document.layout(width)) } else { Done::Missing(missing) }
}

impl Done {
    fn reserved(self, context: &mut dyn Context) -> Outcome {
        match self {
            Done::Text(binary) => {
                context.reserve(binary.room())?;
                Ok(Term::tuple([OK, Term::Binary(binary)]))
            }
            Done::Missing(missing) => Ok(Term::tuple([Term::Atom(Atom::new("structs")), list(missing)])),
        }
    }
}

/// Marks that nothing is to be left out.
#[cfg(test)]
pub(super) struct Everything;

#[cfg(test)]
pub(super) fn inspect_with(term: &Term, context: &dyn Context, _: Everything) -> String {
    let mut builder = Builder::new(context, None);
    let options = Options { limit: usize::MAX, printable_limit: usize::MAX, ..Options::default() };
    builder.term(term, &NIL, options).expect("a document");
    builder.finish().0.layout(None).to_string()
}

/// A value as the machine itself prints it in its messages: on one line, every struct as `%Name{…}`.
#[must_use]
pub fn inspect_to_string(term: &Term, context: &dyn Context) -> String {
    inspect_to_binary(term, context).to_string()
}

/// As [`inspect_to_string`], but the text still knows the pids in it.
#[must_use]
pub fn inspect_to_binary(term: &Term, context: &dyn Context) -> Binary {
    let mut builder = Builder::new(context, None);
    match builder.term(term, &NIL, Options::default()) {
        Ok(()) => builder.finish().0.layout(None),
        // Only a document can be wrong, and there is none.
        Err(_) => Binary::from(""),
    }
}
