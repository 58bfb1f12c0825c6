//! Transforms of many frames at once, frames side by side in the lanes of vectors.
//!
//! A *row* holds the same sample of [`Real::LANES`] frames (16 for `f32`, 8 for `f64`: one 64-byte line): element
//! `i * LANES + l` is sample `i` of frame `l`. Every operation of the transform then works on whole rows and nothing is
//! ever shuffled. Spectra are rows too: row `2k` holds the real parts of bin `k`, row `2k + 1` its imaginary parts.
//!
//! What a lane yields does not depend on what the other lanes hold, nor on which lane it is: a frame alone gives the same
//! bits as in a batch, provided that both go through here.

mod buffer;
mod butterfly;
mod passes;
mod real;
mod tables;
#[cfg(test)]
mod tests;
mod transpose;

pub use buffer::LaneBuffer;
pub(crate) use transpose::gather_rows;
pub use transpose::{gather, scatter};

use crate::simd::{Kernel, Level, Real, Simd};
use crate::{Error, Result};
use passes::Rows;
use std::ops::Range;
use std::sync::Arc;
use tables::Tables;

/// Whether a real transform of `n` samples can go by lanes: `n` is even and has no prime factor above 5.
pub fn supports(n: usize) -> bool {
    n >= 2 && n.is_multiple_of(2) && n <= 1 << 17 && {
        let mut rest = n;
        for prime in [2, 3, 5] {
            while rest.is_multiple_of(prime) {
                rest /= prime;
            }
        }
        rest == 1
    }
}

/// The real transform of `LANES` frames of `n` samples at once, and its inverse. Clones share their tables and have their
/// own scratch memory, so that each thread may have one.
///
/// ```
/// use dsp_core::fft::lanes::{LaneBuffer, LanesRfft};
/// let mut plan = LanesRfft::<f32>::new(512)?;
/// let mut frames = LaneBuffer::new(512);
/// let mut power = LaneBuffer::new(257);
/// frames[0] = 1.0; // the first sample of frame 0
/// plan.power(&frames, &mut power);
/// assert_eq!((power[0], power[1]), (1.0, 0.0)); // bin 0 of frames 0 and 1
/// # Ok::<(), dsp_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct LanesRfft<T: Real> {
    plan: Arc<Plan<T>>,
    scratch: LaneBuffer<T>,
    level: Level,
}

#[derive(Debug)]
struct Plan<T> {
    tables: Tables<T>,
    unpack: Vec<T>,
    pack: Vec<T>,
}

impl<T: Real> LanesRfft<T> {
    /// Plans for frames of `n` samples; an error where [`supports`] says no.
    pub fn new(n: usize) -> Result<Self> {
        Self::with_level(n, Level::best())
    }

    /// Plans for one instruction set, which must be one of [`Level::available`].
    pub fn with_level(n: usize, level: Level) -> Result<Self> {
        if !supports(n) || !Level::available().contains(&level) {
            return Err(Error::argument("n", "even, without prime factors above 5 and at most 131072", n));
        }
        let tables = Tables::new(n / 2).expect("supports() has checked the factors");
        let (unpack, pack) = (real::unpack_factors(&tables), real::pack_factors(&tables));
        Ok(Self { plan: Arc::new(Plan { tables, unpack, pack }), scratch: LaneBuffer::new(n), level })
    }

    /// Samples in a frame.
    pub fn n(&self) -> usize {
        2 * self.plan.tables.points
    }

    /// Bins of a spectrum, `n / 2 + 1`.
    pub fn bins(&self) -> usize {
        self.plan.tables.points + 1
    }

    /// The spectra: `n` rows of samples to `2 * bins` rows (real, imaginary, real, …).
    pub fn forward(&mut self, frames: &[T], spectrum: &mut [T]) {
        self.check(frames.len(), self.n());
        self.check(spectrum.len(), 2 * self.bins());
        let (frames, spectrum, scratch) = (frames.as_ptr(), spectrum.as_mut_ptr(), self.scratch.as_mut_ptr());
        // SAFETY: the lengths are checked, and the level was found on this machine. The frames are only read.
        unsafe { self.run::<false, false>(frames.cast_mut(), spectrum, scratch, 0..0) }
    }

