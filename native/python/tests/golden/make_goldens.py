"""Writes the signatures of the references whose functions this module has, for where they are not installed.

    pip install torch==2.11.0 torchaudio==2.11.0
    python make_goldens.py
"""

import inspect
import json
from importlib.metadata import version
from pathlib import Path

import torchaudio
from torchaudio.compliance import kaldi

FUNCTIONS = {
    "kaldi.fbank": kaldi.fbank,
    "kaldi.mfcc": kaldi.mfcc,
    "kaldi.spectrogram": kaldi.spectrogram,
    "resample": torchaudio.functional.resample,
}


def parameters(function):
    given = inspect.signature(function).parameters.values()
    return [[p.name, None if p.default is p.empty else p.default, p.default is p.empty] for p in given]


signatures = {name: parameters(function) for name, function in FUNCTIONS.items()}
text = json.dumps({"versions": [f"torchaudio {version('torchaudio')}"], "signatures": signatures}, indent=1)
(Path(__file__).parent / "signatures.json").write_text(text + "\n")
