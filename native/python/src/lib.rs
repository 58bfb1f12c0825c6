//! The Python module `auralis_dsp._native` over `dsp-core` and `dsp-codec`.
//!
//! It takes contiguous arrays, releases the interpreter's lock, calls the core and hands the results over without a
//! copy. Names, defaults, shapes and warnings are left to the Python files next to it.

mod array;
mod chroma;
mod codec;
mod cqt;
mod error;
mod files;
mod hpss;
mod kaldi;
mod mel;
mod options;
mod resample;
mod stft;
mod threads;
mod tuning;
mod window;
mod yin;

use pyo3::prelude::*;

#[pymodule]
mod _native {
    use numpy::{PyArray1, PyArrayMethods};
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::threads::default_threads();
        // numpy's interface is looked up when it is first used, and an interrupt at that moment would be a panic: better now.
        drop(PyArray1::<f32>::zeros(module.py(), 0, false).readonly());
        Ok(())
    }

    #[pymodule_export]
    use crate::chroma::{
        chroma_cens, chroma_cens_from_cqt, chroma_cqt, chroma_cqt_from_cqt, chroma_stft, chroma_stft_from_spectrogram,
        chroma_vqt, chroma_vqt_from_vqt, tonnetz,
    };
    #[pymodule_export]
    use crate::codec::decode;
    #[pymodule_export]
    use crate::cqt::{count_bins, hybrid_cqt, icqt, pseudo_cqt, vqt};
    /// The note C1 in hertz.
    #[pymodule_export]
    const C1: f64 = dsp_core::cqt::C1;
    #[pymodule_export]
    use crate::files::fbank_files;
    #[pymodule_export]
    use crate::hpss::{decompose, hpss, softmask};
    #[pymodule_export]
    use crate::kaldi::{fbank, kaldi_mfcc, spectrogram};
    #[pymodule_export]
    use crate::mel::{decibels, has_empty_filters, mel_from_spectrogram, melspectrogram, mfcc, mfcc_from_spectrogram};
    #[pymodule_export]
    use crate::resample::{resample, resample_soxr};
    #[pymodule_export]
    use crate::stft::{istft, stft};
    #[pymodule_export]
    use crate::threads::{fail, get_num_threads, set_num_threads};
    #[pymodule_export]
    use crate::tuning::{
        estimate_tuning, estimate_tuning_from_spectrogram, piptrack, piptrack_from_spectrogram, pitch_tuning,
    };
    #[pymodule_export]
    use crate::window::window;
    #[pymodule_export]
    use crate::yin::{find, follow};
}
