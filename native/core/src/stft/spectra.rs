//! Spectra of frames, a group of them side by side in vector lanes.

use super::signal::Signal;
use crate::Result;
use crate::fft::Rfft;
use crate::fft::lanes::{self, LaneBuffer, LanesRfft};
use crate::simd::{Kernel, Level, Real, Simd};
use std::ops::Range;
use std::sync::Arc;

/// The transform of groups of `C::LANES` frames, with its buffers. Clones share the tables.
#[derive(Clone)]
pub(crate) struct Spectra<C: Real> {
    n_fft: usize,
    /// `n_fft` values; nothing for a window of ones.
    window: Option<Arc<[C]>>,
    kind: Kind<C>,
    /// Samples of the frames at work.
    segment: Vec<C>,
    /// One row per bin and part, as [`lanes`] describes.
    rows: LaneBuffer<C>,
}

#[derive(Clone)]
enum Kind<C: Real> {
    Lanes {
        plan: LanesRfft<C>,
        frames: LaneBuffer<C>,
    },
    /// Lengths that lanes do not have: 1, and those with large factors.
    Single {
        plan: Box<Rfft<C>>,
        spectrum: Vec<C>,
    },
}

impl<C: Real> Spectra<C> {
    /// Plans for frames of `n_fft` samples, at least one, under a window of as many values.
    pub fn new(n_fft: usize, window: Option<&[f64]>) -> Result<Self> {
        let kind = if lanes::supports(n_fft) {
            Kind::Lanes { plan: LanesRfft::new(n_fft)?, frames: LaneBuffer::new(n_fft) }
        } else {
            let plan = Box::new(Rfft::new(n_fft)?);
            Kind::Single { spectrum: vec![C::zero(); 2 * plan.bins()], plan }
        };
        let window = window.map(|window| window.iter().map(|&w| C::of(w)).collect());
        let rows = LaneBuffer::new(2 * (n_fft / 2 + 1));
        Ok(Self { n_fft, window, kind, segment: Vec::new(), rows })
    }

    /// Bins of a spectrum.
    pub fn bins(&self) -> usize {
        self.n_fft / 2 + 1
    }

    /// Spectra of frames `first .. first + count`, at most `C::LANES` of them: rows of real and imaginary parts in turn.
    /// Lanes beyond `count` are undefined.
    pub fn transform<T: Real>(&mut self, signal: &Signal<T>, hop: usize, first: usize, count: usize) -> &[C] {
        self.part(signal, hop, first, count, 0..self.bins())
    }

    /// The same, right for the bins `wanted` only.
    pub fn part<T: Real>(
        &mut self,
        signal: &Signal<T>,
        hop: usize,
        first: usize,
        count: usize,
        wanted: Range<usize>,
    ) -> &[C] {
        self.cut(signal, hop, first, count);
        match &mut self.kind {
            Kind::Lanes { plan, frames } if wanted == (0..plan.bins()) => plan.forward(frames, &mut self.rows),
            Kind::Lanes { plan, frames } => plan.forward_part(frames, wanted, &mut self.rows),
            Kind::Single { .. } => self.one_by_one(count),
        }
        &self.rows
    }

    /// Powers, the squares of the spectra's magnitudes: a row per bin.
    pub fn power<T: Real>(&mut self, signal: &Signal<T>, hop: usize, first: usize, count: usize) -> &[C] {
        self.cut(signal, hop, first, count);
        let bins = self.bins();
        match &mut self.kind {
            Kind::Lanes { plan, frames } => plan.power(frames, &mut self.rows[..bins * C::LANES]),
            Kind::Single { .. } => {
                self.one_by_one(count);
                // SAFETY: the level was found on this machine.
                unsafe { Level::best().run(Square { rows: &mut self.rows }) }
            }
        }
        &self.rows[..bins * C::LANES]
    }

    /// Transforms frames that lie one after another in the segment.
    fn one_by_one(&mut self, count: usize) {
        let Kind::Single { plan, spectrum } = &mut self.kind else { unreachable!("the kind was looked at") };
        for l in 0..count {
            let frame = &mut self.segment[l * self.n_fft..][..self.n_fft];
            if let Some(window) = &self.window {
                for (x, &w) in frame.iter_mut().zip(&**window) {
                    *x = *x * w;
                }
            }
            plan.forward(frame, self.n_fft, spectrum).expect("the plan's own buffers fit it");
            for (row, &value) in self.rows.chunks_exact_mut(C::LANES).zip(&*spectrum) {
                row[l] = value;
            }
        }
    }

    /// Puts frames side by side under the window, or one after another where they are transformed so.
    fn cut<T: Real>(&mut self, signal: &Signal<T>, hop: usize, first: usize, count: usize) {
        let n = self.n_fft;
        let start = signal.start(first, hop);
        match &mut self.kind {
            Kind::Lanes { frames, .. } => {
                let (source, stride) = match signal.inside_as(start, (count - 1) * hop + n) {
                    Some(inside) => (inside, hop),
                    None => {
                        let stride = signal.cut(start, n, hop, count, &mut self.segment);
                        (&*self.segment, stride)
                    }
                };
                load_windowed(source, stride, count, self.window.as_deref(), n, frames);
            }
            Kind::Single { .. } => {
                signal.cut_apart(start, n, hop, count, &mut self.segment);
            }
        }
    }
}

/// Puts frames side by side and windows them, a part that stays in the first-level cache at a time.
fn load_windowed<C: Real>(source: &[C], stride: usize, count: usize, window: Option<&[C]>, n: usize, frames: &mut [C]) {
    const PART: usize = 128;
    let Some(window) = window else { return lanes::gather(source, stride, count, n, frames) };
    for (i, (window, rows)) in window.chunks(PART).zip(frames.chunks_mut(PART * C::LANES)).enumerate() {
        lanes::gather(&source[i * PART..], stride, count, window.len(), rows);
        // SAFETY: the level was found on this machine.
        unsafe { Level::best().run(Multiply { rows, window }) }
    }
}

/// Multiplies row `i` by the window's value `i`.
struct Multiply<'a, C> {
    rows: &'a mut [C],
    window: &'a [C],
}

impl<C: Real> Kernel<C> for Multiply<'_, C> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = C>>(self) {
        assert!(self.rows.len() == self.window.len() * C::LANES);
        // By index: iterators in a row are not always inlined into the kernel, and then lack its instruction set.
        let at = self.rows.as_mut_ptr();
        for i in 0..self.window.len() {
            for part in (0..C::LANES).step_by(V::WIDTH) {
                // SAFETY: there is a row for every value of the window, and `part` begins within a row.
                unsafe {
                    let at = at.add(i * C::LANES + part);
                    (V::load(at) * V::splat(self.window[i])).store(at);
                }
            }
        }
    }
}

/// Replaces complex rows by their powers, in the first half of the rows.
struct Square<'a, C> {
    rows: &'a mut [C],
}

impl<C: Real> Kernel<C> for Square<'_, C> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = C>>(self) {
        let at = self.rows.as_mut_ptr();
        for bin in 0..self.rows.len() / (2 * C::LANES) {
            for part in (0..C::LANES).step_by(V::WIDTH) {
                // SAFETY: there are two rows per bin; what is written here was read before.
                unsafe {
                    let from = at.add(2 * bin * C::LANES + part);
                    let (re, im) = (V::load(from), V::load(from.add(C::LANES)));
                    re.mul_add(re, im * im).store(at.add(bin * C::LANES + part));
                }
            }
        }
    }
}
