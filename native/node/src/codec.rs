//! Decoding, from a path or bytes, whole or in blocks.

use std::path::Path;

use dsp_codec::{Info, Source};
use napi::bindgen_prelude::*;
use napi_derive::napi;

use crate::array::InV8;
use crate::task::caught;

/// What a header says.
#[napi(object)]
pub struct AudioInfo {
    pub format: String,
    pub encoding: String,
    pub channels: u32,
    pub sample_rate: u32,
    /// Samples a channel.
    pub samples: Option<f64>,
}

/// Samples, channel after channel, and what the header says.
#[napi(object, object_from_js = false)]
pub struct DecodedAudio {
    pub info: AudioInfo,
    /// Samples a channel in `data`.
    pub length: f64,
    #[napi(ts_type = "Float32Array")]
    pub data: InV8<f32>,
}

fn info_to_js(info: Info) -> AudioInfo {
    AudioInfo {
        format: info.format.to_owned(),
        encoding: info.encoding,
        channels: info.channels as u32,
        sample_rate: info.sample_rate,
        samples: info.samples.map(|n| n as f64),
    }
}

/// Lays the channels one after another.
fn audio_to_js((info, mut channels): (Info, Vec<Vec<f32>>)) -> DecodedAudio {
    let length = channels.first().map_or(0, Vec::len) as f64;
    let data = if channels.len() == 1 { channels.swap_remove(0) } else { channels.concat() };
    DecodedAudio { info: info_to_js(info), length, data: data.into() }
}

/// A path or bytes, until the work begins.
pub enum Input {
    Path(String),
    Bytes(Vec<u8>),
}

impl Input {
    pub fn from_js(input: Either<String, Uint8Array>) -> Self {
        match input {
            Either::A(path) => Self::Path(path),
            Either::B(bytes) => Self::Bytes(bytes.to_vec()),
        }
    }

    pub fn open(&mut self) -> dsp_core::Result<Source> {
        match self {
            Self::Path(path) => Source::path(Path::new(path)),
            Self::Bytes(bytes) => Ok(Source::bytes(std::mem::take(bytes))),
        }
    }
}

pub struct Decode(Input);

impl Task for Decode {
    type Output = (Info, Vec<Vec<f32>>);
    type JsValue = DecodedAudio;

    fn compute(&mut self) -> Result<Self::Output> {
        caught(|| dsp_codec::decode(self.0.open()?))
    }

    fn resolve(&mut self, _: Env, output: Self::Output) -> Result<Self::JsValue> {
        Ok(audio_to_js(output))
    }
}

pub struct Probe(Input);

impl Task for Probe {
    type Output = Info;
    type JsValue = AudioInfo;

    fn compute(&mut self) -> Result<Self::Output> {
        caught(|| dsp_codec::probe(self.0.open()?))
    }

    fn resolve(&mut self, _: Env, output: Self::Output) -> Result<Self::JsValue> {
        Ok(info_to_js(output))
    }
}

/// Decodes off the main thread.
#[napi(catch_unwind, ts_return_type = "Promise<DecodedAudio>")]
pub fn decode_audio(input: Either<String, Uint8Array>, signal: Option<AbortSignal>) -> AsyncTask<Decode> {
    AsyncTask::with_optional_signal(Decode(Input::from_js(input)), signal)
}

/// Decodes at once.
#[napi(catch_unwind)]
pub fn decode_audio_sync(input: Either<String, Uint8Array>) -> Result<DecodedAudio> {
    caught(|| dsp_codec::decode(Input::from_js(input).open()?)).map(audio_to_js)
}

/// Reads the header, and counts samples that it does not tell, off the main thread.
#[napi(catch_unwind, ts_return_type = "Promise<AudioInfo>")]
pub fn probe_audio(input: Either<String, Uint8Array>, signal: Option<AbortSignal>) -> AsyncTask<Probe> {
    AsyncTask::with_optional_signal(Probe(Input::from_js(input)), signal)
}

/// Reads the header, and counts samples that it does not tell, at once.
#[napi(catch_unwind)]
pub fn probe_audio_sync(input: Either<String, Uint8Array>) -> Result<AudioInfo> {
    caught(|| dsp_codec::probe(Input::from_js(input).open()?)).map(info_to_js)
}
