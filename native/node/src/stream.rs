//! Decoding in blocks: from a path or bytes, or from bytes that are pushed.

use std::sync::{Arc, Mutex, PoisonError};

use dsp_codec::{Blocks, Event, PushDecoder};
use napi::bindgen_prelude::*;
use napi_derive::napi;

use crate::codec::Input;
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

pub struct Open(Input);

impl Task for Open {
    type Output = Blocks;
    type JsValue = AudioReader;

    fn compute(&mut self) -> Result<Self::Output> {
        caught(|| Blocks::open(self.0.open()?))
    }

    fn resolve(&mut self, _: Env, output: Self::Output) -> Result<Self::JsValue> {
        Ok(AudioReader { blocks: Arc::new(Mutex::new(output)) })
    }
}

/// Opens a file or bytes, off the main thread.
#[napi(catch_unwind, ts_return_type = "Promise<AudioReader>")]
pub fn open_audio(input: Either<String, Uint8Array>) -> AsyncTask<Open> {
    AsyncTask::new(Open(Input::from_js(input)))
}

pub struct ReadBlock(Arc<Mutex<Blocks>>, usize);

impl Task for ReadBlock {
    type Output = Option<(u32, u32, Vec<f32>)>;
    type JsValue = Option<AudioBlock>;

    fn compute(&mut self) -> Result<Self::Output> {
        caught(|| {
            let mut blocks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let block = blocks.next_block(self.1)?;
            Ok(block.map(|block| (blocks.info().channels as u32, blocks.info().sample_rate, block)))
        })
    }

    fn resolve(&mut self, _: Env, output: Self::Output) -> Result<Self::JsValue> {
        Ok(output.map(|(channels, sample_rate, data)| AudioBlock { channels, sample_rate, data: data.into() }))
    }
}

#[napi]
impl AudioReader {
    /// Decodes the next block off the main thread; null at the end.
    #[napi(catch_unwind, ts_return_type = "Promise<AudioBlock | null>")]
    pub fn read(&self, size: u32) -> AsyncTask<ReadBlock> {
        AsyncTask::new(ReadBlock(Arc::clone(&self.blocks), size as usize))
    }
}

/// What a stream has to tell: a block, that it needs bytes, or neither at its end.
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

pub struct NextEvent(Arc<PushDecoder>);

impl Task for NextEvent {
    type Output = Event;
    type JsValue = StreamEvent;

    fn compute(&mut self) -> Result<Self::Output> {
        caught(|| self.0.next_event())
    }

    fn resolve(&mut self, _: Env, output: Self::Output) -> Result<Self::JsValue> {
        Ok(match output {
            Event::Hungry => StreamEvent { hungry: true, block: None },
            Event::End => StreamEvent { hungry: false, block: None },
            Event::Block(info, data) => {
                let (channels, sample_rate) = (info.channels as u32, info.sample_rate);
                let block = AudioBlock { channels, sample_rate, data: data.into() };
                StreamEvent { hungry: false, block: Some(block) }
            }
        })
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

    /// Tells that no more bytes come.
    #[napi(catch_unwind)]
    pub fn end(&self) {
        self.decoder.end();
    }

    /// Ends the thread behind it.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.decoder.close();
    }

    /// Waits, off the main thread, until there is a block, the end, or a lack of bytes.
    #[napi(catch_unwind, ts_return_type = "Promise<StreamEvent>")]
    pub fn next(&self) -> AsyncTask<NextEvent> {
        AsyncTask::new(NextEvent(Arc::clone(&self.decoder)))
    }
}
