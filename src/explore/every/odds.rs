//! How likely something is when chance decides, each of the possible choices being as likely as any other.
//!
//! Where all states have been visited, with every choice of each, the odds are exact: the first state has probability one, and each
//! state hands its own on to those that come of its choices. States that are the same but for names are one, for they have the
//! same choices but for names. Where there are too many states, runs are counted.

use std::collections::BTreeMap;

use num_bigint::BigUint;
use num_rational::Ratio;
use num_traits::{One, ToPrimitive, Zero};

use super::canonical::Key;
use super::graph::Graph;
use super::parts;

/// How likely something is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chance {
    /// Exactly this.
    Exact(Ratio<BigUint>),
    /// So many of so many runs showed it.
    Counted {
        /// The runs that showed it.
        hits: u64,
        /// All runs.
        runs: u64,
    },
}

impl Chance {
    /// The probability, from 0 to 1, as near as a number can be; of what was counted, the part of the runs.
    #[must_use]
    pub fn probability(&self) -> f64 {
        match self {
            Chance::Exact(ratio) => ratio.to_f64().unwrap_or_default(),
            Chance::Counted { runs: 0, .. } => 0.0,
            Chance::Counted { hits, runs } => *hits as f64 / *runs as f64,
        }
    }

    /// Between which probabilities the true one lies, with a confidence of 95 %; nothing if it is known. The interval is
    /// that of Wilson ("Probable Inference, the Law of Succession, and Statistical Inference", 1927), which is right also where
    /// nothing was seen.
    #[must_use]
    pub fn interval(&self) -> Option<(f64, f64)> {
        let Chance::Counted { hits, runs } = *self else { return None };
        if runs == 0 {
            return Some((0.0, 1.0));
        }
        let (runs, part) = (runs as f64, hits as f64 / runs as f64);
        let square = Z * Z / runs;
        let middle = (part + square / 2.0) / (1.0 + square);
        let half = Z * (part * (1.0 - part) / runs + square / (4.0 * runs)).sqrt() / (1.0 + square);
        let low = if hits == 0 { 0.0 } else { middle - half };
        Some((low.max(0.0), (middle + half).min(1.0)))
    }

    /// How many runs it takes to see it at least once with this probability; nothing if it has never been seen, or cannot be.
    #[must_use]
    pub fn runs_to_see(&self, with: f64) -> Option<u64> {
        let probability = self.probability();
        if probability <= 0.0 {
            return None;
        }
        // 1 - (1 - p)^n >= with
        let runs = ((1.0 - with).ln() / (-probability).ln_1p()).ceil();
        Some(runs.max(1.0) as u64)
    }

    /// The fraction, if it is exact and short enough to be read.
    #[must_use]
    pub fn fraction(&self) -> Option<String> {
        let Chance::Exact(ratio) = self else { return None };
        let text = ratio.to_string();
        (text.len() <= LONGEST_FRACTION).then_some(text)
    }
}

/// The part of the normal distribution that lies within so many standard deviations is 95 %.
const Z: f64 = 1.959_964;

/// Longer fractions tell people nothing.
const LONGEST_FRACTION: usize = 24;

/// As people read it: `1/2 (50 %)`, `0.27 % of runs`.
impl std::fmt::Display for Chance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Chance::Exact(ratio) if ratio.is_one() => f.write_str("certain"),
            Chance::Exact(_) => match self.fraction() {
                Some(fraction) => write!(f, "{fraction} ({})", percent(self.probability())),
                None => f.write_str(&percent(self.probability())),
            },
            Chance::Counted { hits, runs } => {
                let (low, high) = self.interval().unwrap_or_default();
                write!(f, "{hits} of {runs} runs ({} to {})", percent(low), percent(high))
            }
        }
    }
}

/// A probability in percent, with three digits that count.
#[must_use]
pub(super) fn percent(probability: f64) -> String {
    let percent = probability * 100.0;
    if percent == 0.0 {
        return "0 %".to_owned();
    }
    let digits = (2 - percent.log10().floor() as i32).max(0) as usize;
    let text = format!("{percent:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text} %")
}

