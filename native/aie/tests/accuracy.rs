//! The kernel against the same bank in float64, on real speech. Prints the tables of README.md with --nocapture.

mod common;

use std::f64::consts::TAU;

use common::{FRAME, speech};
use dsp_aie::Kernel;
use dsp_core::mel::{BankOptions, Norm, Precision, Scale, Triangles};
use dsp_core::q15::{AccurateOptions, Bank, Output, Pipeline, Profile, Spectrum};

/// Decibels in one octave of magnitude.
const OCTAVE: f64 = 6.020_599_913_279_624;

/// The window, the DFT and the bank in float64.
struct Float<'a> {
    bank: &'a Bank,
    window: Vec<f64>,
    circle: Vec<(f64, f64)>,
}

impl<'a> Float<'a> {
    fn new(bank: &'a Bank) -> Self {
        let n = bank.transform;
        Self {
            bank,
            window: (0..FRAME).map(|i| 0.5 - 0.5 * (TAU * i as f64 / FRAME as f64).cos()).collect(),
            circle: (0..n).map(|i| TAU * i as f64 / n as f64).map(|t| (t.cos(), t.sin())).collect(),
        }
    }

    /// log2 of each filter's magnitude.
    fn levels(&self, frame: &[i16]) -> Vec<f64> {
        let y: Vec<f64> = frame.iter().zip(&self.window).map(|(&x, w)| f64::from(x) * w).collect();
        let n = self.bank.transform;
        let power = self.bank.spectrum == Spectrum::Power;
        let bins: Vec<f64> = (0..=n / 2)
            .map(|k| {
                let (mut re, mut im, mut at) = (0.0, 0.0, 0);
                for &y in &y {
                    let (cos, sin) = self.circle[at];
                    re += y * cos;
                    im += y * sin;
                    at += k;
                    at -= if at >= n { n } else { 0 };
                }
                if power { re * re + im * im } else { re.hypot(im) }
            })
            .collect();
        let half = if power { 0.5 } else { 1.0 };
        let filters = self.bank.filters.iter().map(|filter| {
            let weights = filter.coefficients.iter().map(|&c| f64::from(c) / 2f64.powi(15 + i32::from(filter.shift)));
            let sum: f64 = bins[usize::from(filter.start)..].iter().zip(weights).map(|(x, w)| x * w).sum();
            half * sum.log2()
        });
        filters.collect()
    }
}

#[derive(Default)]
struct Errors {
    signal: f64,
    log: f64,
    int8: f64,
    cells: f64,
    int8_signal: f64,
    int8_cells: f64,
    /// Cells within 80 dB of the recording's maximum that lie under the range of int8.
    under: f64,
    steps: Vec<i32>,
    loud_steps: i32,
    /// Codes at the upper end of int8.
    full: usize,
}

impl Errors {
    fn add(&mut self, exact: &[f64], levels: &[Option<i32>], codes: &[u8], recording: f64, lowest: f64) {
        self.full += codes.iter().filter(|&&code| code == 127).count();
        let loudest = exact.iter().copied().fold(f64::MIN, f64::max);
        for ((&exact, level), &code) in exact.iter().zip(levels).zip(codes) {
            let wanted = (6.0 * (exact - lowest)).round().clamp(0.0, 127.0) as i32;
            let step = (i32::from(code) - wanted).abs();
            self.steps.push(step);
            if (loudest - exact) * OCTAVE <= 50.0 {
                self.loud_steps = self.loud_steps.max(step);
            }
            if (loudest - exact) * OCTAVE <= 80.0 {
                let level = level.map_or(0.0, |level| f64::from(level) / 65536.0);
                self.cells += 1.0;
                self.signal += exact * exact;
                self.log += (level - exact).powi(2);
            }
            if (recording - exact) * OCTAVE <= 80.0 {
                if exact < lowest {
                    self.under += 1.0;
                } else {
                    self.int8_cells += 1.0;
                    self.int8_signal += exact * exact;
                    self.int8 += (f64::from(code) / 6.0 + lowest - exact).powi(2);
                }
            }
        }
    }

