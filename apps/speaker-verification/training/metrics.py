"""Equal error rates on the development speakers, who are in no training batch."""

import numpy as np
import torch
from torch.nn import functional as F

from data import Pack
from samples import RATE


def eer(targets: np.ndarray, others: np.ndarray) -> float:
    """The equal error rate in per cent: where false rejections and false acceptances cross."""
    scores = np.concatenate([targets, others])
    order = np.argsort(-scores, kind="stable")
    accepted = np.concatenate([np.ones(len(targets)), np.zeros(len(others))])[order]
    misses = 1 - np.cumsum(accepted) / len(targets)
    alarms = np.cumsum(1 - accepted) / len(others)
    place = int(np.argmin(np.abs(misses - alarms)))
    return 50 * float(misses[place] + alarms[place])


class Development:
    """The set-aside speakers' clips, cut to one length; each LibriSpeech reading is cut into several."""

    def __init__(self, pack: Pack, most: int = 24) -> None:
        self.pack = pack
        aside = np.flatnonzero(pack.split == 1)
        length = pack.length.cpu().numpy()
        plain = pack.speeds.index(100) * pack.clips
        rows, places, speakers, sources, words = [], [], [], [], []
        rng = np.random.default_rng(0)
        for speaker in np.unique(pack.speaker[aside]):
            clips = aside[pack.speaker[aside] == speaker]
            if len(clips) > most:
                clips = np.sort(rng.choice(clips, most, replace=False))
            for clip in clips:
                pieces = max(1, min(4, int(length[plain + clip] // (3 * RATE)))) if len(clips) == 1 else 1
                for piece in range(pieces):
                    rows.append(plain + clip)
                    places.append(piece / max(1, pieces - 1) * 0.999 if pieces > 1 else 0.0)
                    speakers.append(speaker)
                    sources.append(pack.source[clip])
                    words.append(pack.word[clip])
        self.rows, self.places = (
            torch.tensor(rows, dtype=torch.long, device=pack.device),
            torch.tensor(places, device=pack.device),
        )
        self.speaker, self.source, self.word = np.array(speakers), np.array(sources), np.array(words)

    @torch.inference_mode()
    def embed(self, encoder: torch.nn.Module, seconds: float, batch: int = 256) -> torch.Tensor:
        found = []
        for rows, places in zip(self.rows.split(batch), self.places.split(batch), strict=True):
            found.append(encoder(self.pack.crop(rows, int(seconds * RATE), places)))
        return F.normalize(torch.cat(found).float(), dim=1)

    def measure(self, embeddings: torch.Tensor, name: str) -> dict[str, float]:
        """EER for each source, and hard for the sources with words; `mean` is over all of them."""
        scores = (embeddings @ embeddings.T).cpu().numpy()
        result = {}
        for source in np.unique(self.source):
            mine = np.flatnonzero(self.source == source)
            first, second = np.triu_indices(len(mine), 1)
            pair = scores[np.ix_(mine, mine)][first, second]
            same = self.speaker[mine][first] == self.speaker[mine][second]
            if same.all() or not same.any():
                continue
            result[f"{name}/{source}"] = eer(pair[same], pair[~same])
            word = self.word[mine]
            if (word != "").all():
                alike = word[first] == word[second]
                if (same & ~alike).any() and (~same & alike).any():
                    result[f"{name}/{source}-hard"] = eer(pair[same & ~alike], pair[~same & alike])
        if result:
            result[f"{name}/mean"] = float(np.mean(list(result.values())))
        return result

    def evaluate(self, encoder: torch.nn.Module, seconds: tuple[float, ...] = (2.0, 4.0)) -> dict[str, float]:
        if len(self.rows) == 0:
            return {}
        encoder.eval()
        result = {}
        for length in seconds:
            result |= self.measure(self.embed(encoder, length), f"{length:g}s")
        encoder.train()
        return {name: round(value, 3) for name, value in result.items()}
