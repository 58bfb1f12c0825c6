"""The Python peers of the music works: librosa, essentia, aubio, and Whisper's front ends. See peers.py for the form."""

from importlib.metadata import version

import numpy as np

from peers import peer, samples, torch_with


def librosa_call(params):
    """librosa's function of a dotted name with keyword arguments, on the samples."""
    import librosa

    function = librosa
    for name in params["function"].split("."):
        function = getattr(function, name)
    x = samples(params)
    options = params["options"]
    by_keyword = params["function"].startswith("feature.")
    work = (lambda: function(y=x, **options)) if by_keyword else (lambda: function(x, **options))
    return version("librosa"), work, stacked


def stacked(value):
    """Several results of one shape (harmonic and percussive; f0, flag and probability) become one array."""
    return np.stack([np.asarray(part, dtype="float64") for part in value]) if isinstance(value, tuple) else value


@peer("librosa")
def librosa_any(params, threads):
    return librosa_call(params)


@peer("librosa:three")
def librosa_three(params, threads):
    import librosa

    x, rate = samples(params), params["rate"]

    def work():
        parts = librosa.effects.hpss(x)
        f0 = librosa.yin(x, fmin=50, fmax=2000, sr=rate)
        chroma = librosa.feature.chroma_cqt(y=x, sr=rate)
        return np.concatenate([np.ravel(parts[0]), np.ravel(parts[1]), f0, np.ravel(chroma)])

    return version("librosa"), work, lambda value: value.astype("float64")


@peer("auralis")
def auralis(params, threads):
    """Our own functions as Python's users call them."""
    import auralis_dsp

    auralis_dsp.set_num_threads(threads)
    function = getattr(auralis_dsp, params["function"].split(".")[-1])
    x = samples(params)
    options = params["options"]
    by_keyword = params["function"].startswith("feature.")
    work = (lambda: function(y=x, **options)) if by_keyword else (lambda: function(x, **options))
    return version("auralis_dsp"), work, stacked


@peer("median:scipy")
def median_scipy(params, threads):
    from scipy.ndimage import median_filter

    x = samples(params).reshape(params["shape"])
    size = tuple(params["size"])
    return version("scipy"), lambda: median_filter(x, size=size, mode="reflect"), lambda value: value


def frames(x, length, hop):
    return [x[start : start + length] for start in range(0, len(x) - length + 1, hop)]


@peer("essentia:pitch")
def essentia_pitch(params, threads):
    import essentia.standard as es

    x, rate = samples(params), params["rate"]
    window = es.Windowing(type="hann", size=2048)
    spectrum = es.Spectrum(size=2048)
    range_ = {"frameSize": 2048, "sampleRate": rate, "minFrequency": 50, "maxFrequency": 2000}
    if params["algorithm"] == "PitchYin":
        estimate = es.PitchYin(**range_)
        work = lambda: [estimate(frame)[0] for frame in frames(x, 2048, 512)]  # noqa: E731
    else:
        estimate = es.PitchYinFFT(**range_)
        work = lambda: [estimate(spectrum(window(frame)))[0] for frame in frames(x, 2048, 512)]  # noqa: E731
    return version("essentia"), work, lambda value: np.array(value, dtype="float32")


@peer("essentia:hpcp")
def essentia_hpcp(params, threads):
    import essentia.standard as es

    x, rate = samples(params), params["rate"]
    window = es.Windowing(type="hann", size=2048)
    spectrum = es.Spectrum(size=2048)
    peaks = es.SpectralPeaks(sampleRate=rate, maxFrequency=5000, maxPeaks=60)
    hpcp = es.HPCP(sampleRate=rate)

    def work():
        return [hpcp(*peaks(spectrum(window(frame)))) for frame in frames(x, 2048, 512)]

    return version("essentia"), work, lambda value: np.array(value, dtype="float32").T


@peer("aubio:pitch")
def aubio_pitch(params, threads):
    import aubio

    x, rate, method = samples(params), params["rate"], params["method"]
    hops = [x[start : start + 512] for start in range(0, len(x) - 511, 512)]

    def work():
        # A detector carries the last hops from call to call, so each iteration has its own.
        pitch = aubio.pitch(method, 2048, 512, rate)
        return [pitch(hop)[0] for hop in hops]

    return version("aubio"), work, lambda value: np.array(value, dtype="float32")


@peer("whisper:transformers")
def whisper_transformers(params, threads):
    torch = torch_with(threads)
    from transformers import WhisperFeatureExtractor

    x = samples(params)
    extractor = WhisperFeatureExtractor(feature_size=params["mels"])
    if params["path"] == "numpy":
        work = lambda: extractor._np_extract_fbank_features(x[None], "cpu")[0]  # noqa: E731
    else:
        # Its torch path; it says itself which one it takes where torch is there.
        def work():
            with torch.inference_mode():
                return extractor._torch_extract_fbank_features(x, "cpu")

    return version("transformers"), work, lambda value: np.asarray(value, dtype="float32")


@peer("whisper:openai")
def whisper_openai(params, threads):
    torch = torch_with(threads)
    from whisper.audio import log_mel_spectrogram

    x = torch.from_numpy(samples(params))

    def work():
        with torch.inference_mode():
            return log_mel_spectrogram(x, n_mels=params["mels"])

    return version("openai-whisper"), work, lambda value: value.numpy()
