//! Finds for each use of a variable whether it is the last one: then the value can be moved instead of shared, and what
//! nobody holds twice can be changed in place.
//!
//! One walk backward through each function. Patterns and guards never move anything, since the next clause may need it.

use std::collections::BTreeSet;

use crate::elixir::core::{Callee, Clause, Expr, ExprKind, Function, Pattern, Variable};

type Live = BTreeSet<Variable>;

/// Marks the uses in a function, and in the functions inside it.
pub(super) fn mark(function: &Function) {
    for clause in &function.clauses {
        let mut live = Live::new();
        mark_clause(clause, &mut live);
    }
}

fn mark_clause(clause: &Clause, live: &mut Live) {
    expr(&clause.body, live);
    for guard in clause.guards.iter().rev() {
        keep(guard, live);
    }
    for pattern in clause.patterns.iter().rev() {
        unbind(pattern, live);
    }
}

/// The live variables before a choice between clauses: those of any clause.
fn mark_clauses(clauses: &[Clause], after: &Live, before: &mut Live) {
    for clause in clauses {
        let mut live = after.clone();
        mark_clause(clause, &mut live);
        before.append(&mut live);
    }
}

fn expr(e: &Expr, live: &mut Live) {
    match &e.kind {
        ExprKind::Literal(_) => {}
        ExprKind::Variable(variable, last) => last.set(live.insert(*variable)),
        ExprKind::Cons(head, tail) => {
            expr(tail, live);
            expr(head, live);
        }
        ExprKind::Tuple(items) | ExprKind::Sequence(items) => {
            items.iter().rev().for_each(|item| expr(item, live));
        }
        ExprKind::Map(pairs) => mark_pairs(pairs, live),
        ExprKind::MapUpdate(map, pairs) => {
            mark_pairs(pairs, live);
            expr(map, live);
        }
        ExprKind::Bits(segments) => {
            for (_, value, size) in segments.iter().rev() {
                size.iter().for_each(|size| expr(size, live));
                expr(value, live);
            }
        }
        ExprKind::Match(pattern, value) => {
            unbind(pattern, live);
            expr(value, live);
        }
        ExprKind::Case { subject, clauses, .. } => {
            let after = std::mem::take(live);
            mark_clauses(clauses, &after, live);
            expr(subject, live);
        }
        ExprKind::If { condition, then, otherwise, .. } => {
            let mut other = live.clone();
            expr(then, live);
            expr(otherwise, &mut other);
            live.append(&mut other);
            expr(condition, live);
        }
        ExprKind::Receive { clauses, after } => {
            let end = std::mem::take(live);
            mark_clauses(clauses, &end, live);
            if let Some((timeout, body)) = after {
                let mut other = end;
                expr(body, &mut other);
                live.append(&mut other);
                expr(timeout, live);
            }
        }
        ExprKind::Try { body, otherwise, catch } => {
            let after = live.clone();
            if !otherwise.is_empty() {
                live.clear();
                mark_clauses(otherwise, &after, live);
            }
            mark_clauses(catch, &after, live);
            expr(body, live);
        }
        ExprKind::After(body, cleanup) => {
            expr(cleanup, live);
            expr(body, live);
        }
        ExprKind::Fn(function, captured) => {
            mark(function);
            captured.iter().rev().for_each(|item| expr(item, live));
        }
        ExprKind::Call(callee, arguments) => {
            arguments.iter().rev().for_each(|item| expr(item, live));
            match callee {
                Callee::Dynamic(target, _) | Callee::Value(target) => expr(target, live),
                Callee::Local(_) | Callee::Remote(..) => {}
            }
        }
        ExprKind::Fail(_, value) | ExprKind::Field(value, _) => expr(value, live),
    }
}

fn mark_pairs(pairs: &[(Expr, Expr)], live: &mut Live) {
    for (key, value) in pairs.iter().rev() {
        expr(value, live);
        expr(key, live);
    }
}

/// Marks the uses in a guard, none of which moves anything.
fn keep(guard: &Expr, live: &mut Live) {
    expr(guard, live);
    each_variable(guard, &mut |last| last.set(false));
}

/// Visits the uses in an expression that binds nothing and has no functions in it.
fn each_variable(e: &Expr, visit: &mut impl FnMut(&std::cell::Cell<bool>)) {
    match &e.kind {
        ExprKind::Variable(_, last) => visit(last),
        ExprKind::Cons(head, tail) => {
            each_variable(head, visit);
            each_variable(tail, visit);
        }
        ExprKind::Tuple(items) | ExprKind::Sequence(items) => {
            items.iter().for_each(|item| each_variable(item, visit));
        }
        ExprKind::Map(pairs) => pairs.iter().for_each(|(key, value)| {
            each_variable(key, visit);
            each_variable(value, visit);
        }),
        ExprKind::MapUpdate(map, pairs) => {
            each_variable(map, visit);
            pairs.iter().for_each(|(key, value)| {
                each_variable(key, visit);
                each_variable(value, visit);
            });
        }
        ExprKind::Bits(segments) => segments.iter().for_each(|(_, value, size)| {
            each_variable(value, visit);
            size.iter().for_each(|size| each_variable(size, visit));
        }),
        ExprKind::If { condition, then, otherwise, .. } => {
            each_variable(condition, visit);
            each_variable(then, visit);
            each_variable(otherwise, visit);
        }
        ExprKind::Call(callee, arguments) => {
            if let Callee::Dynamic(target, _) | Callee::Value(target) = callee {
                each_variable(target, visit);
            }
            arguments.iter().for_each(|item| each_variable(item, visit));
        }
        ExprKind::Match(_, value) | ExprKind::Fail(_, value) | ExprKind::Field(value, _) => {
            each_variable(value, visit)
        }
        ExprKind::Case { subject, clauses, .. } => {
            each_variable(subject, visit);
            for clause in clauses {
                clause.guards.iter().for_each(|guard| each_variable(guard, visit));
                each_variable(&clause.body, visit);
            }
        }
        ExprKind::Literal(_)
        | ExprKind::Receive { .. }
        | ExprKind::Try { .. }
        | ExprKind::After(..)
        | ExprKind::Fn(..) => {}
    }
}

/// What a pattern binds is not live before it; what it compares with is.
fn unbind(pattern: &Pattern, live: &mut Live) {
    match pattern {
        Pattern::Any | Pattern::Literal(_) => {}
        Pattern::Bind(variable) => {
            live.remove(variable);
        }
        Pattern::Same(variable) => {
            live.insert(*variable);
        }
        Pattern::Cons(a, b) | Pattern::Both(a, b) => {
            unbind(b, live);
            unbind(a, live);
        }
        Pattern::Tuple(items) => items.iter().rev().for_each(|item| unbind(item, live)),
        Pattern::Map(pairs) => {
            for (key, value) in pairs.iter().rev() {
                unbind(value, live);
                keep(key, live);
            }
        }
        Pattern::Bits(segments) => {
            for (_, value, size) in segments.iter().rev() {
                size.iter().for_each(|size| keep(size, live));
                unbind(value, live);
            }
        }
    }
}
