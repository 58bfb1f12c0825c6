"""How far our transforms, chroma and tunings stand from librosa's in float64: every recording of ../shared/data/music and
speech with the usual options, and options drawn from the whole space on excerpts, long and short, and on synthesised sounds.
Prints what the README says of it, and the worst cases with their options.

It asks auralis_dsp, whose results are those of @dsp/chroma byte for byte: install the wheel of native/python, librosa 0.11 and
soundfile (apps/bench/.venv has them), then python packages/chroma/test/parity/parity.py [CASES [SEED]]
"""

import collections
import contextlib
import functools
import pathlib
import sys
import warnings

import librosa
import numpy as np
import soundfile

import auralis_dsp

DATA = pathlib.Path(__file__).resolve().parents[5] / "shared" / "data"
RANDOM = np.random.default_rng(int(sys.argv[2]) if len(sys.argv) > 2 else 5)
MUSIC = sorted(DATA.glob("music/*.ogg"))
VOICES = sorted([*DATA.glob("speech/*.ogg"), *DATA.glob("speech/*.flac"), *DATA.glob("an4/test/*/*.flac")])
#: What is asked for: of the peak of a transform, and of chroma, of which 1 is the largest value.
TOLERANCE = 1e-5
WINDOWS = ["hamming", "blackman", "boxcar", "bartlett", "triang", "blackmanharris", "nuttall", "flattop", "cosine", "bohman",
           "parzen", "barthann"]  # fmt: skip
RATE_CHANGES = ["soxr_vhq", "soxr_mq", "soxr_lq", "soxr_qq", "fft", "scipy", "polyphase"]
PADDINGS = ["constant", "edge", "reflect", "symmetric"]
TRANSFORMS = ["cqt", "vqt", "hybrid_cqt", "pseudo_cqt", "icqt"]
FEATURES = ["chroma_cqt", "chroma_vqt", "chroma_cens", "chroma_stft", "tonnetz"]
TUNING = ["estimate_tuning", "piptrack"]
warnings.simplefilter("ignore")


def chance(part):
    return RANDOM.random() < part


def pick(*values):
    return values[RANDOM.integers(len(values))]


def between(low, high):
    """A number of any size, all sizes alike."""
    return float(np.exp(RANDOM.uniform(np.log(low), np.log(high))))


def synthesised(rate, length):
    t = np.arange(length) / rate
    kind = RANDOM.integers(5)
    if kind == 0:
        partials = between(40, 800) * np.arange(1, 8)
        return sum(np.sin(2 * np.pi * f * t + i) / (i + 1) for i, f in enumerate(partials) if f < rate / 2) / 3
    if kind == 1:
        return RANDOM.standard_normal(length) / 4
    if kind == 2:
        return 0.7 * np.sin(2 * np.pi * (50 * t + between(100, 3000) * t**2))
    if kind == 3:
        return np.where(RANDOM.random(length) < 20 / rate, 0.9, 0) * RANDOM.choice([-1, 1], length)
    return np.where(t > 0.3 * t[-1], 0.5 * np.sin(2 * np.pi * between(50, 2000) * t), 0)


def signal():
    """Samples and their rate: an excerpt of a recording, or none; of any length, cut off hard."""
    seconds = pick(between(0.01, 0.3), between(0.3, 3), between(2, 8))
    if chance(0.3):
        rate = int(pick(16000, 22050, 44100))
        return synthesised(rate, max(1, int(rate * seconds))), rate
    path = (MUSIC, VOICES)[int(chance(0.3))]
    path = path[RANDOM.integers(len(path))]
    info = soundfile.info(path)
    length = int(min(info.frames, max(1, info.samplerate * seconds)))
    start = int(RANDOM.integers(0, info.frames - length + 1))
    y, rate = soundfile.read(path, start=start, frames=length, always_2d=True)
    return y.T.copy() if y.shape[1] > 1 and chance(0.2) else y.mean(axis=1), rate


def window():
    kind = RANDOM.random()
    if kind < 0.5:
        return "hann"
    if kind < 0.8:
        return pick(*WINDOWS)
    return pick(("kaiser", between(0.5, 20)), between(0.5, 20), ("gaussian", between(10, 3000)), ("tukey", float(RANDOM.random())))


def some(options, **drawn):
    """Some of the options that could be given."""
    options.update({name: value for name, value in drawn.items() if chance(0.4)})
    return options


def norms():
    return pick(1, 2, np.inf, -np.inf, 0, 1.5, None)


def hop():
    return int(pick(512, 512, 256, 1024, 64, 128, 2048, 4096, 300, 777, 441))


def octaves(fmin, rate):
    return max(1, min(int(RANDOM.integers(1, 10)), int(np.log2(0.42 * rate / fmin))))


