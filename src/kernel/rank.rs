//! Sets of small numbers that answer "how many?" and "which is the k-th?" in logarithmic time.
//!
//! The enabled choices are such sets (which processes can act, which have signals on the way), and a strategy picks
//! one of them by rank. Both are trees of fan-out 32 over fixed leaves, with the totals of the subtrees kept in
//! the inner nodes. Nodes are shared between copies until one of them changes, so that a copy is free and a
//! change touches one path.

use std::rc::Rc;

/// The fan-out of a tree, as a power of two.
const FAN_OUT_BITS: u32 = 5;
const FAN_OUT: usize = 1 << FAN_OUT_BITS;

/// What stands at the bottom of a tree: a weight for each of a few numbers.
trait Leaf: Clone + Default {
    /// How many numbers a leaf covers, as a power of two.
    const WIDTH_BITS: u32;
    fn total(&self) -> u64;
    fn weight(&self, at: usize) -> u64;
    fn set_weight(&mut self, at: usize, weight: u64);
    /// The number that holds the `rank`-th unit of weight, and which of its units it is.
    fn select(&self, rank: u64) -> (usize, u64);
    /// The weight of all numbers below `at`.
    fn before(&self, at: usize) -> u64;
}

#[derive(Clone, Debug)]
enum Node<L> {
    Leaf(L),
    Inner(Rc<Inner<L>>),
}

#[derive(Clone, Debug)]
struct Inner<L> {
    totals: Vec<u64>,
    children: Vec<Node<L>>,
}

impl<L: Leaf> Node<L> {
    fn empty(height: u32) -> Node<L> {
        if height == 0 {
            Node::Leaf(L::default())
        } else {
            Node::Inner(Rc::new(Inner { totals: Vec::new(), children: Vec::new() }))
        }
    }

    fn total(&self) -> u64 {
        match self {
            Node::Leaf(leaf) => leaf.total(),
            Node::Inner(inner) => inner.totals.iter().sum(),
        }
    }
}

/// How many numbers a tree of this height covers, as a power of two.
#[inline(always)]
fn bits<L: Leaf>(height: u32) -> u32 {
    L::WIDTH_BITS + height * FAN_OUT_BITS
}

/// Whether a number is beyond what a tree of this height covers.
#[inline(always)]
fn is_beyond<L: Leaf>(number: usize, height: u32) -> bool {
    number.checked_shr(bits::<L>(height)).unwrap_or(0) > 0
}

/// The child of a node in which a number is, and the number as that child counts. A child covers so many bits.
#[inline(always)]
fn descend(number: usize, bits: u32) -> (usize, usize) {
    (number >> bits, number & !(usize::MAX << bits))
}

#[derive(Clone, Debug)]
struct RankTree<L> {
    root: Node<L>,
    height: u32,
    total: u64,
}

impl<L: Leaf> Default for RankTree<L> {
    fn default() -> RankTree<L> {
        RankTree { root: Node::empty(0), height: 0, total: 0 }
    }
}

impl<L: Leaf> RankTree<L> {
    fn weight(&self, number: usize) -> u64 {
        if is_beyond::<L>(number, self.height) {
            return 0;
        }
        let (mut node, mut height, mut at) = (&self.root, self.height, number);
        loop {
            match node {
                Node::Leaf(leaf) => return leaf.weight(at),
                Node::Inner(inner) => {
                    height -= 1;
                    let (child, below) = descend(at, bits::<L>(height));
                    let Some(child) = inner.children.get(child) else { return 0 };
                    (node, at) = (child, below);
                }
            }
        }
    }

