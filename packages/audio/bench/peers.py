"""Times the peers of bench.mjs, one thread each, and prints them as JSON."""

import io
import json
import sys
import time
from pathlib import Path

import numpy as np
import soundfile as sf
import soxr
import torch
import torchaudio

torch.set_num_threads(1)


def best(run):
    least = float("inf")
    for _ in range(7):
        start = time.process_time()
        run()
        least = min(least, time.process_time() - start)
    return 1e3 * least


times = {}
for rate, name in [(44100, "44.1"), (22050, "22.05")]:
    i = np.arange(60 * rate)
    x = (0.3 * np.sin(i * 0.013) * np.cos(i * 0.31)).astype("f4")
    plan, tensor = torchaudio.transforms.Resample(rate, 16000), torch.from_numpy(x)
    times[f"resample 60 s {name} -> 16 kHz by torchaudio"] = best(lambda: plan(tensor))
    times[f"resample 60 s {name} -> 16 kHz by soxr HQ"] = best(lambda: soxr.resample(x, rate, 16000))
data = Path(sys.argv[1]).read_bytes()
times["decode FLAC by libsndfile"] = best(lambda: sf.read(io.BytesIO(data), dtype="float32"))
versions = f"torchaudio {torchaudio.__version__}, soxr {soxr.__version__}, libsndfile {sf.__libsndfile_version__}"
print(json.dumps({"versions": versions, "times": times}))
