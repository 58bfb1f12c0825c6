//! Halving the rate of long signals by transforms of overlapping blocks (overlap-save), the blocks side by side in vector
//! lanes: of the filtered spectra, the upper half is folded onto the lower one before they are transformed back.

use crate::fft::lanes::{self, LaneBuffer, LanesRfft};
use crate::fft::root;
use crate::jobs::for_each;
use crate::simd::{Kernel, Level, Real, Simd};
use std::sync::Arc;

/// Samples of a block.
const N: usize = 2048;
/// From this length on blocks are faster than sums.
pub(super) const LONG: usize = 1 << 15;
/// The longest filter, in taps: a block must leave enough room.
pub(super) const MAX_TAPS: usize = N / 2;

/// `count` samples at half the rate, as [`super::resample`] defines them.
pub(super) fn halve<T: Real>(x: &[T], plan: &Blocks<T>, count: usize, threads: bool) -> Vec<T> {
    let group = T::LANES * plan.outputs;
    let mut output = vec![T::zero(); count];
    let mut groups: Vec<&mut [T]> = output.chunks_mut(group).collect();
    for_each(threads, &mut groups, &mut plan.clone(), || (), |plan, (), index, to| plan.group(x, index * T::LANES, to));
    output
}

/// A planned filter.
#[derive(Clone)]
pub(super) struct Blocks<T: Real> {
    /// Outputs of a block that come before those that count, and how many count.
    skipped: usize,
    outputs: usize,
    /// The filter's response at the block's bins, real, times half the gain.
    response: Arc<[T]>,
    forward: LanesRfft<T>,
    inverse: LanesRfft<T>,
    segment: Vec<T>,
    frames: LaneBuffer<T>,
    spectrum: LaneBuffer<T>,
    low: LaneBuffer<T>,
}

impl<T: Real> Blocks<T> {
    /// `taps` are symmetric and at most `MAX_TAPS`.
    pub fn new(gain: f64, taps: &[f64]) -> Self {
        let half = taps.len() / 2;
        let skipped = half.div_ceil(2);
        let cosines: Vec<f64> = (0..N).map(|i| root(i, N).0).collect();
        let response = (0..=N / 2).map(|k| {
            let sum: f64 = (1..=half).map(|j| taps[half + j] * cosines[j * k % N]).sum();
            T::of(0.5 * gain * (taps[half] + 2.0 * sum))
        });
        Self {
            skipped,
            outputs: (N - 1 - half) / 2 - skipped,
            response: response.collect(),
            forward: LanesRfft::new(N).expect("a power of two"),
            inverse: LanesRfft::new(N / 2).expect("a power of two"),
            segment: Vec::new(),
            frames: LaneBuffer::new(N),
            spectrum: LaneBuffer::new(N + 2),
            low: LaneBuffer::new(N / 2 + 2),
        }
    }

    /// The outputs of blocks `first .. first + LANES`, as many as `to` takes.
    fn group(&mut self, x: &[T], first: usize, to: &mut [T]) {
        let stride = 2 * self.outputs;
        let length = (T::LANES - 1) * stride + N;
        let start = (first * stride) as i64 - 2 * self.skipped as i64;
        let source = match usize::try_from(start).ok().and_then(|start| x.get(start..start + length)) {
            Some(within) => within,
            None => {
                self.segment.clear();
                let at = |i: i64| if i < 0 { T::zero() } else { x.get(i as usize).copied().unwrap_or_default() };
                self.segment.extend((start..start + length as i64).map(at));
                &self.segment
            }
        };
        lanes::gather(source, stride, T::LANES, N, &mut self.frames);
        self.forward.forward(&self.frames, &mut self.spectrum);
        // SAFETY: the level was found on this machine; the buffers have the lengths that the kernel reads and writes.
        unsafe {
            Level::best().run(Fold { response: &self.response, spectrum: &self.spectrum, low: &mut self.low });
        }
        self.inverse.inverse(&self.low, &mut self.frames[..N / 2 * T::LANES]);
        let rows = &self.frames[self.skipped * T::LANES..][..self.outputs * T::LANES];
        let (whole, rest) = (to.len() / self.outputs, to.len() % self.outputs);
        lanes::scatter(rows, to, self.outputs, whole, self.outputs);
        for (to, row) in to[whole * self.outputs..].iter_mut().zip(rows.chunks_exact(T::LANES)).take(rest) {
            *to = row[whole];
        }
    }
}

/// Filters spectra and folds their upper halves, which the lower rate takes for the lower ones.
struct Fold<'a, T> {
    response: &'a [T],
    spectrum: &'a [T],
    low: &'a mut [T],
}

impl<T: Real> Kernel<T> for Fold<'_, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = T>>(self) {
        let (from, to) = (self.spectrum.as_ptr(), self.low.as_mut_ptr());
        for k in 0..=N / 4 {
            let mirror = N / 2 - k;
            for part in (0..T::LANES).step_by(V::WIDTH) {
                // SAFETY: the spectrum has `N / 2 + 1` bins, the result `N / 4 + 1`, and the response a value a bin.
                unsafe {
                    let (own, other) = (V::splat(self.response[k]), V::splat(self.response[mirror]));
                    let at = |row: usize| V::load(from.add(row * T::LANES + part));
                    let re = at(2 * k).mul_add(own, at(2 * mirror) * other);
                    let im = at(2 * k + 1).mul_sub(own, at(2 * mirror + 1) * other);
                    re.store(to.add(2 * k * T::LANES + part));
                    im.store(to.add((2 * k + 1) * T::LANES + part));
                }
            }
        }
    }
}
