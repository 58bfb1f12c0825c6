//! What the callers choose. There are no defaults here: every field is given.

use super::frames::{Framing, Padding};
use crate::{Error, Result, option_words, options};

/// The window functions of Kaldi and kaldi-native-fbank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    Hamming,
    /// Symmetric Hann.
    Hanning,
    /// Symmetric Hann to the power 0.85: goes to zero at the edges, like no other of Kaldi's.
    Povey,
    Rectangular,
    Blackman,
    /// Periodic Hann (kaldi-native-fbank's `hann`).
    Hann,
    /// Half a period of a sine (kaldi-native-fbank's `sine`).
    Sine,
}

impl Window {
    /// Finds a window by its name.
    pub fn parse(name: &str) -> Result<Self> {
        Ok(match name {
            "hamming" => Self::Hamming,
            "hanning" => Self::Hanning,
            "povey" => Self::Povey,
            "rectangular" => Self::Rectangular,
            "blackman" => Self::Blackman,
            "hann" => Self::Hann,
            "sine" => Self::Sine,
            other => {
                let expected = "hamming, hanning, povey, rectangular, blackman, hann or sine";
                return Err(Error::argument("windowType", expected, other));
            }
        })
    }
}

/// Scaling of librosa-style triangles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MelNorm {
    None,
    /// Each triangle has area one, in hertz.
    Slaney,
}

impl MelNorm {
    /// Finds a scaling by its name.
    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "none" => Ok(Self::None),
            "slaney" => Ok(Self::Slaney),
            other => Err(Error::argument("norm", "slaney or none", other)),
        }
    }
}

option_words!(Window, MelNorm);

options! {
    /// The filter bank. Names and meaning are Kaldi's `MelBanksOptions`.
    #[derive(Debug, Clone, PartialEq)]
    pub struct MelOptions {
        pub num_mel_bins: usize,
        pub low_freq: f64,
        /// Hertz; zero or less counts from the Nyquist frequency.
        pub high_freq: f64,
        pub vtln_low: f64,
        /// Hertz; negative counts from the Nyquist frequency.
        pub vtln_high: f64,
        pub vtln_warp: f64,
        /// HTK's habits: the first weight is zeroed and energies are floored at one.
        pub htk_mode: bool,
        /// Triangles linear in hertz, the Nyquist bin included, as librosa has them.
        pub is_librosa: bool,
        /// Only with `is_librosa`.
        pub norm: MelNorm,
        /// Only with `is_librosa`: Slaney's mel scale instead of HTK's.
        pub use_slaney_mel_scale: bool,
        /// Only with `is_librosa`: corners floored to whole bins.
        pub floor_to_int_bin: bool,
    }
}

options! {
    /// The options of fbank besides the frames'.
    #[derive(Debug, Clone, PartialEq)]
    pub struct FbankOptions {
        pub mel: MelOptions,
        pub use_energy: bool,
        pub htk_compat: bool,
        pub use_log_fbank: bool,
        pub use_power: bool,
    }
}

options! {
    /// The options of MFCC besides the frames'.
    #[derive(Debug, Clone, PartialEq)]
    pub struct MfccOptions {
        pub mel: MelOptions,
        pub use_energy: bool,
        pub htk_compat: bool,
        pub num_ceps: usize,
        pub cepstral_lifter: f64,
    }
}

/// Which feature, and its options besides the frames'.
#[derive(Debug, Clone, PartialEq)]
pub enum Features {
    Spectrogram,
    Fbank(FbankOptions),
    Mfcc(MfccOptions),
}

options! {
    /// How frames are cut and prepared: what all features share. Names and meaning are torchaudio.compliance.kaldi's.
    #[derive(Debug, Clone, PartialEq)]
    pub struct FrameOptions {
        /// Hz.
        pub sample_frequency: f64,
        /// Milliseconds.
        pub frame_length: f64,
        /// Milliseconds.
        pub frame_shift: f64,
        pub window_type: Window,
        pub blackman_coeff: f64,
        pub preemphasis_coefficient: f64,
        pub remove_dc_offset: bool,
        pub round_to_power_of_two: bool,
        pub snip_edges: bool,
        /// Only without `snip_edges`: where the first frame starts.
        pub padding: Padding,
        /// Standard deviation of the noise added to each sample of each frame.
        pub dither: f64,
        pub seed: u64,
        pub raw_energy: bool,
        pub energy_floor: f64,
        pub subtract_mean: bool,
        /// Seconds; shorter signals have no frames.
        pub min_duration: f64,
    }
}

