//! The mel spectrogram of a stream.

use dsp_core::mel::OnlineMel;
use napi::bindgen_prelude::*;
use napi_derive::napi;

use super::{MelParameters, mel_options};
use crate::job::Samples;
use crate::task::caught;

enum Stream {
    F32(OnlineMel<f32>),
    F64(OnlineMel<f64>),
}

/// One channel, a block at a time, as it arrives.
#[napi]
pub struct MelStream(Stream);

/// Frames `[mels, count]` of a stream.
#[napi(object)]
pub struct MelFrames {
    pub count: f64,
    pub data: Either<Float32Array, Float64Array>,
}

fn frames<T>(
    (count, data): (usize, Vec<T>),
    array: fn(Vec<T>) -> Either<Float32Array, Float64Array>,
) -> dsp_core::Result<MelFrames> {
    Ok(MelFrames { count: count as f64, data: array(data) })
}

#[napi]
impl MelStream {
    #[napi(constructor, catch_unwind)]
    pub fn new(parameters: MelParameters, single: bool) -> Result<Self> {
        caught(|| {
            let options = mel_options(parameters)?;
            Ok(Self(if single {
                Stream::F32(OnlineMel::new(&options)?)
            } else {
                Stream::F64(OnlineMel::new(&options)?)
            }))
        })
    }

    /// Filters without any bin.
    #[napi(catch_unwind)]
    pub fn empty_filters(&self) -> Vec<u32> {
        let bank = match &self.0 {
            Stream::F32(stream) => stream.plan().bank(),
            Stream::F64(stream) => stream.plan().bank(),
        };
        bank.empty_filters().iter().map(|&m| m as u32).collect()
    }

    /// Takes a block and gives the frames that it completes.
    #[napi(catch_unwind)]
    pub fn accept(
        &mut self,
        #[napi(ts_arg_type = "Float32Array | Float64Array")] block: Samples<'_>,
    ) -> Result<MelFrames> {
        caught(|| match (&mut self.0, block) {
            (Stream::F32(stream), Either::A(block)) => frames(stream.accept(block)?, |data| Either::A(data.into())),
            (Stream::F64(stream), Either::B(block)) => frames(stream.accept(block)?, |data| Either::B(data.into())),
            _ => Err(dsp_core::Error::argument("block", "of the stream's element type", "the other one")),
        })
    }

    /// Ends the signal and gives the rest.
    #[napi(catch_unwind)]
    pub fn flush(&mut self) -> Result<MelFrames> {
        caught(|| match &mut self.0 {
            Stream::F32(stream) => frames(stream.flush()?, |data| Either::A(data.into())),
            Stream::F64(stream) => frames(stream.flush()?, |data| Either::B(data.into())),
        })
    }

    /// Forgets the signal.
    #[napi(catch_unwind)]
    pub fn reset(&mut self) {
        match &mut self.0 {
            Stream::F32(stream) => stream.reset(),
            Stream::F64(stream) => stream.reset(),
        }
    }

    /// Samples after a frame's reference sample that must be there before it comes out.
    #[napi(getter, catch_unwind)]
    pub fn latency_samples(&self) -> f64 {
        match &self.0 {
            Stream::F32(stream) => stream.latency_samples() as f64,
            Stream::F64(stream) => stream.latency_samples() as f64,
        }
    }
}