    fn set_weight(&mut self, number: usize, weight: u64) {
        let old = self.weight(number);
        if old == weight {
            return;
        }
        while is_beyond::<L>(number, self.height) {
            let lower = std::mem::replace(&mut self.root, Node::empty(0));
            self.root = Node::Inner(Rc::new(Inner { totals: vec![lower.total()], children: vec![lower] }));
            self.height += 1;
        }
        self.total = self.total - old + weight;
        let (mut node, mut height, mut at) = (&mut self.root, self.height, number);
        loop {
            match node {
                Node::Leaf(leaf) => return leaf.set_weight(at, weight),
                Node::Inner(inner) => {
                    height -= 1;
                    let (child, below) = descend(at, bits::<L>(height));
                    let inner = Rc::make_mut(inner);
                    while inner.children.len() <= child {
                        inner.children.push(Node::empty(height));
                        inner.totals.push(0);
                    }
                    inner.totals[child] = inner.totals[child] - old + weight;
                    (node, at) = (&mut inner.children[child], below);
                }
            }
        }
    }

    fn select(&self, rank: u64) -> Option<(usize, u64)> {
        if rank >= self.total {
            return None;
        }
        let (mut node, mut height, mut rank, mut base) = (&self.root, self.height, rank, 0);
        loop {
            match node {
                Node::Leaf(leaf) => {
                    let (at, unit) = leaf.select(rank);
                    return Some((base + at, unit));
                }
                Node::Inner(inner) => {
                    let mut child = 0;
                    while rank >= inner.totals[child] {
                        rank -= inner.totals[child];
                        child += 1;
                    }
                    height -= 1;
                    base += child << bits::<L>(height);
                    node = &inner.children[child];
                }
            }
        }
    }

    fn before(&self, number: usize) -> u64 {
        if is_beyond::<L>(number, self.height) {
            return self.total;
        }
        let (mut node, mut height, mut at, mut sum) = (&self.root, self.height, number, 0);
        loop {
            match node {
                Node::Leaf(leaf) => return sum + leaf.before(at),
                Node::Inner(inner) => {
                    height -= 1;
                    let (child, below) = descend(at, bits::<L>(height));
                    sum += inner.totals.iter().take(child).sum::<u64>();
                    let Some(next) = inner.children.get(child) else { return sum };
                    (node, at) = (next, below);
                }
            }
        }
    }

    fn first_from(&self, number: usize) -> Option<usize> {
        self.select(self.before(number)).map(|(found, _)| found)
    }
}

/// 1 in each byte.
const ONES: u64 = u64::MAX / 0xff;

/// Where in a byte the bits are that are set, by their rank.
const SELECT: &[[u8; 8]; 256] = &{
    let mut table = [[0; 8]; 256];
    let mut byte = 0;
    while byte < 256 {
        let (mut rank, mut at) = (0, 0);
        while at < 8 {
            if byte >> at & 1 == 1 {
                table[byte][rank] = at;
                rank += 1;
            }
            at += 1;
        }
        byte += 1;
    }
    table
};

/// One bit for each of 64 numbers.
impl Leaf for u64 {
    const WIDTH_BITS: u32 = 6;

    fn total(&self) -> u64 {
        u64::from(self.count_ones())
    }
    fn weight(&self, at: usize) -> u64 {
        self >> at & 1
    }
    fn set_weight(&mut self, at: usize, weight: u64) {
        debug_assert!(weight <= 1);
        *self = *self & !(1 << at) | weight << at;
    }
    #[inline(always)]
    fn select(&self, rank: u64) -> (usize, u64) {
        // Without a branch, since which bit is asked for is often a matter of chance.
        let pairs = self - (self >> 1 & (ONES * 0x55));
        let nibbles = (pairs & (ONES * 0x33)) + (pairs >> 2 & (ONES * 0x33));
        let bytes = (nibbles + (nibbles >> 4)) & (ONES * 0x0f);
        // In each byte, how many bits there are in it and below it; then 1 in each byte that is passed over.
        let up_to = bytes.wrapping_mul(ONES);
        let passed = ((rank.wrapping_mul(ONES) | ONES << 7).wrapping_sub(up_to) >> 7) & ONES;
        let at = ((passed.wrapping_mul(ONES) >> 56) * 8) & 63;
        let rank = rank.wrapping_sub((up_to << 8) >> at & 0xff);
        let byte = (self >> at & 0xff) as usize;
        (at as usize + usize::from(SELECT[byte][rank as usize & 7]), 0)
    }
    fn before(&self, at: usize) -> u64 {
        u64::from((self & ((1 << at) - 1)).count_ones())
    }
}