/// The options of one extraction.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    pub frames: FrameOptions,
    pub features: Features,
}

/// Windows longer than this are refused: a mistaken rate, not a frame.
const MAX_WINDOW: usize = 1 << 22;

impl FrameOptions {
    /// Samples in a frame.
    pub fn window_size(&self) -> usize {
        (self.sample_frequency * self.frame_length * 0.001) as usize
    }

    /// Samples between the starts of neighbouring frames.
    pub fn window_shift(&self) -> usize {
        (self.sample_frequency * self.frame_shift * 0.001) as usize
    }

    /// Where the frames lie.
    pub fn framing(&self) -> Framing {
        let Self { snip_edges, padding, .. } = *self;
        Framing { size: self.window_size(), shift: self.window_shift(), snip_edges, padding }
    }

    /// Points of the Fourier transform.
    pub fn padded_window_size(&self) -> usize {
        let size = self.window_size();
        if self.round_to_power_of_two { size.next_power_of_two() } else { size }
    }

    /// Refuses invalid options, before anything is allocated.
    fn check(&self) -> Result<()> {
        positive("sampleFrequency", self.sample_frequency)?;
        positive("frameLength", self.frame_length)?;
        positive("frameShift", self.frame_shift)?;
        let size = self.sample_frequency * self.frame_length * 0.001;
        if !(2.0..=MAX_WINDOW as f64).contains(&size) {
            return Err(Error::argument(
                "frameLength",
                format_args!("2 to {MAX_WINDOW} samples long at {} Hz", self.sample_frequency),
                format_args!("{} ms, which is {size} samples", self.frame_length),
            ));
        }
        let shift = self.sample_frequency * self.frame_shift * 0.001;
        if !(1.0..=MAX_WINDOW as f64).contains(&shift) {
            return Err(Error::argument(
                "frameShift",
                format_args!("1 to {MAX_WINDOW} samples long at {} Hz", self.sample_frequency),
                format_args!("{} ms, which is {shift} samples", self.frame_shift),
            ));
        }
        if !self.padded_window_size().is_multiple_of(2) {
            return Err(Error::argument(
                "frameLength",
                "an even number of samples long, or roundToPowerOfTwo true",
                format_args!("{} samples", self.window_size()),
            ));
        }
        within("preemphasisCoefficient", self.preemphasis_coefficient, 0.0, 1.0)?;
        within("dither", self.dither, 0.0, f64::MAX)?;
        within("energyFloor", self.energy_floor, 0.0, f64::MAX)?;
        within("minDuration", self.min_duration, 0.0, f64::MAX)?;
        within("blackmanCoeff", self.blackman_coeff, f64::MIN, f64::MAX)
    }

    fn check_mel(&self, mel: &MelOptions) -> Result<()> {
        let bins = self.padded_window_size() / 2;
        if !(3..=bins.max(3)).contains(&mel.num_mel_bins) {
            return Err(Error::argument(
                "numMelBins",
                format_args!("between 3 and {bins}, the bins of a {}-point transform", bins * 2),
                mel.num_mel_bins,
            ));
        }
        let nyquist = 0.5 * self.sample_frequency;
        let high = mel.high_hz(nyquist);
        if !(0.0..nyquist).contains(&mel.low_freq) {
            return Err(Error::argument(
                "lowFreq",
                format_args!("at least 0 Hz and below the Nyquist frequency of {nyquist} Hz"),
                mel.low_freq,
            ));
        }
        if !(high > mel.low_freq && high <= nyquist) {
            return Err(Error::argument(
                "highFreq",
                format_args!("above lowFreq ({} Hz) and at most the Nyquist frequency of {nyquist} Hz", mel.low_freq),
                if mel.high_freq > 0.0 {
                    format!("{high}")
                } else {
                    format!("{} (counted from the Nyquist frequency: {high} Hz)", mel.high_freq)
                },
            ));
        }
        if !(mel.vtln_warp > 0.0 && mel.vtln_warp.is_finite()) {
            return Err(Error::argument("vtlnWarp", "above 0", mel.vtln_warp));
        }
        if mel.vtln_warp != 1.0 {
            self.check_vtln(mel, high, nyquist)?;
        }
        Ok(())
    }

