//! Chroma of a stream.

use crate::online::Online;
use crate::options::JsOptions;
use crate::task::caught;
use crate::{stream, stream_methods};
use dsp_core::chroma::{ChromaStftOptions, OnlineChroma};
use dsp_core::options::read;
use napi::Env;
use napi::bindgen_prelude::Object;
use napi_derive::napi;

stream!(OnlineChroma);

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
