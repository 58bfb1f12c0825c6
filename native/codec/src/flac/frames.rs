//! Finds the frames of a FLAC stream.
//!
//! A frame does not tell its length. It ends where its checksum comes out right and either the next frame or the end of the
//! input follows; where something else follows (a tag, padding, a stray newline), it ends at the first place where the
//! checksum comes out right and the frame can be decoded.

use super::header::{FrameHeader, StreamInfo, crc16};
use crate::codec::{Codec, is_end};
use crate::decoder::io_error;
use crate::source::Source;
use dsp_core::Result;
use std::io::{ErrorKind, Read};

/// Bytes taken from the source at a time.
const CHUNK: usize = 1 << 15;
/// Bytes behind the last frame that are kept in memory at most.
const WINDOW: usize = 1 << 16;
/// Ends of one frame that are tried: a wrong one has the right checksum once in 65,536.
const MOST_TRIES: usize = 64;

/// What [`Frames::next`] finds.
pub(crate) enum Next {
    /// A frame whose checksum is right.
    Frame(FrameHeader),
    /// A frame that is due and cannot be read.
    Damaged(Option<FrameHeader>),
    /// Nothing more that could be a frame.
    End {
        /// Whether bytes were passed over since the last frame.
        junk: bool,
        /// Whether these bytes begin another FLAC stream.
        another: bool,
    },
}

/// What the caller knows of the frame that it asks for.
pub(crate) struct Due {
    /// Its number, where known.
    pub number: Option<u64>,
    /// Whether the stream has given all samples that it promised.
    pub complete: bool,
}

/// A source that stands behind the metadata.
pub(crate) struct Frames {
    source: Source,
    buffer: Vec<u8>,
    /// Where in `buffer` the next byte that belongs to no frame yet is.
    at: usize,
    /// The present frame.
    frame: std::ops::Range<usize>,
    ended: bool,
}

impl Frames {
    pub(crate) fn new(source: Source) -> Self {
        Self { source, buffer: Vec::new(), at: 0, frame: 0..0, ended: false }
    }

    /// The bytes of the frame that was found last.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.buffer[self.frame.clone()]
    }

    /// Makes `count` bytes from `at` on available, if there are that many.
    fn fill(&mut self, count: usize) -> Result<()> {
        while !self.ended && self.buffer.len() < self.at + count {
            if self.at >= WINDOW {
                self.buffer.drain(..self.at);
                self.at = 0;
            }
            let length = self.buffer.len();
            self.buffer.resize(length + CHUNK, 0);
            // What is there is enough: a live stream is not kept waiting for a whole chunk.
            let got = match self.source.read(&mut self.buffer[length..]) {
                Err(error) if error.kind() == ErrorKind::Interrupted => Ok(None),
                got => got.map(Some),
            };
            self.buffer.truncate(length + got.as_ref().map_or(0, |got| got.unwrap_or(0)));
            self.ended = got.map_err(|e| io_error(&e))? == Some(0);
        }
        Ok(())
    }

    /// The next frame.
    pub(crate) fn next(&mut self, info: &StreamInfo, due: &Due, codec: &mut Codec) -> Result<Next> {
        let first = due.number.unwrap_or(0);
        let mut end = Next::End { junk: false, another: false };
        loop {
            self.fill(FrameHeader::MOST)?;
            let bytes = &self.buffer[self.at..];
            if bytes.is_empty() {
                return Ok(end);
            }
            let junk = !matches!(end, Next::End { junk: false, .. });
            // A header among the bytes behind the last sample is chance, and so is one that goes back.
            let header = FrameHeader::read(bytes, info)
                .filter(|header| header.number >= first && !(due.complete && (junk || header.number != first)));
            if let Some(header) = header {
                if let Some(end) = self.end(&header, info, codec)? {
                    self.frame = self.at..end;
                    self.at = end;
                    return Ok(Next::Frame(header));
                }
                if info.total.is_none() && self.is_cut(codec) {
                    return Ok(Next::End { junk: true, another: false });
                }
                // Among other bytes, what looks like a header may be chance as well; the frame that is due is not.
                if due.number.is_none_or(|number| header.number == number) {
                    return Ok(Next::Damaged(Some(header)));
                }
            }
            if !junk {
                let bytes = &self.buffer[self.at..];
                let sync = bytes.len() >= FrameHeader::MOST && bytes[0] == 0xff && bytes[1] & 0xfe == 0xf8;
                // Where no total tells, a header that begins like one is what remains of a damaged frame.
                end = match sync && info.total.is_none() {
                    true => Next::Damaged(None),
                    false => Next::End { junk: true, another: bytes.starts_with(b"fLaC") },
                };
                if due.complete {
                    return Ok(end);
                }
            }
            let rest = &self.buffer[self.at + 1..];
            self.at += 1 + rest.iter().position(|b| *b == 0xff).unwrap_or(rest.len());
        }
    }

    /// Where the frame at `at` ends; none where it is damaged.
    fn end(&mut self, header: &FrameHeader, info: &StreamInfo, codec: &mut Codec) -> Result<Option<usize>> {
        let most = info.most_bytes();
        let mut tries = Vec::new();
        let (mut crc, mut length) = (0, 0);
        loop {
            // A frame is followed by the next one's header.
            self.fill(length + FrameHeader::MOST + 1)?;
            let bytes = &self.buffer[self.at..];
            let stop = if self.ended { bytes.len() } else { bytes.len() - FrameHeader::MOST }.min(most);
            while length < stop {
                crc = crc16(crc, bytes[length]);
                length += 1;
                if crc == 0 && length > header.size + 2 {
                    if length == bytes.len() || FrameHeader::read(&bytes[length..], info).is_some() {
                        return Ok(Some(self.at + length));
                    }
                    if tries.len() < MOST_TRIES {
                        tries.push(length);
                    }
                }
            }
            if self.ended || length >= most {
                break;
            }
        }
        let mut scratch = vec![Vec::new(); info.channels as usize];
        for length in tries {
            scratch.iter_mut().for_each(Vec::clear);
            if codec.decode(&self.buffer[self.at..self.at + length], &mut scratch).is_ok() {
                return Ok(Some(self.at + length));
            }
        }
        Ok(None)
    }

    /// Whether the input ends before the frame at `at` does.
    fn is_cut(&self, codec: &mut Codec) -> bool {
        let mut scratch = Vec::new();
        self.ended && codec.decode(&self.buffer[self.at..], &mut scratch).is_err_and(|error| is_end(&error))
    }
}
