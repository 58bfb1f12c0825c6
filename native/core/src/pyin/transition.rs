//! The logarithms of the transition probabilities between pitches: a triangle around each, cut at the ends of the grid.

use super::sum::pairwise;
use crate::{Error, Result};
use std::collections::HashMap;

/// States that are worked on at once.
pub const BLOCK: usize = 16;
/// The logarithm of an impossible transition or observation, as librosa has it: of the smallest normal double.
pub fn log_of_nothing() -> f64 {
    f64::MIN_POSITIVE.ln()
}
/// Larger tables are rejected.
const MAX_TABLE_ENTRIES: usize = 1 << 26;

/// The band of the matrix. Rows that are the same share a table.
#[derive(Debug, Clone)]
pub struct Transition {
    /// Pitches.
    pub states: usize,
    pub width: usize,
    /// State `k` reaches states from `k - before` on.
    pub before: usize,
    /// Which table each state has.
    kinds: Vec<u32>,
    /// Tables of `width` values with `BLOCK` impossible ones on both sides: within a voicing, and across.
    stay: Vec<f64>,
    switch: Vec<f64>,
    least_middle: f64,
    /// Of the transitions outside the band.
    outside: f64,
    /// For each block of states: the blocks that reach it, from the nearest on.
    near: Vec<Vec<Near>>,
}

/// A block of states that reaches another one.
#[derive(Debug, Clone, Copy)]
pub struct Near {
    pub block: usize,
    /// The largest of the logarithms of the ways, within a voicing and across.
    pub stay: f64,
    pub switch: f64,
}

impl Transition {
    /// Transitions less probable than `min_prob` do not count, as in librosa 1.0; 0 for all that count.
    pub fn new(states: usize, width: usize, switch_prob: f64, min_prob: f64) -> Result<Self> {
        if width > states {
            return Err(Error::argument(
                "maxTransitionRate",
                format!("so low that one hop does not go beyond the {states} pitch bins from fmin to fmax"),
                format!("{width} bins per hop"),
            ));
        }
        let window = triangle(width);
        // An even window has no centre: librosa puts it to the right of it or to the left, as the grid's length is even or odd.
        let before = if width.is_multiple_of(2) && states.is_multiple_of(2) { width / 2 - 1 } else { width / 2 };
        let mut sums = Vec::new();
        let mut found = HashMap::new();
        let mut row = vec![0.0; states];
        let kinds = (0..states)
            .map(|k| {
                let first = k.saturating_sub(before);
                let begin = (before + first) - k;
                let end = width.min(states + before - k);
                row[first.saturating_sub(1)] = 0.0;
                row[first..first + end - begin].copy_from_slice(&window[begin..end]);
                let sum = pairwise(&row, first..first + end - begin);
                *found.entry(sum.to_bits()).or_insert_with(|| {
                    sums.push(sum);
                    sums.len() as u32 - 1
                })
            })
            .collect();
        if sums.len().saturating_mul(width + 2 * BLOCK) > MAX_TABLE_ENTRIES {
            return Err(Error::argument(
                "resolution",
                "coarser, or maxTransitionRate lower: the transition table would be too large",
                format!("{states} pitch bins, {width} of them within reach"),
            ));
        }
        // As librosa has them: the loop's probability is 1 - switch_prob, and what is left of it goes across.
        let within = 1.0 - switch_prob;
        let across = 1.0 - within;
        let limit = if min_prob > 0.0 { (min_prob + f64::MIN_POSITIVE).ln() } else { f64::NEG_INFINITY };
        let counted = |log: f64| if log >= limit { log } else { f64::NEG_INFINITY };
        let outside = counted(log_of_nothing());
        let table = |probability: f64| {
            let none = std::iter::repeat_n(outside, BLOCK);
            sums.iter()
                .flat_map(|sum| {
                    let log = move |w: &f64| (probability * (w / sum) + f64::MIN_POSITIVE).ln();
                    let band = window.iter().map(move |w| counted(log(w)));
                    none.clone().chain(band).chain(none.clone())
                })
                .collect::<Vec<f64>>()
        };
        let (stay, switch) = (table(within), table(across));
        let mut all =
            Self { states, width, before, kinds, stay, switch, least_middle: f64::INFINITY, outside, near: Vec::new() };
        for k in 0..states {
            let at = all.place(k, k);
            all.least_middle = all.least_middle.min(all.stay[at]).min(all.switch[at]);
        }
        let reached = |j: usize| {
            all.sources(j, j).any(|k| all.stay[all.place(k, j)].max(all.switch[all.place(k, j)]) > f64::NEG_INFINITY)
        };
        if outside == f64::NEG_INFINITY && !(0..states).all(reached) {
            return Err(Error::argument(
                "transitionMinProb",
                "so low that every pitch bin can be reached, or null",
                min_prob,
            ));
        }
        all.near = (0..states.div_ceil(BLOCK)).map(|block| all.nearest(block)).collect();
        Ok(all)
    }