    fn check_vtln(&self, mel: &MelOptions, high: f64, nyquist: f64) -> Result<()> {
        if mel.is_librosa {
            return Err(Error::argument("vtlnWarp", "1 if isLibrosa is true", mel.vtln_warp));
        }
        let vtln_high = mel.vtln_high_hz(nyquist);
        if !(mel.vtln_low > mel.low_freq && mel.vtln_low < high && mel.vtln_low * mel.vtln_warp.max(1.0) > mel.low_freq)
        {
            return Err(Error::argument(
                "vtlnLow",
                format_args!("between lowFreq ({}) and highFreq ({high})", mel.low_freq),
                mel.vtln_low,
            ));
        }
        if !(vtln_high > mel.vtln_low && vtln_high < high && vtln_high * mel.vtln_warp.min(1.0) < high) {
            return Err(Error::argument(
                "vtlnHigh",
                format_args!("between vtlnLow ({}) and highFreq ({high})", mel.vtln_low),
                vtln_high,
            ));
        }
        Ok(())
    }
}

impl Options {
    /// Columns of the result.
    pub fn columns(&self) -> usize {
        match &self.features {
            Features::Spectrogram => self.frames.padded_window_size() / 2 + 1,
            Features::Fbank(FbankOptions { mel, use_energy, .. }) => mel.num_mel_bins + usize::from(*use_energy),
            Features::Mfcc(MfccOptions { num_ceps, .. }) => *num_ceps,
        }
    }

    /// The filter bank's options, where there is one.
    pub fn mel(&self) -> Option<&MelOptions> {
        match &self.features {
            Features::Spectrogram => None,
            Features::Fbank(FbankOptions { mel, .. }) | Features::Mfcc(MfccOptions { mel, .. }) => Some(mel),
        }
    }

    /// Refuses invalid options, before anything is allocated.
    pub fn check(&self) -> Result<()> {
        self.frames.check()?;
        if let Some(mel) = self.mel() {
            self.frames.check_mel(mel)?;
        }
        if let Features::Mfcc(MfccOptions { mel, num_ceps, cepstral_lifter, .. }) = &self.features {
            if !(1..=mel.num_mel_bins).contains(num_ceps) {
                return Err(Error::argument(
                    "numCeps",
                    format_args!("between 1 and numMelBins, {}", mel.num_mel_bins),
                    num_ceps,
                ));
            }
            within("cepstralLifter", *cepstral_lifter, 0.0, f64::MAX)?;
        }
        Ok(())
    }
}

impl MelOptions {
    /// The upper cutoff in hertz.
    pub fn high_hz(&self, nyquist: f64) -> f64 {
        if self.high_freq > 0.0 { self.high_freq } else { nyquist + self.high_freq }
    }

    /// The upper inflection point of the warp in hertz.
    pub fn vtln_high_hz(&self, nyquist: f64) -> f64 {
        if self.vtln_high < 0.0 { nyquist + self.vtln_high } else { self.vtln_high }
    }
}

fn positive(name: &str, value: f64) -> Result<()> {
    if value > 0.0 && value.is_finite() { Ok(()) } else { Err(Error::argument(name, "a finite number above 0", value)) }
}

fn within(name: &str, value: f64, low: f64, high: f64) -> Result<()> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    let expected = match (low == f64::MIN, high == f64::MAX) {
        (true, _) => "a finite number".to_string(),
        (false, true) => format!("a finite number of at least {low}"),
        (false, false) => format!("between {low} and {high}"),
    };
    Err(Error::argument(name, expected, value))
}
