//! Transforms of magnitudes: filters on the magnitudes of one spectrogram (`librosa.pseudo_cqt`), and the same for high
//! filters with the full transform for low ones (`librosa.hybrid_cqt`).

use super::basis;
use super::plan::{Plan, tuned};
use super::transform::{for_magnitudes, share};
use super::wavelet::MAX_LENGTH;
use super::{CqtOptions, FilterOptions, Intervals, PseudoCqtOptions, VqtOptions};
use crate::jobs::in_order;
use crate::librosa::Librosa;
use crate::shape::{check_signal, check_size};
use crate::simd::Real;
use crate::stft::signal::Signal;
use crate::stft::spectra::Spectra;
use crate::window::Window;
use crate::{Error, Result};

/// Frames that one job takes.
const SHARE: usize = 128;

/// The pseudo-constant-Q transform: `[channels, n_bins, frames]`, magnitudes. On all cores with `threads`: the same bits.
pub fn pseudo_cqt<T: Real>(y: &[T], samples: usize, options: &PseudoCqtOptions, threads: bool) -> Result<Vec<T>> {
    check_signal(y, samples, threads)?;
    let options = VqtOptions::from(options);
    let tuning = tuned(y, samples, &options, options.per_octave(), threads)?;
    let options = &*options.fitted(tuning)?;
    let freqs = Intervals::Equal.frequencies(options.bins(), options.lowest(tuning), options.per_octave())?;
    pseudo(y, samples, options, &freqs, threads)
}

/// The transform with filters at these frequencies.
fn pseudo<T: Real>(y: &[T], samples: usize, options: &VqtOptions, freqs: &[f64], threads: bool) -> Result<Vec<T>> {
    options.check_hop()?;
    let FilterOptions { sr, hop_length: hop, scale, .. } = options.filters;
    let alpha = options.alpha(freqs)?;
    let wavelets = options.wavelets(sr);
    let (lengths, cutoff) = wavelets.lengths(freqs, Some(&alpha))?;
    options.check_cutoff(cutoff)?;
    if hop > MAX_LENGTH {
        return Err(Error::argument("hopLength", format!("at most {MAX_LENGTH}"), hop));
    }
    // Frames overlap by half at least.
    let shortest = hop.next_power_of_two() * 2;
    let (n_fft, entries) = basis::entries(options, &wavelets, freqs, &lengths, shortest)?;
    let filters: Vec<Vec<(usize, f64)>> = entries
        .into_iter()
        .map(|row| row.into_iter().map(|(bin, [re, im])| (bin as usize, re.hypot(im))).collect())
        .collect();
    let scales: Vec<f64> = lengths
        .iter()
        .map(|length| if scale { 1.0 / (n_fft as f64).sqrt() } else { (length / n_fft as f64).sqrt() })
        .collect();
    // Rounding makes magnitudes larger, never smaller, and sums of them gather that: all of this is in f64.
    const LANES: usize = <f64 as Real>::LANES;
    let spectra = Spectra::<f64>::new(n_fft, Some(&Window::Hann.values(n_fft, true)))?;
    let frames = 1 + (samples + 2 * (n_fft / 2) - n_fft) / hop;
    let channels = y.len() / samples;
    let size = freqs.len() * frames;
    let mut output = vec![T::zero(); check_size(&[channels, freqs.len(), frames])?];
    for (y, output) in y.chunks_exact(samples).zip(output.chunks_exact_mut(size)) {
        let signal = Signal::centred(y, n_fft, hop, options.pad_mode);
        let range = |job: usize| job * SHARE..frames.min((job + 1) * SHARE);
        in_order(
            threads,
            frames.div_ceil(SHARE),
            &mut (spectra.clone(), vec![0f64; spectra.bins() * LANES]),
            |(spectra, magnitudes), job| {
                let range = range(job);
                let mut part = vec![T::zero(); filters.len() * range.len()];
                for first in range.clone().step_by(LANES) {
                    let count = LANES.min(range.end - first);
                    let rows = spectra.transform(&signal, hop, first, count);
                    for (to, row) in magnitudes.chunks_exact_mut(LANES).zip(rows.chunks_exact(2 * LANES)) {
                        for l in 0..LANES {
                            to[l] = (row[l] * row[l] + row[LANES + l] * row[LANES + l]).sqrt();
                        }
                    }
                    for ((filter, scale), to) in filters.iter().zip(&scales).zip(part.chunks_exact_mut(range.len())) {
                        let mut sums = [0f64; LANES];
                        for &(bin, weight) in filter {
                            for (sum, x) in sums.iter_mut().zip(&magnitudes[bin * LANES..][..LANES]) {
                                *sum += weight * x;
                            }
                        }
                        for (to, sum) in to[first - range.start..][..count].iter_mut().zip(sums) {
                            *to = T::of(sum * scale);
                        }
                    }
                }
                part
            },
            |job, part| {
                let range = range(job);
                for (row, part) in output.chunks_exact_mut(frames).zip(part.chunks_exact(range.len())) {
                    row[range.clone()].copy_from_slice(part);
                }
            },
        );
    }
    Ok(output)
}