/// A count for each of 32 numbers.
#[derive(Clone, Debug, Default)]
struct Counts(Option<Rc<[u64; FAN_OUT]>>);

impl Leaf for Counts {
    const WIDTH_BITS: u32 = FAN_OUT_BITS;

    fn total(&self) -> u64 {
        self.0.as_ref().map_or(0, |counts| counts.iter().sum())
    }
    fn weight(&self, at: usize) -> u64 {
        self.0.as_ref().map_or(0, |counts| counts[at])
    }
    fn set_weight(&mut self, at: usize, weight: u64) {
        let counts = self.0.get_or_insert_with(|| Rc::new([0; FAN_OUT]));
        Rc::make_mut(counts)[at] = weight;
    }
    fn select(&self, rank: u64) -> (usize, u64) {
        let mut rank = rank;
        for (at, &count) in self.0.iter().flat_map(|counts| counts.iter()).enumerate() {
            if rank < count {
                return (at, rank);
            }
            rank -= count;
        }
        unreachable!("a rank below the total has a place (a bug in rashomon)")
    }
    fn before(&self, at: usize) -> u64 {
        self.0.as_ref().map_or(0, |counts| counts.iter().take(at).sum())
    }
}

/// A set of small numbers, in ascending order. Those below 64 are bits of one word; the others stand in a tree that is
/// there only when it is needed.
#[derive(Clone, Debug, Default)]
pub(crate) struct RankSet {
    low: u64,
    /// How many bits of `low` are set.
    low_count: u32,
    high: RankTree<u64>,
}

impl RankSet {
    /// How many numbers are in the set.
    #[inline]
    pub(crate) fn len(&self) -> u64 {
        u64::from(self.low_count) + self.high.total
    }

    /// Whether the set is empty.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.low == 0 && self.high.total == 0
    }

    #[inline]
    pub(crate) fn contains(&self, number: usize) -> bool {
        match number.checked_sub(64) {
            None => self.low >> number & 1 == 1,
            Some(high) => self.high.weight(high) == 1,
        }
    }

    #[inline]
    pub(crate) fn insert(&mut self, number: usize) {
        match number.checked_sub(64) {
            None => {
                self.low_count += u32::from(self.low >> number & 1 == 0);
                self.low |= 1 << number;
            }
            Some(high) => self.high.set_weight(high, 1),
        }
    }

    #[inline]
    pub(crate) fn remove(&mut self, number: usize) {
        match number.checked_sub(64) {
            None => {
                self.low_count -= (self.low >> number & 1) as u32;
                self.low &= !(1 << number);
            }
            Some(high) => self.high.set_weight(high, 0),
        }
    }

    /// The `rank`-th number, counted from 0 in ascending order.
    #[inline(always)]
    pub(crate) fn select(&self, rank: u64) -> Option<usize> {
        let low = u64::from(self.low_count);
        if rank < low {
            if low == 1 {
                return Some(self.low.trailing_zeros() as usize);
            }
            return Some(Leaf::select(&self.low, rank).0);
        }
        self.select_high(rank - low)
    }

    #[inline(never)]
    fn select_high(&self, rank: u64) -> Option<usize> {
        self.high.select(rank).map(|(number, _)| number + 64)
    }

    /// How many numbers of the set are below this one.
    pub(crate) fn rank(&self, number: usize) -> u64 {
        match number.checked_sub(64) {
            None => self.low.before(number),
            Some(high) => u64::from(self.low_count) + self.high.before(high),
        }
    }

    /// The first number of the set that is not below this one.
    pub(crate) fn first_from(&self, number: usize) -> Option<usize> {
        let low = if number < 64 { self.low >> number << number } else { 0 };
        let low = (low != 0).then(|| low.trailing_zeros() as usize);
        low.or_else(|| self.high.first_from(number.saturating_sub(64)).map(|found| found + 64))
    }
}

