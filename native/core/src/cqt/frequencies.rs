//! Centre frequencies of the filters: tunings of the octave (`librosa.interval_frequencies`) and the bandwidths that follow
//! from them.
//!
//! Just intonation grows its intervals one by one, each the one that is nearest to all before it by Tenney's harmonic
//! distance (J. Tenney, "On 'crystal growth' in harmonic space", 2008).

use crate::options::{FromOption, Source, Value, mismatch};
use crate::{Error, Result, options};

/// The most filters of a transform.
pub const MAX_BINS: usize = 1 << 16;
/// The most intervals that just intonation grows in an octave.
const MAX_GROWN: usize = 1 << 10;

/// How an octave is divided.
#[derive(Debug, Clone, PartialEq)]
pub enum Intervals {
    /// In equal ratios.
    Equal,
    /// In stacked fifths.
    Pythagorean,
    /// In ratios of the given primes and 2.
    Just(Vec<u32>),
    /// In these ratios, each over the lowest frequency of the octave.
    Ratios(Vec<f64>),
}

options! {
    /// The options of [`interval_frequencies`].
    #[derive(Debug, Clone, PartialEq)]
    pub struct IntervalFrequencyOptions {
        /// The lowest frequency in hertz.
        pub fmin: f64,
        /// How an octave is divided.
        pub intervals: Intervals,
        /// Parts of an octave. Not read where it is divided by ratios.
        pub bins_per_octave: usize,
    }
}

/// The first `n_bins` frequencies of a scale, in hertz, ascending.
pub fn interval_frequencies(n_bins: usize, options: &IntervalFrequencyOptions) -> Result<Vec<f64>> {
    options.intervals.frequencies(n_bins, options.fmin, options.bins_per_octave)
}

/// A name, or ratios.
impl FromOption for Intervals {
    fn from_option(source: &dyn Source, name: &str) -> Result<Self> {
        match source.value(name)? {
            Value::Text(text) => Self::parse(&text),
            Value::Numbers(ratios) if ratios.is_empty() => Err(Error::argument(name, "at least one ratio", "none")),
            Value::Numbers(ratios) => Ok(Self::Ratios(ratios)),
            other => Err(mismatch(name, "a name or a list of ratios", &other)),
        }
    }
}

impl Intervals {
    /// Finds a division by librosa's name.
    pub fn parse(name: &str) -> Result<Self> {
        Ok(match name {
            "equal" => Self::Equal,
            "pythagorean" => Self::Pythagorean,
            "ji3" => Self::Just(vec![3]),
            "ji5" => Self::Just(vec![3, 5]),
            "ji7" => Self::Just(vec![3, 5, 7]),
            _ => {
                let expected = "equal, pythagorean, ji3, ji5, ji7 or an array of ratios";
                return Err(Error::argument("intervals", expected, name));
            }
        })
    }

    /// Filters in an octave: those that were asked for, or as many as there are ratios.
    pub fn per_octave(&self, bins_per_octave: usize) -> usize {
        if let Self::Ratios(ratios) = self { ratios.len() } else { bins_per_octave }
    }

    /// The ratios of one octave to its lowest frequency.
    pub fn ratios(&self, bins_per_octave: usize) -> Result<Vec<f64>> {
        if bins_per_octave == 0 || bins_per_octave > MAX_BINS {
            let expected = format!("between 1 and {MAX_BINS}");
            return Err(Error::argument("binsPerOctave", expected, bins_per_octave));
        }
        let logarithms: Vec<f64> = match self {
            Self::Equal => {
                let bins = bins_per_octave as f64;
                return Ok((0..bins_per_octave).map(|k| (k as f64 / bins).exp2()).collect());
            }
            Self::Ratios(ratios) => {
                if let Some(ratio) = ratios.iter().find(|ratio| !(ratio.is_finite() && **ratio > 0.0)) {
                    return Err(Error::argument("intervals", "positive ratios", ratio));
                }
                return Ok(ratios.clone());
            }
            Self::Pythagorean => (0..bins_per_octave).map(|k| k as f64 * 3f64.log2()).collect(),
            Self::Just(_) if bins_per_octave > MAX_GROWN => {
                let expected = format!("at most {MAX_GROWN} for just intonation");
                return Err(Error::argument("binsPerOctave", expected, bins_per_octave));
            }
            Self::Just(primes) => grow(primes, bins_per_octave),
        };
        // Into one octave, in order.
        let mut fractions: Vec<f64> = logarithms
            .into_iter()
            .map(|logarithm| if logarithm.fract() < 0.0 { logarithm.fract() + 1.0 } else { logarithm.fract() })
            .collect();
        fractions.sort_by(f64::total_cmp);
        Ok(fractions.into_iter().map(f64::exp2).collect())
    }

    /// `n_bins` frequencies from `fmin` on, in ascending order.
    pub fn frequencies(&self, n_bins: usize, fmin: f64, bins_per_octave: usize) -> Result<Vec<f64>> {
        if n_bins == 0 || n_bins > MAX_BINS {
            return Err(Error::argument("nBins", format!("between 1 and {MAX_BINS}"), n_bins));
        }
        if !(fmin.is_finite() && fmin > 0.0) {
            return Err(Error::argument("fmin", "a positive number of hertz", fmin));
        }
        let ratios = self.ratios(bins_per_octave)?;
        let octaves = (0..n_bins.div_ceil(ratios.len())).map(|octave| (octave as f64).exp2());
        let mut all: Vec<f64> = octaves.flat_map(|octave| ratios.iter().map(move |ratio| octave * ratio)).collect();
        all.truncate(n_bins);
        all.sort_by(f64::total_cmp);
        Ok(all.into_iter().map(|ratio| ratio * fmin).collect())
    }
}

