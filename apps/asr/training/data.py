"""AN4 and the synthesized utterances in memory, and the batches drawn from them."""

import csv
import random
from dataclasses import dataclass, field

import numpy as np
import soundfile
import torch
import torchaudio

from augment import Augmenter
from features import SAMPLE_RATE, fbank
from lexicon import encode
from paths import RUNS, an4

SPEEDS = [0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.15]
# Kept out of training to watch the curve: three women, three men, drawn once.
DEV_SPEAKERS = 6


@dataclass
class Utterance:
    name: str
    speaker: str
    text: str
    samples: list[np.ndarray] = field(repr=False)  # int16, one array per speed; the original only, where there is one

    @property
    def tokens(self) -> list[int]:
        return encode(self.text)


def _read(split: str) -> list[Utterance]:
    rows = csv.DictReader((an4() / f"{split}.tsv").open(encoding="utf-8"), delimiter="\t")
    found = []
    for row in rows:
        path = an4() / split / row["speaker"] / f"{row['utterance']}.flac"
        samples, rate = soundfile.read(path, dtype="int16")
        assert rate == SAMPLE_RATE, f"{path}: {rate} Hz"
        found.append(Utterance(row["utterance"], row["speaker"], row["text"], [samples]))
    return found


def at_speeds(utterances: list[Utterance]) -> None:
    """Adds the resampled copies (other speed, other pitch), so that a step only has to choose one."""
    for utterance in utterances:
        original = torch.from_numpy(utterance.samples[0].astype(np.float32))
        copies = []
        for speed in SPEEDS:
            if speed == 1.0:
                copies.append(utterance.samples[0])
                continue
            changed = torchaudio.functional.resample(original, round(speed * 20), 20)
            copies.append(changed.clamp(-32768, 32767).round().to(torch.int16).numpy())
        utterance.samples = copies


def test_set() -> list[Utterance]:
    return _read("test")


def train_and_dev() -> tuple[list[Utterance], list[Utterance]]:
    """AN4's train split without and only with the held-out speakers."""
    everything = _read("train")
    speakers = sorted({u.speaker for u in everything})
    rng = random.Random(4)
    held = set()
    for sex in "fm":
        held.update(rng.sample([s for s in speakers if s[0] == sex], DEV_SPEAKERS // 2))
    return (
        [u for u in everything if u.speaker not in held],
        [u for u in everything if u.speaker in held],
    )


def synthesized(name: str) -> list[Utterance]:
    with np.load(RUNS / "synth" / f"{name}.npz") as file:
        samples, ends, texts, voices = (file[k] for k in ("samples", "ends", "texts", "voices"))
    starts = np.concatenate([[0], ends[:-1]])
    return [
        Utterance(f"{name}-{i}", str(voice), str(text), [samples[start:end]])
        for i, (start, end, text, voice) in enumerate(zip(starts, ends, texts, voices, strict=True))
    ]


def collate(features: list[torch.Tensor], tokens: list[list[int]]) -> dict[str, torch.Tensor]:
    return {
        "x": torch.nn.utils.rnn.pad_sequence(features, batch_first=True),
        "x_lens": torch.tensor([len(f) for f in features]),
        "y": torch.nn.utils.rnn.pad_sequence([torch.tensor(t) for t in tokens], batch_first=True),
        "y_lens": torch.tensor([len(t) for t in tokens]),
    }


def plain_batches(utterances: list[Utterance], seconds: float = 120.0):
    """Batches `(utterances, batch)` without augmentation, sorted by length."""
    ordered = sorted(utterances, key=lambda u: len(u.samples[0]))
    pick: list[Utterance] = []
    for utterance in ordered:
        if pick and (len(pick) + 1) * len(utterance.samples[0]) > seconds * SAMPLE_RATE:
            yield pick, collate([_plain(u) for u in pick], [u.tokens for u in pick])
            pick = []
        pick.append(utterance)
    if pick:
        yield pick, collate([_plain(u) for u in pick], [u.tokens for u in pick])


def _plain(utterance: Utterance) -> torch.Tensor:
    index = SPEEDS.index(1.0) if len(utterance.samples) > 1 else 0
    return fbank(torch.from_numpy(utterance.samples[index].astype(np.float32) / 32768))


class Batches:
    """The training batches of one epoch: every recording once at a random speed, and a draw of synthesized ones.

    Some items are two or three utterances in a row with a pause (the same speaker where it is a recording), which
    breaks the habit of a sentence's start and end and teaches longer inputs.
    """

    def __init__(
        self, real: list[Utterance], synth: dict[str, list[Utterance]], seed: int, seconds: float, share: float
    ):
        self.real, self.synth = real, [*synth["train"], *synth["plain"]]
        self.short = [*(u for u in real if len(u.tokens) <= 2), *synth["short"]]
        self.rng = np.random.default_rng(seed)
        self.augment = Augmenter(self.rng, [u.samples[-1] for u in real])
        self.seconds, self.synth_count = seconds, round(share / (1 - share) * len(real))
        self.by_speaker: dict[str, list[Utterance]] = {}
        for utterance in real:
            self.by_speaker.setdefault(utterance.speaker, []).append(utterance)

    def _items(self, begin: int) -> list[list[Utterance]]:
        rng = self.rng
        if begin:
            return [[u] for u in self.short if len(u.tokens) <= begin]
        items = []
        for utterance in self.real:
            mates = self.by_speaker[utterance.speaker]
            more = rng.choice([0, 1, 2], p=[0.8, 0.15, 0.05])
            items.append([utterance, *(mates[i] for i in rng.integers(len(mates), size=more))])
        for i in rng.choice(len(self.synth), min(self.synth_count, len(self.synth)), replace=False):
            others = rng.integers(len(self.synth), size=rng.choice([0, 1], p=[0.9, 0.1]))
            items.append([self.synth[i], *(self.synth[k] for k in others)])
        return items

    def _samples(self, item: list[Utterance]) -> np.ndarray:
        rng = self.rng
        speed = int(np.clip(round(3 + 2.0 * self.augment.strength * rng.standard_normal()), 0, 6))
        pieces = []
        for utterance in item:
            if len(utterance.samples) == 1:  # synthesized: no silence included
                pieces.append(np.zeros(int(rng.uniform(0.0, 0.5) * SAMPLE_RATE), np.int16))
            pieces.append(utterance.samples[speed % len(utterance.samples)])
        if rng.random() < 0.5:
            pieces.append(np.zeros(int(rng.uniform(0.0, 0.6) * SAMPLE_RATE), np.int16))
        return np.concatenate(pieces)

    def epoch(self, begin: int = 0):
        """One epoch's batches; `begin`: the utterances of at most so many words, with which training begins."""
        items = self._items(begin)
        seconds = self.seconds * (0.6 if begin else 1.0)  # many small steps to begin with
        samples = [self._samples(item) for item in items]
        lengths = np.array([len(s) for s in samples]) * self.rng.uniform(0.93, 1.07, len(samples))
        batches, pick, longest = [], [], 0
        for i in np.argsort(lengths):
            longest = max(longest, len(samples[i]))
            if pick and (len(pick) + 1) * longest > seconds * SAMPLE_RATE:
                batches.append(pick)
                pick, longest = [], len(samples[i])
            pick.append(i)
        batches.append(pick)
        self.rng.shuffle(batches)
        for pick in batches:
            features = [self.augment(torch.from_numpy(samples[i].astype(np.float32) / 32768), not begin) for i in pick]
            yield collate(features, [[t for u in items[i] for t in u.tokens] for i in pick])