/// How likely everything is that can come out, and that can go wrong.
#[derive(Clone, Debug, Default)]
pub struct Odds {
    /// By the key of what comes out: see [`outcome_key`](super::outcome_key).
    pub outcomes: BTreeMap<u128, Chance>,
    /// By the name of the claim that is broken.
    pub wrong: BTreeMap<String, Chance>,
    /// That a run never ends, or was cut off.
    pub endless: Option<Chance>,
}

/// Larger circles are not solved.
const LARGEST_CIRCLE: usize = 48;

/// The exact odds from a graph with every choice of each state; nothing if there are circles in it that are too large.
pub(super) fn exact(graph: &Graph) -> Option<Odds> {
    let next = graph.next(|_| true);
    let mut leads: Vec<Vec<(u32, u32)>> = vec![Vec::new(); graph.states as usize];
    for edge in &graph.edges {
        leads.get_mut(edge.from as usize)?.push((edge.to, edge.weight));
    }
    let mut mass: Vec<Ratio<BigUint>> = vec![Ratio::zero(); graph.states as usize];
    *mass.first_mut()? = Ratio::one();
    let mut odds = Odds::default();
    let mut endless: Ratio<BigUint> = Ratio::zero();
    let parts = parts::parts(&next);
    // Each part comes before those to which it leads.
    for part in parts.iter().rev() {
        if parts::is_circle(part, &next) {
            let outside = |to: &u32| !part.contains(to);
            if !part.iter().any(|id| next.get(*id as usize).is_some_and(|next| next.iter().any(outside))) {
                for id in part {
                    endless += mass.get(*id as usize)?;
                }
                continue;
            }
            let visits = solve(part, &leads, &mass)?;
            for (id, visits) in part.iter().zip(visits) {
                *mass.get_mut(*id as usize)? = visits;
            }
        }
        for id in part {
            let here = mass.get(*id as usize)?.clone();
            let leads = leads.get(*id as usize)?;
            let all: u32 = leads.iter().map(|(_, weight)| weight).sum();
            if all == 0 || here.is_zero() {
                continue;
            }
            let share = here / BigUint::from(all);
            for (to, weight) in leads.iter().filter(|(to, _)| !part.contains(to)) {
                *mass.get_mut(*to as usize)? += &share * BigUint::from(*weight);
            }
        }
    }
    let mut outcomes: BTreeMap<Key, Ratio<BigUint>> = BTreeMap::new();
    for (id, key) in &graph.ends {
        *outcomes.entry(*key).or_insert_with(Ratio::zero) += mass.get(*id as usize)?;
    }
    odds.outcomes = outcomes.into_iter().map(|(key, ratio)| (key, Chance::Exact(ratio))).collect();
    let mut wrong: BTreeMap<&String, Ratio<BigUint>> = BTreeMap::new();
    for (id, name) in &graph.wrong {
        *wrong.entry(name).or_insert_with(Ratio::zero) += mass.get(*id as usize)?;
    }
    odds.wrong = wrong.into_iter().map(|(name, ratio)| (name.clone(), Chance::Exact(ratio))).collect();
    odds.endless = (!endless.is_zero()).then_some(Chance::Exact(endless));
    Some(odds)
}

