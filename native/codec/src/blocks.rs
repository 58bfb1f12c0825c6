//! Samples in blocks of one size, with no more in memory than a block and a packet.

use crate::decoder::{Decoder, Info};
use crate::sniff::open;
use crate::source::Source;
use dsp_core::{Error, Result};

/// A decoder whose packets are cut into blocks.
pub struct Blocks {
    decoder: Box<dyn Decoder>,
    pending: Vec<Vec<f32>>,
    /// Samples of `pending` that were already returned.
    given: usize,
    ended: bool,
    /// What ended the samples, until those before it are given.
    failed: Option<Error>,
}

impl Blocks {
    pub fn open(source: Source) -> Result<Self> {
        let decoder = open(source)?;
        let pending = vec![Vec::new(); decoder.info().channels];
        Ok(Self { decoder, pending, given: 0, ended: false, failed: None })
    }

    pub fn info(&self) -> &Info {
        self.decoder.info()
    }

    /// The next `size` samples of every channel, channel after channel; fewer at the end and before a change of channels or
    /// rate, then none.
    pub fn next_block(&mut self, size: usize) -> Result<Option<Vec<f32>>> {
        let size = size.max(1);
        while !self.ended && self.pending[0].len() - self.given < size {
            if self.given > 0 {
                let given = std::mem::take(&mut self.given);
                self.pending.iter_mut().for_each(|channel| drop(channel.drain(..given)));
            }
            match self.decoder.read(&mut self.pending) {
                Ok(count) => self.ended = count == 0,
                Err(error) => {
                    self.ended = true;
                    self.failed = Some(error);
                }
            }
        }
        let count = size.min(self.pending[0].len() - self.given);
        if count == 0 && self.failed.is_none() && self.decoder.next_link()? {
            self.pending = vec![Vec::new(); self.decoder.info().channels];
            self.given = 0;
            self.ended = false;
            return self.next_block(size);
        }
        if count == 0 {
            return self.failed.take().map_or(Ok(None), Err);
        }
        let range = self.given..self.given + count;
        self.given = range.end;
        Ok(Some(self.pending.iter().flat_map(|channel| &channel[range.clone()]).copied().collect()))
    }
}
