//! Decoding of bytes that are pushed as they arrive, without a thread: see `push.rs` for the form that has one.
//!
//! The libraries below want to pull, and nothing can pause them halfway through a packet. So the bytes are kept until their end,
//! and the blocks are decoded from there.

use std::collections::VecDeque;
use std::io::Read;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::blocks::Blocks;
use crate::decoder::Info;
use crate::source::Source;
use dsp_core::{Error, Result};

/// The most bytes that are kept: 1 GiB.
const MAX_BYTES: usize = 1 << 30;

/// What [`PushDecoder::next_event`] finds.
pub enum Event {
    /// Samples, channel after channel.
    Block(Info, Vec<f32>),
    /// Bytes are missing: push some, or end the input.
    Hungry,
    /// All is decoded.
    End,
}

enum State {
    Gathering(Pieces),
    Ended(Pieces),
    Decoding(Blocks),
    Closed,
}

/// Bytes as they came, each freed once it is read.
#[derive(Default)]
struct Pieces {
    pieces: VecDeque<Vec<u8>>,
    /// Bytes of the first piece that were read already.
    read: usize,
    bytes: usize,
}

impl Read for Pieces {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        let Some(first) = self.pieces.front() else { return Ok(0) };
        let rest = &first[self.read..];
        let count = rest.len().min(to.len());
        to[..count].copy_from_slice(&rest[..count]);
        self.read += count;
        if self.read == first.len() {
            self.read = 0;
            self.pieces.pop_front();
        }
        Ok(count)
    }
}

/// A decoder that is fed.
pub struct PushDecoder {
    size: usize,
    state: Mutex<State>,
}

impl PushDecoder {
    /// A decoder into blocks of `size` samples.
    pub fn new(size: usize) -> Result<Self> {
        Ok(Self { size, state: Mutex::new(State::Gathering(Pieces::default())) })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds bytes.
    pub fn push(&self, bytes: Vec<u8>) {
        if let State::Gathering(all) = &mut *self.lock()
            && !bytes.is_empty()
        {
            all.bytes += bytes.len();
            // What is too long is counted, and refused by `next_event`.
            if all.bytes <= MAX_BYTES {
                all.pieces.push_back(bytes);
            } else {
                all.pieces.clear();
            }
        }
    }

    /// Marks the end of the bytes.
    pub fn end(&self) {
        let mut state = self.lock();
        if let State::Gathering(all) = &mut *state {
            *state = State::Ended(std::mem::take(all));
        }
    }

    /// Frees the bytes.
    pub fn close(&self) {
        *self.lock() = State::Closed;
    }

    /// Samples a channel that the header states and the input, which has ended, lacks.
    pub fn missing(&self) -> u64 {
        if let State::Decoding(blocks) = &*self.lock() { blocks.info().missing } else { 0 }
    }

    /// [`Info::cut_at`] of the input, which has ended.
    pub fn cut_at(&self) -> Option<f64> {
        if let State::Decoding(blocks) = &*self.lock() { blocks.info().cut_at } else { None }
    }

    /// The next block, or what else there is to know.
    pub fn next_event(&self) -> Result<Event> {
        let mut state = self.lock();
        if let State::Gathering(all) | State::Ended(all) = &*state
            && all.bytes > MAX_BYTES
        {
            *state = State::Closed;
            return Err(too_long());
        }
        if let State::Ended(bytes) = &mut *state {
            // As a stream, so that what depends on going back is refused as it is everywhere.
            let bytes = std::mem::take(bytes);
            *state = State::Decoding(Blocks::open(Source::stream(bytes))?);
        }
        match &mut *state {
            State::Gathering(_) => Ok(Event::Hungry),
            State::Decoding(blocks) => {
                let block = blocks.next_block(self.size)?;
                Ok(block.map_or(Event::End, |block| Event::Block(blocks.info().clone(), block)))
            }
            State::Ended(_) | State::Closed => Ok(Event::End),
        }
    }
}

fn too_long() -> Error {
    let message = "the stream is longer than 1 GiB: without threads, as in WebAssembly, a stream is decoded once all of it is in memory; \
                   cut it into shorter files, or decode it in Node.js";
    Error::new("ERR_DSP_TOO_LONG", "input", "a stream of at most 1 GiB", "more", message)
}