/// The bandwidth of each filter over its frequency, from the distance to its neighbours.
pub fn relative_bandwidth(frequencies: &[f64]) -> Result<Vec<f64>> {
    let n = frequencies.len();
    if n < 2 {
        return Err(Error::shape("freqs", "at least 2 frequencies to take bandwidths from", n));
    }
    let octaves: Vec<f64> = frequencies.iter().map(|f| f.log2()).collect();
    Ok((0..n)
        .map(|i| match i {
            0 => bandwidth(1.0 / (octaves[1] - octaves[0])),
            _ if i == n - 1 => bandwidth(1.0 / (octaves[i] - octaves[i - 1])),
            _ => bandwidth(2.0 / (octaves[i + 1] - octaves[i - 1])),
        })
        .collect())
}

/// The relative bandwidth of so many filters in an octave.
pub fn bandwidth(bins_per_octave: f64) -> f64 {
    let ratio = (2.0 / bins_per_octave).exp2();
    (ratio - 1.0) / (ratio + 1.0)
}

/// Base-2 logarithms of `count` intervals, made of powers of `primes`, in the order in which they grow from 1.
fn grow(primes: &[u32], count: usize) -> Vec<f64> {
    let logs: Vec<f64> = primes.iter().map(|&prime| f64::from(prime).log2()).collect();
    let steps = (0..primes.len()).flat_map(|i| {
        [1, -1].map(|step| {
            let mut point = vec![0i32; primes.len()];
            point[i] = step;
            point
        })
    });
    let steps: Vec<Vec<i32>> = steps.collect();
    let mut chosen = vec![vec![0i32; primes.len()]];
    // Candidates, with their distance to everything chosen so far.
    let mut frontier: Vec<(Vec<i32>, f64)> =
        steps.iter().map(|point| (point.clone(), harmonic_distance(&logs, point, &chosen[0]))).collect();
    while chosen.len() < count {
        let mut best = 0;
        for i in 1..frontier.len() {
            let (score, least) = (frontier[i].1, frontier[best].1);
            let tied = (score - least).abs() <= 1e-8 + 1e-5 * least.abs();
            if score < least || (tied && size(&logs, &frontier[i].0) < size(&logs, &frontier[best].0)) {
                best = i;
            }
        }
        let (point, _) = frontier.remove(best);
        for (candidate, total) in &mut frontier {
            *total += harmonic_distance(&logs, candidate, &point);
        }
        chosen.push(point.clone());
        for step in &steps {
            let next: Vec<i32> = point.iter().zip(step).map(|(a, b)| a + b).collect();
            if !chosen.contains(&next) && !frontier.iter().any(|(known, _)| *known == next) {
                let total = chosen.iter().fold(0.0, |sum, other| sum + harmonic_distance(&logs, &next, other));
                frontier.push((next, total));
            }
        }
    }
    chosen.iter().map(|point| point.iter().zip(&logs).map(|(&power, log)| f64::from(power) * log).sum()).collect()
}

/// The height of an interval: the logarithm of the product of its numerator and its denominator.
fn size(logs: &[f64], point: &[i32]) -> f64 {
    logs.iter().zip(point).map(|(log, power)| log * f64::from(power.abs())).sum()
}

/// Tenney's distance of two intervals, rounded to six decimals so that equal ones compare equal.
fn harmonic_distance(logs: &[f64], a: &[i32], b: &[i32]) -> f64 {
    let distance: f64 = logs
        .iter()
        .zip(a.iter().zip(b))
        .map(|(log, (&a, &b))| {
            let common = a.max(0).min(b.max(0)) - (-a).max(0).max((-b).max(0));
            log * f64::from(a + b - 2 * common)
        })
        .sum();
    (distance * 1e6).round_ties_even() / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_scales() {
        let fifths = Intervals::parse("pythagorean").unwrap().ratios(5).unwrap();
        let want = [1.0, 9.0 / 8.0, 81.0 / 64.0, 1.5, 27.0 / 16.0];
        assert!(fifths.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-12), "{fifths:?}");
        // The twelve tones of 5-limit just intonation, as librosa's documentation lists them.
        let just = Intervals::parse("ji5").unwrap().ratios(12).unwrap();
        let want =
            [(1, 1), (16, 15), (9, 8), (6, 5), (5, 4), (4, 3), (45, 32), (3, 2), (8, 5), (5, 3), (9, 5), (15, 8)];
        let near = |(a, (n, d)): (&f64, (i32, i32))| (a - f64::from(n) / f64::from(d)).abs() < 1e-12;
        assert!(just.iter().zip(want).filter(|&pair| near(pair)).count() >= 10, "{just:?}");
        assert!(Intervals::parse("ji11").is_err());
    }

    #[test]
    fn frequencies_ascend_and_octaves_double() {
        for name in ["equal", "pythagorean", "ji3", "ji5", "ji7"] {
            let f = Intervals::parse(name).unwrap().frequencies(30, 55.0, 12).unwrap();
            assert_eq!((f.len(), f[0]), (30, 55.0));
            assert!(f.windows(2).all(|pair| pair[0] < pair[1]), "{name}");
            assert!((0..18).all(|i| (f[i + 12] / f[i] - 2.0).abs() < 1e-12), "{name}");
        }
        assert_eq!(Intervals::Equal.frequencies(0, 55.0, 12).unwrap_err().argument, "nBins");
        assert_eq!(Intervals::Equal.frequencies(1, 0.0, 12).unwrap_err().argument, "fmin");
        assert_eq!(Intervals::Equal.frequencies(1, 1.0, 0).unwrap_err().argument, "binsPerOctave");
        assert!(relative_bandwidth(&[1.0]).is_err());
    }
}
