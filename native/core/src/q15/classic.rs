//! The bank that the first kernel shipped, bit for bit, and the same edges with true triangles.

use super::quantise::quantise;
use super::{Bank, Filter, Spectrum};
use crate::Result;
use crate::mel::{MelFrequencyOptions, Row, Scale, mel_frequencies};

const RATE: f64 = 16_000.0;
const FRAME: usize = 400;
const TRANSFORM: usize = 512;
const FILTERS: usize = 80;

/// Evenly spaced on HTK's scale from 0 to 8 kHz, rounded down to bins of a transform of 513 points, none above 255.
fn edges() -> Vec<u16> {
    let options = MelFrequencyOptions { fmin: 0.0, fmax: RATE / 2.0, mel_scale: Scale::Htk };
    let bin = |hertz: f64| ((TRANSFORM + 1) as f64 * hertz / RATE).floor() as u16;
    mel_frequencies(FILTERS + 2, &options).into_iter().map(|hertz| bin(hertz).min(255)).collect()
}

/// As first shipped. A filter rises from its first bin, not from the one before it, so that it sits one bin low; its last
/// coefficient is 0, and filters of one bin have no other: 0 and 3 are dead.
pub fn classic() -> Bank {
    let part = |numerator: u16, width: u16| (f64::from(numerator) / f64::from(width) * 32767.0) as i16;
    let filter = |edges: &[u16]| {
        let (start, peak, end) = (edges[0], edges[1], edges[2]);
        let (left, right) = (peak - start, end - peak);
        let rising = (0..left).map(|i| part(i + 1, left));
        let falling = (0..right).map(|i| part(right - 1 - i, right));
        Filter { start, peak, end, shift: 0, coefficients: rising.chain(falling).collect() }
    };
    bank(edges().windows(3).map(filter).collect())
}

/// The same edges with a weight of 1 at the peak and 0 at the outer ones. A side without width ends at the peak.
pub fn classic_fixed() -> Result<Bank> {
    let filter = |edges: &[u16]| {
        let (start, peak, end) = (edges[0], edges[1], edges[2]);
        let (left, right) = (peak - start, end - peak);
        let rising = (1..left).map(|i| f64::from(i) / f64::from(left));
        let falling = (1..right).map(|i| 1.0 - f64::from(i) / f64::from(right));
        let first = if left == 0 { peak } else { start + 1 };
        quantise(&Row { first: first.into(), weights: rising.chain([1.0]).chain(falling).collect() })
    };
    edges().windows(3).map(filter).collect::<Result<_>>().map(bank)
}

fn bank(filters: Vec<Filter>) -> Bank {
    Bank { frame: FRAME, transform: TRANSFORM, spectrum: Spectrum::Magnitude, filters }
}
