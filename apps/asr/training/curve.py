"""Draws runs/NAME/log.jsonl as runs/NAME/curve.png: losses above, word error rates below."""

import json
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot as plt  # noqa: E402

COLOURS = {"dev_wer": "#0072b2", "dev_ctc": "#56b4e9", "synth_wer": "#d55e00", "synth_ctc": "#e69f00"}


def draw(folder: Path) -> None:
    entries = [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    figure, (top, bottom) = plt.subplots(2, 1, figsize=(8, 8), sharex=True, layout="constrained")
    for key in ("transducer", "ctc", "middle"):
        points = [(e["epoch"], e[key]) for e in entries if key in e]
        top.plot(*zip(*points, strict=True), label=key) if points else None
    top.set(yscale="log", ylabel="loss per utterance")
    for key, colour in COLOURS.items():
        points = [(e["epoch"], 100 * e[key]) for e in entries if key in e]
        bottom.plot(*zip(*points, strict=True), label=key.replace("_", " "), color=colour) if points else None
    bottom.set(xlabel="epoch", ylabel="word error rate, %", ylim=(0, 60))
    bottom.grid(alpha=0.3)
    for axes in (top, bottom):
        if axes.lines:
            axes.legend()
    figure.savefig(folder / "curve.png", dpi=110)
    plt.close(figure)
