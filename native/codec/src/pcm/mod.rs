//! Uncompressed audio: a header, then a run of samples. One reader of such runs; one header parser a container.

pub mod aiff;
mod encoding;
pub mod sphere;
pub mod wav;
pub mod wave64;

pub(crate) use encoding::Encoding;

use crate::decoder::{Decoder, Info, check_stream, io_error};
use crate::source::Source;
use dsp_core::Result;

/// Bytes taken from the source at a time.
const CHUNK: usize = 1 << 17;

/// A source that stands at its first sample.
pub(crate) struct Run {
    source: Source,
    info: Info,
    encoding: Encoding,
    big_endian: bool,
    /// Bytes of samples still to come; `u64::MAX` where only the end of the source tells.
    left: u64,
    buffer: Vec<u8>,
}

impl Run {
    /// `claimed` is the header's word on the bytes of samples; the source's own length has the last word.
    pub(crate) fn open(
        mut source: Source,
        format: &'static str,
        encoding: Encoding,
        big_endian: bool,
        channels: u64,
        rate: u64,
        claimed: u64,
    ) -> Result<Box<dyn Decoder>> {
        check_stream(channels, rate)?;
        let frame = encoding.width() as u64 * channels;
        let known = source.remaining().map_err(|e| io_error(&e))?;
        let left = known.map_or(claimed, |there| there.min(claimed)) / frame * frame;
        let info = Info {
            format,
            encoding: encoding.name().to_owned(),
            channels: channels as usize,
            sample_rate: rate as u32,
            samples: known.map(|_| left / frame),
            links: Vec::new(),
        };
        Ok(Box::new(Self { source, info, encoding, big_endian, left, buffer: Vec::new() }))
    }
}

impl Decoder for Run {
    fn info(&self) -> &Info {
        &self.info
    }

    fn read(&mut self, channels: &mut [Vec<f32>]) -> Result<usize> {
        let frame = self.encoding.width() * self.info.channels;
        let size = (CHUNK / frame).max(1) * frame;
        let size = (size as u64).min(self.left) as usize;
        self.buffer.resize(size, 0);
        let got = self.source.read_up_to(&mut self.buffer).map_err(|e| io_error(&e))?;
        // A last frame that is cut in two is left out.
        let frames = got / frame;
        self.left = if got < size { 0 } else { self.left - size as u64 };
        self.encoding.decode(&self.buffer[..frames * frame], self.big_endian, channels);
        Ok(frames)
    }
}
