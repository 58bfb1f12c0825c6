//! Frames in, spectra out, in `f64`: side by side in lanes where the length allows it, one at a time otherwise.

// Loops count by index on purpose: see `Multiply`.
#![allow(clippy::needless_range_loop)]

use super::signal::Signal;
use super::target::Target;
use crate::Result;
use crate::fft::Rfft;
use crate::fft::lanes::{self, LaneBuffer, LanesRfft};
use crate::simd::{Kernel, Level, Real, Simd, prefetch};

const LANES: usize = <f64 as Real>::LANES;

/// The transform with its buffers.
#[derive(Clone)]
pub struct Engine {
    kind: Kind,
    /// Samples on their way in or out; where frames go one by one, the windowed frames themselves.
    segment: Vec<f64>,
}

#[derive(Clone)]
enum Kind {
    Lanes { plan: LanesRfft<f64>, frames: LaneBuffer<f64>, spectra: LaneBuffer<f64> },
    Single { plan: Box<Rfft<f64>>, spectrum: Vec<f64> },
}

impl Engine {
    pub fn new(n: usize) -> Result<Self> {
        let kind = if lanes::supports(n) {
            Kind::Lanes { plan: LanesRfft::new(n)?, frames: LaneBuffer::new(n), spectra: LaneBuffer::new(n + 2) }
        } else {
            let plan = Box::new(Rfft::new(n)?);
            Kind::Single { spectrum: vec![0.0; 2 * plan.bins()], plan }
        };
        Ok(Self { kind, segment: Vec::new() })
    }

    /// Frames that are transformed at once. A frame's bits do not depend on how many there are.
    pub fn group(&self) -> usize {
        if matches!(self.kind, Kind::Lanes { .. }) { LANES } else { 1 }
    }

    /// Takes `count` frames of a signal, `hop` apart, the first one beginning at `start`, and windows them.
    pub fn load<T: Real>(&mut self, signal: &Signal<T>, start: i64, hop: usize, count: usize, window: &[f64]) {
        let n = window.len();
        if let Kind::Lanes { frames, .. } = &mut self.kind
            && let Some((samples, next)) = signal.inside(start, (count - 1) * hop + n)
        {
            load_windowed(samples, hop, count, window, frames);
            // What the next group needs in addition: it arrives while this one is transformed.
            prefetch(&next[..next.len().min(count * hop)]);
            return;
        }
        match &mut self.kind {
            Kind::Lanes { frames, .. } => {
                // Padding on the way, or samples between frames: by way of a copy.
                let stride = signal.cut(start, n, hop, count, &mut self.segment);
                load_windowed(&self.segment, stride, count, window, frames);
            }
            Kind::Single { .. } => {
                signal.cut_apart(start, n, hop, count, &mut self.segment);
                for frame in self.segment.chunks_exact_mut(n) {
                    for (x, w) in frame.iter_mut().zip(window) {
                        *x *= w;
                    }
                }
            }
        }
    }

    /// Takes frames of a signal, at most one per lane, by where they begin, and windows them.
    pub fn load_each<T: Real>(&mut self, signal: &Signal<T>, starts: &[i64], window: &[f64]) {
        let n = window.len();
        self.segment.resize(self.segment.len().max(starts.len() * n), 0.0);
        for (frame, start) in self.segment.chunks_exact_mut(n).zip(starts) {
            signal.copy(*start, frame);
        }
        match &mut self.kind {
            Kind::Lanes { frames, .. } => load_windowed(&self.segment, n, starts.len(), window, frames),
            Kind::Single { .. } => {
                self.segment.truncate(starts.len() * n);
                for frame in self.segment.chunks_exact_mut(n) {
                    frame.iter_mut().zip(window).for_each(|(x, w)| *x *= w);
                }
            }
        }
    }

    /// Transforms the frames that were loaded.
    pub fn forward(&mut self) {
        match &mut self.kind {
            Kind::Lanes { plan, frames, spectra } => plan.forward_over(frames, spectra),
            Kind::Single { plan, spectrum } => {
                plan.forward(&self.segment, self.segment.len(), spectrum)
                    .expect("the engine's own buffers fit its plan");
            }
        }
    }

    /// The power spectra `|X|^2` of the frames that were loaded, at most one per lane: a row per bin.
    pub fn power(&mut self, power: &mut LaneBuffer<f64>) {
        match &mut self.kind {
            Kind::Lanes { plan, frames, .. } => plan.power_over(frames, power),
            Kind::Single { plan, spectrum } => {
                for (l, frame) in self.segment.chunks_exact(plan.n()).enumerate() {
                    plan.forward(frame, frame.len(), spectrum).expect("the engine's own buffers fit its plan");
                    for (row, bin) in power.chunks_exact_mut(LANES).zip(spectrum.chunks_exact(2)) {
                        row[l] = bin[0] * bin[0] + bin[1] * bin[1];
                    }
                }
            }
        }
    }

    /// Writes the spectra of `count` frames to the target's columns from `column` on.
    pub(super) fn write<T: Real>(&self, count: usize, column: usize, target: Target<T>) {
        match &self.kind {
            Kind::Lanes { spectra, .. } => {
                // SAFETY: the level was found on this machine.
                unsafe { Level::best().run(Write { spectra, count, column, target }) }
            }
            Kind::Single { spectrum, .. } => {
                for (k, bin) in spectrum.chunks_exact(2).enumerate() {
                    // SAFETY: these columns are this call's own.
                    let to = unsafe { target.columns(k, column, 1) };
                    to[0] = T::of(bin[0]);
                    to[1] = T::of(bin[1]);
                }
            }
        }
    }

