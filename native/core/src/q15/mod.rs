//! Fixed-point mel features: filter banks in Q15, and what the NPU's kernel computes with them, bit for bit.

/// What the filters weigh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spectrum {
    Magnitude,
    Power,
}

/// One filter: non-zero from bin `start` up to, and without, bin `end`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pub start: u16,
    pub peak: u16,
    pub end: u16,
    /// The weight of bin `start + i` is `coefficients[i] / 2^(15 + shift)`: a filter with a low peak keeps its 15 bits.
    pub shift: u8,
    pub coefficients: Vec<i16>,
}

/// A bank over the spectrum of one transform of windowed frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bank {
    /// Samples per frame, windowed by a periodic Hann window and zero-padded to `transform`.
    pub frame: usize,
    /// Points of the transform, whose bins are 0 to `transform / 2`.
    pub transform: usize,
    pub spectrum: Spectrum,
    pub filters: Vec<Filter>,
}

/// The format of what the kernel puts out, one value per filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// 0 to 127, proportional to the filter's output, as the first kernel had it: for compatibility only.
    LinearInt8,
    /// Six steps an octave of magnitude.
    Log2Int8,
    /// 256 steps an octave of magnitude.
    Log2Int16,
}
