//! FLAC (RFC 9639) up to 24 bits: about twice as fast as symphonia's decoder, which reads the rare wider files.

mod bits;
mod frame;
mod predict;

use crate::{Decoder, Info, Source, check_stream, compressed, format_error, io_error};
use bits::PADDING;
use dsp_core::Result;
use frame::Fault;

/// Bytes read from the source at a time.
const CHUNK: usize = 1 << 16;
/// No frame is longer: 65535 samples of 8 channels at 25 bits.
const LONGEST_FRAME: usize = 1 << 21;

struct Flac {
    source: Source,
    info: Info,
    depth: u32,
    /// Bytes read and not decoded: `bytes[at..len]`, and zeros behind them.
    bytes: Vec<u8>,
    at: usize,
    len: usize,
    ended: bool,
    given: u64,
    rows: Vec<Vec<i32>>,
}

pub(crate) fn open(mut source: Source) -> Result<Box<dyn Decoder>> {
    let head = source.peek(42).map_err(|e| io_error(&e))?;
    let cut = || {
        let message = "the flac file is cut short: it ends within its header";
        format_error("a whole header", "the end of the input", message)
    };
    if head.len() < 42 {
        return Err(cut());
    }
    if head[4] & 0x7f != 0 {
        let message = "the flac file does not begin with its stream information: it is damaged";
        return Err(format_error("STREAMINFO first", format!("block {}", head[4] & 0x7f), message));
    }
    let packed = head[18..26].iter().fold(0u64, |word, byte| word << 8 | u64::from(*byte));
    let (rate, channels) = (packed >> 44, (packed >> 41 & 7) + 1);
    let depth = (packed >> 36 & 31) as u32 + 1;
    if depth > 24 {
        return compressed::flac(source);
    }
    check_stream(channels, rate)?;
    let mut last = false;
    source.skip(4).map_err(|e| io_error(&e))?;
    while !last {
        let mut block = [0; 4];
        if source.read_up_to(&mut block).map_err(|e| io_error(&e))? < 4 {
            return Err(cut());
        }
        last = block[0] & 0x80 != 0;
        let size = u64::from(u32::from_be_bytes([0, block[1], block[2], block[3]]));
        source.skip(size).map_err(|e| io_error(&e))?;
    }
    let total = packed & 0xf_ffff_ffff;
    let info = Info {
        format: "flac",
        encoding: format!("pcm-s{depth}"),
        channels: channels as usize,
        sample_rate: rate as u32,
        samples: Some(total).filter(|n| *n > 0),
    };
    let (bytes, rows) = (vec![0; PADDING], Vec::new());
    Ok(Box::new(Flac { source, info, depth, bytes, at: 0, len: 0, ended: false, given: 0, rows }))
}

impl Flac {
    /// Makes room and reads on.
    fn refill(&mut self) -> Result<()> {
        self.bytes.copy_within(self.at..self.len, 0);
        self.len -= self.at;
        self.at = 0;
        // As much again as there is: a frame that spans many chunks is tried a few times, not many.
        let more = CHUNK.max(self.len);
        self.bytes.resize(self.len + more + PADDING, 0);
        let got = self.source.read_up_to(&mut self.bytes[self.len..self.len + more]).map_err(|e| io_error(&e))?;
        self.len += got;
        self.ended = got < more;
        self.bytes.truncate(self.len + PADDING);
        self.bytes[self.len..].fill(0);
        Ok(())
    }

    fn damaged(&self, what: &str) -> dsp_core::Error {
        let message = format!("the flac data is damaged at sample {}: {what}", self.given);
        format_error("valid flac data", what, message)
    }
}

impl Decoder for Flac {
    fn info(&self) -> &Info {
        &self.info
    }

    fn read(&mut self, channels: &mut [Vec<f32>]) -> Result<usize> {
        if self.len - self.at < CHUNK / 4 && !self.ended {
            self.refill()?;
        }
        let (header, size) = loop {
            let rest = &self.bytes[self.at..self.len];
            if !frame::is_sync(rest) {
                // Tags and zeros may follow the last frame.
                let complete = self.info.samples.is_none_or(|total| self.given >= total);
                let is_end = rest.len() < 2 || complete || rest.iter().all(|byte| *byte == 0);
                return if is_end { Ok(0) } else { Err(self.damaged("a frame does not begin where it must")) };
            }
            match frame::decode(&self.bytes[self.at..], self.depth, &mut self.rows) {
                Ok(done) => break done,
                // Cut short: what was whole has been given.
                Err(Fault::End) if self.ended => return Ok(0),
                Err(Fault::End) if self.len - self.at > LONGEST_FRAME => {
                    return Err(self.damaged("a frame is longer than frames can be"));
                }
                Err(Fault::End) => self.refill()?,
                Err(Fault::Damaged(what)) => return Err(self.damaged(what)),
            }
        };
        if header.channels != channels.len() {
            return Err(self.damaged("the number of channels changes"));
        }
        self.at += size;
        self.given += header.samples as u64;
        let scale = 1.0 / (1u32 << (header.depth - 1)) as f32;
        for (to, row) in channels.iter_mut().zip(&self.rows) {
            to.extend(row.iter().map(|value| *value as f32 * scale));
        }
        Ok(header.samples)
    }
}
