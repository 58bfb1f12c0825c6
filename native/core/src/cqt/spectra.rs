//! Spectra of frames, a group of them side by side in vector lanes.

use super::signal::Signal;
use crate::Result;
use crate::fft::Rfft;
use crate::fft::lanes::{self, LaneBuffer, LanesRfft};
use crate::simd::{Kernel, Level, Real, Simd};
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
    /// One row a bin and part, as [`lanes`] describes.
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
        frame: Vec<C>,
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
            Kind::Single { frame: vec![C::zero(); n_fft], spectrum: vec![C::zero(); 2 * plan.bins()], plan }
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
    /// Lanes beyond `count` hold nothing of worth.
    pub fn transform<T: Real>(&mut self, signal: &Signal<T>, hop: usize, first: usize, count: usize) -> &[C] {
        self.cut(signal, hop, first, count);
        let stride = hop.min(self.n_fft);
        match &mut self.kind {
            Kind::Lanes { plan, frames } => {
                lanes::gather(&self.segment, stride, count, self.n_fft, frames);
                if let Some(window) = &self.window {
                    multiply(frames, window);
                }
                plan.forward(frames, &mut self.rows);
            }
            Kind::Single { plan, frame, spectrum } => {
                for l in 0..count {
                    frame.copy_from_slice(&self.segment[l * stride..][..self.n_fft]);
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
        }
        &self.rows
    }

    /// Copies the samples of the frames, `hop.min(n_fft)` apart.
    fn cut<T: Real>(&mut self, signal: &Signal<T>, hop: usize, first: usize, count: usize) {
        let n = self.n_fft;
        let start = |frame: usize| signal.start(frame, hop);
        self.segment.resize((C::LANES - 1) * hop.min(n) + n, C::zero());
        if hop <= n {
            signal.copy(start(first), &mut self.segment[..(count - 1) * hop + n]);
        } else {
            for (i, frame) in self.segment.chunks_exact_mut(n).enumerate().take(count) {
                signal.copy(start(first + i), frame);
            }
        }
    }
}

/// Multiplies row `i` by the window's value `i`.
fn multiply<C: Real>(rows: &mut [C], window: &[C]) {
    struct Multiply<'a, C> {
        rows: &'a mut [C],
        window: &'a [C],
    }

    impl<C: Real> Kernel<C> for Multiply<'_, C> {
        type Output = ();

        #[inline(always)]
        unsafe fn run<V: Simd<Elem = C>>(self) {
            for (row, &w) in self.rows.chunks_exact_mut(C::LANES).zip(self.window) {
                for part in row.chunks_exact_mut(V::WIDTH) {
                    // SAFETY: a part is one vector long.
                    unsafe { (V::load(part.as_ptr()) * V::splat(w)).store(part.as_mut_ptr()) }
                }
            }
        }
    }

    // SAFETY: the level was found on this machine.
    unsafe { Level::best().run(Multiply { rows, window }) }
}
