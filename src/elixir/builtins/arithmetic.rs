//! Arithmetic: integers of any size, floats, and both together.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{FromPrimitive, Signed, ToPrimitive, Zero};

use super::args::{self, Outcome, as_float};
use super::{Raised, atom};
use crate::elixir::term::Term;

table! { "erlang", context:
    "+"(a) => if is_number(a) { Ok(args::take(a)) } else { badarith() };
    "-"(a) => negate(a);
    "+"(a, b) => add(a, b);
    "-"(a, b) => subtract(a, b);
    "*"(a, b) => { reserve_product(context, a, b)?; multiply(a, b) };
    "/"(a, b) => divide(a, b);
    "div"(a, b) => quotient(a, b);
    "rem"(a, b) => remainder(a, b);
    "band"(a, b) => bit_and(a, b);
    "bor"(a, b) => bit_or(a, b);
    "bxor"(a, b) => bit_xor(a, b);
    "bnot"(a) => bit_not(a);
    "bsl"(a, b) => { reserve_shift(context, b)?; shift_left(a, b) };
    "bsr"(a, b) => shift_right(a, b);
    "abs"(a) => absolute(a);
    "float"(a) => args::float(a).map(Term::Float);
    "round"(a) => rounded(a, f64::round);
    "trunc"(a) => rounded(a, f64::trunc);
    "floor"(a) => rounded(a, f64::floor);
    "ceil"(a) => rounded(a, f64::ceil);
}

/// The functions of ours.
pub(super) mod ours {
    use super::{power, reserve_power};

    table! { "rashomon", context:
        "integer_pow"(base, exponent) => { reserve_power(context, base, exponent)?; power(base, exponent) };
    }
}

/// Integers have at most so many bits.
const MOST_BITS: u64 = 1 << 27;

fn badarith() -> Outcome {
    Err(Raised::atom(atom::BADARITH))
}

fn system_limit() -> Outcome {
    Err(Raised::atom(atom::SYSTEM_LIMIT))
}

fn is_number(term: &Term) -> bool {
    matches!(term, Term::Int(_) | Term::Big(_) | Term::Float(_))
}

fn bits(term: &Term) -> u64 {
    match term {
        Term::Big(value) => value.bits(),
        _ => 64,
    }
}

/// An integer, unless it is too large.
fn limited(value: BigInt) -> Outcome {
    if value.bits() > MOST_BITS { system_limit() } else { Ok(Term::integer(value)) }
}

/// Any float but infinity.
fn finite(value: f64) -> Outcome {
    if value.is_finite() { Ok(Term::Float(value)) } else { badarith() }
}

/// What two numbers make, of which at least one is a float or both are integers of any size.
#[inline(never)]
fn large(
    a: &Term,
    b: &Term,
    integers: fn(BigInt, BigInt) -> Outcome,
    floats: fn(f64, f64) -> f64,
) -> Outcome {
    if let (Some(a), Some(b)) = (a.as_big(), b.as_big()) {
        return integers(a, b);
    }
    match (as_float(a), as_float(b)) {
        (Some(a), Some(b)) => finite(floats(a, b)),
        _ => badarith(),
    }
}

/// `a + b`
///
/// # Errors
///
/// `:badarith` if one is not a number or the result is beyond the floats.
#[inline]
pub fn add(a: &Term, b: &Term) -> Outcome {
    if let (Term::Int(a), Term::Int(b)) = (a, b)
        && let Some(sum) = a.checked_add(*b)
    {
        return Ok(Term::Int(sum));
    }
    large(a, b, |a, b| limited(a + b), |a, b| a + b)
}

/// `a - b`
///
/// # Errors
///
/// As [`add`].
#[inline]
pub fn subtract(a: &Term, b: &Term) -> Outcome {
    if let (Term::Int(a), Term::Int(b)) = (a, b)
        && let Some(difference) = a.checked_sub(*b)
    {
        return Ok(Term::Int(difference));
    }
    large(a, b, |a, b| limited(a - b), |a, b| a - b)
}