    /// The spectra at the bins `wanted`; the other rows are undefined afterwards.
    pub fn forward_part(&mut self, frames: &[T], wanted: Range<usize>, spectrum: &mut [T]) {
        self.check(frames.len(), self.n());
        self.check(spectrum.len(), 2 * self.bins());
        let (frames, spectrum, scratch) = (frames.as_ptr(), spectrum.as_mut_ptr(), self.scratch.as_mut_ptr());
        // SAFETY: as above.
        unsafe { self.run::<false, true>(frames.cast_mut(), spectrum, scratch, wanted) }
    }

    /// [`LanesRfft::forward`] for frames that nobody needs any more: they are overwritten, which saves memory traffic.
    pub fn forward_over(&mut self, frames: &mut [T], spectrum: &mut [T]) {
        self.check(frames.len(), self.n());
        self.check(spectrum.len(), 2 * self.bins());
        let (frames, spectrum) = (frames.as_mut_ptr(), spectrum.as_mut_ptr());
        // SAFETY: as above, but that the frames are written.
        unsafe { self.run::<false, false>(frames, spectrum, frames, 0..0) }
    }

    /// The power spectra `|X|^2`: `n` rows of samples to `bins` rows.
    pub fn power(&mut self, frames: &[T], power: &mut [T]) {
        self.check(frames.len(), self.n());
        self.check(power.len(), self.bins());
        let (frames, spectrum, scratch) = (frames.as_ptr(), power.as_mut_ptr(), self.scratch.as_mut_ptr());
        // SAFETY: as in `forward`.
        unsafe { self.run::<true, false>(frames.cast_mut(), spectrum, scratch, 0..0) }
    }

    /// [`LanesRfft::power`] for frames that nobody needs any more.
    pub fn power_over(&mut self, frames: &mut [T], power: &mut [T]) {
        self.check(frames.len(), self.n());
        self.check(power.len(), self.bins());
        let (frames, power) = (frames.as_mut_ptr(), power.as_mut_ptr());
        // SAFETY: as in `forward_over`.
        unsafe { self.run::<true, false>(frames, power, frames, 0..0) }
    }

    /// Transforms by way of `scratch`, which may be the frames; with `PART`, only the bins `wanted`.
    ///
    /// # Safety
    /// The memories have the lengths of `n`, `bins` (twice as many where not `POWER`) and `n` rows.
    unsafe fn run<const POWER: bool, const PART: bool>(
        &mut self,
        frames: *mut T,
        spectrum: *mut T,
        scratch: *mut T,
        wanted: Range<usize>,
    ) {
        // Narrow vectors need narrow rows: see the kernel.
        let narrow = self.scratch.as_mut_ptr();
        // SAFETY: the caller's promise; the level was found on this machine.
        unsafe {
            let plan = &self.plan;
            self.level.run(Forward::<T, POWER, PART> { plan, frames, spectrum, scratch, narrow, wanted })
        }
    }

    /// The frames of which these are the spectra: `2 * bins` rows to `n` rows. The scale is `1 / n`, so that it undoes
    /// [`LanesRfft::forward`]; imaginary parts of the first and the last bin are ignored.
    pub fn inverse(&mut self, spectrum: &[T], frames: &mut [T]) {
        self.check(frames.len(), self.n());
        self.check(spectrum.len(), 2 * self.bins());
        let (frames, spectrum, scratch) = (frames.as_mut_ptr(), spectrum.as_ptr(), self.scratch.as_mut_ptr());
        // SAFETY: the lengths are checked, and the level was found on this machine.
        unsafe { self.level.run(Inverse { plan: &self.plan, frames, spectrum, scratch }) }
    }

    fn check(&self, length: usize, rows: usize) {
        assert_eq!(length, rows * T::LANES, "a buffer of lanes must hold {rows} rows of {} elements", T::LANES);
    }
}

struct Forward<'a, T, const POWER: bool, const PART: bool> {
    plan: &'a Plan<T>,
    frames: *mut T,
    spectrum: *mut T,
    /// Used where a vector is a whole row.
    scratch: *mut T,
    /// Used where it is a part of one.
    narrow: *mut T,
    /// The bins that are written, with `PART`.
    wanted: Range<usize>,
}

