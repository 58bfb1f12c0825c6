//! Triangular filter banks: Kaldi's (linear in mel, with vocal tract length warping) and the librosa-like ones of
//! kaldi-native-fbank (linear in hertz). Only the run of non-zero weights of each row is kept.

use super::float32::{exp, ln};
use super::options::{MelNorm, MelOptions};

/// One triangle: its first bin and the weights from there on. An empty triangle has no weights.
#[derive(Debug, Clone, PartialEq)]
pub struct MelRow {
    pub first: usize,
    pub weights: Vec<f32>,
}

/// A filter bank over the bins `0..=n/2` of an n-point transform.
#[derive(Debug, Clone, PartialEq)]
pub struct MelBank {
    pub rows: Vec<MelRow>,
}

impl MelBank {
    /// Builds the bank. The options have been checked.
    pub fn new(options: &MelOptions, sample_frequency: f64, padded: usize) -> Self {
        let rows = if options.is_librosa {
            librosa(options, sample_frequency, padded)
        } else {
            kaldi(options, sample_frequency, padded)
        };
        Self { rows }
    }

    /// Indices of the rows without any weight: too many rows for the transform's length.
    pub fn empty_rows(&self) -> Vec<usize> {
        (0..self.rows.len()).filter(|&row| self.rows[row].weights.is_empty()).collect()
    }
}

fn row(weights: &[f32]) -> MelRow {
    let first = weights.iter().position(|w| *w != 0.0).unwrap_or(0);
    let end = weights.iter().rposition(|w| *w != 0.0).map_or(first, |last| last + 1);
    MelRow { first, weights: weights[first..end].to_vec() }
}

fn mel_scalar(hertz: f64) -> f64 {
    1127.0 * (1.0 + hertz / 700.0).ln()
}

fn mel(hertz: f32) -> f32 {
    1127.0 * ln(1.0 + hertz / 700.0)
}

fn hertz(mel: f32) -> f32 {
    700.0 * (exp(mel / 1127.0) - 1.0)
}

/// torchaudio's `get_mel_banks`, operation by operation.
fn kaldi(options: &MelOptions, sample_frequency: f64, padded: usize) -> Vec<MelRow> {
    let nyquist = 0.5 * sample_frequency;
    let high = options.high_hz(nyquist);
    let low_mel = mel_scalar(options.low_freq);
    let delta = ((mel_scalar(high) - low_mel) / (options.num_mel_bins + 1) as f64) as f32;
    let low_mel = low_mel as f32;
    let width = (sample_frequency / padded as f64) as f32;
    let bins: Vec<f32> = (0..padded / 2).map(|k| mel(width * k as f32)).collect();
    let warp = Warp::new(options, nyquist);
    let corner = |index: usize| {
        let at = low_mel + index as f32 * delta;
        if options.vtln_warp == 1.0 { at } else { mel(warp.apply(hertz(at))) }
    };
    (0..options.num_mel_bins)
        .map(|index| {
            let (left, centre, right) = (corner(index), corner(index + 1), corner(index + 2));
            let mut weights: Vec<f32> = bins
                .iter()
                .map(|&at| {
                    let up = (at - left) / (centre - left);
                    let down = (right - at) / (right - centre);
                    if options.vtln_warp == 1.0 {
                        up.min(down).max(0.0)
                    } else if at > left && at <= centre {
                        up
                    } else if at > centre && at < right {
                        down
                    } else {
                        0.0
                    }
                })
                .collect();
            if options.htk_mode
                && index == 0
                && low_mel != 0.0
                && let Some(first) = weights.iter_mut().find(|w| **w != 0.0)
            {
                *first = 0.0;
            }
            row(&weights)
        })
        .collect()
}

/// The piecewise linear warp of `vtln_warp_freq`.
struct Warp {
    low: f32,
    high: f32,
    l: f32,
    h: f32,
    scale: f32,
    scale_left: f32,
    scale_right: f32,
}

impl Warp {
    fn new(options: &MelOptions, nyquist: f64) -> Self {
        let (low, high) = (options.low_freq, options.high_hz(nyquist));
        let l = options.vtln_low * options.vtln_warp.max(1.0);
        let h = options.vtln_high_hz(nyquist) * options.vtln_warp.min(1.0);
        let scale = 1.0 / options.vtln_warp;
        Self {
            low: low as f32,
            high: high as f32,
            l: l as f32,
            h: h as f32,
            scale: scale as f32,
            scale_left: ((scale * l - low) / (l - low)) as f32,
            scale_right: ((high - scale * h) / (high - h)) as f32,
        }
    }

    fn apply(&self, hertz: f32) -> f32 {
        if hertz < self.low || hertz > self.high {
            hertz
        } else if hertz < self.l {
            self.low + self.scale_left * (hertz - self.low)
        } else if hertz < self.h {
            self.scale * hertz
        } else {
            self.high + self.scale_right * (hertz - self.high)
        }
    }
}

/// kaldi-native-fbank's `InitLibrosaMelBanks`.
fn librosa(options: &MelOptions, sample_frequency: f64, padded: usize) -> Vec<MelRow> {
    let slaney = options.use_slaney_mel_scale;
    let to_mel = |at: f32| if slaney { mel_slaney(at) } else { mel(at) };
    let to_hertz = |at: f32| if slaney { hertz_slaney(at) } else { hertz(at) };
    let low = to_mel(options.low_freq as f32);
    let high = to_mel(options.high_hz(0.5 * sample_frequency) as f32);
    let delta = (high - low) / (options.num_mel_bins + 1) as f32;
    let width = (sample_frequency / padded as f64) as f32;
    let corner = |index: usize| {
        let at = to_hertz(low + index as f32 * delta);
        if options.floor_to_int_bin {
            (f64::from(at) * ((padded as f64 + 1.0) / sample_frequency)).trunc() as f32
        } else {
            at
        }
    };
    (0..options.num_mel_bins)
        .map(|index| {
            let (left, centre, right) = (corner(index), corner(index + 1), corner(index + 2));
            let weights: Vec<f32> = (0..=padded / 2)
                .map(|k| {
                    let at = if options.floor_to_int_bin { k as f32 } else { width * k as f32 };
                    if !(at > left && at < right) {
                        return 0.0;
                    }
                    let weight =
                        if at <= centre { (at - left) / (centre - left) } else { (right - at) / (right - centre) };
                    match options.norm {
                        MelNorm::None => weight,
                        MelNorm::Slaney => weight * (2.0 / (right - left)),
                    }
                })
                .collect();
            row(&weights)
        })
        .collect()
}

/// Slaney's scale is linear to 1 kHz, which is mel 15, and climbs from there to 6.4 kHz in 27 steps: ln(6.4) / 27.
const SLANEY_LOG_STEP: f32 = 0.068_751_78;
const SLANEY_STEPS_PER_LOG: f32 = 14.545_078;

fn mel_slaney(hertz: f32) -> f32 {
    if hertz <= 1000.0 { hertz * 3.0 / 200.0 } else { 15.0 + SLANEY_STEPS_PER_LOG * ln(hertz / 1000.0) }
}

fn hertz_slaney(mel: f32) -> f32 {
    if mel <= 15.0 { 200.0 / 3.0 * mel } else { 1000.0 * exp((mel - 15.0) * SLANEY_LOG_STEP) }
}
