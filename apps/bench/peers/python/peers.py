"""One function a peer: (params, threads) -> (version, work, result).

`work()` is one iteration, exactly what is timed; `result(value)` turns what it returned into an array or a list of
texts for the comparison. Libraries are imported inside, so that each may be missing by itself.
"""

from importlib.metadata import version

import numpy as np

PEERS = {}


def peer(name):
    def register(function):
        PEERS[name] = function
        return function

    return register


def samples(params):
    return np.fromfile(params["samples"], dtype="float32")


def batch(params):
    return samples(params).reshape(-1, params["length"])


def interleaved(spectrum):
    return np.stack([spectrum.real, spectrum.imag], axis=-1).astype("float32")


def torch_with(threads):
    import torch

    torch.set_num_threads(threads)
    return torch


@peer("fft:numpy")
def fft_numpy(params, threads):
    x = batch(params)
    return version("numpy"), lambda: np.fft.rfft(x), interleaved


@peer("fft:scipy")
def fft_scipy(params, threads):
    import scipy.fft

    x = batch(params)
    return version("scipy"), lambda: scipy.fft.rfft(x, workers=threads), interleaved


@peer("fft:fftw")
def fft_fftw(params, threads):
    import pyfftw

    x = batch(params)
    given = pyfftw.empty_aligned(x.shape, "float32")
    out = pyfftw.empty_aligned((x.shape[0], x.shape[1] // 2 + 1), "complex64")
    plan = pyfftw.FFTW(given, out, axes=(1,), flags=("FFTW_MEASURE",), threads=threads)
    given[:] = x
    return f"{pyfftw.fftw_version} ({version('pyfftw')})", plan.execute, lambda _: interleaved(out)


@peer("fft:torch")
def fft_torch(params, threads):
    torch = torch_with(threads)
    x = torch.from_numpy(batch(params))
    # Without `out=`, which is slower here.
    return version("torch"), lambda: torch.fft.rfft(x), lambda value: interleaved(value.numpy())


@peer("fbank:torchaudio")
def fbank_torchaudio(params, threads):
    torch = torch_with(threads)
    import torchaudio.compliance.kaldi as kaldi

    x = torch.from_numpy(samples(params))[None]
    options = params["options"]

    def work():
        with torch.inference_mode():
            return kaldi.fbank(x, **options)

    return version("torchaudio"), work, lambda value: value.numpy()


def knf_features(params):
    """The features of a list of samples."""
    import kaldi_native_fbank as knf

    given = params["options"]
    options = knf.FbankOptions()
    options.frame_opts.dither = 0
    options.frame_opts.samp_freq = 16000
    options.frame_opts.remove_dc_offset = given["remove_dc_offset"]
    options.mel_opts.num_bins = given["num_mel_bins"]
    options.mel_opts.low_freq = given["low_freq"]
    options.mel_opts.high_freq = given["high_freq"]

    def features(x):
        online = knf.OnlineFbank(options)
        online.accept_waveform(16000, x)
        online.input_finished()
        return np.stack([online.get_frame(i) for i in range(online.num_frames_ready)])

    return features


@peer("fbank:kaldi-native-fbank")
def fbank_knf(params, threads):
    # Its binding converts a list faster than an array, and one frame at a time is the only way out.
    x, features = samples(params).tolist(), knf_features(params)
    return version("kaldi-native-fbank"), lambda: features(x), lambda value: value


@peer("resample:torchaudio")
def resample_torchaudio(params, threads):
    torch = torch_with(threads)
    import torchaudio

    x = torch.from_numpy(samples(params))
    transform = torchaudio.transforms.Resample(params["from"], params["to"])

    def work():
        with torch.inference_mode():
            return transform(x)

    return version("torchaudio"), work, lambda value: value.numpy()


@peer("resample:soxr")
def resample_soxr(params, threads):
    import soxr

    x = samples(params)
    return version("soxr"), lambda: soxr.resample(x, params["from"], params["to"], quality="HQ"), lambda value: value


@peer("decode:libsndfile")
def decode_libsndfile(params, threads):
    import soundfile

    files = params["files"]

    def work():
        return [soundfile.read(file, dtype="float32", always_2d=True)[0] for file in files]

    # [channels, samples] of each file, one after the other, as ours.
    return (
        f"{soundfile.__libsndfile_version__} ({version('soundfile')})",
        work,
        lambda value: np.concatenate([y.T.reshape(-1) for y in value]),
    )


@peer("asr:sherpa-onnx")
def asr_sherpa(params, threads):
    import sherpa_onnx
    import soundfile

    model, files = params["model"], params["files"]
    recognizer = sherpa_onnx.OfflineRecognizer.from_transducer(
        encoder=f"{model}/encoder.onnx",
        decoder=f"{model}/decoder.onnx",
        joiner=f"{model}/joiner.onnx",
        tokens=f"{model}/tokens.txt",
        num_threads=threads,
        decoding_method="greedy_search",
    )

    def transcribe(file):
        audio, rate = soundfile.read(file, dtype="float32")
        stream = recognizer.create_stream()
        stream.accept_waveform(rate, audio)
        recognizer.decode_stream(stream)
        return stream.result.text

    return version("sherpa-onnx"), lambda: [transcribe(file) for file in files], lambda value: value
