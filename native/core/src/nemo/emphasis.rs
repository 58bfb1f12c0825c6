//! What happens to samples before they are cut into frames: exact padding, dither, pre-emphasis over the whole signal.

use super::options::NemoOptions;
use crate::dither;
use crate::simd::Real;

/// Values of noise that are drawn at a time.
const NOISE: usize = 256;

/// One channel, in blocks of any size.
#[derive(Debug, Clone)]
pub struct Emphasis {
    preemph: Option<f64>,
    dither: f64,
    seed: u64,
    /// Zeros before and after the signal.
    padding: usize,
    /// The last samples, of which it is not known yet whether they will be kept.
    held: Vec<f64>,
    previous: f64,
    position: usize,
    noise: Vec<f64>,
}

impl Emphasis {
    pub fn new(options: &NemoOptions) -> Self {
        Self {
            preemph: options.preemph,
            dither: options.dither,
            seed: options.seed,
            padding: options.padding(),
            held: Vec::new(),
            previous: 0.0,
            position: 0,
            noise: Vec::new(),
        }
    }

    /// Takes samples and appends to `out` what is certain of them.
    pub fn accept<T: Real>(&mut self, samples: &[T], out: &mut Vec<f64>) {
        if self.position == 0 && !samples.is_empty() {
            self.pad(out);
        }
        if self.masked() == 0 {
            return self.emphasize(samples, out);
        }
        let mut held = std::mem::take(&mut self.held);
        self.emphasize(samples, &mut held);
        self.held = held;
        let certain = self.held.len().saturating_sub(self.masked());
        out.extend(self.held.drain(..certain));
    }

    /// Ends the signal and appends the rest.
    pub fn flush(&mut self, out: &mut Vec<f64>) {
        if self.position == 0 {
            return;
        }
        if self.masked() > 0 {
            out.resize(out.len() + self.held.len() + self.padding, 0.0);
            self.held.clear();
        } else {
            self.pad(out);
        }
    }

    /// Starts a new signal.
    pub fn reset(&mut self) {
        self.held.clear();
        (self.previous, self.position) = (0.0, 0);
    }

    /// Samples at the end that become zero. NeMo's pre-emphasis keeps as many samples of the padded signal as the signal had
    /// before it was padded, so the padding at the beginning takes the place of the last ones.
    fn masked(&self) -> usize {
        if self.preemph.is_some() { self.padding } else { 0 }
    }

    /// Appends samples after dither and pre-emphasis.
    fn emphasize<T: Real>(&mut self, samples: &[T], out: &mut Vec<f64>) {
        let [first, rest @ ..] = samples else { return };
        if self.dither > 0.0 {
            out.extend(samples.iter().map(|x| self.next(x.to_f64())));
            return;
        }
        out.push(self.next(first.to_f64()));
        // The same without a chain from sample to sample.
        let preemph = self.preemph.unwrap_or(0.0);
        out.extend(samples.windows(2).map(|pair| pair[1].to_f64() - preemph * pair[0].to_f64()));
        self.position += rest.len();
        self.previous = rest.last().unwrap_or(first).to_f64();
    }

    fn pad(&mut self, out: &mut Vec<f64>) {
        for _ in 0..self.padding {
            let value = self.next(0.0);
            out.push(value);
        }
    }

    #[inline]
    fn next(&mut self, sample: f64) -> f64 {
        let mut x = sample;
        if self.dither > 0.0 {
            if self.position.is_multiple_of(NOISE) {
                self.noise.clear();
                self.noise.resize(NOISE, 0.0);
                dither::add(&mut self.noise, self.dither, self.seed, self.position / NOISE);
            }
            x += self.noise[self.position % NOISE];
        }
        self.position += 1;
        let previous = std::mem::replace(&mut self.previous, x);
        match self.preemph {
            Some(preemph) => x - preemph * previous,
            None => x,
        }
    }
}
