//! What a plan computes once: the radices, the twiddle factors and where each result goes.

use crate::fft::root;
use crate::simd::Real;

/// One pass over the data: `blocks` transforms of `radix * columns` points are split into `radix` times as many of
/// `columns` points.
#[derive(Debug, Clone)]
pub struct Pass<T> {
    pub radix: usize,
    pub columns: usize,
    /// `radix - 1` complex factors for each column, real and imaginary parts interleaved.
    pub twiddles: Vec<T>,
}

/// A complex transform of `points` points by decimation in frequency: `passes`, then a last one of radix `last` that
/// puts the results in order.
#[derive(Debug, Clone)]
pub struct Tables<T> {
    pub points: usize,
    pub passes: Vec<Pass<T>>,
    pub last: usize,
    /// `order[q]` is the block (of `last` points) that holds the results `q`, `q + blocks`, `q + 2 * blocks`, ….
    pub order: Vec<u32>,
}

impl<T: Real> Tables<T> {
    /// `None` where `points` has a prime factor above 5, or is too large to be worth lanes.
    pub fn new(points: usize) -> Option<Self> {
        let radices = radices(points)?;
        let (&last, first) = radices.split_last()?;
        let mut passes = Vec::with_capacity(first.len());
        let mut size = points;
        for &radix in first {
            let columns = size / radix;
            let mut twiddles = Vec::with_capacity(columns * (radix - 1) * 2);
            for j in 0..columns {
                for k in 1..radix {
                    let (re, im) = root(j * k, size);
                    twiddles.extend([T::of(re), T::of(im)]);
                }
            }
            passes.push(Pass { radix, columns, twiddles });
            size = columns;
        }
        let blocks = points / last;
        let mut order = vec![0; blocks];
        for block in 0..blocks {
            // The digits of the block, most significant first, are the digits of q, least significant first.
            let (mut rest, mut weight) = (block, blocks);
            let (mut q, mut scale) = (0, 1);
            for &radix in first {
                weight /= radix;
                q += rest / weight * scale;
                rest %= weight;
                scale *= radix;
            }
            order[q] = block as u32;
        }
        Some(Self { points, passes, last, order })
    }
}

/// The largest transform that is computed in lanes: its scratch is 64 bytes per real number.
const MAX_POINTS: usize = 1 << 16;

/// Radices whose product is `points`, the last one among those that the last pass has; the cheapest such list.
fn radices(points: usize) -> Option<Vec<usize>> {
    let mut rest = points;
    for prime in [2, 3, 5] {
        while rest > 0 && rest.is_multiple_of(prime) {
            rest /= prime;
        }
    }
    if rest != 1 || points > MAX_POINTS {
        return None;
    }
    if points == 1 {
        return Some(vec![1]);
    }
    let mut best = (f64::INFINITY, Vec::new());
    for last in [2, 3, 4, 5, 8] {
        if points.is_multiple_of(last) {
            let (cost, mut list) = cheapest(points / last);
            let cost = cost + COST[last];
            if cost < best.0 {
                list.push(last);
                best = (cost, list);
            }
        }
    }
    Some(best.1)
}

/// What a pass of each radix costs, in passes of radix 2: mostly the loads and stores, which do not depend on it.
const COST: [f64; 9] = [0.0, 0.0, 1.0, 1.15, 1.1, 1.5, 0.0, 0.0, 1.6];

/// The cheapest list of radices with this product, in descending order.
fn cheapest(points: usize) -> (f64, Vec<usize>) {
    let mut best = (f64::INFINITY, Vec::new());
    if points == 1 {
        return (0.0, Vec::new());
    }
    // Threes and fives have one way only; of the twos, choose how many passes of radix 8 and 4.
    let mut rest = points;
    let mut odd = Vec::new();
    for prime in [5, 3] {
        while rest.is_multiple_of(prime) {
            rest /= prime;
            odd.push(prime);
        }
    }
    let twos = rest.trailing_zeros() as usize;
    for eights in 0..=twos / 3 {
        for fours in 0..=(twos - 3 * eights) / 2 {
            let mut list = vec![8; eights];
            list.extend(vec![4; fours]);
            list.extend(vec![2; twos - 3 * eights - 2 * fours]);
            list.extend(&odd);
            let cost = list.iter().map(|&radix| COST[radix]).sum();
            if cost < best.0 {
                best = (cost, list);
            }
        }
    }
    best
}
