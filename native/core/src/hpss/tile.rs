//! What happens to a few frames side by side: from the transform to magnitudes, and from masks to the inverse.

use crate::simd::{Kernel, Level, Real, Simd};

/// Frames of a tile.
pub const LANES: usize = <f64 as Real>::LANES;

/// Squares of magnitudes outside these limits may have lost something on the way.
const FAR: f64 = 1e300;
const NEAR: f64 = 1e-290;

/// Puts spectra `[bins, 2, group]` into the lanes from `lane` on of a tile `[bins, 2, LANES]`, and their magnitudes into
/// `[bins, LANES]`: the first `count` frames of the group.
pub fn store(spectra: &[f64], count: usize, lane: usize, tile: &mut [f64], magnitudes: &mut [f64]) {
    let group = spectra.len() / (magnitudes.len() / LANES) / 2;
    if group == LANES && count == LANES {
        tile.copy_from_slice(spectra);
        // SAFETY: the level was found on this machine; slices are checked as they are taken.
        let most = unsafe { Level::best().run(Magnitudes { spectra, magnitudes }) };
        if (NEAR..FAR).contains(&most) || (most == 0.0 && spectra.iter().all(|&v| v == 0.0)) {
            return;
        }
    }
    let rows = tile.chunks_exact_mut(2 * LANES).zip(magnitudes.chunks_exact_mut(LANES));
    for (rows, (tile, magnitudes)) in spectra.chunks_exact(2 * group).zip(rows) {
        for l in 0..count {
            let (re, im) = (rows[l], rows[group + l]);
            tile[lane + l] = re;
            tile[LANES + lane + l] = im;
            let power = re * re + im * im;
            let safe = (NEAR..FAR).contains(&power);
            magnitudes[lane + l] = if safe { power.sqrt() } else { re.hypot(im) };
        }
    }
}

/// Magnitudes of a whole tile; gives the greatest square of one.
struct Magnitudes<'a> {
    spectra: &'a [f64],
    magnitudes: &'a mut [f64],
}

impl Kernel<f64> for Magnitudes<'_> {
    type Output = f64;

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = f64>>(self) -> f64 {
        let Self { spectra, magnitudes } = self;
        let mut most = [0f64; LANES];
        for k in 0..magnitudes.len() / LANES {
            let rows = &spectra[2 * LANES * k..2 * LANES * (k + 1)];
            let root = &mut magnitudes[LANES * k..LANES * (k + 1)];
            for part in (0..LANES).step_by(V::WIDTH) {
                // SAFETY: `part` begins a vector within rows of as many lanes.
                unsafe {
                    let (re, im) = (V::load(rows.as_ptr().add(part)), V::load(rows.as_ptr().add(LANES + part)));
                    // Two roundings, as in the form for single frames.
                    let power = re * re + im * im;
                    let best = V::load(most.as_ptr().add(part));
                    power.greater(best).store(most.as_mut_ptr().add(part));
                    power.sqrt().store(root.as_mut_ptr().add(part));
                }
            }
        }
        most.into_iter().fold(0.0, f64::max)
    }
}

/// Puts the lanes from `lane` on of a tile times its mask (without a tile: of the mask alone) back into the transform's
/// spectra `[bins, 2, group]`, `count` of them.
pub fn apply(tile: Option<&[f64]>, mask: &[f64], count: usize, lane: usize, spectra: &mut [f64]) {
    let group = spectra.len() / (mask.len() / LANES) / 2;
    if group == LANES && count == LANES {
        // SAFETY: the level was found on this machine; slices are checked as they are taken.
        return unsafe { Level::best().run(Apply { tile, mask, spectra }) };
    }
    for (k, rows) in spectra.chunks_exact_mut(2 * group).enumerate() {
        for l in 0..count {
            let m = mask[k * LANES + lane + l];
            let at = 2 * k * LANES + lane + l;
            rows[l] = tile.map_or(m, |tile| tile[at] * m);
            rows[group + l] = tile.map_or(0.0, |tile| tile[at + LANES] * m);
        }
    }
}

struct Apply<'a> {
    tile: Option<&'a [f64]>,
    mask: &'a [f64],
    spectra: &'a mut [f64],
}

impl Kernel<f64> for Apply<'_> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = f64>>(self) {
        let Self { tile, mask, spectra } = self;
        for k in 0..mask.len() / LANES {
            let rows = &mut spectra[2 * LANES * k..2 * LANES * (k + 1)];
            let mask = &mask[LANES * k..LANES * (k + 1)];
            if let Some(tile) = tile {
                let tile = &tile[2 * LANES * k..2 * LANES * (k + 1)];
                for l in 0..LANES {
                    rows[l] = tile[l] * mask[l];
                    rows[LANES + l] = tile[LANES + l] * mask[l];
                }
            } else {
                rows[..LANES].copy_from_slice(mask);
                rows[LANES..].fill(0.0);
            }
        }
    }
}
