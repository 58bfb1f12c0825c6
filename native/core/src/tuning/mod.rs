//! Tuning: pitches of spectral peaks (`librosa.piptrack`), and how far they lie off the grid of bins
//! (`librosa.pitch_tuning`, `estimate_tuning`).
//!
//! Peaks are interpolated by a parabola (J. O. Smith, "Sinusoidal peak interpolation"). Which bin of a histogram wins can
//! hang on a few values, so everything here is rounded where librosa rounds it: spectra in `f64`, what is kept of them in the
//! signal's own type.

mod histogram;
mod peaks;
mod source;
#[cfg(test)]
mod tests;

pub use histogram::pitch_tuning;
pub use peaks::Reference;
pub(crate) use peaks::{Peaks, W};

use crate::jobs::in_order;
use crate::options::{FromOption, Source as Options, Value, mismatch};
use crate::shape::{check_signal, check_size};
use crate::simd::Real;
use crate::stft::{PadMode, StftOptions};
use crate::window::Window;
use crate::{Error, Result, check_finite, options};
use source::Source;
use std::borrow::Cow;

options! {
    /// The options of [`piptrack`].
    #[derive(Debug, Clone, PartialEq)]
    pub struct PiptrackOptions {
        /// Sample rate in Hz.
        pub sr: f64,
        /// How frames are cut from a signal; of a spectrogram only `n_fft` counts.
        pub frames: StftOptions,
        /// The lowest frequency of a peak, in hertz.
        pub fmin: f64,
        /// Peaks lie below this frequency, in hertz.
        pub fmax: f64,
        /// The part of `reference` that a peak must exceed.
        pub threshold: f64,
        pub reference: Reference,
    }
}

options! {
    /// The options of [`pitch_tuning`].
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct PitchTuningOptions {
        /// Width of the histogram's bins, as a fraction of a bin of the scale.
        pub resolution: f64,
        /// Bins of the scale per octave.
        pub bins_per_octave: usize,
    }
}

options! {
    /// The options of [`estimate_tuning`].
    #[derive(Debug, Clone, PartialEq)]
    pub struct TuningOptions {
        pub piptrack: PiptrackOptions,
        pub histogram: PitchTuningOptions,
    }
}

/// The option `ref`: a magnitude, values per frame, or none for each frame's maximum.
impl FromOption for Reference {
    fn names(_: &str) -> Vec<String> {
        vec!["ref".to_owned()]
    }

    fn from_option(source: &dyn Options, _: &str) -> Result<Self> {
        match source.value("ref")? {
            Value::Missing => Ok(Self::Max),
            Value::Number(magnitude) => Ok(Self::Magnitude(magnitude)),
            Value::Numbers(frames) => Ok(Self::Frames(frames)),
            other => Err(mismatch("ref", "a magnitude or values per frame", &other)),
        }
    }
}

impl TuningOptions {
    /// librosa's defaults, which other functions use where they are given no tuning.
    pub(crate) fn standard(sr: f64, bins_per_octave: usize) -> Self {
        const N_FFT: usize = 2048;
        let frames = StftOptions {
            n_fft: N_FFT,
            hop_length: N_FFT / 4,
            window: Window::Hann.values(N_FFT, true),
            center: true,
            pad_mode: PadMode::Constant,
        };
        Self::around(sr, bins_per_octave, frames)
    }

    /// The same with frames that are cut in another way.
    pub(crate) fn around(sr: f64, bins_per_octave: usize, frames: StftOptions) -> Self {
        let reference = Reference::Max;
        let piptrack = PiptrackOptions { sr, frames, fmin: 150.0, fmax: 4000.0, threshold: 0.1, reference };
        Self { piptrack, histogram: PitchTuningOptions { resolution: 0.01, bins_per_octave } }
    }
}

/// Frames that one job takes.
const SHARE: usize = 256;

/// Pitches in hertz and magnitudes of the peaks of every frame, both `[channels, bins, frames]` and zero where there is no
/// peak, of channels of `samples` samples. On all cores with `threads`; bit-identical.
pub fn piptrack<T: Real>(
    y: &[T],
    samples: usize,
    options: &PiptrackOptions,
    threads: bool,
) -> Result<(Vec<T>, Vec<T>)> {
    check_signal(y, samples, threads)?;
    track(&Source::signal(y, samples, &options.frames, 1)?, options, threads)
}

/// The same of magnitudes `[channels, bins, frames]`, `bins` of them.
pub fn piptrack_from_spectrogram<T: Real>(
    s: &[T],
    bins: usize,
    frames: usize,
    options: &PiptrackOptions,
    threads: bool,
) -> Result<(Vec<T>, Vec<T>)> {
    let n_fft = check_spectrogram(s, bins, frames, options.frames.n_fft)?;
    let options = &PiptrackOptions { frames: StftOptions { n_fft, ..options.frames.clone() }, ..options.clone() };
    track(&Source::Spectrogram { s, bins, frames }, options, threads)
}

fn track<T: Real>(source: &Source<T>, options: &PiptrackOptions, threads: bool) -> Result<(Vec<T>, Vec<T>)> {
    let (channels, bins, frames) = source.shape();
    let peaks = Peaks::new(options, bins, frames, channels)?;
    let size = check_size(&[channels, bins, frames])?;
    let (mut pitches, mut magnitudes) = (vec![T::zero(); size], vec![T::zero(); size]);
    visit(
        source,
        &peaks,
        threads,
        |found: &mut Vec<_>, channel, bin, frame, pitch, magnitude| found.push((channel, bin, frame, pitch, magnitude)),
        |found: Vec<(usize, usize, usize, T, T)>| {
            for (channel, bin, frame, pitch, magnitude) in found {
                let at = (channel * bins + bin) * frames + frame;
                (pitches[at], magnitudes[at]) = (pitch, magnitude);
            }
        },
    )?;
    Ok((pitches, magnitudes))
}

