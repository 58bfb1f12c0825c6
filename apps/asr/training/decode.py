"""Greedy decoding as sherpa-onnx's greedy_search does it (at most one token per frame), and the word error rate."""

import torch

from lexicon import BLANK, decode
from model import Transducer


@torch.no_grad()
def transducer_greedy(model: Transducer, x: torch.Tensor, x_lens: torch.Tensor) -> tuple[list[str], list[str]]:
    """The transducer's and the CTC head's texts of a batch of features."""
    states, lengths, _ = model.encoder.states(x, x_lens)
    projected = model.encoder.out(states)
    context = model.config.context_size
    found = [[-1] * (context - 1) + [BLANK] for _ in range(len(x))]
    decoded = model.decoder(torch.tensor(found, device=x.device))[:, 0]
    for t in range(projected.shape[1]):
        best = model.joiner(projected[:, t], decoded).argmax(1).tolist()
        emitted = False
        for n, token in enumerate(best):
            if token != BLANK and t < lengths[n]:
                found[n].append(token)
                emitted = True
        if emitted:
            decoded = model.decoder(torch.tensor([f[-context:] for f in found], device=x.device))[:, 0]
    paths = model.ctc(states).argmax(2).tolist()
    ctc = []
    for path, length in zip(paths, lengths.tolist(), strict=True):
        kept = [b for a, b in zip([BLANK, *path], path[:length], strict=False) if b != a]
        ctc.append(decode(kept))
    return [decode(f[context:]) for f in found], ctc


def edits(reference: list[str], hypothesis: list[str]) -> int:
    """Levenshtein distance in words."""
    row = list(range(len(hypothesis) + 1))
    for i, word in enumerate(reference, 1):
        previous, row[0] = row[0], i
        for j, other in enumerate(hypothesis, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (word != other))
    return row[-1]


def word_error_rate(references: list[str], hypotheses: list[str]) -> float:
    wrong = sum(edits(r.split(), h.split()) for r, h in zip(references, hypotheses, strict=True))
    return wrong / sum(len(r.split()) for r in references)
