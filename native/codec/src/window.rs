//! The bytes around the present position of a source, in which packets are looked for.

use std::io::{ErrorKind, Read};

use crate::decoder::io_error;
use crate::source::Source;
use dsp_core::Result;

/// Bytes taken from the source at a time.
const CHUNK: usize = 1 << 15;
/// Bytes that were passed and are kept in memory at most.
const KEPT: usize = 1 << 16;

pub(crate) struct Window {
    source: Source,
    buffer: Vec<u8>,
    /// Where in `buffer` the present position is.
    at: usize,
    ended: bool,
}

impl Window {
    pub(crate) fn new(source: Source) -> Self {
        Self { source, buffer: Vec::new(), at: 0, ended: false }
    }

    /// The bytes from the present position on: at least `count`, or all to the end of the input.
    pub(crate) fn fill(&mut self, count: usize) -> Result<&[u8]> {
        while !self.ended && self.buffer.len() < self.at + count {
            if self.at >= KEPT {
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
        Ok(self.bytes())
    }

    /// The bytes from the present position on that are here already.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.buffer[self.at..]
    }

    /// Whether [`Window::bytes`] are all to the end of the input.
    pub(crate) fn ended(&self) -> bool {
        self.ended
    }

    /// Moves on by `count` of [`Window::bytes`].
    pub(crate) fn pass(&mut self, count: usize) {
        self.at += count;
    }

    /// The last `count` bytes that were passed, which may be taken until the next [`Window::fill`].
    pub(crate) fn passed(&self, count: usize) -> &[u8] {
        &self.buffer[self.at - count..self.at]
    }
}
