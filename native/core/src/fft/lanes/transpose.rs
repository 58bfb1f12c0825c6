//! Frames in memory to lanes and back: a transposition by blocks of vectors.

use crate::simd::{Kernel, Level, Real, Simd};
use std::marker::PhantomData;
use std::mem::MaybeUninit;

/// Fills lanes from frames in memory: frame `l` is `source[l * stride ..][.. n]`, for `count` frames (at most `LANES`;
/// the other lanes become zero). `rows` gets `n` rows. Frames may overlap.
pub fn gather<T: Real>(source: &[T], stride: usize, count: usize, n: usize, rows: &mut [T]) {
    gather_rows(source, stride, count, n, T::LANES, rows);
}

/// [`gather`] to rows of `width` lanes, a multiple of 8.
pub(crate) fn gather_rows<T: Real>(source: &[T], stride: usize, count: usize, n: usize, width: usize, rows: &mut [T]) {
    assert!(width.is_multiple_of(8) && count <= width && rows.len() == n * width);
    assert!(count == 0 || n == 0 || source.len() >= (count - 1) * stride + n);
    let whole = if count == width { n } else { 0 };
    // SAFETY: the lengths are checked just above, and the vectors are no wider than a row.
    let done = unsafe {
        let (source, rows) = (source.as_ptr(), rows.as_mut_ptr());
        let transpose = Transpose { lanes: PhantomData, gather: true, source, stride, n: whole, width, rows };
        Level::best().within::<T>(width).run(transpose)
    };
    for i in done..n {
        let row = &mut rows[i * width..][..width];
        for (l, value) in row.iter_mut().enumerate() {
            *value = if l < count { source[l * stride + i] } else { T::zero() };
        }
    }
}

/// The way back from lanes to memory: `target[l * stride ..][.. n]` gets lane `l` of the `n` rows, for `count` lanes.
pub fn scatter<T: Real>(rows: &[T], target: &mut [T], stride: usize, count: usize, n: usize) {
    assert!(count <= T::LANES && rows.len() == n * T::LANES && (count < 2 || stride >= n));
    assert!(count == 0 || n == 0 || target.len() >= (count - 1) * stride + n);
    let whole = if count == T::LANES { n } else { 0 };
    // SAFETY: the lengths are checked just above; with `gather` off the rows are only read.
    let done = unsafe {
        let (source, rows) = (target.as_mut_ptr().cast_const(), rows.as_ptr().cast_mut());
        let width = T::LANES;
        Level::best().run(Transpose { lanes: PhantomData, gather: false, source, stride, n: whole, width, rows })
    };
    for i in done..n {
        for l in 0..count {
            target[l * stride + i] = rows[i * T::LANES + l];
        }
    }
}

struct Transpose<T> {
    lanes: PhantomData<T>,
    /// Frames to rows, or rows to frames.
    gather: bool,
    source: *const T,
    stride: usize,
    n: usize,
    /// Elements of a row, a multiple of the vector's.
    width: usize,
    rows: *mut T,
}

impl<T: Real> Kernel<T> for Transpose<T> {
    /// How many rows are done: whole blocks only.
    type Output = usize;

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = T>>(self) -> usize {
        let whole = self.n / V::WIDTH * V::WIDTH;
        if self.width > 8 && clashes(self.stride * size_of::<T>()) {
            // SAFETY: the caller's promise.
            unsafe { self.staged::<V>(whole) };
        } else {
            // SAFETY: the caller has checked that every frame has `n` samples and that there are `n` rows.
            unsafe { self.blocks::<V>(self.source, self.stride, self.rows, whole) };
        }
        whole
    }
}

impl<T: Real> Transpose<T> {
    /// Transposes the first `n` samples of frames that are `stride` apart.
    ///
    /// # Safety
    /// As the kernel's; `n` is a multiple of the vector's width.
    #[inline(always)]
    unsafe fn blocks<V: Simd<Elem = T>>(&self, source: *const T, stride: usize, rows: *mut T, n: usize) {
        for i in (0..n).step_by(V::WIDTH) {
            for part in (0..self.width).step_by(V::WIDTH) {
                // SAFETY: the caller's promise.
                unsafe {
                    let frames = source.add(part * stride + i);
                    let rows = rows.add(i * self.width + part);
                    if self.gather {
                        V::transpose(frames, stride, rows, self.width);
                    } else {
                        V::transpose(rows, self.width, frames.cast_mut(), stride);
                    }
                }
            }
        }
    }

    /// The same by way of a small copy of the frames, which are read and written in long runs.
    ///
    /// # Safety
    /// As `blocks`.
    #[inline(always)]
    unsafe fn staged<V: Simd<Elem = T>>(&self, n: usize) {
        /// Samples of a frame at a time.
        const RUN: usize = 256;
        const MAX_WIDTH: usize = 16;
        /// On its own cache lines.
        #[repr(align(64))]
        struct Stage<T>([T; RUN * MAX_WIDTH]);

        debug_assert!(self.width <= MAX_WIDTH);
        let mut stage = MaybeUninit::<Stage<T>>::uninit();
        let at = stage.as_mut_ptr().cast::<T>();
        for first in (0..n).step_by(RUN) {
            let run = RUN.min(n - first);
            // SAFETY: the caller's promise; the stage has room for `RUN` samples of every lane, and only what has been
            // written is read.
            unsafe {
                let rows = self.rows.add(first * self.width);
                if self.gather {
                    for l in 0..self.width {
                        at.add(l * RUN).copy_from_nonoverlapping(self.source.add(l * self.stride + first), run);
                    }
                    self.blocks::<V>(at, RUN, rows, run);
                } else {
                    self.blocks::<V>(at, RUN, rows, run);
                    for l in 0..self.width {
                        let frame = self.source.add(l * self.stride + first).cast_mut();
                        frame.copy_from_nonoverlapping(at.add(l * RUN), run);
                    }
                }
            }
        }
    }
}

/// Whether lines at this distance in bytes fall on the same few places of a first-level cache, which has no room for
/// sixteen of them at once.
fn clashes(distance: usize) -> bool {
    const PERIOD: usize = 4096;
    (distance + 64) % PERIOD <= 128
}
