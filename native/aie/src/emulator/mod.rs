//! The tiles around the kernel, on the host: the very C kernel on a thread for each tile, between ping-pong fifos that a model of the
//! shim's DMA fills and empties. It is no NPU and says nothing of one's speed; what it refuses is what the hardware refuses.

mod design;
mod dma;
mod model;
mod tiles;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use dsp_core::{Error, Result};

pub use design::{Design, Npu};
pub use dma::Descriptor;
pub use model::{CLOCKS_MHZ, CYCLES_PER_FRAME, Cycles, DISPATCH_MICROSECONDS};

use crate::Kernel;

/// Samples per frame.
pub const FRAME: usize = 400;

/// What runs on every tile.
pub trait TileKernel: Send + Sync + 'static {
    /// Bytes that one frame gives.
    fn frame_bytes(&self) -> usize;

    /// Bytes of its constants in the tile's memory.
    fn constant_bytes(&self) -> usize;

    fn run(&self, frames: &[i16], out: &mut [u8]) -> Result<()>;
}

impl TileKernel for Kernel {
    fn frame_bytes(&self) -> usize {
        Kernel::frame_bytes(self)
    }

    fn constant_bytes(&self) -> usize {
        Kernel::constant_bytes(self)
    }

    fn run(&self, frames: &[i16], out: &mut [u8]) -> Result<()> {
        Kernel::run(self, frames, out)
    }
}

/// A design that is loaded, with its kernel.
pub struct Emulator {
    design: Design,
    kernel: Arc<dyn TileKernel>,
    /// A tile that has not come back: as on the hardware, nothing runs until the design is loaded again.
    hung: AtomicBool,
}

/// What a run gave, and what it would have cost by the model.
#[derive(Debug)]
pub struct Run {
    pub out: Vec<u8>,
    /// Frames that each tile computed.
    pub frames_per_tile: Vec<u64>,
    pub cycles: Cycles,
}

impl Emulator {
    /// Loads a kernel on the design's tiles.
    pub fn new(design: Design, kernel: Arc<dyn TileKernel>) -> Result<Self> {
        design.check(kernel.as_ref())?;
        Ok(Self { design, kernel, hung: AtomicBool::new(false) })
    }

    pub fn design(&self) -> &Design {
        &self.design
    }

    /// Samples of the input buffer.
    pub fn input_samples(&self) -> usize {
        (self.design.padded() - 1) * self.design.hop + FRAME
    }

    /// Bytes of the output buffer.
    pub fn output_bytes(&self) -> usize {
        self.design.padded() * self.kernel.frame_bytes()
    }

    /// Runs the design once over a whole input buffer, until `cancelled` is set: at any time, before the start as well.
    ///
    /// `ERR_DSP_SHAPE` for a buffer of another size, `ERR_DSP_TIMEOUT` and `ERR_DSP_ABORTED` where it was ended, `ERR_DSP_DEVICE`
    /// where a tile failed or a run before this one never came back.
    pub fn run(&self, samples: &[i16], timeout: Duration, cancelled: &AtomicBool) -> Result<Run> {
        if samples.len() != self.input_samples() {
            let expected = format!("{} samples", self.input_samples());
            return Err(Error::shape("samples", expected, format!("{} samples", samples.len())));
        }
        if self.hung.load(Ordering::Acquire) {
            return Err(failed("a run before this one never came back", "load the design again"));
        }
        let result = tiles::run(&self.design, &self.kernel, samples, cancelled, Instant::now() + timeout);
        if result.is_err() {
            self.hung.store(true, Ordering::Release);
        }
        let (out, frames_per_tile) = result.map_err(|stop| stop.into_error(timeout))?;
        let cycles = model::cycles(&self.design, self.kernel.frame_bytes());
        Ok(Run { out, frames_per_tile, cycles })
    }
}

/// The emulated device has failed.
fn failed(what: &str, help: &str) -> Error {
    Error::new("ERR_DSP_DEVICE", "device", "", what, format!("the emulator failed: {what}; {help}"))
}