/// A count for each small number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally(RankTree<Counts>);

impl Tally {
    /// The sum of all counts.
    pub(crate) fn total(&self) -> u64 {
        self.0.total
    }

    pub(crate) fn count(&self, number: usize) -> u64 {
        self.0.weight(number)
    }

    pub(crate) fn increment(&mut self, number: usize) {
        self.0.set_weight(number, self.0.weight(number) + 1);
    }

    /// Takes one from a count that is not zero.
    pub(crate) fn decrement(&mut self, number: usize) {
        debug_assert!(self.count(number) > 0);
        self.0.set_weight(number, self.0.weight(number).saturating_sub(1));
    }

    /// With the counts laid end to end in ascending order of their numbers: whose unit stands at `rank`, and
    /// which of its units that is.
    pub(crate) fn select(&self, rank: u64) -> Option<(usize, u64)> {
        self.0.select(rank)
    }

    /// The sum of the counts of all numbers below this one.
    pub(crate) fn before(&self, number: usize) -> u64 {
        self.0.before(number)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::{RankSet, Tally};

    /// Numbers that fall into one leaf, into many, and far away from each other.
    fn number() -> impl Strategy<Value = usize> {
        prop_oneof![0..70_usize, 0..5_000_usize, 0..3_000_000_usize]
    }

    proptest! {
        #[test]
        fn a_rank_set_is_an_ordered_set(changes in prop::collection::vec((number(), any::<bool>()), 0..200)) {
            let mut set = RankSet::default();
            let mut reference = BTreeSet::new();
            for (number, insert) in changes {
                let before = set.clone();
                if insert {
                    set.insert(number);
                    reference.insert(number);
                } else {
                    set.remove(number);
                    reference.remove(&number);
                }
                prop_assert_eq!(before.contains(number) != set.contains(number), before.len() != set.len());
            }
            prop_assert_eq!(set.len(), reference.len() as u64);
            prop_assert_eq!(set.select(set.len()), None);
            for (rank, &number) in reference.iter().enumerate() {
                prop_assert_eq!(set.select(rank as u64), Some(number));
                prop_assert_eq!(set.rank(number), rank as u64);
                prop_assert_eq!(set.rank(number + 1), rank as u64 + 1);
                prop_assert_eq!(set.first_from(number), Some(number));
                prop_assert_eq!(set.first_from(number + 1), reference.range(number + 1..).next().copied());
            }
        }

        #[test]
        fn a_tally_is_an_ordered_multiset(changes in prop::collection::vec((number(), any::<bool>()), 0..200)) {
            let mut tally = Tally::default();
            let mut reference: BTreeMap<usize, u64> = BTreeMap::new();
            for (number, up) in changes {
                let count = reference.entry(number).or_default();
                if up {
                    tally.increment(number);
                    *count += 1;
                } else if *count > 0 {
                    tally.decrement(number);
                    *count -= 1;
                }
            }
            let units: Vec<(usize, u64)> =
                reference.iter().flat_map(|(&number, &count)| (0..count).map(move |unit| (number, unit))).collect();
            prop_assert_eq!(tally.total(), units.len() as u64);
            for (rank, &unit) in units.iter().enumerate() {
                prop_assert_eq!(tally.select(rank as u64), Some(unit));
                prop_assert_eq!(tally.before(unit.0) + unit.1, rank as u64);
                prop_assert_eq!(tally.count(unit.0), reference[&unit.0]);
            }
        }
    }
}
