"""librosa.feature.spectral: chroma and mel features."""

from __future__ import annotations

from .chroma import chroma_cens, chroma_cqt, chroma_stft, chroma_vqt, tonnetz
from .mel import melspectrogram, mfcc

__all__ = ["chroma_cens", "chroma_cqt", "chroma_stft", "chroma_vqt", "melspectrogram", "mfcc", "tonnetz"]
