//! Options as JavaScript has them: plain objects with names in camel case.

use crate::task::caught;
use dsp_core::hpss::{DecomposeOptions, HpssOptions, SeparationOptions, SoftmaskOptions};
use dsp_core::median::MedianOptions;
use dsp_core::options::{Source, Value, camel_case, names};
use dsp_core::pyin::PyinOptions;
use dsp_core::resample;
use dsp_core::sinc;
use dsp_core::stft::{IstftOptions, StftOptions};
use dsp_core::yin::YinOptions;
use dsp_core::{Error, Result, chroma, cqt, front_end, kaldi, mel, nemo, q15, tuning};
use napi::bindgen_prelude::{Float32Array, Float64Array, FromNapiValue, JsObjectValue, JsValue, Object, Unknown};
use napi::{Status, ValueType};
use napi_derive::napi;

/// A count that JavaScript has checked to be whole; beyond what a size can be it saturates, and the core refuses it.
pub fn count(value: f64) -> usize {
    value as usize
}

/// A function's options.
pub struct JsOptions<'env>(pub Object<'env>);

impl Source for JsOptions<'_> {
    fn value(&self, name: &str) -> Result<Value> {
        let name = camel_case(name);
        read(&self.0, &name).map_err(|error| {
            let message = format!("{name} cannot be read: {error}");
            Error::new("ERR_DSP_ARGUMENT", name.clone(), "a value", error.to_string(), message)
        })
    }
}

fn read(object: &Object<'_>, name: &str) -> napi::Result<Value> {
    let value: Unknown<'_> = object.get_named_property(name)?;
    Ok(match value.get_type()? {
        ValueType::Undefined | ValueType::Null => Value::Missing,
        ValueType::Boolean => Value::Flag(from(&value)?),
        ValueType::Number => Value::Number(from(&value)?),
        ValueType::String => Value::Text(from(&value)?),
        _ if value.is_array()? => Value::Numbers(from::<Vec<f64>>(&value)?),
        _ if value.is_typedarray()? => Value::Numbers(match from::<Float64Array>(&value) {
            Ok(values) => values.to_vec(),
            Err(_) => from::<Float32Array>(&value)?.iter().map(|&value| value.into()).collect(),
        }),
        other => return Err(napi::Error::new(Status::InvalidArg, format!("it is a value of type {other}"))),
    })
}

fn from<T: FromNapiValue>(value: &Unknown<'_>) -> napi::Result<T> {
    T::from_unknown(*value)
}

/// The names of a function's options, in camel case: the packages' specifications are tested against them.
#[napi(catch_unwind)]
pub fn option_names(of: String) -> napi::Result<Vec<String>> {
    caught(|| {
        Ok(match of.as_str() {
            "yin" => names::<YinOptions>(),
            "pyin" => names::<PyinOptions>(),
            "stft" => names::<StftOptions>(),
            "istft" => names::<IstftOptions>(),
            "hpss" => names::<SeparationOptions>(),
            "harmonic" | "percussive" => names::<HpssOptions>(),
            "decomposeHpss" => names::<DecomposeOptions>(),
            "softmask" => names::<SoftmaskOptions>(),
            "medianFilter" => names::<MedianOptions>(),
            "sincBands" => names::<sinc::BandOptions>(),
            "sincResponses" => names::<sinc::ResponseOptions>(),
            "sinc" => names::<sinc::SincOptions>(),
            "resample" => names::<resample::Options>(),
            "melScale" => names::<mel::Scale>(),
            "melFrequencies" => names::<mel::MelFrequencyOptions>(),
            "melFilters" => names::<mel::BankOptions>(),
            "melspectrogram" => names::<mel::MelOptions>(),
            "mfcc" => names::<mel::MfccOptions>(),
            "mfccFromSpectrogram" => names::<mel::Cepstrum>(),
            "melQ15" => names::<q15::MelQ15Options>(),
            "q15Frames" => names::<q15::FramingOptions>(),
            "q15Bank" => names::<q15::ProfileOptions>(),
            "whisperLogMel" => names::<mel::WhisperOptions>(),
            "frontEnd" => names::<front_end::FrontEndOptions>(),
            "nemoLogMel" => names::<nemo::NemoOptions>(),
            "db" => names::<mel::DbOptions>(),
            "kaldi.spectrogram" => names::<kaldi::FrameOptions>(),
            "kaldi.fbank" => [names::<kaldi::FrameOptions>(), names::<kaldi::FbankOptions>()].concat(),
            "kaldi.mfcc" => [names::<kaldi::FrameOptions>(), names::<kaldi::MfccOptions>()].concat(),
            "kaldi.deltas" => names::<kaldi::deltas::DeltasOptions>(),
            "kaldi.addDeltas" => names::<kaldi::deltas::AddDeltasOptions>(),
            "kaldi.cmvn" => names::<kaldi::cmvn::CmvnOptions>(),
            "kaldi.slidingWindowCmn" => names::<kaldi::cmvn::SlidingOptions>(),
            "kaldi.normalizePerFeature" => names::<kaldi::per_feature::NormalizePerFeatureOptions>(),
            "kaldi.logEnergies" => names::<kaldi::per_feature::LogEnergiesOptions>(),
            "kaldi.lowFrameRate" => names::<kaldi::stacking::LowFrameRateOptions>(),
            "cqt" | "hybridCqt" => names::<cqt::CqtOptions>(),
            "vqt" => names::<cqt::VqtOptions>(),
            "pseudoCqt" => names::<cqt::PseudoCqtOptions>(),
            "icqt" => names::<cqt::IcqtOptions>(),
            "chromaCqt" | "tonnetz" => names::<chroma::ChromaCqtOptions>(),
            "chromaVqt" => names::<chroma::ChromaVqtOptions>(),
            "chromaCens" => names::<chroma::CensOptions>(),
            "chromaStft" => names::<chroma::ChromaStftOptions>(),
            "piptrack" => names::<tuning::PiptrackOptions>(),
            "pitchTuning" => names::<tuning::PitchTuningOptions>(),
            "estimateTuning" => names::<tuning::TuningOptions>(),
            "chromaFilters" => names::<chroma::ChromaFilterOptions>(),
            "cqToChroma" => names::<chroma::CqToChromaOptions>(),
            "wavelet" => names::<cqt::WaveletOptions>(),
            "waveletLengths" => names::<cqt::WaveletLengthOptions>(),
            "constantQ" => names::<cqt::ConstantQOptions>(),
            "intervalFrequencies" => names::<cqt::IntervalFrequencyOptions>(),
            _ => return Err(Error::argument("of", "a function with options", of)),
        })
    })
}
