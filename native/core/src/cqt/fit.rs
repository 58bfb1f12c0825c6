//! How many filters there are where nobody says: as many as fit below half of the rate, as in librosa 1.0.

use super::frequencies::bandwidth;
use super::plan::tuned;
use super::wavelet::window_bandwidth;
use super::{CqtOptions, FilterOptions, PseudoCqtOptions, VqtOptions};
use crate::shape::check_signal;
use crate::simd::Real;
use crate::{Error, Result};
use std::borrow::Cow;

impl VqtOptions {
    /// The number of filters, which is known once they are [fitted](Self::fitted).
    pub(crate) fn bins(&self) -> usize {
        self.n_bins.unwrap_or(0)
    }

    /// How many filters there are with this tuning, or with none.
    pub fn count_bins(&self) -> Result<usize> {
        Ok(self.fitted(self.tuning.unwrap_or(0.0))?.bins())
    }

    /// With a number of filters.
    pub(crate) fn fitted(&self, tuning: f64) -> Result<Cow<'_, Self>> {
        if self.n_bins.is_some() {
            return Ok(Cow::Borrowed(self));
        }
        let FilterOptions { sr, bins_per_octave, filter_scale, window, .. } = self.filters;
        let (per_octave, lowest, nyquist) = (self.per_octave(), self.lowest(tuning), sr / 2.0);
        if !(lowest > 0.0 && lowest < nyquist) {
            return Err(Error::argument(
                "fmin",
                format!("above 0 and below the Nyquist frequency ({nyquist} Hz)"),
                lowest,
            ));
        }
        let most = (per_octave as f64 * (sr.log2() - lowest.log2())).ceil();
        let freqs = self.intervals.frequencies(most as usize, lowest, bins_per_octave)?;
        let width = window_bandwidth(window);
        // Judged by the distance to the filter below; the lowest one by that to the next.
        let logs: Vec<f64> = freqs.iter().map(|f| f.log2()).collect();
        let distance = |i: usize| logs[i.max(1)] - logs[i.max(1) - 1];
        let reaches = freqs.iter().enumerate().map(|(i, f)| {
            let alpha = bandwidth(1.0 / distance(i));
            let gamma = self.gamma.unwrap_or(alpha * 24.7 / 0.108);
            f * (1.0 + 0.5 * width / (filter_scale / alpha)) + 0.5 * gamma
        });
        let bins = reaches.take_while(|&reach| reach < nyquist).count();
        if bins == 0 {
            return Err(Error::argument("fmin", format!("low enough for a filter below {nyquist} Hz"), lowest));
        }
        Ok(Cow::Owned(Self { n_bins: Some(bins), ..self.clone() }))
    }
}

/// Options whose tuning and number of filters may depend on the signal.
pub trait Fit: Sized {
    /// The number of filters that the options say.
    fn n_bins(&self) -> Option<usize>;

    /// With the tuning and the number of filters that channels of `samples` samples get.
    fn fit<T: Real>(&self, y: &[T], samples: usize, threads: bool) -> Result<Self>;
}

impl Fit for VqtOptions {
    fn n_bins(&self) -> Option<usize> {
        self.n_bins
    }

    fn fit<T: Real>(&self, y: &[T], samples: usize, threads: bool) -> Result<Self> {
        check_signal(y, samples, threads)?;
        let tuning = tuned(y, samples, self, self.per_octave(), threads)?;
        Ok(Self { tuning: Some(tuning), ..self.fitted(tuning)?.into_owned() })
    }
}

macro_rules! fit_as_vqt {
    ($($options:ty),*) => {
        $(impl Fit for $options {
            fn n_bins(&self) -> Option<usize> {
                self.n_bins
            }

            fn fit<T: Real>(&self, y: &[T], samples: usize, threads: bool) -> Result<Self> {
                let VqtOptions { tuning, n_bins, .. } = VqtOptions::from(self).fit(y, samples, threads)?;
                Ok(Self { tuning, n_bins, ..*self })
            }
        })*
    };
}
fit_as_vqt!(CqtOptions, PseudoCqtOptions);
