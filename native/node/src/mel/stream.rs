//! The mel spectrogram of a stream.

use super::bank::empty_filters;
use crate::online::Online;
use crate::options::JsOptions;
use crate::task::caught;
use crate::{stream, stream_methods};
use dsp_core::mel::{MelOptions, OnlineMel};
use dsp_core::options::read;
use napi::Env;
use napi::bindgen_prelude::{Either, Object};
use napi_derive::napi;

stream!(OnlineMel);

/// A mel spectrogram of a stream: the frames that are complete, `[mels, frames]`.
#[napi(custom_finalize)]
pub struct MelStream(Online<OnlineMel<f32>, OnlineMel<f64>>);

#[napi]
impl MelStream {
    #[napi(constructor, catch_unwind)]
    pub fn new(env: Env, #[napi(ts_arg_type = "object")] options: Object<'_>, float32: bool) -> napi::Result<Self> {
        let options: MelOptions = caught(|| read(&JsOptions(options)))?;
        Online::open(env, float32, || OnlineMel::new(&options), || OnlineMel::new(&options)).map(Self)
    }

    /// Indices of the filters without any bin; none after the end.
    #[napi(catch_unwind)]
    pub fn empty_filters(&self) -> Vec<u32> {
        self.0.stream().map_or_else(Vec::new, |stream| match stream {
            Either::A(stream) => empty_filters(stream.plan().bank()),
            Either::B(stream) => empty_filters(stream.plan().bank()),
        })
    }
}
stream_methods!(MelStream);
