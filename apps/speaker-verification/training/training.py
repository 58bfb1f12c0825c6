"""The model, its optimiser and one step, without any loop around them."""

import os
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import nn

from augment import Augmenter
from data import Pack, Sampler
from distributed import Group, share_norms
from losses import Objective
from model import build
from samples import RATE
from schedule import learning_rate
from settings import Settings


def write(path: Path, content: dict) -> None:
    """Whole or not at all: a kill at any moment leaves the file of before."""
    part = path.with_name(f"{path.name}.part")
    torch.save(content, part)
    os.replace(part, path)


class Network(nn.Module):
    """Samples to the loss in one call, as DistributedDataParallel wants it."""

    def __init__(self, options: Settings, pack: Pack, augmenter: Augmenter) -> None:
        super().__init__()
        self.encoder = build(options.model)
        size = pack.teacher.shape[1] if pack.teacher is not None else 1
        self.objective = Objective(options.loss, options.model.embedding, pack.classes, size)
        self.augmenter = augmenter

    def forward(
        self, speech: torch.Tensor, label: torch.Tensor, teacher: torch.Tensor | None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        features = self.encoder.features(speech)
        mask = None
        if self.augmenter.options.masks:
            mask = self.augmenter.mask(*features.shape)
        half = speech.device.type == "cuda"
        with torch.autocast(speech.device.type, torch.bfloat16, enabled=half, cache_enabled=False):
            embedding, own = self.encoder.learn(features, mask)
        loss, parts = self.objective(embedding, label, teacher)
        return (loss if own is None else loss + own), parts


class Training:
    def __init__(self, options: Settings, pack: Pack, group: Group) -> None:
        torch.manual_seed(options.seed)
        self.options, self.pack, self.group = options, pack, group
        self.device = torch.device(group.device)
        batch = options.schedule.batch
        if batch % group.size:
            raise ValueError(f"a batch of {batch} cannot be shared by {group.size} processes")
        self.sampler = Sampler(pack, options.sampling, batch, options.seed)
        self.augmenter = Augmenter(options.augmentation, pack.music)
        self.network = Network(options, pack, self.augmenter).to(self.device)
        if options.loss.soft and options.loss.alpha:
            self.objective.centres = pack.class_centres()
        # Several processes start from the same weights but draw their own crops and noises.
        torch.manual_seed(options.seed + 1000 * group.rank)
        self.wrapped: nn.Module = self.network
        if group.size > 1:
            share_norms(self.network)
            ids = [self.device] if self.device.type == "cuda" else None
            self.wrapped = nn.parallel.DistributedDataParallel(self.network, device_ids=ids)
        self.optimiser = self._optimiser()
        self.graphs: dict[float, torch.cuda.CUDAGraph] = {}
        self.memory = None
        self.rows = torch.zeros(batch // group.size, dtype=torch.long, device=self.device)
        self.parts = torch.zeros(4, device=self.device)

    @property
    def encoder(self) -> nn.Module:
        return self.network.encoder

    @property
    def objective(self) -> Objective:
        return self.network.objective

    def _optimiser(self) -> torch.optim.Optimizer:
        optimiser, cuda = self.options.optimiser, self.device.type == "cuda"
        groups: dict[str, list] = {"weights": [], "plain": [], "sinc": []}
        for name, parameter in self.network.named_parameters():
            if parameter.requires_grad:
                kind = "sinc" if ".front." in name else "weights" if parameter.ndim > 1 else "plain"
                groups[kind].append(parameter)
        return torch.optim.AdamW(
            [
                {
                    "params": parameters,
                    # A tensor, so that a captured step reads the rate of the moment.
                    "lr": torch.zeros((), device=self.device) if cuda else 0.0,
                    "weight_decay": optimiser.weight_decay if kind == "weights" else 0.0,
                    "factor": optimiser.sinc if kind == "sinc" else 1.0,
                }
                for kind, parameters in groups.items()
                if parameters
            ],
            fused=cuda,
            capturable=cuda,
        )

    def set_progress(self, progress: float) -> float:
        """Sets the learning rate and the margin; the learning rate."""
        options = self.options.optimiser
        rate = learning_rate(progress, options.rate, options.warmup)
        for group in self.optimiser.param_groups:
            if isinstance(group["lr"], torch.Tensor):
                group["lr"].fill_(rate * group["factor"])
            else:
                group["lr"] = rate * group["factor"]
        self.objective.set_progress(progress)
        return rate

    def _step(self, seconds: float) -> None:
        """Crops, augments, learns. Reads `rows`, writes `parts`; nothing here waits for the device."""
        with torch.no_grad():
            place = torch.rand(len(self.rows), device=self.device)
            speech = self.augmenter(self.pack.crop(self.rows, int(seconds * RATE), place))
            label = self.pack.label[self.rows]
            target = self.pack.teacher[self.rows] if self.pack.teacher is not None else None
        self.optimiser.zero_grad(set_to_none=True)
        loss, parts = self.wrapped(speech, label, target)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), self.options.optimiser.clip)
        self.optimiser.step()
        self.parts.copy_(torch.cat([loss.detach()[None], parts]))

    def capture(self) -> None:
        """One CUDA graph for each crop length. Where that fails, steps run one operation at a time."""
        eager = self.group.size > 1 or self.pack.on_host or os.environ.get("DSP_NO_GRAPHS")
        if self.device.type != "cuda" or eager:
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
                with torch.cuda.graph(graph, pool=self.memory):
                    self._step(seconds)
                self.memory = self.memory or graph.pool()
                self.graphs[seconds] = graph
        except RuntimeError as error:
            print(f"no CUDA graphs: {error}", file=sys.stderr, flush=True)
            self.graphs = {}

    def step(self, number: int) -> None:
        """Step `number`, the same wherever the run was resumed."""
        mine = self.sampler.rows(number)[self.group.rank :: self.group.size]
        self.rows.copy_(torch.from_numpy(mine))
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
        return {"network": self.network.state_dict(), "optimiser": self.optimiser.state_dict(), "random": random}

    def load(self, state: dict) -> None:
        self.network.load_state_dict(state["network"])
        self.optimiser.load_state_dict(state["optimiser"])
        if self.group.size > 1:
            torch.manual_seed(self.options.seed + 1000 * self.group.rank + 7919 * state["step"])
            return
        torch.set_rng_state(state["random"]["cpu"].cpu())
        if "cuda" in state["random"] and self.device.type == "cuda":
            torch.cuda.set_rng_state(state["random"]["cuda"].cpu())

    def save_weights(self, path: Path, facts: dict) -> None:
        """What evaluation and export need, in half precision (7 MB)."""

        def half(module: nn.Module) -> dict:
            exact = ("front.", "running_", "num_batches")
            state = module.state_dict().items()
            return {k: (v if any(part in k for part in exact) else v.half()).cpu() for k, v in state}

        content = {"encoder": half(self.encoder), "teacher_head": half(self.objective.teacher_head)}
        write(path, content | {"shape": asdict(self.options.model), "facts": facts})
