//! The peers: one struct each, which owns its input and its last result.

use std::sync::Arc;

use mel_spec::prelude::Spectrogram;
use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};
use serde_json::Value;

use crate::Result;
use crate::peer::Peer;
use crate::pitch::{PitchDetection, Pyin, Yin};

/// The peer of a name with its library's version, which Cargo.toml pins.
pub fn make(name: &str, params: &Value) -> Result<(&'static str, Box<dyn Peer>)> {
    let x = samples(params)?;
    let rate = || params["rate"].as_u64().map(|rate| rate as usize).ok_or("params.rate must be a number");
    Ok(match name {
        "fft:realfft" => {
            let length = params["length"].as_u64().ok_or("params.length must be a number")?;
            ("3.5.1", Box::new(RealFft::new(x, length as usize)))
        }
        "fbank:knf-rs" => ("0.3.2", Box::new(Knf { x, rows: 0, values: Vec::new() })),
        "fbank:mel_spec" => ("0.5.0", Box::new(MelSpec { x, frames: Vec::new() })),
        "pitch:pitch-detection" => ("0.3.0", Box::new(PitchDetection::new(x, rate()?))),
        "pitch:pyin" => ("1.2.0", Box::new(Pyin::new(x, rate()?))),
        "pitch:yin" => ("0.2.0", Box::new(Yin::new(x, rate()?))),
        other => return Err(format!("no peer {other}").into()),
    })
}

fn samples(params: &Value) -> Result<Vec<f32>> {
    let path = params["samples"].as_str().ok_or("params.samples must be a path")?;
    let bytes = std::fs::read(path)?;
    Ok(bytes.chunks_exact(4).map(|c| f32::from_le_bytes([c[0], c[1], c[2], c[3]])).collect())
}

/// realfft over the rows of a batch; each row is copied first because the transform destroys its input.
struct RealFft {
    x: Vec<f32>,
    plan: Arc<dyn RealToComplex<f32>>,
    input: Vec<f32>,
    scratch: Vec<Complex<f32>>,
    output: Vec<Complex<f32>>,
}

impl RealFft {
    fn new(x: Vec<f32>, length: usize) -> Self {
        let plan = RealFftPlanner::<f32>::new().plan_fft_forward(length);
        let output = vec![Complex::default(); x.len() / length * (length / 2 + 1)];
        Self { x, input: plan.make_input_vec(), scratch: plan.make_scratch_vec(), plan, output }
    }
}

impl Peer for RealFft {
    fn run(&mut self) {
        let length = self.input.len();
        for (row, out) in self.x.chunks_exact(length).zip(self.output.chunks_exact_mut(length / 2 + 1)) {
            self.input.copy_from_slice(row);
            self.plan.process_with_scratch(&mut self.input, out, &mut self.scratch).expect("the plan's own sizes");
        }
    }

    fn result(&self) -> (Vec<usize>, Vec<f32>) {
        let bins = self.input.len() / 2 + 1;
        let values = self.output.iter().flat_map(|c| [c.re, c.im]).collect();
        (vec![self.output.len() / bins, bins, 2], values)
    }
}

/// kaldi-native-fbank's C++ through knf-rs: its fixed options, the mean over time subtracted.
struct Knf {
    x: Vec<f32>,
    rows: usize,
    values: Vec<f32>,
}

impl Peer for Knf {
    fn run(&mut self) {
        let features = knf_rs::compute_fbank(&self.x).expect("samples that are not empty");
        self.rows = features.nrows();
        self.values = features.into_raw_vec_and_offset().0;
    }

    fn result(&self) -> (Vec<usize>, Vec<f32>) {
        (vec![self.rows, self.values.len() / self.rows.max(1)], self.values.clone())
    }
}

/// Whisper's log-mel of all samples at once, the faster of the crate's two forms.
struct MelSpec {
    x: Vec<f32>,
    frames: Vec<Vec<f32>>,
}

impl Peer for MelSpec {
    fn run(&mut self) {
        self.frames = Spectrogram::compute_mel_spectrogram_cpu(&self.x, 400, 160, 80, 16000.0);
    }

    fn result(&self) -> (Vec<usize>, Vec<f32>) {
        (vec![self.frames.len(), self.frames.first().map_or(0, Vec::len)], self.frames.concat())
    }
}
