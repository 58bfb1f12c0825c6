//! Kaldi's features: `KaldiExtractor` holds the tables of a set of options, `KaldiOnline` one stream.

mod matrix;
mod online;
mod options;

use crate::array::InV8;
use crate::error::to_js;
use crate::task::caught;
use crate::values::copied;
use dsp_core::kaldi::Extractor;
use dsp_core::simd::Real;
use napi::bindgen_prelude::{AbortSignal, AsyncTask, Either, Float32Array, Float64Array, ToNapiValue};
use napi::{Env, Result, Task, sys};
use napi_derive::napi;
use options::KaldiOptions;
use std::sync::Arc;

/// Samples as they lie in JavaScript's memory.
pub type Samples<'a> = Either<&'a [f32], &'a [f64]>;
/// Features in either precision.
pub type Values = Either<Float32Array, Float64Array>;

/// The tables of a set of options: made once, used for any number of signals.
#[napi]
pub struct KaldiExtractor {
    inner: Arc<Extractor>,
}

#[napi]
impl KaldiExtractor {
    #[napi(constructor, catch_unwind)]
    pub fn new(options: KaldiOptions) -> Result<Self> {
        let options = options.into_core().map_err(to_js)?;
        Ok(Self { inner: Arc::new(Extractor::new(options).map_err(to_js)?) })
    }

    /// Columns of the result.
    #[napi(getter, catch_unwind)]
    pub fn columns(&self) -> u32 {
        self.inner.columns() as u32
    }

    /// Filters without any bin.
    #[napi(catch_unwind)]
    pub fn empty_rows(&self) -> Vec<u32> {
        self.inner.bank().empty_rows().into_iter().map(|row| row as u32).collect()
    }

    /// Frames of a signal of so many samples.
    #[napi(catch_unwind)]
    pub fn num_frames(&self, samples: f64) -> f64 {
        self.inner.num_frames(samples as usize) as f64
    }

    /// The features of a signal, row-major; in double precision where asked.
    #[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
    pub fn compute(&self, samples: Samples<'_>, double: bool) -> Result<Computed> {
        match samples {
            Either::A(samples) => one(&self.inner, samples, double),
            Either::B(samples) => one(&self.inner, samples, double),
        }
        .map_err(to_js)
    }

    /// The same on a worker thread, over a copy of the samples.
    #[napi(catch_unwind, ts_return_type = "Promise<Float32Array | Float64Array>")]
    pub fn compute_async(
        &self,
        samples: Samples<'_>,
        double: bool,
        signal: Option<AbortSignal>,
    ) -> AsyncTask<ComputeTask> {
        let task = ComputeTask { extractor: self.inner.clone(), samples: Owned::from(samples), double };
        AsyncTask::with_optional_signal(task, signal)
    }

    /// Many signals on all cores.
    #[napi(catch_unwind, ts_return_type = "Array<Float32Array | Float64Array>")]
    pub fn compute_batch(&self, signals: Vec<Values>, double: bool) -> Result<Vec<Computed>> {
        let signals: Vec<Owned> = signals.iter().map(Owned::copy).collect();
        many(&self.inner, &signals, double).map_err(to_js)
    }

    /// Many signals on all cores, off the main thread.
    #[napi(catch_unwind, ts_return_type = "Promise<Array<Float32Array | Float64Array>>")]
    pub fn compute_batch_async(
        &self,
        signals: Vec<Values>,
        double: bool,
        signal: Option<AbortSignal>,
    ) -> AsyncTask<BatchTask> {
        let signals = signals.iter().map(Owned::copy).collect();
        AsyncTask::with_optional_signal(BatchTask { extractor: self.inner.clone(), signals, double }, signal)
    }
}

/// Features before they become JavaScript's.
pub enum Computed {
    Single(Vec<f32>),
    Double(Vec<f64>),
}

impl ToNapiValue for Computed {
    unsafe fn to_napi_value(env: sys::napi_env, computed: Self) -> Result<sys::napi_value> {
        unsafe {
            match computed {
                Self::Single(values) => ToNapiValue::to_napi_value(env, InV8(values)),
                Self::Double(values) => ToNapiValue::to_napi_value(env, InV8(values)),
            }
        }
    }
}

