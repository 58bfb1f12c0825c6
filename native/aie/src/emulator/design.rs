//! What is loaded: how many tiles, what each one computes at a time, and whether it fits.

use dsp_core::{Error, Result};

use super::dma::{Descriptor, MAX_SIZE};
use super::{FRAME, TileKernel};

/// Data memory of a core tile and of a memory tile, in bytes.
const TILE_MEMORY: usize = 64 << 10;
const MEMORY_TILE: usize = 512 << 10;
/// Cores of a column.
const ROWS: usize = 4;
/// A fifo has two elements: one is filled while the other is computed.
const PING_PONG: usize = 2;

/// The array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Npu {
    /// Phoenix and Hawk Point: AIE2, 4 columns.
    Npu1,
    /// Strix and later: AIE2P, 8 columns.
    Npu2,
}

impl Npu {
    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "npu1" => Ok(Self::Npu1),
            "npu2" => Ok(Self::Npu2),
            _ => Err(Error::argument("npu", "npu1 or npu2", name)),
        }
    }

    pub fn columns(self) -> usize {
        match self {
            Self::Npu1 => 4,
            Self::Npu2 => 8,
        }
    }
}

/// A design.
#[derive(Clone, Debug)]
pub struct Design {
    pub npu: Npu,
    pub columns: usize,
    /// Cores of each column.
    pub cores: usize,
    /// Frames that a core computes at a time.
    pub frames_per_call: usize,
    /// Frames of one dispatch. What the last calls lack is padding: see [`Design::padded`].
    pub frames: usize,
    /// Samples from one frame to the next.
    pub hop: usize,
    /// Bytes of a core's stack.
    pub stack: usize,
}

impl Design {
    pub fn tiles(&self) -> usize {
        self.columns * self.cores
    }

    /// The frames of the next call of each of a column's cores.
    pub fn round(&self) -> usize {
        self.cores * self.frames_per_call
    }

    /// Frames with those that fill the last round: the host's buffers have room for them.
    pub fn padded(&self) -> usize {
        self.frames.next_multiple_of(self.round())
    }

    /// The first frame of a column and its rounds: columns take frames that follow each other, and differ by one round at most.
    pub fn column(&self, column: usize) -> (usize, usize) {
        let rounds = self.padded() / self.round();
        let (each, more) = (rounds / self.columns, rounds % self.columns);
        ((column * each + column.min(more)) * self.round(), each + usize::from(column < more))
    }

    /// The first frame of a tile's call.
    pub fn frame(&self, tile: usize, call: usize) -> usize {
        let (first, _) = self.column(tile / self.cores);
        first + call * self.round() + tile % self.cores * self.frames_per_call
    }

    /// Refuses what the hardware could not hold or move.
    pub fn check(&self, kernel: &dyn TileKernel) -> Result<()> {
        let between = |name: &str, value: usize, most: usize| match value {
            value if (1..=most).contains(&value) => Ok(()),
            value => Err(Error::argument(name, format!("between 1 and {most}"), value)),
        };
        between("columns", self.columns, self.npu.columns())?;
        between("cores", self.cores, ROWS)?;
        between("framesPerCall", self.frames_per_call, MAX_SIZE)?;
        between("frames", self.frames, 1 << 24)?;
        between("hop", self.hop, FRAME)?;
        let rounds = self.padded() / self.round();
        if rounds < self.columns {
            let (frames, round) = (self.frames, self.round());
            let expected =
                format!("at most {rounds} for {frames} frames, of which each column takes {round} in a round");
            return Err(Error::argument("columns", expected, self.columns));
        }
        let input = self.frames_per_call * FRAME * 2;
        let output = self.frames_per_call * kernel.frame_bytes();
        if !output.is_multiple_of(4) {
            let expected = "frames whose codes are a multiple of 4 bytes, the unit of the DMA";
            return Err(Error::argument("framesPerCall", expected, format!("{output} bytes")));
        }
        let used = self.stack + PING_PONG * (input + output) + kernel.constant_bytes();
        if used > TILE_MEMORY {
            let parts = format!(
                "{used} bytes: a stack of {}, fifos of {} and constants of {}",
                self.stack,
                PING_PONG * (input + output),
                kernel.constant_bytes()
            );
            return Err(Error::argument("framesPerCall", format!("at most {TILE_MEMORY} bytes on a tile"), parts));
        }
        let column = PING_PONG * self.cores * (input + output);
        if self.cores > 1 && column > MEMORY_TILE {
            return Err(Error::argument("cores", format!("at most {MEMORY_TILE} bytes on a memory tile"), column));
        }
        if self.round() > MAX_SIZE {
            return Err(Error::argument(
                "framesPerCall",
                format!("at most {MAX_SIZE} frames in a round"),
                self.round(),
            ));
        }
        for column in 0..self.columns {
            let (first, rounds) = self.column(column);
            for round in (0..rounds).step_by(self.descriptor_rounds()) {
                self.descriptor(first, rounds, round).check((self.padded() - 1) * self.hop + FRAME)?;
            }
        }
        Ok(())
    }

    /// Rounds that one descriptor counts.
    pub fn descriptor_rounds(&self) -> usize {
        MAX_SIZE / self.round()
    }

    /// The descriptor that frames the samples of a column from one of its rounds on.
    pub fn descriptor(&self, first: usize, rounds: usize, round: usize) -> Descriptor {
        let count = (rounds - round).min(self.descriptor_rounds()) * self.round();
        let offset = (first + round * self.round()) * self.hop;
        Descriptor { offset, sizes: [1, 1, count, FRAME], strides: [0, 0, self.hop, 1] }
    }
}
