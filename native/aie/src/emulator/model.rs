//! What a run might cost on the hardware: **a model, never a measurement**.
//!
//! A run takes a dispatch, then as long as the slower of two: the busiest tile's frames at [`CYCLES_PER_FRAME`], or the columns' shim
//! channels, which move a word of 4 bytes a cycle. The first element's way to the tile and the last one's back are added.

use super::FRAME;
use super::design::Design;

/// Cycles that the scalar kernel takes for a frame: 1,024 butterflies of a real 512-point transform and its pass, window, magnitudes,
/// filters and logarithms, estimated by hand from the instruction set. The 400-point transform is assumed to cost the same.
pub const CYCLES_PER_FRAME: u64 = 28_000;
/// The array's clock steps (npu1).
pub const CLOCKS_MHZ: [u32; 4] = [800, 1024, 1309, 1600];
/// What a dispatch takes on the host and in the driver, from the least that is reported to the most.
pub const DISPATCH_MICROSECONDS: [f64; 2] = [45.0, 150.0];

/// The model's figures for one run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cycles {
    /// Of the array, without the dispatch.
    pub cycles: u64,
    /// Of the busiest tile's computation.
    pub compute: u64,
    /// Of the busiest shim channel.
    pub transfer: u64,
}

impl Cycles {
    /// The whole run at a clock, from the fastest dispatch to the slowest.
    pub fn microseconds(&self, clock_mhz: u32) -> [f64; 2] {
        DISPATCH_MICROSECONDS.map(|dispatch| dispatch + self.cycles as f64 / f64::from(clock_mhz))
    }
}

pub fn cycles(design: &Design, frame_bytes: usize) -> Cycles {
    let words = |bytes: usize| (bytes as u64).div_ceil(4);
    // The first column has the most rounds.
    let (_, rounds) = design.column(0);
    let compute = (rounds * design.frames_per_call) as u64 * CYCLES_PER_FRAME;
    let in_column = (rounds * design.round()) as u64;
    // Samples and codes go through channels of their own, at once.
    let transfer = in_column * words(2 * FRAME).max(words(frame_bytes));
    let ends = words(design.frames_per_call * 2 * FRAME) + words(design.frames_per_call * frame_bytes);
    Cycles { cycles: compute.max(transfer) + ends, compute, transfer }
}
