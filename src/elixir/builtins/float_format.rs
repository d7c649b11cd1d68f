//! Floats as text, in Erlang's formats, and text as floats.

use super::Raised;
use super::args;
use crate::elixir::term::Term;

table! { "erlang", context:
    "float_to_binary"(float) => Ok(Term::text(exponential(args_float(float)?, 20)));
    "float_to_binary"(float, options) => Ok(Term::text(with_options(args_float(float)?, options)?));
    "float_to_list"(float) => Ok(Term::charlist(&exponential(args_float(float)?, 20)));
    "float_to_list"(float, options) => Ok(Term::charlist(&with_options(args_float(float)?, options)?));
}

/// Up to here floats have every integer.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// The longest text of a float.
const LONGEST: usize = 255;

fn args_float(term: &Term) -> Result<f64, Raised> {
    if let Term::Float(float) = term { Ok(*float) } else { Err(Raised::badarg()) }
}

/// The shortest digits that read back as the same float, and where the decimal point stands before them:
/// `0.digits × 10^place`. The sign is left out.
fn digits(float: f64) -> (String, i32) {
    let text = format!("{:e}", float.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    (digits, exponent.parse::<i32>().unwrap_or(0) + 1)
}

/// The shortest text that reads back as the same float, in whichever notation is shorter: as `to_string/1`.
#[must_use]
pub fn shortest(float: f64) -> String {
    let sign = if float.is_sign_negative() { "-" } else { "" };
    if float == 0.0 {
        return format!("{sign}0.0");
    }
    let (digits, place) = digits(float);
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let exponent = (place - 1).to_string();
    let dot = if count == 1 { 2 } else { 1 };
    let cost = i32::try_from(exponent.len()).unwrap_or(0) + 1 + dot;
    let scientific = if float.abs() >= WHOLE {
        true
    } else if place <= 0 {
        2 - place > cost && place != 0
    } else if place >= count {
        place - count + 2 > cost
    } else {
        false
    };
    if scientific {
        let (first, rest) = digits.split_at(1);
        return format!("{sign}{first}.{}e{exponent}", if rest.is_empty() { "0" } else { rest });
    }
    format!("{sign}{}", plain(&digits, place))
}

/// Digits with a decimal point in them, or zeros before or after them.
fn plain(digits: &str, place: i32) -> String {
    match usize::try_from(place) {
        Ok(0) | Err(_) => format!("0.{}{digits}", "0".repeat(place.unsigned_abs() as usize)),
        Ok(place) if place >= digits.len() => format!("{digits}{}.0", "0".repeat(place - digits.len())),
        Ok(place) => {
            let (whole, fraction) = digits.split_at(place);
            format!("{whole}.{fraction}")
        }
    }
}

/// As `inspect/1`: like [`shortest`], but whole numbers below 10^16 are written out.
#[must_use]
pub fn inspected(float: f64) -> String {
    if (1.0..1.0e16).contains(&float.abs()) && float.fract() == 0.0 {
        return format!("{float:.1}");
    }
    shortest(float)
}

/// As C's `%.*e`.
#[must_use]
pub fn exponential(float: f64, decimals: usize) -> String {
    let text = format!("{float:.decimals$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, digits) = match exponent.strip_prefix('-') {
        Some(digits) => ('-', digits),
        None => ('+', exponent),
    };
    format!("{mantissa}e{sign}{digits:0>2}")
}

/// So many digits after the point, rounded as Erlang does it: by the arithmetic of floats, if the digits are few.
#[must_use]
pub fn fixed(float: f64, decimals: usize) -> String {
    const POWERS: [f64; 19] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
        1e18,
    ];
    let Some(power) = POWERS.get(decimals).filter(|_| float.abs() <= WHOLE) else {
        return format!("{float:.decimals$}");
    };
    let mut whole = float.abs().trunc();
    let mut fraction = (float.abs().fract() * power + 0.5).trunc();
    if fraction >= *power {
        whole += 1.0;
        fraction -= power;
    }
    let sign = if float.is_sign_negative() { "-" } else { "" };
    if decimals == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{:0>decimals$}", fraction as u64)
    }
}

/// Which text is asked for.
enum Form {
    Exponential(usize),
    Fixed(usize),
    Shortest,
}

pub(super) fn with_options(float: f64, options: &Term) -> Result<String, Raised> {
    const MOST: i64 = 249;
    const MOST_FIXED: i64 = 253;
    const USUAL: usize = 20;
    let mut form = Form::Exponential(USUAL);
    let mut compact = false;
    for option in args::elements(options)? {
        match option {
            Term::Atom(name) if name.text() == "compact" => compact = true,
            Term::Atom(name) if name.text() == "short" => form = Form::Shortest,
            Term::Tuple(pair) => {
                let [Term::Atom(name), Term::Int(count)] = pair.items() else {
                    return Err(Raised::badarg());
                };
                form = match (name.text(), usize::try_from(*count)) {
                    ("decimals", Ok(decimals)) if *count <= MOST_FIXED => Form::Fixed(decimals),
                    ("scientific", Ok(decimals)) if *count <= MOST => Form::Exponential(decimals),
                    // As C's printf takes it.
                    ("scientific", Err(_)) => Form::Exponential(6),
                    _ => return Err(Raised::badarg()),
                };
            }
            _ => return Err(Raised::badarg()),
        }
    }
    let text = match form {
        Form::Exponential(decimals) => exponential(float, decimals),
        Form::Fixed(decimals) if compact => compacted(fixed(float, decimals)),
        Form::Fixed(decimals) => fixed(float, decimals),
        Form::Shortest => shortest(float),
    };
    if text.len() > LONGEST { Err(Raised::badarg()) } else { Ok(text) }
}

/// Without zeros at the end, but with one digit after the point.
fn compacted(text: String) -> String {
    if !text.contains('.') && text.parse::<f64>().is_ok_and(|float| float.abs() <= WHOLE) {
        return text;
    }
    // A large float without a point loses zeros that it would need. So it is on the BEAM.
    let trimmed = text.trim_end_matches('0');
    if trimmed.ends_with('.') { format!("{trimmed}0") } else { trimmed.to_owned() }
}

/// Reads a float as Erlang and Elixir write it: digits on both sides of the point, then perhaps an exponent.
#[must_use]
pub fn parse(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) || !exponent.is_none_or(is_number) {
        return None;
    }
    text.parse::<f64>().ok().filter(|float| float.is_finite())
}
