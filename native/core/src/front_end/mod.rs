//! One front end for all: every setting that the usual libraries differ in, in double precision, of all frames or a few.
//!
//! The doctor extracts features under hundreds of settings with it, so it takes any combination, where the packages' own functions
//! are each one library's. It ends with the filters' energies; logarithms and what follows are the caller's, who can try many of
//! them on the same energies.

mod bank;
mod options;
#[cfg(test)]
mod tests;

use crate::fft::Rfft;
use crate::jobs::map;
use crate::mel::Row;
use crate::stft::PadMode;
use crate::{Result, check_finite, dither};
pub use options::{DcOffset, FrontEndOptions, MelScale, Norm, Padding, Shape, Spectrum, Triangles};

/// A signal whose features are extracted under many settings.
pub struct Audio {
    samples: Vec<f64>,
}

impl Audio {
    /// Checks the samples.
    pub fn new(samples: Vec<f64>) -> Result<Self> {
        check_finite("samples", &samples, true)?;
        Ok(Self { samples })
    }

    /// Frames of the whole signal.
    pub fn frames(&self, options: &FrontEndOptions) -> usize {
        let samples = (self.samples.len() as f64 + options.shift).max(0.0) as usize;
        let (length, shift) = (options.frame_length, options.frame_shift);
        match options.padding {
            Padding::Snip if samples < length => 0,
            Padding::Snip => 1 + (samples - length) / shift,
            Padding::Mirror => (samples + shift / 2) / shift,
            Padding::Reflect | Padding::Constant => 1 + samples / shift,
            Padding::End if samples <= length => 1,
            Padding::End => 1 + (samples - length).div_ceil(shift),
        }
    }

    /// The energies of the filters in some frames, or in all: `[frames, columns + 2]`. The last two columns are the energy
    /// of the frame's samples before pre-emphasis and window, and after both.
    pub fn extract(&self, options: &FrontEndOptions, frames: Option<&[usize]>, threads: bool) -> Result<Vec<f64>> {
        options.check()?;
        let mut plan = Plan::new(options, &self.samples)?;
        let count = self.frames(options);
        let all: Vec<usize>;
        let frames = match frames {
            Some(some) => some,
            None => {
                all = (0..count).collect();
                &all
            }
        };
        /// Frames of a job.
        const CHUNK: usize = 64;
        let rows = map(threads, frames.len().div_ceil(CHUNK), &mut plan, |plan, job| {
            let frames = &frames[job * CHUNK..frames.len().min((job + 1) * CHUNK)];
            let mut rows = Vec::with_capacity(frames.len() * (options.columns() + 2));
            for &frame in frames {
                plan.frame(&self.samples, frame, &mut rows)?;
            }
            Ok(rows)
        });
        Ok(rows.into_iter().collect::<Result<Vec<_>>>()?.concat())
    }

    /// [`extract`](Self::extract) under many settings, shared among threads.
    pub fn extract_many(&self, options: &[FrontEndOptions], frames: &[usize], threads: bool) -> Vec<Result<Vec<f64>>> {
        map(threads, options.len(), &mut (), |(), job| self.extract(&options[job], Some(frames), false))
    }
}

#[derive(Clone)]
struct Plan<'a> {
    options: &'a FrontEndOptions,
    window: Vec<f64>,
    rows: Vec<Row<f64>>,
    fft: Rfft<f64>,
    mean: f64,
    frame: Vec<f64>,
    bins: Vec<f64>,
    powers: Vec<f64>,
}

impl<'a> Plan<'a> {
    fn new(options: &'a FrontEndOptions, samples: &[f64]) -> Result<Self> {
        let fft = Rfft::new(options.fft_length)?;
        let bins = fft.bins();
        let mean = match options.dc_offset {
            DcOffset::Signal if !samples.is_empty() => samples.iter().sum::<f64>() / samples.len() as f64,
            _ => 0.0,
        };
        Ok(Self {
            options,
            window: options.window.0.values(options.frame_length, options.periodic),
            rows: if options.num_bins == 0 { Vec::new() } else { bank::bank(options) },
            fft,
            mean,
            frame: vec![0.0; options.fft_length],
            bins: vec![0.0; 2 * bins],
            powers: vec![0.0; bins],
        })
    }

