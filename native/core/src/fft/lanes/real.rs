//! Between the spectrum of `n` real samples and the `n / 2`-point complex transform of them taken in pairs.

use super::butterfly::{Cx, Dft, Radix};
use super::passes::{Rows, block_of};
use super::tables::Tables;
use crate::fft::root;
use crate::simd::{Real, Simd};

/// The factors of the last pass, in the order in which [`unpack`] meets the bins: `-i/2 exp(-2 pi i k / n)`.
pub fn unpack_factors<T: Real>(tables: &Tables<T>) -> Vec<T> {
    let (blocks, last, points) = (tables.order.len(), tables.last, tables.points);
    let mut factors = Vec::with_capacity(points + 2);
    for q in 0..=blocks / 2 {
        for t in 0..pairs(q, blocks, last) {
            let (re, im) = root(q + t * blocks, 2 * points);
            factors.extend([T::of(0.5 * im), T::of(-0.5 * re)]);
        }
    }
    factors
}

/// How many pairs of bins the block of `q` begins: half of them where it is its own partner.
#[inline(always)]
fn pairs(q: usize, blocks: usize, radix: usize) -> usize {
    if q == 0 {
        radix / 2 + 1
    } else if 2 * q == blocks {
        radix.div_ceil(2)
    } else {
        radix
    }
}

/// The last pass of a real transform and the separation of its two halves in one: what it reads is never written back.
/// `POWER` writes one row per bin, `|X|^2`, instead of two. `PART` leaves out bins outside `wanted` (from, to) whose mirror
/// image is outside, too.
///
/// # Safety
/// The processor has the instruction set of `V`; `from` holds `tables.points` values, `to` has room for `points + 1` bins
/// of rows of `V::Elem::LANES` elements; they do not overlap.
#[inline(always)]
pub unsafe fn unpack<V: Simd, const POWER: bool, const PART: bool>(
    tables: &Tables<V::Elem>,
    factors: &[V::Elem],
    from: Rows<V::Elem>,
    to: *mut V::Elem,
    wanted: (usize, usize),
) {
    // SAFETY: the caller's promise.
    unsafe {
        match tables.last {
            1 => unpack_blocks::<V, 1, POWER, PART>(tables, factors, from, to, wanted),
            2 => unpack_blocks::<V, 2, POWER, PART>(tables, factors, from, to, wanted),
            3 => unpack_blocks::<V, 3, POWER, PART>(tables, factors, from, to, wanted),
            4 => unpack_blocks::<V, 4, POWER, PART>(tables, factors, from, to, wanted),
            5 => unpack_blocks::<V, 5, POWER, PART>(tables, factors, from, to, wanted),
            _ => unpack_blocks::<V, 8, POWER, PART>(tables, factors, from, to, wanted),
        }
    }
}

#[inline(always)]
unsafe fn unpack_blocks<V: Simd, const R: usize, const POWER: bool, const PART: bool>(
    tables: &Tables<V::Elem>,
    factors: &[V::Elem],
    from: Rows<V::Elem>,
    to: *mut V::Elem,
    wanted: (usize, usize),
) where
    Radix: Dft<R>,
{
    let blocks = tables.order.len();
    let points = tables.points;
    // SAFETY: the caller's promise; `factors` has one entry for each pair, in this order.
    unsafe {
        let mut factor = factors.as_ptr();
        let own = <Radix as Dft<R>>::dft::<V>(block_of::<V, R>(from, tables.order[0]));
        for t in 0..R / 2 + 1 {
            emit::<V, POWER, PART>(&mut factor, (points, wanted), to, own[t % R], own[(R - t) % R], t * blocks);
        }
        for q in 1..blocks.div_ceil(2) {
            let a = <Radix as Dft<R>>::dft::<V>(block_of::<V, R>(from, *tables.order.get_unchecked(q)));
            let b = <Radix as Dft<R>>::dft::<V>(block_of::<V, R>(from, *tables.order.get_unchecked(blocks - q)));
            for t in 0..R {
                emit::<V, POWER, PART>(&mut factor, (points, wanted), to, a[t], b[R - 1 - t], q + t * blocks);
            }
        }
        if blocks.is_multiple_of(2) {
            let own = <Radix as Dft<R>>::dft::<V>(block_of::<V, R>(from, tables.order[blocks / 2]));
            for t in 0..R.div_ceil(2) {
                emit::<V, POWER, PART>(
                    &mut factor,
                    (points, wanted),
                    to,
                    own[t],
                    own[R - 1 - t],
                    blocks / 2 + t * blocks,
                );
            }
        }
    }
}

