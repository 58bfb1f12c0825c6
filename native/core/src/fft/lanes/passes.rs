//! The passes of a transform over rows of lanes.

// Loops count by index on purpose: see `columns`.
#![allow(clippy::needless_range_loop)]

use super::butterfly::{Cx, Dft, Radix};
use super::tables::{Pass, Tables};
use crate::simd::{Real, Simd};

/// Complex values in memory, a row of lanes for each real and each imaginary part.
#[derive(Clone, Copy)]
pub struct Rows<T> {
    at: *mut T,
    /// Elements between the real parts of neighbouring values.
    step: usize,
    /// Where the imaginary part is, from the real part.
    imaginary: isize,
}

impl<T: Real> Rows<T> {
    /// Values whose rows, `width` elements each, follow each other: real, imaginary, real, ….
    pub fn new(at: *mut T, width: usize) -> Self {
        Self { at, step: 2 * width, imaginary: width as isize }
    }

    /// The same with real and imaginary parts exchanged. A forward transform from exchanged to exchanged values is the
    /// inverse one.
    pub fn exchanged(at: *mut T, width: usize) -> Self {
        Self { at: at.wrapping_add(width), step: 2 * width, imaginary: -(width as isize) }
    }

    /// From value `index` on.
    #[inline(always)]
    pub unsafe fn skip(self, index: usize) -> Self {
        // SAFETY: the caller's promise.
        Self { at: unsafe { self.at.add(index * self.step) }, ..self }
    }

    #[inline(always)]
    pub unsafe fn get<V: Simd<Elem = T>>(self, index: usize) -> Cx<V> {
        // SAFETY: the caller's promise.
        unsafe {
            let at = self.at.add(index * self.step);
            Cx { re: V::load(at), im: V::load(at.offset(self.imaginary)) }
        }
    }

    #[inline(always)]
    pub unsafe fn put<V: Simd<Elem = T>>(self, index: usize, value: Cx<V>) {
        // SAFETY: the caller's promise.
        unsafe {
            let at = self.at.add(index * self.step);
            value.re.store(at);
            value.im.store(at.offset(self.imaginary));
        }
    }
}

/// Blocks up to this size, in bytes, go through all their passes while they stay in the first-level cache.
const CACHED: usize = 24 << 10;

/// Whether the first pass is compiled apart from the others. Rows are further apart where it reads, and WebAssembly's engines compute
/// each address with an instruction of its own unless the distance is a constant: up to an eighth of the time. Elsewhere that would only make
/// the code larger.
const APART: bool = cfg!(target_family = "wasm");

/// Runs every pass but the last. The first one reads `input` and writes `scratch`, where the others work; where there is none, the values
/// are copied.
///
/// # Safety
/// The processor has the instruction set of `V`; `input` and `scratch` hold `tables.points` values.
#[inline(always)]
pub unsafe fn run_passes<V: Simd>(tables: &Tables<V::Elem>, input: Rows<V::Elem>, scratch: Rows<V::Elem>) {
    let passes = &tables.passes[..];
    if passes.is_empty() {
        for i in 0..tables.points {
            // SAFETY: the caller's promise.
            unsafe { scratch.put::<V>(i, input.get(i)) };
        }
    }
    // Large blocks go pass by pass, the first pass always …
    let (mut wide, mut size) = (0, tables.points);
    while wide < passes.len() && (wide == 0 || size * 2 * V::WIDTH * size_of::<V::Elem>() > CACHED) {
        size = passes[wide].columns;
        wide += 1;
    }
    // … then one small block after another. One loop does both: the passes are compiled into it, and should be once.
    let blocks = if wide < passes.len() { tables.points / size } else { 0 };
    for block in 0..=blocks {
        let (begin, length, steps) =
            if block == 0 { (0, tables.points, &passes[..wide]) } else { ((block - 1) * size, size, &passes[wide..]) };
        let mut inner = length;
        for step in 0..steps.len() {
            for part in 0..length / inner {
                // SAFETY: the caller's promise; the tables' passes stay within `points`.
                unsafe {
                    let at = scratch.skip(begin + part * inner);
                    let is_first = block == 0 && step == 0;
                    if APART && is_first {
                        pass::<V>(&steps[step], input, at);
                    } else {
                        pass::<V>(&steps[step], if is_first { input } else { at }, at);
                    }
                }
            }
            inner = steps[step].columns;
        }
    }
}

