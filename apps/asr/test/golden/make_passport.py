"""Makes passport.json with the training's own passport.py (numpy 2): `python make_passport.py`. The features are a formula."""

import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "training"))
import passport  # noqa: E402

BINS = 12


def features(recording: int) -> np.ndarray:
    t, b = np.arange(40 + 7 * recording)[:, None], np.arange(BINS)
    values = np.sin(0.37 * t + b * b + recording) * (2 + 0.1 * b) - 9 + 0.5 * recording - 0.2 * b
    values[:3] = -15.9  # digital silence
    return values.astype(np.float32)


def statistics() -> passport.Statistics:
    made = passport.Statistics(BINS)
    for recording in range(5):
        made.add(features(recording))
        made.add_outputs(6 + recording, 10)
    return made


if __name__ == "__main__":
    front_end = {"kind": "fbank", "options": {"numMelBins": BINS, "windowType": "povey"}, "logZeroGuard": None}
    text = passport.text_of(statistics().passport(16000, front_end))
    (HERE / "passport.json").write_text(text, encoding="utf-8")
