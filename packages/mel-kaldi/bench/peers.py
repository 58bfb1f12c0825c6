"""The peers of bench.mjs: reads the name of one on each line, does the work once, prints the milliseconds of
processor time that it took.

    pip install torch==2.11.0 torchaudio==2.11.0 kaldi-native-fbank==1.22.5 numpy==2.4.6
"""
import sys
import time
from importlib.metadata import version

import kaldi_native_fbank as knf
import numpy as np
import torch
from torchaudio.compliance import kaldi

torch.set_num_threads(1)
samples = np.fromfile(sys.argv[1], dtype=np.float32)
waveform = torch.from_numpy(samples)[None]


def torchaudio():
    kaldi.fbank(waveform, num_mel_bins=80, low_freq=20.0, high_freq=7600.0, remove_dc_offset=False)


def kaldi_native_fbank():
    options = knf.FbankOptions()
    options.frame_opts.dither = 0
    options.frame_opts.remove_dc_offset = False
    options.mel_opts.num_bins = 80
    options.mel_opts.high_freq = 7600.0
    online = knf.OnlineFbank(options)
    # All frames are computed in C++ here; getting them one by one would cost several times as much again.
    online.accept_waveform(16000, samples)
    online.input_finished()


peers = {f"torchaudio {version('torchaudio')}": torchaudio, f"kaldi-native-fbank {version('kaldi-native-fbank')}": kaldi_native_fbank}
print("\t".join(peers), flush=True)
for line in sys.stdin:
    start = time.process_time()
    peers[line.strip()]()
    print((time.process_time() - start) * 1e3, flush=True)
