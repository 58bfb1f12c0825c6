//! Band-limited resampling by a windowed sinc, equal to `torchaudio.transforms.Resample`.
//!
//! Output sample `n` has phase `n mod new` (rates divided by their common divisor) and is one dot product of contiguous
//! input samples with that phase's coefficients. Every output is summed in one fixed order, whatever the surrounding
//! call, so streaming is bit-identical to the one-shot form.

mod bessel;
mod dot;
mod kernel;
mod linear;
mod online;
mod soxr;
#[cfg(test)]
mod tests;

pub use dot::Sample;
pub use kernel::MAX_COEFFICIENTS;
pub use linear::linear;
pub use online::{OnlineChannels, OnlineResampler};
pub use soxr::soxr_hq;

use crate::jobs::for_signals;
use crate::{Error, Result, check_finite, option_words, options};
use kernel::{Kernel, kernel};

/// The highest rate accepted, in hertz.
pub const MAX_RATE: u32 = 100_000_000;
/// The longest output of one call, in samples.
pub const MAX_OUTPUT: usize = 1 << 30;

/// The window that ends the sinc.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Hann,
    Kaiser,
}

impl Method {
    /// Finds a method by torchaudio's name.
    pub fn parse(name: &str) -> Result<Self> {
        Ok(match name {
            "sinc_interp_hann" => Self::Hann,
            "sinc_interp_kaiser" => Self::Kaiser,
            _ => return Err(Error::argument("resamplingMethod", "sinc_interp_hann or sinc_interp_kaiser", name)),
        })
    }
}

option_words!(Method);

options! {
    /// torchaudio's options; all of them must be given.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Options {
        /// Rate of the input, in hertz.
        pub orig_freq: u32,
        /// Rate of the output, in hertz.
        pub new_freq: u32,
        pub resampling_method: Method,
        /// Zero crossings of the sinc on either side.
        pub lowpass_filter_width: u32,
        /// Cutoff as a fraction of the lower Nyquist frequency.
        pub rolloff: f64,
        /// Shape of the Kaiser window; not read for Hann.
        pub beta: f64,
    }
}

impl Options {
    fn check(&self) -> Result<()> {
        check_rates(self.orig_freq, self.new_freq)?;
        if !(1..=4096).contains(&self.lowpass_filter_width) {
            let actual = self.lowpass_filter_width;
            return Err(Error::argument("lowpassFilterWidth", "a whole number from 1 to 4096", actual));
        }
        if !(self.rolloff > 0.0 && self.rolloff <= 1.0) {
            return Err(Error::argument("rolloff", "above 0 and at most 1", self.rolloff));
        }
        if self.resampling_method == Method::Kaiser && !(0.0..=80.0).contains(&self.beta) {
            return Err(Error::argument("beta", "between 0 and 80", self.beta));
        }
        Ok(())
    }
}

fn check_rates(orig: u32, new: u32) -> Result<()> {
    for (name, rate) in [("origFreq", orig), ("newFreq", new)] {
        if !(1..=MAX_RATE).contains(&rate) {
            return Err(Error::argument(name, format!("a whole number of hertz from 1 to {MAX_RATE}"), rate));
        }
    }
    Ok(())
}

/// A plan: the coefficients of one ratio.
pub struct Resampler<T> {
    orig: usize,
    new: usize,
    kernel: Kernel<T>,
}

impl<T: Sample> Resampler<T> {
    /// A plan for signals of any length.
    pub fn new(options: &Options) -> Result<Self> {
        Self::with_rows(options, usize::MAX)
    }

    /// A plan for signals of at most `len` samples: only the phases that they reach are computed.
    pub fn for_length(options: &Options, len: usize) -> Result<Self> {
        options.check()?;
        let (orig, new) = ratio(options);
        let rows = output_len(len, orig, new);
        if rows > MAX_OUTPUT {
            return Err(Error::argument(
                "newFreq",
                format!("a rate at which the result has at most {MAX_OUTPUT} samples"),
                format!("{} for {len} samples at {}", options.new_freq, options.orig_freq),
            ));
        }
        Self::with_rows(options, rows.max(1))
    }

    fn with_rows(options: &Options, rows: usize) -> Result<Self> {
        options.check()?;
        let (orig, new) = ratio(options);
        let kernel = if orig == new {
            Kernel { coefficients: Vec::new(), first: Vec::new(), taps: 0 }
        } else {
            kernel(options, orig, new, rows.min(new))?
        };
        Ok(Self { orig, new, kernel })
    }

    /// Length of the result for `len` input samples.
    pub fn output_len(&self, len: usize) -> usize {
        output_len(len, self.orig, self.new)
    }

    /// Resamples one channel.
    pub fn process(&self, x: &[T]) -> Vec<T> {
        if self.orig == self.new {
            return x.to_vec();
        }
        /// Outputs that are cleared and then written while they are in the first-level cache.
        const PART: usize = 4096;
        let length = self.output_len(x.len());
        let mut out = Vec::with_capacity(length);
        while out.len() < length {
            let from = out.len();
            out.resize(length.min(from + PART), T::default());
            self.range(x, 0, from, &mut out[from..]);
        }
        out
    }

