//! Plans: a mel spectrogram, or what is made of one.

use dsp_core::mel::{self, Cepstrum, Mel, Whisper, WhisperOptions};
use dsp_core::simd::Real;
use napi::bindgen_prelude::*;
use napi_derive::napi;

use super::{CepstrumParameters, MelParameters, cepstrum, first, mel_options};
use crate::closable::Closable;
use crate::job::Job;
use crate::options::count;
use crate::task::caught;
use crate::values::{Owned, Samples, Values};
use crate::{by_owned_precision, by_precision};

#[derive(Clone)]
enum Plan {
    Mel(Mel),
    Mfcc(Mel, Cepstrum),
    Whisper(Whisper),
}

impl Plan {
    fn run<T: Real>(&mut self, y: &[T], samples: usize, threads: bool) -> dsp_core::Result<Vec<T>> {
        match self {
            Self::Mel(plan) => plan.forward(y, samples, threads),
            Self::Mfcc(plan, cepstrum) => mel::mfcc_with(plan, y, samples, cepstrum, threads),
            Self::Whisper(plan) => plan.forward(y, samples, threads),
        }
    }

    fn batch(&self, signals: &[Owned]) -> dsp_core::Result<Vec<Values>> {
        let (mut singles, mut doubles) = (Vec::new(), Vec::new());
        for signal in signals {
            match signal {
                Owned::F32(signal) => singles.push(signal.as_slice()),
                Owned::F64(signal) => doubles.push(signal.as_slice()),
            }
        }
        if !singles.is_empty() && !doubles.is_empty() {
            return Err(dsp_core::Error::argument("signals", "of one element type", "both"));
        }
        let single = self.all(&singles)?.into_iter().map(Values::F32);
        Ok(single.chain(self.all(&doubles)?.into_iter().map(Values::F64)).collect())
    }

    fn all<T: Real>(&self, signals: &[&[T]]) -> dsp_core::Result<Vec<Vec<T>>> {
        match self {
            Self::Mel(plan) => plan.batch(signals, true),
            Self::Mfcc(plan, cepstrum) => mel::mfcc_batch(plan, signals, cepstrum, true),
            Self::Whisper(plan) => plan.batch(signals, true),
        }
    }
}

/// A planned mel spectrogram, or what is made of one.
#[napi]
pub struct MelPlan(Closable<Plan>);

#[napi]
impl MelPlan {
    /// librosa's mel spectrogram.
    #[napi(factory, catch_unwind)]
    pub fn mel(parameters: MelParameters) -> Result<Self> {
        caught(|| Ok(Self(Closable::new(Plan::Mel(Mel::new(&mel_options(parameters)?)?)))))
    }

    /// librosa's MFCC.
    #[napi(factory, catch_unwind)]
    pub fn mfcc(parameters: MelParameters, given: CepstrumParameters) -> Result<Self> {
        caught(|| Ok(Self(Closable::new(Plan::Mfcc(Mel::new(&mel_options(parameters)?)?, cepstrum(given)?)))))
    }

    /// Whisper's features; no `length`: signals stay as long as they are.
    #[napi(factory, catch_unwind)]
    pub fn whisper(n_mels: f64, length: Option<f64>) -> Result<Self> {
        let options = WhisperOptions { n_mels: count(n_mels), length: length.map(count) };
        caught(|| Ok(Self(Closable::new(Plan::Whisper(Whisper::new(&options)?)))))
    }

    /// Filters without any bin.
    #[napi(catch_unwind)]
    pub fn empty_filters(&self) -> Result<Vec<u32>> {
        caught(|| {
            self.0.with(|plan| {
                let bank = match plan {
                    Plan::Mel(plan) | Plan::Mfcc(plan, _) => plan.bank(),
                    Plan::Whisper(plan) => plan.bank(),
                };
                Ok(bank.empty_filters().iter().map(|&m| m as u32).collect())
            })
        })
    }

    /// Gives the tables back: for a plan that will not be used again.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.0.close();
    }

    /// Channels of `samples` samples to `[channels, rows, frames]`.
    #[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
    pub fn run(
        &self,
        #[napi(ts_arg_type = "Float32Array | Float64Array")] y: Samples<'_>,
        samples: f64,
    ) -> Result<Values> {
        caught(|| by_precision!(y, y => self.0.with(|plan| plan.run(y, count(samples), false)))).map(first)
    }

    /// The same on all cores, off the main thread.
    #[napi(catch_unwind, ts_return_type = "Promise<Array<Float32Array | Float64Array>>")]
    pub fn run_async(
        &self,
        #[napi(ts_arg_type = "Float32Array | Float64Array")] y: Samples<'_>,
        samples: f64,
        signal: Option<AbortSignal>,
    ) -> Result<AsyncTask<Job>> {
        let (mut plan, y, samples) = (caught(|| self.0.cloned())?, Owned::from(y), count(samples));
        Ok(Job::start(signal, move || by_owned_precision!(y, y => plan.run(&y, samples, true))))
    }

    /// Many signals of one channel, on all cores.
    #[napi(catch_unwind, ts_return_type = "Array<Float32Array | Float64Array>")]
    pub fn batch(
        &self,
        #[napi(ts_arg_type = "Array<Float32Array | Float64Array>")] signals: Vec<Either<Float32Array, Float64Array>>,
    ) -> Result<Vec<Values>> {
        caught(|| self.0.with(|plan| plan.batch(&owned(&signals))))
    }

    /// The same off the main thread.
    #[napi(catch_unwind, ts_return_type = "Promise<Array<Float32Array | Float64Array>>")]
    pub fn batch_async(
        &self,
        #[napi(ts_arg_type = "Array<Float32Array | Float64Array>")] signals: Vec<Either<Float32Array, Float64Array>>,
        signal: Option<AbortSignal>,
    ) -> Result<AsyncTask<Job>> {
        let (plan, signals) = (caught(|| self.0.cloned())?, owned(&signals));
        Ok(Job::start(signal, move || plan.batch(&signals)))
    }
}

fn owned(signals: &[Either<Float32Array, Float64Array>]) -> Vec<Owned> {
    let copy = |signal: &Either<Float32Array, Float64Array>| match signal {
        Either::A(signal) => Owned::F32(signal.to_vec()),
        Either::B(signal) => Owned::F64(signal.to_vec()),
    };
    signals.iter().map(copy).collect()
}
