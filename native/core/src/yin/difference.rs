//! The cumulative mean normalised difference of frames, side by side in lanes, in `f64` whatever the samples are.
//!
//! A frame's difference function is `d(k) = 2 (r(0) - r(k)) - e(k)`, with the autocorrelation `r` from a transform that is
//! just long enough for the largest lag not to be folded onto (frame + lag, not twice the frame), and the energy
//! `e(k)` of the first `k` samples. librosa counts no energy at lag 1; so do we.

use crate::Result;
use crate::fft::Rfft;
use crate::fft::lanes::{self, LaneBuffer, LanesRfft};
use crate::simd::{Kernel, Level, Real, Simd};
use crate::stft::signal::Signal;

/// Frames that are worked on at once.
pub const LANES: usize = <f64 as Real>::LANES;

/// One value of every frame.
pub type Row = [f64; LANES];

/// The lags of a search and the frames they are searched in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lags {
    pub frame_length: usize,
    pub min_period: usize,
    pub max_period: usize,
}

impl Lags {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.max_period - self.min_period + 1
    }
}

/// The computation with its buffers. Clones share tables and have buffers of their own.
#[derive(Clone)]
pub struct Difference {
    lags: Lags,
    kind: Kind,
    segment: Vec<f64>,
    /// `n` rows: samples, and zeros beyond them.
    frames: LaneBuffer<f64>,
    /// The autocorrelation, then the differences.
    rows: LaneBuffer<f64>,
    normalised: LaneBuffer<f64>,
}

#[derive(Clone)]
enum Kind {
    Lanes {
        plan: LanesRfft<f64>,
        spectra: LaneBuffer<f64>,
    },
    /// For lengths that the lanes do not take.
    Single {
        plan: Box<Rfft<f64>>,
        frame: Vec<f64>,
        spectrum: Vec<f64>,
    },
}

impl Difference {
    pub fn new(lags: Lags) -> Result<Self> {
        let least = lags.frame_length + lags.max_period;
        let n = (least..).find(|&n| lanes::supports(n) || n > 1 << 17).expect("the range has no end");
        let kind = if lanes::supports(n) {
            Kind::Lanes { plan: LanesRfft::new(n)?, spectra: LaneBuffer::new(n + 2) }
        } else {
            let plan = Box::new(Rfft::new(least.next_power_of_two())?);
            Kind::Single { frame: vec![0.0; plan.n()], spectrum: vec![0.0; 2 * plan.bins()], plan }
        };
        let n = match &kind {
            Kind::Lanes { plan, .. } => plan.n(),
            Kind::Single { plan, .. } => plan.n(),
        };
        Ok(Self {
            lags,
            kind,
            segment: Vec::new(),
            frames: LaneBuffer::new(n),
            rows: LaneBuffer::new(n),
            normalised: LaneBuffer::new(lags.count()),
        })
    }

    /// The normalised differences of `count` frames (at most `LANES`), `hop` apart, the first one beginning at `start`:
    /// one row a lag, from the smallest period on. What a frame yields does not depend on the others.
    pub fn normalised<T: Real>(&mut self, signal: &Signal<T>, start: i64, hop: usize, count: usize) -> &[Row] {
        let n = self.lags.frame_length;
        let stride = signal.cut(start, n, hop, count, &mut self.segment);
        lanes::gather(&self.segment, stride, count, n, &mut self.frames[..n * LANES]);
        match &mut self.kind {
            Kind::Lanes { plan, spectra } => {
                plan.forward(&self.frames, spectra);
                // SAFETY: the level was found on this machine.
                unsafe { Level::best().run(Power(rows_mut(spectra))) };
                plan.inverse(spectra, &mut self.rows);
            }
            Kind::Single { plan, frame, spectrum } => {
                let (from, to) = (rows(&self.frames), rows_mut(&mut self.rows));
                for l in 0..count {
                    frame.iter_mut().zip(from).for_each(|(x, row)| *x = row[l]);
                    plan.forward(frame, frame.len(), spectrum).expect("the buffers fit their plan");
                    for bin in spectrum.chunks_exact_mut(2) {
                        (bin[0], bin[1]) = (bin[0] * bin[0] + bin[1] * bin[1], 0.0);
                    }
                    plan.inverse(spectrum, spectrum.len() / 2, frame).expect("the buffers fit their plan");
                    frame.iter().zip(to.iter_mut()).for_each(|(x, row)| row[l] = *x);
                }
            }
        }
        let work = Normalise {
            lags: self.lags,
            frames: rows(&self.frames),
            correlation: rows(&self.rows),
            to: rows_mut(&mut self.normalised),
        };
        // SAFETY: the level was found on this machine.
        unsafe { Level::best().run(work) };
        rows(&self.normalised)
    }
}

/// A buffer's rows.
fn rows(buffer: &[f64]) -> &[Row] {
    buffer.as_chunks::<LANES>().0
}

/// The same, writable.
fn rows_mut(buffer: &mut [f64]) -> &mut [Row] {
    buffer.as_chunks_mut::<LANES>().0
}

/// Spectra to their powers, in place.
struct Power<'a>(&'a mut [Row]);

impl Kernel<f64> for Power<'_> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = f64>>(self) {
        for [re, im] in self.0.as_chunks_mut::<2>().0 {
            for l in 0..LANES {
                re[l] = re[l] * re[l] + im[l] * im[l];
                im[l] = 0.0;
            }
        }
    }
}

/// Differences, their running mean and the quotient, all of them in one walk over the lags.
struct Normalise<'a> {
    lags: Lags,
    frames: &'a [Row],
    correlation: &'a [Row],
    to: &'a mut [Row],
}

impl Kernel<f64> for Normalise<'_> {
    type Output = ();

    // Rows are arrays of a known length: the compiler makes vectors of the instruction set of them.
    #[inline(always)]
    unsafe fn run<V: Simd<Elem = f64>>(self) {
        let Lags { min_period, max_period, .. } = self.lags;
        let zero_lag = self.correlation[0];
        let (mut energy, mut sum) = ([0.0; LANES], [0.0; LANES]);
        let mut to = self.to.iter_mut();
        for k in 1..=max_period {
            let (y, r) = (&self.frames[k - 1], &self.correlation[k]);
            let mut d = [0.0; LANES];
            for l in 0..LANES {
                energy[l] += y[l] * y[l];
                let head = if k == 1 { 0.0 } else { energy[l] };
                d[l] = 2.0 * (zero_lag[l] - r[l]) - head;
                sum[l] += d[l];
            }
            if k >= min_period {
                let row = to.next().expect("a row for each lag");
                let count = k as f64;
                for l in 0..LANES {
                    row[l] = d[l] / (sum[l] / count + f64::MIN_POSITIVE);
                }
            }
        }
    }
}
