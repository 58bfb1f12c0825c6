"""The speaker encoder: SincConv or fbank, two convolutions, six mixer blocks, attentive statistics, 512 numbers.

Nothing but the attentive pooling looks at statistics over time, so a long recording can be embedded in pieces.
"""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from features import Fbank
from sinc import FILTERS, SincConv

KINDS = ("raw", "raw-pairs", "mel")
TEACHER = "lstm-autoencoder"
SLOPE = 0.2


@dataclass(frozen=True)
class Shape:
    """Sizes of the network. The defaults make 3.48M parameters with `raw`."""

    kind: str = "raw-pairs"
    width: int = 192
    blocks: int = 6
    identity_kernel: int = 3
    token_kernel: int = 11
    hidden: int = 560
    pooled: int = 512
    attention: int = 128
    embedding: int = 512
    dropout: float = 0.1
    lstm: int = 256  # of the published teacher only

    def __post_init__(self) -> None:
        if self.kind not in (*KINDS, TEACHER):
            raise ValueError(f"the kind of a model must be one of {', '.join(KINDS)}, not {self.kind}")


def max_feature_map(x: torch.Tensor) -> torch.Tensor:
    """The larger of channel i and channel i + n/2."""
    first, second = x.chunk(2, dim=1)
    return torch.maximum(first, second)


class Mixer(nn.Module):
    """One block over `[batch, width, tokens]`: identity convolution, token mixing, channel mixing, each residual.

    Token mixing is a depthwise convolution, so a block takes any number of tokens.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width, kernel = shape.width, shape.token_kernel
        # Added to its input, this starts close to the identity.
        self.identity = nn.Conv1d(width, width, shape.identity_kernel, padding=shape.identity_kernel // 2)
        nn.init.normal_(self.identity.weight, std=0.01)
        nn.init.zeros_(self.identity.bias)
        self.token_norm = nn.BatchNorm1d(width)
        # Two filters for each channel, whose outputs lie next to each other.
        self.tokens = nn.Conv1d(width, 2 * width, kernel, padding=kernel // 2, groups=width)
        self.channel_norm = nn.BatchNorm1d(width)
        self.widen = nn.Conv1d(width, 2 * shape.hidden, 1)
        self.narrow = nn.Conv1d(shape.hidden, width, 1)
        self.dropout = nn.Dropout(shape.dropout)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.identity(x)
        mixed = self.tokens(self.token_norm(x)).unflatten(1, (-1, 2))
        x = x + self.dropout(torch.maximum(mixed[:, :, 0], mixed[:, :, 1]))
        return x + self.dropout(self.narrow(max_feature_map(self.widen(self.channel_norm(x)))))


class Trunk(nn.Module):
    """From features `[batch, 80, frames]` to tokens `[batch, width, tokens]`; tokens = frames // 3 // 3."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        # Log features lose their mean over the channels of a frame, its level; waveform features are divided by it.
        self.logarithmic = shape.kind != "raw"
        self.norm = nn.BatchNorm1d(FILTERS)
        self.first = nn.Conv1d(FILTERS, FILTERS, 5, padding=2)
        self.second = nn.Conv1d(FILTERS, FILTERS, 5, padding=2)
        self.first_norm = nn.BatchNorm1d(FILTERS)
        self.second_norm = nn.BatchNorm1d(FILTERS)
        self.project = nn.Conv1d(FILTERS, shape.width, 1)
        self.blocks = nn.ModuleList(Mixer(shape) for _ in range(shape.blocks))

    def forward(self, features: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        if self.logarithmic:
            x = features - features.mean(dim=1, keepdim=True)
        else:
            x = features * torch.rsqrt(features.square().mean(dim=1, keepdim=True) + 1e-9)
        x = self.norm(x)
        if mask is not None:
            x = x * mask
        x = F.max_pool1d(F.leaky_relu(self.first_norm(self.first(x)), SLOPE), 3)
        x = F.max_pool1d(F.leaky_relu(self.second_norm(self.second(x)), SLOPE), 3)
        x = self.project(x)
        for block in self.blocks:
            x = block(x)
        return x


class Pooling(nn.Module):
    """Attentive mean and deviation of every channel. A token's attention depends on that token alone."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.widen = nn.Conv1d(shape.width, shape.pooled, 1)
        self.norm = nn.BatchNorm1d(shape.pooled)
        self.reduce = nn.Conv1d(shape.pooled, shape.attention, 1)
        self.expand = nn.Conv1d(shape.attention, shape.pooled, 1)

    def tokens(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Values and attention logits `[batch, pooled, tokens]`."""
        values = F.relu(self.norm(self.widen(x)))
        return values.float(), self.expand(torch.tanh(self.reduce(values))).float()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        values, logits = self.tokens(x)
        weights = logits.softmax(dim=2)
        mean = (weights * values).sum(dim=2)
        second = (weights * values.square()).sum(dim=2)
        return torch.cat([mean, deviation(mean, second)], dim=1)


def deviation(mean: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    return (second - mean.square()).clamp(min=1e-6).sqrt()


class Encoder(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.front = Fbank() if shape.kind == "mel" else SincConv(pairs=shape.kind == "raw-pairs")
        self.trunk = Trunk(shape)
        self.pooling = Pooling(shape)
        self.head_norm = nn.BatchNorm1d(2 * shape.pooled)
        self.head = nn.Linear(2 * shape.pooled, shape.embedding)
        self.dropout = nn.Dropout(shape.dropout)

    def features(self, samples: torch.Tensor) -> torch.Tensor:
        """Always in float32: half precision moves the filters' centres and loses quiet frames."""
        with torch.autocast(samples.device.type, enabled=False):
            return self.front(samples.float())

    def forward(self, samples: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        """Embeddings `[batch, 512]`, not normalised, of samples `[batch, n]` in [-1, 1] at 16 kHz."""
        pooled = self.pooling(self.trunk(self.features(samples), mask))
        return self.embed(pooled)

    def learn(self, features: torch.Tensor, mask: torch.Tensor | None) -> tuple[torch.Tensor, None]:
        """Embeddings of features in training; a mixer has no loss of its own."""
        return self.embed(self.pooling(self.trunk(features, mask))), None

    def embed(self, pooled: torch.Tensor) -> torch.Tensor:
        with torch.autocast(pooled.device.type, enabled=False):
            return self.head(self.dropout(self.head_norm(pooled.float())))

    def parts(self) -> dict[str, int]:
        """Parameters by part."""
        count = lambda module: sum(p.numel() for p in module.parameters())  # noqa: E731
        trunk = self.trunk
        return {
            "sinc filters": count(self.front),
            "convolutions": sum(
                map(count, (trunk.norm, trunk.first, trunk.second, trunk.first_norm, trunk.second_norm))
            ),
            "projection": count(trunk.project),
            f"{len(trunk.blocks)} mixer blocks": count(trunk.blocks),
            "attentive pooling": count(self.pooling),
            "embedding": count(self.head_norm) + count(self.head),
        }


def build(shape: Shape) -> nn.Module:
    """The network that a shape describes."""
    if shape.kind == TEACHER:
        from lstm import LstmAutoencoder

        return LstmAutoencoder(shape)
    return Encoder(shape)


def main() -> None:
    for kind in KINDS:
        parts = Encoder(Shape(kind=kind)).parts()
        print(f"{kind}: {sum(parts.values()):,} parameters")
        for name, count in parts.items():
            print(f"  {name}: {count:,}")


if __name__ == "__main__":
    main()
