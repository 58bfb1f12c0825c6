//! The C kernel behind a safe interface.

use std::ffi::c_void;

use dsp_core::q15::{Bank, Output, Spectrum, code, frames_in};
use dsp_core::{Error, Result};

use crate::ffi;

/// A bank and an output format, run by the C kernel: the same bytes as `dsp_core::q15::Pipeline`.
#[derive(Clone, Debug)]
pub struct Kernel {
    filters: Vec<ffi::Filter>,
    coefficients: Vec<i16>,
    shifts: Vec<u8>,
    transform: usize,
    spectrum: Spectrum,
    output: Output,
    gain: u16,
    lowest: i32,
    /// The filters of the vector form, where it is asked for.
    packed: Option<Vec<i16>>,
}

impl Kernel {
    /// Checks the bank and lays it out as the kernel reads it.
    pub fn new(bank: &Bank, output: Output) -> Result<Self> {
        bank.check()?;
        let mut offset = 0;
        let filters = bank.filters.iter().map(|filter| {
            let record = ffi::Filter {
                start_bin: filter.start,
                peak_bin: filter.peak,
                end_bin: filter.end,
                left_width: filter.peak - filter.start,
                right_width: filter.end - filter.peak,
                offset,
            };
            offset += filter.coefficients.len() as u16;
            record
        });
        let kernel = Self {
            filters: filters.collect(),
            coefficients: bank.filters.iter().flat_map(|filter| filter.coefficients.iter().copied()).collect(),
            shifts: bank.filters.iter().map(|filter| filter.shift).collect(),
            transform: bank.transform,
            spectrum: bank.spectrum,
            output,
            gain: code::FIRST_GAIN,
            lowest: bank.lowest_step(),
            packed: None,
        };
        // SAFETY: the configuration's pointers are to the vectors of `kernel`, which lives on.
        let status = unsafe { ffi::mel_q15_check(&kernel.config()) };
        if status != ffi::OK {
            return Err(Error::argument("bank", "a bank that the kernel takes", format!("its answer {status}")));
        }
        Ok(kernel)
    }

    /// The same with another gain of `Output::LinearInt8`: its codes are the magnitude times `gain / 2^24`.
    pub fn with_linear_gain(self, gain: u16) -> Result<Self> {
        if gain == 0 {
            return Err(Error::argument("gain", "at least 1", gain));
        }
        Ok(Self { gain, ..self })
    }

    /// The same computed by the AIE2's vector form, which is emulated here.
    pub fn in_vectors(self) -> Self {
        // Every filter beside 15 others that are as wide as the spectrum.
        let mut packed = vec![0; self.filters.len().next_multiple_of(16) * (self.transform / 2 + 1)];
        // SAFETY: the configuration's pointers are to vectors of `self`, and the capacity is that of `packed`.
        let used = unsafe { ffi::mel_q15_pack(&self.config(), packed.as_mut_ptr(), packed.len() as i32) };
        packed.truncate(used as usize);
        Self { packed: Some(packed), ..self }
    }

    /// Codes per frame.
    pub fn filters(&self) -> usize {
        self.filters.len()
    }

    /// Bytes of the codes of one frame.
    pub fn frame_bytes(&self) -> usize {
        self.filters() * self.output.bytes()
    }

    /// Bytes of its constants in a tile's memory: the window, the transform's factors and the bank.
    pub fn constant_bytes(&self) -> usize {
        let factors = if self.transform == 400 { 17 * 16 * 25 + 2 * 13 * 16 } else { 17 * 13 * 32 + 2 * 17 * 16 };
        2 * (400 + factors)
            + self.filters.len() * size_of::<ffi::Filter>()
            + 2 * self.coefficients.len()
            + self.shifts.len()
    }

    fn config(&self) -> ffi::Config {
        ffi::Config {
            transform: match self.transform {
                400 => &raw const ffi::mel_q15_transform_400,
                _ => &raw const ffi::mel_q15_transform_512,
            },
            filters: self.filters.as_ptr(),
            coefficients: self.coefficients.as_ptr(),
            shifts: self.shifts.as_ptr(),
            filter_count: self.filters.len() as u16,
            coefficient_count: self.coefficients.len() as u16,
            linear_gain: self.gain,
            spectrum: match self.spectrum {
                Spectrum::Magnitude => 0,
                Spectrum::Power => 1,
            },
            output: match self.output {
                Output::LinearInt8 => 0,
                Output::Log2Int8 => 1,
                Output::Log2Int16 => 2,
            },
            lowest: self.lowest,
        }
    }

    /// Computes the codes of whole frames of 400 samples, as bytes in the machine's order: `[frames][filters]` of the format.
    ///
    /// `ERR_DSP_SHAPE` where frames are not whole or `out` has not their size; `ERR_DSP_ARGUMENT` where `out` holds int16 at an
    /// odd address.
    pub fn run(&self, frames: &[i16], out: &mut [u8]) -> Result<()> {
        let count = frames_in(frames.len())?;
        let bytes = count * self.frame_bytes();
        if out.len() != bytes {
            return Err(Error::shape("out", format!("{bytes} bytes"), format!("{} bytes", out.len())));
        }
        let count = i32::try_from(count)
            .map_err(|_| Error::shape("frames", "at most 2^31 - 1 frames", format!("{count} frames")))?;
        // SAFETY: the configuration is checked, and `frames` and `out` have the lengths that the kernel reads and writes.
        let status = unsafe {
            let (config, frames, out) = (self.config(), frames.as_ptr(), out.as_mut_ptr().cast::<c_void>());
            match &self.packed {
                None => ffi::mel_q15_run(&config, frames, out, count),
                Some(packed) => ffi::mel_q15_run_aie2(&config, packed.as_ptr(), frames, out, count),
            }
        };
        match status {
            ffi::OK => Ok(()),
            ffi::BAD_ALIGNMENT => {
                Err(Error::argument("out", "a buffer of int16 at an even address", format!("{:p}", out.as_ptr())))
            }
            status => unreachable!("the kernel refuses what was checked: {status}"),
        }
    }
}
