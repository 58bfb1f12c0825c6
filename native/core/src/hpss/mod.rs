//! Harmonic-percussive source separation, as librosa 0.11 computes it (`librosa.effects.hpss`, `librosa.decompose.hpss`,
//! `librosa.util.softmask`).
//!
//! Harmonic sounds are horizontal lines of a spectrogram, percussive ones are vertical: a running median along time keeps
//! the former, one along frequency the latter, and the two make masks (Fitzgerald, "Harmonic/percussive separation using
//! median filtering", DAFx 2010; margins and residual: Driedger, Müller and Disch, ISMIR 2014).
//!
//! A signal goes through in tiles of a few frames that stay in the cache: transform, medians, masks, inverse, all in one
//! pass with bounded memory ([`separator`]). The same pass makes the one-shot form, the parallel form (stretches of the
//! signal on different threads) and the stream, so that they give the same bits.

mod decompose;
mod mask;
mod online;
mod outlet;
mod separator;
#[cfg(test)]
mod tests;
mod tile;

pub use decompose::{DecomposeOptions, Decomposition, decompose};
pub use mask::{SoftmaskOptions, softmask};
pub use online::OnlineHpss;

use crate::jobs::{available, for_each, for_signals};
use crate::simd::Real;
use crate::stft::signal::Signal;
use crate::stft::{Stft, StftOptions};
use crate::{Error, Result, check_finite, options};
use mask::check_power;
use outlet::Outlet;
use separator::{Separator, Span};

/// The maximum number of values that the windows of one stream may hold.
const MAX_ELEMENTS: usize = 1 << 26;

options! {
    /// What masks are made by.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct MaskOptions {
        /// Frames of the harmonic median and bins of the percussive one.
        pub kernel_size: (usize, usize),
        /// The exponent of the Wiener filter; infinity makes the masks 0 or 1.
        pub power: f64,
        /// How much larger the harmonic (percussive) part must be than the other one; at least 1.
        pub margin: (f64, f64),
        /// Whether to return the masks themselves instead of applying them.
        pub mask: bool,
    }
}

options! {
    /// Everything that separates a signal.
    #[derive(Debug, Clone, PartialEq)]
    pub struct HpssOptions {
        pub stft: StftOptions,
        pub masks: MaskOptions,
    }
}

options! {
    /// Everything that separates a signal into both parts.
    #[derive(Debug, Clone, PartialEq)]
    pub struct SeparationOptions {
        pub hpss: HpssOptions,
        /// Whether the residual, which neither mask let through, is wanted as well.
        pub residual: bool,
    }
}

/// Which parts are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    pub harmonic: bool,
    pub percussive: bool,
    /// What neither mask let through: there is something where a margin exceeds 1.
    pub residual: bool,
}

impl Parts {
    fn list(self) -> [bool; 3] {
        [self.harmonic, self.percussive, self.residual]
    }

    pub fn count(self) -> usize {
        self.list().into_iter().filter(|&wanted| wanted).count()
    }
}

impl MaskOptions {
    fn check(&self) -> Result<()> {
        let (harmonic, percussive) = self.kernel_size;
        for k in [harmonic, percussive] {
            if k == 0 || k > MAX_ELEMENTS {
                return Err(Error::argument("kernelSize", format!("between 1 and {MAX_ELEMENTS}"), k));
            }
        }
        check_power(self.power)?;
        for margin in [self.margin.0, self.margin.1] {
            if !(margin >= 1.0 && margin.is_finite()) {
                return Err(Error::argument("margin", "at least 1 (a typical range is between 1 and 10)", margin));
            }
        }
        Ok(())
    }

    /// Whether cells in which both medians are zero are shared.
    fn split(&self) -> bool {
        self.margin == (1.0, 1.0)
    }

    /// Whether the two masks add up to one in every cell.
    fn complementary(&self) -> bool {
        self.split() && self.power.is_finite()
    }
}

/// Checks the options and creates the plan for signals of type `T`.
///
/// Whatever the signals are, everything is computed in `f64` and rounded once. Medians in `f32` would take two thirds of the
/// time, but they would err by more than 1e-4 of small values of a part that is itself small.
fn plan<T: Real>(options: &HpssOptions, parts: Parts) -> Result<Separator> {
    options.masks.check()?;
    if parts.count() == 0 {
        return Err(Error::argument("parts", "at least one of harmonic, percussive and residual", "none"));
    }
    if parts.residual && options.masks.mask {
        return Err(Error::argument("residual", "false if mask is true", true));
    }
    let plan = Stft::new(&options.stft)?;
    let (harmonic, percussive) = options.masks.kernel_size;
    let most = (MAX_ELEMENTS / plan.bins()).max(1);
    if harmonic > most {
        let expected = format!("at most {most} frames for {} bins", plan.bins());
        return Err(Error::argument("kernelSize", expected, harmonic));
    }
    if percussive > (1 << 20) {
        return Err(Error::argument("kernelSize", format!("at most {} bins", 1 << 20), percussive));
    }
    Separator::new(plan, options.masks, parts, T::MIN_POSITIVE)
}

