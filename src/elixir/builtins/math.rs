//! `:math`. The functions come from the crate `pxfm`, so that they give the same digits on every platform.

use super::args::{self, Outcome};
use super::{Raised, atom};
use crate::elixir::term::Term;

table! { "math", context:
    "pi"() => Ok(Term::Float(std::f64::consts::PI));
    "sin"(x) => one(x, pxfm::f_sin);
    "cos"(x) => one(x, pxfm::f_cos);
    "tan"(x) => one(x, pxfm::f_tan);
    "asin"(x) => one(x, pxfm::f_asin);
    "acos"(x) => one(x, pxfm::f_acos);
    "atan"(x) => one(x, pxfm::f_atan);
    "sinh"(x) => one(x, pxfm::f_sinh);
    "cosh"(x) => one(x, pxfm::f_cosh);
    "tanh"(x) => one(x, pxfm::f_tanh);
    "asinh"(x) => one(x, pxfm::f_asinh);
    "acosh"(x) => one(x, pxfm::f_acosh);
    "atanh"(x) => one(x, pxfm::f_atanh);
    "exp"(x) => one(x, pxfm::f_exp);
    "log"(x) => one(x, pxfm::f_log);
    "log2"(x) => one(x, pxfm::f_log2);
    "log10"(x) => one(x, pxfm::f_log10);
    "sqrt"(x) => one(x, f64::sqrt);
    "floor"(x) => one(x, f64::floor);
    "ceil"(x) => one(x, f64::ceil);
    "erf"(x) => one(x, pxfm::f_erf);
    "erfc"(x) => one(x, pxfm::f_erfc);
    "atan2"(x, y) => two(x, y, pxfm::f_atan2);
    "pow"(x, y) => two(x, y, pxfm::f_pow);
    "fmod"(x, y) => two(x, y, |x, y| x % y);
}

fn one(x: &Term, function: fn(f64) -> f64) -> Outcome {
    finite(function(args::float(x)?))
}

fn two(x: &Term, y: &Term, function: fn(f64, f64) -> f64) -> Outcome {
    finite(function(args::float(x)?, args::float(y)?))
}

fn finite(value: f64) -> Outcome {
    if value.is_finite() { Ok(Term::Float(value)) } else { Err(Raised::atom(atom::BADARITH)) }
}
