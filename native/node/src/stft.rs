//! The short-time transform, its inverse and its streaming form, in float32 and float64.

use dsp_core::Error;
use dsp_core::results::results;
use dsp_core::stft::{OnlineStft, PadMode, Stft, StftOptions};
use dsp_core::window::Window;
use napi::bindgen_prelude::*;
use napi_derive::napi;

use crate::array::InV8;
use crate::closable::Closable;
use crate::fft::writable;
use crate::options::count;
use crate::task::caught;
use crate::values::copied;

/// librosa's options, all of them.
#[napi(object)]
pub struct StftParameters {
    pub n_fft: f64,
    pub hop_length: f64,
    pub win_length: f64,
    /// A window's name, or `win_length` values of its own.
    pub window: Either<String, Float64Array>,
    pub beta: f64,
    pub center: bool,
    pub pad_mode: String,
}

pub fn options(js: StftParameters) -> dsp_core::Result<StftOptions> {
    let (n_fft, win_length) = (count(js.n_fft), count(js.win_length));
    if win_length > n_fft {
        return Err(dsp_core::Error::argument("winLength", format!("at most nFft ({n_fft})"), win_length));
    }
    // The core refuses lengths that are too large; the window must not be made of them first.
    let window = match js.window {
        Either::A(name) => Window::parse(&name, js.beta)?.values(win_length.min(1 << 22), true),
        Either::B(values) => values.to_vec(),
    };
    Ok(StftOptions {
        n_fft,
        hop_length: count(js.hop_length),
        window,
        center: js.center,
        pad_mode: PadMode::parse(&js.pad_mode)?,
    })
}

/// A planned short-time transform.
#[napi]
pub struct StftPlan(Closable<Stft>);

#[napi]
impl StftPlan {
    #[napi(constructor, catch_unwind)]
    pub fn new(parameters: StftParameters) -> Result<Self> {
        caught(|| Ok(Self(Closable::new(Stft::new(&options(parameters)?)?))))
    }

    /// Frames of channels of so many samples; an error where there is none or too much.
    #[napi(catch_unwind)]
    pub fn frames(&self, channels: f64, samples: f64) -> Result<f64> {
        caught(|| self.0.with(|plan| Ok(plan.check(count(channels), count(samples))? as f64)))
    }

    /// Samples of the inverse.
    #[napi(catch_unwind)]
    pub fn inverse_length(&self, frames: f64, length: Option<f64>) -> Result<f64> {
        caught(|| self.0.with(|plan| Ok(plan.inverse_length(count(frames), length.map(count))? as f64)))
    }

    /// Gives the tables back: for a plan that will not be used again.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.0.close();
    }
}

