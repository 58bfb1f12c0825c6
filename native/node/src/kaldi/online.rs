//! Kaldi's features of a stream.

use super::KaldiPlan;
use crate::stream_methods;
use crate::task::caught;
use crate::values::{Sample, Samples, Values};
use dsp_core::kaldi::Online;
use dsp_core::{Error, Result};
use napi::Env;
use napi::bindgen_prelude::Either;
use napi_derive::napi;

/// One channel in blocks of either precision: frames have the precision of the plan.
struct Blocks {
    /// None when the signal has ended: its memory is then freed.
    stream: Option<Online>,
    float32: bool,
    latency: usize,
}

impl Blocks {
    fn accept(&mut self, block: Samples<'_>) -> napi::Result<Vec<Values>> {
        caught(|| match block {
            Either::A(block) => self.take(block),
            Either::B(block) => self.take(block),
        })
    }

    fn take<T: Sample>(&mut self, block: &[T]) -> Result<Vec<Values>> {
        let stream = self.stream.as_mut().ok_or_else(Error::after_flush)?;
        let frames = if self.float32 { Values::F32(stream.accept(block)?) } else { Values::F64(stream.accept(block)?) };
        Ok(vec![frames])
    }

    fn flush(&mut self, _: Env) -> napi::Result<Vec<Values>> {
        let mut stream = self.stream.take();
        Ok(vec![if self.float32 {
            Values::F32(stream.as_mut().map_or_else(Vec::new, Online::flush))
        } else {
            Values::F64(stream.as_mut().map_or_else(Vec::new, Online::flush))
        }])
    }

    fn reset(&mut self) {
        if let Some(stream) = &mut self.stream {
            stream.reset();
        }
    }

    fn latency_samples(&self) -> f64 {
        self.latency as f64
    }

    fn close(&mut self, _: Env) -> napi::Result<()> {
        self.stream = None;
        Ok(())
    }
}

/// One of Kaldi's features of a stream: the frames that are complete, `[frames, columns]`.
#[napi(custom_finalize)]
pub struct KaldiStream(Blocks);

#[napi]
impl KaldiStream {
    #[napi(constructor, catch_unwind)]
    pub fn new(plan: &KaldiPlan) -> napi::Result<Self> {
        caught(|| {
            let plan = plan.0.cloned()?;
            let stream = Online::new(plan.extractor)?;
            Ok(Self(Blocks { latency: stream.latency(), stream: Some(stream), float32: plan.float32 }))
        })
    }
}
stream_methods!(KaldiStream);
