"""The teacher's embeddings of every clip at every speed, computed once: `python teacher.py`.

Resemblyzer 0.1.4 (Apache-2.0; an LSTM trained with GE2E on LibriSpeech other, VoxCeleb 1 and 2). Its wheel is fetched
by pip when it is needed and only its weights are read; it is never shipped.
"""

import argparse
import subprocess
import sys
import zipfile
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import nn

from paths import PACK, RUNS
from samples import RATE, SPEEDS, as_float

WHEEL = "Resemblyzer-0.1.4-py3-none-any.whl"
PARTIAL = 160  # frames of one partial utterance
SHORTEST = PARTIAL * 160


def mel_filters(bins: int = 40, size: int = 400) -> np.ndarray:
    """librosa's default: Slaney's scale and normalisation, 0 to 8 kHz, `[bins, size // 2 + 1]`."""

    def to_hz(mel: np.ndarray) -> np.ndarray:
        return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp((mel - 15) * np.log(6.4) / 27))

    edges = to_hz(np.linspace(0, 15 + np.log(8) / (np.log(6.4) / 27), bins + 2))
    hz = np.fft.rfftfreq(size, 1 / RATE)
    up = (hz - edges[:-2, None]) / np.diff(edges)[:-1, None]
    down = (edges[2:, None] - hz) / np.diff(edges)[1:, None]
    return np.maximum(0, np.minimum(up, down)) * (2 / (edges[2:] - edges[:-2]))[:, None]


class Teacher(nn.Module):
    def __init__(self, width: int = 256, layers: int = 3) -> None:
        super().__init__()
        self.lstm = nn.LSTM(40, width, layers, batch_first=True)
        self.linear = nn.Linear(width, 256)
        self.register_buffer("filters", torch.from_numpy(mel_filters()).float(), persistent=False)
        self.register_buffer("window", torch.hann_window(400), persistent=False)

    def mels(self, samples: torch.Tensor) -> torch.Tensor:
        """Mel energies (no logarithm) `[frames, 40]` of samples `[n]`, raised to -30 dBFS where they are quieter."""
        level = samples.square().mean().sqrt().clamp(min=1e-6)
        samples = samples * torch.clamp(10 ** (-30 / 20) / level, min=1.0)
        spectrum = torch.stft(samples, 400, 160, window=self.window, pad_mode="constant", return_complex=True)
        return (self.filters @ spectrum.abs().square()).T

    def forward(self, mels: torch.Tensor) -> torch.Tensor:
        """Embeddings `[n, 256]` of partial utterances `[n, 160, 40]`."""
        _, (hidden, _) = self.lstm(mels)
        return nn.functional.normalize(self.linear(hidden[-1]).relu(), dim=1)


def partials(mels: torch.Tensor, step: int = 77) -> torch.Tensor:
    """Windows of 1.6 s, 1.3 a second as Resemblyzer takes them, the last one at the very end."""
    last = max(0, len(mels) - PARTIAL)
    starts = sorted({*range(0, last + 1, step), last})
    return torch.stack([mels[start : start + PARTIAL] for start in starts])


def wheel(folder: Path = RUNS / "teacher") -> Path:
    path = folder / WHEEL
    if not path.exists():
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
        subprocess.run([*command, "Resemblyzer==0.1.4"], check=True)
    return path


def load(path: Path | None = None) -> Teacher:
    teacher = Teacher()
    with zipfile.ZipFile(path or wheel()) as archive, archive.open("resemblyzer/pretrained.pt") as file:
        state = torch.load(file, map_location="cpu", weights_only=True)["model_state"]
    teacher.load_state_dict({name: value for name, value in state.items() if name.split(".")[0] in ("lstm", "linear")})
    return teacher.eval()


@torch.inference_mode()
def embed(teacher: Teacher, clips: list[np.ndarray], batch: int = 256) -> np.ndarray:
    """One embedding a clip `[n, 256]`: the mean over its partial utterances. Short clips are repeated."""
    device = teacher.linear.weight.device
    windows, owners = [], []
    for number, clip in enumerate(clips):
        samples = as_float(clip)
        if len(samples) < SHORTEST:
            samples = np.tile(samples, -(-SHORTEST // len(samples)))[:SHORTEST]
        cut = partials(teacher.mels(torch.from_numpy(samples).to(device)))
        windows.append(cut)
        owners += [number] * len(cut)
    joined = torch.cat(windows)
    found = torch.cat([teacher(part) for part in joined.split(batch)])
    total = torch.zeros(len(clips), 256, device=device).index_add_(0, torch.tensor(owners, device=device), found)
    return nn.functional.normalize(total, dim=1).cpu().numpy()


def embed_by_run(folder: Path, device: str):
    """A function from clips to embeddings by a network of this folder's own training."""
    from export import load as load_run

    encoder = load_run(folder)[0].to(device)

    @torch.inference_mode()
    def embed_clips(clips: list[np.ndarray]) -> np.ndarray:
        long = [np.resize(clip, max(len(clip), 2 * RATE)) for clip in clips]
        rows = [encoder(torch.from_numpy(as_float(clip)).to(device)[None]) for clip in long]
        return nn.functional.normalize(torch.cat(rows), dim=1).cpu().numpy()

    return embed_clips


def centre(embeddings: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Without the mean of the training embeddings: the raw ones are non-negative, so strangers score about 0.5."""
    moved = embeddings - mean
    return moved / np.linalg.norm(moved, axis=-1, keepdims=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, default=PACK)
    parser.add_argument("--wheel", type=Path, help="Resemblyzer's wheel, if it is already downloaded")
    parser.add_argument("--run", type=Path, help="a trained teacher of your own (teacher_lstm_autoencoder) instead")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int)
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    if args.run:
        embed_clips = embed_by_run(args.run, args.device)
    else:
        embed_clips = partial(embed, load(args.wheel).to(args.device))
    index = np.load(args.pack / "index.npz")
    result = {}
    speeds = [speed for speed in SPEEDS if (args.pack / f"audio-{speed:03d}.npy").exists()]
    for speed in speeds:
        audio = np.load(args.pack / f"audio-{speed:03d}.npy", mmap_mode="r")
        lengths = index["length"] if speed == 100 else np.load(args.pack / f"lengths-{speed:03d}.npy")
        starts = np.cumsum(lengths) - lengths
        clips = [audio[start : start + length] for start, length in zip(starts, lengths, strict=True)]
        found = [embed_clips(clips[i : i + 64]) for i in range(0, len(clips), 64)]
        result[f"raw-{speed:03d}"] = np.concatenate(found)
        print(f"speed {speed}: {len(clips)} embeddings", flush=True)
    train = index["split"] == 0
    mean = result["raw-100"][train].mean(axis=0)
    for speed in speeds:
        result[f"centred-{speed:03d}"] = centre(result.pop(f"raw-{speed:03d}"), mean).astype(np.float16)
    np.savez(args.pack / "teacher.npz", mean=mean, **result)


if __name__ == "__main__":
    main()
