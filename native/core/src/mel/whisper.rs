//! Whisper's log-mel features (Radford et al. 2022; `log_mel_spectrogram` of openai-whisper, `WhisperFeatureExtractor` of
//! transformers): 400-point transforms every 160 samples at 16 kHz, Slaney's filters, `log10`, a floor 8 below the largest
//! value, `(x + 4) / 4`.

use super::bank::{Bank, BankOptions, Norm, Precision, Triangles};
use super::frames::{Finish, Frames};
use super::scale::Scale;
use super::spectrogram::Mel;
use super::whisper_log::RANGE;
use crate::finite::not_finite;
use crate::jobs::for_signals;
use crate::results::results;
use crate::simd::{Real, all_finite, raise};
use crate::stft::{PadMode, Stft, StftOptions};
use crate::window::Window;
use crate::{Error, Result, options};

const RATE: f64 = 16_000.0;
const N_FFT: usize = 400;
const HOP: usize = 160;
options! {
    /// What there is to choose.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct WhisperOptions {
        /// 80, or 128 for the large-v3 models.
        pub n_mels: usize,
        /// Signals are cut or padded with zeros to so many seconds (30 for the models); none: they stay as long as they are.
        pub chunk_length: Option<f64>,
        /// Whether values may be computed in `f32`: faster, and within 1e-5 of those computed in `f64`.
        pub precision: Precision,
    }
}

/// Whisper's filters, `[n_mels, 201]`.
pub fn bank(n_mels: usize) -> Result<Bank> {
    Bank::new(&BankOptions {
        sr: RATE,
        n_fft: N_FFT,
        n_mels,
        fmin: 0.0,
        fmax: RATE / 2.0,
        mel_scale: Scale::Slaney,
        triangles: Triangles::Hertz,
        norm: Norm::Slaney,
        dtype: Precision::Float64,
    })
}

/// Planned Whisper features. Clones share the tables and have their own scratch memory.
#[derive(Clone)]
pub struct Whisper {
    mel: Mel,
    /// In samples.
    length: Option<usize>,
}

impl Whisper {
    /// Checks the options and creates the plan.
    pub fn new(options: &WhisperOptions) -> Result<Self> {
        // Negative lengths and NaN become 0.
        let length = options.chunk_length.map(|seconds| (seconds * RATE).round() as usize);
        if let Some(short) = length.filter(|&length| length < HOP) {
            return Err(Error::argument("chunkLength", format!("at least {HOP} samples"), short));
        }
        let stft = Stft::new(&StftOptions {
            n_fft: N_FFT,
            hop_length: HOP,
            window: Window::Hann.values(N_FFT, true),
            center: true,
            pad_mode: PadMode::Reflect,
        })?;
        let frames = Frames::new(stft, bank(options.n_mels)?, 2.0, Finish::Whisper)?;
        let frames = if options.precision == Precision::Float32 { frames.in_single()? } else { frames };
        Ok(Self { mel: Mel::with(frames, PadMode::Reflect), length })
    }

    /// The filters.
    pub fn bank(&self) -> &Bank {
        self.mel.bank()
    }

    /// Frames of channels of `samples` samples: one every 160 samples of what is transformed, rounded down. The last frame
    /// of a centred transform is dropped.
    pub fn frames(&self, channels: usize, samples: usize) -> Result<usize> {
        let length = if samples == 0 { 0 } else { self.length.unwrap_or(samples) };
        let frames = self.mel.frames(channels, length)? - 1;
        if frames == 0 {
            return Err(Error::shape("y", format!("at least {HOP} samples if it is not padded"), samples));
        }
        Ok(frames)
    }

    /// Channels of `samples` samples at 16 kHz to `[channels, n_mels, frames]`. NaN and infinity are errors.
    pub fn forward<T: Real>(&mut self, y: &[T], samples: usize, threads: bool) -> Result<Vec<T>> {
        let frames = self.check(y, samples)?;
        let size = self.mel.mels() * frames;
        let mut output = results(y.len() / samples * size);
        let mut padded = Vec::new();
        let all = y;
        for (y, output) in y.chunks_exact(samples).zip(output.chunks_exact_mut(size)) {
            let y = match self.length {
                Some(length) if length > samples => {
                    padded.clear();
                    padded.extend_from_slice(y);
                    padded.resize(length, T::default());
                    &padded[..]
                }
                Some(length) => &y[..length],
                None => y,
            };
            // Rounding keeps the order, so the floor may be taken of the rounded values' largest.
            let peaks = self.mel.run(y, y.len(), frames, output, threads).map_err(|()| not_finite("y", all))?;
            raise(output, T::of(peaks[0] - RANGE));
        }
        Ok(output)
    }

    /// Many signals of one channel each. An error names the signal.
    pub fn batch<T: Real>(&self, signals: &[&[T]], threads: bool) -> Result<Vec<Vec<T>>> {
        for_signals(threads, signals, self, |plan, y| plan.forward(y, y.len(), false))
    }

    fn check<T: Real>(&self, y: &[T], samples: usize) -> Result<usize> {
        if samples == 0 || !y.len().is_multiple_of(samples) {
            return Err(Error::shape("y", "at least one sample in every channel", y.len()));
        }
        let frames = self.frames(y.len() / samples, samples)?;
        // What the cut leaves off may not hide a broken signal.
        match self.length {
            Some(length) if length < samples && !all_finite(y) => Err(not_finite("y", y)),
            _ => Ok(frames),
        }
    }
}
