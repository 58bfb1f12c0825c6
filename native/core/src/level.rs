//! Levels of a signal: the power of its frames in decibels below full scale, and the samples that were clipped.

use crate::simd::Real;
use crate::{Error, Result, check_finite};

/// The power that a frame of zeros is given, so that its level is a number: -200 dB.
const FLOOR: f64 = 1e-20;

/// `10 log10(mean(x²))` of each whole frame of `length` samples; frames follow each other without overlap. A square wave of
/// amplitude 1 has 0 dB.
pub fn frame_levels<T: Real>(x: &[T], length: usize) -> Result<Vec<f32>> {
    if length == 0 {
        return Err(Error::argument("frameLength", "at least 1", 0));
    }
    check_finite("signal", x, false)?;
    let power = |frame: &[T]| frame.iter().map(|v| v.to_f64() * v.to_f64()).sum::<f64>() / frame.len() as f64;
    Ok(x.chunks_exact(length).map(|frame| (10.0 * power(frame).max(FLOOR).log10()) as f32).collect())
}

/// The number of samples in runs of at least `run` that all reach `limit` or all reach `-limit`, row by row. A single
/// full-scale sample may come from normalisation; several in a row are a clipped peak.
pub fn clipped_samples<T: Real>(x: &[T], samples: usize, limit: f64, run: usize) -> usize {
    let side = |v: &T| i8::from(v.to_f64() >= limit) - i8::from(v.to_f64() <= -limit);
    let in_row = |row: &[T]| {
        let runs = row.chunk_by(|a, b| side(a) == side(b));
        runs.filter(|flat| flat.len() >= run && side(&flat[0]) != 0).map(<[T]>::len).sum::<usize>()
    };
    if samples == 0 { 0 } else { x.chunks(samples).map(in_row).sum() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_the_mean_power_of_a_whole_frame() {
        let square: Vec<f32> = (0..25).map(|i| if i % 2 == 0 { 0.1 } else { -0.1 }).collect();
        let levels = frame_levels(&square, 10).expect("levels");
        assert_eq!(levels.len(), 2);
        assert!(levels.iter().all(|level| (level + 20.0).abs() < 1e-5), "{levels:?}");
        assert_eq!(frame_levels(&[0.0f64; 4], 4).expect("silence"), [-200.0]);
        assert_eq!(frame_levels::<f32>(&[], 4).expect("nothing"), []);
    }

    #[test]
    fn refuses_what_has_no_level() {
        assert_eq!(frame_levels(&[0.0f32], 0).unwrap_err().argument, "frameLength");
        assert_eq!(frame_levels(&[0.0, f32::NAN], 1).unwrap_err().code, "ERR_DSP_NOT_FINITE");
    }

    #[test]
    fn only_runs_at_one_rail_are_clipped() {
        let count = |x: &[f32]| clipped_samples(x, x.len(), 0.999, 3);
        assert_eq!(count(&[0.0, 1.0, 1.0, 1.0, 0.2, 1.0, 1.0, 0.1]), 3);
        assert_eq!(count(&[1.0, 1.0, -1.0, -1.0, 1.0, 1.0]), 0);
        assert_eq!(count(&[-1.0, -0.9995, -1.0, -1.0]), 4);
        assert_eq!(count(&[]), 0);
        // two rows: a run does not go from one channel into the next
        assert_eq!(clipped_samples(&[0.0f64, 1.0, 1.0, 1.0, 1.0, 0.0], 3, 0.999, 3), 0);
    }
}