impl Separator {
    /// Separates what belongs to the frames `first .. last` of `frames`: the samples of `outlet`.
    fn stretch<T: Real>(&mut self, y: &[T], (first, last): (usize, usize), frames: usize, outlet: &mut Outlet<T>) {
        let plan = self.plan();
        let signal = Signal::whole(y, plan.pad_mode());
        // Frames before the first one still reach into its samples.
        let before = (plan.window().len() - 1) / plan.hop();
        self.begin(first.saturating_sub(before));
        self.advance(&signal, &Span::of(first, last, frames), outlet);
    }
}

/// Frames of a signal, or why there are none.
fn frames(plan: &Stft, samples: usize) -> Result<usize> {
    match plan.frames(samples) {
        0 => plan.check(1, samples),
        frames => Ok(frames),
    }
}

fn check<T: Real>(y: &[T], samples: usize, plan: &Stft, threads: bool) -> Result<usize> {
    if samples == 0 || y.is_empty() || !y.len().is_multiple_of(samples) {
        return Err(Error::shape("y", "at least one sample in every channel", y.len()));
    }
    check_finite("y", y, threads)?;
    frames(plan, samples)
}

/// Separates channels of `samples` samples. The wanted parts come in the order harmonic, percussive, residual, each with
/// the size of `y`. NaN and infinity are errors.
pub fn hpss<T: Real>(
    y: &[T],
    samples: usize,
    options: &HpssOptions,
    parts: Parts,
    threads: bool,
) -> Result<Vec<Vec<T>>> {
    let mut engine = plan::<T>(options, parts)?;
    separate(&mut engine, y, samples, parts, threads)
}

/// Many signals of one channel each; an error names the signal. Parts as in [`hpss`].
pub fn batch<T: Real>(
    signals: &[&[T]],
    options: &HpssOptions,
    parts: Parts,
    threads: bool,
) -> Result<Vec<Vec<Vec<T>>>> {
    let engine = plan::<T>(options, parts)?;
    for_signals(threads, signals, &engine, |engine, y| separate(engine, y, y.len(), parts, false))
}

fn separate<T: Real>(
    engine: &mut Separator,
    y: &[T],
    samples: usize,
    parts: Parts,
    threads: bool,
) -> Result<Vec<Vec<T>>> {
    let plan = engine.plan();
    let frames = check(y, samples, plan, threads)?;
    let mut results = vec![vec![T::zero(); y.len()]; parts.count()];
    let channels = y.len() / samples;
    // Several stretches per thread, so that none waits long for another; but each computes some frames before it and after it
    // again, and is much longer than those.
    let again = engine.options().kernel_size.0 + plan.window().len() / plan.hop();
    let wanted = match available(threads) {
        1 => 1,
        threads => (4 * threads).div_ceil(channels),
    };
    let share = frames.div_ceil(wanted).max(16 * again).next_multiple_of(tile::LANES);
    let stretches: Vec<(usize, usize)> =
        (0..frames.div_ceil(share)).map(|i| (i * share, frames.min((i + 1) * share))).collect();
    let samples_before = |frame: usize| match frame {
        0 => 0,
        _ if frame >= frames => samples,
        _ => frame.saturating_mul(plan.hop()).saturating_sub(plan.pad()).min(samples),
    };
    let mut jobs = Vec::new();
    let mut channels_of: Vec<_> = results.iter_mut().map(|part| part.chunks_exact_mut(samples)).collect();
    for y in y.chunks_exact(samples) {
        let mut rest: Vec<&mut [T]> = channels_of.iter_mut().filter_map(Iterator::next).collect();
        for &(first, last) in &stretches {
            let (from, to) = (samples_before(first), samples_before(last));
            let mut own = Vec::with_capacity(rest.len());
            for part in &mut rest {
                let (head, tail) = std::mem::take(part).split_at_mut(to - from);
                own.push(head);
                *part = tail;
            }
            jobs.push((y, (first, last), Outlet::new(from, own, parts)));
        }
    }
    for_each(
        threads,
        &mut jobs,
        engine,
        || (),
        |engine, (), _, (y, stretch, outlet)| {
            engine.stretch(y, *stretch, frames, outlet);
        },
    );
    Ok(results)
}
