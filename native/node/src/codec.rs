//! Decoding, from a path or bytes, whole or in blocks.

use std::path::Path;

use dsp_codec::{Info, Link, Source};
use napi::Result;
use napi::bindgen_prelude::{AbortSignal, AsyncTask, Either, Uint8Array};
use napi_derive::napi;

use crate::array::OutputArray;
use crate::job::{Job, Output};
use crate::task::caught;

/// The contents of a header.
#[napi(object)]
pub struct AudioInfo {
    pub format: String,
    pub encoding: String,
    pub channels: u32,
    pub sample_rate: u32,
    /// Samples per channel.
    pub samples: Option<f64>,
    /// Samples per channel that the header states and the input lacks.
    pub missing: f64,
    /// The second after which samples are missing, if nothing tells how many.
    pub cut_at: Option<f64>,
    /// The links of a chained file, where there are more than one.
    pub links: Option<Vec<AudioLink>>,
}

/// One of several sounds that follow each other in a file.
#[napi(object)]
pub struct AudioLink {
    pub encoding: String,
    pub channels: u32,
    pub sample_rate: u32,
    /// Samples per channel.
    pub samples: f64,
}

impl From<Link> for AudioLink {
    fn from(Link { encoding, channels, sample_rate, samples }: Link) -> Self {
        Self { encoding, channels: channels as u32, sample_rate, samples: samples as f64 }
    }
}

/// Samples, channel after channel, and the contents of the header.
#[napi(object, object_from_js = false)]
pub struct DecodedAudio {
    pub info: AudioInfo,
    /// Samples per channel in `data`.
    pub length: f64,
    #[napi(ts_type = "Float32Array")]
    pub data: OutputArray<f32>,
}

impl Output for Info {
    type Js = AudioInfo;

    fn into_js(self) -> AudioInfo {
        AudioInfo {
            format: self.format.to_owned(),
            encoding: self.encoding,
            channels: self.channels as u32,
            sample_rate: self.sample_rate,
            samples: self.samples.map(|n| n as f64),
            missing: self.missing as f64,
            cut_at: self.cut_at,
            links: (self.links.len() > 1).then(|| self.links.into_iter().map(AudioLink::from).collect()),
        }
    }
}

/// The channels one after another.
impl Output for (Info, Vec<Vec<f32>>) {
    type Js = DecodedAudio;

    fn into_js(self) -> DecodedAudio {
        let (info, mut channels) = self;
        let length = channels.first().map_or(0, Vec::len) as f64;
        let data = if channels.len() == 1 { channels.swap_remove(0) } else { channels.concat() };
        DecodedAudio { info: info.into_js(), length, data: data.into() }
    }
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

    pub fn open(self) -> dsp_core::Result<Source> {
        match self {
            Self::Path(path) => Source::path(Path::new(&path)),
            Self::Bytes(bytes) => Ok(Source::bytes(bytes)),
        }
    }
}

/// Decodes off the main thread.
#[napi(catch_unwind, ts_return_type = "Promise<DecodedAudio>")]
pub fn decode_audio(
    input: Either<String, Uint8Array>,
    signal: Option<AbortSignal>,
) -> AsyncTask<Job<(Info, Vec<Vec<f32>>)>> {
    let input = Input::from_js(input);
    Job::start(signal, || dsp_codec::decode(input.open()?))
}

/// Decodes on the calling thread.
#[napi(catch_unwind)]
pub fn decode_audio_sync(input: Either<String, Uint8Array>) -> Result<DecodedAudio> {
    caught(|| dsp_codec::decode(Input::from_js(input).open()?)).map(Output::into_js)
}

/// Reads the header, and counts the samples if it does not state them, off the main thread.
#[napi(catch_unwind, ts_return_type = "Promise<AudioInfo>")]
pub fn probe_audio(input: Either<String, Uint8Array>, signal: Option<AbortSignal>) -> AsyncTask<Job<Info>> {
    let input = Input::from_js(input);
    Job::start(signal, || dsp_codec::probe(input.open()?))
}

/// Reads the header, and counts the samples if it does not state them, on the calling thread.
#[napi(catch_unwind)]
pub fn probe_audio_sync(input: Either<String, Uint8Array>) -> Result<AudioInfo> {
    caught(|| dsp_codec::probe(Input::from_js(input).open()?)).map(Output::into_js)
}
