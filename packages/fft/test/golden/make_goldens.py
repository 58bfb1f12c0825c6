"""Writes the goldens of @dsp/fft beside itself: fft.npz (numpy.fft), windows.npz (scipy.signal), stft.npz (librosa).

Needs numpy 2.4.6, scipy 1.17.1 and librosa 0.11.0; the versions that ran are written into every file.
"""

import json
import pathlib
import warnings

import librosa
import numpy as np
import scipy
import scipy.signal

HERE = pathlib.Path(__file__).parent
RANDOM = np.random.default_rng(20261121)
VERSIONS = np.array(
    [f"numpy {np.__version__}", f"scipy {scipy.__version__}", f"librosa {librosa.__version__}"]
)
warnings.simplefilter("ignore")


def save(name, arrays):
    np.savez_compressed(HERE / f"{name}.npz", versions=VERSIONS, **arrays)


def ffts():
    """Transforms of float64 rows, cut and padded ones too."""
    arrays, cases = {}, []
    shapes = [(1,), (2,), (5,), (8,), (97,), (3, 16), (20, 30), (2, 2, 7), (17, 64)]
    for i, shape in enumerate(shapes):
        x = RANDOM.standard_normal(shape)
        z = x + 1j * RANDOM.standard_normal(shape)
        row = shape[-1]
        for n in {row, max(1, row - 3), row + 5}:
            name = f"{i}_{n}"
            cases.append(json.dumps({"name": name, "input": i, "n": n}))
            arrays[f"rfft_{name}"] = np.fft.rfft(x, n)
            arrays[f"irfft_{name}"] = np.fft.irfft(z, n)
            arrays[f"fft_{name}"] = np.fft.fft(z, n)
            arrays[f"ifft_{name}"] = np.fft.ifft(z, n)
        arrays[f"real_{i}"], arrays[f"complex_{i}"] = x, z
    save("fft", {"cases": np.array(cases), **arrays})


def windows():
    arrays = {}
    for length in (1, 2, 3, 16, 25, 400):
        for periodic in (False, True):
            for name in ("hann", "hamming", "blackman", "kaiser", "rectangular"):
                spec = {"kaiser": ("kaiser", 12.0), "rectangular": "boxcar"}.get(name, name)
                values = scipy.signal.get_window(spec, length, fftbins=periodic)
                arrays[f"{name}_{length}_{'periodic' if periodic else 'symmetric'}"] = values
    for beta in (0.0, 2.5, 14.769656459379492, 100.0):
        arrays[f"beta_{beta}"] = scipy.signal.windows.kaiser(31, beta)
    save("windows", arrays)


def stfts():
    """librosa's own transforms, over random options, and one with its defaults."""
    arrays, cases = {}, []

    def add(y, options):
        name = str(len(cases))
        given = {k: v for k, v in options.items() if v is not None}
        spec = ("kaiser", given.pop("beta")) if given.get("window") == "kaiser" else given.get("window", "hann")
        spec = {"rectangular": "boxcar"}.get(spec, spec)
        given["window"] = spec
        result = librosa.stft(y, **given)
        inverse = {k: v for k, v in given.items() if k != "pad_mode"}
        arrays[f"y_{name}"], arrays[f"stft_{name}"] = y, result
        length = max(1, int(y.shape[-1] + RANDOM.integers(-20, 20)))
        # In float64: of float32 frames librosa adds up and divides in float32.
        double = result.astype(np.complex128)
        arrays[f"istft_{name}"] = librosa.istft(double, **inverse)
        arrays[f"length_{name}"] = librosa.istft(double, length=length, **inverse)
        # Where the windows leave (nearly) nothing, the quotient is of rounding errors: 1 elsewhere.
        n_fft = given.get("n_fft", 2048)
        sums = librosa.filters.window_sumsquare(
            window=spec,
            n_frames=result.shape[-1],
            hop_length=given.get("hop_length", given.get("win_length", n_fft) // 4),
            win_length=given.get("win_length"),
            n_fft=n_fft,
            dtype=np.float64,
        )[n_fft // 2 if given.get("center", True) else 0 :]
        sums = np.pad(sums, (0, max(0, arrays[f"length_{name}"].shape[-1] - len(sums))))
        arrays[f"covered_{name}"] = (sums > 1e-12 * sums.max(initial=0)).astype(np.uint8)
        cases.append(json.dumps({"name": name, "length": length, **options}))

    add(RANDOM.standard_normal(3000).astype(np.float32), {})
    for i in range(36):
        n_fft = int(RANDOM.choice([16, 21, 32, 40, 47, 50, 64]))
        win_length = None if i % 3 else int(RANDOM.integers(4, n_fft + 1))
        # Below half a frame: with longer hops librosa pads the tail of a signal as if it were all of it (see the README).
        hop_length = None if i % 4 == 0 else int(RANDOM.integers(1, n_fft // 2))
        center = bool(i % 5)
        shape = [(n_fft,), (n_fft + 1,), (150,), (2, 97), (2, 2, 70)][i % 5]
        if center and i % 7 == 0:
            shape = (int(RANDOM.integers(1, n_fft // 2)),)
        y = RANDOM.standard_normal(shape)
        window = ["hann", "hamming", "blackman", "kaiser", "rectangular"][i % 5]
        options = {
            "n_fft": n_fft,
            "hop_length": hop_length,
            "win_length": win_length,
            "window": window,
            "beta": 6.5 if window == "kaiser" else None,
            "center": center,
            "pad_mode": ["constant", "edge", "reflect", "symmetric"][i % 4],
        }
        add(y.astype(np.float32) if i % 2 else y, options)
    save("stft", {"cases": np.array(cases), **arrays})


ffts()
windows()
stfts()