/// One pass over one block.
#[inline(always)]
unsafe fn pass<V: Simd>(pass: &Pass<V::Elem>, from: Rows<V::Elem>, to: Rows<V::Elem>) {
    // SAFETY: the caller's promise.
    unsafe {
        match pass.radix {
            2 => columns::<V, 2>(pass, from, to),
            3 => columns::<V, 3>(pass, from, to),
            4 => columns::<V, 4>(pass, from, to),
            5 => columns::<V, 5>(pass, from, to),
            _ => columns::<V, 8>(pass, from, to),
        }
    }
}

#[inline(always)]
unsafe fn columns<V: Simd, const R: usize>(pass: &Pass<V::Elem>, from: Rows<V::Elem>, to: Rows<V::Elem>)
where
    Radix: Dft<R>,
{
    let columns = pass.columns;
    debug_assert_eq!(pass.twiddles.len(), columns * (R - 1) * 2);
    // SAFETY: the caller's promise.
    unsafe {
        let mut factors = pass.twiddles.as_ptr();
        for j in 0..columns {
            // Plain loops: what `array::from_fn` calls may end up outside the kernel, without its instruction set.
            let mut x = [from.get::<V>(j); R];
            for t in 1..R {
                x[t] = from.get(j + t * columns);
            }
            let y = <Radix as Dft<R>>::dft::<V>(x);
            to.put(j, y[0]);
            for k in 1..R {
                let (re, im) = (V::splat(*factors), V::splat(*factors.add(1)));
                factors = factors.add(2);
                to.put(j + k * columns, y[k].twiddle(re, im));
            }
        }
    }
}

/// The last pass of a complex transform: results in order.
///
/// # Safety
/// The processor has the instruction set of `V`; `from` and `to` hold `tables.points` values and do not overlap.
#[inline(always)]
pub unsafe fn last_pass<V: Simd>(tables: &Tables<V::Elem>, from: Rows<V::Elem>, to: Rows<V::Elem>) {
    // SAFETY: the caller's promise.
    unsafe {
        match tables.last {
            1 => last_columns::<V, 1>(tables, from, to),
            2 => last_columns::<V, 2>(tables, from, to),
            3 => last_columns::<V, 3>(tables, from, to),
            4 => last_columns::<V, 4>(tables, from, to),
            5 => last_columns::<V, 5>(tables, from, to),
            _ => last_columns::<V, 8>(tables, from, to),
        }
    }
}

#[inline(always)]
unsafe fn last_columns<V: Simd, const R: usize>(tables: &Tables<V::Elem>, from: Rows<V::Elem>, to: Rows<V::Elem>)
where
    Radix: Dft<R>,
{
    let blocks = tables.order.len();
    for (q, &block) in tables.order.iter().enumerate() {
        // SAFETY: the caller's promise; `order` holds block numbers.
        unsafe {
            let y = <Radix as Dft<R>>::dft::<V>(block_of::<V, R>(from, block));
            for (t, value) in y.into_iter().enumerate() {
                to.put(q + t * blocks, value);
            }
        }
    }
}

/// The `R` values of a block.
#[inline(always)]
pub unsafe fn block_of<V: Simd, const R: usize>(from: Rows<V::Elem>, block: u32) -> [Cx<V>; R] {
    let first = block as usize * R;
    // SAFETY: the caller's promise.
    unsafe {
        let mut values = [from.get::<V>(first); R];
        for t in 1..R {
            values[t] = from.get(first + t);
        }
        values
    }
}
