//! `:erlang`: atoms and numbers from texts, and texts from them.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::Num;

use super::args::{self, Outcome};
use super::{Raised, atom, float_format};
use crate::elixir::atom::Atom;
use crate::elixir::term::{Term, told};
use crate::kernel::Pid;

table! { "erlang", context:
    "atom_to_binary"(atom) => Ok(Term::text(args::atom(atom)?.text()));
    "atom_to_binary"(atom, encoding) => {
        let text = args::atom(atom)?.text();
        Ok(args::bytes(encode(text, encoding)?))
    };
    "atom_to_list"(atom) => Ok(Term::charlist(args::atom(atom)?.text()));
    "binary_to_atom"(text) => new_atom(args::text(text)?);
    "binary_to_atom"(text, encoding) => new_atom(&decode(text, encoding)?);
    "binary_to_existing_atom"(text) => existing_atom(args::text(text)?);
    "binary_to_existing_atom"(text, encoding) => existing_atom(&decode(text, encoding)?);
    "list_to_atom"(text) => new_atom(&characters(text)?);
    "list_to_existing_atom"(text) => existing_atom(&characters(text)?);
    "integer_to_binary"(integer) => { reserve_digits(context, integer)?; Ok(Term::text(digits(integer, 10)?)) };
    "integer_to_binary"(integer, base) => { reserve_digits(context, integer)?; Ok(Term::text(digits(integer, radix(base)?)?)) };
    "integer_to_list"(integer) => { reserve_digits(context, integer)?; Ok(Term::charlist(&digits(integer, 10)?)) };
    "integer_to_list"(integer, base) => {
        reserve_digits(context, integer)?;
        Ok(Term::charlist(&digits(integer, radix(base)?)?))
    };
    "binary_to_integer"(text) => integer(args::text(text)?, 10);
    "binary_to_integer"(text, base) => integer(args::text(text)?, radix(base)?);
    "list_to_integer"(text) => integer(&characters(text)?, 10);
    "list_to_integer"(text, base) => integer(&characters(text)?, radix(base)?);
    "binary_to_float"(text) => float(args::text(text)?);
    "list_to_float"(text) => float(&characters(text)?);
    "convert_time_unit"(time, from, to) => convert_time_unit(&args::big(time)?, from, to);
    "pid_to_list"(pid) => match pid {
        Term::Pid(pid) => {
            told();
            Ok(Term::charlist(&format!("<0.{}.0>", pid.number())))
        }
        _ => Err(Raised::badarg()),
    };
    "list_to_pid"(text) => {
        told();
        pid(&characters(text)?)
    };
    "ref_to_list"(reference) => match reference {
        Term::Reference(reference) => {
            told();
            Ok(Term::charlist(&format!("#Ref<0.0.0.{}>", reference.number())))
        }
        _ => Err(Raised::badarg()),
    };
}

/// How many of a unit of time make a second.
pub(super) fn parts_per_second(unit: &Term) -> Option<i64> {
    match unit {
        Term::Int(parts) if *parts > 0 => Some(*parts),
        Term::Atom(name) => match name.text() {
            "second" | "seconds" => Some(1),
            "millisecond" | "milli_seconds" => Some(1_000),
            "microsecond" | "micro_seconds" => Some(1_000_000),
            "nanosecond" | "nano_seconds" | "native" | "perf_counter" => Some(1_000_000_000),
            _ => None,
        },
        _ => None,
    }
}

/// Rounds down.
fn convert_time_unit(time: &BigInt, from: &Term, to: &Term) -> Outcome {
    let (from, to) = (parts_per_second(from), parts_per_second(to));
    let (from, to) = (from.ok_or_else(Raised::badarg)?, to.ok_or_else(Raised::badarg)?);
    Ok(Term::integer((time * to).div_floor(&BigInt::from(from))))
}

/// The pid that a text such as `<0.7.0>` shows.
fn pid(text: &str) -> Result<Term, Raised> {
    let number = text.strip_prefix("<0.").and_then(|rest| rest.strip_suffix(".0>"));
    let number = number.and_then(|number| number.parse().ok()).ok_or_else(Raised::badarg)?;
    Ok(Term::Pid(Pid::from_number(number)))
}

/// An atom has at most so many characters.
const LONGEST_ATOM: usize = 255;

fn new_atom(text: &str) -> Outcome {
    if text.chars().nth(LONGEST_ATOM).is_some() {
        return Err(Raised::atom(atom::SYSTEM_LIMIT));
    }
    Atom::limited(text).map(Term::Atom).ok_or_else(|| Raised::atom(atom::SYSTEM_LIMIT))
}

fn existing_atom(text: &str) -> Outcome {
    Atom::existing(text).map(Term::Atom).ok_or_else(Raised::badarg)
}

/// The text of a list of characters.
fn characters(term: &Term) -> Result<String, Raised> {
    let character = |term: &Term| char::from_u32(u32::try_from(term.as_int()?).ok()?);
    args::elements(term)?.into_iter().map(character).collect::<Option<String>>().ok_or_else(Raised::badarg)
}

fn encode(text: &str, encoding: &Term) -> Result<Vec<u8>, Raised> {
    match args::atom(encoding)?.text() {
        "utf8" | "unicode" => Ok(text.as_bytes().to_vec()),
        "latin1" => {
            let latin = text.chars().map(|character| u8::try_from(u32::from(character)).ok());
            latin.collect::<Option<Vec<u8>>>().ok_or_else(Raised::badarg)
        }
        _ => Err(Raised::badarg()),
    }
}

fn decode(text: &Term, encoding: &Term) -> Result<String, Raised> {
    match args::atom(encoding)?.text() {
        "utf8" | "unicode" => args::text(text).map(str::to_owned),
        "latin1" => Ok(args::binary(text)?.bytes().iter().map(|byte| char::from(*byte)).collect()),
        _ => Err(Raised::badarg()),
    }
}

fn radix(base: &Term) -> Result<u32, Raised> {
    match u32::try_from(args::int(base)?) {
        Ok(base @ 2..=36) => Ok(base),
        _ => Err(Raised::badarg()),
    }
}

fn reserve_digits(context: &mut dyn super::Context, integer: &Term) -> Result<(), Raised> {
    match integer {
        Term::Big(value) => context.reserve(usize::try_from(value.bits()).unwrap_or(usize::MAX)),
        _ => Ok(()),
    }
}

fn digits(integer: &Term, base: u32) -> Result<String, Raised> {
    match integer {
        Term::Int(value) if base == 10 => Ok(value.to_string()),
        Term::Int(value) => Ok(BigInt::from(*value).to_str_radix(base).to_ascii_uppercase()),
        Term::Big(value) => Ok(value.to_str_radix(base).to_ascii_uppercase()),
        _ => Err(Raised::badarg()),
    }
}

/// Reads an integer: digits, perhaps after a sign.
pub(super) fn integer(text: &str, base: u32) -> Outcome {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned.is_empty() || !unsigned.chars().all(|digit| digit.is_digit(base)) {
        return Err(Raised::badarg());
    }
    if let Ok(value) = i64::from_str_radix(text, base) {
        return Ok(Term::Int(value));
    }
    BigInt::from_str_radix(text, base).map(Term::integer).map_err(|_| Raised::badarg())
}

fn float(text: &str) -> Outcome {
    float_format::parse(text).map(Term::Float).ok_or_else(Raised::badarg)
}
