"""Proves that training's features are the project's: compares features.fbank with what the dsp command writes.

    python check_features.py [--dsp "npx dsp"] [--count 8]

Runs `dsp features AUDIO --kind fbank --set preset=sherpa-onnx --out FILE.npy` on recordings of AN4's test split and a
synthesized utterance, and prints the largest difference of the logarithms on bins above the floor. Exit code 1 above
the tolerance.
"""

import argparse
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile
import torch

from features import FLOOR, SAMPLE_RATE, fbank
from paths import REPO, an4
from synth import say

# The tolerance of the project's float32 fbank against torchaudio's: a log mel energy, on bins off the floor.
TOLERANCE = 1e-3


def difference(audio: Path, command: list[str], folder: Path) -> tuple[tuple[int, ...], float, float]:
    out = folder / (audio.stem + ".npy")
    line = [*command, "features", str(audio), "--kind", "fbank", "--set", "preset=sherpa-onnx", "--out", str(out)]
    subprocess.run(line, cwd=REPO, check=True, stdout=subprocess.DEVNULL)
    theirs = np.load(out)
    samples, _ = soundfile.read(audio, dtype="float32")
    ours = fbank(torch.from_numpy(samples)).numpy()
    if ours.shape != theirs.shape:
        sys.exit(f"{audio}: training has {ours.shape}, the command {theirs.shape}")
    off_floor = ours > np.log(FLOOR) + 1e-3
    gap = np.abs(ours - theirs)[off_floor]
    return ours.shape, float(gap.max()), float(np.quantile(gap, 0.999))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dsp", default="npx dsp", help="how the command is started, in the repository root")
    parser.add_argument("--count", type=int, default=8)
    args = parser.parse_args()
    files = sorted((an4() / "test").glob("*/*.flac"))
    files = files[:: max(1, len(files) // args.count)][: args.count]
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        synthesized = Path(folder) / "synthesized.wav"
        job = {"voice": "en-us", "speed": 160, "pitch": 50, "gap": 0, "spoken": "ENTER SIX B"}
        soundfile.write(synthesized, say(job), SAMPLE_RATE)
        for audio in [*files, synthesized]:
            shape, largest, quantile = difference(audio, shlex.split(args.dsp), Path(folder))
            worst = max(worst, largest)
            print(f"{audio.stem:16s} {shape}  max {largest:.2e}  p99.9 {quantile:.2e}")
    print(f"largest difference {worst:.2e}, tolerance {TOLERANCE:.0e}")
    sys.exit(worst > TOLERANCE)


if __name__ == "__main__":
    main()
