//! The options of NeMo's front end, and what the plan makes of them.

use crate::kaldi::per_feature::LogGuardType;
use crate::mel::{Bank, BankOptions, Finish, Norm, Precision, Scale, Triangles};
use crate::stft::{PadMode, StftOptions};
use crate::window::Window;
use crate::{Error, Result, check_finite, option_words, options};

/// What features are normalised by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Normalize {
    /// The mean and standard deviation of each feature over time.
    PerFeature,
    /// The mean and standard deviation of the whole matrix.
    AllFeatures,
    /// A mean and standard deviation for each feature, given by the caller.
    Fixed,
    /// Nothing.
    None,
}

impl Normalize {
    /// Finds a normalisation by its name.
    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "per_feature" => Ok(Self::PerFeature),
            "all_features" => Ok(Self::AllFeatures),
            "fixed" => Ok(Self::Fixed),
            "none" => Ok(Self::None),
            _ => Err(Error::argument("normalize", "per_feature, all_features, fixed or none", name)),
        }
    }
}

option_words!(Normalize);

options! {
    /// The options of `AudioToMelSpectrogramPreprocessor`, with lengths in samples.
    #[derive(Debug, Clone, PartialEq)]
    pub struct NemoOptions {
        /// In Hz.
        pub sample_rate: f64,
        /// Length of the window in samples.
        pub n_window_size: usize,
        /// Samples between frames.
        pub n_window_stride: usize,
        /// hann, hamming, blackman or bartlett; symmetric.
        pub window: String,
        /// Length of the transform, at least that of the window.
        pub n_fft: usize,
        /// `x[t] - preemph * x[t - 1]`; none for the samples as they are.
        pub preemph: Option<f64>,
        /// Number of mel filters.
        pub features: usize,
        /// Left corner of the first filter in Hz.
        pub lowfreq: f64,
        /// Right corner of the last filter in Hz.
        pub highfreq: f64,
        pub mel_norm: Norm,
        /// The exponent of the magnitudes.
        pub mag_power: f64,
        /// Whether the natural logarithm is taken.
        pub log: bool,
        pub log_zero_guard_type: LogGuardType,
        /// Above 0.
        pub log_zero_guard_value: f64,
        /// Standard deviation of the noise that is added to the samples.
        pub dither: f64,
        /// The noise's.
        pub seed: u64,
        /// The rows are repeated so many times.
        pub frame_splicing: usize,
        pub normalize: Normalize,
        pub fixed_mean: Option<Vec<f64>>,
        pub fixed_std: Option<Vec<f64>>,
        /// The number of columns is rounded up to a multiple of this; 0 for as many as there are.
        pub pad_to: usize,
        /// What stands in the columns after the last valid frame.
        pub pad_value: f64,
        /// Pads by `(n_fft - n_window_stride) / 2` and does not centre frames.
        pub exact_pad: bool,
    }
}

impl NemoOptions {
    /// Samples of padding on both sides before pre-emphasis.
    pub(super) fn padding(&self) -> usize {
        if self.exact_pad { (self.n_fft - self.n_window_stride) / 2 } else { 0 }
    }

    /// Rows of the result.
    pub(super) fn rows(&self) -> usize {
        self.features.saturating_mul(self.frame_splicing)
    }

