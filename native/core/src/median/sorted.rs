//! Windows that are kept sorted while they slide: in vectors, one window per lane, and one alone for long windows.

// Written with indices and pointers: iterators are not always inlined into a kernel, and then not compiled for its
// instruction set.

use crate::fft::lanes::LaneBuffer;
use crate::simd::{Kernel, Level, Real, Simd};

/// The longest window that is kept in vectors. Their cost grows with the window's length; that of a single sorted window
/// is mostly the search, with a short move of memory.
pub const MAX_SORTED_LENGTH: usize = 1024;

/// One move of the windows. Positions count floats; each names a row of `LANES`.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// Where the sample lies that leaves; [`NONE`] while the windows are being filled.
    pub old: usize,
    /// Where the sample lies that comes in.
    pub new: usize,
    /// Where the sample of the wanted rank goes; [`NONE`] for nowhere.
    pub out: usize,
}

/// No place.
pub const NONE: usize = usize::MAX;

/// Sorted windows of `k` samples, one per lane. Places that no sample has come to yet hold infinity.
#[derive(Debug, Clone)]
pub struct Windows<T: Real> {
    k: usize,
    rank: usize,
    /// `k` rows in ascending order and one of infinity.
    rows: LaneBuffer<T>,
}

impl<T: Real> Windows<T> {
    /// Empty windows of `k` samples that report the sample of rank `rank` (0 is the least).
    pub fn new(k: usize, rank: usize) -> Self {
        assert!(rank < k);
        let mut windows = Self { k, rank, rows: LaneBuffer::new(k + 1) };
        windows.clear();
        windows
    }

    /// Empties them.
    pub fn clear(&mut self) {
        self.rows.fill(T::of(f64::INFINITY));
    }

    /// Moves the windows through `x`. Samples must not be NaN, and what leaves must have come in.
    pub fn slide(&mut self, steps: &[Step], x: &[T], out: &mut [T]) {
        for step in steps {
            let inside = |at: usize, length: usize| at == NONE || (at < length && length - at >= T::LANES);
            assert!(inside(step.old, x.len()) && inside(step.new, x.len()) && inside(step.out, out.len()));
            assert!(step.new != NONE);
        }
        let kernel = Slide { rows: self.rows.as_mut_ptr(), k: self.k, rank: self.rank, steps, x, out };
        // SAFETY: the level was found on this machine, the places are checked, and there are k + 1 rows.
        unsafe { Level::best().run(kernel) }
    }
}

struct Slide<'a, T> {
    rows: *mut T,
    k: usize,
    rank: usize,
    steps: &'a [Step],
    x: &'a [T],
    out: &'a mut [T],
}

impl<T: Real> Kernel<T> for Slide<'_, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = T>>(self) {
        for part in (0..T::LANES).step_by(V::WIDTH) {
            // SAFETY: the caller has checked every place; `part` begins within a row.
            unsafe {
                let rows = self.rows.add(part);
                for i in 0..self.steps.len() {
                    let step = self.steps[i];
                    let old = match step.old {
                        NONE => V::splat(T::of(f64::INFINITY)),
                        at => V::load(self.x.as_ptr().add(at + part)),
                    };
                    replace::<V>(rows, self.k, old, V::load(self.x.as_ptr().add(step.new + part)));
                    if step.out != NONE {
                        V::load(rows.add(self.rank * T::LANES)).store(self.out.as_mut_ptr().add(step.out + part));
                    }
                }
            }
        }
    }
}

/// Takes `old` out of each lane's sorted window and puts `new` in.
///
/// Without `old` (the first of its equals), row `i` holds what was in row `i` where that is less than `old`, else what was
/// in the next row. With `new`, it holds the middle one of what is then in the row before, in this one, and `new`.
#[inline(always)]
unsafe fn replace<V: Simd>(rows: *mut V::Elem, k: usize, old: V, new: V) {
    let lanes = <V::Elem as Real>::LANES;
    // SAFETY: the caller has k + 1 rows.
    unsafe {
        let mut before = V::splat(V::Elem::of(f64::NEG_INFINITY));
        let mut here = V::load(rows);
        for i in 0..k {
            let at = rows.add(i * lanes);
            let next = V::load(at.add(lanes));
            let kept = here.select_less(old, here, next);
            before.greater(kept.lesser(new)).store(at);
            before = kept;
            here = next;
        }
    }
}

/// One sorted window of any length.
#[derive(Debug, Clone)]
pub struct Sorted<T> {
    values: Vec<T>,
}

impl<T: Real> Sorted<T> {
    /// A window of these samples, none of them NaN.
    pub fn new(mut values: Vec<T>) -> Self {
        values.sort_unstable_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
        Self { values }
    }

    /// The sample of rank `rank`.
    pub fn get(&self, rank: usize) -> T {
        self.values[rank]
    }

    /// Takes a sample out and puts another one in.
    pub fn replace(&mut self, old: T, new: T) {
        replace_one(&mut self.values, old, new);
    }
}

/// Takes `old` out of a sorted run and puts `new` in: the samples between their places move by one.
pub fn replace_one<T: Real>(values: &mut [T], old: T, new: T) {
    let from = values.partition_point(|&v| v < old);
    let to = values.partition_point(|&v| v < new);
    if to > from {
        values.copy_within(from + 1..to, from);
        values[to - 1] = new;
    } else {
        values.copy_within(to..from, to + 1);
        values[to] = new;
    }
}
