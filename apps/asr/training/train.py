"""Trains the transducer; resumes from runs/NAME/last.pt after an interruption.

    python train.py [--name an4] [--epochs 130] [--minutes 0]

Writes runs/NAME/{last.pt,log.jsonl,curve.png}. The learning rate follows the epochs, or the clock where --minutes is
given and would end first; `last.pt` holds the weights, their moving average (what is exported) and everything needed
to go on.
"""

import argparse
import copy
import json
import math
import os
import time

import numpy as np
import torch

from curve import draw
from data import Batches, at_speeds, plain_batches, synthesized, train_and_dev
from decode import transducer_greedy, word_error_rate
from lexicon import TOKENS
from model import Config, Transducer
from paths import RUNS

WEIGHTS = {"word": 5.0, "transducer": 1.0, "path": 1.0, "ctc": 0.4, "middle": 0.2}


# Training begins with which word a one-word utterance is, adds CTC on one and two words, then turns to sentences:
# each phase ends when its loss (a running mean, nats per utterance) is below the bound.
WORDS, ALIGNMENT, MAIN = 0, 1, 2
ENDS = {WORDS: ("word", 1.2), ALIGNMENT: ("ctc", 3.0)}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--name", default="an4")
    parser.add_argument("--epochs", type=int, default=130)
    parser.add_argument("--minutes", type=float, default=0, help="stop after this much training time (0: no limit)")
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--batch-seconds", type=float, default=50)
    parser.add_argument("--synth-share", type=float, default=0.5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--every", type=int, default=3, help="evaluate and save every so many epochs")
    parser.add_argument("--with-dev", action="store_true", help="train on the held-out speakers too")
    parser.add_argument("--no-bf16", action="store_true", help="full float32 arithmetic")
    return parser.parse_args()


def rate(progress: float, step: int, peak: float) -> float:
    """Linear warm-up over 200 steps, then a half cosine down to 1 % at the end."""
    cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))
    return peak * min(1.0, (step + 1) / 200) * (0.01 + 0.99 * cosine)


def save(path, state: dict) -> None:
    """Whole or not at all: a temporary name first."""
    part = path.with_suffix(".part")
    torch.save(state, part)
    os.replace(part, path)


