//! Mel scales, filter banks, mel spectrograms, decibels, MFCC and Whisper's features.

mod plan;
mod stream;

use dsp_core::mel::{self, Bank, BankOptions, Cepstrum, DbOptions, DctType, MelOptions};
use dsp_core::mel::{Norm, Reference, Scale, Triangles};
use dsp_core::simd::Real;
use napi::bindgen_prelude::*;
use napi_derive::napi;

use crate::array::InV8;
use crate::by_precision;
use crate::closable::Closable;
use crate::options::count;
use crate::stft::{StftParameters, options};
use crate::task::caught;
use crate::values::{Samples, Values};

/// What makes a filter bank.
#[napi(object)]
pub struct MelBankParameters {
    pub sample_rate: f64,
    pub n_fft: f64,
    pub n_mels: f64,
    pub fmin: f64,
    pub fmax: f64,
    pub mel_scale: String,
    /// Triangles straight in mel instead of hertz.
    pub in_mel: bool,
    /// slaney, none, or the p of a p-norm.
    pub norm: Either<String, f64>,
    /// Weights rounded to float32.
    pub single: bool,
}

/// What makes a mel spectrogram.
#[napi(object)]
pub struct MelParameters {
    pub stft: StftParameters,
    pub power: f64,
    pub bank: MelBankParameters,
}

/// What is made of a mel spectrogram in decibels.
#[napi(object)]
pub struct CepstrumParameters {
    pub n_mfcc: f64,
    pub dct_type: f64,
    pub ortho: bool,
    pub lifter: f64,
}

fn bank(js: MelBankParameters) -> dsp_core::Result<BankOptions> {
    Ok(BankOptions {
        sample_rate: js.sample_rate,
        n_fft: count(js.n_fft),
        n_mels: count(js.n_mels),
        fmin: js.fmin,
        fmax: js.fmax,
        scale: Scale::parse(&js.mel_scale)?,
        triangles: if js.in_mel { Triangles::Mel } else { Triangles::Hertz },
        norm: match js.norm {
            Either::A(name) if name == "slaney" => Norm::Slaney,
            Either::A(name) if name == "none" => Norm::None,
            Either::A(name) => return Err(dsp_core::Error::argument("norm", "slaney, none or a number", name)),
            Either::B(p) => Norm::P(p),
        },
        single: js.single,
    })
}

fn mel_options(js: MelParameters) -> dsp_core::Result<MelOptions> {
    Ok(MelOptions { stft: options(js.stft)?, power: js.power, bank: bank(js.bank)? })
}

fn cepstrum(js: CepstrumParameters) -> dsp_core::Result<Cepstrum> {
    let dct_type = DctType::parse(count(js.dct_type))?;
    Ok(Cepstrum { n_mfcc: count(js.n_mfcc), dct_type, ortho: js.ortho, lifter: js.lifter })
}

fn first(values: Vec<Values>) -> Values {
    values.into_iter().next().expect("one array comes out")
}

/// Frequencies to mels, or mels to frequencies.
#[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
pub fn mel_convert(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] values: Samples<'_>,
    scale: String,
    to_hertz: bool,
) -> Result<Values> {
    fn convert<T: Real>(values: &[T], scale: Scale, to_hertz: bool) -> Vec<T> {
        if to_hertz { mel::mel_to_hz(values, scale) } else { mel::hz_to_mel(values, scale) }
    }
    caught(|| {
        let scale = Scale::parse(&scale)?;
        by_precision!(values, values => dsp_core::Result::Ok(convert(values, scale, to_hertz)))
    })
    .map(first)
}

/// Frequencies evenly spaced in mel.
#[napi(catch_unwind, ts_return_type = "Float64Array")]
pub fn mel_frequencies(length: f64, fmin: f64, fmax: f64, scale: String) -> Result<InV8<f64>> {
    caught(|| Ok(mel::mel_frequencies(count(length), fmin, fmax, Scale::parse(&scale)?).into()))
}

/// Decibels of powers, or of amplitudes. No `reference`: the largest value.
#[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
pub fn to_db(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] s: Samples<'_>,
    amplitudes: bool,
    amin: f64,
    reference: Option<f64>,
    top_db: Option<f64>,
) -> Result<Values> {
    let options = DbOptions { reference: reference.map_or(Reference::Max, Reference::Value), amin, top_db };
    caught(|| {
        if amplitudes {
            by_precision!(s, s => mel::amplitude_to_db(s, &options))
        } else {
            by_precision!(s, s => mel::power_to_db(s, &options))
        }
    })
    .map(first)
}

/// Powers, or amplitudes, of decibels.
#[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
pub fn from_db(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] s: Samples<'_>,
    reference: f64,
    amplitudes: bool,
) -> Result<Values> {
    caught(|| {
        if amplitudes {
            by_precision!(s, s => mel::db_to_amplitude(s, reference))
        } else {
            by_precision!(s, s => mel::db_to_power(s, reference))
        }
    })
    .map(first)
}

/// The cepstrum of `[channels, mels, frames]` in decibels.
#[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
pub fn mfcc_from_spectrogram(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] s: Samples<'_>,
    mels: f64,
    frames: f64,
    parameters: CepstrumParameters,
) -> Result<Values> {
    caught(|| {
        let cepstrum = cepstrum(parameters)?;
        by_precision!(s, s => mel::mfcc_from_spectrogram(s, count(mels), count(frames), &cepstrum))
    })
    .map(first)
}

/// A filter bank.
#[napi]
pub struct MelBank(Closable<Bank>);

#[napi]
impl MelBank {
    #[napi(constructor, catch_unwind)]
    pub fn new(parameters: MelBankParameters) -> Result<Self> {
        caught(|| Ok(Self(Closable::new(Bank::new(&bank(parameters)?)?))))
    }

    /// Whisper's.
    #[napi(factory, catch_unwind)]
    pub fn whisper(n_mels: f64) -> Result<Self> {
        caught(|| Ok(Self(Closable::new(mel::whisper_bank(count(n_mels))?))))
    }

    /// All weights, `[mels, bins]`.
    #[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
    pub fn weights(&self, single: bool) -> Result<Values> {
        caught(|| {
            self.0.with(|bank| if single { bank.dense().map(Values::F32) } else { bank.dense().map(Values::F64) })
        })
    }

    /// Filters without any bin.
    #[napi(catch_unwind)]
    pub fn empty_filters(&self) -> Result<Vec<u32>> {
        caught(|| self.0.with(|bank| Ok(bank.empty_filters().iter().map(|&m| m as u32).collect())))
    }

    /// Gives the weights back: for a bank that will not be used again.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.0.close();
    }

    /// The filters' sums over `[channels, bins, frames]`.
    #[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
    pub fn apply(
        &self,
        #[napi(ts_arg_type = "Float32Array | Float64Array")] s: Samples<'_>,
        frames: f64,
    ) -> Result<Values> {
        caught(|| by_precision!(s, s => self.0.with(|bank| mel::mel_from_spectrogram(s, count(frames), bank))))
            .map(first)
    }
}