/// `a * b`
///
/// # Errors
///
/// As [`add`]; `:system_limit` if the result is too large.
#[inline]
pub fn multiply(a: &Term, b: &Term) -> Outcome {
    if let (Term::Int(a), Term::Int(b)) = (a, b)
        && let Some(product) = a.checked_mul(*b)
    {
        return Ok(Term::Int(product));
    }
    if matches!((a, b), (Term::Big(_) | Term::Int(_), Term::Big(_) | Term::Int(_)))
        && bits(a) + bits(b) > MOST_BITS + 64
    {
        return system_limit();
    }
    large(a, b, |a, b| limited(a * b), |a, b| a * b)
}

fn reserve_product(context: &mut dyn super::Context, a: &Term, b: &Term) -> Result<(), Raised> {
    if let (Term::Big(a), Term::Big(b)) = (a, b) {
        context.reserve(usize::try_from((a.bits() + b.bits()) / 8).unwrap_or(usize::MAX))?;
    }
    Ok(())
}

/// `a / b`
///
/// # Errors
///
/// As [`add`]; also if `b` is zero.
#[inline]
pub fn divide(a: &Term, b: &Term) -> Outcome {
    match (as_float(a), as_float(b)) {
        (Some(_), Some(0.0)) => badarith(),
        (Some(a), Some(b)) => finite(a / b),
        _ => badarith(),
    }
}

/// The integers that two terms are.
fn integers(a: &Term, b: &Term) -> Result<(BigInt, BigInt), Raised> {
    match (a.as_big(), b.as_big()) {
        (Some(a), Some(b)) => Ok((a, b)),
        _ => Err(Raised::atom(atom::BADARITH)),
    }
}

/// `div(a, b)`
///
/// # Errors
///
/// `:badarith` if one is not an integer or `b` is zero.
#[inline]
pub fn quotient(a: &Term, b: &Term) -> Outcome {
    if let (Term::Int(a), Term::Int(b)) = (a, b)
        && let Some(quotient) = a.checked_div(*b)
    {
        return Ok(Term::Int(quotient));
    }
    let (a, b) = integers(a, b)?;
    if b.is_zero() { badarith() } else { Ok(Term::integer(a / b)) }
}

/// `rem(a, b)`
///
/// # Errors
///
/// As [`quotient`].
#[inline]
pub fn remainder(a: &Term, b: &Term) -> Outcome {
    if let (Term::Int(a), Term::Int(b)) = (a, b)
        && let Some(remainder) = a.checked_rem(*b)
    {
        return Ok(Term::Int(remainder));
    }
    let (a, b) = integers(a, b)?;
    if b.is_zero() { badarith() } else { Ok(Term::integer(a % b)) }
}

/// `-a`
///
/// # Errors
///
/// `:badarith` if it is not a number.
#[inline]
pub fn negate(a: &Term) -> Outcome {
    match a {
        Term::Int(value) => {
            Ok(value.checked_neg().map_or_else(|| Term::integer(-BigInt::from(*value)), Term::Int))
        }
        Term::Big(value) => Ok(Term::integer(-BigInt::clone(value))),
        Term::Float(value) => Ok(Term::Float(-value)),
        _ => badarith(),
    }
}

/// `abs(a)`
///
/// # Errors
///
/// `:badarg` if it is not a number.
pub fn absolute(a: &Term) -> Outcome {
    match a {
        Term::Int(value) => {
            Ok(value.checked_abs().map_or_else(|| Term::integer(BigInt::from(*value).abs()), Term::Int))
        }
        Term::Big(value) => Ok(Term::integer(value.abs())),
        // Negative zero stays as it is.
        Term::Float(value) => Ok(Term::Float(if *value < 0.0 { -value } else { *value })),
        _ => Err(Raised::badarg()),
    }
}

/// `a &&& b`
///
/// # Errors
///
/// `:badarith` if one is not an integer.
#[inline]
pub fn bit_and(a: &Term, b: &Term) -> Outcome {
    if let (Term::Int(a), Term::Int(b)) = (a, b) {
        return Ok(Term::Int(a & b));
    }
    integers(a, b).map(|(a, b)| Term::integer(a & b))
}

/// `a ||| b`
///
/// # Errors
///
/// `:badarith` if one is not an integer.
#[inline]
pub fn bit_or(a: &Term, b: &Term) -> Outcome {
    if let (Term::Int(a), Term::Int(b)) = (a, b) {
        return Ok(Term::Int(a | b));
    }
    integers(a, b).map(|(a, b)| Term::integer(a | b))
}