impl<T: Real, const POWER: bool, const PART: bool> Kernel<T> for Forward<'_, T, POWER, PART> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = T>>(self) {
        let tables = &self.plan.tables;
        // Narrow vectors take a part of each row at a time, so that the scratch is narrow, too, and stays in the cache.
        for part in (0..T::LANES).step_by(V::WIDTH) {
            // SAFETY: the buffers hold whole rows, and `part` begins within a row. The input is only read, but where it is the
            // scratch: the first pass then writes each value where it was read.
            unsafe {
                let input = Rows::new(self.frames.add(part), T::LANES);
                let scratch = if V::WIDTH == T::LANES { self.scratch } else { self.narrow };
                let scratch = Rows::new(scratch, V::WIDTH);
                passes::run_passes::<V>(tables, input, scratch);
                let wanted = (self.wanted.start, self.wanted.end);
                real::unpack::<V, POWER, PART>(tables, &self.plan.unpack, scratch, self.spectrum.add(part), wanted);
            }
        }
    }
}

struct Inverse<'a, T> {
    plan: &'a Plan<T>,
    spectrum: *const T,
    frames: *mut T,
    scratch: *mut T,
}

impl<T: Real> Kernel<T> for Inverse<'_, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = T>>(self) {
        let tables = &self.plan.tables;
        for part in (0..T::LANES).step_by(V::WIDTH) {
            // SAFETY: as in `Forward`.
            unsafe {
                let spectrum = Rows::new(self.spectrum.add(part).cast_mut(), T::LANES);
                let scratch = Rows::new(self.scratch, V::WIDTH);
                real::pack::<V>(tables, &self.plan.pack, spectrum, Rows::exchanged(self.scratch, V::WIDTH));
                passes::run_passes::<V>(tables, scratch, scratch);
                passes::last_pass::<V>(tables, scratch, Rows::exchanged(self.frames.add(part), T::LANES));
            }
        }
    }
}

/// The complex transform of `LANES` frames of `n` points at once: rows of real and imaginary parts alternate in both
/// the input and the output.
#[derive(Debug, Clone)]
pub struct LanesFft<T: Real> {
    tables: Arc<Tables<T>>,
    scratch: LaneBuffer<T>,
    level: Level,
}

impl<T: Real> LanesFft<T> {
    /// Plans for frames of `n` points; an error where `n` has a prime factor above 5 or exceeds 65536.
    pub fn new(n: usize) -> Result<Self> {
        Self::with_level(n, Level::best())
    }

    /// Plans for one instruction set, which must be one of [`Level::available`].
    pub fn with_level(n: usize, level: Level) -> Result<Self> {
        match Tables::new(n) {
            Some(tables) if Level::available().contains(&level) => {
                Ok(Self { tables: Arc::new(tables), scratch: LaneBuffer::new(2 * n), level })
            }
            _ => Err(Error::argument("n", "at least 1, without prime factors above 5 and at most 65536", n)),
        }
    }

    /// Points in a frame.
    pub fn n(&self) -> usize {
        self.tables.points
    }

    /// The transforms: `2 n` rows to `2 n` rows. `inverse` leaves out the factor `1 / n`.
    pub fn process(&mut self, inverse: bool, input: &[T], output: &mut [T]) {
        let rows = 2 * self.n();
        for length in [input.len(), output.len()] {
            assert_eq!(length, rows * T::LANES, "a buffer of lanes must hold {rows} rows of {} elements", T::LANES);
        }
        let kernel = Complex {
            tables: &self.tables,
            rows: if inverse { Rows::exchanged } else { Rows::new },
            input: input.as_ptr(),
            output: output.as_mut_ptr(),
            scratch: self.scratch.as_mut_ptr(),
        };
        // SAFETY: the lengths are checked, and the level was found on this machine.
        unsafe { self.level.run(kernel) }
    }
}

struct Complex<'a, T> {
    tables: &'a Tables<T>,
    /// How input and output are seen: as they are, or with real and imaginary parts exchanged (the inverse).
    rows: fn(*mut T, usize) -> Rows<T>,
    input: *const T,
    output: *mut T,
    scratch: *mut T,
}

impl<T: Real> Kernel<T> for Complex<'_, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = T>>(self) {
        for part in (0..T::LANES).step_by(V::WIDTH) {
            // SAFETY: as in `Forward`.
            unsafe {
                let input = (self.rows)(self.input.add(part).cast_mut(), T::LANES);
                let output = (self.rows)(self.output.add(part), T::LANES);
                let scratch = Rows::new(self.scratch, V::WIDTH);
                passes::run_passes::<V>(self.tables, input, scratch);
                passes::last_pass::<V>(self.tables, scratch, output);
            }
        }
    }
}
