//! The reference of the NPU's kernel: what `native/aie/kernel` computes, bit for bit, written for the reader.

use super::code::{FIRST_GAIN, Scaled, code, level, lowest_step, lowest_tenths, root};
use super::tables::{FRAME, Tables, logarithms, window};
use super::transform::{Bins, FINE, transform, windowed};
use super::{Bank, Filter, Output, Spectrum};
use crate::{Error, Result};

/// Filters that a bank may have.
pub const MAX_FILTERS: usize = 256;
/// Coefficients that a bank may have: their places have 16 bits.
pub const MAX_COEFFICIENTS: usize = 65535;
/// The largest shift of a filter.
pub const MAX_SHIFT: u8 = 31;

/// A bank and an output format, ready to run.
#[derive(Clone, Debug)]
pub struct Pipeline {
    bank: Bank,
    output: Output,
    gain: u16,
    lowest: i32,
    tables: Tables,
    window: Vec<i16>,
    logarithms: Vec<u16>,
}

impl Output {
    /// Bytes of one code.
    pub fn bytes(self) -> usize {
        if self == Output::Log2Int16 { 2 } else { 1 }
    }
}

impl Bank {
    /// The level of code 0 of `Output::Log2Int8`, in tenths of an octave of magnitude.
    pub fn lowest_tenths(&self) -> i32 {
        let weights = self.filters.iter().flat_map(|filter| filter.weights().map(|(_, weight)| weight));
        lowest_tenths(weights.fold(0.0, f64::max), self.spectrum == Spectrum::Power)
    }

    /// The same in the kernel's unit: a 65,536th of a step.
    pub fn lowest_step(&self) -> i32 {
        lowest_step(self.lowest_tenths())
    }

    /// Refuses what the kernel cannot run: `ERR_DSP_ARGUMENT`.
    pub fn check(&self) -> Result<()> {
        let wrong = |expected: &str, actual: String| Err(Error::argument("bank", expected, actual));
        if self.frame != FRAME {
            return wrong("a bank for frames of 400 samples", format!("{} samples", self.frame));
        }
        if self.transform != 400 && self.transform != 512 {
            return wrong("a bank for a transform of 400 or 512 points", format!("{} points", self.transform));
        }
        if self.filters.is_empty() || self.filters.len() > MAX_FILTERS {
            return wrong("a bank of 1 to 256 filters", format!("{} filters", self.filters.len()));
        }
        let count: usize = self.filters.iter().map(|filter| filter.coefficients.len()).sum();
        if count > MAX_COEFFICIENTS {
            return wrong("a bank of at most 65535 coefficients", format!("{count} coefficients"));
        }
        let bins = self.transform / 2 + 1;
        for (i, filter) in self.filters.iter().enumerate() {
            let Filter { start, peak, end, shift, ref coefficients } = *filter;
            if start > peak || peak > end || usize::from(end) > bins {
                let bins = format!("bins {start}, {peak}, {end} in filter {i}");
                return wrong("filters with start <= peak <= end within the spectrum", bins);
            }
            if coefficients.len() != usize::from(end - start) {
                let count = format!("{} in filter {i} of bins {start} to {end}", coefficients.len());
                return wrong("filters with a coefficient for each bin", count);
            }
            if let Some(negative) = coefficients.iter().find(|&&c| c < 0) {
                return wrong("filters without negative coefficients", format!("{negative} in filter {i}"));
            }
            if shift > MAX_SHIFT {
                return wrong("filters with shifts of at most 31", format!("{shift} in filter {i}"));
            }
        }
        Ok(())
    }
}

/// The number of frames in `samples` samples: `ERR_DSP_SHAPE` where the last one is not whole.
pub fn frames_in(samples: usize) -> Result<usize> {
    if !samples.is_multiple_of(FRAME) {
        return Err(Error::shape("frames", "whole frames of 400 samples", format!("{samples} samples")));
    }
    Ok(samples / FRAME)
}