    /// The step that a thousandth of the cells exceeds, and the largest.
    fn tail(&mut self) -> (i32, i32) {
        self.steps.sort_unstable();
        (self.steps[self.steps.len() * 999 / 1000], self.steps[self.steps.len() - 1])
    }
}

fn profiles() -> Vec<(&'static str, Bank)> {
    let slaney = BankOptions {
        sr: 16_000.0,
        n_fft: 512,
        n_mels: 80,
        fmin: 0.0,
        fmax: 8000.0,
        mel_scale: Scale::Slaney,
        triangles: Triangles::Hertz,
        norm: Norm::Slaney,
        dtype: Precision::Float64,
    };
    let accurate = AccurateOptions { bank: slaney, win_length: FRAME, spectrum: Spectrum::Magnitude };
    vec![
        ("classic", Profile::classic().bank),
        ("classic-fixed", Profile::classic_fixed().unwrap().bank),
        ("accurate", Profile::accurate(&accurate).unwrap().bank),
        ("whisper", Profile::whisper().unwrap().bank),
        ("whisper-512", Profile::whisper_512().unwrap().bank),
    ]
}

#[test]
fn levels_are_accurate_from_0_to_minus_40_dbfs() {
    let Some(speech) = speech(4) else { return };
    println!(
        "| profile | dBFS | log2: SNR, dB | error, dB RMS | int8: SNR, dB | error, dB RMS | under its range, % | steps within \
         50 dB | p99.9 | most |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for (name, bank) in profiles() {
        let float = Float::new(&bank);
        let lowest = f64::from(bank.lowest_tenths()) / 10.0;
        let pipeline = Pipeline::new(&bank, Output::Log2Int16).unwrap();
        let kernel = Kernel::new(&bank, Output::Log2Int8).unwrap();
        for dbfs in [0, -20, -40] {
            let mut errors = Errors::default();
            for audio in &speech {
                let peak = audio.iter().fold(0f32, |peak, x| peak.max(x.abs()));
                let gain = 32767.0 / f64::from(peak) * 10f64.powf(f64::from(dbfs) / 20.0);
                let audio: Vec<i16> = audio.iter().map(|&x| (f64::from(x) * gain).round() as i16).collect();
                // Every fifth frame is enough.
                let frames: Vec<&[i16]> =
                    audio.windows(FRAME).step_by(800).filter(|frame| frame.iter().any(|&x| x != 0)).collect();
                let exact: Vec<Vec<f64>> = frames.iter().map(|frame| float.levels(frame)).collect();
                let loudest = exact.iter().flatten().copied().fold(f64::MIN, f64::max);
                for (frame, exact) in frames.iter().zip(&exact) {
                    let mut codes = vec![0; kernel.filters()];
                    kernel.run(frame, &mut codes).unwrap();
                    errors.add(exact, &pipeline.levels(frame), &codes, loudest, lowest);
                }
            }
            let (p999, most) = errors.tail();
            let log = 10.0 * (errors.signal / errors.log).log10();
            let int8 = 10.0 * (errors.int8_signal / errors.int8).log10();
            let rms = OCTAVE * (errors.int8 / errors.int8_cells).sqrt();
            // Filters of unit area have levels 5 octaves (magnitude) or 2.7 (power) lower than those of unit peak.
            let shifted = !name.starts_with("classic");
            println!(
                "| `{name}` | {dbfs} | {log:.1} | {:.3} | {int8:.1} | {rms:.3} | {:.2} | {} | {p999} | {most} |",
                OCTAVE * (errors.log / errors.cells).sqrt(),
                100.0 * errors.under / (errors.int8_cells + errors.under),
                errors.loud_steps
            );
            assert!(log >= 50.0, "{name} at {dbfs} dBFS: {log} dB before the rounding to int8");
            // Steps of a sixth of an octave alone make 0.290 dB; the SNR falls with the level, since it is that of logarithms.
            assert!(rms <= 0.3, "{name} at {dbfs} dBFS: {rms} dB RMS in int8");
            assert!(int8 >= 45.0 || dbfs == -40 || shifted, "{name} at {dbfs} dBFS: {int8} dB in int8");
            assert!(errors.loud_steps <= 1, "{name} at {dbfs} dBFS: {} steps", errors.loud_steps);
        }
    }
}
