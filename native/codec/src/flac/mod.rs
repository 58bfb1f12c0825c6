//! FLAC: the metadata and frames are found here, symphonia decodes the frames.

pub(crate) mod frames;
pub(crate) mod header;
#[cfg(test)]
mod tests;

use crate::codec::Codec;
use crate::crc::CRC16;
use crate::decoder::{Decoder, Info, check_stream, format_error, io_error};
use crate::source::Source;
use dsp_core::{Error, Result};
use frames::{Due, Frames, Next};
use header::{FrameHeader, StreamInfo};
use symphonia::core::codecs::audio::well_known::CODEC_ID_FLAC;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoderOptions};
use symphonia::default::codecs::FlacDecoder;

/// Bytes at the end of a file in which its last frame is looked for, besides the frame itself.
const TAIL: usize = 1 << 14;

struct Flac {
    frames: Frames,
    stream: StreamInfo,
    codec: Codec,
    info: Info,
    /// Number of the next frame; none until a frame of a stream of unknown length tells.
    next: Option<u64>,
    given: u64,
    done: bool,
}

/// symphonia's decoder of the frames of a stream.
pub(crate) fn codec(stream: &StreamInfo) -> Result<Codec> {
    let mut params = AudioCodecParameters::new();
    params.for_codec(CODEC_ID_FLAC).with_extra_data(stream.bytes.clone().into());
    let decoder = FlacDecoder::try_new(&params, &AudioDecoderOptions::default()).map_err(|error| {
        let message = format!("the FLAC stream's STREAMINFO is damaged: {error}");
        format_error("a valid STREAMINFO", error, message)
    })?;
    Ok(Codec::new(decoder, (0..stream.channels as usize).collect()))
}

pub(crate) fn open(mut source: Source) -> Result<Box<dyn Decoder>> {
    let stream = read_metadata(&mut source)?;
    check_stream(u64::from(stream.channels), u64::from(stream.rate))?;
    let codec = codec(&stream)?;
    // The header's word on the length holds where the last frame confirms it.
    let samples = match (stream.total, source.tail(stream.most_bytes() + TAIL).map_err(|e| io_error(&e))?) {
        (Some(total), Some(tail)) => is_reached(total, &tail, &stream).then_some(total),
        _ => None,
    };
    let info = Info {
        format: "flac",
        encoding: format!("pcm-s{}", stream.bits),
        channels: stream.channels as usize,
        sample_rate: stream.rate,
        samples,
        ..Info::default()
    };
    // A file that tells its length begins at its beginning; a stream may have been joined midway.
    let next = stream.total.and(Some(0));
    Ok(Box::new(Flac { frames: Frames::new(source), stream, codec, info, next, given: 0, done: false }))
}

/// Reads up to the first frame.
fn read_metadata(source: &mut Source) -> Result<StreamInfo> {
    let mut stream = None;
    source.skip(4).map_err(|e| io_error(&e))?;
    loop {
        let mut head = [0; 4];
        if source.read_up_to(&mut head).map_err(|e| io_error(&e))? < 4 {
            let message = "the flac file is cut short: it ends before the first sample that is whole";
            return Err(format_error("a whole file", "the end of the input", message));
        }
        let size = u64::from(u32::from_be_bytes([0, head[1], head[2], head[3]]));
        if stream.is_none() {
            if head[0] & 0x7f != 0 {
                let message = "the FLAC stream does not begin with the metadata block STREAMINFO";
                return Err(format_error("block type 0", head[0] & 0x7f, message));
            }
            let wanted = size.min(StreamInfo::SIZE as u64) as usize;
            let bytes = source.peek(wanted).map_err(|e| io_error(&e))?;
            stream = Some(StreamInfo::read(&bytes)?);
        }
        source.skip(size).map_err(|e| io_error(&e))?;
        if let (true, Some(stream)) = (head[0] & 0x80 != 0, &stream) {
            return Ok(stream.clone());
        }
    }
}

/// Whether a frame in the last bytes of a file ends at sample `total`.
fn is_reached(total: u64, tail: &[u8], stream: &StreamInfo) -> bool {
    (0..tail.len()).filter(|at| tail[*at] == 0xff).any(|at| {
        let frame = &tail[at..];
        let header = FrameHeader::read(frame, stream).filter(|header| header.end(stream) == total);
        let mut crc = 0;
        header.is_some_and(|header| {
            frame.iter().enumerate().any(|(i, byte)| {
                crc = CRC16.add(crc, *byte);
                crc == 0 && i >= header.size + 2
            })
        })
    })
}

/// The samples from `from` up to `to` (or an unknown place) are lost.
pub(crate) fn missing(from: u64, to: Option<u64>) -> Error {
    let lost = match to {
        Some(to) => format!("the {} samples from sample {from} on", to.saturating_sub(from)),
        None => format!("the samples from sample {from} on"),
    };
    let message = format!("the flac data is damaged or cut short: {lost} cannot be read");
    format_error("frames without a gap", format!("{lost} missing"), message)
}

impl Flac {
    /// Finds the next frame and returns its samples per channel; 0 at the end.
    fn advance(&mut self) -> Result<usize> {
        if self.done {
            return Ok(0);
        }
        let (given, total) = (self.given, self.stream.total);
        let due = Due { number: self.next, complete: total.is_some_and(|total| given >= total) };
        match self.frames.next(&self.stream, &due, &mut self.codec)? {
            Next::Frame(header) => {
                let skipped = header.number - self.next.unwrap_or(header.number);
                if skipped > 0 {
                    let each = if header.counts_samples { 1 } else { u64::from(self.stream.block) };
                    return Err(missing(given, Some(given + skipped * each)));
                }
                self.next = Some(header.following());
                Ok(header.samples as usize)
            }
            Next::Damaged(header) => Err(missing(given, header.map(|header| given + u64::from(header.samples)))),
            Next::End { another: true, .. } => {
                let message = format!("another FLAC stream follows after sample {given}; split the file first");
                Err(format_error("one FLAC stream", "two", message))
            }
            Next::End { junk: true, .. } if total.is_some() && !due.complete => Err(missing(given, total)),
            Next::End { junk: true, .. } if given == 0 => {
                let message = "the flac file is cut short or damaged: no frame in it is whole";
                Err(format_error("a whole frame", "none", message))
            }
            Next::End { .. } => {
                // Cut between two frames: what is there is whole, and how much is not there is known.
                self.info.missing = total.map_or(0, |total| total.saturating_sub(given));
                self.done = true;
                Ok(0)
            }
        }
    }
}

impl Decoder for Flac {
    fn info(&self) -> &Info {
        &self.info
    }

    fn read(&mut self, channels: &mut [Vec<f32>]) -> Result<usize> {
        if self.advance()? == 0 {
            return Ok(0);
        }
        let count = self.codec.decode(self.frames.bytes(), channels).map_err(|error| {
            let message = format!("the flac data is damaged at sample {}: {error}", self.given);
            format_error("valid flac data", error, message)
        })?;
        self.given += count as u64;
        Ok(count)
    }

    fn count(&mut self) -> Result<u64> {
        loop {
            match self.advance()? {
                0 => return Ok(self.given),
                count => self.given += count as u64,
            }
        }
    }
}
