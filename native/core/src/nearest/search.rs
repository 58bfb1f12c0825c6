//! The search: bounds by codes, then scores.

use super::{MAX_DEVIATION, Nearest, ROWS, dot};
use crate::{Error, Result};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The largest code of a query. With it no sum over the longest vectors overflows.
const MAX_QUERY_CODE: f64 = 8191.0;
/// Rows that are looked at together.
const GROUP: usize = 32;
/// Candidates that wait, at first, before those that have fallen behind are dropped.
const MAX_WAITING: usize = 4096;

/// The best vectors for one query, the best first; of equal ones the one that stands first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// Their indices.
    pub indices: Vec<usize>,
    /// Inner products with the query.
    pub scores: Vec<f64>,
}

/// A float that sorts.
#[derive(Clone, Copy, PartialEq)]
struct Score(f64);

impl Eq for Score {}

impl PartialOrd for Score {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Score {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// One query on its way through the blocks.
struct Query<'a> {
    values: &'a [f32],
    scale: f64,
    /// Length of the coded query.
    length: f64,
    /// How far every score is off because the query itself is coded.
    rest: f64,
    /// The best lower bounds so far, the least of them on top.
    best: BinaryHeap<Reverse<Score>>,
    /// Vectors that may be among the best, with their upper bounds.
    candidates: Vec<(usize, f64)>,
    /// How many candidates may wait: twice the number left last time, so that dropping costs no more than adding.
    waiting: usize,
}

impl<'a> Query<'a> {
    fn new(values: &'a [f32], codes: &mut [i16]) -> Self {
        let scale = f64::from(values.iter().fold(0f32, |most, x| most.max(x.abs()))) / MAX_QUERY_CODE;
        let (mut length, mut rest) = (0.0, 0.0);
        for (x, code) in values.iter().zip(codes) {
            let rounded = (f64::from(*x) / scale).round();
            length += (rounded * scale).powi(2);
            rest += (f64::from(*x) - rounded * scale).powi(2);
            *code = rounded as i16;
        }
        // The sums in double precision are right to far less than this.
        let rest = rest.sqrt() * (1.0 + MAX_DEVIATION) + 1e-9;
        let (best, candidates) = (BinaryHeap::new(), Vec::new());
        Self { values, scale, length: length.sqrt(), rest, best, candidates, waiting: MAX_WAITING }
    }

    /// The least bound that still matters.
    fn threshold(&self, k: usize) -> f64 {
        if self.best.len() < k { f64::NEG_INFINITY } else { self.best.peek().map_or(f64::INFINITY, |least| least.0.0) }
    }

    /// Takes the sums of codes of the rows from `first` on.
    fn take(&mut self, first: usize, sums: &[i32], scales: &[f32], rests: &[f32], k: usize) {
        let mut threshold = self.threshold(k);
        for from in (0..sums.len()).step_by(GROUP) {
            let range = from..sums.len().min(from + GROUP);
            if !self.reaches(threshold, &sums[range.clone()], &scales[range.clone()], &rests[range.clone()]) {
                continue;
            }
            for i in range {
                let score = f64::from(sums[i]) * self.scale * f64::from(scales[i]);
                let bound = self.length * f64::from(rests[i]) + self.rest;
                if score + bound < threshold {
                    continue;
                }
                self.candidates.push((first + i, score + bound));
                if score - bound > threshold {
                    self.best.push(Reverse(Score(score - bound)));
                    if self.best.len() > k {
                        self.best.pop();
                    }
                    threshold = self.threshold(k);
                }
            }
        }
        if self.candidates.len() > self.waiting {
            self.candidates.retain(|(_, most)| *most >= threshold);
            self.waiting = MAX_WAITING.max(2 * self.candidates.len());
        }
    }

    /// Whether one of the rows may reach the threshold: in single precision and without branches, which compilers turn into
    /// vectors. Nearly no group does.
    fn reaches(&self, threshold: f64, sums: &[i32], scales: &[f32], rests: &[f32]) -> bool {
        // Scores lie in [-1, 1], where single precision is right to far less than this.
        let least = (threshold - self.rest - 1e-5) as f32;
        let (scale, length) = (self.scale as f32, self.length as f32);
        let rows = sums.iter().zip(scales).zip(rests);
        let reach = |((sum, row), rest): ((&i32, &f32), &f32)| *sum as f32 * scale * row + length * rest >= least;
        rows.map(|row| u32::from(reach(row))).sum::<u32>() > 0
    }

    fn finish(mut self, nearest: &Nearest, k: usize) -> Found {
        let threshold = self.threshold(k);
        self.candidates.retain(|(_, most)| *most >= threshold);
        let score = |at: usize| {
            let products = nearest.row(at).iter().zip(self.values).map(|(a, b)| f64::from(*a) * f64::from(*b));
            products.sum::<f64>()
        };
        let mut scored: Vec<_> = self.candidates.iter().map(|&(at, _)| (Score(score(at)), at)).collect();
        scored.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        scored.truncate(k);
        let (scores, indices) = scored.into_iter().map(|(score, at)| (score.0, at)).unzip();
        Found { indices, scores }
    }
}

impl Nearest {
    /// The `k` best vectors, or all if there are fewer, for each of the queries `[queries, dimensions]`: those of scoring
    /// every vector.
    pub fn search(&self, queries: &[f32], k: usize) -> Result<Vec<Found>> {
        self.check("queries", queries)?;
        if k == 0 {
            return Err(Error::argument("k", "at least 1", k));
        }
        let (k, width) = (k.min(self.len()), dot::padded(self.dimensions));
        let mut codes = vec![0i16; queries.len() / self.dimensions * width];
        let rows = queries.chunks_exact(self.dimensions).zip(codes.chunks_exact_mut(width));
        let mut all: Vec<Query<'_>> = rows.map(|(values, codes)| Query::new(values, codes)).collect();
        let mut sums = [[0i32; ROWS]; dot::QUERIES];
        for (block, first) in self.blocks.iter().zip((0..).step_by(ROWS)) {
            let groups = all.chunks_mut(dot::QUERIES).zip(codes.chunks(dot::QUERIES * width));
            for (queries, codes) in groups {
                dot::sums(&block.codes, codes, width, &mut sums);
                for (query, sums) in queries.iter_mut().zip(&sums) {
                    query.take(first, &sums[..block.rows()], &block.scales, &block.rests, k);
                }
            }
        }
        Ok(all.into_iter().map(|query| query.finish(self, k)).collect())
    }
}
