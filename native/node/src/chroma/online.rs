//! Chroma of a stream.

use super::parameters::ChromaStftParameters;
use crate::job::{Samples, Values};
use crate::task::caught;
use dsp_core::chroma::OnlineChroma;
use napi::Result;
use napi::bindgen_prelude::Either;
use napi_derive::napi;

enum Stream {
    Single(OnlineChroma<f32>),
    Double(OnlineChroma<f64>),
}

/// One channel, a block at a time, as it arrives.
#[napi]
pub struct ChromaStream(Stream);

#[napi]
impl ChromaStream {
    #[napi(constructor, catch_unwind)]
    pub fn new(parameters: ChromaStftParameters, double: bool) -> Result<Self> {
        caught(|| {
            let options = parameters.core()?;
            Ok(Self(if double {
                Stream::Double(OnlineChroma::new(&options)?)
            } else {
                Stream::Single(OnlineChroma::new(&options)?)
            }))
        })
    }

    /// Takes a block of the stream's precision and gives the frames that it completes, `[nChroma, frames]`.
    #[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
    pub fn accept(&mut self, block: Samples<'_>) -> Result<Values> {
        caught(|| match (&mut self.0, block) {
            (Stream::Single(stream), Either::A(block)) => Ok(stream.accept(block)?.1.into()),
            (Stream::Double(stream), Either::B(block)) => Ok(stream.accept(block)?.1.into()),
            _ => Err(dsp_core::Error::argument("block", "of the stream's element type", "the other one")),
        })
    }

    /// Ends the signal and gives the rest.
    #[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
    pub fn flush(&mut self) -> Result<Values> {
        caught(|| {
            Ok(match &mut self.0 {
                Stream::Single(stream) => stream.flush().1.into(),
                Stream::Double(stream) => stream.flush().1.into(),
            })
        })
    }

    /// Forgets the signal.
    #[napi(catch_unwind)]
    pub fn reset(&mut self) {
        match &mut self.0 {
            Stream::Single(stream) => stream.reset(),
            Stream::Double(stream) => stream.reset(),
        }
    }

    /// Samples after a frame's reference sample that must be there before it comes out.
    #[napi(getter, catch_unwind)]
    pub fn latency_samples(&self) -> f64 {
        match &self.0 {
            Stream::Single(stream) => stream.latency_samples() as f64,
            Stream::Double(stream) => stream.latency_samples() as f64,
        }
    }
}