/// `bxor(a, b)`
///
/// # Errors
///
/// `:badarith` if one is not an integer.
#[inline]
pub fn bit_xor(a: &Term, b: &Term) -> Outcome {
    if let (Term::Int(a), Term::Int(b)) = (a, b) {
        return Ok(Term::Int(a ^ b));
    }
    integers(a, b).map(|(a, b)| Term::integer(a ^ b))
}

/// `bnot(a)`
///
/// # Errors
///
/// `:badarith` if it is not an integer.
#[inline]
pub fn bit_not(a: &Term) -> Outcome {
    match a {
        Term::Int(value) => Ok(Term::Int(!value)),
        Term::Big(value) => Ok(Term::integer(-BigInt::clone(value) - 1)),
        _ => badarith(),
    }
}

/// `a <<< b`
///
/// # Errors
///
/// `:badarith` if one is not an integer, `:system_limit` if the result is too large.
pub fn shift_left(a: &Term, b: &Term) -> Outcome {
    let (value, by) = integers(a, b)?;
    shift(value, by)
}

/// `a >>> b`
///
/// # Errors
///
/// As [`shift_left`].
pub fn shift_right(a: &Term, b: &Term) -> Outcome {
    if let (Term::Int(value), Term::Int(by @ 0..=63)) = (a, b) {
        return Ok(Term::Int(value >> by));
    }
    let (value, by) = integers(a, b)?;
    shift(value, -by)
}

fn shift(value: BigInt, by: BigInt) -> Outcome {
    match by.to_i64() {
        Some(by) if by >= 0 => {
            if value.is_zero() {
                return Ok(Term::Int(0));
            }
            if by.unsigned_abs().saturating_add(value.bits()) > MOST_BITS {
                return system_limit();
            }
            Ok(Term::integer(value << by))
        }
        Some(by) if by.unsigned_abs() <= value.bits() => Ok(Term::integer(value >> by.unsigned_abs())),
        None if !by.is_negative() && !value.is_zero() => system_limit(),
        Some(_) | None => Ok(Term::Int(if value.is_negative() { -1 } else { 0 })),
    }
}

fn reserve_shift(context: &mut dyn super::Context, by: &Term) -> Result<(), Raised> {
    match by.as_int().and_then(|by| usize::try_from(by).ok()) {
        Some(by) if by > 64 => context.reserve((by / 8).min(1 << 25)),
        _ => Ok(()),
    }
}

fn rounded(a: &Term, round: fn(f64) -> f64) -> Outcome {
    match a {
        Term::Int(_) | Term::Big(_) => Ok(a.clone()),
        Term::Float(value) => whole(round(*value)),
        _ => Err(Raised::badarg()),
    }
}

/// A float without a fraction as an integer.
fn whole(value: f64) -> Outcome {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.abs() <= EXACT {
        return Ok(Term::Int(value as i64));
    }
    BigInt::from_f64(value).map(Term::integer).ok_or_else(Raised::badarg)
}

/// An integer to the power of another that is not negative.
///
/// # Errors
///
/// `:badarg` if these are others, `:system_limit` if the result is too large.
pub fn power(base: &Term, exponent: &Term) -> Outcome {
    let base = args::big(base)?;
    let exponent = args::big(exponent)?;
    if exponent.is_negative() {
        return Err(Raised::badarg());
    }
    let even = exponent.is_even();
    if let Some(small @ -1..=1) = base.to_i64() {
        return Ok(Term::Int(match small {
            _ if exponent.is_zero() => 1,
            -1 if !even => -1,
            0 => 0,
            _ => 1,
        }));
    }
    match exponent.to_u32() {
        Some(exponent) if (base.bits() - 1).saturating_mul(u64::from(exponent)) <= MOST_BITS => {
            limited(base.pow(exponent))
        }
        _ => system_limit(),
    }
}

fn reserve_power(context: &mut dyn super::Context, base: &Term, exponent: &Term) -> Result<(), Raised> {
    match (base, exponent.as_int().and_then(|exponent| u64::try_from(exponent).ok())) {
        (Term::Int(-1..=1), _) | (_, None) => Ok(()),
        (base, Some(exponent)) => {
            let bits = base.as_big().map_or(0, |base| base.bits()).saturating_mul(exponent).min(MOST_BITS);
            context.reserve(usize::try_from(bits / 8).unwrap_or(usize::MAX))
        }
    }
}