def transform(name, y, rate):
    bins, fmin = int(pick(12, 12, 24, 36, 1, 5, 17, 48)), between(16, 1500)
    o = {"sr": rate, "fmin": fmin, "bins_per_octave": bins, "hop_length": hop()}
    o["n_bins"] = max(1, bins * octaves(fmin, rate) - (int(RANDOM.integers(0, bins)) if chance(0.5) else 0))
    some(o, tuning=pick(None, 0.2, -0.37), filter_scale=between(0.3, 2.5), norm=norms(), sparsity=pick(0, 1e-3, 0.05, 0.3))
    some(o, window=window(), scale=False, pad_mode=pick(*PADDINGS))
    if name != "pseudo_cqt":
        some(o, res_type=pick(*RATE_CHANGES))
    if name == "vqt":
        some(o, gamma=pick(0, None, between(1, 50)), intervals=pick("ji3", "ji5", "ji7", "pythagorean", [1, 1.1, 1.25, 1.5]))
        if not isinstance(o.get("intervals", ""), str):
            o["n_bins"] = min(o["n_bins"], 4 * octaves(fmin, rate))
    return o


def feature(name, y, rate):
    chroma = int(pick(12, 12, 24, 6))
    fmin = pick(float(librosa.note_to_hz("C1")), between(25, 200))
    o = {"sr": rate, "hop_length": hop(), "n_chroma": chroma, "bins_per_octave": chroma * int(pick(1, 2, 3))}
    o.update(fmin=fmin, n_octaves=octaves(fmin, rate))
    some(o, tuning=pick(0, 0.13), cqt_mode="hybrid", window=np.array([0.2, 0.5, 0.2]))
    if name == "chroma_cens":
        return some(o, win_len_smooth=pick(None, 10, 21))
    if name == "tonnetz":
        return o
    some(o, norm=norms(), threshold=pick(0, None, 0.01))
    if name == "chroma_vqt":
        for key in ("n_chroma", "tuning", "cqt_mode", "window"):
            o.pop(key, None)
        o["bins_per_octave"] = int(pick(12, 19, 24))
        o["intervals"] = pick("equal", "ji3", "ji5", "pythagorean", [1, 9 / 8, 5 / 4, 4 / 3, 1.5, 5 / 3, 15 / 8])
        some(o, gamma=pick(None, 15.0))
    return o


