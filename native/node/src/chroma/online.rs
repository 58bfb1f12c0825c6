//! Chroma of a stream.

use crate::online::{Online, Stream};
use crate::options::JsOptions;
use crate::stream_methods;
use crate::task::caught;
use crate::values::{IntoValues, Sample, Values};
use dsp_core::Result;
use dsp_core::chroma::{ChromaStftOptions, OnlineChroma};
use dsp_core::options::read;
use napi::Env;
use napi::bindgen_prelude::Object;
use napi_derive::napi;

impl<T: Sample> Stream<T> for OnlineChroma<T> {
    fn accept(&mut self, block: &[T]) -> Result<Vec<Values>> {
        self.accept(block).map(|(_, frames)| frames.into_values())
    }

    fn flush(&mut self) -> Result<Vec<Values>> {
        Ok(self.flush()?.1.into_values())
    }

    fn reset(&mut self) {
        self.reset();
    }

    fn latency_samples(&self) -> usize {
        self.latency_samples()
    }
}

/// Chroma of a stream: the frames that are complete, `[nChroma, frames]`.
#[napi(custom_finalize)]
pub struct ChromaStream(Online<OnlineChroma<f32>, OnlineChroma<f64>>);

#[napi]
impl ChromaStream {
    #[napi(constructor, catch_unwind)]
    pub fn new(env: Env, #[napi(ts_arg_type = "object")] options: Object<'_>, float32: bool) -> napi::Result<Self> {
        let options: ChromaStftOptions = caught(|| read(&JsOptions(options)))?;
        Online::open(env, float32, || OnlineChroma::new(&options), || OnlineChroma::new(&options)).map(Self)
    }
}
stream_methods!(ChromaStream);
