"""Draws a run's log.jsonl as curve.png: losses above, equal error rates of the development speakers below."""

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot as plt  # noqa: E402

LOSSES = {"loss": "loss", "classes": "class loss", "teacher": "1 - cosine to the teacher"}
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999"]


def draw(folder: Path) -> None:
    entries = [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    figure, (top, bottom) = plt.subplots(2, 1, figsize=(8, 8), sharex=True, layout="constrained")
    for (key, label), colour in zip(LOSSES.items(), COLOURS, strict=False):
        points = [(e["step"], e[key]) for e in entries if e.get(key, 0) > 0]
        if points:
            top.plot(*zip(*points, strict=True), label=label, color=colour)
    top.set(yscale="log", ylabel="loss")
    rates = sorted({key for e in entries for key in e if key.startswith("2s/")})
    for key, colour in zip(rates, COLOURS, strict=False):
        points = [(e["step"], e[key]) for e in entries if key in e]
        bottom.plot(*zip(*points, strict=True), label=key[3:], color=colour, marker=".")
    bottom.set(xlabel="step", ylabel="equal error rate at 2 s, %", ylim=(0, 50))
    bottom.grid(alpha=0.3)
    for axes in (top, bottom):
        if axes.lines:
            axes.legend(fontsize="small")
    figure.savefig(folder / "curve.png", dpi=110)
    plt.close(figure)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        draw(Path(name))
