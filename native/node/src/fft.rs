//! Transforms over rows, and windows. Outputs are the caller's own arrays.

use dsp_core::check_finite;
use dsp_core::fft::{Fft, Rfft, Transform};
use dsp_core::results::results;
use dsp_core::window::Window;
use napi::bindgen_prelude::{AbortSignal, AsyncTask, Either};
use napi_derive::napi;

use crate::allocator::keep_freed_memory;
use crate::array::OutputArray;
use crate::floats::{Floats, InOut, other_type};
use crate::job::Job;
use crate::options::count;
use crate::task::caught;
use crate::values::{IntoValues, Owned, Sample, Samples, Values};

/// Floats that the output of a transform has.
#[napi(catch_unwind)]
pub fn fft_output_length(transform: String, length: f64, row: f64, n: f64) -> napi::Result<f64> {
    caught(|| Ok(Transform::parse(&transform)?.output_length(count(length), count(row), count(n))? as f64))
}

/// A window's values.
#[napi(catch_unwind, ts_return_type = "Float64Array")]
pub fn window_values(name: String, length: f64, periodic: bool, beta: f64) -> napi::Result<OutputArray<f64>> {
    caught(|| Ok(Window::parse(&name, beta)?.values(count(length), periodic).into()))
}

/// Transforms rows of `row` values on the calling thread.
#[napi(catch_unwind)]
pub fn transform(
    transform: String,
    #[napi(ts_arg_type = "Float32Array | Float64Array")] x: Floats,
    row: f64,
    n: f64,
    #[napi(ts_arg_type = "Float32Array | Float64Array")] output: Floats,
) -> napi::Result<()> {
    let (row, n) = (count(row), count(n));
    caught(|| {
        let transform = Transform::parse(&transform)?;
        match InOut::new(&x, &output)? {
            InOut::F32(x, output) => {
                keep_freed_memory(size_of_val(&*output));
                transform.run(x, row, n, output, false)
            }
            InOut::F64(x, output) => {
                keep_freed_memory(size_of_val(&*output));
                transform.run(x, row, n, output, false)
            }
        }
    })
}

/// Transforms rows on all cores, off the main thread: one array.
#[napi(catch_unwind, ts_return_type = "Promise<Array<Float32Array | Float64Array>>")]
pub fn transform_async(
    transform: String,
    #[napi(ts_arg_type = "Float32Array | Float64Array")] x: Samples<'_>,
    row: f64,
    n: f64,
    signal: Option<AbortSignal>,
) -> napi::Result<AsyncTask<Job>> {
    fn run<T: Sample>(transform: Transform, x: &[T], row: usize, n: usize) -> dsp_core::Result<Vec<Values>> {
        let mut output = results(transform.output_length(x.len(), row, n)?);
        transform.run(x, row, n, &mut output, true)?;
        Ok(output.into_values())
    }
    let (transform, x) = (caught(|| Transform::parse(&transform))?, Owned::from(x));
    let (row, n) = (count(row), count(n));
    Ok(Job::start(signal, move || match x {
        Owned::F32(x) => run(transform, &x, row, n),
        Owned::F64(x) => run(transform, &x, row, n),
    }))
}

/// A real transform of one length.
#[napi]
pub struct RfftPlan(Either<Rfft<f32>, Rfft<f64>>);

#[napi]
impl RfftPlan {
    #[napi(constructor, catch_unwind)]
    pub fn new(n: f64, float32: bool) -> napi::Result<Self> {
        let n = count(n);
        caught(|| Ok(Self(if float32 { Either::A(Rfft::new(n)?) } else { Either::B(Rfft::new(n)?) })))
    }

    /// Rows of samples to rows of bins.
    #[napi(catch_unwind)]
    pub fn forward(
        &mut self,
        #[napi(ts_arg_type = "Float32Array | Float64Array")] x: Floats,
        #[napi(ts_arg_type = "Float32Array | Float64Array")] output: Floats,
    ) -> napi::Result<()> {
        fn run<T: Sample>(plan: &mut Rfft<T>, x: &[T], output: &mut [T]) -> dsp_core::Result<()> {
            plan.forward_checked(x, plan.n(), output)
        }
        caught(|| match (&mut self.0, InOut::new(&x, &output)?) {
            (Either::A(plan), InOut::F32(x, output)) => run(plan, x, output),
            (Either::B(plan), InOut::F64(x, output)) => run(plan, x, output),
            _ => Err(other_type("x")),
        })
    }

    /// Rows of bins to rows of samples.
    #[napi(catch_unwind)]
    pub fn inverse(
        &mut self,
        #[napi(ts_arg_type = "Float32Array | Float64Array")] x: Floats,
        #[napi(ts_arg_type = "Float32Array | Float64Array")] output: Floats,
    ) -> napi::Result<()> {
        fn run<T: Sample>(plan: &mut Rfft<T>, x: &[T], output: &mut [T]) -> dsp_core::Result<()> {
            check_finite("x", x, false)?;
            plan.inverse(x, plan.bins(), output)
        }
        caught(|| match (&mut self.0, InOut::new(&x, &output)?) {
            (Either::A(plan), InOut::F32(x, output)) => run(plan, x, output),
            (Either::B(plan), InOut::F64(x, output)) => run(plan, x, output),
            _ => Err(other_type("x")),
        })
    }
}

/// A complex transform of one length.
#[napi]
pub struct FftPlan(Either<Fft<f32>, Fft<f64>>);

#[napi]
impl FftPlan {
    #[napi(constructor, catch_unwind)]
    pub fn new(n: f64, float32: bool) -> napi::Result<Self> {
        let n = count(n);
        caught(|| Ok(Self(if float32 { Either::A(Fft::new(n)?) } else { Either::B(Fft::new(n)?) })))
    }

    /// Rows of complex values to rows of complex values.
    #[napi(catch_unwind)]
    pub fn process(
        &mut self,
        #[napi(ts_arg_type = "Float32Array | Float64Array")] x: Floats,
        inverse: bool,
        #[napi(ts_arg_type = "Float32Array | Float64Array")] output: Floats,
    ) -> napi::Result<()> {
        fn run<T: Sample>(plan: &mut Fft<T>, x: &[T], inverse: bool, output: &mut [T]) -> dsp_core::Result<()> {
            check_finite("x", x, false)?;
            plan.process(x, plan.n(), inverse, output)
        }
        caught(|| match (&mut self.0, InOut::new(&x, &output)?) {
            (Either::A(plan), InOut::F32(x, output)) => run(plan, x, inverse, output),
            (Either::B(plan), InOut::F64(x, output)) => run(plan, x, inverse, output),
            _ => Err(other_type("x")),
        })
    }
}