    /// Reads `count` spectra, columns `column ..` of `[bins, frames, 2]`, and transforms them back.
    pub fn inverse<T: Real>(&mut self, source: &[T], frames: usize, column: usize, count: usize) {
        let group = self.group();
        let spectra = self.spectra_mut();
        if group == LANES && count == LANES {
            // SAFETY: the level was found on this machine; slices are checked as they are taken.
            unsafe { Level::best().run(Read { source, frames, column, spectra }) }
        } else {
            for (k, rows) in spectra.chunks_exact_mut(2 * group).enumerate() {
                let pairs = source[2 * (k * frames + column)..][..2 * count].chunks_exact(2);
                for (l, pair) in pairs.enumerate() {
                    rows[l] = pair[0].to_f64();
                    rows[group + l] = pair[1].to_f64();
                }
            }
        }
        self.back();
    }

    /// The spectra at work: for every bin a row of real parts and one of imaginary parts, [`Engine::group`] frames each.
    pub fn spectra(&self) -> &[f64] {
        match &self.kind {
            Kind::Lanes { spectra, .. } => spectra,
            Kind::Single { spectrum, .. } => spectrum,
        }
    }

    /// The same, to be written for [`Engine::back`].
    pub fn spectra_mut(&mut self) -> &mut [f64] {
        match &mut self.kind {
            Kind::Lanes { spectra, .. } => spectra,
            Kind::Single { spectrum, .. } => spectrum,
        }
    }

    /// Transforms the spectra at work back.
    pub fn back(&mut self) {
        match &mut self.kind {
            Kind::Lanes { plan, frames, spectra } => {
                plan.inverse(spectra, frames);
                let n = plan.n();
                self.segment.resize(LANES * n, 0.0);
                lanes::scatter(frames, &mut self.segment, n, LANES, n);
            }
            Kind::Single { plan, spectrum } => {
                self.segment.resize(plan.n(), 0.0);
                plan.inverse(spectrum, spectrum.len() / 2, &mut self.segment)
                    .expect("the engine's own buffers fit its plan");
            }
        }
    }

    /// Frame `i` of those transformed back.
    pub fn frame(&self, i: usize, n: usize) -> &[f64] {
        &self.segment[i * n..][..n]
    }
}

/// Rounds rows of lanes to pairs and writes them to the target's columns.
struct Write<'a, T> {
    spectra: &'a [f64],
    count: usize,
    column: usize,
    target: Target<T>,
}

impl<T: Real> Kernel<f64> for Write<'_, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = f64>>(self) {
        for (k, rows) in self.spectra.chunks_exact(2 * LANES).enumerate() {
            // A whole group at once, in arrays of known lengths: compilers make vectors of that.
            let mut pairs = [T::zero(); 2 * LANES];
            for l in 0..LANES {
                pairs[2 * l] = T::of(rows[l]);
                pairs[2 * l + 1] = T::of(rows[LANES + l]);
            }
            // SAFETY: these columns are this call's own.
            let to = unsafe { self.target.columns(k, self.column, self.count) };
            if to.len() == pairs.len() {
                to.copy_from_slice(&pairs);
            } else {
                to.copy_from_slice(&pairs[..to.len()]);
            }
        }
    }
}

/// Puts frames side by side and windows them, in `f64`: a part that stays in the first-level cache at a time, which is
/// turned in the precision of the samples.
fn load_windowed<T: Real>(samples: &[T], stride: usize, count: usize, window: &[f64], frames: &mut [f64]) {
    const PART: usize = 128;
    /// Rows on their own cache lines.
    #[repr(align(64))]
    struct Rows<T>([T; PART * LANES]);

    let mut rows = Rows([T::zero(); PART * LANES]);
    for (i, (window, frames)) in window.chunks(PART).zip(frames.chunks_mut(PART * LANES)).enumerate() {
        let rows = &mut rows.0[..window.len() * LANES];
        lanes::gather_rows(&samples[i * PART..], stride, count, window.len(), LANES, rows);
        // SAFETY: the level was found on this machine; slices are checked as they are taken.
        unsafe { Level::best().run(Multiply { rows, window, frames }) }
    }
}

/// Multiplies row `i` by the window's value `i`.
struct Multiply<'a, T> {
    rows: &'a [T],
    window: &'a [f64],
    frames: &'a mut [f64],
}

impl<T: Real> Kernel<f64> for Multiply<'_, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = f64>>(self) {
        let Self { rows, window, frames } = self;
        assert!(rows.len() == window.len() * LANES && frames.len() == rows.len());
        // By index: iterators in a row are not always inlined into the kernel, and then lack its instruction set.
        for i in 0..window.len() {
            let mut row = [0.0; LANES];
            for l in 0..LANES {
                row[l] = rows[i * LANES + l].to_f64();
            }
            for part in (0..LANES).step_by(V::WIDTH) {
                // SAFETY: there is a row for every value of the window, and `part` begins within a row.
                unsafe {
                    let windowed = V::load(row.as_ptr().add(part)) * V::splat(window[i]);
                    windowed.store(frames.as_mut_ptr().add(i * LANES + part));
                }
            }
        }
    }
}

/// Takes a whole group of columns of pairs apart.
struct Read<'a, T> {
    source: &'a [T],
    frames: usize,
    column: usize,
    spectra: &'a mut [f64],
}

impl<T: Real> Kernel<f64> for Read<'_, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = f64>>(self) {
        for k in 0..self.spectra.len() / (2 * LANES) {
            let pairs = &self.source[2 * (k * self.frames + self.column)..][..2 * LANES];
            let rows = &mut self.spectra[2 * LANES * k..][..2 * LANES];
            for l in 0..LANES {
                rows[l] = pairs[2 * l].to_f64();
                rows[LANES + l] = pairs[2 * l + 1].to_f64();
            }
        }
    }
}
