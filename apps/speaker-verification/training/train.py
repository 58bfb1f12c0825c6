"""Trains one speaker encoder: `python train.py --config mlp_mixer_rawwaveform_distillation`.

The same steps run on two CPU cores and on a GPU, where each is replayed as one CUDA graph. A run is a folder: `last.pt`
(everything to resume from, written atomically), `log.jsonl`, `settings.json`, and `weights.pt` at the end.
"""

import argparse
import json
import math
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import nn

import settings
from augment import Augmenter
from data import Pack, Sampler
from losses import Objective
from metrics import Development
from model import Encoder
from paths import PACK, RUNS
from prepare import RATE


def write(path: Path, content: dict) -> None:
    """Whole or not at all: a kill at any moment leaves the file of before."""
    part = path.with_name(f"{path.name}.part")
    torch.save(content, part)
    os.replace(part, path)


class Progress:
    """How far the schedule is, from 0 to 1: by steps, by time, or by steps that must fit the time that is left."""

    def __init__(self, steps: int, minutes: float, until: float | None, step: int, spent: float) -> None:
        self.steps = steps
        self.end = until if until else (None if steps else time.time() + max(1.0, minutes * 60 - spent))
        self.value = step / steps if steps else min(0.999, spent / (minutes * 60)) if not until else 0.0
        self.pace, self.last, self.exact = 0.0, time.time(), self.end is None

    def advance(self, step: int) -> None:
        """After step number `step` - 1."""
        if self.exact:
            self.value = step / self.steps
            return
        now = time.time()
        took, self.last = now - self.last, now
        # Slow to forget, so that an evaluation counts as a share of the steps around it.
        self.pace = took if self.pace == 0 else self.pace + (took - self.pace) / 300
        left = (self.end - now) / max(self.pace, 1e-6)
        if self.steps:
            left = min(left, self.steps - step)
        self.value = 1.0 if left < 1 else self.value + (1 - self.value) / (left + 1)


