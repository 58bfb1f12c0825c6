//! The shim's DMA: which samples a descriptor picks, and which descriptors the hardware takes.

use dsp_core::{Error, Result};

/// The most that a descriptor's inner sizes count, in 32-bit words or repetitions.
pub const MAX_SIZE: usize = 1023;
const MAX_OUTER: usize = 64;
const MAX_STRIDE: usize = 1 << 20;

/// A buffer descriptor over int16 samples, outermost dimension first.
#[derive(Clone, Debug, PartialEq)]
pub struct Descriptor {
    /// The first sample.
    pub offset: usize,
    pub sizes: [usize; 4],
    pub strides: [usize; 4],
}

/// Samples in a word, which is what the DMA moves.
const WORD: usize = 2;

impl Descriptor {
    /// Refuses what the hardware does, and what reads beyond a buffer of so many samples.
    pub fn check(&self, samples: usize) -> Result<()> {
        let refuse = |expected: &str, actual: String| Err(Error::argument("descriptor", expected, actual));
        if !self.offset.is_multiple_of(WORD) {
            return refuse("an offset that is a multiple of 4 bytes", format!("{} bytes", 2 * self.offset));
        }
        let [outer, middle, rows, inner] = self.sizes;
        if inner % WORD != 0 {
            return refuse("inner lengths of a multiple of 4 bytes", format!("{} bytes", 2 * inner));
        }
        if self.strides[..3].iter().any(|stride| stride % WORD != 0) || self.strides[3] != 1 {
            return refuse("strides of a multiple of 4 bytes, and 1 in the end", format!("{:?} samples", self.strides));
        }
        if outer > MAX_OUTER || [middle, rows, inner / WORD].iter().any(|&size| size > MAX_SIZE) {
            return refuse("sizes of at most 64, 1023, 1023 and 1023 words", format!("{:?} samples", self.sizes));
        }
        if self.strides.iter().any(|stride| stride / WORD > MAX_STRIDE) {
            return refuse("strides of at most 1048576 words", format!("{:?} samples", self.strides));
        }
        if self.sizes.contains(&0) {
            return refuse("sizes of at least 1", format!("{:?}", self.sizes));
        }
        let last: usize = self.sizes.iter().zip(self.strides).map(|(size, stride)| (size - 1) * stride).sum();
        if self.offset + last >= samples {
            return refuse(&format!("samples of a buffer of {samples}"), format!("sample {}", self.offset + last));
        }
        Ok(())
    }

    /// The rows from one on, into `out`, which holds whole rows. (Of what the designs use: the outer sizes are 1.)
    pub fn rows(&self, buffer: &[i16], first: usize, out: &mut [i16]) {
        for (i, row) in out.chunks_exact_mut(self.sizes[3]).enumerate() {
            let at = self.offset + (first + i) * self.strides[2];
            row.copy_from_slice(&buffer[at..at + self.sizes[3]]);
        }
    }
}
