//! Bytes to samples.
//!
//! Uncompressed containers (WAV, RF64, W64, AIFF, AIFC, AU, CAF, NIST SPHERE) are a header before a run of numbers and are read
//! here, by one reader of such runs with one header parser a container. The packets of FLAC, Ogg Vorbis and MP3 are found
//! here and decoded by symphonia.
//!
//! Nothing is believed that a header says about sizes: memory grows with the samples that were really decoded.

mod blocks;
mod codec;
mod crc;
mod decoder;
mod flac;
mod id3;
mod mp3;
mod ogg;
mod pcm;
#[cfg(feature = "parallel")]
mod push;
#[cfg(not(feature = "parallel"))]
#[path = "push_whole.rs"]
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

use dsp_core::{Error, Result};
use symphonia::core::io::MediaSource;

/// The most samples (all channels together) that [`decode`] returns: 4 GiB of float32, of which an eighth fits in the memory of
/// WebAssembly together with the input and what vectors need to grow.
pub const MAX_SAMPLES: usize = if cfg!(target_family = "wasm") { 1 << 27 } else { 1 << 30 };

/// More samples a channel than any format here makes of one byte; the most is silence in FLAC.
const MAX_SAMPLES_PER_BYTE: u64 = 70_000;

/// The samples a channel that the header tells, unless the length of the input rules them out.
fn told(decoder: &dyn Decoder, bytes: Option<u64>) -> Option<u64> {
    decoder.info().samples.filter(|n| bytes.is_none_or(|bytes| *n <= bytes.saturating_mul(MAX_SAMPLES_PER_BYTE)))
}

/// Decodes all samples, one vector a channel.
pub fn decode(source: Source) -> Result<(Info, Vec<Vec<f32>>)> {
    let bytes = source.byte_len();
    let mut decoder = open(source)?;
    let count = decoder.info().channels;
    let limit = MAX_SAMPLES / count;
    let too_long = |samples: String| {
        let message = format!(
            "the audio is too long to be decoded as one piece: it has {samples} samples in each of {count} channels, and \
             {limit} are possible; read it in blocks (readBlocks) or cut it into shorter files"
        );
        let expected = format!("at most {limit} samples in each of {count} channels");
        Error::new("ERR_DSP_TOO_LONG", "input", expected, samples, message)
    };
    if let Some(samples) = told(&*decoder, bytes).filter(|samples| *samples > limit as u64) {
        return Err(too_long(samples.to_string()));
    }
    let mut channels = vec![Vec::new(); count];
    while decoder.read(&mut channels)? > 0 {
        if channels[0].len() > limit {
            return Err(too_long(format!("more than {limit}")));
        }
    }
    let info = decoder.info().clone();
    if decoder.next_link()? {
        let given = channels[0].len();
        return Err(decoder::changed(&info, decoder.info(), given, decoder.links().len()));
    }
    Ok((info, channels))
}

/// Reads the header, and counts the samples where it does not tell them.
pub fn probe(source: Source) -> Result<Info> {
    let bytes = source.byte_len();
    let mut decoder = open(source)?;
    if let samples @ Some(_) = told(&*decoder, bytes) {
        return Ok(Info { samples, ..decoder.info().clone() });
    }
    let mut samples = decoder.count()?;
    let info = decoder.info().clone();
    while decoder.next_link()? {
        samples += decoder.count()?;
    }
    // Only the end of the last link shows whether the file was cut.
    let Info { missing, cut_at, .. } = *decoder.info();
    Ok(Info { samples: Some(samples), missing, cut_at, links: decoder.links().to_vec(), ..info })
}
