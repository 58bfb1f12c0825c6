//! Chroma of a stream.

use super::parameters::ChromaStftParameters;
use crate::task::caught;
use crate::values::{Samples, Values};
use dsp_core::Error;
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
pub struct ChromaStream {
    /// None when the signal has ended: its memory is given back then.
    stream: Option<Stream>,
    single: bool,
    latency: f64,
}

#[napi]
impl ChromaStream {
    #[napi(constructor, catch_unwind)]
    pub fn new(parameters: ChromaStftParameters, double: bool) -> Result<Self> {
        caught(|| {
            let options = parameters.core()?;
            let (stream, latency) = if double {
                let stream = OnlineChroma::new(&options)?;
                let latency = stream.latency_samples();
                (Stream::Double(stream), latency)
            } else {
                let stream = OnlineChroma::new(&options)?;
                let latency = stream.latency_samples();
                (Stream::Single(stream), latency)
            };
            Ok(Self { stream: Some(stream), single: !double, latency: latency as f64 })
        })
    }

    /// Takes a block of the stream's precision and gives the frames that it completes, `[nChroma, frames]`.
    #[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
    pub fn accept(&mut self, block: Samples<'_>) -> Result<Values> {
        caught(|| match (self.stream.as_mut().ok_or_else(Error::after_flush)?, block) {
            (Stream::Single(stream), Either::A(block)) => Ok(stream.accept(block)?.1.into()),
            (Stream::Double(stream), Either::B(block)) => Ok(stream.accept(block)?.1.into()),
            _ => Err(dsp_core::Error::argument("block", "of the stream's element type", "the other one")),
        })
    }

    /// Ends the signal and gives the rest.
    #[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
    pub fn flush(&mut self) -> Result<Values> {
        caught(|| {
            Ok(match self.stream.take() {
                Some(Stream::Single(mut stream)) => stream.flush().1.into(),
                Some(Stream::Double(mut stream)) => stream.flush().1.into(),
                None => Values::none(self.single),
            })
        })
    }

    /// Forgets the signal; one that has ended stays so.
    #[napi(catch_unwind)]
    pub fn reset(&mut self) {
        match &mut self.stream {
            Some(Stream::Single(stream)) => stream.reset(),
            Some(Stream::Double(stream)) => stream.reset(),
            None => {}
        }
    }

    /// Samples after a frame's reference sample that must be there before it comes out.
    #[napi(getter, catch_unwind)]
    pub fn latency_samples(&self) -> f64 {
        self.latency
    }
}
