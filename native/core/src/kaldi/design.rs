//! What is computed from the options alone: the window, the filters, the cosine transform.

use super::mel::MelBank;
use super::options::{Features, MfccOptions, Options};
use super::prepare::Preparation;
use super::tables;
use crate::Result;

/// The tables of a set of options.
pub struct Design {
    pub options: Options,
    /// Columns of the result.
    pub columns: usize,
    pub preparation: Preparation,
    /// Without rows for spectrograms.
    pub bank: MelBank,
    /// The sum of each filter's weights.
    pub weight_sums: Vec<f64>,
    /// The cosine transform times the lifter, a row per coefficient.
    pub cepstrum: Vec<f64>,
}

impl Design {
    /// Checks the options and makes the tables.
    pub fn new(options: Options) -> Result<Self> {
        options.check()?;
        let bank = match options.mel() {
            Some(mel) => MelBank::new(mel, options.frames.sample_frequency, options.frames.padded_window_size()),
            None => MelBank { rows: Vec::new() },
        };
        let cepstrum = match &options.features {
            Features::Mfcc(MfccOptions { mel, num_ceps, cepstral_lifter, .. }) => {
                tables::cepstrum(*num_ceps, mel.num_mel_bins, *cepstral_lifter)
            }
            _ => Vec::new(),
        };
        Ok(Self {
            columns: options.columns(),
            preparation: Preparation::new(&options),
            weight_sums: bank.rows.iter().map(|row| row.weights.iter().map(|w| f64::from(*w)).sum()).collect(),
            bank,
            cepstrum,
            options,
        })
    }

    /// Samples in a frame.
    pub fn size(&self) -> usize {
        self.preparation.framing.size
    }
}
