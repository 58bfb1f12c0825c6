//! The cumulative mean normalised difference of frames, side by side in lanes, in `f64` whatever the samples are.
//!
//! A frame's difference function is `d(k) = 2 (r(0) - r(k)) - e(k)`, with the autocorrelation `r` from a transform that is
//! just long enough for the largest lag not to be folded onto (frame + lag, not twice the frame), and the energy
//! `e(k)` of the first `k` samples. librosa counts no energy at lag 1; so do we.

use super::Compared;
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
    pub compared: Option<Compared>,
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
    /// The part of the frames that they are compared with, where that is not all of it.
    part: Option<LaneBuffer<f64>>,
    /// The autocorrelation.
    rows: LaneBuffer<f64>,
    normalised: LaneBuffer<f64>,
}

#[derive(Clone)]
enum Kind {
    Lanes {
        plan: LanesRfft<f64>,
        spectra: LaneBuffer<f64>,
        /// Those of the part.
        others: LaneBuffer<f64>,
    },
    /// For lengths that the lanes do not take.
    Single { plan: Box<Rfft<f64>>, frame: Vec<f64>, spectrum: Vec<f64>, other: Vec<f64> },
}

impl Difference {
    pub fn new(lags: Lags) -> Result<Self> {
        let least = lags.frame_length + lags.max_period;
        let n = (least..).find(|&n| lanes::supports(n) || n > 1 << 17).expect("the range has no end");
        let kind = if lanes::supports(n) {
            let others = LaneBuffer::new(if lags.compared.is_some() { n + 2 } else { 0 });
            Kind::Lanes { plan: LanesRfft::new(n)?, spectra: LaneBuffer::new(n + 2), others }
        } else {
            let plan = Box::new(Rfft::new(least.next_power_of_two())?);
            let spectrum = vec![0.0; 2 * plan.bins()];
            Kind::Single { frame: vec![0.0; plan.n()], other: spectrum.clone(), spectrum, plan }
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
            part: lags.compared.map(|_| LaneBuffer::new(n)),
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
        if let (Some(part), Some(Compared(samples))) = (&mut self.part, self.lags.compared) {
            let own = LANES..(samples + 1) * LANES;
            part[own.clone()].copy_from_slice(&self.frames[own]);
        }
        match &mut self.kind {
            Kind::Lanes { plan, spectra, others } => {
                plan.forward(&self.frames, spectra);
                if let Some(part) = &self.part {
                    plan.forward(part, others);
                    product(rows_mut(spectra), rows(others));
                } else {
                    // SAFETY: the level was found on this machine.
                    unsafe { Level::best().run(Power(rows_mut(spectra))) };
                }
                plan.inverse(spectra, &mut self.rows);
            }
            Kind::Single { plan, frame, spectrum, other } => {
                let to = rows_mut(&mut self.rows);
                for l in 0..count {
                    let mut transform = |from: &[f64], spectrum: &mut [f64]| {
                        frame.iter_mut().zip(rows(from)).for_each(|(x, row)| *x = row[l]);
                        plan.forward(frame, frame.len(), spectrum).expect("the buffers fit their plan");
                    };
                    transform(&self.frames, spectrum);
                    match &self.part {
                        Some(part) => transform(part, other),
                        None => other.copy_from_slice(spectrum),
                    }
                    for (bin, other) in spectrum.chunks_exact_mut(2).zip(other.chunks_exact(2)) {
                        let (re, im) = (bin[0], bin[1]);
                        (bin[0], bin[1]) = (re * other[0] + im * other[1], im * other[0] - re * other[1]);
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
        match self.lags.compared {
            // SAFETY: the level was found on this machine.
            None => unsafe { Level::best().run(work) },
            Some(Compared(samples)) => work.compared(samples),
        }
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

impl Normalise<'_> {
    /// The same as librosa 0.10 has it: by the energies of both of the parts that are compared, of `samples` samples each.
    fn compared(self, samples: usize) {
        /// What lies closer to 0 counts as 0.
        const LEAST: f64 = 1e-6;
        let Lags { min_period, max_period, .. } = self.lags;
        let kept = |x: f64| if x.abs() < LEAST { 0.0 } else { x };
        for l in 0..LANES {
            let mut sums = vec![0.0];
            sums.extend(self.frames[..samples + max_period + 1].iter().scan(0.0, |sum, row| {
                *sum += row[l] * row[l];
                Some(*sum)
            }));
            let energy = |k: usize| kept(sums[samples + k + 1] - sums[k + 1]);
            let mut sum = 0.0;
            for k in 1..=max_period {
                let d = energy(0) + energy(k) - 2.0 * kept(self.correlation[k][l]);
                sum += d;
                if k >= min_period {
                    self.to[k - min_period][l] = d / (sum / k as f64 + f64::MIN_POSITIVE);
                }
            }
        }
    }
}

/// Spectra times the conjugates of others, in place.
fn product(spectra: &mut [Row], others: &[Row]) {
    for ([re, im], [a, b]) in spectra.as_chunks_mut::<2>().0.iter_mut().zip(others.as_chunks::<2>().0) {
        for l in 0..LANES {
            (re[l], im[l]) = (re[l] * a[l] + im[l] * b[l], im[l] * a[l] - re[l] * b[l]);
        }
    }
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
