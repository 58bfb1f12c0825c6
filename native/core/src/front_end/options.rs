//! What the callers choose. There are no defaults here: every field is given.

use crate::mel::Scale;
use crate::options::{FromOption, Source};
use crate::window::Window;
use crate::{Error, Result, option_words, options};

/// An enum of words, and its parser.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $option:literal, $expected:literal, { $($(#[$word_doc:meta])* $variant:ident = $word:literal),* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$word_doc])* $variant),* }

        impl $name {
            /// Finds one by its name.
            pub fn parse(name: &str) -> Result<Self> {
                match name {
                    $($word => Ok(Self::$variant),)*
                    other => Err(Error::argument($option, $expected, other)),
                }
            }
        }

        option_words!($name);
    };
}

words! {
    /// Whose mean is subtracted.
    DcOffset, "dcOffset", "none, frame or signal", { None = "none", Frame = "frame", Signal = "signal" }
}

words! {
    /// Where frames lie, and what lies beyond the edges.
    Padding, "padding", "snip, mirror, reflect, constant or end", {
        /// Whole frames only.
        Snip = "snip",
        /// Kaldi's `snip_edges=False`.
        Mirror = "mirror",
        /// Centred at multiples of the shift, mirrored without the edge itself.
        Reflect = "reflect",
        /// Centred at multiples of the shift, zeros beyond.
        Constant = "constant",
        /// From the first sample on, with zeros after the last one until it is in a frame.
        End = "end"
    }
}

words! {
    /// What the filters sum.
    Spectrum, "spectrum", "power or magnitude", { Power = "power", Magnitude = "magnitude" }
}

words! {
    /// How filters are scaled.
    Norm, "melNorm", "none, slaney or sum", { None = "none", Slaney = "slaney", Sum = "sum" }
}

words! {
    /// In what the sides of filters are straight.
    Triangles, "triangles", "hertz, mel, bins or symmetric", {
        Hertz = "hertz",
        Mel = "mel",
        /// Hz, with corners at whole bins, as HTK's descendants in Python have them.
        Bins = "bins",
        /// Hz, with the width of the left side on both, as SpeechBrain has them.
        Symmetric = "symmetric"
    }
}

/// A window by its name alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape(pub Window);

impl FromOption for Shape {
    fn from_option(source: &dyn Source, name: &str) -> Result<Self> {
        let name = String::from_option(source, name)?;
        Ok(Self(Window::parse(&name, 0.0)?))
    }
}

/// The mel scale by its name alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MelScale(pub Scale);

impl FromOption for MelScale {
    fn from_option(source: &dyn Source, name: &str) -> Result<Self> {
        Ok(Self(Scale::parse(&String::from_option(source, name)?)?))
    }
}

options! {
    /// Every setting up to the filters' energies.
    #[derive(Debug, Clone, PartialEq)]
    pub struct FrontEndOptions {
        /// In Hz.
        pub sample_rate: f64,
        /// Zeros before the signal, or, below zero, samples of it that are left out.
        pub shift: f64,
        /// Over the whole signal; 0 for none.
        pub signal_preemphasis: f64,
        /// In each frame; 0 for none.
        pub frame_preemphasis: f64,
        pub preemphasis_times: usize,
        pub dc_offset: DcOffset,
        /// Standard deviation of the noise.
        pub dither: f64,
        pub seed: u64,
        /// Samples of a window.
        pub frame_length: usize,
        pub frame_shift: usize,
        pub padding: Padding,
        pub window: Shape,
        pub periodic: bool,
        pub fft_length: usize,
        pub spectrum: Spectrum,
        /// 0: the bins of the spectrum themselves.
        pub num_bins: usize,
        pub mel_scale: MelScale,
        pub mel_norm: Norm,
        pub triangles: Triangles,
        pub low_freq: f64,
        pub high_freq: f64,
        pub vtln_warp: f64,
    }
}

const MAX_LENGTH: usize = 1 << 22;
const MAX_BINS: usize = 1 << 14;

impl FrontEndOptions {
    /// Columns of a result, without those of the energy.
    pub fn columns(&self) -> usize {
        if self.num_bins == 0 { self.fft_length / 2 + 1 } else { self.num_bins }
    }

    pub(super) fn check(&self) -> Result<()> {
        let within = |name: &str, value: usize, most: usize| {
            if (1..=most).contains(&value) {
                return Ok(());
            }
            Err(Error::argument(name, format!("between 1 and {most}"), value))
        };
        within("fftLength", self.fft_length, MAX_LENGTH)?;
        within("frameLength", self.frame_length, self.fft_length)?;
        within("frameShift", self.frame_shift, MAX_LENGTH)?;
        within("preemphasisTimes", self.preemphasis_times, 2)?;
        within("numBins", self.num_bins.max(1), MAX_BINS)?;
        let positive = |name: &str, value: f64| {
            if value > 0.0 && value.is_finite() {
                return Ok(());
            }
            Err(Error::argument(name, "a positive number", value))
        };
        positive("sampleRate", self.sample_rate)?;
        positive("vtlnWarp", self.vtln_warp)?;
        if !(self.low_freq >= 0.0 && self.low_freq < self.high_freq && self.high_freq.is_finite()) {
            return Err(Error::argument("highFreq", format!("above lowFreq ({} Hz)", self.low_freq), self.high_freq));
        }
        for (name, value) in
            [("signalPreemphasis", self.signal_preemphasis), ("framePreemphasis", self.frame_preemphasis)]
        {
            if !value.is_finite() {
                return Err(Error::argument(name, "a finite number", value));
            }
        }
        if !(self.dither >= 0.0 && self.dither.is_finite()) {
            return Err(Error::argument("dither", "at least 0", self.dither));
        }
        if !(self.shift.is_finite() && self.shift.fract() == 0.0) {
            return Err(Error::argument("shift", "a whole number of samples", self.shift));
        }
        Ok(())
    }
}