    /// Position of the first input sample that output `n` reads; may be negative.
    fn start(&self, n: usize) -> i64 {
        (n / self.new * self.orig) as i64 + self.kernel.first[n % self.new] as i64
    }

    /// Outputs from `n` on into `out`. `x[0]` stands at input position `origin`; outside of `x` there are zeros.
    fn range(&self, x: &[T], origin: i64, n: usize, out: &mut [T]) {
        let end = n + out.len();
        let taps = self.kernel.taps as i64;
        // `start` never falls as n grows: the outputs that lie wholly within x are one range.
        let head = partition(n, end, |i| self.start(i) < origin);
        let tail = partition(head, end, |i| self.start(i) + taps <= origin + x.len() as i64);
        let (before, rest) = out.split_at_mut(head - n);
        let (within, after) = rest.split_at_mut(tail - head);
        self.edge(x, origin, n, before);
        self.inner(x, origin, head, within);
        self.edge(x, origin, tail, after);
    }

    /// Outputs that read beyond an end of `x`: from a copy with zeros around it.
    fn edge(&self, x: &[T], origin: i64, n: usize, out: &mut [T]) {
        // A piece at a time keeps the copy short whatever the ratio.
        for (piece, out) in out.chunks_mut(4096).enumerate() {
            let n = n + piece * 4096;
            let from = self.start(n);
            let to = self.start(n + out.len() - 1) + self.kernel.taps as i64;
            let mut copy = vec![T::default(); (to - from) as usize];
            let left = from.max(origin);
            let right = to.min(origin + x.len() as i64);
            if left < right {
                copy[(left - from) as usize..(right - from) as usize]
                    .copy_from_slice(&x[(left - origin) as usize..(right - origin) as usize]);
            }
            self.inner(&copy, from, n, out);
        }
    }

    /// Outputs whose windows lie wholly within `x`.
    fn inner(&self, x: &[T], origin: i64, n: usize, out: &mut [T]) {
        if out.is_empty() {
            return;
        }
        assert!(self.start(n) >= origin);
        assert!(self.start(n + out.len() - 1) + self.kernel.taps as i64 <= origin + x.len() as i64);
        let block = (n / self.new * self.orig) as i64 - origin;
        let job = dot::Job {
            coefficients: &self.kernel.coefficients,
            first: &self.kernel.first,
            taps: self.kernel.taps,
            orig: self.orig,
            new: self.new,
            x,
            block: block as isize,
            phase: n % self.new,
        };
        // SAFETY: the two assertions bound the first and the last window, and windows only move forward.
        unsafe { T::run(&job, out) }
    }
}

/// The reduced ratio (orig, new).
fn ratio(options: &Options) -> (usize, usize) {
    let (orig, new) = reduced(u64::from(options.orig_freq), u64::from(options.new_freq));
    (orig as usize, new as usize)
}

/// Two numbers above 0, both divided by their greatest common divisor.
fn reduced(orig: u64, new: u64) -> (u64, u64) {
    let (mut a, mut b) = (orig, new);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    (orig / a, new / a)
}

/// torchaudio's length: `ceil(new * len / orig)`, the quotient rounded to float32 first as `torch.as_tensor` does.
fn output_len(len: usize, orig: usize, new: usize) -> usize {
    if orig == new {
        return len;
    }
    let exact = (new as f64 * len as f64 / orig as f64) as f32;
    let blocks = len as u128 / orig as u128 + 1;
    // What its convolution has to give: whole blocks of `new` outputs.
    (exact.ceil() as u128).min(blocks * new as u128) as usize
}

/// First index of `from..to` where `holds` no longer does; `holds` is true, then false.
fn partition(from: usize, to: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (from, to);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

/// Resamples channels of `samples` samples. NaN and infinity are errors.
pub fn resample<T: Sample>(x: &[T], samples: usize, options: &Options) -> Result<Vec<T>> {
    if samples == 0 || x.is_empty() || !x.len().is_multiple_of(samples) {
        return Err(Error::shape("signal", "at least one sample in every channel", x.len()));
    }
    check_finite("signal", x, false)?;
    let plan = Resampler::for_length(options, samples)?;
    if x.len() == samples {
        return Ok(plan.process(x));
    }
    Ok(x.chunks_exact(samples).flat_map(|channel| plan.process(channel)).collect())
}

/// Many signals of one channel each. An empty signal, NaN and infinity are errors, which name the signal.
pub fn resample_batch<T: Sample>(options: &Options, signals: &[&[T]], threads: bool) -> Result<Vec<Vec<T>>> {
    let longest = signals.iter().map(|x| x.len()).max().unwrap_or(0);
    let plan = Resampler::<T>::for_length(options, longest)?;
    for_signals(threads, signals, &&plan, |plan, x| {
        if x.is_empty() {
            return Err(Error::shape("signal", "at least one sample", "none"));
        }
        check_finite("signal", x, false)?;
        Ok(plan.process(x))
    })
}
