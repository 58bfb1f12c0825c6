"""Which of librosa's functions this package has, and in which file."""

from __future__ import annotations

#: A module of librosa's, and the file here that has its functions.
FILES = {
    "core.spectrum": "spectrum",
    "core.pitch": "pitch",
    "core.constantq": "constantq",
    "effects": "effects",
    "decompose": "decompose",
    "util.utils": "util",
    "feature.spectral": "feature",
}

#: The functions of each of those modules.
FUNCTIONS: dict[str, tuple[str, ...]] = {
    "core.spectrum": ("stft", "istft", "power_to_db", "amplitude_to_db"),
    "core.pitch": ("yin", "pyin", "piptrack", "estimate_tuning", "pitch_tuning"),
    "core.constantq": ("cqt", "vqt", "hybrid_cqt", "pseudo_cqt", "icqt"),
    "effects": ("hpss", "harmonic", "percussive"),
    "decompose": ("hpss",),
    "util.utils": ("softmask",),
    "feature.spectral": (
        "chroma_stft",
        "chroma_cqt",
        "chroma_cens",
        "chroma_vqt",
        "tonnetz",
        "melspectrogram",
        "mfcc",
    ),
}
