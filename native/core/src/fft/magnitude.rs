//! Magnitudes of complex values (`numpy.abs`).

use crate::simd::Real;
use crate::{Error, Result, check_finite};

/// The magnitude of every complex value of `z`, whose real and imaginary parts take turns. Computed in `f64`, rounded once.
pub fn magnitudes<T: Real>(z: &[T]) -> Result<Vec<T>> {
    if !z.len().is_multiple_of(2) {
        return Err(Error::shape("z", "interleaved real and imaginary parts", format!("{} values", z.len())));
    }
    check_finite("z", z, false)?;
    Ok(z.chunks_exact(2).map(|part| T::of(part[0].to_f64().hypot(part[1].to_f64()))).collect())
}

#[cfg(test)]
mod tests {
    use super::magnitudes;

    #[test]
    fn takes_the_length_of_each_value() {
        assert_eq!(magnitudes(&[3.0f32, -4.0, 0.0, 2.0]).expect("two values"), [5.0, 2.0]);
        // Their squares would overflow and underflow.
        for scale in [2f64.powi(600), 2f64.powi(-600)] {
            assert_eq!(magnitudes(&[3.0 * scale, 4.0 * scale]).expect("one value"), [5.0 * scale]);
        }
        assert_eq!(magnitudes::<f32>(&[]).expect("none"), []);
        assert!(magnitudes(&[1.0f32, 2.0, 3.0]).is_err());
        assert!(magnitudes(&[1.0f32, f32::NAN]).is_err());
    }
}