impl Pipeline {
    /// Checks the bank and makes the tables.
    pub fn new(bank: &Bank, output: Output) -> Result<Self> {
        bank.check()?;
        Ok(Self {
            bank: bank.clone(),
            output,
            gain: FIRST_GAIN,
            lowest: bank.lowest_step(),
            tables: Tables::new(bank.transform),
            window: window(),
            logarithms: logarithms(),
        })
    }

    /// The same with another gain of `Output::LinearInt8`: its codes are the magnitude times `gain / 2^24`.
    pub fn with_linear_gain(self, gain: u16) -> Result<Self> {
        if gain == 0 {
            return Err(Error::argument("gain", "at least 1", gain));
        }
        Ok(Self { gain, ..self })
    }

    /// Codes per frame.
    pub fn filters(&self) -> usize {
        self.bank.filters.len()
    }

    /// Computes the codes of whole frames of 400 samples, as bytes in the machine's order: `[frames][filters]` of the format.
    pub fn run(&self, frames: &[i16], out: &mut [u8]) -> Result<()> {
        let bytes = frames_in(frames.len())? * self.filters() * self.output.bytes();
        if out.len() != bytes {
            return Err(Error::shape("out", format!("{bytes} bytes"), format!("{} bytes", out.len())));
        }
        let outputs = out.chunks_exact_mut(self.filters() * self.output.bytes());
        for (frame, out) in frames.chunks_exact(FRAME).zip(outputs) {
            let power = self.bank.spectrum == Spectrum::Power;
            let (gain, lowest) = (self.gain, self.lowest);
            let codes = self.sums(frame).map(|sum| code(sum, power, self.output, gain, lowest, &self.logarithms));
            for (code, out) in codes.zip(out.chunks_exact_mut(self.output.bytes())) {
                match self.output {
                    Output::Log2Int16 => out.copy_from_slice(&code.to_ne_bytes()),
                    _ => out[0] = code as u8,
                }
            }
        }
        Ok(())
    }

    /// The codes before their rounding: log2 of the magnitude with 16 fractional bits, `None` for no energy.
    pub fn levels(&self, frame: &[i16]) -> Vec<Option<i32>> {
        let power = self.bank.spectrum == Spectrum::Power;
        self.sums(frame).map(|sum| level(sum, power, &self.logarithms)).collect()
    }

    /// The spectrum of one frame; `None` for silence.
    pub fn bins(&self, frame: &[i16]) -> Option<Bins> {
        let (samples, exponent) = windowed(frame, &self.window)?;
        Some(transform(&samples, exponent, &self.tables))
    }

    /// What each filter collects, exactly.
    fn sums(&self, frame: &[i16]) -> impl Iterator<Item = Scaled> {
        let power = self.bank.spectrum == Spectrum::Power;
        let bins = self.bins(frame).unwrap_or_default();
        // Powers and magnitudes have 30 and 22 bits.
        let weigh = |((&re, &im), &fine): ((&i16, &i16), &bool)| {
            let square = (i32::from(re) * i32::from(re) + i32::from(im) * i32::from(im)) as u32;
            match (power, fine) {
                (true, false) => square,
                (true, true) => (square + (1 << (2 * FINE - 1))) >> (2 * FINE),
                (false, false) => root(square) << FINE,
                (false, true) => root(square),
            }
        };
        let weighed: Vec<u32> = bins.re.iter().zip(&bins.im).zip(&bins.fine).map(weigh).collect();
        let exponent = if power { 2 * bins.exponent } else { bins.exponent - FINE } - 15;
        self.bank.filters.iter().map(move |filter| {
            let spectrum = weighed.iter().skip(usize::from(filter.start));
            let products = spectrum.zip(&filter.coefficients).map(|(&bin, &c)| u64::from(bin) * c as u64);
            Scaled { mantissa: products.sum(), exponent: exponent - i32::from(filter.shift) }
        })
    }
}