class Trainer:
    def __init__(self, args: argparse.Namespace):
        self.args = args
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.folder = RUNS / args.name
        self.folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(args.seed)
        self.model = Transducer(Config(vocab_size=len(TOKENS))).to(self.device)
        self.average = copy.deepcopy(self.model).eval()
        matrices = [p for p in self.model.parameters() if p.dim() > 1]
        vectors = [p for p in self.model.parameters() if p.dim() <= 1]
        groups = [{"params": matrices, "weight_decay": 0.03}, {"params": vectors, "weight_decay": 0.0}]
        self.optimizer = torch.optim.AdamW(groups, lr=args.lr, betas=(0.9, 0.98))
        self.step, self.epoch, self.elapsed, self.phase, self.running = 0, 0, 0.0, WORDS, 10.0
        self.resume()

    def resume(self) -> None:
        path = self.folder / "last.pt"
        if not path.exists():
            return
        state = torch.load(path, map_location=self.device, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        for key in ("step", "epoch", "elapsed", "phase", "running"):
            setattr(self, key, state[key])
        torch.manual_seed(self.args.seed + self.step)
        print(f"resumed at epoch {self.epoch}, step {self.step}", flush=True)

    def weights(self) -> dict:
        """The averaged weights alone: what export chooses from."""
        return {"config": self.model.config.as_dict(), "average": self.average.state_dict(), "epoch": self.epoch}

    def state(self) -> dict:
        return {
            "config": self.model.config.as_dict(),
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "epoch": self.epoch,
            "elapsed": self.elapsed,
            "phase": self.phase,
            "running": self.running,
        }

    def progress(self) -> float:
        clock = self.elapsed / (60 * self.args.minutes) if self.args.minutes else 0.0
        return max(clock, self.epoch / self.args.epochs)

    def advance(self, losses: dict[str, float]) -> None:
        """Keeps the running mean of the phase's loss and goes on to the next phase at its bound."""
        name, bound = ENDS[self.phase]
        if math.isfinite(losses[name]):
            self.running += 0.05 * (losses[name] - self.running)
        if self.running < bound:
            self.phase, self.running = self.phase + 1, 10.0
            print(f"phase {self.phase} at step {self.step}", flush=True)

    def update(self, batch: dict[str, torch.Tensor]) -> dict[str, float]:
        batch = {k: v.to(self.device) for k, v in batch.items()}
        for group in self.optimizer.param_groups:
            group["lr"] = rate(self.progress(), self.step, self.args.lr)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=not self.args.no_bf16):
            begin = self.phase < MAIN
            losses = self.model.begin(**batch) if begin else self.model.losses(**batch)
            if self.phase == WORDS:
                losses = {"word": losses["word"]}
        total = sum(weight * losses[name] for name, weight in WEIGHTS.items() if name in losses)
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), 5.0)
        if torch.isfinite(norm):  # a batch without a single-word utterance has no word loss
            self.optimizer.step()
        self.step += 1
        keep = min(0.999, self.step / (self.step + 50))
        with torch.no_grad():
            for of in (torch.nn.Module.parameters, torch.nn.Module.buffers):
                pairs = [(a, p) for a, p in zip(of(self.average), of(self.model), strict=True) if a.is_floating_point()]
                torch._foreach_lerp_([a for a, _ in pairs], [p for _, p in pairs], 1 - keep)
        return {k: v.item() for k, v in losses.items()} | {"norm": norm.item()}

    @torch.no_grad()
    def evaluate(self, utterances) -> dict[str, float]:
        references, first, second = [], [], []
        for pick, batch in plain_batches(utterances):
            texts, ctc = transducer_greedy(self.average, batch["x"].to(self.device), batch["x_lens"].to(self.device))
            references += [u.text for u in pick]
            first += texts
            second += ctc
        return {"wer": word_error_rate(references, first), "ctc": word_error_rate(references, second)}

    def log(self, entry: dict) -> None:
        with open(self.folder / "log.jsonl", "a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
        print(json.dumps(entry), flush=True)

    def run(self) -> None:
        real, dev = train_and_dev()
        if self.args.with_dev:
            real = [*real, *dev]
        at_speeds(real)
        batches = Batches(
            real,
            {name: synthesized(name) for name in ("train", "plain", "short")},
            self.args.seed + self.epoch,
            self.args.batch_seconds,
            self.args.synth_share,
        )
        sets = {"dev": dev, "synth": synthesized("dev")}
        parameters = sum(p.numel() for p in self.model.parameters())
        print(f"{parameters} parameters, {len(real)} recordings, {len(dev)} held out, on {self.device}", flush=True)
        while self.progress() < 1:
            self.model.train()
            began, sums = time.time(), []
            tick = began
            batches.augment.strength = 1 - 0.4 * min(1.0, self.progress())
            for batch in batches.epoch(begin={WORDS: 1, ALIGNMENT: 2, MAIN: 0}[self.phase]):
                sums.append(self.update(batch) | {"frames": int(batch["x_lens"].sum())})
                if len(sums) % 50 == 0:
                    means = {k: round(float(np.nanmean([s.get(k, np.nan) for s in sums[-50:]])), 2) for k in sums[-1]}
                    print(f"  {self.step} {time.time() - began:.0f}s {self.running:.2f} {means}", flush=True)
                now = time.time()
                self.elapsed, tick = self.elapsed + now - tick, now
                if self.phase < MAIN:
                    phase = self.phase
                    self.advance(sums[-1])
                    if self.phase != phase:
                        break
                if self.progress() >= 1:
                    break
            self.epoch += 1
            seconds = time.time() - began
            entry = {
                k: round(float(np.nanmean([s.get(k, np.nan) for s in sums])), 4) for k in sums[-1] if k != "frames"
            }
            entry |= {"epoch": self.epoch, "step": self.step, "seconds": round(seconds, 1)}
            entry |= {"audio": round(sum(s["frames"] for s in sums) / 100), "lr": self.optimizer.param_groups[0]["lr"]}
            if self.epoch % self.args.every == 0 or self.progress() >= 1:
                for name, utterances in sets.items():
                    entry |= {f"{name}_{k}": round(v, 4) for k, v in self.evaluate(utterances).items()}
                save(self.folder / "last.pt", self.state())
                save(self.folder / f"average-{self.epoch:04d}.pt", self.weights())
            self.log(entry)
            draw(self.folder)


def main() -> None:
    args = arguments()
    torch.set_num_threads(args.threads)
    Trainer(args).run()


if __name__ == "__main__":
    main()
