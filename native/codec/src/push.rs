//! Decoding of bytes that are pushed as they arrive.
//!
//! The libraries below want to pull, so a separate thread decodes and waits for bytes. It never runs further ahead than one
//! block, and a caller that asks for a block learns immediately that bytes are missing: nobody waits for the network in here.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::blocks::Blocks;
use crate::decoder::{Info, io_error};
use crate::source::Source;
use dsp_core::{Error, Result};

/// What [`PushDecoder::next_event`] finds.
pub enum Event {
    /// Samples, channel after channel.
    Block(Info, Vec<f32>),
    /// Bytes are missing: push some, or end the input.
    Hungry,
    /// All is decoded.
    End,
}

#[derive(Default)]
struct State {
    bytes: VecDeque<Vec<u8>>,
    /// Bytes of the first piece that were read already.
    read: usize,
    ended: bool,
    closed: bool,
    hungry: bool,
    block: Option<(Info, Vec<f32>)>,
    result: Option<Result<()>>,
    missing: u64,
    cut_at: Option<f64>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    fn update<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.lock());
        self.changed.notify_all();
        result
    }
}

/// The thread's end of the bytes.
struct Bytes(Arc<Shared>);

impl Read for Bytes {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let mut state = self.0.lock();
        loop {
            if state.closed {
                return Err(io::Error::other("the stream was closed"));
            }
            if let Some(first) = state.bytes.front() {
                let rest = &first[state.read..];
                let count = rest.len().min(to.len());
                to[..count].copy_from_slice(&rest[..count]);
                if count < rest.len() {
                    state.read += count;
                } else {
                    state.read = 0;
                    state.bytes.pop_front();
                }
                return Ok(count);
            }
            if state.ended {
                return Ok(0);
            }
            state.hungry = true;
            self.0.changed.notify_all();
            state = self.0.wait(state);
        }
    }
}

/// A decoder that is fed. Dropping it ends its thread.
pub struct PushDecoder(Arc<Shared>);

impl PushDecoder {
    /// Starts the thread that decodes into blocks of `size` samples.
    pub fn new(size: usize) -> Result<Self> {
        let shared = Arc::new(Shared::default());
        let decoder = Self(Arc::clone(&shared));
        let work = move || {
            let result = catch_unwind(AssertUnwindSafe(|| decode(&shared, size)));
            let result = result.unwrap_or_else(|_| {
                let message = "the decoder failed on this stream; please report it";
                Err(Error::new("ERR_DSP_INTERNAL", "input", "", "a panic", message))
            });
            shared.update(|state| state.result = Some(result));
        };
        match thread::Builder::new().name("dsp-decode".to_owned()).spawn(work) {
            Ok(_) => Ok(decoder),
            Err(error) => Err(io_error(&error)),
        }
    }

    /// Adds bytes.
    pub fn push(&self, bytes: Vec<u8>) {
        if !bytes.is_empty() {
            self.0.update(|state| {
                state.hungry = false;
                state.bytes.push_back(bytes);
            });
        }
    }

    /// Marks the end of the bytes.
    pub fn end(&self) {
        self.0.update(|state| {
            state.hungry = false;
            state.ended = true;
        });
    }

    /// Cancels decoding and ends the thread.
    pub fn close(&self) {
        self.0.update(|state| state.closed = true);
    }

    /// Samples a channel that the header states and the input, which has ended, lacks.
    pub fn missing(&self) -> u64 {
        self.0.lock().missing
    }

    /// [`Info::cut_at`] of the input, which has ended.
    pub fn cut_at(&self) -> Option<f64> {
        self.0.lock().cut_at
    }

    /// The next block, as soon as it is decoded, or what else there is to know.
    pub fn next_event(&self) -> Result<Event> {
        let mut state = self.0.lock();
        loop {
            if let Some((info, block)) = state.block.take() {
                self.0.changed.notify_all();
                return Ok(Event::Block(info, block));
            }
            if let Some(result) = &state.result {
                return result.clone().map(|()| Event::End);
            }
            if state.closed {
                return Ok(Event::End);
            }
            if state.hungry {
                return Ok(Event::Hungry);
            }
            state = self.0.wait(state);
        }
    }
}

impl Drop for PushDecoder {
    fn drop(&mut self) {
        self.close();
    }
}

fn decode(shared: &Arc<Shared>, size: usize) -> Result<()> {
    let mut blocks = Blocks::open(Source::stream(Bytes(Arc::clone(shared))))?;
    while let Some(block) = blocks.next_block(size)? {
        let mut state = shared.lock();
        while state.block.is_some() && !state.closed {
            state = shared.wait(state);
        }
        if state.closed {
            return Ok(());
        }
        state.block = Some((blocks.info().clone(), block));
        drop(state);
        shared.changed.notify_all();
    }
    let Info { missing, cut_at, .. } = *blocks.info();
    shared.update(|state| (state.missing, state.cut_at) = (missing, cut_at));
    Ok(())
}
