"""One process or several: `torchrun --nproc-per-node 2 train.py …` sets what is read here."""

import os

import torch
from torch import distributed, nn
from torch.distributed.nn.functional import all_reduce


class Group:
    """This process's place among those that train one model together."""

    def __init__(self, device: str) -> None:
        self.size = int(os.environ.get("WORLD_SIZE", "1"))
        self.rank = int(os.environ.get("RANK", "0"))
        self.device = device
        if self.size > 1:
            if device == "cuda":
                self.device = f"cuda:{os.environ.get('LOCAL_RANK', '0')}"
                torch.cuda.set_device(self.device)
            distributed.init_process_group("nccl" if device == "cuda" else "gloo")

    @property
    def first(self) -> bool:
        return self.rank == 0

    def mean(self, values: torch.Tensor) -> torch.Tensor:
        """The mean over the processes."""
        if self.size > 1:
            distributed.all_reduce(values)
            values /= self.size
        return values

    def agree(self, value: float) -> float:
        """The first process's value: clocks differ, and all must stop at the same step."""
        if self.size == 1:
            return value
        shared = torch.tensor(value, dtype=torch.float64, device=self.device)
        distributed.broadcast(shared, 0)
        return float(shared)

    def close(self) -> None:
        if self.size > 1:
            distributed.destroy_process_group()


class SharedNorm(nn.BatchNorm1d):
    """Batch normalisation by the whole batch over all processes. torch's own SyncBatchNorm needs a GPU."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return super().forward(x)
        axes = [0, 2] if x.ndim == 3 else [0]
        values = x.float()
        moments = torch.stack([values.mean(dim=axes), values.square().mean(dim=axes)])
        mean, square = all_reduce(moments) / distributed.get_world_size()
        variance = (square - mean.square()).clamp(min=0)
        with torch.no_grad():
            count = x.numel() / x.shape[1] * distributed.get_world_size()
            self.running_mean.lerp_(mean, self.momentum)
            self.running_var.lerp_(variance * count / (count - 1), self.momentum)
            self.num_batches_tracked += 1
        scale = self.weight * torch.rsqrt(variance + self.eps)
        shape = (1, -1) + (1,) * (x.ndim - 2)
        return (values * scale.view(shape) + (self.bias - mean * scale).view(shape)).to(x.dtype)


def share_norms(module: nn.Module) -> None:
    """Makes every batch norm in the module normalise over all processes."""
    for part in module.modules():
        if type(part) is nn.BatchNorm1d:
            part.__class__ = SharedNorm
