//! One frame after the other, in double precision: for transforms whose length has a prime factor above 5, and as the
//! plain form that tests hold the lanes against.

use super::EPSILON;
use super::design::Design;
use super::frames::Stretch;
use super::options::{FbankOptions, Features, MfccOptions};
use crate::simd::Real;
use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};
use std::sync::Arc;

/// A planned transform of any even length.
pub struct Fft(Arc<dyn RealToComplex<f64>>);

impl Fft {
    pub fn new(padded: usize) -> Self {
        Self(RealFftPlanner::new().plan_fft_forward(padded))
    }
}

/// The buffers of one thread.
pub struct Scalar {
    frame: Vec<f64>,
    padded: Vec<f64>,
    spectrum: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
    power: Vec<f64>,
    mels: Vec<f64>,
    /// The frame's features.
    pub row: Vec<f64>,
}

impl Scalar {
    pub fn new(fft: &Fft, design: &Design) -> Self {
        let padded = fft.0.len();
        Self {
            frame: vec![0.0; design.size()],
            padded: vec![0.0; padded],
            spectrum: fft.0.make_output_vec(),
            scratch: fft.0.make_scratch_vec(),
            power: vec![0.0; padded / 2 + 1],
            mels: vec![0.0; design.bank.rows.len()],
            row: vec![0.0; design.columns],
        }
    }

    /// Computes one frame into `row`.
    pub fn frame<S: Real>(&mut self, design: &Design, fft: &Fft, stretch: &Stretch<'_, S>, number: usize) {
        let (frame, padding) = self.padded.split_at_mut(design.size());
        padding.fill(0.0);
        let energy = design.preparation.frame(stretch, number, &mut self.frame, frame);
        // The lengths are the plan's own, so this cannot fail.
        let _ = fft.0.process_with_scratch(&mut self.padded, &mut self.spectrum, &mut self.scratch);
        for (power, x) in self.power.iter_mut().zip(&self.spectrum) {
            *power = x.re * x.re + x.im * x.im;
        }
        self.finish(design, energy);
    }

    /// From the power spectrum to the row of features.
    fn finish(&mut self, design: &Design, energy: f64) {
        let Self { power, mels, row, .. } = self;
        match &design.options.features {
            Features::Spectrogram => {
                for (to, power) in row.iter_mut().zip(power.iter()) {
                    *to = power.max(EPSILON).ln();
                }
                row[0] = energy;
            }
            Features::Fbank(FbankOptions { mel, use_energy, htk_compat, use_log_fbank, use_power }) => {
                if !use_power {
                    power.iter_mut().for_each(|p| *p = p.sqrt());
                }
                let first = usize::from(*use_energy && !htk_compat);
                let out = &mut row[first..first + mel.num_mel_bins];
                energies(design, power, out, mel.htk_mode);
                if *use_log_fbank {
                    out.iter_mut().for_each(|e| *e = e.max(EPSILON).ln());
                }
                if *use_energy {
                    row[if *htk_compat { mel.num_mel_bins } else { 0 }] = energy;
                }
            }
            Features::Mfcc(MfccOptions { mel, use_energy, htk_compat, .. }) => {
                energies(design, power, mels, mel.htk_mode);
                mels.iter_mut().for_each(|e| *e = e.max(EPSILON).ln());
                for (to, weights) in row.iter_mut().zip(design.cepstrum.chunks_exact(mels.len())) {
                    *to = weights.iter().zip(mels.iter()).map(|(w, m)| w * m).sum();
                }
                if *use_energy {
                    row[0] = energy;
                } else if *htk_compat {
                    // HTK's transform scales the zeroth coefficient otherwise than Kaldi's.
                    row[0] *= std::f64::consts::SQRT_2;
                }
                if *htk_compat {
                    row.rotate_left(1);
                }
            }
        }
    }
}

fn energies(design: &Design, power: &[f64], out: &mut [f64], htk_mode: bool) {
    for (to, row) in out.iter_mut().zip(&design.bank.rows) {
        let run = &power[row.first..row.first + row.weights.len()];
        let energy: f64 = row.weights.iter().zip(run).map(|(w, p)| f64::from(*w) * p).sum();
        *to = if htk_mode { energy.max(1.0) } else { energy };
    }
}
