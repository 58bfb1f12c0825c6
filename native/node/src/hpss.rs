//! Harmonic-percussive separation of signals, spectrograms and streams, masks and median filters.

use dsp_core::Error;
use dsp_core::hpss::{self, HpssOptions, MaskOptions, OnlineHpss, Parts};
use dsp_core::median::{self, Extend, FilterOptions};
use napi::bindgen_prelude::*;
use napi_derive::napi;

use crate::job::Job;
use crate::options::count;
use crate::stft::{StftParameters, options as stft_options};
use crate::task::caught;
use crate::values::{IntoValues, Owned, Sample, Samples, Values};
use crate::{by_owned_precision, by_precision};

/// What masks are made by.
#[napi(object)]
pub struct MaskParameters {
    /// Frames of the harmonic median, bins of the percussive one.
    pub kernel_size: (f64, f64),
    pub power: f64,
    pub margin: (f64, f64),
    pub mask: bool,
}

/// What separates a signal.
#[napi(object)]
pub struct HpssParameters {
    pub stft: StftParameters,
    pub masks: MaskParameters,
    /// The wanted parts, which come in this order.
    pub harmonic: bool,
    pub percussive: bool,
    pub residual: bool,
}

/// What a median filter does, over planes of `rows * columns` samples.
#[napi(object)]
pub struct MedianParameters {
    pub rows: f64,
    pub columns: f64,
    pub size_rows: f64,
    pub size_columns: f64,
    pub mode: String,
    pub cval: f64,
}

fn masks(js: MaskParameters) -> MaskOptions {
    let MaskParameters { kernel_size, power, margin, mask } = js;
    MaskOptions { kernel_size: (count(kernel_size.0), count(kernel_size.1)), power, margin, mask }
}

fn options(js: HpssParameters) -> dsp_core::Result<(HpssOptions, Parts)> {
    let parts = Parts { harmonic: js.harmonic, percussive: js.percussive, residual: js.residual };
    Ok((HpssOptions { stft: stft_options(js.stft)?, masks: masks(js.masks) }, parts))
}

fn median_options(js: MedianParameters) -> dsp_core::Result<FilterOptions> {
    Ok(FilterOptions {
        rows: count(js.rows),
        columns: count(js.columns),
        size_rows: count(js.size_rows),
        size_columns: count(js.size_columns),
        extend: Extend::parse(&js.mode, js.cval)?,
    })
}

/// Several arrays of one call.
struct Several<T>(Vec<Vec<T>>);

impl<T: Sample> IntoValues for Several<T> {
    fn into_values(self) -> Vec<Values> {
        self.0.into_iter().map(Values::from).collect()
    }
}

/// The wanted parts of channels of `samples` samples.
#[napi(catch_unwind, ts_return_type = "Array<Float32Array | Float64Array>")]
pub fn hpss(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] y: Samples<'_>,
    samples: f64,
    parameters: HpssParameters,
) -> Result<Vec<Values>> {
    caught(|| {
        let (options, parts) = options(parameters)?;
        by_precision!(y, y => hpss::hpss(y, count(samples), &options, parts, false).map(Several))
    })
}

/// The same on all cores, off the main thread.
#[napi(catch_unwind, ts_return_type = "Promise<Array<Float32Array | Float64Array>>")]
pub fn hpss_async(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] y: Samples<'_>,
    samples: f64,
    parameters: HpssParameters,
    signal: Option<AbortSignal>,
) -> Result<AsyncTask<Job>> {
    let y = Owned::from(y);
    let (options, parts) = caught(|| options(parameters))?;
    Ok(Job::start(
        signal,
        move || by_owned_precision!(y, y => hpss::hpss(&y, count(samples), &options, parts, true).map(Several)),
    ))
}

/// Signals of one precision.
enum Signals {
    F32(Vec<Vec<f32>>),
    F64(Vec<Vec<f64>>),
}

/// Copies signals, which the caller has checked to be of one precision.
fn copy(signals: &[Either<Float32Array, Float64Array>]) -> Signals {
    if matches!(signals.first(), Some(Either::B(_))) {
        Signals::F64(signals.iter().map(|y| if let Either::B(y) = y { y.to_vec() } else { Vec::new() }).collect())
    } else {
        Signals::F32(signals.iter().map(|y| if let Either::A(y) = y { y.to_vec() } else { Vec::new() }).collect())
    }
}

