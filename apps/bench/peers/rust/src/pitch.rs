//! Pitch detectors: frames of 2048 samples every 512, 50 to 2000 Hz.

use pitch_detection::detector::PitchDetector;
use pitch_detection::detector::yin::YINDetector;
use pyin::{Framing, PYINExecutor, PadMode};

use crate::peer::Peer;

const FRAME: usize = 2048;
const HOP: usize = 512;

fn frames<T>(x: &[T]) -> impl Iterator<Item = &[T]> {
    (0..=x.len() - FRAME).step_by(HOP).map(|start| &x[start..start + FRAME])
}

/// YIN of the crate pitch-detection.
pub struct PitchDetection {
    x: Vec<f32>,
    rate: usize,
    f0: Vec<f32>,
}

impl PitchDetection {
    pub fn new(x: Vec<f32>, rate: usize) -> Self {
        Self { x, rate, f0: Vec::new() }
    }
}

impl Peer for PitchDetection {
    fn run(&mut self) {
        let mut detector = YINDetector::<f32>::new(FRAME, FRAME / 2);
        self.f0 = frames(&self.x)
            .map(|frame| detector.get_pitch(frame, self.rate, 0.0, 0.9).map_or(0.0, |pitch| pitch.frequency))
            .collect();
    }

    fn result(&self) -> (Vec<usize>, Vec<f32>) {
        (vec![self.f0.len()], self.f0.clone())
    }
}

/// The crate yin: differences by the definition.
pub struct Yin {
    x: Vec<f64>,
    detector: yin::Yin,
    f0: Vec<f32>,
}

impl Yin {
    pub fn new(x: Vec<f32>, rate: usize) -> Self {
        let x = x.into_iter().map(f64::from).collect();
        Self { x, detector: yin::Yin::init(0.1, 50.0, 2000.0, rate), f0: Vec::new() }
    }
}

impl Peer for Yin {
    fn run(&mut self) {
        self.f0 = frames(&self.x).map(|frame| self.detector.estimate_freq(frame) as f32).collect();
    }

    fn result(&self) -> (Vec<usize>, Vec<f32>) {
        (vec![self.f0.len()], self.f0.clone())
    }
}

/// Probabilistic YIN of the crate pyin.
pub struct Pyin {
    x: Vec<f32>,
    rate: u32,
    f0: Vec<f32>,
}

impl Pyin {
    pub fn new(x: Vec<f32>, rate: usize) -> Self {
        Self { x, rate: rate as u32, f0: Vec::new() }
    }
}

impl Peer for Pyin {
    fn run(&mut self) {
        let mut pyin = PYINExecutor::<f32>::new(50.0, 2000.0, self.rate, FRAME, None, Some(HOP), None);
        self.f0 = pyin.pyin(&self.x, 0.0, Framing::Center(PadMode::Constant(0.0))).1;
    }

    fn result(&self) -> (Vec<usize>, Vec<f32>) {
        (vec![self.f0.len()], self.f0.clone())
    }
}
