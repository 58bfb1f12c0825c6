//! Decibels, as librosa's `power_to_db`, `amplitude_to_db` and their inverses. Computed in `f64`, rounded once.

use crate::number::Number;
use crate::options::{FromOption, Source, Value, mismatch};
use crate::simd::{Kernel, Level, Real, Simd};
use crate::{Error, Result, check_finite, options};

/// What counts as 0 dB.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reference {
    /// This value; its sign does not matter.
    Value(f64),
    /// The largest value of all.
    Max,
}

/// The option's name is librosa's, `ref`, which Rust keeps for itself.
impl FromOption for Reference {
    fn names(_: &str) -> Vec<String> {
        vec!["ref".to_owned()]
    }

    fn from_option(source: &dyn Source, _: &str) -> Result<Self> {
        match source.value("ref")? {
            Value::Number(value) => Ok(Self::Value(value)),
            Value::Text(word) if word == "max" => Ok(Self::Max),
            other => Err(mismatch("ref", "max or a number", &other)),
        }
    }
}

options! {
    /// The options of [`power_to_db`] and [`amplitude_to_db`].
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct DbOptions {
        pub reference: Reference,
        /// The least value: smaller ones, and a smaller reference, are raised to it.
        pub amin: f64,
        /// How far below the loudest value the result may go.
        pub top_db: Option<f64>,
    }
}

/// `10 log10(S / ref)` of powers.
pub fn power_to_db<T: Real>(s: &[T], options: &DbOptions) -> Result<Vec<T>> {
    decibels(s, options, false)
}

/// `20 log10(|S| / ref)` of amplitudes.
pub fn amplitude_to_db<T: Real>(s: &[T], options: &DbOptions) -> Result<Vec<T>> {
    decibels(s, options, true)
}

/// Powers of decibels: `ref * 10^(S / 10)`.
pub fn db_to_power<T: Real>(s: &[T], reference: f64) -> Result<Vec<T>> {
    back(s, |db| reference * 10f64.powf(db * 0.1))
}

/// Amplitudes of decibels: `|ref| * 10^(S / 20)`.
pub fn db_to_amplitude<T: Real>(s: &[T], reference: f64) -> Result<Vec<T>> {
    back(s, |db| (reference * reference * 10f64.powf(db * 0.1)).sqrt())
}

fn back<T: Real>(s: &[T], f: impl Fn(f64) -> f64) -> Result<Vec<T>> {
    check(s)?;
    Ok(s.iter().map(|x| T::of(f(x.to_f64()))).collect())
}

fn check<T: Real>(s: &[T]) -> Result<()> {
    if s.is_empty() {
        return Err(Error::shape("S", "at least one value", "none"));
    }
    check_finite("S", s, false)
}

fn decibels<T: Real>(s: &[T], options: &DbOptions, amplitudes: bool) -> Result<Vec<T>> {
    check(s)?;
    let DbOptions { reference, amin, top_db } = *options;
    // librosa squares amin for amplitudes: below the square root of the smallest normal number the logarithm would fail.
    if !(amin > 0.0 && amin.is_finite()) {
        return Err(Error::argument("amin", "above 0", amin));
    }
    if top_db.is_some_and(|top| top.is_nan() || top < 0.0) {
        return Err(Error::argument("topDb", "at least 0, or null", top_db.unwrap_or(f64::NAN)));
    }
    let value = |x: T| if amplitudes { x.to_f64().abs() } else { x.to_f64() };
    let reference = match reference {
        Reference::Value(value) if value.is_finite() => value.abs(),
        Reference::Value(value) => return Err(Error::argument("ref", "a finite number", value)),
        Reference::Max => largest(s, value),
    };
    // Amplitudes are not squared: their logarithm is doubled, which loses no small ones.
    let (amin, factor) = (amin.max(f64::MIN_POSITIVE), if amplitudes { 20.0 } else { 10.0 });
    // The kernel's own logarithm, so that the reference itself is 0 dB to the bit.
    let scale = factor / std::f64::consts::LN_10;
    let offset = reference.max(amin).logarithm() * scale;
    let mut result = vec![T::default(); s.len()];
    let peak = {
        // SAFETY: the level was found on this machine; the kernel asks for nothing else.
        unsafe { Level::best().run(Logarithms { s, out: &mut result, amin, scale, offset, amplitudes }) }
    };
    if let Some(top) = top_db {
        let floor = T::of(peak - top);
        for x in &mut result {
            if *x < floor {
                *x = floor;
            }
        }
    }
    Ok(result)
}

/// The largest value; sixteen side by side let the compiler use vectors.
#[allow(clippy::needless_range_loop)]
fn largest<T: Real>(s: &[T], value: impl Fn(T) -> f64) -> f64 {
    let (mut peaks, chunks) = ([f64::NEG_INFINITY; 16], s.chunks_exact(16));
    let rest = chunks.remainder().iter().fold(f64::NEG_INFINITY, |most, &x| most.max(value(x)));
    for chunk in chunks {
        for i in 0..16 {
            peaks[i] = peaks[i].greater(value(chunk[i]));
        }
    }
    peaks.iter().fold(rest, |most, &x| most.max(x))
}

/// Writes the decibels and returns the largest.
struct Logarithms<'a, T> {
    s: &'a [T],
    out: &'a mut [T],
    amin: f64,
    scale: f64,
    offset: f64,
    amplitudes: bool,
}

impl<T: Real> Kernel<f64> for Logarithms<'_, T> {
    type Output = f64;

    #[inline(always)]
    #[allow(clippy::needless_range_loop)] // an index keeps the loops plain enough for vectors
    unsafe fn run<V: Simd<Elem = f64>>(self) -> f64 {
        const WIDTH: usize = 16;
        let Self { s, out, amin, scale, offset, amplitudes } = self;
        let mut peaks = [f64::NEG_INFINITY; WIDTH];
        for start in (0..s.len()).step_by(WIDTH) {
            let count = WIDTH.min(s.len() - start);
            // A short last part is filled up by repeating one of its values.
            let mut part = [s[start]; WIDTH];
            part[..count].copy_from_slice(&s[start..start + count]);
            let mut db = [0.0; WIDTH];
            for i in 0..WIDTH {
                let x = part[i].to_f64();
                let x = if amplitudes { x.abs() } else { x };
                db[i] = x.greater(amin).logarithm() * scale - offset;
                peaks[i] = peaks[i].greater(db[i]);
                part[i] = T::of(db[i]);
            }
            out[start..start + count].copy_from_slice(&part[..count]);
        }
        peaks.iter().fold(f64::NEG_INFINITY, |most, &x| most.max(x))
    }
}