fn batch(signals: &Signals, options: &HpssOptions, parts: Parts) -> dsp_core::Result<Vec<Values>> {
    fn run<T: Sample>(signals: &[Vec<T>], options: &HpssOptions, parts: Parts) -> dsp_core::Result<Several<T>> {
        let signals: Vec<&[T]> = signals.iter().map(Vec::as_slice).collect();
        Ok(Several(hpss::batch(&signals, options, parts, true)?.into_iter().flatten().collect()))
    }
    match signals {
        Signals::F32(signals) => run(signals, options, parts).map(IntoValues::into_values),
        Signals::F64(signals) => run(signals, options, parts).map(IntoValues::into_values),
    }
}

/// The wanted parts of many signals of one channel, one after the other, on all cores.
#[napi(catch_unwind, ts_return_type = "Array<Float32Array | Float64Array>")]
pub fn hpss_batch(signals: Vec<Either<Float32Array, Float64Array>>, parameters: HpssParameters) -> Result<Vec<Values>> {
    caught(|| {
        let (options, parts) = options(parameters)?;
        batch(&copy(&signals), &options, parts)
    })
}

/// The same off the main thread.
#[napi(catch_unwind, ts_return_type = "Promise<Array<Float32Array | Float64Array>>")]
pub fn hpss_batch_async(
    signals: Vec<Either<Float32Array, Float64Array>>,
    parameters: HpssParameters,
    signal: Option<AbortSignal>,
) -> Result<AsyncTask<Job>> {
    let (options, parts) = caught(|| options(parameters))?;
    let signals = copy(&signals);
    Ok(Job::start(signal, move || batch(&signals, &options, parts)))
}

/// The parts of spectrograms `[channels, bins, frames]`, complex or not.
#[napi(catch_unwind, ts_return_type = "Array<Float32Array | Float64Array>")]
pub fn hpss_decompose(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] spectra: Samples<'_>,
    bins: f64,
    frames: f64,
    complex: bool,
    parameters: MaskParameters,
    residual: bool,
) -> Result<Vec<Values>> {
    let options = masks(parameters);
    caught(
        || by_precision!(spectra, s => hpss::decompose(s, count(bins), count(frames), complex, &options, residual, false)),
    )
}

/// The same on all cores, off the main thread.
#[napi(catch_unwind, ts_return_type = "Promise<Array<Float32Array | Float64Array>>")]
pub fn hpss_decompose_async(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] spectra: Samples<'_>,
    bins: f64,
    frames: f64,
    complex: bool,
    parameters: MaskParameters,
    residual: bool,
    signal: Option<AbortSignal>,
) -> AsyncTask<Job> {
    let (spectra, options) = (Owned::from(spectra), masks(parameters));
    Job::start(signal, move || {
        by_owned_precision!(spectra, s => {
            hpss::decompose(&s, count(bins), count(frames), complex, &options, residual, true)
        })
    })
}

/// The share of `x` against `x_ref`, both of one precision.
#[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
pub fn softmask(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] x: Samples<'_>,
    #[napi(ts_arg_type = "Float32Array | Float64Array")] x_ref: Samples<'_>,
    power: f64,
    split_zeros: bool,
) -> Result<Values> {
    caught(|| match (x, x_ref) {
        (Either::A(x), Either::A(x_ref)) => hpss::softmask(x, x_ref, power, split_zeros).map(Values::F32),
        (Either::B(x), Either::B(x_ref)) => hpss::softmask(x, x_ref, power, split_zeros).map(Values::F64),
        _ => Err(dsp_core::Error::argument("xRef", "of the element type of x", "another one")),
    })
}

/// The same off the main thread.
#[napi(catch_unwind, ts_return_type = "Promise<Array<Float32Array | Float64Array>>")]
pub fn softmask_async(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] x: Samples<'_>,
    #[napi(ts_arg_type = "Float32Array | Float64Array")] x_ref: Samples<'_>,
    power: f64,
    split_zeros: bool,
    signal: Option<AbortSignal>,
) -> AsyncTask<Job> {
    let (x, x_ref) = (Owned::from(x), Owned::from(x_ref));
    Job::start(signal, move || match (x, x_ref) {
        (Owned::F32(x), Owned::F32(x_ref)) => {
            hpss::softmask(&x, &x_ref, power, split_zeros).map(IntoValues::into_values)
        }
        (Owned::F64(x), Owned::F64(x_ref)) => {
            hpss::softmask(&x, &x_ref, power, split_zeros).map(IntoValues::into_values)
        }
        _ => Err(dsp_core::Error::argument("xRef", "of the element type of x", "another one")),
    })
}

