//! Frames side by side: a group of them goes through the transform, the filters and the logarithm with one frame in each
//! lane. A frame's result does not depend on its lane nor on its neighbours, so groups may be formed at will: streams,
//! batches and repairs get the same bits.

// Loops count by index on purpose: see `each`.
#![allow(clippy::needless_range_loop)]

use super::design::Design;
use super::frames::Stretch;
use super::options::{FbankOptions, Features, MfccOptions};
use crate::fft::lanes::{LaneBuffer, LanesRfft, gather, scatter};
use crate::number::Number;
use crate::simd::{Kernel, Level, Real, Simd};

/// Below this part of a frame's mean power, a filter's energy may be off by more than the promised tolerance when the
/// transform is in single precision: such frames are computed again in double precision. Rounding adds about 1e-7 of the
/// root mean power to every bin's amplitude, hence twice that over the ratio of amplitudes to the energy's logarithm.
const WEAK: f64 = 4e-6;

/// The buffers for groups of frames of one thread.
pub struct Lanes<T: Number> {
    plan: LanesRfft<T>,
    /// One frame in double precision.
    frame: Vec<f64>,
    /// The prepared frames, one after the other.
    frames: Vec<T>,
    /// Samples by rows, with zeros past the window.
    samples: LaneBuffer<T>,
    power: LaneBuffer<T>,
    cells: LaneBuffer<T>,
    columns: LaneBuffer<T>,
    energy: LaneBuffer<T>,
    /// The group's features, one frame after the other.
    pub rows: Vec<T>,
    /// The frames of the group (by lane) that single precision cannot do.
    pub weak: [bool; 16],
    level: Level,
}

impl<T: Number> Lanes<T> {
    pub fn new(plan: LanesRfft<T>, design: &Design) -> Self {
        let size = design.size();
        Self {
            frame: vec![0.0; size],
            frames: vec![T::default(); T::LANES * size],
            samples: LaneBuffer::new(plan.n()),
            power: LaneBuffer::new(plan.bins()),
            cells: LaneBuffer::new(design.bank.rows.len()),
            columns: LaneBuffer::new(design.columns),
            energy: LaneBuffer::new(1),
            rows: vec![T::default(); T::LANES * design.columns],
            weak: [false; 16],
            level: Level::best(),
            plan,
        }
    }

    /// Computes the frames of these numbers, at most one per lane, into `rows`.
    pub fn group<S: Real>(&mut self, design: &Design, stretch: &Stretch<'_, S>, numbers: &[usize]) {
        let (size, count) = (design.size(), numbers.len());
        let prepare = Prepare {
            design,
            stretch,
            numbers,
            frame: &mut self.frame,
            frames: &mut self.frames,
            energy: &mut self.energy,
        };
        // SAFETY: the level was found on this machine; the kernel asks for nothing else.
        unsafe { self.level.run(prepare) }
        gather(&self.frames[..count * size], size, count, size, &mut self.samples[..size * T::LANES]);
        // What the last transform left behind the window.
        self.samples[size * T::LANES..].fill(T::default());
        self.plan.power_over(&mut self.samples, &mut self.power);
        let finish = Finish {
            design,
            energy: &self.energy,
            power: &mut self.power,
            cells: &mut self.cells,
            columns: &mut self.columns,
            weak: &mut self.weak,
        };
        // SAFETY: as above.
        unsafe { self.level.run(finish) }
        let columns = design.columns;
        scatter(&self.columns, &mut self.rows, columns, count, columns);
    }
}

struct Prepare<'a, S, T> {
    design: &'a Design,
    stretch: &'a Stretch<'a, S>,
    numbers: &'a [usize],
    frame: &'a mut [f64],
    frames: &'a mut [T],
    energy: &'a mut [T],
}

impl<S: Real, T: Real> Kernel<T> for Prepare<'_, S, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = T>>(self) {
        let preparation = &self.design.preparation;
        for l in 0..self.numbers.len() {
            let out = &mut self.frames[l * preparation.framing.size..(l + 1) * preparation.framing.size];
            self.energy[l] = T::of(preparation.frame(self.stretch, self.numbers[l], self.frame, out));
        }
    }
}

struct Finish<'a, T> {
    design: &'a Design,
    energy: &'a [T],
    power: &'a mut [T],
    cells: &'a mut [T],
    columns: &'a mut [T],
    weak: &'a mut [bool; 16],
}