    /// Index of the first sample of a frame's window.
    fn first(&self, frame: usize) -> isize {
        let FrontEndOptions { frame_length, frame_shift, fft_length, padding, .. } = *self.options;
        let lead = match padding {
            Padding::Snip | Padding::End => 0,
            Padding::Mirror => frame_length / 2 - frame_shift / 2,
            // The window is in the middle of the transform, and that at a multiple of the shift.
            Padding::Reflect | Padding::Constant => fft_length / 2 - (fft_length - frame_length) / 2,
        };
        (frame * frame_shift) as isize - lead as isize
    }

    /// A sample of the signal without its mean, after the shift and the pre-emphasis over the whole signal.
    fn sample(&self, samples: &[f64], at: isize, total: isize) -> f64 {
        let c = self.options.signal_preemphasis;
        let raw = |at: isize| {
            let at = at - self.options.shift as isize;
            if at >= 0 && (at as usize) < samples.len() { samples[at as usize] - self.mean } else { 0.0 }
        };
        let beyond = match self.options.padding {
            Padding::Mirror => PadMode::Symmetric,
            Padding::Reflect => PadMode::Reflect,
            Padding::Snip | Padding::Constant | Padding::End => PadMode::Constant,
        };
        let Some(at) = beyond.source(at as i64, total as usize) else { return 0.0 };
        let at = at as isize;
        // The first sample has none before it.
        let before = |at: isize, back: isize| if at >= back { raw(at - back) } else { 0.0 };
        if c == 0.0 {
            raw(at)
        } else if self.options.preemphasis_times == 1 {
            raw(at) - c * before(at, 1)
        } else {
            raw(at) - 2.0 * c * before(at, 1) + c * c * before(at, 2)
        }
    }

    /// Appends the energies of a frame.
    fn frame(&mut self, samples: &[f64], frame: usize, out: &mut Vec<f64>) -> Result<()> {
        let options = self.options;
        let length = options.frame_length;
        let total = samples.len() as isize + options.shift as isize;
        let first = self.first(frame);
        let mut x = std::mem::take(&mut self.frame);
        if total <= 0 {
            x.fill(0.0);
        } else {
            for (i, x) in x[..length].iter_mut().enumerate() {
                *x = self.sample(samples, first + i as isize, total);
            }
        }
        let x_frame = &mut x[..length];
        if options.dither > 0.0 {
            dither::add(x_frame, options.dither, options.seed, frame);
        }
        if options.dc_offset == DcOffset::Frame {
            let mean = x_frame.iter().sum::<f64>() / length as f64;
            x_frame.iter_mut().for_each(|x| *x -= mean);
        }
        let raw = x_frame.iter().map(|x| x * x).sum::<f64>();
        if options.frame_preemphasis != 0.0 {
            for _ in 0..options.preemphasis_times {
                for i in (1..length).rev() {
                    x_frame[i] -= options.frame_preemphasis * x_frame[i - 1];
                }
                x_frame[0] -= options.frame_preemphasis * x_frame[0];
            }
        }
        x_frame.iter_mut().zip(&self.window).for_each(|(x, w)| *x *= w);
        let windowed = x_frame.iter().map(|x| x * x).sum::<f64>();
        self.fft.forward(&x, options.fft_length, &mut self.bins)?;
        self.frame = x;
        for (power, bin) in self.powers.iter_mut().zip(self.bins.chunks_exact(2)) {
            *power = bin[0] * bin[0] + bin[1] * bin[1];
            if options.spectrum == Spectrum::Magnitude {
                *power = power.sqrt();
            }
        }
        if options.num_bins == 0 {
            out.extend_from_slice(&self.powers);
        }
        for row in &self.rows {
            let powers = &self.powers[row.first..];
            out.push(row.weights.iter().zip(powers).map(|(w, p)| w * p).sum());
        }
        out.extend([raw, windowed]);
        Ok(())
    }
}
