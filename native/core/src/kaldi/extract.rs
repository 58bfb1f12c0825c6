//! One extractor: the tables of a set of options, and the computation of frames with them.

use super::frames::{Stretch, first_sample, num_frames};
use super::mel::MelBank;
use super::options::{Features, Options};
use super::{EPSILON, Output, Sample, check_finite, dither, tables};
use crate::{Error, Result};
use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};
use std::sync::Arc;

/// The tables of a set of options. Immutable: share it between threads, with one [`Workspace`] each.
pub struct Extractor {
    options: Options,
    size: usize,
    shift: usize,
    padded: usize,
    columns: usize,
    window: Vec<f64>,
    bank: MelBank,
    cepstrum: Vec<f64>,
    log_floor: Option<f64>,
    fft: Arc<dyn RealToComplex<f64>>,
}

/// The buffers of one thread.
pub struct Workspace {
    frame: Vec<f64>,
    spectrum: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
    power: Vec<f64>,
    mels: Vec<f64>,
    row: Vec<f64>,
}

impl Extractor {
    /// Checks the options and makes the tables.
    pub fn new(options: Options) -> Result<Self> {
        options.check()?;
        let (size, padded) = (options.window_size(), options.padded_window_size());
        let bank = match options.mel() {
            Some(mel) => MelBank::new(mel, options.sample_frequency, padded),
            None => MelBank { rows: Vec::new() },
        };
        let cepstrum = match &options.features {
            Features::Mfcc { mel, num_ceps, cepstral_lifter, .. } => {
                tables::cepstrum(*num_ceps, mel.num_mel_bins, *cepstral_lifter)
            }
            _ => Vec::new(),
        };
        Ok(Self {
            size,
            shift: options.window_shift(),
            padded,
            columns: options.columns(),
            window: tables::window(options.window, size, options.blackman_coeff),
            bank,
            cepstrum,
            log_floor: (options.energy_floor > 0.0).then(|| options.energy_floor.ln()),
            fft: RealFftPlanner::new().plan_fft_forward(padded),
            options,
        })
    }

    /// What it was made of.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Columns of the result.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The filter bank; without rows for spectrograms.
    pub fn bank(&self) -> &MelBank {
        &self.bank
    }

    /// Samples in a frame.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Samples between neighbouring frames.
    pub fn shift(&self) -> usize {
        self.shift
    }

    /// Buffers for one thread.
    pub fn workspace(&self) -> Workspace {
        Workspace {
            frame: vec![0.0; self.padded],
            spectrum: self.fft.make_output_vec(),
            scratch: self.fft.make_scratch_vec(),
            power: vec![0.0; self.padded / 2 + 1],
            mels: vec![0.0; self.bank.rows.len()],
            row: vec![0.0; self.columns],
        }
    }

    /// Frames of a signal of so many samples.
    pub fn num_frames(&self, samples: usize) -> usize {
        if (samples as f64) < self.options.min_duration * self.options.sample_frequency {
            0
        } else {
            num_frames(samples, self.size, self.shift, self.options.snip_edges)
        }
    }

    /// The features of a whole signal, row-major `[frames, columns]`. A signal below `min_duration` has no frames; one
    /// too short for a single frame is an error.
    pub fn compute<S: Sample, O: Output>(&self, signal: &[S]) -> Result<Vec<O>> {
        if signal.is_empty() {
            return Err(Error::shape("signal", "at least one sample", "none"));
        }
        check_finite(signal)?;
        let frames = self.num_frames(signal.len());
        if frames == 0 && signal.len() as f64 >= self.options.min_duration * self.options.sample_frequency {
            return Err(self.too_short(signal.len()));
        }
        let mut out = vec![O::default(); frames * self.columns];
        let stretch = Stretch { data: signal, offset: 0, total: signal.len() };
        self.frames(stretch, 0, &mut out, &mut self.workspace());
        if self.options.subtract_mean {
            subtract_mean(&mut out, self.columns);
        }
        Ok(out)
    }

    fn too_short(&self, samples: usize) -> Error {
        let needed = if self.options.snip_edges { self.size } else { self.shift - self.shift / 2 };
        let advice = if self.options.snip_edges && num_frames(samples, self.size, self.shift, false) > 0 {
            "pass a longer signal, or snipEdges false to mirror its edges"
        } else {
            "pass a longer signal"
        };
        Error::new(
            "ERR_DSP_SHAPE",
            "signal",
            format!("at least {needed} samples"),
            format!("{samples} samples"),
            format!("signal has {samples} samples, too few for one frame, which needs {needed}: {advice}"),
        )
    }

    /// Fills `out` with the frames from number `from` on. The stretch must hold the samples that they need.
    pub fn frames<S: Sample, O: Output>(
        &self,
        stretch: Stretch<'_, S>,
        from: usize,
        out: &mut [O],
        workspace: &mut Workspace,
    ) {
        for (i, row) in out.chunks_exact_mut(self.columns).enumerate() {
            self.one_frame(&stretch, from + i, workspace);
            for (to, value) in row.iter_mut().zip(&workspace.row) {
                *to = O::from_f64(*value);
            }
        }
    }