/// Running medians over planes.
#[napi(catch_unwind, ts_return_type = "Array<Float32Array | Float64Array>")]
pub fn median_filter(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] x: Samples<'_>,
    parameters: MedianParameters,
) -> Result<Vec<Values>> {
    caught(|| {
        let options = median_options(parameters)?;
        by_precision!(x, x => median::filter(x, &options, false))
    })
}

/// The same on all cores, off the main thread.
#[napi(catch_unwind, ts_return_type = "Promise<Array<Float32Array | Float64Array>>")]
pub fn median_filter_async(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] x: Samples<'_>,
    parameters: MedianParameters,
    signal: Option<AbortSignal>,
) -> Result<AsyncTask<Job>> {
    let options = caught(|| median_options(parameters))?;
    let x = Owned::from(x);
    Ok(Job::start(signal, move || by_owned_precision!(x, x => median::filter(&x, &options, true))))
}

enum Stream {
    F32(OnlineHpss<f32>),
    F64(OnlineHpss<f64>),
}

/// One channel, a block at a time, as it arrives. Its memory is given back when the signal ends.
#[napi(custom_finalize)]
pub struct HpssStream {
    stream: Option<Stream>,
    single: bool,
    parts: usize,
    latency: f64,
}

impl Stream {
    /// What V8 is told that a stream weighs, so that its collector does not let many of them lie.
    fn weight(&self) -> i64 {
        match self {
            Self::F32(stream) => stream.bytes() as i64,
            Self::F64(stream) => stream.bytes() as i64,
        }
    }

    fn latency(&self) -> f64 {
        match self {
            Self::F32(stream) => stream.latency_samples() as f64,
            Self::F64(stream) => stream.latency_samples() as f64,
        }
    }

    fn forgotten(self, env: Env) -> Result<()> {
        env.adjust_external_memory(-self.weight()).map(|_| ())
    }
}

impl ObjectFinalize for HpssStream {
    fn finalize(self, env: Env) -> Result<()> {
        self.stream.map_or(Ok(()), |stream| stream.forgotten(env))
    }
}

#[napi]
impl HpssStream {
    /// For blocks of float32 where `single`, else of float64.
    #[napi(constructor, catch_unwind)]
    pub fn new(env: Env, parameters: HpssParameters, single: bool) -> Result<Self> {
        let (stream, parts) = caught(|| {
            let (options, parts) = options(parameters)?;
            let stream = if single {
                Stream::F32(OnlineHpss::new(&options, parts)?)
            } else {
                Stream::F64(OnlineHpss::new(&options, parts)?)
            };
            Ok((stream, parts.count()))
        })?;
        env.adjust_external_memory(stream.weight())?;
        Ok(Self { latency: stream.latency(), stream: Some(stream), single, parts })
    }

    /// Takes a block and gives the samples of each wanted part that it completes.
    #[napi(catch_unwind, ts_return_type = "Array<Float32Array | Float64Array>")]
    pub fn accept(
        &mut self,
        #[napi(ts_arg_type = "Float32Array | Float64Array")] block: Samples<'_>,
    ) -> Result<Vec<Values>> {
        caught(|| match (self.stream.as_mut().ok_or_else(Error::after_flush)?, block) {
            (Stream::F32(stream), Either::A(block)) => stream.accept(block).map(Several).map(IntoValues::into_values),
            (Stream::F64(stream), Either::B(block)) => stream.accept(block).map(Several).map(IntoValues::into_values),
            _ => Err(dsp_core::Error::argument("block", "of the stream's element type", "another one")),
        })
    }

    /// Ends the signal and gives the rest.
    #[napi(catch_unwind, ts_return_type = "Array<Float32Array | Float64Array>")]
    pub fn flush(&mut self, env: Env) -> Result<Vec<Values>> {
        let Some(stream) = &mut self.stream else {
            return Ok((0..self.parts).map(|_| Values::none(self.single)).collect());
        };
        let rest = caught(|| match stream {
            Stream::F32(stream) => stream.flush().map(Several).map(IntoValues::into_values),
            Stream::F64(stream) => stream.flush().map(Several).map(IntoValues::into_values),
        })?;
        self.stream.take().map_or(Ok(()), |stream| stream.forgotten(env))?;
        Ok(rest)
    }

    /// Forgets the signal; one that has ended stays so.
    #[napi(catch_unwind)]
    pub fn reset(&mut self) {
        match &mut self.stream {
            Some(Stream::F32(stream)) => stream.reset(),
            Some(Stream::F64(stream)) => stream.reset(),
            None => {}
        }
    }

    /// Samples that the parts stay behind the signal, at most.
    #[napi(getter, catch_unwind)]
    pub fn latency_samples(&self) -> f64 {
        self.latency
    }
}
