//! The inverse transform (`librosa.icqt`): every octave is projected back to the spectra of its frames, these to a signal of
//! its rate, and the signals are brought to one rate and added.

use super::plan::tuned;
use super::resample::interpolate;
use super::{FilterOptions, IcqtOptions, Intervals, VqtOptions, basis};
use crate::librosa::Librosa;
use crate::shape::MAX_ELEMENTS;
use crate::simd::Real;
use crate::stft::{PadMode, Stft, StftOptions};
use crate::{Error, Result, check_finite};

/// Results may always have this many samples, and this many for every frame.
const FREE: usize = 1 << 22;
const GROWTH: usize = 1 << 16;

/// The signal of which `c`, `[channels, n_bins, frames, 2]`, is the constant-Q transform: channels of samples. Without a
/// `length` there are as many samples as the frames cover. On all cores with `threads`: the same bits.
pub fn icqt<T: Real>(
    c: &[T],
    n_bins: usize,
    frames: usize,
    options: &IcqtOptions,
    librosa: Librosa,
    threads: bool,
) -> Result<Vec<T>> {
    let IcqtOptions { filters, tuning, res_type, length } = *options;
    let FilterOptions { sr, hop_length, bins_per_octave: per_octave, scale, .. } = filters;
    let options = VqtOptions {
        filters,
        n_bins: Some(n_bins),
        tuning: Some(tuning),
        pad_mode: PadMode::Constant,
        librosa,
        res_type,
        intervals: Intervals::Equal,
        gamma: Some(0.0),
    };
    options.check_hop()?;
    let whole = n_bins.checked_mul(frames).and_then(|size| size.checked_mul(2)).unwrap_or(0);
    if whole == 0 || c.is_empty() || !c.len().is_multiple_of(whole) {
        return Err(Error::shape("C", format!("channels of {n_bins} bins and {frames} frames"), c.len()));
    }
    check_finite("C", c, false)?;
    let channels = c.len() / whole;
    let tuning = tuned::<T>(&[], 0, &options, 1, threads)?;
    let freqs = Intervals::Equal.frequencies(n_bins, options.lowest(tuning), per_octave)?;
    let alpha = options.alpha(&freqs)?;
    let (lengths, _) = options.wavelets(sr).lengths(&freqs, Some(&alpha))?;
    let longest = lengths.iter().fold(0f64, |longest, &length| longest.max(length));
    if length == Some(0) {
        return Err(Error::argument("length", "at least 1, or null", 0));
    }
    // Frames beyond the end do not count.
    let used = match length {
        Some(length) => {
            let reached = ((length as f64 + longest) / hop_length as f64).ceil() as usize;
            frames.min(reached)
        }
        None => frames,
    };
    let octaves = n_bins.div_ceil(per_octave);
    // Halved as often as the hop allows; the top octave has the full rate.
    let halvings = hop_length.trailing_zeros().min(octaves as u32 - 1) as usize;
    let natural = (used - 1).saturating_mul(hop_length);
    let samples = length.unwrap_or(natural);
    let most = FREE.max(frames.saturating_mul(GROWTH)).min(MAX_ELEMENTS / channels.max(1));
    if natural > most {
        let expected = format!("small enough for at most {most} samples from {frames} frames");
        return Err(Error::argument("hopLength", expected, hop_length));
    }
    if samples > most {
        return Err(Error::argument("length", format!("at most {most} samples for {frames} frames"), samples));
    }
    let mut sums = vec![vec![0f64; natural]; channels];
    for octave in 0..octaves {
        let factor = 1usize << (octaves - 1 - octave).min(halvings);
        let own = per_octave * octave..(per_octave * (octave + 1)).min(n_bins);
        let (rate, hop) = (sr / factor as f64, hop_length / factor);
        let wavelets = options.wavelets(rate);
        let (own_lengths, _) = wavelets.lengths(&freqs[own.clone()], Some(&alpha[own.clone()]))?;
        let (n_fft, entries) = basis::entries(&options, &wavelets, &freqs[own.clone()], &own_lengths, 1)?;
        let weights: Vec<f64> = entries
            .iter()
            .zip(&lengths[own.clone()])
            .map(|(row, length)| {
                let power: f64 = row.iter().map(|(_, [re, im])| re * re + im * im).sum();
                let scale = if scale { length.sqrt() } else { 1.0 };
                scale * n_fft as f64 / (length * power)
            })
            .collect();
        let mut stft = Stft::new(&StftOptions {
            n_fft,
            hop_length: hop,
            window: vec![1.0; n_fft],
            center: true,
            pad_mode: PadMode::Constant,
        })?;
        let part = stft.inverse_length(used, None)?;
        let mut signal = vec![0f64; part];
        let mut spectra = vec![0f64; 2 * stft.bins() * used];
        for (channel, sum) in c.chunks_exact(whole).zip(&mut sums) {
            spectra.fill(0.0);
            for ((row, weight), filter) in entries.iter().zip(&weights).zip(own.clone()) {
                let response = &channel[2 * filter * frames..][..2 * used];
                for &(bin, [re, im]) in row {
                    let (re, im) = (re * weight, -im * weight);
                    let to = &mut spectra[2 * bin as usize * used..][..2 * used];
                    for (to, z) in to.chunks_exact_mut(2).zip(response.chunks_exact(2)) {
                        let (a, b) = (z[0].to_f64(), z[1].to_f64());
                        to[0] += re * a - im * b;
                        to[1] += re * b + im * a;
                    }
                }
            }
            stft.inverse(&spectra, used, None, &mut signal, false)?;
            let full = interpolate(&signal, factor, res_type, threads)?;
            for (sum, x) in sum.iter_mut().zip(full) {
                *sum += x;
            }
        }
    }
    let mut output = vec![T::zero(); channels * samples];
    if samples > 0 {
        for (output, sum) in output.chunks_exact_mut(samples).zip(&sums) {
            for (to, &x) in output.iter_mut().zip(sum) {
                *to = T::of(x);
            }
        }
    }
    Ok(output)
}
