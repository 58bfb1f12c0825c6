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
from functools import partial
from pathlib import Path

import numpy as np
from numpy.lib.format import write_array_header_1_0

import manifest
import shards
from paths import PACK, data_folder, shared_data
from samples import RATE, SHORTEST, SPEEDS, at_speed, decode, trim

CHUNK = 160  # clips a task


def _load(root: str, paths: list[str]) -> list[np.ndarray | None]:
    """An unreadable file is None: it is counted and named, and training goes on without it."""
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
