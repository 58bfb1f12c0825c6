//! The mel spectrogram of a stream.

use dsp_core::Error;
use dsp_core::mel::OnlineMel;
use dsp_core::simd::Real;
use napi::bindgen_prelude::*;
use napi_derive::napi;

use super::{MelParameters, mel_options};
use crate::task::caught;
use crate::values::{Samples, Values};

enum Stream {
    F32(OnlineMel<f32>),
    F64(OnlineMel<f64>),
}

/// One channel, a block at a time, as it arrives.
#[napi]
pub struct MelStream {
    /// None when the signal has ended: its memory is given back then.
    stream: Option<Stream>,
    single: bool,
    latency: f64,
    empty: Vec<u32>,
}

/// Frames `[mels, count]` of a stream.
#[napi(object, object_from_js = false)]
pub struct MelFrames {
    pub count: f64,
    #[napi(ts_type = "Float32Array | Float64Array")]
    pub data: Values,
}

impl<T> From<(usize, Vec<T>)> for MelFrames
where
    Values: From<Vec<T>>,
{
    fn from((count, data): (usize, Vec<T>)) -> Self {
        Self { count: count as f64, data: data.into() }
    }
}

/// A stream's latency and its filters without any bin.
fn about<T: Real>(stream: &OnlineMel<T>) -> (f64, Vec<u32>) {
    let empty = stream.plan().bank().empty_filters();
    (stream.latency_samples() as f64, empty.iter().map(|&m| m as u32).collect())
}

#[napi]
impl MelStream {
    #[napi(constructor, catch_unwind)]
    pub fn new(parameters: MelParameters, single: bool) -> Result<Self> {
        caught(|| {
            let options = mel_options(parameters)?;
            Ok(if single {
                let stream = OnlineMel::new(&options)?;
                let (latency, empty) = about(&stream);
                Self { stream: Some(Stream::F32(stream)), single, latency, empty }
            } else {
                let stream = OnlineMel::new(&options)?;
                let (latency, empty) = about(&stream);
                Self { stream: Some(Stream::F64(stream)), single, latency, empty }
            })
        })
    }

    /// Filters without any bin.
    #[napi(catch_unwind)]
    pub fn empty_filters(&self) -> Vec<u32> {
        self.empty.clone()
    }

    /// Takes a block and gives the frames that it completes.
    #[napi(catch_unwind)]
    pub fn accept(
        &mut self,
        #[napi(ts_arg_type = "Float32Array | Float64Array")] block: Samples<'_>,
    ) -> Result<MelFrames> {
        caught(|| match (self.stream.as_mut().ok_or_else(Error::after_flush)?, block) {
            (Stream::F32(stream), Either::A(block)) => Ok(stream.accept(block)?.into()),
            (Stream::F64(stream), Either::B(block)) => Ok(stream.accept(block)?.into()),
            _ => Err(dsp_core::Error::argument("block", "of the stream's element type", "the other one")),
        })
    }

    /// Ends the signal and gives the rest.
    #[napi(catch_unwind)]
    pub fn flush(&mut self) -> Result<MelFrames> {
        caught(|| {
            Ok(match self.stream.take() {
                Some(Stream::F32(mut stream)) => stream.flush()?.into(),
                Some(Stream::F64(mut stream)) => stream.flush()?.into(),
                None => MelFrames { count: 0.0, data: Values::none(self.single) },
            })
        })
    }

    /// Forgets the signal; one that has ended stays so.
    #[napi(catch_unwind)]
    pub fn reset(&mut self) {
        match &mut self.stream {
            Some(Stream::F32(stream)) => stream.reset(),
            Some(Stream::F64(stream)) => stream.reset(),
            None => {}
        }
    }

    /// Samples after a frame's reference sample that must be there before it comes out.
    #[napi(getter, catch_unwind)]
    pub fn latency_samples(&self) -> f64 {
        self.latency
    }
}
