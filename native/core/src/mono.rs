//! Many channels to one, by their mean.

use crate::simd::Real;
use crate::{Error, Result};

/// The mean of `channels` rows of `samples` each, summed in float64.
pub fn to_mono<T: Real>(x: &[T], channels: usize) -> Result<Vec<T>> {
    if channels == 0 || !x.len().is_multiple_of(channels) {
        let expected = format!("a multiple of {channels} channels");
        return Err(Error::shape("audio", expected, format!("{} samples", x.len())));
    }
    if channels == 1 {
        return Ok(x.to_vec());
    }
    let samples = x.len() / channels;
    let scale = channels as f64;
    if let 2 = channels {
        let (left, right) = x.split_at(samples);
        return Ok(left.iter().zip(right).map(|(a, b)| T::of((a.to_f64() + b.to_f64()) / scale)).collect());
    }
    let mean = |i: usize| x.iter().skip(i).step_by(samples).map(|v| v.to_f64()).sum::<f64>() / scale;
    Ok((0..samples).map(|i| T::of(mean(i))).collect())
}

#[cfg(test)]
mod tests {
    use super::to_mono;

    #[test]
    fn takes_the_mean_of_the_channels() {
        assert_eq!(to_mono(&[1.0f32, 2.0, 3.0, 5.0], 2).expect("two channels"), [2.0, 3.5]);
        assert_eq!(to_mono(&[1.0f64, 2.0, 3.0, 5.0, 5.0, 8.0], 3).expect("three channels"), [3.0, 5.0]);
        assert_eq!(to_mono::<f32>(&[], 4).expect("no samples"), []);
        assert!(to_mono(&[1.0f32, 2.0, 3.0], 2).is_err());
        assert!(to_mono(&[1.0f32], 0).is_err());
    }
}
