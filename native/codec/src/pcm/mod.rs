//! Uncompressed audio: a header, then a run of samples. One reader of such runs; one header parser a container.

pub mod aiff;
pub mod au;
mod behind;
pub mod caf;
mod encoding;
mod planar;
pub mod sphere;
#[cfg(test)]
mod tests;
pub mod wav;
pub mod wave64;

pub(crate) use encoding::Encoding;
pub(crate) use planar::Planar;

use crate::decoder::{Decoder, Info, check_stream, io_error};
use crate::source::Source;
use dsp_core::Result;

/// Bytes taken from the source at a time.
const CHUNK: usize = 1 << 17;

/// What a header says of the samples behind it.
pub(crate) struct Layout {
    pub format: &'static str,
    pub encoding: Encoding,
    pub big_endian: bool,
    pub channels: u64,
    pub rate: u64,
}

impl Layout {
    /// Bytes a sample of every channel.
    fn frame(&self) -> u64 {
        self.encoding.width() as u64 * self.channels
    }

    fn info(&self) -> Result<Info> {
        check_stream(self.channels, self.rate)?;
        Ok(Info {
            format: self.format,
            encoding: self.encoding.name().to_owned(),
            channels: self.channels as usize,
            sample_rate: self.rate as u32,
            ..Info::default()
        })
    }
}

/// How many bytes of samples a header states.
#[derive(Clone, Copy)]
pub(crate) enum Size {
    /// What follows them is something else.
    Exactly(u64),
    /// All that follows is samples.
    AtLeast(u64),
}

/// The size that a chunk's header states, unless it is a placeholder: a program that writes to a pipe cannot go back to
/// fill it in, and one that crashed did not.
pub(crate) fn stated(source: &mut Source, size: u64) -> Result<Size> {
    const LAST_32: u64 = u32::MAX as u64;
    const NEARLY_64: u64 = i64::MAX as u64 - 64;
    let there = source.remaining().map_err(|e| io_error(&e))?;
    let is_stated = match size {
        // An empty file may have other chunks behind its samples; bytes that are no chunk's name are samples.
        0 => {
            let name = source.peek(4).map_err(|e| io_error(&e))?;
            name.len() < 4 || name.iter().all(|b| (0x20..0x7f).contains(b))
        }
        // sox writes 0x7f000000 (AIFF) and 0x7ffff000 (WAV), ffmpeg the largest number.
        0x7f00_0000 | 0x7fff_f000 | LAST_32 | NEARLY_64.. => false,
        // Others write nearly 2 or 4 GiB, which a recorder that splits its files there really has.
        0x7fff_f001..=0x8000_0000 | 0xffff_f000..LAST_32 => there.is_some_and(|there| there >= size),
        // A program that knew nothing of 4 GiB wrote the size modulo 2^32.
        1..LAST_32 => there.is_none_or(|there| there <= LAST_32 || there & LAST_32 != size),
        _ => true,
    };
    Ok(if is_stated { Size::Exactly(size) } else { Size::AtLeast(0) })
}

/// A source that stands at its first sample.
pub(crate) struct Run {
    source: Source,
    info: Info,
    encoding: Encoding,
    big_endian: bool,
    /// Bytes of samples still to come; `u64::MAX` where only the end of the source tells.
    left: u64,
    /// Samples a channel that the header states and that were not read yet.
    stated: u64,
    /// Bytes of samples behind which the end of a pipe must be looked at.
    unchecked: Option<u64>,
    buffer: Vec<u8>,
}

impl Run {
    /// `size` is the header's word; the source's own length has the last one.
    pub(crate) fn open(mut source: Source, layout: &Layout, size: Size) -> Result<Box<dyn Decoder>> {
        let mut info = layout.info()?;
        let (most, least) = match size {
            Size::Exactly(size) => (size, size),
            Size::AtLeast(size) => (u64::MAX, size),
        };
        behind::check_ahead(&mut source, least)?;
        let frame = layout.frame();
        let (most, stated) = (most / frame, least / frame);
        let there = source.remaining().map_err(|e| io_error(&e))?.map(|there| most.min(there / frame));
        info.samples = there;
        info.missing = there.map_or(0, |there| stated.saturating_sub(there));
        let (encoding, big_endian) = (layout.encoding, layout.big_endian);
        let left = there.unwrap_or(most) * frame;
        let unchecked = matches!((size, there), (Size::Exactly(_), None)).then_some(least);
        Ok(Box::new(Self { source, info, encoding, big_endian, left, stated, unchecked, buffer: Vec::new() }))
    }
}

impl Decoder for Run {
    fn info(&self) -> &Info {
        &self.info
    }

    fn read(&mut self, channels: &mut [Vec<f32>]) -> Result<usize> {
        let frame = self.encoding.width() * self.info.channels;
        if self.left == 0
            && let Some(size) = self.unchecked.take()
        {
            self.source.skip(size % frame as u64).map_err(|e| io_error(&e))?;
            behind::check(&mut self.source, size)?;
        }
        let size = (CHUNK / frame).max(1) * frame;
        let size = (size as u64).min(self.left) as usize;
        self.buffer.resize(size, 0);
        let got = self.source.read_up_to(&mut self.buffer).map_err(|e| io_error(&e))?;
        // A last frame that is cut in two is left out.
        let frames = got / frame;
        self.left -= (frames * frame) as u64;
        self.stated = self.stated.saturating_sub(frames as u64);
        if got < size {
            self.left = 0;
            // Only its end tells that a pipe was cut short.
            self.info.missing = self.info.missing.max(self.stated);
        }
        self.encoding.decode(&self.buffer[..frames * frame], self.big_endian, channels);
        Ok(frames)
    }
}