class Training:
    """The model, its optimiser and one step, without any loop around them."""

    def __init__(self, options: settings.Settings, pack: Pack, device: str) -> None:
        torch.manual_seed(options.seed)
        self.options, self.pack, self.device = options, pack, torch.device(device)
        schedule, optimiser = options.schedule, options.optimiser
        self.sampler = Sampler(pack, options.sampling, schedule.batch, options.seed)
        self.augmenter = Augmenter(options.augmentation, pack.music)
        self.encoder = Encoder(options.model).to(self.device)
        self.objective = Objective(options.loss, options.model.embedding, pack.classes).to(self.device)
        if options.loss.soft and options.loss.alpha:
            self.objective.centres = pack.class_centres()
        self.modules = nn.ModuleList([self.encoder, self.objective])
        groups: dict[str, list] = {"weights": [], "plain": [], "sinc": []}
        for name, parameter in self.modules.named_parameters():
            kind = "sinc" if ".front." in name else "weights" if parameter.ndim > 1 else "plain"
            groups[kind].append(parameter)
        cuda = self.device.type == "cuda"
        self.factors = {"weights": 1.0, "plain": 1.0, "sinc": optimiser.sinc}
        self.optimiser = torch.optim.AdamW(
            [
                {
                    "params": parameters,
                    "lr": torch.zeros((), device=self.device) if cuda else 0.0,
                    "weight_decay": optimiser.weight_decay if kind == "weights" else 0.0,
                    "factor": self.factors[kind],
                }
                for kind, parameters in groups.items()
                if parameters
            ],
            fused=cuda,
            capturable=cuda,
        )
        self.graphs: dict[float, torch.cuda.CUDAGraph] = {}
        self.memory = None
        self.rows = torch.zeros(schedule.batch, dtype=torch.long, device=self.device)
        self.parts = torch.zeros(4, device=self.device)

    def set_progress(self, progress: float) -> float:
        """Warm-up, then cosine; the learning rate."""
        options = self.options.optimiser
        if progress < options.warmup:
            rate = options.rate * (progress / options.warmup)
        else:
            rate = options.rate * 0.5 * (1 + math.cos(math.pi * (progress - options.warmup) / (1 - options.warmup)))
        rate = max(rate, options.rate * 1e-3)
        for group in self.optimiser.param_groups:
            if isinstance(group["lr"], torch.Tensor):
                group["lr"].fill_(rate * group["factor"])
            else:
                group["lr"] = rate * group["factor"]
        self.objective.set_progress(progress)
        return rate

    def _step(self, seconds: float) -> None:
        """Crops, augments, learns. Reads `rows`, writes `parts`; nothing here waits for the device."""
        samples, count = int(seconds * RATE), len(self.rows)
        with torch.no_grad():
            place = torch.rand(count, device=self.device)
            speech = self.augmenter(self.pack.crop(self.rows, samples, place))
            label = self.pack.label[self.rows]
            target = self.pack.teacher[self.rows] if self.pack.teacher is not None else None
        self.optimiser.zero_grad(set_to_none=True)
        features = self.encoder.features(speech)
        mask = None
        if self.options.augmentation.masks:
            mask = self.augmenter.mask(count, features.shape[1], features.shape[2])
        half = self.device.type == "cuda"
        with torch.autocast(self.device.type, torch.bfloat16, enabled=half, cache_enabled=False):
            pooled = self.encoder.pooling(self.encoder.trunk(features, mask))
        loss, parts = self.objective(self.encoder.embed(pooled), label, target)
        loss.backward()
        nn.utils.clip_grad_norm_(self.modules.parameters(), self.options.optimiser.clip)
        self.optimiser.step()
        self.parts.copy_(torch.cat([loss.detach()[None], parts]))

    def capture(self) -> None:
        """One CUDA graph for each crop length. Where that fails, steps run one operation at a time."""
        if self.device.type != "cuda" or os.environ.get("DSP_NO_GRAPHS"):
            return
        try:
            for seconds in sorted(self.options.schedule.seconds, reverse=True):
                stream = torch.cuda.Stream()
                stream.wait_stream(torch.cuda.current_stream())
                with torch.cuda.stream(stream):
                    for _ in range(3):
                        self._step(seconds)
                torch.cuda.current_stream().wait_stream(stream)
                graph = torch.cuda.CUDAGraph()
                self.optimiser.zero_grad(set_to_none=True)
                with torch.cuda.graph(graph, pool=self.memory):
                    self._step(seconds)
                self.memory = self.memory or graph.pool()
                self.graphs[seconds] = graph
        except RuntimeError as error:
            print(f"no CUDA graphs: {error}", file=sys.stderr, flush=True)
            self.graphs = {}

    def step(self, number: int) -> None:
        """Step `number`, the same wherever the run was resumed."""
        rows = torch.from_numpy(self.sampler.rows(number))
        self.rows.copy_(rows)
        lengths = self.options.schedule.seconds
        seconds = lengths[np.random.default_rng([self.options.seed, number, 1]).integers(len(lengths))]
        graph = self.graphs.get(seconds)
        if graph is None:
            self._step(seconds)
        else:
            graph.replay()

    def state(self) -> dict:
        random = {"cpu": torch.get_rng_state()}
        if self.device.type == "cuda":
            random["cuda"] = torch.cuda.get_rng_state()
        return {"modules": self.modules.state_dict(), "optimiser": self.optimiser.state_dict(), "random": random}

    def load(self, state: dict) -> None:
        self.modules.load_state_dict(state["modules"])
        self.optimiser.load_state_dict(state["optimiser"])
        torch.set_rng_state(state["random"]["cpu"])
        if "cuda" in state["random"] and self.device.type == "cuda":
            torch.cuda.set_rng_state(state["random"]["cuda"])


def save_weights(training: Training, path: Path, facts: dict) -> None:
    """What evaluation and export need, in half precision (7 MB)."""


    def half(module: nn.Module) -> dict:
        state = module.state_dict()
        exact = ("front.", "running_", "num_batches")
        return {k: (v if any(part in k for part in exact) else v.half()).cpu() for k, v in state.items()}

    content = {"encoder": half(training.encoder), "teacher_head": half(training.objective.teacher_head)}
    write(path, content | {"shape": asdict(training.options.model), "facts": facts})


