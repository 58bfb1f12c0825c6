//! From samples to a windowed frame. All of it in double precision: what is subtracted here (the mean, the previous
//! sample) is where single precision would lose the quiet cells.

// Loops count by index on purpose: iterators in a row are not always inlined into the kernels.
#![allow(clippy::needless_range_loop)]

use super::frames::{Framing, Stretch};
use super::options::{FbankOptions, Features, MfccOptions, Options};
use super::tables;
use crate::dither;
use crate::simd::Real;

/// What the preparation of frames needs to know.
pub struct Preparation {
    pub framing: Framing,
    window: Vec<f64>,
    dither: f64,
    seed: u64,
    remove_dc_offset: bool,
    preemphasis: f64,
    energy: Energy,
    log_floor: Option<f64>,
}

/// Which energy is requested.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Energy {
    None,
    Raw,
    Windowed,
}

impl Preparation {
    pub fn new(options: &Options) -> Self {
        let Options { frames, features } = options;
        let framing = frames.framing();
        let asked = match features {
            Features::Spectrogram => true,
            Features::Fbank(FbankOptions { use_energy, .. }) | Features::Mfcc(MfccOptions { use_energy, .. }) => {
                *use_energy
            }
        };
        Self {
            framing,
            window: tables::window(frames.window_type, framing.size, frames.blackman_coeff),
            dither: frames.dither,
            seed: frames.seed,
            remove_dc_offset: frames.remove_dc_offset,
            preemphasis: frames.preemphasis_coefficient,
            energy: match (asked, frames.raw_energy) {
                (false, _) => Energy::None,
                (true, true) => Energy::Raw,
                (true, false) => Energy::Windowed,
            },
            log_floor: (frames.energy_floor > 0.0).then(|| frames.energy_floor.ln()),
        }
    }

    /// Reads, dithers, centres, emphasises and windows frame number `index` into `out`; returns its log energy, or 0
    /// if it is not requested. `frame` is scratch; both have room for one frame.
    #[inline(always)]
    pub fn frame<S: Real, T: Real>(
        &self,
        stretch: &Stretch<'_, S>,
        index: usize,
        frame: &mut [f64],
        out: &mut [T],
    ) -> f64 {
        stretch.read(self.framing.first_sample(index), frame);
        let size = self.framing.size;
        if self.dither != 0.0 {
            dither::add(frame, self.dither, self.seed, index);
        }
        let mean = if self.remove_dc_offset { sum(frame, |x| x) / size as f64 } else { 0.0 };
        let c = self.preemphasis;
        // The sample before the first one is taken to equal it.
        let first = ((frame[0] - mean) - c * (frame[0] - mean)) * self.window[0];
        out[0] = T::of(first);
        let window = &self.window[..size];
        let (frame, out) = (&mut frame[..size], &mut out[..size]);
        for i in 1..size {
            out[i] = T::of(((frame[i] - mean) - c * (frame[i - 1] - mean)) * window[i]);
        }
        let energy = match self.energy {
            Energy::None => return 0.0,
            Energy::Raw => sum(frame, |x| (x - mean) * (x - mean)),
            Energy::Windowed => {
                // In double precision whatever `out` is: backwards in place, because each needs its predecessor.
                for i in (1..size).rev() {
                    frame[i] = ((frame[i] - mean) - c * (frame[i - 1] - mean)) * window[i];
                }
                frame[0] = first;
                sum(frame, |x| x * x)
            }
        };
        let log = energy.max(super::EPSILON).ln();
        self.log_floor.map_or(log, |floor| log.max(floor))
    }
}

/// A sum in sixteen parts, which the compiler turns into vectors and which loses less than one long chain.
#[inline(always)]
fn sum(values: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    let mut parts = [0.0f64; 16];
    let whole = values.len() - values.len() % 16;
    for start in (0..whole).step_by(16) {
        let chunk = &values[start..start + 16];
        for i in 0..16 {
            parts[i] += f(chunk[i]);
        }
    }
    for i in whole..values.len() {
        parts[i - whole] += f(values[i]);
    }
    let mut width = 16;
    while width > 1 {
        width /= 2;
        for i in 0..width {
            parts[i] += parts[i + width];
        }
    }
    parts[0]
}
