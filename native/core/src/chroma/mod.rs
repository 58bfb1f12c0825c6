//! Chroma: the energy of the pitch classes, from Fourier or constant-Q transforms, as librosa 0.11 computes it
//! (`librosa.feature.chroma_stft`, `chroma_cqt`, `chroma_cens`, `chroma_vqt`, `tonnetz`).

mod cens;
mod cqt;
mod filters;
mod online;
mod stft;
#[cfg(test)]
mod tests;
mod tonnetz;

pub use cens::{CensOptions, chroma_cens, chroma_cens_from_cqt};
pub use cqt::{
    ChromaCqtOptions, ChromaVqtOptions, CqtChromaOptions, CqtMode, chroma_cqt, chroma_cqt_from_cqt, chroma_vqt,
    chroma_vqt_from_vqt,
};
pub use filters::{BankOptions, ChromaFilterOptions, CqToChromaOptions, Kernel, chroma_filters, cq_to_chroma};
pub use online::OnlineChroma;
pub use stft::{ChromaStftOptions, FilterNorm, chroma_stft, chroma_stft_from_spectrogram};
pub use tonnetz::{tonnetz, tonnetz_from_chroma};