def run(options: settings.Settings, folder: Path, pack: Pack, device: str, until: float | None = None, stop: int = 0) -> dict:
    """Trains to the end of the schedule, or to the step `stop`; the last evaluation."""
    folder.mkdir(parents=True, exist_ok=True)
    training = Training(options, pack, device)
    development = Development(pack)
    schedule = options.schedule
    step, spent = 0, 0.0
    last = folder / "last.pt"
    log = folder / "log.jsonl"
    if last.exists():
        state = torch.load(last, map_location=device, weights_only=False)
        if state["settings"] != asdict(options):
            raise SystemExit(f"{folder} holds a run with other settings: name another folder")
        training.load(state)
        step, spent = state["step"], state["spent"]
        kept = [line for line in log.read_text().splitlines() if json.loads(line)["step"] <= step] if log.exists() else []
        log.write_text("".join(line + "\n" for line in kept))
        print(f"resumed at step {step}", flush=True)
    (folder / "settings.json").write_text(json.dumps(asdict(options), indent=1))
    training.encoder.train()
    training.set_progress(0.0)
    training.capture()
    started = time.time()
    clock = Progress(schedule.steps, schedule.minutes, until, step, spent)
    total = torch.zeros(4, device=training.device)
    counted, marked = 0, time.time()
    report: dict = {}

    def note(entry: dict) -> None:
        with open(log, "a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
        print(json.dumps(entry), flush=True)

    while True:
        elapsed = spent + time.time() - started
        if clock.value >= 1 or (stop and step >= stop):
            break
        rate = training.set_progress(clock.value)
        training.step(step)
        total += training.parts
        counted, step = counted + 1, step + 1
        clock.advance(step)
        if step % schedule.checkpoint == 0 or step % schedule.evaluate == 0:
            loss, classes, far, accuracy = (total / counted).tolist()
            if not math.isfinite(loss):
                raise SystemExit(f"the loss is not finite at step {step}")
            pace = (time.time() - marked) / counted
            entry = {"step": step, "seconds": round(elapsed, 1), "rate": rate, "loss": loss, "classes": classes}
            entry |= {"teacher": far, "accuracy": accuracy, "pace": round(pace, 5)}
            if step % schedule.evaluate == 0:
                entry |= development.evaluate(training.encoder)
            total.zero_()
            note(entry)
            counted, marked = 0, time.time()
            spent_now = spent + time.time() - started
            if step % schedule.evaluate == 0 or device == "cpu":
                write(last, training.state() | {"step": step, "spent": spent_now, "settings": asdict(options)})
    report = development.evaluate(training.encoder)
    facts = {"name": options.name, "step": step, "seconds": spent + time.time() - started, "development": report}
    if training.device.type == "cuda":
        facts["memory"] = torch.cuda.max_memory_allocated()
    if not stop:
        note({"step": step, "end": True, **facts, **report})
        save_weights(training, folder / "weights.pt", facts | {"settings": asdict(options)})
    else:
        write(last, training.state() | {"step": step, "spent": facts["seconds"], "settings": asdict(options)})
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", required=True, help="a YAML file, or the name of one in configs/")
    parser.add_argument("--set", nargs="*", default=[], metavar="SECTION.NAME=VALUE", help="single settings over the file's")
    parser.add_argument("--out", type=Path, help="the run's folder (default: runs/NAME)")
    parser.add_argument("--pack", type=Path, default=PACK)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--minutes", type=float, help="the run's length, instead of the schedule's")
    parser.add_argument("--until", type=float, help="end at this Unix time, start-up counted")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--threads", type=int)
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    overrides = list(args.set)
    if args.seed is not None:
        overrides.append(f"seed={args.seed}")
    if args.minutes is not None:
        overrides += [f"schedule.minutes={args.minutes}", "schedule.steps=0"]
    options = settings.load(args.config, overrides)
    pack = Pack(args.pack, args.device, options.speeds, teacher=options.loss.alpha > 0)
    if pack.teacher is not None and options.speaker_weight:
        pack.blend_teacher(options.speaker_weight)
    run(options, args.out or RUNS / options.name, pack, args.device, args.until)


if __name__ == "__main__":
    main()
