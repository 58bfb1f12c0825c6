"""Decodes every recording once, trims the silence at its ends and packs the samples into memory-mapped files.

`python prepare.py` packs the shared recordings into runs/pack: `audio-100.npy` (int16, all clips end to end),
`audio-080.npy` … `audio-120.npy` (the same clips at other speeds, which train as other speakers), `music.npy` and
`index.npz`. `--manifest LIST --data FOLDER` packs a list of your own; `--speeds-only` only adds the missing speeds.
"""

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np

import manifest
from paths import PACK, shared_data

RATE = 16000
SPEEDS = (80, 90, 100, 110, 120)  # per cent
CHUNK = 160  # clips a task
FRAME = 160


def trim(samples: np.ndarray, below: float = 35.0, floor: float = -65.0, margin: int = 800) -> np.ndarray:
    """Without the silence at both ends: frames `below` dB under the loud ones, or under `floor` dBFS."""
    frames = len(samples) // FRAME
    if frames == 0:
        return samples
    power = np.square(samples[: frames * FRAME].astype(np.float64) / 32768).reshape(frames, FRAME).mean(axis=1)
    level = 10 * np.log10(power + 1e-12)
    active = np.flatnonzero(level > max(np.percentile(level, 95) - below, floor))
    if len(active) == 0:
        return samples
    start = max(0, active[0] * FRAME - margin)
    return samples[start : (active[-1] + 1) * FRAME + margin]


def decode(path: str) -> np.ndarray:
    """Mono int16 at 16 kHz."""
    import soundfile

    samples, rate = soundfile.read(path, dtype="int16" if path.endswith(".flac") else "float32", always_2d=True)
    mono = samples[:, 0] if samples.shape[1] == 1 else samples.mean(axis=1)
    return mono if rate == RATE and mono.dtype == np.int16 else to_int16(resample(as_float(mono), rate, RATE))


def as_float(samples: np.ndarray) -> np.ndarray:
    return samples.astype(np.float32) / 32768 if samples.dtype == np.int16 else samples.astype(np.float32)


def to_int16(samples: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(samples * 32768), -32768, 32767).astype(np.int16)


def resample(samples: np.ndarray, source: int, target: int) -> np.ndarray:
    from scipy.signal import resample_poly

    ratio = Fraction(target, source)
    if ratio == 1:
        return samples
    return resample_poly(samples, ratio.numerator, ratio.denominator).astype(np.float32)


def at_speed(samples: np.ndarray, speed: int) -> np.ndarray:
    """The clip `speed` per cent as fast, and so higher or lower too."""
    return samples if speed == 100 else to_int16(resample(as_float(samples), speed, 100))


def _load(root: str, paths: list[str]) -> list[np.ndarray | None]:
    """A file that cannot be read is None: it is counted and named, and training goes on without it."""
    result = []
    for path in paths:
        try:
            result.append(trim(decode(os.path.join(root, path))))
        except Exception as error:
            print(f"skipped {path}: {error}", file=sys.stderr)
            result.append(None)
    return result


def _stretch(pack: str, speed: int, first: int, last: int) -> list[np.ndarray]:
    audio, index = np.load(f"{pack}/audio-100.npy", mmap_mode="r"), np.load(f"{pack}/index.npz")
    starts, lengths = index["start"], index["length"]
    return [at_speed(np.asarray(audio[starts[i] : starts[i] + lengths[i]]), speed) for i in range(first, last)]


def save(path: Path, array: np.ndarray) -> None:
    """Written whole or not at all, so that a kill leaves no half file under the final name."""
    part = path.with_name(f"{path.name}.part")
    with open(part, "wb") as file:
        np.save(file, array)
    os.replace(part, path)


def pack_clips(clips: list[manifest.Clip], split: np.ndarray, root: Path, pack: Path, pool) -> int:
    """Writes audio-100.npy and index.npz; the number of recordings that could not be read."""
    paths = [clip.path for clip in clips]
    tasks = [paths[i : i + CHUNK] for i in range(0, len(paths), CHUNK)]
    audio = [samples for part in pool.map(partial(_load, str(root)), tasks) for samples in part]
    keep = [i for i, samples in enumerate(audio) if samples is not None and len(samples) >= FRAME * 10]
    skipped = len(audio) - len(keep)
    lengths = np.array([len(audio[i]) for i in keep], dtype=np.int64)
    text = {name: np.array([getattr(clips[i], name) for i in keep]) for name in ("path", "speaker", "source", "word")}
    save(pack / "audio-100.npy", np.concatenate([audio[i] for i in keep]))
    part = pack / "index.part.npz"
    np.savez(part, start=np.cumsum(lengths) - lengths, length=lengths, split=split[keep], **text)
    os.replace(part, pack / "index.npz")
    return skipped


def pack_speeds(pack: Path, pool, speeds: tuple[int, ...] = SPEEDS) -> None:
    count = len(np.load(pack / "index.npz")["start"])
    for speed in speeds:
        path = pack / f"audio-{speed:03d}.npy"
        if speed == 100 or path.exists():
            continue
        firsts = range(0, count, CHUNK)
        lasts = [min(first + CHUNK, count) for first in firsts]
        parts = pool.map(partial(_stretch, str(pack), speed), firsts, lasts)
        audio = [samples for part in parts for samples in part]
        lengths = np.array([len(samples) for samples in audio], dtype=np.int64)
        save(pack / f"lengths-{speed:03d}.npy", lengths)
        save(path, np.concatenate(audio))


def pack_music(root: Path, pack: Path, seconds: int = 45) -> None:
    """Half a minute of each piece: background for augmentation."""
    files = sorted((root / "music").glob("*.ogg"))
    pieces = [decode(str(path))[: seconds * RATE] for path in files]
    save(pack / "music.npy", np.concatenate(pieces) if pieces else np.zeros(RATE, np.int16))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="the root that the list's paths start from (default: ../shared/data)")
    parser.add_argument("--manifest", type=Path, help="a list of your own instead of the shared recordings")
    parser.add_argument("--out", type=Path, default=PACK)
    parser.add_argument("--limit", type=int, help="only every n-th clip, for a trial run")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--speeds-only", action="store_true")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(args.workers) as pool:
        if not args.speeds_only:
            root = args.data or shared_data()
            train, development = manifest.build(root) if args.manifest is None else (manifest.read(args.manifest), [])
            clips = train + development
            split = np.array([0] * len(train) + [1] * len(development), dtype=np.int8)
            if args.limit:
                clips, split = clips[:: args.limit], split[:: args.limit]
            for stale in args.out.glob("audio-*.npy"):
                stale.unlink()
            skipped = pack_clips(clips, split, root, args.out, pool)
            pack_music(root, args.out)
            print(f"packed {len(clips) - skipped} recordings in {args.out}, skipped {skipped} that could not be read")
        pack_speeds(args.out, pool)


if __name__ == "__main__":
    main()
