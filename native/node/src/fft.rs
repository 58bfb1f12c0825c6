//! Transforms over rows, in float32 and float64, and windows. Outputs are the caller's own arrays.

use dsp_core::fft::{Fft, Rfft, Transform};
use dsp_core::results::results;
use dsp_core::window::Window;
use napi::bindgen_prelude::*;
use napi_derive::napi;

use crate::array::InV8;
use crate::options::count;
use crate::task::caught;
use crate::values::copied;

/// Floats that the output of a transform has.
#[napi(catch_unwind)]
pub fn fft_output_length(transform: String, length: f64, row: f64, n: f64) -> Result<f64> {
    caught(|| Ok(Transform::parse(&transform)?.output_length(count(length), count(row), count(n))? as f64))
}

/// A window's values.
#[napi(catch_unwind, ts_return_type = "Float64Array")]
pub fn window_values(name: String, length: f64, periodic: bool, beta: f64) -> Result<InV8<f64>> {
    caught(|| Ok(Window::parse(&name, beta)?.values(count(length), periodic).into()))
}

/// The caller's output array as a slice, after a check that it shares no memory with the input.
macro_rules! writable {
    ($input:expr, $output:expr) => {{
        crate::fft::apart($input, &$output)?;
        // SAFETY: nothing else refers to this memory during the call: JavaScript waits, and the input lies elsewhere.
        unsafe { $output.as_mut() }
    }};
}
pub(crate) use writable;

/// An error where two arrays overlap.
pub fn apart<T>(input: &[T], output: &[T]) -> dsp_core::Result<()> {
    let (a, b) = (input.as_ptr_range(), output.as_ptr_range());
    if a.start < b.end && b.start < a.end {
        return Err(dsp_core::Error::argument("output", "memory of its own", "memory of the input"));
    }
    Ok(())
}

macro_rules! transforms {
    ($type:ident, $array:ident, $slice:ident, $one:ident, $async_:ident, $promise:literal, $task:ident, $rfft:ident, $fft:ident) => {
        /// Transforms rows of `row` values at once.
        #[napi(catch_unwind)]
        pub fn $one(transform: String, x: &[$type], row: f64, n: f64, mut output: $slice) -> Result<()> {
            caught(|| Transform::parse(&transform)?.run(x, count(row), count(n), writable!(x, output), false))
        }

        pub struct $task {
            transform: String,
            x: Vec<$type>,
            row: usize,
            n: usize,
        }

        impl Task for $task {
            type Output = Vec<$type>;
            type JsValue = $array;

            fn compute(&mut self) -> Result<Self::Output> {
                caught(|| {
                    let transform = Transform::parse(&self.transform)?;
                    let mut output = results(transform.output_length(self.x.len(), self.row, self.n)?);
                    transform.run(&self.x, self.row, self.n, &mut output, true)?;
                    Ok(output)
                })
            }

            fn resolve(&mut self, _: Env, output: Self::Output) -> Result<Self::JsValue> {
                Ok(output.into())
            }
        }

        /// Transforms rows on all cores, off the main thread.
        #[napi(catch_unwind, ts_return_type = $promise)]
        pub fn $async_(
            transform: String,
            x: &[$type],
            row: f64,
            n: f64,
            signal: Option<AbortSignal>,
        ) -> AsyncTask<$task> {
            let task = $task { transform, x: copied(x), row: count(row), n: count(n) };
            AsyncTask::with_optional_signal(task, signal)
        }

        /// A real transform of one length.
        #[napi]
        pub struct $rfft(Rfft<$type>);

        #[napi]
        impl $rfft {
            #[napi(constructor, catch_unwind)]
            pub fn new(n: f64) -> Result<Self> {
                caught(|| {
                    Transform::Rfft.output_length(1, 1, count(n))?;
                    Ok(Self(Rfft::new(count(n))?))
                })
            }

            /// Rows of samples to rows of bins.
            #[napi(catch_unwind)]
            pub fn forward(&mut self, x: &[$type], mut output: $slice) -> Result<()> {
                caught(|| self.0.forward_checked(x, self.0.n(), writable!(x, output)))
            }

            /// Rows of bins to rows of samples.
            #[napi(catch_unwind)]
            pub fn inverse(&mut self, x: &[$type], mut output: $slice) -> Result<()> {
                caught(|| {
                    finite(x)?;
                    self.0.inverse(x, self.0.bins(), writable!(x, output))
                })
            }
        }

        /// A complex transform of one length.
        #[napi]
        pub struct $fft(Fft<$type>);

        #[napi]
        impl $fft {
            #[napi(constructor, catch_unwind)]
            pub fn new(n: f64) -> Result<Self> {
                caught(|| {
                    Transform::Fft.output_length(2, 1, count(n))?;
                    Ok(Self(Fft::new(count(n))?))
                })
            }

            /// Rows of complex values to rows of complex values.
            #[napi(catch_unwind)]
            pub fn process(&mut self, x: &[$type], inverse: bool, mut output: $slice) -> Result<()> {
                caught(|| {
                    finite(x)?;
                    self.0.process(x, self.0.n(), inverse, writable!(x, output))
                })
            }
        }
    };
}

transforms!(
    f32,
    Float32Array,
    Float32ArraySlice,
    transform_f32,
    transform_f32_async,
    "Promise<Float32Array>",
    TransformF32,
    RfftPlanF32,
    FftPlanF32
);
transforms!(
    f64,
    Float64Array,
    Float64ArraySlice,
    transform_f64,
    transform_f64_async,
    "Promise<Float64Array>",
    TransformF64,
    RfftPlanF64,
    FftPlanF64
);

fn finite<T: dsp_core::simd::Real>(x: &[T]) -> dsp_core::Result<()> {
    dsp_core::check_finite("x", x, false)
}
