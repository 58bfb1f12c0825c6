//! Triangular filter banks: Kaldi's (linear in mel, with vocal tract length warping) and the librosa-like ones of
//! kaldi-native-fbank (linear in hertz). Only the run of non-zero weights of each row is kept.

use super::options::{MelNorm, MelOptions};
use crate::mel::{Row, Scale, triangle};

/// One triangle; its weights are rounded to `f32` step by step.
pub type MelRow = Row<f32>;

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

/// torchaudio's `get_mel_banks`, operation by operation.
fn kaldi(options: &MelOptions, sample_frequency: f64, padded: usize) -> Vec<MelRow> {
    let nyquist = 0.5 * sample_frequency;
    let high = options.high_hz(nyquist);
    let low_mel = Scale::Kaldi.mel(options.low_freq);
    let delta = ((Scale::Kaldi.mel(high) - low_mel) / (options.num_mel_bins + 1) as f64) as f32;
    let low_mel = low_mel as f32;
    let width = (sample_frequency / padded as f64) as f32;
    let bins: Vec<f32> = (0..padded / 2).map(|k| Scale::Kaldi.mel(width * k as f32)).collect();
    let warp = Warp::new(options, nyquist);
    let corner = |index: usize| {
        let at = low_mel + index as f32 * delta;
        if options.vtln_warp == 1.0 { at } else { Scale::Kaldi.mel(warp.apply(Scale::Kaldi.hertz(at))) }
    };
    (0..options.num_mel_bins)
        .map(|index| {
            let (left, centre, right) = (corner(index), corner(index + 1), corner(index + 2));
            let mut weights: Vec<f32> = bins
                .iter()
                .map(|&at| {
                    if options.vtln_warp == 1.0 {
                        triangle(at, left, centre, right)
                    } else if at > left && at <= centre {
                        (at - left) / (centre - left)
                    } else if at > centre && at < right {
                        (right - at) / (right - centre)
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
            Row::trimmed(0, &weights)
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
    let scale = if options.use_slaney_mel_scale { Scale::Slaney } else { Scale::Kaldi };
    let low = scale.mel(options.low_freq as f32);
    let high = scale.mel(options.high_hz(0.5 * sample_frequency) as f32);
    let delta = (high - low) / (options.num_mel_bins + 1) as f32;
    let width = (sample_frequency / padded as f64) as f32;
    let corner = |index: usize| {
        let at = scale.hertz(low + index as f32 * delta);
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
            Row::trimmed(0, &weights)
        })
        .collect()
}
