"""The packed clips on one device, and which of them make a batch."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from samples import SPEEDS

DEFAULT_SOURCES = {
    "librispeech": 0.38,
    "an4": 0.18,
    "keywords": 0.18,
    "commands": 0.10,
    "arabic": 0.08,
    "dspspeech": 0.08,
}
DEFAULT_WORDS = {"keywords": 0.45, "arabic": 0.35, "dspspeech": 0.20}


@dataclass
class Sampling:
    """How often what is drawn. Sources that a pack does not have are left out."""

    sources: dict[str, float] = field(default_factory=lambda: dict(DEFAULT_SOURCES))
    words: dict[str, float] = field(default_factory=lambda: dict(DEFAULT_WORDS))
    same_word: float = 0.5  # the part of a batch that comes in groups of one word by many speakers
    group: int = 16
    plain_speed: float = 0.4  # how often the recorded speed is used; the others share the rest


class Pack:
    """All clips at all speeds as one int16 tensor, with where each starts, how long it is and who speaks."""

    def __init__(
        self, folder: Path, device: str = "cpu", speeds: tuple[int, ...] = SPEEDS, teacher: bool = True
    ) -> None:
        if not (folder / "index.npz").exists():
            raise FileNotFoundError(f"no recordings are packed in {folder}: run prepare.py first")
        index = np.load(folder / "index.npz")
        self.device = torch.device(device)
        self.speeds = tuple(speeds)
        self.path, self.speaker, self.source, self.word = (index[k] for k in ("path", "speaker", "source", "word"))
        self.split = index["split"]
        parts, starts, lengths, offset = [], [], [], 0
        for speed in self.speeds:
            audio = np.load(folder / f"audio-{speed:03d}.npy", mmap_mode="r")
            count = index["length"] if speed == 100 else np.load(folder / f"lengths-{speed:03d}.npy")
            starts.append(np.cumsum(count) - count + offset)
            lengths.append(count)
            parts.append(audio)
            offset += len(audio)
        self.audio = self._samples(parts)
        self.start = torch.from_numpy(np.concatenate(starts)).to(self.device)
        self.length = torch.from_numpy(np.concatenate(lengths)).to(self.device)
        self.music = torch.from_numpy(np.load(folder / "music.npy")).to(self.device)
        self.clips = len(self.path)
        train = np.unique(self.speaker[self.split == 0])
        self.speakers = train
        label = np.searchsorted(train, self.speaker)
        # Class of (speed, clip): a speaker at another speed is another speaker. Development clips have none.
        known = self.split == 0
        labels = [np.where(known, label + i * len(train), -1) for i in range(len(self.speeds))]
        self.label = torch.from_numpy(np.concatenate(labels)).to(self.device)
        self.classes = len(train) * len(self.speeds)
        self.teacher = self._teacher(folder) if teacher else None

    def _samples(self, parts: list[np.ndarray]) -> torch.Tensor:
        """All samples on the device that trains, or on the host where they would not fit there."""
        if self.device.type == "cuda":
            free, _ = torch.cuda.mem_get_info(self.device)
            if sum(part.nbytes for part in parts) < 0.6 * free:
                return torch.cat([torch.from_numpy(np.array(part)).to(self.device) for part in parts])
        # Copy on write: torch takes no read-only memory, and nothing is written.
        return torch.from_numpy(np.load(parts[0].filename, mmap_mode="c") if len(parts) == 1 else np.concatenate(parts))

    @property
    def on_host(self) -> bool:
        return self.audio.device.type != self.device.type

    def _teacher(self, folder: Path) -> torch.Tensor:
        cache = np.load(folder / "teacher.npz")
        rows = [cache[f"centred-{speed:03d}"].astype(np.float32) for speed in self.speeds]
        return torch.from_numpy(np.concatenate(rows)).to(self.device)

    def blend_teacher(self, weight: float) -> None:
        """Moves every target towards the mean of its class, which is freer of the words than one short clip is."""
        known = self.label >= 0
        mean = torch.zeros(self.classes, self.teacher.shape[1], device=self.device)
        mean.index_add_(0, self.label[known], self.teacher[known])
        mean = torch.nn.functional.normalize(mean, dim=1)
        mixed = (1 - weight) * self.teacher[known] + weight * mean[self.label[known]]
        self.teacher[known] = torch.nn.functional.normalize(mixed, dim=1)

    def class_centres(self) -> torch.Tensor:
        """The teacher's mean embedding of every class `[classes, 256]`, normalised."""
        known = self.label >= 0
        mean = torch.zeros(self.classes, self.teacher.shape[1], device=self.device)
        mean.index_add_(0, self.label[known], self.teacher[known])
        return torch.nn.functional.normalize(mean, dim=1)

    def crop(self, rows: torch.Tensor, samples: int, place: torch.Tensor) -> torch.Tensor:
        """float32 `[n, samples]` from rows (clip + speed x clips); `place` in [0, 1) says where. Short clips repeat."""
        start, length = self.start[rows], self.length[rows]
        room = torch.where(length > samples, length - samples + 1, length)
        offset = (place * room).long()
        index = (offset[:, None] + torch.arange(samples, device=self.device)) % length[:, None]
        index = (start[:, None] + index).to(self.audio.device)
        return self.audio[index].to(self.device).float() / 32768