/// Z[k] and Z[points - k] give X[k] and X[points - k].
#[inline(always)]
unsafe fn emit<V: Simd, const POWER: bool, const PART: bool>(
    factor: &mut *const V::Elem,
    (points, wanted): (usize, (usize, usize)),
    to: *mut V::Elem,
    a: Cx<V>,
    b: Cx<V>,
    k: usize,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let outside = |k: usize| k < wanted.0 || k >= wanted.1;
        if PART && outside(k) && outside(points - k) {
            *factor = factor.add(2);
            return;
        }
        let half = V::splat(V::Elem::of(0.5));
        let (re, im) = (V::splat(**factor), V::splat(*factor.add(1)));
        *factor = factor.add(2);
        let sum = Cx { re: a.re + b.re, im: a.im - b.im };
        let turned = Cx { re: a.re - b.re, im: a.im + b.im }.twiddle(re, im);
        put::<V, POWER>(to, k, sum.re.mul_add(half, turned.re), sum.im.mul_add(half, turned.im));
        // The conjugate of sum / 2 - turned.
        put::<V, POWER>(to, points - k, sum.re.mul_sub(half, turned.re), sum.im.neg_mul_add(half, turned.im));
    }
}

/// Writes bin `k`.
#[inline(always)]
unsafe fn put<V: Simd, const POWER: bool>(to: *mut V::Elem, k: usize, re: V, im: V) {
    let row = V::Elem::LANES;
    // SAFETY: the caller's promise.
    unsafe {
        if POWER {
            re.mul_add(re, im * im).store(to.add(k * row));
        } else {
            re.store(to.add(2 * k * row));
            im.store(to.add((2 * k + 1) * row));
        }
    }
}

/// The factors of [`pack`], bins `0 ..= points / 2`: `i exp(2 pi i k / n)`, divided by `n` like everything there.
pub fn pack_factors<T: Real>(tables: &Tables<T>) -> Vec<T> {
    let n = 2 * tables.points;
    (0..=tables.points / 2)
        .flat_map(|k| {
            let (re, im) = root(k, n);
            // The conjugate of the root, times i.
            [T::of(im / n as f64), T::of(re / n as f64)]
        })
        .collect()
}

/// The way back: from the bins of a real signal to the values whose inverse transform is the samples in pairs, scaled by
/// `1 / n`. The imaginary parts of the first and the last bin are ignored, as numpy does.
///
/// # Safety
/// As [`unpack`], with the roles of the two memories exchanged.
#[inline(always)]
pub unsafe fn pack<V: Simd>(tables: &Tables<V::Elem>, factors: &[V::Elem], from: Rows<V::Elem>, to: Rows<V::Elem>) {
    let points = tables.points;
    // SAFETY: the caller's promise; `factors` has an entry for each k.
    unsafe {
        let scale = V::splat(V::Elem::of(0.5 / points as f64));
        let zero = V::splat(V::Elem::of(0.0));
        for k in 0..=points / 2 {
            let (mut a, mut b) = (from.get::<V>(k), from.get::<V>(points - k));
            if k == 0 {
                (a.im, b.im) = (zero, zero);
            }
            let (re, im) = (V::splat(*factors.get_unchecked(2 * k)), V::splat(*factors.get_unchecked(2 * k + 1)));
            let sum = Cx { re: a.re + b.re, im: a.im - b.im };
            let turned = Cx { re: a.re - b.re, im: a.im + b.im }.twiddle(re, im);
            to.put(k, Cx { re: sum.re.mul_add(scale, turned.re), im: sum.im.mul_add(scale, turned.im) });
            if k > 0 {
                // The conjugate of sum / n - turned.
                to.put(
                    points - k,
                    Cx { re: sum.re.mul_sub(scale, turned.re), im: sum.im.neg_mul_add(scale, turned.im) },
                );
            }
        }
    }
}