impl<T: Number> Kernel<T> for Finish<'_, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = T>>(self) {
        let Self { design, energy, power, cells, columns, weak } = self;
        let row = T::LANES;
        match &design.options.features {
            Features::Spectrogram => {
                let power = &power[..columns.len()];
                for i in 0..columns.len() {
                    columns[i] = power[i].greater(T::FLOOR).logarithm();
                }
                columns[..row].copy_from_slice(energy);
            }
            Features::Fbank(FbankOptions { mel, use_energy, htk_compat, use_log_fbank, use_power }) => {
                // SAFETY: the buffers were made for this design.
                let mean = unsafe { mean_power::<V>(power) };
                if !use_power {
                    each(power, |p| p.root());
                }
                let first = usize::from(*use_energy && !htk_compat) * row;
                let out = &mut columns[first..first + mel.num_mel_bins * row];
                // SAFETY: as above.
                unsafe { energies::<V>(design, power, out) };
                let floor = if *use_log_fbank { T::FLOOR } else { T::default() };
                find_weak(design, &mean, out, floor, *use_power, weak);
                if mel.htk_mode {
                    each(out, |e| e.greater(T::of(1.0)));
                }
                if *use_log_fbank {
                    each(out, |e| e.greater(T::FLOOR).logarithm());
                }
                if *use_energy {
                    let at = if *htk_compat { mel.num_mel_bins * row } else { 0 };
                    columns[at..at + row].copy_from_slice(energy);
                }
            }
            Features::Mfcc(MfccOptions { mel, use_energy, htk_compat, num_ceps, .. }) => {
                // SAFETY: as above.
                let mean = unsafe { mean_power::<V>(power) };
                // SAFETY: as above.
                unsafe { energies::<V>(design, power, cells) };
                find_weak(design, &mean, cells, T::FLOOR, true, weak);
                if mel.htk_mode {
                    each(cells, |e| e.greater(T::of(1.0)));
                }
                each(cells, |e| e.greater(T::FLOOR).logarithm());
                for (c, weights) in design.cepstrum.chunks_exact(mel.num_mel_bins).enumerate() {
                    let at = if *htk_compat { (c + num_ceps - 1) % num_ceps } else { c } * row;
                    let out = &mut columns[at..at + row];
                    if c == 0 && *use_energy {
                        out.copy_from_slice(energy);
                        continue;
                    }
                    // HTK's transform scales the zeroth coefficient otherwise than Kaldi's.
                    let scale = if c == 0 && *htk_compat { std::f64::consts::SQRT_2 } else { 1.0 };
                    for part in (0..row).step_by(V::WIDTH) {
                        // SAFETY: `cells` holds a row per filter, and `part` begins within a row.
                        unsafe {
                            let mut sum = V::splat(T::default());
                            for m in 0..weights.len() {
                                let cell = V::load(cells.as_ptr().add(m * row + part));
                                sum = cell.mul_add(V::splat(T::of(weights[m] * scale)), sum);
                            }
                            sum.store(out.as_mut_ptr().add(part));
                        }
                    }
                }
            }
        }
    }
}

/// Applies a function to every element. Written with an index, like every loop here: iterators in a row are not always
/// inlined into the kernel, and then not compiled for its instruction set.
#[inline(always)]
fn each<T: Number>(values: &mut [T], f: impl Fn(T) -> T) {
    for i in 0..values.len() {
        values[i] = f(values[i]);
    }
}

/// Each filter's energy: the weighted sum of its run of rows.
///
/// # Safety
/// The processor has the instruction set of `V`; `power` holds a row for every bin of the bank, `out` one per filter.
#[inline(always)]
unsafe fn energies<V: Simd>(design: &Design, power: &[V::Elem], out: &mut [V::Elem]) {
    let row = <V::Elem as Real>::LANES;
    let filters = &design.bank.rows;
    for index in 0..filters.len() {
        let (filter, out) = (&filters[index], &mut out[index * row..(index + 1) * row]);
        let weights = &filter.weights[..];
        let run = &power[filter.first * row..(filter.first + weights.len()) * row];
        // The parts of a row side by side: narrow vectors have many, and wait for no sum but their own.
        let parts = row / V::WIDTH;
        // SAFETY: `run` holds a row a weight, and a row has `parts` vectors.
        unsafe {
            let mut sums = [V::splat(V::Elem::default()); 16];
            for k in 0..weights.len() {
                let weight = V::splat(V::Elem::of(f64::from(weights[k])));
                for p in 0..parts {
                    sums[p] = V::load(run.as_ptr().add(k * row + p * V::WIDTH)).mul_add(weight, sums[p]);
                }
            }
            for p in 0..parts {
                sums[p].store(out.as_mut_ptr().add(p * V::WIDTH));
            }
        }
    }
}

/// The mean power of a bin, by lane (the first row of the result).
///
/// # Safety
/// The processor has the instruction set of `V`; `power` holds whole rows.
#[inline(always)]
unsafe fn mean_power<V: Simd>(power: &[V::Elem]) -> [V::Elem; 16] {
    let row = <V::Elem as Real>::LANES;
    let bins = power.len() / row;
    let mut mean = [V::Elem::default(); 16];
    for part in (0..row).step_by(V::WIDTH) {
        // SAFETY: `part` begins within a row.
        unsafe {
            let at = |k: usize| V::load(power.as_ptr().add(k * row + part));
            let mut sums = [V::splat(V::Elem::default()); 4];
            for k in (0..bins - bins % 4).step_by(4) {
                for i in 0..4 {
                    sums[i] = sums[i] + at(k + i);
                }
            }
            for k in bins - bins % 4..bins {
                sums[0] = sums[0] + at(k);
            }
            let sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
            (sum * V::splat(V::Elem::of(1.0 / bins as f64))).store(mean.as_mut_ptr().add(part));
        }
    }
    mean
}

/// Marks the lanes in which a filter's energy is too small a part of the frame's power, yet above the floor.
#[inline(always)]
fn find_weak<T: Number>(
    design: &Design,
    mean: &[T; 16],
    energies: &[T],
    floor: T,
    use_power: bool,
    weak: &mut [bool; 16],
) {
    *weak = [false; 16];
    if T::LANES != 16 {
        return;
    }
    let half_floor = floor * T::of(0.5);
    let mut found = [0u32; 16];
    let sums = &design.weight_sums;
    for index in 0..sums.len() {
        let (energies, total) = (&energies[index * 16..(index + 1) * 16], sums[index]);
        let limit = T::of(if use_power { WEAK * total } else { WEAK * total * total });
        for l in 0..16 {
            let level = if use_power { energies[l] } else { energies[l] * energies[l] };
            found[l] |= u32::from(energies[l] > half_floor) & u32::from(level < limit * mean[l]);
        }
    }
    for (weak, found) in weak.iter_mut().zip(found) {
        *weak = found != 0;
    }
}