class Sampler:
    """Rows of the pack for each step; the same for the same seed and step, whatever was drawn before."""

    def __init__(self, pack: Pack, sampling: Sampling, batch: int, seed: int) -> None:
        self.sampling, self.batch, self.seed, self.clips = sampling, batch, seed, pack.clips
        train = pack.split == 0
        self.by_source: dict[str, list[np.ndarray]] = {}
        for source in np.unique(pack.source[train]):
            mine = train & (pack.source == source)
            self.by_source[source] = [np.flatnonzero(mine & (pack.speaker == s)) for s in np.unique(pack.speaker[mine])]
        weights = {s: sampling.sources.get(s, 0.1) for s in self.by_source}
        self.sources, self.source_weights = _normalised(weights)
        self.words: dict[str, list[list[np.ndarray]]] = {}
        for source in sampling.words:
            mine = train & (pack.source == source)
            groups = []
            for word in np.unique(pack.word[mine]):
                clips = np.flatnonzero(mine & (pack.word == word))
                by_speaker = [clips[pack.speaker[clips] == s] for s in np.unique(pack.speaker[clips])]
                if word and len(by_speaker) > 1:
                    groups.append(by_speaker)
            if groups:
                self.words[source] = groups
        self.word_sources, self.word_weights = _normalised({s: sampling.words[s] for s in self.words})
        other = [i for i, speed in enumerate(pack.speeds) if speed != 100]
        self.plain, self.other = pack.speeds.index(100), np.array(other, dtype=np.int64)

    def rows(self, step: int) -> np.ndarray:
        rng = np.random.default_rng([self.seed, step])
        clips: list[int] = []
        wanted = int(self.batch * self.sampling.same_word) if self.words else 0
        while len(clips) < wanted:
            groups = self.words[rng.choice(self.word_sources, p=self.word_weights)]
            speakers = groups[rng.integers(len(groups))]
            chosen = rng.permutation(len(speakers))[: min(self.sampling.group, wanted - len(clips))]
            clips += [_one(rng, speakers[i]) for i in chosen]
        for source in rng.choice(self.sources, size=self.batch - len(clips), p=self.source_weights):
            speakers = self.by_source[source]
            clips.append(_one(rng, speakers[rng.integers(len(speakers))]))
        speed = np.full(self.batch, self.plain)
        if len(self.other):
            changed = rng.random(self.batch) >= self.sampling.plain_speed
            speed[changed] = self.other[rng.integers(len(self.other), size=changed.sum())]
        return np.array(clips) + speed * self.clips


def _one(rng: np.random.Generator, clips: np.ndarray) -> int:
    return int(clips[rng.integers(len(clips))])


def _normalised(weights: dict[str, float]) -> tuple[list[str], np.ndarray]:
    total = np.array(list(weights.values()), dtype=np.float64)
    return list(weights), total / total.sum() if len(total) else total