/// How often, on average, a run comes by each state of a circle, if it enters it with these probabilities: by Gauss's elimination.
fn solve(part: &[u32], leads: &[Vec<(u32, u32)>], mass: &[Ratio<BigUint>]) -> Option<Vec<Ratio<BigUint>>> {
    use num_bigint::BigInt;
    type Number = Ratio<BigInt>;
    if part.len() > LARGEST_CIRCLE {
        return None;
    }
    let number =
        |ratio: &Ratio<BigUint>| Number::new(ratio.numer().clone().into(), ratio.denom().clone().into());
    // One row for each state: visits(s) - sum of visits(r) * p(r, s) = mass(s).
    let mut rows: Vec<Vec<Number>> = Vec::new();
    for id in part {
        let mut row: Vec<Number> = Vec::new();
        for from in part {
            let leads = leads.get(*from as usize)?;
            let all: u32 = leads.iter().map(|(_, weight)| weight).sum();
            let here: u32 = leads.iter().filter(|(to, _)| to == id).map(|(_, weight)| weight).sum();
            let own = Number::from(BigInt::from(u8::from(from == id)));
            row.push(own - Number::new(BigInt::from(here), BigInt::from(all.max(1))));
        }
        row.push(number(mass.get(*id as usize)?));
        rows.push(row);
    }
    for at in 0..part.len() {
        let pivot = (at..part.len()).find(|row| !rows[*row][at].is_zero())?;
        rows.swap(at, pivot);
        let by = rows[at][at].clone();
        for value in &mut rows[at] {
            *value /= &by;
        }
        let row = rows[at].clone();
        for (other, values) in rows.iter_mut().enumerate() {
            if other == at || values[at].is_zero() {
                continue;
            }
            let times = values[at].clone();
            for (value, of) in values.iter_mut().zip(&row) {
                *value -= &times * of;
            }
        }
    }
    let natural =
        |number: &Number| Some(Ratio::new_raw(number.numer().to_biguint()?, number.denom().to_biguint()?));
    rows.iter().map(|row| row.last().and_then(natural)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::graph::{Edge, Graph};
    use super::*;

    fn graph(states: u32, edges: &[(u32, u32, u32)], ends: &[(u32, Key)]) -> Graph {
        let edges = edges.iter().map(|&(from, to, weight)| Edge { from, to, weight }).collect();
        Graph { states, edges, ends: ends.to_vec(), wrong: Vec::new() }
    }

    fn fractions(odds: &Odds) -> Vec<String> {
        odds.outcomes.values().filter_map(Chance::fraction).collect()
    }

    #[test]
    fn chances_are_handed_on() {
        // Three choices, of which two lead to the same.
        let odds = exact(&graph(3, &[(0, 1, 2), (0, 2, 1)], &[(1, 7), (2, 8)])).expect("no circles");
        assert_eq!(fractions(&odds), ["2/3", "1/3"]);
    }

    #[test]
    fn circles_are_gone_round_as_often_as_it_happens() {
        // From 0 on to 1, and from there back or out: by either of two doors, one of them also from 0.
        let edges = [(0, 1, 1), (0, 2, 1), (1, 0, 1), (1, 3, 1)];
        let odds = exact(&graph(4, &edges, &[(2, 1), (3, 2)])).expect("a small circle");
        // Out at once: 1/2; or 1/4 by the second door; or back, with 1/4, to the beginning.
        assert_eq!(fractions(&odds), ["2/3", "1/3"]);
        let odds = exact(&graph(3, &[(0, 1, 1), (0, 2, 3), (1, 1, 1)], &[(2, 1)])).expect("small");
        assert_eq!(
            (fractions(&odds), odds.endless.and_then(|chance| chance.fraction())),
            (vec!["3/4".to_owned()], Some("1/4".to_owned()))
        );
    }

    #[test]
    fn what_was_counted_is_told_with_its_bounds() {
        let chance = Chance::Counted { hits: 0, runs: 1_000 };
        let (low, high) = chance.interval().expect("counted");
        assert!(low == 0.0 && (0.003..0.004).contains(&high), "{low} {high}");
        assert_eq!(chance.runs_to_see(0.95), None);
        let chance = Chance::Counted { hits: 27, runs: 10_000 };
        assert_eq!(chance.runs_to_see(0.95), Some(1_109));
        let (low, high) = chance.interval().expect("counted");
        assert!(low > 0.0018 && high < 0.0040, "{low} {high}");
        assert_eq!(Chance::Exact(Ratio::one()).runs_to_see(0.95), Some(1));
        assert_eq!(
            [percent(0.0027), percent(0.5), percent(1.0), percent(1.0 / 3.0)],
            ["0.27 %", "50 %", "100 %", "33.3 %"]
        );
    }
}
