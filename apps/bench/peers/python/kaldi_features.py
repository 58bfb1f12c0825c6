"""Kaldi's fbank from Python: our module, and whole files on all cores by each library in turn. See peers.py for the form.

Files are read by soundfile where a library has no decoder of its own. Its decoding, torch's, kaldi-native-fbank's and asrfront's work
release the interpreter's lock, so that a pool of threads uses all cores.
"""

from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version

import numpy as np

from peers import knf_features, peer, samples

#: asrfront takes samples at the scale of 16 bits, which adds this to every log energy.
LOG_SCALE = np.float32(2 * np.log(32768))
#: Where the energies of samples in [-1, 1] end.
LOG_FLOOR = np.float32(np.log(2.0**-23))


@peer("fbank:auralis")
def fbank_auralis(params, threads):
    from auralis_dsp import kaldi

    x = samples(params) * np.float32(params.get("scale", 1))
    options = params["options"]
    return version("auralis_dsp"), lambda: kaldi.fbank(x, **options), lambda value: value


@peer("files:auralis")
def files_auralis(params, threads):
    import auralis_dsp

    auralis_dsp.set_num_threads(threads)
    files, options = params["files"], params["options"]
    return version("auralis_dsp"), lambda: auralis_dsp.fbank_files(files, **options), np.concatenate


def in_pool(params, threads, features):
    """One iteration: all files, on so many threads that wait for work already."""
    import soundfile

    pool = ThreadPoolExecutor(threads)

    def of_file(file):
        audio, rate = soundfile.read(file, dtype="float32")
        assert rate == 16000
        return features(audio)

    return lambda: list(pool.map(of_file, params["files"]))


@peer("files:torchaudio")
def files_torchaudio(params, threads):
    import torch
    import torchaudio.compliance.kaldi as kaldi

    # The pool uses the cores.
    torch.set_num_threads(1)
    options = params["options"]

    def features(audio):
        with torch.inference_mode():
            return kaldi.fbank(torch.from_numpy(audio)[None], **options)

    return version("torchaudio"), in_pool(params, threads, features), np.concatenate


@peer("files:kaldi-native-fbank")
def files_knf(params, threads):
    features = knf_features(params)
    return version("kaldi-native-fbank"), in_pool(params, threads, lambda audio: features(audio.tolist())), np.concatenate


@peer("files:asrfront")
def files_asrfront(params, threads):
    from asrfront import sensevoice

    work = in_pool(params, threads, lambda audio: sensevoice.fbank_raw(audio, n_mels=params["options"]["num_mel_bins"]))
    return version("asrfront"), work, lambda value: np.maximum(np.concatenate(value) - LOG_SCALE, LOG_FLOOR)
