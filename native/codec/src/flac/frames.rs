//! Finds the frames of a FLAC stream.
//!
//! A frame does not tell its length. It ends where its checksum comes out right and either the next frame or the end of the
//! input follows; where something else follows (a tag, padding, a stray newline), it ends at the first place where the
//! checksum comes out right and the frame can be decoded.

use super::header::{FrameHeader, StreamInfo};
use crate::codec::Codec;
use crate::crc::CRC16;
use crate::source::Source;
use crate::window::Window;
use dsp_core::Result;

/// Ends of one frame that are tried: a wrong one has the right checksum once in 65,536.
const MAX_TRIES: usize = 64;

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
    window: Window,
    /// Bytes of the present frame.
    size: usize,
}

impl Frames {
    pub(crate) fn new(source: Source) -> Self {
        Self { window: Window::new(source), size: 0 }
    }

    /// The bytes of the frame that was found last.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.window.passed(self.size)
    }

    /// The next frame.
    pub(crate) fn next(&mut self, info: &StreamInfo, due: &Due, codec: &mut Codec) -> Result<Next> {
        let first = due.number.unwrap_or(0);
        let mut end = Next::End { junk: false, another: false };
        loop {
            let bytes = self.window.fill(FrameHeader::MAX_LENGTH)?;
            if bytes.is_empty() {
                return Ok(end);
            }
            let junk = !matches!(end, Next::End { junk: false, .. });
            // A header among the bytes behind the last sample is chance, and so is one that goes back.
            let header = FrameHeader::read(bytes, info)
                .filter(|header| header.number >= first && !(due.complete && (junk || header.number != first)));
            if let Some(header) = header {
                if let Some(size) = self.size(&header, info, codec)? {
                    self.window.pass(size);
                    self.size = size;
                    return Ok(Next::Frame(header));
                }
                // Among other bytes, what looks like a header may be chance as well; the frame that is due is not.
                if due.number.is_none_or(|number| header.number == number) {
                    return Ok(Next::Damaged(Some(header)));
                }
            }
            if !junk {
                let bytes = self.window.bytes();
                let sync = matches!(bytes, [0xff, 0xf8 | 0xf9, ..]);
                // Where no total tells, what begins like a header is what remains of a damaged frame.
                end = match sync && info.total.is_none() {
                    true => Next::Damaged(None),
                    false => Next::End { junk: true, another: bytes.starts_with(b"fLaC") },
                };
                if due.complete {
                    return Ok(end);
                }
            }
            let rest = &self.window.bytes()[1..];
            let passed = 1 + rest.iter().position(|b| *b == 0xff).unwrap_or(rest.len());
            self.window.pass(passed);
        }
    }

    /// Bytes of the frame at the present position; none where it is damaged.
    fn size(&mut self, header: &FrameHeader, info: &StreamInfo, codec: &mut Codec) -> Result<Option<usize>> {
        let most = info.most_bytes();
        let mut tries = Vec::new();
        let (mut crc, mut length) = (0, 0);
        loop {
            // A frame is followed by the next one's header.
            self.window.fill(length + FrameHeader::MAX_LENGTH + 1)?;
            let bytes = self.window.bytes();
            let ended = self.window.ended();
            let stop = if ended { bytes.len() } else { bytes.len() - FrameHeader::MAX_LENGTH }.min(most);
            while length < stop {
                crc = CRC16.add(crc, bytes[length]);
                length += 1;
                if crc == 0 && length > header.size + 2 {
                    if length == bytes.len() || FrameHeader::read(&bytes[length..], info).is_some() {
                        return Ok(Some(length));
                    }
                    if tries.len() < MAX_TRIES {
                        tries.push(length);
                    }
                }
            }
            if ended || length >= most {
                break;
            }
        }
        let mut scratch = vec![Vec::new(); info.channels as usize];
        for length in tries {
            scratch.iter_mut().for_each(Vec::clear);
            if codec.decode(&self.window.bytes()[..length], &mut scratch).is_ok() {
                return Ok(Some(length));
            }
        }
        Ok(None)
    }
}
