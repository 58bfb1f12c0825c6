//! One stream of samples.

use super::{Computed, KaldiExtractor, Samples};
use crate::error::to_js;
use dsp_core::kaldi::Online;
use napi::Result;
use napi::bindgen_prelude::Either;
use napi_derive::napi;

/// A stream; its frames are in double precision where asked.
#[napi]
pub struct KaldiOnline {
    stream: Online,
    double: bool,
}

#[napi]
impl KaldiOnline {
    #[napi(constructor, catch_unwind)]
    pub fn new(extractor: &KaldiExtractor, double: bool) -> Result<Self> {
        Ok(Self { stream: Online::new(extractor.inner.clone()).map_err(to_js)?, double })
    }

    /// Samples that must have come before the first frame can.
    #[napi(getter, catch_unwind)]
    pub fn latency(&self) -> u32 {
        self.stream.latency() as u32
    }

    /// Takes samples, returns the frames that they complete, row-major.
    #[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
    pub fn accept(&mut self, block: Samples<'_>) -> Result<Computed> {
        let stream = &mut self.stream;
        match (block, self.double) {
            (Either::A(block), false) => stream.accept(block).map(Computed::Single),
            (Either::A(block), true) => stream.accept(block).map(Computed::Double),
            (Either::B(block), false) => stream.accept(block).map(Computed::Single),
            (Either::B(block), true) => stream.accept(block).map(Computed::Double),
        }
        .map_err(to_js)
    }

    /// Ends the stream.
    #[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
    pub fn flush(&mut self) -> Computed {
        let stream = &mut self.stream;
        if self.double { Computed::Double(stream.flush()) } else { Computed::Single(stream.flush()) }
    }

    /// Begins anew.
    #[napi(catch_unwind)]
    pub fn reset(&mut self) {
        self.stream.reset();
    }
}