impl VqtOptions {
    /// librosa 1.0 refuses filters that reach beyond half of the rate; before, they were folded.
    fn check_cutoff(&self, cutoff: f64) -> Result<()> {
        let nyquist = self.filters.sr / 2.0;
        if self.librosa == Librosa::V1_0 && cutoff > nyquist {
            let expected = format!("few enough for filters below the Nyquist frequency ({nyquist} Hz)");
            return Err(Error::argument("nBins", expected, format!("a filter that reaches {cutoff} Hz")));
        }
        Ok(())
    }
}

/// The hybrid constant-Q transform: `[channels, n_bins, frames]`, magnitudes. Filters that fit into two hops go by
/// [`pseudo_cqt`], the lower ones by the full transform. On all cores with `threads`: the same bits.
pub fn hybrid_cqt<T: Real>(y: &[T], samples: usize, options: &CqtOptions, threads: bool) -> Result<Vec<T>> {
    hybrid(y, samples, &options.into(), threads)
}

/// The same by options whose octaves are divided equally.
pub(crate) fn hybrid<T: Real>(y: &[T], samples: usize, options: &VqtOptions, threads: bool) -> Result<Vec<T>> {
    let channels = check_signal(y, samples, threads)?;
    options.check_hop()?;
    let FilterOptions { sr, hop_length, bins_per_octave, .. } = options.filters;
    let tuning = tuned(y, samples, options, bins_per_octave, threads)?;
    let fmin = options.lowest(tuning);
    let options =
        VqtOptions { tuning: Some(0.0), filters: FilterOptions { fmin, ..options.filters }, ..options.clone() };
    let options = &*options.fitted(0.0)?;
    let bins = options.bins();
    let freqs = Intervals::Equal.frequencies(bins, fmin, bins_per_octave)?;
    let (lengths, cutoff) = options.wavelets(sr).lengths(&freqs, Some(&options.alpha(&freqs)?))?;
    options.check_cutoff(cutoff)?;
    let fits = |length: &&f64| length.log2().ceil().exp2() < 2.0 * hop_length as f64;
    let high = lengths.iter().filter(fits).count();
    let low = bins - high;
    // The pseudo transform counts its own frequencies from the lowest one of its own.
    let upper = if high > 0 {
        let own = Intervals::Equal.frequencies(high, freqs[low], bins_per_octave)?;
        pseudo(y, samples, options, &own, threads)?
    } else {
        Vec::new()
    };
    if low == 0 {
        return Ok(upper);
    }
    let plan = Plan::<T>::new(&VqtOptions { n_bins: Some(low), ..options.clone() }, 0.0, samples)?;
    let lower = plan.frames(samples, channels)?;
    let frames = if high > 0 { lower.min(upper.len() / (channels * high)) } else { lower };
    let size = bins * frames;
    let mut output = vec![T::zero(); channels * size];
    for (channel, (y, output)) in y.chunks_exact(samples).zip(output.chunks_exact_mut(size)).enumerate() {
        let parts = for_magnitudes(
            &plan,
            y,
            frames,
            threads,
            |columns| vec![T::zero(); low * columns],
            |part, first, column, count, magnitudes| {
                let columns = part.len() / low;
                for (filter, row) in magnitudes.chunks_exact(T::LANES).enumerate() {
                    part[(first + filter) * columns + column..][..count].copy_from_slice(&row[..count]);
                }
            },
        )?;
        for (job, part) in parts.iter().enumerate() {
            let range = share(job, frames);
            for (row, part) in output.chunks_exact_mut(frames).zip(part.chunks_exact(range.len())) {
                row[range.clone()].copy_from_slice(part);
            }
        }
        if high > 0 {
            let columns = upper.len() / (channels * high);
            let rows = upper[channel * high * columns..].chunks_exact(columns);
            for (row, from) in output[low * frames..].chunks_exact_mut(frames).zip(rows) {
                row.copy_from_slice(&from[..frames]);
            }
        }
    }
    Ok(output)
}