    fn one_frame<S: Sample>(&self, stretch: &Stretch<'_, S>, index: usize, workspace: &mut Workspace) {
        let energy = self.prepare(stretch, index, &mut workspace.frame);
        // The lengths are the plan's own, so this cannot fail.
        let _ = self.fft.process_with_scratch(&mut workspace.frame, &mut workspace.spectrum, &mut workspace.scratch);
        for (power, x) in workspace.power.iter_mut().zip(&workspace.spectrum) {
            *power = x.re * x.re + x.im * x.im;
        }
        self.finish(energy, workspace);
    }

    /// Reads, dithers, centres, emphasises and windows one frame, zero-pads it, and returns its log energy.
    fn prepare<S: Sample>(&self, stretch: &Stretch<'_, S>, index: usize, padded: &mut [f64]) -> f64 {
        let options = &self.options;
        let (frame, padding) = padded.split_at_mut(self.size);
        padding.fill(0.0);
        stretch.read(first_sample(index, self.size, self.shift, options.snip_edges), frame);
        if options.dither != 0.0 {
            dither::add(frame, options.dither, options.seed, index);
        }
        if options.remove_dc_offset {
            let mean = sum(frame, |x| x) / self.size as f64;
            frame.iter_mut().for_each(|x| *x -= mean);
        }
        let raw = if options.raw_energy { sum(frame, |x| x * x) } else { 0.0 };
        let coefficient = options.preemphasis_coefficient;
        if coefficient != 0.0 {
            for i in (1..frame.len()).rev() {
                frame[i] -= coefficient * frame[i - 1];
            }
            frame[0] -= coefficient * frame[0];
        }
        for (x, w) in frame.iter_mut().zip(&self.window) {
            *x *= w;
        }
        let energy = if options.raw_energy { raw } else { sum(frame, |x| x * x) };
        let log = energy.max(EPSILON).ln();
        self.log_floor.map_or(log, |floor| log.max(floor))
    }

    /// From the power spectrum to the row of features.
    fn finish(&self, energy: f64, workspace: &mut Workspace) {
        let Workspace { power, mels, row, .. } = workspace;
        match &self.options.features {
            Features::Spectrogram => {
                for (to, power) in row.iter_mut().zip(power.iter()) {
                    *to = power.max(EPSILON).ln();
                }
                row[0] = energy;
            }
            Features::Fbank { mel, use_energy, htk_compat, use_log_fbank, use_power } => {
                if !use_power {
                    power.iter_mut().for_each(|p| *p = p.sqrt());
                }
                let first = usize::from(*use_energy && !htk_compat);
                let out = &mut row[first..first + mel.num_mel_bins];
                self.mel_energies(power, out, mel.htk_mode);
                if *use_log_fbank {
                    out.iter_mut().for_each(|e| *e = e.max(EPSILON).ln());
                }
                if *use_energy {
                    row[if *htk_compat { mel.num_mel_bins } else { 0 }] = energy;
                }
            }
            Features::Mfcc { mel, use_energy, htk_compat, .. } => {
                self.mel_energies(power, mels, mel.htk_mode);
                mels.iter_mut().for_each(|e| *e = e.max(EPSILON).ln());
                for (to, weights) in row.iter_mut().zip(self.cepstrum.chunks_exact(mels.len())) {
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

    fn mel_energies(&self, power: &[f64], out: &mut [f64], htk_mode: bool) {
        for (to, row) in out.iter_mut().zip(&self.bank.rows) {
            let run = &power[row.first..row.first + row.weights.len()];
            let energy: f64 = row.weights.iter().zip(run).map(|(w, p)| f64::from(*w) * p).sum();
            *to = if htk_mode { energy.max(1.0) } else { energy };
        }
    }
}

/// A sum in sixteen parts, which the compiler turns into vectors and which loses less than one long chain.
#[inline(always)]
fn sum(values: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    let mut parts = [0.0f64; 16];
    let mut chunks = values.chunks_exact(16);
    for chunk in &mut chunks {
        for (part, x) in parts.iter_mut().zip(chunk) {
            *part += f(*x);
        }
    }
    for (part, x) in parts.iter_mut().zip(chunks.remainder()) {
        *part += f(*x);
    }
    parts.iter().sum()
}

/// Takes each column's mean off it.
fn subtract_mean<O: Output>(out: &mut [O], columns: usize) {
    let frames = out.len() / columns;
    let mut means = vec![0.0f64; columns];
    for row in out.chunks_exact(columns) {
        for (mean, x) in means.iter_mut().zip(row) {
            *mean += x.to_f64();
        }
    }
    means.iter_mut().for_each(|mean| *mean /= frames as f64);
    for row in out.chunks_exact_mut(columns) {
        for (x, mean) in row.iter_mut().zip(&means) {
            *x = O::from_f64(x.to_f64() - mean);
        }
    }
}