    fn nearest(&self, to: usize) -> Vec<Near> {
        let (first, last) = (to * BLOCK, to * BLOCK + BLOCK - 1);
        let sources = self.sources(first, last);
        let largest = |block: usize| {
            let mut near = Near { block, stay: f64::NEG_INFINITY, switch: f64::NEG_INFINITY };
            let within = (block * BLOCK).max(*sources.start())..(block * BLOCK + BLOCK).min(sources.end() + 1);
            for k in within {
                // Triangles fall to both sides, so that the nearest state is the likeliest; even ones have two middles.
                for j in [k.saturating_sub(1), k, k + 1] {
                    let at = self.place(k, j.clamp(first, last));
                    near.stay = near.stay.max(self.stay[at]);
                    near.switch = near.switch.max(self.switch[at]);
                }
            }
            near
        };
        let mut all: Vec<Near> = (sources.start() / BLOCK..=sources.end() / BLOCK).map(largest).collect();
        all.sort_by_key(|near| near.block.abs_diff(to));
        all
    }

    /// The blocks of states that reach a block, from the nearest on.
    #[inline(always)]
    pub fn near(&self, block: usize) -> &[Near] {
        &self.near[block]
    }

    /// The logarithm of the transitions outside the band.
    pub fn outside(&self) -> f64 {
        self.outside
    }

    /// The smallest logarithm for keeping the pitch, with voice or without, within a voicing or across.
    pub fn least_middle(&self) -> f64 {
        self.least_middle
    }

    /// The states that state `k` reaches.
    pub fn targets(&self, k: usize) -> std::ops::Range<usize> {
        k.saturating_sub(self.before)..(k + self.width - self.before).min(self.states)
    }

    /// Where state `k`'s values for the states from `j` on lie in the tables; `j` is at most `BLOCK` away from its band.
    #[inline(always)]
    pub fn place(&self, k: usize, j: usize) -> usize {
        self.kinds[k] as usize * (self.width + 2 * BLOCK) + BLOCK + j + self.before - k
    }

    /// Within a voicing, and across.
    #[inline(always)]
    pub fn tables(&self) -> (&[f64], &[f64]) {
        (&self.stay, &self.switch)
    }

    /// The states from which one of the states `j ..= last` can be reached.
    pub fn sources(&self, j: usize, last: usize) -> std::ops::RangeInclusive<usize> {
        let first = (j + self.before + 1).saturating_sub(self.width);
        first..=(last + self.before).min(self.states - 1)
    }
}

/// scipy's symmetric triangle without zeros at its ends.
fn triangle(width: usize) -> Vec<f64> {
    let m = width as f64;
    let value = |i: usize| {
        let n = (i + 1) as f64;
        if width.is_multiple_of(2) { (2.0 * n - 1.0) / m } else { 2.0 * n / (m + 1.0) }
    };
    (0..width).map(|i| value(i.min(width - 1 - i))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows are distributions, cut at the ends, and reach as far as they should.
    #[test]
    fn rows_add_up() {
        for (states, width) in [(2, 1), (2, 2), (7, 3), (8, 4), (9, 4), (40, 40), (41, 41), (601, 101), (300, 7)] {
            let transition = Transition::new(states, width, 0.25, 0.0).unwrap();
            for k in 0..states {
                let (mut within, mut across) = (0.0, 0.0);
                for j in 0..states {
                    let reached = transition.sources(j, j).contains(&k);
                    assert_eq!(reached, j + transition.before >= k && j + transition.before < k + width);
                    if reached {
                        let at = transition.place(k, j);
                        within += transition.stay[at].exp();
                        across += transition.switch[at].exp();
                    }
                }
                assert!((within - 0.75).abs() < 1e-12 && (across - 0.25).abs() < 1e-12, "{states} {width} {k}");
            }
        }
        assert_eq!(Transition::new(40, 9, 0.01, 0.5).unwrap_err().argument, "transitionMinProb");
        assert_eq!(Transition::new(7, 8, 0.1, 0.0).unwrap_err().argument, "maxTransitionRate");
    }
}
