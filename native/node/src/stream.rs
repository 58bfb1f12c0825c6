//! Decoding in blocks: from a path or bytes, or from bytes that are pushed.

use std::sync::{Arc, Mutex, PoisonError};

use dsp_codec::{Blocks, Event, Info, PushDecoder};
use napi::Result;
use napi::bindgen_prelude::{AsyncTask, Either, Float32Array, Uint8Array};
use napi_derive::napi;

use crate::codec::Input;
use crate::job::{Job, Output};
use crate::task::caught;

/// A block of samples, channel after channel.
#[napi(object)]
pub struct AudioBlock {
    pub channels: u32,
    pub sample_rate: u32,
    pub data: Float32Array,
}

/// A file or bytes, read in blocks.
#[napi]
pub struct AudioReader {
    blocks: Arc<Mutex<Blocks>>,
}

impl Output for Blocks {
    type Js = AudioReader;

    fn into_js(self) -> AudioReader {
        AudioReader { blocks: Arc::new(Mutex::new(self)) }
    }
}

/// Opens a file or bytes, off the main thread.
#[napi(catch_unwind, ts_return_type = "Promise<AudioReader>")]
pub fn open_audio(input: Either<String, Uint8Array>) -> AsyncTask<Job<Blocks>> {
    let input = Input::from_js(input);
    Job::start(None, || Blocks::open(input.open()?))
}

/// A decoded block, and the contents of the header.
pub struct Block {
    channels: usize,
    sample_rate: u32,
    data: Vec<f32>,
}

impl Block {
    fn new(info: &Info, data: Vec<f32>) -> Self {
        Self { channels: info.channels, sample_rate: info.sample_rate, data }
    }
}

impl From<Block> for AudioBlock {
    fn from(Block { channels, sample_rate, data }: Block) -> Self {
        Self { channels: channels as u32, sample_rate, data: data.into() }
    }
}

impl Output for Option<Block> {
    type Js = Option<AudioBlock>;

    fn into_js(self) -> Self::Js {
        self.map(AudioBlock::from)
    }
}

#[napi]
impl AudioReader {
    /// Decodes the next block off the main thread; null at the end.
    #[napi(catch_unwind, ts_return_type = "Promise<AudioBlock | null>")]
    pub fn read(&self, size: u32) -> AsyncTask<Job<Option<Block>>> {
        let blocks = Arc::clone(&self.blocks);
        Job::start(None, move || {
            let mut blocks = blocks.lock().unwrap_or_else(PoisonError::into_inner);
            let data = blocks.next_block(size as usize)?;
            Ok(data.map(|data| Block::new(blocks.info(), data)))
        })
    }

    /// Samples per channel that the header states and the input lacks; known at the end.
    #[napi(getter, catch_unwind)]
    pub fn missing(&self) -> f64 {
        self.blocks.lock().unwrap_or_else(PoisonError::into_inner).info().missing as f64
    }

    /// The second after which samples are missing, if nothing tells how many; known at the end.
    #[napi(getter, catch_unwind)]
    pub fn cut_at(&self) -> Option<f64> {
        self.blocks.lock().unwrap_or_else(PoisonError::into_inner).info().cut_at
    }
}

/// The state of a stream: a block, that it needs bytes, or neither at its end.
#[napi(object)]
pub struct StreamEvent {
    pub hungry: bool,
    pub block: Option<AudioBlock>,
}

/// Bytes pushed in, blocks taken out.
#[napi]
pub struct AudioStream {
    decoder: Arc<PushDecoder>,
}

impl Output for Event {
    type Js = StreamEvent;

    fn into_js(self) -> StreamEvent {
        match self {
            Self::Hungry => StreamEvent { hungry: true, block: None },
            Self::End => StreamEvent { hungry: false, block: None },
            Self::Block(info, data) => StreamEvent { hungry: false, block: Some(Block::new(&info, data).into()) },
        }
    }
}

#[napi]
impl AudioStream {
    #[napi(constructor, catch_unwind)]
    pub fn new(size: u32) -> Result<Self> {
        caught(|| Ok(Self { decoder: Arc::new(PushDecoder::new(size as usize)?) }))
    }

    /// Adds bytes.
    #[napi(catch_unwind)]
    pub fn push(&self, bytes: Uint8Array) {
        self.decoder.push(bytes.to_vec());
    }

    /// Marks the end of the bytes.
    #[napi(catch_unwind)]
    pub fn end(&self) {
        self.decoder.end();
    }

    /// Samples per channel that the header states and the input lacks; known at the end.
    #[napi(getter, catch_unwind)]
    pub fn missing(&self) -> f64 {
        self.decoder.missing() as f64
    }

    /// The second after which samples are missing, if nothing tells how many; known at the end.
    #[napi(getter, catch_unwind)]
    pub fn cut_at(&self) -> Option<f64> {
        self.decoder.cut_at()
    }

    /// Ends the thread behind it.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.decoder.close();
    }

    /// Waits, off the main thread, until there is a block, the end, or a lack of bytes.
    #[napi(catch_unwind, ts_return_type = "Promise<StreamEvent>")]
    pub fn next(&self) -> AsyncTask<Job<Event>> {
        let decoder = Arc::clone(&self.decoder);
        Job::start(None, move || decoder.next_event())
    }
}
