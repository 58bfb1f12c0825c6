//! What happens to a few frames side by side: from the transform to magnitudes, and from masks to the inverse.

use crate::simd::{Kernel, Level, Real, Simd};

/// Spectra on their way into a tile `[bins, 2, lanes]` and its magnitudes `[bins, lanes]`.
pub struct Store<'a, M> {
    /// `[bins, 2, group]`.
    pub spectra: &'a [f64],
    pub group: usize,
    /// Which frames of the group go to which lanes of the tile: the first `count`, from `lane` on.
    pub count: usize,
    pub lane: usize,
    pub tile: &'a mut [M],
    pub magnitudes: &'a mut [M],
}

/// Squares of magnitudes outside these limits may have lost something on the way.
const FAR: f64 = 1e300;
const NEAR: f64 = 1e-290;

impl<M: Real> Store<'_, M> {
    pub fn store(self) {
        let Self { spectra, group, count, lane, tile, magnitudes } = self;
        let most = if group == 8 && count == 8 {
            let whole = Whole { spectra, lane, tile, magnitudes };
            // SAFETY: the level was found on this machine; slices are checked as they are taken.
            unsafe { Level::best().run(whole) }
        } else {
            // Too few frames for vectors, or frames that must be looked at one by one.
            f64::INFINITY
        };
        if (NEAR..FAR).contains(&most) || (most == 0.0 && spectra.iter().all(|&v| v == 0.0)) {
            return;
        }
        let rows = tile.chunks_exact_mut(2 * M::LANES).zip(magnitudes.chunks_exact_mut(M::LANES));
        for (rows, (tile, magnitudes)) in spectra.chunks_exact(2 * group).zip(rows) {
            for l in 0..count {
                let (re, im) = (rows[l], rows[group + l]);
                tile[lane + l] = M::of(re);
                tile[M::LANES + lane + l] = M::of(im);
                let power = re * re + im * im;
                let safe = (NEAR..FAR).contains(&power);
                magnitudes[lane + l] = M::of(if safe { power.sqrt() } else { re.hypot(im) });
            }
        }
    }
}

/// A group of eight frames. Gives the greatest square of a magnitude.
struct Whole<'a, M> {
    spectra: &'a [f64],
    lane: usize,
    tile: &'a mut [M],
    magnitudes: &'a mut [M],
}

impl<M: Real> Kernel<f64> for Whole<'_, M> {
    type Output = f64;

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = f64>>(self) -> f64 {
        let Self { spectra, lane, tile, magnitudes } = self;
        let bins = spectra.len() / 16;
        let mut most = [0f64; 8];
        for k in 0..bins {
            let rows = &spectra[16 * k..16 * k + 16];
            let mut root = [0f64; 8];
            for part in (0..8).step_by(V::WIDTH) {
                // SAFETY: `part` begins a vector within rows of eight.
                unsafe {
                    let (re, im) = (V::load(rows.as_ptr().add(part)), V::load(rows.as_ptr().add(8 + part)));
                    // Two roundings on every machine, as in the other form.
                    let power = re * re + im * im;
                    let best = V::load(most.as_ptr().add(part));
                    power.greater(best).store(most.as_mut_ptr().add(part));
                    power.sqrt().store(root.as_mut_ptr().add(part));
                }
            }
            let at = 2 * k * M::LANES + lane;
            let re = &mut tile[at..at + 8];
            for l in 0..8 {
                re[l] = M::of(rows[l]);
            }
            let im = &mut tile[at + M::LANES..at + M::LANES + 8];
            for l in 0..8 {
                im[l] = M::of(rows[8 + l]);
            }
            let magnitude = &mut magnitudes[k * M::LANES + lane..k * M::LANES + lane + 8];
            for l in 0..8 {
                magnitude[l] = M::of(root[l]);
            }
        }
        most.into_iter().fold(0.0, f64::max)
    }
}

/// A tile times its mask, or the mask alone, on its way back into the transform.
pub struct Apply<'a, M> {
    /// `[bins, 2, lanes]`; none for the mask alone.
    pub tile: Option<&'a [M]>,
    /// `[bins, lanes]`.
    pub mask: &'a [M],
    pub group: usize,
    pub count: usize,
    pub lane: usize,
    /// `[bins, 2, group]`.
    pub spectra: &'a mut [f64],
}

impl<M: Real> Apply<'_, M> {
    pub fn apply(self) {
        if self.group == 8 && self.count == 8 {
            // SAFETY: the level was found on this machine; slices are checked as they are taken.
            unsafe { Level::best().run(self) }
        } else {
            let Self { tile, mask, group, count, lane, spectra } = self;
            for (k, rows) in spectra.chunks_exact_mut(2 * group).enumerate() {
                for l in 0..count {
                    let m = mask[k * M::LANES + lane + l];
                    let (re, im) = match tile {
                        Some(tile) => {
                            let at = 2 * k * M::LANES + lane + l;
                            (tile[at] * m, tile[at + M::LANES] * m)
                        }
                        None => (m, M::zero()),
                    };
                    (rows[l], rows[group + l]) = (re.to_f64(), im.to_f64());
                }
            }
        }
    }
}

impl<M: Real> Kernel<f64> for Apply<'_, M> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = f64>>(self) {
        let Self { tile, mask, lane, spectra, .. } = self;
        let bins = spectra.len() / 16;
        for k in 0..bins {
            let rows = &mut spectra[16 * k..16 * k + 16];
            let mask = &mask[k * M::LANES + lane..k * M::LANES + lane + 8];
            if let Some(tile) = tile {
                let at = 2 * k * M::LANES + lane;
                let (re, im) = (&tile[at..at + 8], &tile[at + M::LANES..at + M::LANES + 8]);
                for l in 0..8 {
                    rows[l] = (re[l] * mask[l]).to_f64();
                }
                for l in 0..8 {
                    rows[8 + l] = (im[l] * mask[l]).to_f64();
                }
            } else {
                for l in 0..8 {
                    rows[l] = mask[l].to_f64();
                    rows[8 + l] = 0.0;
                }
            }
        }
    }
}
