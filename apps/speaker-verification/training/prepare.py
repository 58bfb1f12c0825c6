"""Decodes every recording once, trims the silence at its ends and packs the samples into memory-mapped files.

`python prepare.py` packs the shared recordings into runs/pack: `audio-100.npy` (int16, all clips end to end),
`audio-080.npy` … `audio-120.npy` (the same clips at other speeds, which train as other speakers), `music.npy` and
`index.npz`. `--manifest LIST --data FOLDER` packs a list of your own, `--shards *.tar` WebDataset shards;
`--speeds-only` only adds the missing speeds. What cannot be read is skipped, counted and named.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.lib.format import write_array_header_1_0

import manifest
from paths import PACK, data_folder, shared_data

RATE = 16000
SPEEDS = (80, 90, 100, 110, 120)  # per cent
CHUNK = 160  # clips a task
FRAME = 160
SHORTEST = 10 * FRAME


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


def decode(path: str | BinaryIO) -> np.ndarray:
    """Mono int16 at 16 kHz, from a file or the bytes of one."""
    import soundfile

    with soundfile.SoundFile(path) as file:
        exact = file.subtype in ("PCM_16", "PCM_S8", "PCM_U8") and file.channels == 1
        samples, rate = file.read(dtype="int16" if exact else "float32", always_2d=True), file.samplerate
    mono = samples[:, 0] if samples.shape[1] == 1 else samples.mean(axis=1)
    return mono if rate == RATE and exact else to_int16(resample(as_float(mono), rate, RATE))


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


def save_clips(path: Path, clips: Iterable[np.ndarray]) -> np.ndarray:
    """Writes the clips end to end as they come, as one int16 array; their lengths."""
    part, lengths = path.with_name(f"{path.name}.part"), []
    with open(part, "wb") as file:

        def header(length: int) -> None:
            write_array_header_1_0(file, {"descr": "<i2", "fortran_order": False, "shape": (length,)})

        header(0)
        start = file.tell()
        for clip in clips:
            file.write(np.ascontiguousarray(clip, dtype="<i2"))
            lengths.append(len(clip))
        file.seek(0)
        header(sum(lengths))  # numpy leaves room in a header for an array to grow
        assert file.tell() == start
    os.replace(part, path)
    return np.array(lengths, dtype=np.int64)


@dataclass
class Skipped:
    """What could not be packed."""

    clips: int = 0
    shards: list[str] = field(default_factory=list)


def save_index(pack: Path, lengths: np.ndarray, split: list[int], rows: list[tuple[str, str, str, str]]) -> None:
    text = dict(zip(("path", "speaker", "source", "word"), map(np.array, zip(*rows, strict=True)), strict=True))
    part = pack / "index.part.npz"
    starts = np.cumsum(lengths) - lengths
    np.savez(part, start=starts, length=lengths, split=np.array(split, dtype=np.int8), **text)
    os.replace(part, pack / "index.npz")


def pack_clips(clips: list[manifest.Clip], split: list[int], root: Path, pack: Path, pool) -> Skipped:
    """Writes audio-100.npy and index.npz."""
    skipped, rows, kept = Skipped(), [], []
    paths = [clip.path for clip in clips]
    tasks = [paths[i : i + CHUNK] for i in range(0, len(paths), CHUNK)]

    def audio() -> Iterator[np.ndarray]:
        found = (samples for part in pool.map(partial(_load, str(root)), tasks) for samples in part)
        for clip, where, samples in zip(clips, split, found, strict=True):
            if samples is None or len(samples) < SHORTEST:
                skipped.clips += 1
                continue
            rows.append((clip.path, clip.speaker, clip.source, clip.word))
            kept.append(where)
            yield samples

    save_index(pack, save_clips(pack / "audio-100.npy", audio()), kept, rows)
    return skipped


def pack_shards(paths: list[Path], source: str, pack: Path, pool) -> Skipped:
    """The same from WebDataset shards. All is for training."""
    import shards

    skipped, rows = Skipped(), []

    def audio() -> Iterator[np.ndarray]:
        for found, bad, error in pool.map(shards.decode, map(str, paths)):
            skipped.clips += bad
            if error:
                skipped.shards.append(error)
            for name, speaker, samples in found:
                if len(samples) < SHORTEST or speaker in manifest.VOXCELEB_TEST:
                    skipped.clips += 1
                    continue
                rows.append((name, f"{source}/{speaker}", source, ""))
                yield samples

    lengths = save_clips(pack / "audio-100.npy", audio())
    if not rows:
        raise SystemExit(f"no sample could be read from {len(paths)} shards: {'; '.join(skipped.shards)}")
    save_index(pack, lengths, [0] * len(rows), rows)
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
        lengths = save_clips(path.with_name(f"new-{path.name}"), (samples for part in parts for samples in part))
        save(pack / f"lengths-{speed:03d}.npy", lengths)
        os.replace(path.with_name(f"new-{path.name}"), path)


def pack_music(root: Path | None, pack: Path, seconds: int = 45) -> None:
    """A little of each piece of music, where there is some: background for augmentation."""
    files = sorted(((root or data_folder()) / "music").glob("*.ogg"))
    pieces = [decode(str(path))[: seconds * RATE] for path in files]
    save(
        pack / "music.npy",
        np.concatenate(pieces) if pieces else np.random.default_rng(0).integers(-99, 99, 10 * RATE).astype(np.int16),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="the root that the list's paths start from (default: ../shared/data)")
    parser.add_argument("--manifest", type=Path, help="a list of your own instead of the shared recordings")
    parser.add_argument("--shards", type=Path, nargs="+", help="WebDataset shards (tar files) instead of a list")
    parser.add_argument("--source", default="shards", help="the name under which shards are sampled")
    parser.add_argument("--out", type=Path, default=PACK)
    parser.add_argument("--limit", type=int, help="only every n-th clip, for a trial run")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument(
        "--speeds", type=int, nargs="*", default=SPEEDS, help="in per cent; none but 100 for full scale"
    )
    parser.add_argument("--speeds-only", action="store_true")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(args.workers) as pool:
        if not args.speeds_only:
            for stale in args.out.glob("audio-*.npy"):
                stale.unlink()
            if args.shards:
                skipped = pack_shards(args.shards, args.source, args.out, pool)
            else:
                root = args.data or shared_data()
                lists = (manifest.read(args.manifest), []) if args.manifest else manifest.build(root)
                clips = [clip for part in lists for clip in part][:: args.limit]
                split = [number for number, part in enumerate(lists) for _ in part][:: args.limit]
                skipped = pack_clips(clips, split, root, args.out, pool)
            pack_music(args.data, args.out)
            packed = len(np.load(args.out / "index.npz")["start"])
            print(
                f"packed {packed} recordings in {args.out}, skipped {skipped.clips} that could not be read or are short"
            )
            if skipped.shards:
                print(f"{len(skipped.shards)} shards are damaged: {'; '.join(skipped.shards)}")
        pack_speeds(args.out, pool, args.speeds)


if __name__ == "__main__":
    main()
