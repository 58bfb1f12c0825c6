"""Removes what is said from embeddings: `python content.py runs/shipped --out runs/shipped-projected`.

The mean embedding of a word over many training speakers, less that of its corpus, says how that word moves embeddings.
The strongest directions of such moves are projected out, and the mean of the training embeddings is taken off. Both are
linear, so they become part of the head, and the network stays one of the same shape.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from calibrate import embed
from data import Pack
from export import load
from paths import PACK
from samples import RATE
from training import write

LONGEST = 10 * RATE


def training_embeddings(encoder: torch.nn.Module, pack: Pack, cache: Path) -> np.ndarray:
    """Embeddings, not normalised, of every training clip at its recorded speed."""
    rows = np.flatnonzero(pack.split == 0)
    if cache.exists():
        found = np.load(cache)
        if len(found) == len(rows):
            return found
    start, length = pack.start.cpu().numpy(), pack.length.cpu().numpy()
    plain = pack.speeds.index(100) * pack.clips
    spans = [(start[plain + row], min(length[plain + row], LONGEST)) for row in rows]
    found = embed(encoder, [pack.audio[first : first + size].cpu().numpy() for first, size in spans], unit=False)
    np.save(cache, found)
    return found


def word_moves(embeddings: np.ndarray, source: np.ndarray, word: np.ndarray) -> np.ndarray:
    """A row for each word: its mean less its corpus's, so scaled that every corpus counts the same."""
    moves = []
    for corpus in np.unique(source[word != ""]):
        mine = (source == corpus) & (word != "")
        means = np.array([embeddings[mine & (word == w)].mean(axis=0) for w in np.unique(word[mine])])
        moves.append((means - means.mean(axis=0)) / np.sqrt(len(means)))
    return np.concatenate(moves)


def project(encoder: torch.nn.Module, embeddings: np.ndarray, source: np.ndarray, word: np.ndarray, count: int) -> None:
    """Changes the head, so that embeddings are centred and have none of the `count` strongest moves."""
    mean = embeddings.astype(np.float64).mean(axis=0)
    centred = embeddings - mean
    unit = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    _, _, directions = np.linalg.svd(word_moves(unit, source, word), full_matrices=False)
    directions = torch.from_numpy(directions[:count])
    keep = torch.eye(len(mean), dtype=torch.float64) - directions.T @ directions
    with torch.no_grad():
        weight, bias = encoder.head.weight.double(), encoder.head.bias.double()
        encoder.head.weight.copy_(keep @ weight)
        encoder.head.bias.copy_(keep @ (bias - torch.from_numpy(mean)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pack", type=Path, default=PACK)
    # The development speakers' choice among 0 to 40.
    parser.add_argument("--count", type=int, default=15, help="number of directions to remove")
    args = parser.parse_args()
    torch.set_num_threads(1)  # clips come one at a time, which is too little for two
    encoder, _ = load(args.run)
    pack = Pack(args.pack, "cpu", (100,), teacher=False)
    known = pack.split == 0
    embeddings = training_embeddings(encoder, pack, args.run / "embeddings.npy")
    project(encoder, embeddings, pack.source[known], pack.word[known], args.count)
    saved = torch.load(args.run / "weights.pt", map_location="cpu", weights_only=True)
    for name in ("weight", "bias"):
        saved["encoder"][f"head.{name}"] = getattr(encoder.head, name).detach().half()
    saved["facts"]["projected"] = args.count
    args.out.mkdir(parents=True, exist_ok=True)
    write(args.out / "weights.pt", saved)
    print(f"wrote {args.out / 'weights.pt'} without {args.count} directions of what is said")


if __name__ == "__main__":
    main()