    /// Checks what neither the transform nor the bank checks under these names.
    pub(super) fn check(&self) -> Result<()> {
        let Self { sample_rate, n_window_size, n_window_stride, n_fft, highfreq, .. } = *self;
        if n_window_size == 0 || n_window_size > n_fft {
            return Err(Error::argument("nWindowSize", format!("between 1 and nFft ({n_fft})"), n_window_size));
        }
        if self.exact_pad && (n_window_stride % 2 == 1 || n_window_stride > n_fft) {
            let expected = format!("even and at most nFft ({n_fft}) if exactPad is true");
            return Err(Error::argument("nWindowStride", expected, n_window_stride));
        }
        if highfreq > sample_rate / 2.0 {
            let expected = format!("at most half the rate ({} Hz)", sample_rate / 2.0);
            return Err(Error::argument("highfreq", expected, highfreq));
        }
        for (name, value, least) in [
            ("preemph", self.preemph.unwrap_or(0.0), 0.0),
            ("dither", self.dither, 0.0),
            ("padValue", self.pad_value, f64::NEG_INFINITY),
        ] {
            if !(value >= least && value.is_finite()) {
                return Err(Error::argument(name, format!("a finite number of at least {least}"), value));
            }
        }
        let guard = self.log_zero_guard_value;
        if !(guard >= f64::MIN_POSITIVE && guard.is_finite()) {
            return Err(Error::argument("logZeroGuardValue", "a finite number above 0", guard));
        }
        if self.frame_splicing == 0 {
            return Err(Error::argument("frameSplicing", "at least 1", 0));
        }
        self.check_statistics()
    }

    fn check_statistics(&self) -> Result<()> {
        let rows = self.rows();
        let is_fixed = self.normalize == Normalize::Fixed;
        for (name, values) in [("fixedMean", &self.fixed_mean), ("fixedStd", &self.fixed_std)] {
            let count = values.as_ref().map(Vec::len);
            if is_fixed && count != Some(rows) {
                let actual = count.map_or("nothing".to_owned(), |count| format!("{count} numbers"));
                return Err(Error::argument(name, format!("an array of {rows} numbers, one per row"), actual));
            }
            if !is_fixed && count.is_some() {
                return Err(Error::argument(name, "left out unless normalize is fixed", "an array"));
            }
            check_finite(name, values.as_deref().unwrap_or_default(), false)?;
        }
        match self.fixed_std.iter().flatten().find(|std| **std < f64::MIN_POSITIVE) {
            Some(std) => Err(Error::argument("fixedStd", "an array of numbers above 0", std)),
            None => Ok(()),
        }
    }

    pub(super) fn stft(&self) -> Result<StftOptions> {
        let window = match self.window.as_str() {
            "hann" | "hamming" | "blackman" | "bartlett" => Window::parse(&self.window, f64::NAN)?,
            name => return Err(Error::argument("window", "hann, hamming, blackman or bartlett", name)),
        };
        // Longer transforms are refused by the plan; the window must not be made of them first.
        let size = self.n_window_size.min(1 << 22);
        Ok(StftOptions {
            n_fft: self.n_fft,
            hop_length: self.n_window_stride,
            window: window.values(size, false),
            center: !self.exact_pad,
            pad_mode: PadMode::Constant,
        })
    }

    /// librosa's filters, whose weights NeMo keeps in `f32`.
    pub(super) fn bank(&self) -> Result<Bank> {
        let bank = Bank::new(&BankOptions {
            sr: self.sample_rate,
            n_fft: self.n_fft,
            n_mels: self.features,
            fmin: self.lowfreq,
            fmax: self.highfreq,
            mel_scale: Scale::Slaney,
            triangles: Triangles::Hertz,
            norm: self.mel_norm,
            dtype: Precision::Float32,
        });
        bank.map_err(renamed)
    }

    pub(super) fn finish(&self) -> Finish {
        match (self.log, self.log_zero_guard_type, self.log_zero_guard_value) {
            (false, ..) => Finish::Energy,
            (true, LogGuardType::Add, add) => Finish::Log { floor: 0.0, add },
            (true, LogGuardType::Clamp, floor) => Finish::Log { floor, add: 0.0 },
        }
    }
}

/// An error of the transform, the filters or a signal under the names that NeMo has for their options.
pub(super) fn renamed(error: Error) -> Error {
    const NAMES: [(&str, &str); 7] = [
        ("sr", "sampleRate"),
        ("nMels", "features"),
        ("fmin", "lowfreq"),
        ("fmax", "highfreq"),
        ("norm", "melNorm"),
        ("power", "magPower"),
        ("hopLength", "nWindowStride"),
    ];
    NAMES.iter().fold(error, |error, (from, to)| error.renamed(from, to))
}
