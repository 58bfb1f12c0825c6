//! Mel spectrograms and what is made of them: scales and filter banks, librosa's `melspectrogram`, decibels and `mfcc`,
//! Whisper's log-mel features.
//!
//! Everything is computed in `f64` whatever the samples are, and rounded once at the end. Kaldi's own features, which
//! compute their tables in `f32`, stand in [`crate::kaldi`] and share scales and triangles with this module.

mod bank;
mod combine;
mod db;
mod dct;
mod frames;
mod mfcc;
mod online;
mod scale;
mod single;
mod spectrogram;
#[cfg(test)]
mod tests;
mod whisper;
mod whisper_log;

pub use bank::{Bank, BankOptions, Norm, Precision, Row, Triangles, triangle};
pub use db::{DbOptions, Reference, amplitude_to_db, db_to_amplitude, db_to_power, power_to_db};
pub use dct::{DctNorm, DctType, dct_rows};
pub(crate) use frames::{Finish, Frames};
pub use mfcc::{Cepstrum, MfccOptions, mfcc, mfcc_batch, mfcc_from_spectrogram, mfcc_with};
pub use online::OnlineMel;
pub use scale::{MelFrequencyOptions, Scale, hz_to_mel, mel_frequencies, mel_to_hz};
pub(crate) use spectrogram::TILE;
pub use spectrogram::{Mel, MelOptions, mel_from_spectrogram, melspectrogram};
pub use whisper::{Whisper, WhisperOptions, bank as whisper_bank};

use crate::shape::MAX_ELEMENTS;

/// Refuses results of more than [`MAX_ELEMENTS`] elements, naming the argument that asks for them.
pub(crate) fn check_size(argument: &str, factors: [usize; 3]) -> crate::Result<()> {
    let size = factors.iter().try_fold(1usize, |size, &factor| size.checked_mul(factor));
    if size.is_some_and(|size| size <= MAX_ELEMENTS) {
        return Ok(());
    }
    let expected = format!("such that the result has at most {MAX_ELEMENTS} elements");
    Err(crate::Error::argument(argument, expected, format!("{factors:?} elements")))
}
