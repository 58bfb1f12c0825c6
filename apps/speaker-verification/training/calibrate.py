"""Threshold and probability from the 40 speakers set aside, who are in no training and in no trial list."""

import numpy as np
import torch

from metrics import eer
from model import Encoder
from samples import RATE

REPEAT = 2 * RATE  # shorter clips are repeated up to this, as the package does it
PIECE = 4 * RATE  # where a speaker has a single clip, it is cut into pieces of this length


def embed(encoder: Encoder, clips: list[np.ndarray], unit: bool = True) -> np.ndarray:
    """Embeddings `[n, 512]` of int16 clips, each at its own length."""
    rows = []
    with torch.inference_mode():
        for clip in clips:
            samples = np.resize(clip, max(len(clip), REPEAT)).astype(np.float32) / 32768
            rows.append(encoder(torch.from_numpy(samples)[None])[0])
    found = torch.stack(rows)
    return (torch.nn.functional.normalize(found, dim=1) if unit else found).numpy()


def calibration_clips(pack, most: int = 40) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """Clips of the speakers set aside, up to `most` a speaker; their speakers and sources."""
    clips, speakers, sources = [], [], []
    aside = np.flatnonzero(pack.split == 1)
    plain = pack.speeds.index(100) * pack.clips
    start, length = pack.start.cpu().numpy(), pack.length.cpu().numpy()
    for speaker in np.unique(pack.speaker[aside]):
        rows = aside[pack.speaker[aside] == speaker]
        chosen = rows[np.unique(np.linspace(0, len(rows) - 1, most).astype(int))]
        for row in chosen:
            first = start[plain + row]
            audio = pack.audio[first : first + length[plain + row]].cpu().numpy()
            pieces = [audio[i : i + PIECE] for i in range(0, len(audio), PIECE)] if len(rows) == 1 else [audio]
            pieces = [piece for piece in pieces if len(piece) >= RATE or len(pieces) == 1]
            clips += pieces
            speakers += [speaker] * len(pieces)
            sources += [pack.source[row]] * len(pieces)
    return clips, np.array(speakers), np.array(sources)


def trials(embeddings: np.ndarray, speakers: np.ndarray, sources: np.ndarray) -> tuple[np.ndarray, ...]:
    """Scores, whether each is of one speaker, and weights: every source and both answers count the same."""
    scores, same, weights = [], [], []
    for source in np.unique(sources):
        mine = np.flatnonzero(sources == source)
        first, second = np.triu_indices(len(mine), 1)
        found = (embeddings[mine] @ embeddings[mine].T)[first, second]
        answer = speakers[mine][first] == speakers[mine][second]
        if answer.all() or not answer.any():
            continue
        scores.append(found)
        same.append(answer)
        weights.append(np.where(answer, 1 / answer.sum(), 1 / (~answer).sum()))
    weight = np.concatenate(weights)
    return np.concatenate(scores), np.concatenate(same), weight / weight.sum()


def fit(scores: np.ndarray, same: np.ndarray, weights: np.ndarray) -> dict[str, float]:
    """Scale and offset of the weighted logistic regression, by Newton's method; the weights make the prior 0.5."""
    inputs = np.stack([scores, np.ones_like(scores)], axis=1).astype(np.float64)
    solution = np.array([1.0, 0.0])
    for _ in range(50):
        probability = 1 / (1 + np.exp(-inputs @ solution))
        slope = inputs.T @ (weights * (probability - same)) + 1e-6 * solution
        curvature = (inputs * (weights * probability * (1 - probability))[:, None]).T @ inputs + 1e-6 * np.eye(2)
        step = np.linalg.solve(curvature, slope)
        solution = solution - step
        if np.abs(step).max() < 1e-9:
            break
    return {"scale": float(solution[0]), "offset": float(solution[1])}


def calibrate(encoder: Encoder, pack) -> tuple[float, dict[str, float], dict[str, float]]:
    """The threshold (probability 0.5), the calibration, and the equal error rate for each source."""
    clips, speakers, sources = calibration_clips(pack)
    embeddings = embed(encoder, clips)
    calibration = fit(*trials(embeddings, speakers, sources))
    rates = {}
    for source in np.unique(sources):
        mine = sources == source
        scores, same, _ = trials(embeddings[mine], speakers[mine], sources[mine])
        rates[str(source)] = round(eer(scores[same], scores[~same]), 2)
    return -calibration["offset"] / calibration["scale"], calibration, rates
