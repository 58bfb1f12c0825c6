//! Samples of one channel after those of another, where a run has them in turn.

use std::io::{Seek, SeekFrom};

use super::{CHUNK, Encoding, Layout};
use crate::decoder::{Decoder, Info, format_error, io_error};
use crate::source::Source;
use dsp_core::Result;

/// A source with a plane of samples for each channel.
pub(crate) struct Planar {
    source: Source,
    info: Info,
    encoding: Encoding,
    big_endian: bool,
    /// Position of the first plane, and bytes of each.
    start: u64,
    plane: u64,
    /// Samples a channel that were read, and that there are.
    at: u64,
    end: u64,
}

impl Planar {
    /// The source stands at the first plane; `frames` is the header's word on the samples of a channel.
    pub(crate) fn open(mut source: Source, layout: &Layout, frames: Option<u64>) -> Result<Box<dyn Decoder>> {
        let mut info = layout.info()?;
        let Some(there) = source.remaining().map_err(|e| io_error(&e))? else {
            let message = "the channels of this file stand one after another: read it from a file or bytes";
            return Err(format_error("channels that are interleaved in a stream", "one after another", message));
        };
        let start = source.stream_position().map_err(|e| io_error(&e))?;
        let width = layout.encoding.width() as u64;
        let frames = frames.unwrap_or(there / layout.frame());
        let plane = frames.saturating_mul(width);
        // Where the file is cut short, the last channel is the shortest.
        let end = frames.min(there.saturating_sub(plane.saturating_mul(layout.channels - 1)) / width);
        info.samples = Some(end);
        info.missing = frames - end;
        let (encoding, big_endian) = (layout.encoding, layout.big_endian);
        Ok(Box::new(Self { source, info, encoding, big_endian, start, plane, at: 0, end }))
    }
}

impl Decoder for Planar {
    fn info(&self) -> &Info {
        &self.info
    }

    fn read(&mut self, channels: &mut [Vec<f32>]) -> Result<usize> {
        let width = self.encoding.width();
        let count = (self.end - self.at).min((CHUNK / width) as u64);
        if count == 0 {
            return Ok(0);
        }
        let mut bytes = vec![0; count as usize * width];
        let mut at = self.start + self.at * width as u64;
        for channel in channels {
            self.source.seek(SeekFrom::Start(at)).map_err(|e| io_error(&e))?;
            std::io::Read::read_exact(&mut self.source, &mut bytes).map_err(|e| io_error(&e))?;
            self.encoding.decode(&bytes, self.big_endian, std::slice::from_mut(channel));
            at += self.plane;
        }
        self.at += count;
        Ok(count as usize)
    }
}