def frames(rate):
    n_fft = int(pick(2048, 1024, 4096, 1000, 1025))
    o = {"sr": rate, "n_fft": n_fft, "hop_length": int(pick(n_fft // 4, 512, n_fft // 2, 300))}
    return some(o, win_length=n_fft * 3 // 4, window=window(), center=False, pad_mode=pick(*PADDINGS))


def by_frames(name, y, rate):
    o = frames(rate)
    if name == "estimate_tuning":
        return {"sr": rate, **some({}, n_fft=o["n_fft"], bins_per_octave=int(pick(24, 36)), resolution=pick(0.02, 0.05))}
    if name == "piptrack":
        return some(o, ref=1.0, fmin=50.0, fmax=rate / 3, threshold=0.2)
    some(o, tuning=0.1, n_chroma=int(pick(24, 13, 36)), octwidth=pick(None, 1.0), base_c=False, norm=norms())
    return o


def call(module, name, y, options):
    """The result, or nothing where the module refuses."""
    function = getattr(module, name, None) or getattr(module.feature, name)
    try:
        if name == "icqt":
            given = {k: v for k, v in options.items() if k not in ("n_bins", "pad_mode", "length")}
            source = {k: v for k, v in options.items() if k != "length"}
            C = np.asarray(librosa.cqt(y.astype(np.float64), **{**source, "tuning": source.get("tuning") or 0.0}))
            C = C.astype(np.complex64 if y.dtype == np.float32 else np.complex128).astype(
                np.complex64 if y.dtype == np.float32 and module is auralis_dsp else np.complex128
            )
            return function(C, **{**given, "tuning": given.get("tuning") or 0.0}, length=options.get("length"))
        found = function(y=y, **options)
        return np.stack(found) if isinstance(found, tuple) else np.asarray(found)
    except (librosa.ParameterError, librosa.util.exceptions.ParameterError):
        return None


def measure(name, y, options):
    """The largest deviation over the peak; that where librosa agrees with itself; and the part of values where it does not.
    Nothing where librosa refuses."""
    exact = y.astype(np.float64)
    judge, mine = call(librosa, name, exact, options), call(auralis_dsp, name, y, options)
    if judge is None:
        return None
    if mine is None or judge.shape != mine.shape:
        return np.inf, np.inf, 0.0
    scale = peak(name, judge)
    error = np.abs(mine - judge) / scale
    # Filters divided by 0 give no numbers: the same ones.
    error[np.isnan(mine) & np.isnan(judge)] = 0
    error[np.isnan(error)] = np.inf
    sure = doubt(name, exact, options, judge) <= TOLERANCE / 10
    if name == "chroma_cens":
        # Its steps jump: what lies on the other side of one is counted.
        return tuple(float(np.mean(part > TOLERANCE)) for part in (error, error[sure])) + (float(np.mean(~sure)),)
    return float(error.max(initial=0)), float(error[sure].max(initial=0)), float(np.mean(~sure)) if sure.size else 0.0


@contextlib.contextmanager
def double_filters():
    """librosa with filters in double precision: it has them in single precision, whatever the signal."""
    single = librosa.filters.wavelet
    librosa.filters.wavelet = functools.partial(single, dtype=np.complex128)
    try:
        yield
    finally:
        librosa.filters.wavelet = single


def doubt(name, y, options, judge):
    """How far librosa stands from itself, over the peak: from a third of its result for three times the signal, as soxr
    rounds to single precision inside, and from its result with filters in double precision."""
    absolute = name in FEATURES and options.get("norm", 0) is not None or name in TUNING
    again = call(librosa, name, 3 * y, options)
    if name == "piptrack":
        again[1] /= 3
    own = np.abs((again if absolute else again / 3) - judge)
    with double_filters():
        own = np.maximum(own, np.abs(call(librosa, name, y, options) - judge))
    if name in FEATURES:
        # Chroma of a frame are divided by one number.
        own = np.broadcast_to(own.max(axis=-2, keepdims=True), own.shape)
    return np.nan_to_num(own, nan=np.inf) / peak(name, judge)


def peak(name, judge):
    """What deviations are measured by."""
    return 1.0 if name == "estimate_tuning" else max(float(np.nanmax(np.abs(judge), initial=0)), 1e-300)


def draw(name):
    y, rate = signal()
    o = transform(name, y, rate) if name in TRANSFORMS else by_frames(name, y, rate)
    if name in FEATURES and name != "chroma_stft":
        o = feature(name, y, rate)
    if name == "icqt":
        y = y.mean(axis=0) if y.ndim > 1 else y
        some(o, length=y.shape[-1])
    # An estimated tuning hangs on the precision: float32 signals get one.
    precision = np.float32 if chance(0.3) and name not in TUNING else np.float64
    if precision == np.float32 and o.get("tuning") is None and name in (*TRANSFORMS, *FEATURES) and name != "chroma_vqt":
        o["tuning"] = 0.1
    return y.astype(precision), o


def random_options(count):
    for name in (*TRANSFORMS, *FEATURES, *TUNING):
        found = []
        for case in range(count):
            y, options = draw(name)
            result = measure(name, y, options)
            if result is not None:
                found.append((*result, case, f"{y.dtype} {y.shape} {options}"))
        sure, doubtful = max(one[1] for one in found), np.mean([one[2] for one in found])
        beyond = sorted((one for one in found if one[0] > TOLERANCE), key=lambda one: -one[1])
        print(f"{name}: {len(found)} of {count} cases; within {sure:.1e} where librosa agrees with itself, which it does not on "
              f"{100 * doubtful:.2f} % of values; {len(beyond)} cases beyond {TOLERANCE:g} anywhere", flush=True)  # fmt: skip
        for error, sure, doubtful, case, text in beyond[:8]:
            print(f"    {sure:.1e} and {error:.1e} (doubtful {100 * doubtful:.2f} %), case {case}: {text}", flush=True)


def recordings(seconds):
    """Every recording, mixed to one channel, with the defaults; frames that soxr's rounding decides are counted."""
    worst, doubtful = collections.defaultdict(float), collections.Counter()
    paths = [*MUSIC, *VOICES]
    for path in paths:
        y, rate = soundfile.read(path, frames=int(seconds * soundfile.info(path).samplerate), always_2d=True)
        y = y.mean(axis=1)
        bins = 84 if rate >= 22050 else 72
        judge = librosa.cqt(y, sr=rate, n_bins=bins)
        error = np.abs(auralis_dsp.cqt(y, sr=rate, n_bins=bins) - judge).max() / np.abs(judge).max()
        worst["cqt"] = max(worst["cqt"], float(error))
        for name in ("chroma_cqt", "chroma_stft"):
            o = {"sr": rate} if name == "chroma_stft" else {"sr": rate, "n_octaves": bins // 12}
            judge, again = (getattr(librosa.feature, name)(y=factor * y, **o) for factor in (1, 3))
            errors = np.abs(getattr(auralis_dsp, name)(y=y, **o) - judge).max(axis=0)
            # librosa is of two minds there, and ours of a third one.
            own = np.abs(again - judge).max(axis=0) > TOLERANCE / 10
            worst[name] = max(worst[name], float(errors[~own].max(initial=0)))
            doubtful[name, "frames"] += errors.size
            doubtful[name, "doubtful"] += int(own.sum())
            beyond = int((errors > TOLERANCE).sum())
            doubtful[name, "beyond"] += beyond
            if beyond:
                print(f"    {path.name} {name}: {beyond} frames beyond, by {errors.max():.1e}; {int(own.sum())} doubtful, "
                      f"{int(((errors > TOLERANCE) & ~own).sum())} of them beyond and not doubtful", flush=True)  # fmt: skip
    print(f"{len(paths)} recordings, at most {seconds} s each: {dict(worst)} {dict(doubtful)}", flush=True)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    random_options(count)
    recordings(40)