/// The tuning of channels of `samples` samples taken together, as a fraction of a bin from -0.5 to 0.5; nothing where no peak is
/// found (librosa then warns and takes 0). On all cores with `threads`; bit-identical.
pub fn try_estimate_tuning<T: Real>(
    y: &[T],
    samples: usize,
    options: &TuningOptions,
    threads: bool,
) -> Result<Option<f64>> {
    check_signal(y, samples, threads)?;
    estimate(&Source::signal(y, samples, &options.piptrack.frames, 1)?, options, threads)
}

/// [`try_estimate_tuning`], with 0 for nothing.
pub fn estimate_tuning<T: Real>(y: &[T], samples: usize, options: &TuningOptions, threads: bool) -> Result<f64> {
    Ok(try_estimate_tuning(y, samples, options, threads)?.unwrap_or(0.0))
}

/// The same for a signal that is known to be good, by the magnitudes of its short-time transform to this power, 1 or 2.
pub(crate) fn estimate_tuning_of<T: Real>(
    y: &[T],
    samples: usize,
    options: &TuningOptions,
    power: u8,
    threads: bool,
) -> Result<f64> {
    let source = Source::signal(y, samples, &options.piptrack.frames, power)?;
    Ok(estimate(&source, options, threads)?.unwrap_or(0.0))
}

/// The tuning of a spectrogram `[channels, bins, frames]`; nothing where no peak is found.
pub fn estimate_tuning_from_spectrogram<T: Real>(
    s: &[T],
    bins: usize,
    frames: usize,
    options: &TuningOptions,
    threads: bool,
) -> Result<Option<f64>> {
    let n_fft = check_spectrogram(s, bins, frames, options.piptrack.frames.n_fft)?;
    let frames_of = StftOptions { n_fft, ..options.piptrack.frames.clone() };
    let piptrack = PiptrackOptions { frames: frames_of, ..options.piptrack.clone() };
    let options = TuningOptions { piptrack, ..*options };
    estimate(&Source::Spectrogram { s, bins, frames }, &options, threads)
}

fn estimate<T: Real>(source: &Source<T>, options: &TuningOptions, threads: bool) -> Result<Option<f64>> {
    let (channels, bins, frames) = source.shape();
    histogram::check(&options.histogram)?;
    let mut piptrack = Cow::Borrowed(&options.piptrack);
    if source.is_power() {
        // As from a spectrogram, which does not show that the transform had an odd length.
        piptrack.to_mut().frames.n_fft = 2 * (bins - 1);
    }
    let peaks = Peaks::new(&piptrack, bins, frames, channels)?;
    let (mut pitches, mut magnitudes) = (Vec::new(), Vec::new());
    visit(
        source,
        &peaks,
        threads,
        |found: &mut Vec<(T, T)>, _, _, _, pitch, magnitude| {
            if pitch > T::zero() {
                found.push((pitch, magnitude));
            }
        },
        |found: Vec<(T, T)>| {
            pitches.extend(found.iter().map(|(pitch, _)| *pitch));
            magnitudes.extend(found.iter().map(|(_, magnitude)| *magnitude));
        },
    )?;
    let Some(threshold) = histogram::median(&magnitudes) else { return Ok(None) };
    let strong: Vec<T> = pitches
        .into_iter()
        .zip(magnitudes)
        .filter(|(_, magnitude)| *magnitude >= threshold)
        .map(|(pitch, _)| pitch)
        .collect();
    pitch_tuning(&strong, &options.histogram)
}

/// The transform's length that a spectrogram of so many bins comes from: the one that was named, where it has as many.
pub(crate) fn check_spectrogram<T: Real>(s: &[T], bins: usize, frames: usize, n_fft: usize) -> Result<usize> {
    let size = bins.checked_mul(frames).unwrap_or(0);
    if size == 0 || s.is_empty() || !s.len().is_multiple_of(size) {
        return Err(Error::shape("S", format!("at least one channel of {bins} bins and {frames} frames"), s.len()));
    }
    check_finite("S", s, false)?;
    Ok(if n_fft / 2 + 1 == bins { n_fft } else { 2 * (bins - 1) })
}

/// Finds the peaks of everything: `found(&mut list, channel, bin, frame, pitch, magnitude)` for each, `take(list)` in order.
fn visit<T: Real, L: Default + Send>(
    source: &Source<T>,
    peaks: &Peaks<T>,
    threads: bool,
    found: impl Fn(&mut L, usize, usize, usize, T, T) + Sync,
    mut take: impl FnMut(L) + Send,
) -> Result<()> {
    let (channels, _, frames) = source.shape();
    let shares = frames.div_ceil(SHARE);
    let mut reader = source.reader()?;
    in_order(
        threads,
        channels * shares,
        &mut reader,
        |reader, job| {
            let mut list = L::default();
            let (channel, first) = (job / shares, job % shares * SHARE);
            let end = frames.min(first + SHARE);
            for first in (first..end).step_by(W) {
                let count = W.min(end - first);
                let (rows, maxima) = reader.magnitudes(source, channel, first, count, peaks.reach());
                peaks.find(rows, maxima, channel, first, count, |bin, lane, pitch, magnitude| {
                    found(&mut list, channel, bin, first + lane, pitch, magnitude);
                });
            }
            list
        },
        |_, list| take(list),
    );
    Ok(())
}
