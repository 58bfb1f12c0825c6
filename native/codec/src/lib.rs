//! Bytes to samples.
//!
//! Uncompressed containers (WAV, RF64, W64, AIFF, AIFC, NIST SPHERE) are a header before a run of numbers and are read
//! here, by one reader of such runs with one header parser a container. The packets of FLAC, Ogg Vorbis and MP3 are found here and decoded by symphonia.
//!
//! Nothing is believed that a header says about sizes: memory grows with the samples that were really decoded.

mod blocks;
mod codec;
mod decoder;
mod flac;
mod mp3;
mod ogg;
mod pcm;
mod push;
mod sniff;
mod source;
#[cfg(test)]
mod tests;
mod window;

pub use blocks::Blocks;
pub use decoder::{Decoder, Info, Link, MAX_CHANNELS, MAX_RATE};
pub use push::{Event, PushDecoder};
pub use sniff::open;
pub use source::Source;

use decoder::format_error;
use dsp_core::Result;

/// The most samples (all channels together) that [`decode`] returns: 4 GiB of float32.
pub const MAX_SAMPLES: usize = 1 << 30;

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
    let given = channels[0].len();
    if decoder.next_link()? {
        return Err(decoder::changed(&info, decoder.info(), given, decoder.links().len()));
    }
    Ok((info, channels))
}

/// Reads the header, and counts the samples where it does not tell them.
pub fn probe(source: Source) -> Result<Info> {
    let mut decoder = open(source)?;
    let mut info = decoder.info().clone();
    if info.samples.is_none() {
        let mut samples = decoder.count()?;
        while decoder.next_link()? {
            samples += decoder.count()?;
        }
        info.samples = Some(samples);
        info.links = decoder.links().to_vec();
    }
    Ok(info)
}
