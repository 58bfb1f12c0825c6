"""dsp.json, the passport of a speaker encoder, of the packed training clips at their own speed, before augmentation.

An encoder of the kind `mel` has Kaldi's fbank. The others take samples and learn their filters, so there is nothing of
bins to say that would not change with the weights; what must be right is the level of the samples. Their front end is
`raw`, whose one bin is the level of each 10 ms in dB (0 dB is a root mean square of 1): int16 values in place of
samples in [-1, 1] are 90 dB off. There are no blanks. The form and the statistics are those of the speech recognizer's
training.
"""

import importlib.util
from types import ModuleType

import numpy as np
import torch

from data import Pack
from features import BINS
from model import Encoder
from paths import REPO
from samples import FRAME, RATE

FBANK = {"numMelBins": BINS, "sampleFrequency": RATE, "windowType": "povey", "snipEdges": True, "dither": 0}
FBANK |= {"lowFreq": 20, "highFreq": 0, "preemphasisCoefficient": 0.97, "removeDcOffset": True}


def passport_module() -> ModuleType:
    """passport.py of the speech recognizer's training, whose folder has other modules of the names used here."""
    path = REPO / "apps" / "asr" / "training" / "passport.py"
    spec = importlib.util.spec_from_file_location("passport", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def levels(samples: np.ndarray) -> np.ndarray:
    """The level in dB `[frames, 1]` of each 10 ms of samples in [-1, 1]; digital silence left out."""
    frames = len(samples) // FRAME
    power = np.square(samples[: frames * FRAME].astype(np.float64)).reshape(frames, FRAME).mean(axis=1)
    return 10 * np.log10(power[power > 0])[:, None]


@torch.inference_mode()
def passport_of(encoder: Encoder, pack: Pack) -> dict:
    """The passport of an encoder. The pack's first clips must be those at their own speed."""
    is_mel = encoder.shape.kind == "mel"
    statistics = passport_module().Statistics(BINS if is_mel else 1)
    for clip in np.flatnonzero(pack.split == 0):
        start = int(pack.start[clip])
        samples = pack.audio[start : start + int(pack.length[clip])].float() / 32768
        if is_mel and len(samples) < 400:
            continue
        statistics.add(encoder.features(samples[None])[0].T.numpy() if is_mel else levels(samples.numpy()))
    front_end = {"kind": "fbank", "options": FBANK} if is_mel else {"kind": "raw", "options": {}}
    return statistics.passport(RATE, front_end)
