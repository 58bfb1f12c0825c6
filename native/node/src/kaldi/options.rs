//! The complete options, as TypeScript resolved them.

use dsp_core::kaldi::{Features, MelNorm, MelOptions, Options, Window};
use dsp_core::{Error, Result};
use napi_derive::napi;

/// Every option of the three features; those that a feature lacks are not looked at.
#[napi(object)]
pub struct KaldiOptions {
    pub kind: String,
    pub sample_frequency: f64,
    pub frame_length: f64,
    pub frame_shift: f64,
    pub window_type: String,
    pub blackman_coeff: f64,
    pub preemphasis_coefficient: f64,
    pub remove_dc_offset: bool,
    pub round_to_power_of_two: bool,
    pub snip_edges: bool,
    pub dither: f64,
    pub seed: f64,
    pub raw_energy: bool,
    pub energy_floor: f64,
    pub subtract_mean: bool,
    pub min_duration: f64,
    pub mel: Option<KaldiMelOptions>,
    pub use_log_fbank: Option<bool>,
    pub use_power: Option<bool>,
    pub num_ceps: Option<u32>,
    pub cepstral_lifter: Option<f64>,
}

/// The filter bank's options, and those that fbank and MFCC share.
#[napi(object)]
pub struct KaldiMelOptions {
    pub num_mel_bins: u32,
    pub low_freq: f64,
    pub high_freq: f64,
    pub vtln_low: f64,
    pub vtln_high: f64,
    pub vtln_warp: f64,
    pub htk_mode: bool,
    pub is_librosa: bool,
    pub norm: String,
    pub use_slaney_mel_scale: bool,
    pub floor_to_int_bin: bool,
    pub use_energy: bool,
    pub htk_compat: bool,
}

impl KaldiOptions {
    pub fn into_core(self) -> Result<Options> {
        Ok(Options {
            features: self.features()?,
            window: window(&self.window_type)?,
            sample_frequency: self.sample_frequency,
            frame_length: self.frame_length,
            frame_shift: self.frame_shift,
            blackman_coeff: self.blackman_coeff,
            preemphasis_coefficient: self.preemphasis_coefficient,
            remove_dc_offset: self.remove_dc_offset,
            round_to_power_of_two: self.round_to_power_of_two,
            snip_edges: self.snip_edges,
            dither: self.dither,
            seed: self.seed as u64,
            raw_energy: self.raw_energy,
            energy_floor: self.energy_floor,
            subtract_mean: self.subtract_mean,
            min_duration: self.min_duration,
        })
    }

    fn features(&self) -> Result<Features> {
        if self.kind == "spectrogram" {
            return Ok(Features::Spectrogram);
        }
        let given = self.mel.as_ref().ok_or_else(|| missing("mel"))?;
        let mel = MelOptions {
            num_mel_bins: given.num_mel_bins as usize,
            low_freq: given.low_freq,
            high_freq: given.high_freq,
            vtln_low: given.vtln_low,
            vtln_high: given.vtln_high,
            vtln_warp: given.vtln_warp,
            htk_mode: given.htk_mode,
            is_librosa: given.is_librosa,
            norm: if given.norm == "slaney" { MelNorm::Slaney } else { MelNorm::None },
            use_slaney_mel_scale: given.use_slaney_mel_scale,
            floor_to_int_bin: given.floor_to_int_bin,
        };
        let (use_energy, htk_compat) = (given.use_energy, given.htk_compat);
        match self.kind.as_str() {
            "fbank" => Ok(Features::Fbank {
                mel,
                use_energy,
                htk_compat,
                use_log_fbank: self.use_log_fbank.ok_or_else(|| missing("useLogFbank"))?,
                use_power: self.use_power.ok_or_else(|| missing("usePower"))?,
            }),
            "mfcc" => Ok(Features::Mfcc {
                mel,
                use_energy,
                htk_compat,
                num_ceps: self.num_ceps.ok_or_else(|| missing("numCeps"))? as usize,
                cepstral_lifter: self.cepstral_lifter.ok_or_else(|| missing("cepstralLifter"))?,
            }),
            other => Err(Error::argument("kind", "fbank, mfcc or spectrogram", other)),
        }
    }
}

fn window(name: &str) -> Result<Window> {
    Ok(match name {
        "hamming" => Window::Hamming,
        "hanning" => Window::Hanning,
        "povey" => Window::Povey,
        "rectangular" => Window::Rectangular,
        "blackman" => Window::Blackman,
        "hann" => Window::Hann,
        "sine" => Window::Sine,
        other => {
            return Err(Error::argument(
                "windowType",
                "hamming, hanning, povey, rectangular, blackman, hann or sine",
                other,
            ));
        }
    })
}

fn missing(name: &str) -> Error {
    Error::argument(name, "given", "nothing")
}
