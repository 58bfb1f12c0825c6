//! `librosa.feature.mfcc`: the cosine transform of the mel spectrogram in decibels.

use super::bank::Row;
use super::combine::combine;
use super::db::{DbOptions, Reference, power_to_db};
use super::dct::{DctNorm, DctType, dct_rows};
use super::spectrogram::{Mel, MelOptions};
use crate::finite::not_finite;
use crate::jobs::for_signals;
use crate::librosa::Librosa;
use crate::options::{FromOption, Source, Value};
use crate::results::results;
use crate::simd::Real;
use crate::{Error, Result, check_finite, options};

options! {
    /// What is done to the mel spectrogram.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct Cepstrum {
        /// Coefficients kept; never more than there are mel bands.
        pub n_mfcc: usize,
        pub dct_type: DctType,
        /// None for scipy's unscaled transform.
        pub norm: Option<DctNorm>,
        /// Coefficient `i` is scaled by `1 + lifter / 2 * sin(pi (i + 1) / lifter)`; 0 for none.
        pub lifter: f64,
    }
}

/// The options of librosa's `mfcc`: those of the mel spectrogram and of the cepstrum.
#[derive(Debug, Clone, PartialEq)]
pub struct MfccOptions {
    pub mel: MelOptions,
    pub cepstrum: Cepstrum,
    /// Whether the decibels' floor lies below the loudest value of all channels, or of each (1.0).
    pub librosa: Librosa,
}

/// As an option of [`MfccOptions`], `norm` is the cepstrum's; the filters' is called `mel_norm`.
struct MelNorm<'a>(&'a dyn Source);

impl MelNorm<'_> {
    fn rename(name: &str) -> &str {
        if name == "norm" { "mel_norm" } else { name }
    }
}

impl Source for MelNorm<'_> {
    fn value(&self, name: &str) -> Result<Value> {
        self.0.value(Self::rename(name))
    }
}

impl FromOption for MfccOptions {
    fn names(field: &str) -> Vec<String> {
        let mel = MelOptions::names(field);
        let mel = mel.iter().map(|name| MelNorm::rename(name).to_owned());
        mel.chain(Cepstrum::names(field)).chain(Librosa::names("librosa")).collect()
    }

    fn from_option(source: &dyn Source, name: &str) -> Result<Self> {
        let mel = MelOptions::from_option(&MelNorm(source), name)?;
        let librosa = Librosa::from_option(source, "librosa")?;
        Ok(Self { mel, cepstrum: Cepstrum::from_option(source, name)?, librosa })
    }
}

/// librosa's decibels before the transform: its defaults.
const DB: DbOptions = DbOptions { reference: Reference::Value(1.0), amin: 1e-10, top_db: Some(80.0) };

impl Cepstrum {
    /// The transform's rows, lifted: `min(n_mfcc, mels)` rows of `mels`.
    fn matrix(&self, mels: usize) -> Result<Vec<Row<f64>>> {
        let Self { n_mfcc, dct_type, norm, lifter } = *self;
        if n_mfcc == 0 {
            return Err(Error::argument("nMfcc", "at least 1", n_mfcc));
        }
        if !(lifter >= 0.0 && lifter.is_finite()) {
            return Err(Error::argument("lifter", "at least 0", lifter));
        }
        let mut matrix = dct_rows(mels, dct_type, norm == Some(DctNorm::Ortho), n_mfcc)?;
        if lifter > 0.0 {
            if n_mfcc > mels {
                let expected = format!("at most the number of mel bands ({mels}) where there is a lifter");
                return Err(Error::argument("nMfcc", expected, n_mfcc));
            }
            for (i, row) in matrix.iter_mut().enumerate() {
                let weight = 1.0 + lifter / 2.0 * (std::f64::consts::PI * (i + 1) as f64 / lifter).sin();
                row.weights.iter_mut().for_each(|w| *w *= weight);
            }
        }
        Ok(matrix)
    }
}

/// Channels of `samples` samples to `[channels, n_mfcc, frames]`. In `f64` to the end.
pub fn mfcc<T: Real>(y: &[T], samples: usize, options: &MfccOptions, threads: bool) -> Result<Vec<T>> {
    let mut plan = Mel::new(&options.mel)?;
    mfcc_with(&mut plan, y, samples, &options.cepstrum, options.librosa, threads)
}

/// The same by a plan.
pub fn mfcc_with<T: Real>(
    plan: &mut Mel,
    y: &[T],
    samples: usize,
    cepstrum: &Cepstrum,
    librosa: Librosa,
    threads: bool,
) -> Result<Vec<T>> {
    let matrix = cepstrum.matrix(plan.mels())?;
    let frames = plan.check(y, samples)?;
    let mut energies = results::<f64>(y.len() / samples * plan.mels() * frames);
    plan.run(y, samples, frames, &mut energies, threads).map_err(|()| not_finite("y", y))?;
    // What has a floor of its own.
    let part = match librosa {
        Librosa::V0_10 | Librosa::V0_11 => energies.len(),
        Librosa::V1_0 => plan.mels() * frames,
    };
    let mut output = Vec::with_capacity(energies.len() / plan.mels() * matrix.len());
    for energies in energies.chunks(part) {
        output.extend(transform::<_, T>(&power_to_db(energies, &DB)?, plan.mels(), frames, &matrix));
    }
    Ok(output)
}

/// Many signals of one channel each. An error names the signal.
pub fn mfcc_batch<T: Real>(plan: &Mel, signals: &[&[T]], cepstrum: &Cepstrum, threads: bool) -> Result<Vec<Vec<T>>> {
    for_signals(threads, signals, plan, |plan, y| mfcc_with(plan, y, y.len(), cepstrum, Librosa::default(), false))
}

/// The same from a mel spectrogram in decibels, `[channels, mels, frames]`.
pub fn mfcc_from_spectrogram<T: Real>(s: &[T], mels: usize, frames: usize, cepstrum: &Cepstrum) -> Result<Vec<T>> {
    if s.is_empty() || mels == 0 || frames == 0 || !s.len().is_multiple_of(mels * frames) {
        return Err(Error::shape("S", format!("{mels} mel bands of {frames} frames in every channel"), s.len()));
    }
    check_finite("S", s, false)?;
    let matrix = cepstrum.matrix(mels)?;
    Ok(transform(s, mels, frames, &matrix))
}

/// Every channel's `[mels, frames]` times the matrix.
fn transform<S: Real, T: Real>(s: &[S], mels: usize, frames: usize, matrix: &[Row<f64>]) -> Vec<T> {
    let mut output = vec![T::default(); s.len() / mels * matrix.len()];
    for (s, output) in s.chunks_exact(mels * frames).zip(output.chunks_exact_mut(matrix.len() * frames)) {
        combine(matrix, s, frames, output);
    }
    output
}
