"""WebDataset shards (tar files) read with the standard library.

The files of one sample share a key, the name up to the first dot of its last part: `id10001/abc/00001.wav` and
`id10001/abc/00001.json` belong together. The speaker is `speaker` (or `spk_id`, `label`) of the JSON, the text of
`.spk` or `.cls`, or the key's first folder.
"""

import io
import json
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from samples import decode as decode_audio
from samples import trim

AUDIO = ("wav", "flac", "ogg", "opus", "mp3")
NAMES = ("speaker", "spk_id", "label")


@dataclass
class Sample:
    key: str
    speaker: str
    audio: bytes


def _samples(path: Path) -> Iterator[Sample]:
    key, found = None, {}
    with tarfile.open(path, "r|*") as archive:
        for member in archive:
            if not member.isfile():
                continue
            folder, _, name = member.name.rpartition("/")
            stem, _, kind = name.partition(".")
            current = f"{folder}/{stem}" if folder else stem
            if key is not None and current != key:
                yield from _sample(key, found)
                found = {}
            key = current
            found[kind.lower()] = archive.extractfile(member).read()
    if key is not None:
        yield from _sample(key, found)


def _sample(key: str, found: dict[str, bytes]) -> Iterator[Sample]:
    audio = next((found[kind] for kind in AUDIO if kind in found), None)
    if audio is None:
        return
    facts = json.loads(found["json"]) if "json" in found else {}
    named = [str(facts[name]) for name in NAMES if name in facts]
    named += [found[kind].decode().strip() for kind in ("spk", "cls") if kind in found]
    yield Sample(key, named[0] if named else key.split("/")[0], audio)


def read(path: Path) -> tuple[list[Sample], str | None]:
    """The samples of a shard, and what is wrong with it: what comes before the damage counts."""
    samples = []
    try:
        for sample in _samples(path):
            samples.append(sample)
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        return samples, f"{path}: {error or type(error).__name__}"
    return samples, None


def decode(path: str) -> tuple[list[tuple[str, str, np.ndarray]], int, str | None]:
    """Name, speaker and trimmed int16 samples of every sample that can be read, how many cannot, and `read`'s error."""
    samples, error = read(Path(path))
    result, skipped = [], 0
    for sample in samples:
        try:
            result.append((f"{path}#{sample.key}", sample.speaker, trim(decode_audio(io.BytesIO(sample.audio)))))
        except Exception as problem:
            skipped += 1
            print(f"skipped {path}#{sample.key}: {problem}", file=sys.stderr)
    return result, skipped, error
