//! Bytes to samples.
//!
//! Uncompressed containers (WAV, RF64, W64, AIFF, AIFC, NIST SPHERE) are a header before a run of numbers and are read
//! here, by one reader of such runs with one header parser a container. FLAC, Ogg Vorbis and MP3 are read by symphonia.
//!
//! Nothing is believed that a header says about sizes: memory grows with the samples that were really decoded.

mod blocks;
mod compressed;
mod mp3_tag;
mod pcm;
mod push;
mod sniff;
mod source;
#[cfg(test)]
mod tests;
mod vorbis_setup;

pub use blocks::Blocks;
pub use push::{Event, PushDecoder};
pub use source::Source;

use dsp_core::{Error, Result};

/// More channels than libsndfile accepts are a damaged header.
pub const MAX_CHANNELS: usize = 1024;
/// Rates above are a damaged header.
pub const MAX_RATE: u32 = 100_000_000;
/// The most samples (all channels together) that [`decode`] returns: 4 GiB of float32.
pub const MAX_SAMPLES: usize = 1 << 30;

/// What a file says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Info {
    /// Container: `wav rf64 w64 aiff aifc sphere flac ogg mp3`.
    pub format: &'static str,
    /// How a sample is written: `pcm-u8 pcm-s16 float32 ulaw vorbis …`.
    pub encoding: String,
    pub channels: usize,
    pub sample_rate: u32,
    /// Samples a channel, where known before decoding.
    pub samples: Option<u64>,
}

/// An open file from which samples come a piece at a time.
pub trait Decoder: Send {
    fn info(&self) -> &Info;

    /// Appends the next samples to every channel and returns how many a channel; 0 at the end.
    fn read(&mut self, channels: &mut [Vec<f32>]) -> Result<usize>;

    /// Counts the samples a channel that remain, without decoding them where that is possible.
    fn count(&mut self) -> Result<u64> {
        let mut scratch = vec![Vec::new(); self.info().channels];
        let mut total = 0;
        loop {
            scratch.iter_mut().for_each(Vec::clear);
            match self.read(&mut scratch)? {
                0 => return Ok(total),
                n => total += n as u64,
            }
        }
    }
}

/// Recognises the format by its first bytes and reads the header.
pub fn open(source: Source) -> Result<Box<dyn Decoder>> {
    sniff::open(source)
}

/// Decodes all samples, one vector a channel.
pub fn decode(source: Source) -> Result<(Info, Vec<Vec<f32>>)> {
    let mut decoder = open(source)?;
    let info = decoder.info().clone();
    let mut channels = vec![Vec::new(); info.channels];
    while decoder.read(&mut channels)? > 0 {
        if channels[0].len() > MAX_SAMPLES / info.channels {
            let limit = MAX_SAMPLES / info.channels;
            return Err(format_error(
                format!("at most {limit} samples in each of {} channels", info.channels),
                "more",
                "the audio is too long to be decoded as one piece; read it as blocks",
            ));
        }
    }
    Ok((info, channels))
}

/// Reads the header, and counts the samples where it does not tell them.
pub fn probe(source: Source) -> Result<Info> {
    let mut decoder = open(source)?;
    let mut info = decoder.info().clone();
    if info.samples.is_none() {
        info.samples = Some(decoder.count()?);
    }
    Ok(info)
}

/// `ERR_DSP_FORMAT` of the argument `input`.
pub(crate) fn format_error(
    expected: impl std::fmt::Display,
    actual: impl std::fmt::Display,
    message: impl Into<String>,
) -> Error {
    Error::format("input", expected, actual, message)
}

/// `ERR_DSP_IO`: the operating system's word.
pub(crate) fn io_error(error: &std::io::Error) -> Error {
    let text = error.to_string();
    Error::new("ERR_DSP_IO", "input", "readable input", &text, format!("the input cannot be read: {text}"))
}

/// Refuses channel counts and rates that no audio has.
pub(crate) fn check_stream(channels: u64, rate: u64) -> Result<()> {
    if channels == 0 || channels > MAX_CHANNELS as u64 {
        let message = format!("the header claims {channels} channels; 1 to {MAX_CHANNELS} are possible");
        return Err(format_error(format!("1 to {MAX_CHANNELS} channels"), channels, message));
    }
    if rate == 0 || rate > u64::from(MAX_RATE) {
        let message = format!("the header claims a sample rate of {rate} Hz; 1 to {MAX_RATE} are possible");
        return Err(format_error(format!("a sample rate of 1 to {MAX_RATE} Hz"), rate, message));
    }
    Ok(())
}