impl Computed {
    /// Without a copy: for results of a worker thread, between which the event loop turns.
    fn into_js(self) -> Values {
        match self {
            Self::Single(values) => Either::A(Float32Array::new(values)),
            Self::Double(values) => Either::B(Float64Array::new(values)),
        }
    }
}

fn into_js(all: Vec<Computed>) -> Vec<Values> {
    all.into_iter().map(Computed::into_js).collect()
}

/// Samples that a worker thread may keep.
pub enum Owned {
    Single(Vec<f32>),
    Double(Vec<f64>),
}

impl Owned {
    fn copy(values: &Values) -> Self {
        match values {
            Either::A(samples) => Self::Single(copied(samples)),
            Either::B(samples) => Self::Double(copied(samples)),
        }
    }
}

impl From<Samples<'_>> for Owned {
    fn from(samples: Samples<'_>) -> Self {
        match samples {
            Either::A(samples) => Self::Single(copied(samples)),
            Either::B(samples) => Self::Double(copied(samples)),
        }
    }
}

fn one<S: Real>(extractor: &Extractor, samples: &[S], double: bool) -> dsp_core::Result<Computed> {
    Ok(if double {
        Computed::Double(extractor.compute(samples)?)
    } else {
        Computed::Single(extractor.compute(samples)?)
    })
}

/// A batch mixes precisions only where its signals do; then the shorter kind is widened.
fn many(extractor: &Extractor, signals: &[Owned], double: bool) -> dsp_core::Result<Vec<Computed>> {
    let singles: Option<Vec<&[f32]>> =
        signals.iter().map(|s| if let Owned::Single(s) = s { Some(s.as_slice()) } else { None }).collect();
    if let Some(singles) = singles {
        return all(extractor, &singles, double);
    }
    let widened: Vec<Vec<f64>> = signals
        .iter()
        .map(|signal| match signal {
            Owned::Single(samples) => samples.iter().map(|x| f64::from(*x)).collect(),
            Owned::Double(samples) => samples.clone(),
        })
        .collect();
    let views: Vec<&[f64]> = widened.iter().map(Vec::as_slice).collect();
    all(extractor, &views, double)
}

fn all<S: Real>(extractor: &Extractor, signals: &[&[S]], double: bool) -> dsp_core::Result<Vec<Computed>> {
    fn wrap<O: Real>(values: Vec<Vec<O>>, kind: fn(Vec<O>) -> Computed) -> Vec<Computed> {
        values.into_iter().map(kind).collect()
    }
    Ok(if double {
        wrap(extractor.batch(signals, true)?, Computed::Double)
    } else {
        wrap(extractor.batch(signals, true)?, Computed::Single)
    })
}

/// One signal on a worker thread.
pub struct ComputeTask {
    extractor: Arc<Extractor>,
    samples: Owned,
    double: bool,
}

impl Task for ComputeTask {
    type Output = Computed;
    type JsValue = Values;

    fn compute(&mut self) -> Result<Self::Output> {
        caught(|| match &self.samples {
            Owned::Single(samples) => one(&self.extractor, samples, self.double),
            Owned::Double(samples) => one(&self.extractor, samples, self.double),
        })
    }

    fn resolve(&mut self, _env: Env, output: Self::Output) -> Result<Self::JsValue> {
        Ok(output.into_js())
    }
}

/// Many signals, started from a worker thread.
pub struct BatchTask {
    extractor: Arc<Extractor>,
    signals: Vec<Owned>,
    double: bool,
}

impl Task for BatchTask {
    type Output = Vec<Computed>;
    type JsValue = Vec<Values>;

    fn compute(&mut self) -> Result<Self::Output> {
        caught(|| many(&self.extractor, &self.signals, self.double))
    }

    fn resolve(&mut self, _env: Env, output: Self::Output) -> Result<Self::JsValue> {
        Ok(into_js(output))
    }
}
