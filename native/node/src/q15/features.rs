//! Q15 mel features: the reference of the NPU's kernel, over whole signals and streams.

use crate::array::OutputArray;
use crate::closable::Closable;
use crate::online::{Online, Stream};
use crate::options::JsOptions;
use crate::plan::Plan;
use crate::task::caught;
use crate::values::{Sample, Samples, Values};
use crate::{plan_methods, stream_methods};
use dsp_core::Result;
use dsp_core::options::read;
use dsp_core::q15::{self, FramingOptions, MelQ15, MelQ15Options};
use napi::Env;
use napi::bindgen_prelude::{Either, Object};
use napi_derive::napi;

impl Plan for MelQ15 {
    fn run<T: Sample>(&mut self, y: &[T], _: usize, samples: usize, _: bool) -> Result<Vec<Values>> {
        self.forward(y, samples).map(|codes| vec![codes.into()])
    }

    fn batch<T: Sample>(&mut self, signals: &[&[T]]) -> Result<Vec<Values>> {
        Self::batch(self, signals, true).map(|all| all.into_iter().map(Values::from).collect())
    }
}

/// Q15 mel features: one array, `[frames, filters]`, of int8 or int16.
#[napi]
pub struct MelQ15Plan(Closable<MelQ15>);

#[napi]
impl MelQ15Plan {
    #[napi(constructor, catch_unwind)]
    pub fn new(#[napi(ts_arg_type = "object")] options: Object<'_>) -> napi::Result<Self> {
        caught(|| MelQ15::new(&read(&JsOptions(options))?).map(|plan| Self(Closable::new(plan))))
    }
}
plan_methods!(MelQ15Plan);

impl<T: Sample> Stream<T> for MelQ15 {
    fn accept(&mut self, block: &[T]) -> Result<Vec<Values>> {
        Self::accept(self, block).map(|codes| vec![codes.into()])
    }

    fn flush(&mut self) -> Result<Vec<Values>> {
        Ok(vec![Self::flush(self).into()])
    }

    fn reset(&mut self) {
        Self::reset(self);
    }

    fn latency_samples(&self) -> usize {
        Self::latency_samples(self)
    }
}

/// The same of a stream: the frames that are complete, `[frames, filters]`.
#[napi(custom_finalize)]
pub struct MelQ15Stream(Online<MelQ15, MelQ15>);

#[napi]
impl MelQ15Stream {
    #[napi(constructor, catch_unwind)]
    pub fn new(env: Env, #[napi(ts_arg_type = "object")] options: Object<'_>, float32: bool) -> napi::Result<Self> {
        let options: MelQ15Options = caught(|| read(&JsOptions(options)))?;
        Online::open(env, float32, || MelQ15::new(&options), || MelQ15::new(&options)).map(Self)
    }
}
stream_methods!(MelQ15Stream);

/// The kernel's input: frames of 400 samples of 16 bits, one after another.
#[napi(catch_unwind, ts_return_type = "Int16Array")]
pub fn q15_frames(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] y: Samples<'_>,
    #[napi(ts_arg_type = "object")] options: Object<'_>,
) -> napi::Result<OutputArray<i16>> {
    caught(|| {
        let options: FramingOptions = read(&JsOptions(options))?;
        match y {
            Either::A(y) => q15::frames16(y, &options),
            Either::B(y) => q15::frames16(y, &options),
        }
        .map(OutputArray)
    })
}
