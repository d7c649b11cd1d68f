//! Programs after expansion: no macros, no aliases, every variable has a number, every name is resolved as far as it can be
//! before the run.
//!
//! Variables are numbered within a function, and each is bound once: where Elixir binds a name again, a new number
//! begins.

use std::cell::Cell;

use serde::{Deserialize, Serialize};

use super::atom::{self, Atom};
use super::builtins::bits::Segment;
use super::code::{comparison, type_test};
use super::term::Term;

/// A variable of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Variable(pub u32);

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// The line on which it stands; 0 if unknown.
    pub line: u32,
}

/// What an expression is. Operands are evaluated from left to right.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A constant.
    Literal(Term),
    /// A variable. The cell says whether nobody needs it afterwards, which the code generator finds out.
    Variable(Variable, Cell<bool>),
    /// `[head | tail]`
    Cons(Box<Expr>, Box<Expr>),
    /// `{…}`
    Tuple(Vec<Expr>),
    /// `%{…}`
    Map(Vec<(Expr, Expr)>),
    /// `%{map | …}`: all keys are there.
    MapUpdate(Box<Expr>, Vec<(Expr, Expr)>),
    /// `<<…>>`
    Bits(Vec<(Segment, Expr, Option<Expr>)>),
    /// `pattern = value`
    Match(Box<Pattern>, Box<Expr>),
    /// One after another; the value is the last one's.
    Sequence(Vec<Expr>),
    /// The first clause that matches.
    Case {
        /// What is looked at.
        subject: Box<Expr>,
        /// Each with one pattern.
        clauses: Vec<Clause>,
        /// What is raised if none does.
        failure: Failure,
    },
    /// A choice.
    If {
        /// What decides.
        condition: Box<Expr>,
        /// The value if it is true.
        then: Box<Expr>,
        /// The value if it is not.
        otherwise: Box<Expr>,
        /// The operator that insists on `true` or `false`.
        strict: Option<Atom>,
    },
    /// `receive`
    Receive {
        /// Each with one pattern.
        clauses: Vec<Clause>,
        /// How long, and what then.
        after: Option<(Box<Expr>, Box<Expr>)>,
    },
    /// `try` with clauses for what is raised.
    Try {
        /// What is tried.
        body: Box<Expr>,
        /// What happens to its value, with one pattern each; without clauses that is the value.
        otherwise: Vec<Clause>,
        /// For what is raised: patterns for class, reason and stack trace. What none of them takes goes on.
        catch: Vec<Clause>,
    },
    /// `try … after`: the second is evaluated in any case.
    After(Box<Expr>, Box<Expr>),
    /// An anonymous function, and the variables that it takes with it.
    Fn(Box<Function>, Vec<Expr>),
    /// A call.
    Call(Callee, Vec<Expr>),
    /// `map.key`, or the call of a function without arguments if the value is a module.
    Field(Box<Expr>, Atom),
    /// Raises, without a function of its own in the stack trace.
    Fail(Failure, Box<Expr>),
}

/// What is called.
#[derive(Clone, Debug)]
pub enum Callee {
    /// A function of the same module.
    Local(Atom),
    /// A function of a module.
    Remote(Atom, Atom),
    /// A function of a module that is known only at the call.
    Dynamic(Box<Expr>, Atom),
    /// A function value.
    Value(Box<Expr>),
}

/// What is raised when nothing matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// `=`
    Match,
    /// `case`
    Case,
    /// `cond`
    Cond,
    /// The `else` of `try`
    Try,
    /// The `else` of `with`
    With,
    /// The clauses of a function
    Function,
}

/// One of several alternatives.
#[derive(Clone, Debug)]
pub struct Clause {
    /// What must match.
    pub patterns: Vec<Pattern>,
    /// Of these one must be true; if there are none, nothing more is asked.
    pub guards: Vec<Expr>,
    /// The value.
    pub body: Expr,
    /// The line on which it begins.
    pub line: u32,
}

/// What a value is compared with.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// `_`
    Any,
    /// A variable that it binds.
    Bind(Variable),
    /// A variable that has a value, or is bound further to the left in the same pattern.
    Same(Variable),
    /// A constant.
    Literal(Term),
    /// `[head | tail]`
    Cons(Box<Pattern>, Box<Pattern>),
    /// `{…}`
    Tuple(Vec<Pattern>),
    /// `%{key => pattern}`: the keys are evaluated in the scope around the pattern.
    Map(Vec<(Expr, Pattern)>),
    /// `<<…>>`
    Bits(Vec<(Segment, Pattern, Option<Expr>)>),
    /// Two patterns, `=` between them.
    Both(Box<Pattern>, Box<Pattern>),
}

/// A function, named or not.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name, or that of the function around it.
    pub name: Atom,
    /// How many arguments it takes.
    pub arity: u8,
    /// The variables that an anonymous function takes with it: they come before its arguments.
    pub captured: Vec<Variable>,
    /// Its clauses, with one pattern for each argument.
    pub clauses: Vec<Clause>,
    /// How many variables there are in it.
    pub variables: u32,
    /// The line on which it begins.
    pub line: u32,
}

impl Expr {
    /// An expression that stands on a line.
    #[must_use]
    pub fn new(line: u32, kind: ExprKind) -> Expr {
        Expr { kind, line }
    }

    /// A constant.
    #[must_use]
    pub fn literal(value: impl Into<Term>) -> Expr {
        Expr::new(0, ExprKind::Literal(value.into()))
    }

    /// The value of a variable.
    #[must_use]
    pub fn variable(variable: Variable) -> Expr {
        Expr::new(0, ExprKind::Variable(variable, Cell::new(false)))
    }

    /// A call of a module's function.
    #[must_use]
    pub fn remote(line: u32, module: Atom, name: Atom, arguments: Vec<Expr>) -> Expr {
        Expr::new(line, ExprKind::Call(Callee::Remote(module, name), arguments))
    }

    /// The constant that it is.
    #[must_use]
    pub fn as_literal(&self) -> Option<&Term> {
        if let ExprKind::Literal(term) = &self.kind { Some(term) } else { None }
    }

    /// Whether the value is known to be `true` or `false`.
    #[must_use]
    pub fn is_boolean(&self) -> bool {
        match &self.kind {
            ExprKind::Literal(term) => term.is_atom(atom::TRUE) || term.is_atom(atom::FALSE),
            ExprKind::Call(Callee::Remote(atom::ERLANG, name), arguments) => {
                (comparison(*name).is_some() && arguments.len() == 2)
                    || (type_test(*name).is_some() && arguments.len() == 1)
                    || *name == atom::NOT
            }
            ExprKind::If { then, otherwise, .. } => then.is_boolean() && otherwise.is_boolean(),
            _ => false,
        }
    }
}