macro_rules! stft {
    ($type:ident, $array:ident, $slice:ident, $name:literal, $arrays:literal, $promise:literal, $promises:literal,
     $forward:ident, $forward_async:ident, $inverse:ident, $inverse_async:ident, $batch:ident, $batch_async:ident,
     $forward_task:ident, $inverse_task:ident, $batch_task:ident, $online:ident, $frames:ident) => {
        /// Channels of `samples` samples to `[channels, bins, frames, 2]`.
        #[napi(catch_unwind)]
        pub fn $forward(plan: &StftPlan, y: &[$type], samples: f64, mut output: $slice) -> Result<()> {
            caught(|| plan.0.with(|plan| plan.forward(y, count(samples), writable!(y, output), false)))
        }

        /// `[channels, bins, frames, 2]` to channels of samples.
        #[napi(catch_unwind)]
        pub fn $inverse(
            plan: &StftPlan,
            spectra: &[$type],
            frames: f64,
            length: Option<f64>,
            mut output: $slice,
        ) -> Result<()> {
            caught(|| {
                plan.0.with(|plan| {
                    plan.inverse(spectra, count(frames), length.map(count), writable!(spectra, output), false)
                })
            })
        }

        pub struct $forward_task(Stft, Vec<$type>, usize, usize);

        impl Task for $forward_task {
            type Output = Vec<$type>;
            type JsValue = $array;

            fn compute(&mut self) -> Result<Self::Output> {
                caught(|| {
                    let mut output = results(self.3);
                    self.0.forward(&self.1, self.2, &mut output, true)?;
                    Ok(output)
                })
            }

            fn resolve(&mut self, _: Env, output: Self::Output) -> Result<Self::JsValue> {
                Ok(output.into())
            }
        }

        /// The same on all cores, off the main thread; `size` floats come out.
        #[napi(catch_unwind, ts_return_type = $promise)]
        pub fn $forward_async(
            plan: &StftPlan,
            y: &[$type],
            samples: f64,
            size: f64,
            signal: Option<AbortSignal>,
        ) -> Result<AsyncTask<$forward_task>> {
            let plan = caught(|| plan.0.cloned())?;
            let task = $forward_task(plan, copied(y), count(samples), count(size));
            Ok(AsyncTask::with_optional_signal(task, signal))
        }

        pub struct $inverse_task(Stft, Vec<$type>, usize, Option<usize>, usize);

        impl Task for $inverse_task {
            type Output = Vec<$type>;
            type JsValue = $array;

            fn compute(&mut self) -> Result<Self::Output> {
                caught(|| {
                    let mut output = results(self.4);
                    self.0.inverse(&self.1, self.2, self.3, &mut output, true)?;
                    Ok(output)
                })
            }

            fn resolve(&mut self, _: Env, output: Self::Output) -> Result<Self::JsValue> {
                Ok(output.into())
            }
        }

        /// The same on all cores, off the main thread; `size` floats come out.
        #[napi(catch_unwind, ts_return_type = $promise)]
        pub fn $inverse_async(
            plan: &StftPlan,
            spectra: &[$type],
            frames: f64,
            length: Option<f64>,
            size: f64,
            signal: Option<AbortSignal>,
        ) -> Result<AsyncTask<$inverse_task>> {
            let (plan, length) = (caught(|| plan.0.cloned())?, length.map(count));
            let task = $inverse_task(plan, copied(spectra), count(frames), length, count(size));
            Ok(AsyncTask::with_optional_signal(task, signal))
        }

        /// Many signals of one channel, on all cores.
        #[napi(catch_unwind, ts_return_type = $arrays)]
        pub fn $batch(plan: &StftPlan, signals: Vec<$array>) -> Result<Vec<InV8<$type>>> {
            caught(|| {
                let signals: Vec<&[$type]> = signals.iter().map(|signal| &**signal).collect();
                plan.0.with(|plan| plan.batch(&signals, true))
            })
            .map(|results| results.into_iter().map(Into::into).collect())
        }

        pub struct $batch_task(Stft, Vec<Vec<$type>>);

        impl Task for $batch_task {
            type Output = Vec<Vec<$type>>;
            type JsValue = Vec<$array>;

            fn compute(&mut self) -> Result<Self::Output> {
                caught(|| self.0.batch(&self.1.iter().map(Vec::as_slice).collect::<Vec<_>>(), true))
            }

            fn resolve(&mut self, _: Env, output: Self::Output) -> Result<Self::JsValue> {
                Ok(output.into_iter().map(Into::into).collect())
            }
        }

        /// The same off the main thread.
        #[napi(catch_unwind, ts_return_type = $promises)]
        pub fn $batch_async(
            plan: &StftPlan,
            signals: Vec<$array>,
            signal: Option<AbortSignal>,
        ) -> Result<AsyncTask<$batch_task>> {
            let plan = caught(|| plan.0.cloned())?;
            let signals = signals.iter().map(|signal| signal.to_vec()).collect();
            Ok(AsyncTask::with_optional_signal($batch_task(plan, signals), signal))
        }

        /// Frames `[bins, count, 2]` of a stream.
        #[napi(object, object_from_js = false)]
        pub struct $frames {
            pub count: f64,
            #[napi(ts_type = $name)]
            pub data: InV8<$type>,
        }

        /// One channel, a block at a time, as it arrives.
        #[napi]
        pub struct $online {
            /// None when the signal has ended: its memory is given back then.
            stream: Option<OnlineStft<$type>>,
            latency: f64,
        }

        #[napi]
        impl $online {
            #[napi(constructor, catch_unwind)]
            pub fn new(parameters: StftParameters) -> Result<Self> {
                caught(|| {
                    let stream = OnlineStft::new(&options(parameters)?)?;
                    Ok(Self { latency: stream.latency_samples() as f64, stream: Some(stream) })
                })
            }

            /// Takes a block and gives the frames that it completes.
            #[napi(catch_unwind)]
            pub fn accept(&mut self, block: &[$type]) -> Result<$frames> {
                caught(|| self.stream.as_mut().ok_or_else(Error::after_flush)?.accept(block))
                    .map(|(count, data)| $frames { count: count as f64, data: data.into() })
            }

            /// Ends the signal and gives the rest.
            #[napi(catch_unwind)]
            pub fn flush(&mut self) -> Result<$frames> {
                caught(|| self.stream.take().map_or(Ok((0, Vec::new())), |mut stream| stream.flush()))
                    .map(|(count, data)| $frames { count: count as f64, data: data.into() })
            }

            /// Forgets the signal; one that has ended stays so.
            #[napi(catch_unwind)]
            pub fn reset(&mut self) {
                if let Some(stream) = &mut self.stream {
                    stream.reset();
                }
            }

            /// Samples after a frame's reference sample that must be there before it comes out.
            #[napi(getter, catch_unwind)]
            pub fn latency_samples(&self) -> f64 {
                self.latency
            }
        }
    };
}

stft!(
    f32,
    Float32Array,
    Float32ArraySlice,
    "Float32Array",
    "Float32Array[]",
    "Promise<Float32Array>",
    "Promise<Float32Array[]>",
    stft_f32,
    stft_f32_async,
    istft_f32,
    istft_f32_async,
    stft_batch_f32,
    stft_batch_f32_async,
    StftTaskF32,
    IstftTaskF32,
    StftBatchTaskF32,
    OnlineStftF32,
    StftFramesF32
);
stft!(
    f64,
    Float64Array,
    Float64ArraySlice,
    "Float64Array",
    "Float64Array[]",
    "Promise<Float64Array>",
    "Promise<Float64Array[]>",
    stft_f64,
    stft_f64_async,
    istft_f64,
    istft_f64_async,
    stft_batch_f64,
    stft_batch_f64_async,
    StftTaskF64,
    IstftTaskF64,
    StftBatchTaskF64,
    OnlineStftF64,
    StftFramesF64
);
