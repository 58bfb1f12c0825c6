"""Writes the goldens of @dsp/hpss beside itself: effects.npz, decompose.npz (librosa), median.npz (scipy.ndimage).

Needs numpy 2.4.6, scipy 1.17.1, librosa 0.11.0 and soundfile; the versions that ran are written into every file. Real sound
is read from ../shared/data beside the checkout. librosa computes in float64 everywhere: in float32 its own rounding exceeds
the tolerance of the tests.
"""

import json
import pathlib
import warnings

import librosa
import numpy as np
import scipy
import scipy.ndimage
import soundfile

HERE = pathlib.Path(__file__).parent
DATA = next(p for p in HERE.parents if (p / "turbo.json").exists()).parent / "shared" / "data"
RANDOM = np.random.default_rng(20261121)
VERSIONS = np.array(
    [f"numpy {np.__version__}", f"scipy {scipy.__version__}", f"librosa {librosa.__version__}"]
)
warnings.simplefilter("ignore")


def save(name, cases, arrays):
    np.savez_compressed(HERE / f"{name}.npz", versions=VERSIONS, cases=np.array(cases), **arrays)


def sound(length):
    """Tones, beats, noise and silence; 16-bit samples, which pack well."""
    t = np.arange(length)
    y = 0.3 * np.sin(0.21 * t) + 0.2 * np.sin(0.9 * t + 1) + 0.01 * RANDOM.standard_normal(length)
    y[:: max(3, length // 9)] += 0.8
    y[length // 2 : length // 2 + length // 5] = 0
    return np.round(y * 16384).astype(np.int16)


def excerpt(path, start, seconds):
    info = soundfile.info(DATA / path)
    first = int(start * info.samplerate)
    y, rate = soundfile.read(DATA / path, dtype="float32", start=first, frames=int(seconds * info.samplerate))
    return np.round((y if y.ndim == 1 else y.mean(axis=1)) * 32767).astype(np.int16)


def pair(low, high, number):
    """A number, or a pair of them."""
    a, b = number(low, high), number(low, high)
    return [a, b] if RANDOM.random() < 0.6 else a


def mask_options():
    whole = lambda low, high: int(RANDOM.integers(low, high))
    real = lambda low, high: round(float(RANDOM.uniform(low, high)), 2)
    return {
        "kernel_size": pair(1, 40, whole),
        "power": [1.0, 2.0, 2.0, 4.0, 0.7, 3.5, "inf"][RANDOM.integers(7)],
        "margin": 1.0 if RANDOM.random() < 0.5 else pair(1, 6, real),
        "mask": bool(RANDOM.random() < 0.2),
    }


def for_librosa(options):
    given = dict(options)
    if given.get("power") == "inf":
        given["power"] = np.inf
    if given.get("window") == "kaiser":
        given["window"] = ("kaiser", 6.5)
    if given.get("window") == "rectangular":
        given["window"] = "boxcar"
    return {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}


def effects():
    arrays, cases = {}, []

    def add(y, options, single=True, step=1):
        name = str(len(cases))
        # Where the windows leave (nearly) nothing, the quotient is of rounding errors.
        n_fft, win_length = options.get("n_fft", 2048), options.get("win_length")
        hop_length = options.get("hop_length", (win_length or n_fft) // 4)
        centred = options.get("center", True)
        frames = librosa.stft(y / 32768, n_fft=n_fft, hop_length=hop_length, center=centred).shape[-1]
        if np.max(options.get("kernel_size", 31)) >= 8 * min(frames, n_fft // 2 + 1):
            # Mirroring so often, scipy 1.17 takes samples from beside the array where the axis has an even length.
            return
        form = {"window": "hann", "n_frames": frames, "hop_length": hop_length, "win_length": win_length}
        sums = librosa.filters.window_sumsquare(**form, n_fft=n_fft, dtype=np.float64)[n_fft // 2 if centred else 0 :]
        sums = librosa.util.fix_length(sums, size=y.shape[-1])[::step]
        parts = librosa.effects.hpss(y / 32768, **for_librosa(options))
        arrays[f"y_{name}"] = y
        for part, values in zip(("harmonic", "percussive"), parts):
            arrays[f"{part}_{name}"] = values[..., ::step].astype(np.float32 if single else np.float64)
        cases.append(json.dumps({"name": name, "single": single, "step": step, "options": options}))
        arrays[f"covered_{name}"] = np.packbits(sums > 1e-12 * sums.max())

    add(sound(4000), {}, step=9)
    add(sound(4000), {}, single=False, step=9)
    music, voice = excerpt("music/vibe-ace.ogg", 20, 0.25), excerpt("speech/198-209-0000.ogg", 1, 0.25)
    for y in (music, voice):
        add(y, {}, step=9)
        add(y, {"margin": [1.0, 5.0], "kernel_size": [17, 45], "n_fft": 1024}, step=9)
    for i in range(36):
        n_fft = int(RANDOM.choice([16, 21, 32, 48, 64, 100, 128]))
        window = ["hann", "hamming", "blackman", "kaiser", "rectangular"][i % 5]
        options = mask_options() | {"n_fft": n_fft, "window": window}
        if i % 3 == 0:
            options["win_length"] = int(RANDOM.integers(n_fft // 2, n_fft + 1))
        if i % 4 == 0:
            # Below half a frame: with longer hops librosa pads the tail of a signal as if it were all of it.
            options["hop_length"] = int(RANDOM.integers(1, n_fft // 2))
        if i % 7 == 0:
            options["center"] = False
        options["pad_mode"] = ["constant", "edge", "reflect", "symmetric"][i % 4]
        length = int(RANDOM.choice([n_fft, n_fft + 3, 90, 200, 300]))
        if i % 11 == 0 and options.get("center", True):
            length = max(2, n_fft // 4) if options["pad_mode"] == "constant" else length
        length = max(length, n_fft) if not options.get("center", True) else length
        if options["pad_mode"] in ("reflect", "symmetric"):
            length = max(length, n_fft)
        y = sound(length)
        if i % 9 == 4:
            y = np.stack([y, sound(length)])
        add(y, options, single=i % 4 != 1)
    save("effects", cases, arrays)


def decompose():
    arrays, cases = {}, []
    for i in range(32):
        shape = [(9, 24), (25, 8), (1, 20), (17, 1), (2, 8, 15)][i % 5]
        x = RANDOM.standard_normal(shape) ** 2
        if i % 3 == 0:
            x = x * (RANDOM.random(shape) > 0.6)
        is_complex = bool(i % 2)
        S = x * np.exp(2j * np.pi * RANDOM.random(shape)) if is_complex else x
        single = i % 4 < 2
        S = S.astype(np.complex64 if is_complex else np.float32) if single else S
        options = mask_options()
        H, P = librosa.decompose.hpss(S.astype(np.complex128 if is_complex else np.float64), **for_librosa(options))
        wide = np.float32 if single else np.float64
        pairs = lambda z: (np.stack([z.real, z.imag], -1) if np.iscomplexobj(z) else np.asarray(z)).astype(wide)
        arrays |= {f"S_{i}": pairs(S) if is_complex else S, f"harmonic_{i}": pairs(H), f"percussive_{i}": pairs(P)}
        cases.append(json.dumps({"name": str(i), "complex": is_complex, "options": options}))
    for i in range(24):
        x, r = np.abs(RANDOM.standard_normal((2, 24)))
        x[::5] = 0
        r[::7] = 0
        x[20] = r[20] = 0
        x[11] = r[11]
        power = [1.0, 2.0, 0.5, 3.3, 30.0, np.inf][i % 6]
        split = bool(i % 2)
        mask = librosa.util.softmask(x, r, power=power, split_zeros=split)
        arrays |= {f"x_{i}": x, f"r_{i}": r, f"mask_{i}": np.asarray(mask, np.float64)}
        options = {"power": "inf" if np.isinf(power) else power, "splitZeros": split}
        cases.append(json.dumps({"name": str(i), "softmask": options}))
    save("decompose", cases, arrays)


def median():
    """scipy's own, whose results are exact: ours must be the same numbers."""
    arrays, cases = {}, []
    modes = ["reflect", "nearest", "mirror", "constant", "wrap"]
    for i in range(90):
        rank = 1 + i % 3
        shape = tuple(int(n) for n in RANDOM.integers(1, 14, rank))
        if i % 10 == 0:
            shape = (int(RANDOM.integers(30, 200)),)
        x = RANDOM.standard_normal(shape).astype(np.float32)
        if i % 4 == 0:
            x = np.round(x)
        # scipy's fast one-dimensional path is avoided: it was wrong at times.
        size = int(RANDOM.integers(1, 12 if i % 5 else 40))
        mode, cval = modes[i % 5], 0.5
        if len(shape) >= 2 and i % 7 == 0:
            kernel = [int(k) for k in RANDOM.integers(1, 6, 2)]
            sizes = (1,) * (len(shape) - 2) + tuple(kernel)
            case = {"size": kernel}
        else:
            axis = int(RANDOM.integers(-len(shape), len(shape)))
            sizes = [1] * len(shape)
            sizes[axis] = size
            case = {"size": size, "axis": axis}
        flat = x[None] if x.ndim == 1 else x
        sizes = (1, *sizes) if x.ndim == 1 else tuple(sizes)
        want = scipy.ndimage.median_filter(flat, size=sizes, mode=mode, cval=cval).reshape(x.shape)
        arrays |= {f"x_{i}": x, f"want_{i}": want}
        cases.append(json.dumps({"name": str(i), **case, "mode": mode, "cval": cval}))
    save("median", cases, arrays)


effects()
decompose()
median()
