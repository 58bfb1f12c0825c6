"""librosa's HPSS, pitch, constant-Q, chroma and mel functions, Kaldi's features, decoding and resampling on a Rust core.

Kaldi's are those of ``torchaudio.compliance.kaldi``, in :mod:`auralis_dsp.kaldi`. Of librosa's, names, arguments,
defaults, types, shapes, errors and warnings are those of the librosa that is installed (0.10, 0.11 or 1.0; 1.0 where
there is none), so that an import is the whole migration::

    from auralis_dsp import chroma_cqt, hpss, yin      # instead of librosa.…
    # or
    auralis_dsp.patch_librosa()                        # and call librosa as before
"""

from __future__ import annotations

from typing import Any

from . import decompose, effects, errors, feature, kaldi, soxr, util
from .audio import decode, resample
from .constantq import cqt, hybrid_cqt, icqt, pseudo_cqt, vqt
from .effects import harmonic, hpss, percussive
from .errors import DspError
from .feature import chroma_cens, chroma_cqt, chroma_stft, chroma_vqt, melspectrogram, mfcc, tonnetz
from .kaldi import fbank, fbank_files
from .patch import patch_librosa, patched_librosa, unpatch_librosa
from .pitch import estimate_tuning, piptrack, pitch_tuning, pyin, yin
from .spectrum import amplitude_to_db, istft, power_to_db, stft
from .threads import get_num_threads, set_num_threads
from .util import softmask

__version__ = "0.0.0"

__all__ = [
    "DspError",
    "ParameterError",
    "amplitude_to_db",
    "chroma_cens",
    "chroma_cqt",
    "chroma_stft",
    "chroma_vqt",
    "cqt",
    "decode",
    "decompose",
    "effects",
    "estimate_tuning",
    "fbank",
    "fbank_files",
    "feature",
    "get_num_threads",
    "harmonic",
    "hpss",
    "hybrid_cqt",
    "icqt",
    "istft",
    "kaldi",
    "melspectrogram",
    "mfcc",
    "patch_librosa",
    "patched_librosa",
    "percussive",
    "piptrack",
    "pitch_tuning",
    "power_to_db",
    "pseudo_cqt",
    "pyin",
    "resample",
    "set_num_threads",
    "softmask",
    "soxr",
    "stft",
    "tonnetz",
    "unpatch_librosa",
    "util",
    "vqt",
    "yin",
]


def __getattr__(name: str) -> Any:
    # librosa's class if librosa is installed: it is looked for when somebody asks.
    if name == "ParameterError":
        return errors.__getattr__(name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
