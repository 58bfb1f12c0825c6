//! Resampling and mixing down, in float32 and float64.

use std::sync::Arc;

use dsp_core::check_finite;
use dsp_core::resample::{self, Method, Options, Resampler, Sample};
use napi::bindgen_prelude::*;
use napi_derive::napi;

use crate::array::InV8;
use crate::task::caught;

/// torchaudio's options, all of them.
#[napi(object)]
pub struct ResampleOptions {
    pub orig_freq: u32,
    pub new_freq: u32,
    /// `sinc_interp_hann` or `sinc_interp_kaiser`.
    pub resampling_method: String,
    pub lowpass_filter_width: u32,
    pub rolloff: f64,
    pub beta: f64,
}

fn options(js: ResampleOptions) -> dsp_core::Result<Options> {
    let method = match js.resampling_method.as_str() {
        "sinc_interp_hann" => Method::Hann,
        "sinc_interp_kaiser" => Method::Kaiser,
        other => {
            let expected = "sinc_interp_hann or sinc_interp_kaiser";
            return Err(dsp_core::Error::argument("resamplingMethod", expected, other));
        }
    };
    Ok(Options {
        orig_freq: js.orig_freq,
        new_freq: js.new_freq,
        method,
        lowpass_filter_width: js.lowpass_filter_width,
        rolloff: js.rolloff,
        beta: js.beta,
    })
}

/// Rows of equal length, resampled one after another.
fn rows<T: Sample>(x: &[T], rows: u32, js: ResampleOptions) -> dsp_core::Result<Vec<T>> {
    let length = row_length("signal", x.len(), rows)?;
    check_finite("signal", x, false)?;
    let plan = Resampler::for_length(&options(js)?, length)?;
    if rows == 1 {
        return Ok(plan.process(x));
    }
    Ok(x.chunks(length.max(1)).flat_map(|row| plan.process(row)).collect())
}

fn row_length(name: &str, len: usize, rows: u32) -> dsp_core::Result<usize> {
    match len.checked_div(rows as usize) {
        Some(length) if length * rows as usize == len => Ok(length),
        _ => Err(dsp_core::Error::shape(name, format!("{rows} rows of equal length"), format!("{len} samples"))),
    }
}

macro_rules! resampling {
    ($type:ty, $array:ident, $name:literal, $slice:ty, $one:ident, $task:ident, $mono:ident) => {
        /// Resamples the rows of `[rows, samples]`.
        #[napi(catch_unwind, ts_return_type = $name)]
        pub fn $one(signal: $slice, rows_count: u32, options: ResampleOptions) -> Result<InV8<$type>> {
            caught(|| rows::<$type>(&signal, rows_count, options)).map(Into::into)
        }

        pub struct $task(Vec<$type>, u32, Option<ResampleOptions>);

        impl Task for $task {
            type Output = Vec<$type>;
            type JsValue = $array;

            fn compute(&mut self) -> Result<Self::Output> {
                let Some(options) = self.2.take() else { return Ok(Vec::new()) };
                caught(|| rows(&self.0, self.1, options))
            }

            fn resolve(&mut self, _: Env, output: Self::Output) -> Result<Self::JsValue> {
                Ok(output.into())
            }
        }

        /// The mean of the rows of `[rows, samples]`.
        #[napi(catch_unwind, ts_return_type = $name)]
        pub fn $mono(signal: $slice, rows_count: u32) -> Result<InV8<$type>> {
            caught(|| dsp_core::mono::to_mono::<$type>(&signal, rows_count as usize)).map(Into::into)
        }
    };
}
resampling!(f32, Float32Array, "Float32Array", &[f32], resample_f32, ResampleF32, to_mono_f32);
resampling!(f64, Float64Array, "Float64Array", &[f64], resample_f64, ResampleF64, to_mono_f64);

/// Resamples the rows of `[rows, samples]` off the main thread.
#[napi(catch_unwind, ts_return_type = "Promise<Float32Array>")]
pub fn resample_f32_async(
    signal: &[f32],
    rows: u32,
    options: ResampleOptions,
    abort: Option<AbortSignal>,
) -> AsyncTask<ResampleF32> {
    AsyncTask::with_optional_signal(ResampleF32(crate::values::copied(signal), rows, Some(options)), abort)
}

/// Resamples the rows of `[rows, samples]` off the main thread.
#[napi(catch_unwind, ts_return_type = "Promise<Float64Array>")]
pub fn resample_f64_async(
    signal: &[f64],
    rows: u32,
    options: ResampleOptions,
    abort: Option<AbortSignal>,
) -> AsyncTask<ResampleF64> {
    AsyncTask::with_optional_signal(ResampleF64(crate::values::copied(signal), rows, Some(options)), abort)
}

/// Resamples many signals on all cores.
#[napi(catch_unwind, ts_return_type = "Array<Float32Array>")]
pub fn resample_batch(signals: Vec<Float32Array>, js: ResampleOptions) -> Result<Vec<InV8<f32>>> {
    caught(|| {
        let slices: Vec<&[f32]> = signals.iter().map(|s| &**s).collect();
        resample::resample_batch(&options(js)?, &slices, true)
    })
    .map(|results| results.into_iter().map(Into::into).collect())
}

macro_rules! online {
    ($class:ident, $type:ty, $slice:ty, $name:literal) => {
        /// Some channels, a block at a time, as it arrives.
        #[napi]
        pub struct $class {
            channels: Vec<resample::OnlineResampler<$type>>,
        }

        #[napi]
        impl $class {
            #[napi(constructor, catch_unwind)]
            pub fn new(channels: u32, js: ResampleOptions) -> Result<Self> {
                caught(|| {
                    let plan = Arc::new(Resampler::new(&options(js)?)?);
                    let channel = |_| resample::OnlineResampler::with_plan(Arc::clone(&plan));
                    Ok(Self { channels: (0..channels).map(channel).collect() })
                })
            }

            /// Takes a block, channel after channel, and gives what it completes.
            #[napi(catch_unwind, ts_return_type = $name)]
            pub fn accept(&mut self, block: $slice) -> Result<InV8<$type>> {
                caught(|| {
                    check_finite("block", block, false)?;
                    let length = row_length("block", block.len(), self.channels.len() as u32)?;
                    let rows = self.channels.iter_mut().enumerate();
                    let parts = rows.flat_map(|(i, channel)| channel.accept(&block[i * length..(i + 1) * length]));
                    Ok(parts.collect::<Vec<_>>().into())
                })
            }

            /// Ends the signal and gives the rest, and the memory back: what comes next wants another one.
            #[napi(catch_unwind, ts_return_type = $name)]
            pub fn flush(&mut self) -> InV8<$type> {
                let channels = std::mem::take(&mut self.channels);
                channels.into_iter().flat_map(|mut channel| channel.flush()).collect::<Vec<_>>().into()
            }

            /// Forgets the signal.
            #[napi(catch_unwind)]
            pub fn reset(&mut self) {
                self.channels.iter_mut().for_each(|channel| channel.reset());
            }

            /// Input samples that must have come after an output sample's instant.
            #[napi(getter, catch_unwind)]
            pub fn latency_samples(&self) -> u32 {
                self.channels.first().map_or(0, |channel| channel.latency()) as u32
            }
        }
    };
}
online!(OnlineResamplerF32, f32, &[f32], "Float32Array");
online!(OnlineResamplerF64, f64, &[f64], "Float64Array");
