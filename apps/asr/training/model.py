"""A compact Conformer transducer with an auxiliary CTC head, in the shapes that sherpa-onnx's icefall loader expects.

Encoder (x `[N, T, 80]`, x_lens `[N]`): normalisation -> two strided 1-D convolutions (x4) -> residual
convolutions -> Conformer blocks with a learned relative-position bias -> `[N, T / 4, joiner_dim]`.
Decoder: a stateless one, an embedding and a grouped convolution over the last two tokens.
Joiner: tanh of the sum, one linear layer.
"""

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torchaudio.functional import forced_align, rnnt_loss


@dataclass
class Config:
    vocab_size: int
    dim: int = 192
    dilations: tuple[int, ...] = (1, 1, 2, 2)
    blocks: int = 2
    heads: int = 4
    feed_forward: int = 384
    kernel: int = 15
    joiner_dim: int = 96
    context_size: int = 2
    reach: int = 48  # relative positions beyond this many frames (40 ms each) share a bias
    dropout: float = 0.1

    def as_dict(self) -> dict:
        return asdict(self)


class Normalize(nn.Module):
    """Removes level and colour: minus the mean of each bin over the louder frames, floored, divided by a constant.

    The mean is weighted towards frames near the loudest, so that a long silence, or a digital one (the features'
    floor), does not move it. All inside the graph: the caller passes plain log mel energies.
    """

    floor, scale = -9.0, 3.0

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        energy = x.mean(dim=2).masked_fill(~mask, -1e4)
        weight = torch.sigmoid(2.0 * (energy - energy.amax(dim=1, keepdim=True) + 5.0))
        weight = (weight * mask).unsqueeze(2)
        mean = (x * weight).sum(dim=1, keepdim=True) / weight.sum(dim=1, keepdim=True).clamp(min=1e-6)
        x = ((x - mean).clamp(min=self.floor) + 2.0) / self.scale
        return x * mask.unsqueeze(2)


class Residual(nn.Module):
    """Two convolutions with batch normalisation around a shortcut: cheap, and quick to learn how phones sound."""

    def __init__(self, dim: int, dilation: int, dropout: float):
        super().__init__()
        self.first = nn.Conv1d(dim, dim, 3, padding=dilation, dilation=dilation, bias=False)
        self.first_norm = nn.BatchNorm1d(dim)
        self.second = nn.Conv1d(dim, dim, 3, padding=1, bias=False)
        self.second_norm = nn.BatchNorm1d(dim)
        self.dropout = Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """x `[N, T, dim]`."""
        y = F.relu(self.first_norm(self.first(x.transpose(1, 2)))) * mask.unsqueeze(1)
        y = self.second_norm(self.second(y)).transpose(1, 2)
        return F.relu(x + self.dropout(y)) * mask.unsqueeze(2)


class Dropout(nn.Module):
    """Drops whole channels of an utterance: one draw for all its frames (a tenth of the cost of one per frame)."""

    def __init__(self, chance: float):
        super().__init__()
        self.chance = chance

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.chance == 0:
            return x
        kept = torch.rand(x.shape[0], 1, x.shape[2], device=x.device) >= self.chance
        return x * (kept.to(x.dtype) / (1 - self.chance))


class FeedForward(nn.Sequential):
    def __init__(self, dim: int, hidden: int, dropout: float):
        super().__init__(nn.LayerNorm(dim), nn.Linear(dim, hidden), nn.SiLU(), Dropout(dropout), nn.Linear(hidden, dim))


class Attention(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.heads, self.size = config.heads, config.dim // config.heads
        self.norm = nn.LayerNorm(config.dim)
        self.project = nn.Linear(config.dim, 3 * config.dim)
        self.out = nn.Linear(config.dim, config.dim)
        self.dropout = Dropout(config.dropout)
        self.bias = nn.Parameter(torch.zeros(config.heads, 2 * config.reach + 1))

    def forward(self, x: Tensor, distance: Tensor, hidden: Tensor) -> Tensor:
        n, t, d = x.shape
        q, k, v = self.project(self.norm(x)).view(n, t, 3, self.heads, self.size).permute(2, 0, 3, 1, 4)
        scores = torch.matmul(q, k.transpose(2, 3)) * self.size**-0.5
        scores = scores + self.bias[:, distance].to(scores.dtype) + hidden.to(scores.dtype)
        y = torch.matmul(scores.softmax(dim=3), v).transpose(1, 2).reshape(n, t, d)
        return self.dropout(self.out(y))


class Convolution(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        dim = config.dim
        self.before = nn.LayerNorm(dim)
        self.gate = nn.Linear(dim, 2 * dim)
        self.depth = nn.Conv1d(dim, dim, config.kernel, padding=config.kernel // 2, groups=dim)
        self.norm = nn.LayerNorm(dim)
        self.out = nn.Linear(dim, dim)
        self.dropout = Dropout(config.dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        a, b = self.gate(self.before(x)).chunk(2, dim=2)
        y = a * torch.sigmoid(b) * mask.unsqueeze(2)
        y = self.depth(y.transpose(1, 2)).transpose(1, 2)
        return self.dropout(self.out(F.silu(self.norm(y))))


class Block(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.first = FeedForward(config.dim, config.feed_forward, config.dropout)
        self.attention = Attention(config)
        self.convolution = Convolution(config)
        self.second = FeedForward(config.dim, config.feed_forward, config.dropout)
        # Small branches to begin with: a deep stack then learns as fast as a shallow one.
        with torch.no_grad():
            for last in (self.first[4], self.attention.out, self.convolution.out, self.second[4]):
                last.weight.mul_(0.3)
                last.bias.zero_()

    def forward(self, x: Tensor, mask: Tensor, distance: Tensor, hidden: Tensor) -> Tensor:
        x = x + 0.5 * self.first(x)
        x = x + self.attention(x, distance, hidden)
        x = x + self.convolution(x, mask)
        return x + 0.5 * self.second(x)


class Encoder(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        dim, front = config.dim, 128
        self.normalize = Normalize()
        self.first, self.first_norm = nn.Conv1d(80, front, 5, stride=2, padding=2, bias=False), nn.BatchNorm1d(front)
        self.second, self.second_norm = nn.Conv1d(front, dim, 5, stride=2, padding=2, bias=False), nn.BatchNorm1d(dim)
        self.residuals = nn.ModuleList(Residual(dim, d, config.dropout) for d in config.dilations)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.blocks))
        self.middle_norm, self.norm = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.out = nn.Linear(dim, config.joiner_dim)

    def forward(self, x: Tensor, x_lens: Tensor) -> tuple[Tensor, Tensor]:
        y, lengths, _ = self.states(x, x_lens)
        return self.out(y), lengths

    def states(self, x: Tensor, x_lens: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The last block's states, their lengths, and the states between the convolutions and the Conformer blocks."""
        mask = torch.arange(x.shape[1], device=x.device) < x_lens.unsqueeze(1)
        x = self.normalize(x, mask).transpose(1, 2)
        mask, lengths = mask[:, ::2], (x_lens + 1) // 2
        x = F.relu(self.first_norm(self.first(x))) * mask.unsqueeze(1)
        mask, lengths = mask[:, ::2], (lengths + 1) // 2
        x = F.relu(self.second_norm(self.second(x))) * mask.unsqueeze(1)
        x = x.transpose(1, 2)
        for residual in self.residuals:
            x = residual(x, mask)
        middle = self.middle_norm(x)

        steps = torch.arange(x.shape[1], device=x.device)
        reach = self.config.reach
        distance = (steps.unsqueeze(0) - steps.unsqueeze(1)).clamp(-reach, reach) + reach
        hidden = torch.zeros(mask.shape, device=x.device).masked_fill(~mask, -1e4)[:, None, None, :]
        for block in self.blocks:
            x = block(x, mask, distance, hidden)
        return self.norm(x), lengths, middle


class Decoder(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        dim = config.joiner_dim
        self.embedding = nn.Embedding(config.vocab_size, dim)
        self.conv = nn.Conv1d(dim, dim, config.context_size, groups=dim // 4, bias=False)
        self.out = nn.Linear(dim, dim)

    def forward(self, y: Tensor) -> Tensor:
        """`[N, U]` tokens -> `[N, U - context_size + 1, joiner_dim]`; -1 stands for "before the start"."""
        embedded = self.embedding(y.clamp(min=0)) * (y >= 0).unsqueeze(2)
        return self.out(F.relu(self.conv(embedded.transpose(1, 2)).transpose(1, 2)))


class Joiner(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.out = nn.Linear(config.joiner_dim, config.vocab_size)

    def forward(self, encoder_out: Tensor, decoder_out: Tensor) -> Tensor:
        return self.out(torch.tanh(encoder_out + decoder_out))


class Transducer(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        self.encoder, self.decoder, self.joiner = Encoder(config), Decoder(config), Joiner(config)
        self.ctc = nn.Linear(config.dim, config.vocab_size)
        self.middle_ctc = nn.Linear(config.dim, config.vocab_size)
        self.word = nn.Linear(config.dim, config.vocab_size)
        for head in (self.ctc, self.middle_ctc, self.joiner.out):
            nn.init.zeros_(head.bias)
            head.bias.data[0] = 2.0  # blank is the common case: do not spend the first steps on learning that
        self.forget = Dropout(0.2)
        self.context_noise = 0.15  # a token of the decoder's context is replaced by any other with this chance

    def begin(self, x: Tensor, x_lens: Tensor, y: Tensor, y_lens: Tensor) -> dict[str, Tensor]:
        """The losses of the first epochs: which word a one-word utterance is, and CTC.

        CTC and transducers alone first learn "always blank" and stay there for long; telling single words apart
        does not need an alignment, and with it the others have something to align.
        """
        states, lengths, middle = self.encoder.states(x, x_lens)
        single = y_lens == 1
        beyond = torch.arange(states.shape[1], device=x.device) >= lengths.unsqueeze(1)
        word = states.new_zeros(())
        for z in (states, middle) if single.any() else ():  # a batch of word pairs has none
            pooled = z.masked_fill(beyond.unsqueeze(2), -1e4).amax(dim=1)
            word = word + F.cross_entropy(self.word(pooled[single]).float(), y[single, 0])
        return {
            "word": word / 2,
            "ctc": self._ctc(self.ctc, states, lengths, y, y_lens),
            "middle": self._ctc(self.middle_ctc, middle, lengths, y, y_lens),
        }

    @staticmethod
    def _path(log_probs: Tensor, lengths: Tensor, y: Tensor, y_lens: Tensor) -> tuple[Tensor, Tensor]:
        """What to emit at each frame (`[N, T]`, -1 beyond the end), and how many tokens were emitted before it."""
        targets = torch.full(log_probs.shape[:2], -1)
        emitted = torch.zeros(log_probs.shape[:2], dtype=torch.int64)
        for n, (length, count) in enumerate(zip(lengths.tolist(), y_lens.tolist(), strict=True)):
            labels = y[n, :count].cpu()
            if length < count + int((labels[1:] == labels[:-1]).sum()):
                continue  # too short for CTC
            path, _ = forced_align(log_probs[n : n + 1, :length].cpu(), labels[None].to(torch.int32))
            path = path[0].long()
            first = path.clone()
            first[1:][path[1:] == path[:-1]] = 0  # a held token is emitted once
            targets[n, :length] = first
            emitted[n, :length] = (first > 0).cumsum(0) - (first > 0).long()
        return targets.to(y.device), emitted.to(y.device)

    @staticmethod
    def _ctc(head: nn.Linear, states: Tensor, lengths: Tensor, y: Tensor, y_lens: Tensor) -> Tensor:
        log_probs = head(states).float().log_softmax(2).transpose(0, 1)
        return F.ctc_loss(log_probs, y, lengths, y_lens, zero_infinity=True, reduction="sum") / len(y)

    def losses(self, x: Tensor, x_lens: Tensor, y: Tensor, y_lens: Tensor) -> dict[str, Tensor]:
        """The transducer, CTC and middle CTC losses, each a mean over utterances."""
        states, lengths, middle = self.encoder.states(x, x_lens)
        context = self.config.context_size
        start = y.new_full((len(y), context), -1)
        start[:, -1] = 0
        history = torch.cat([start, y], dim=1)
        if self.training:  # wrong contexts: with so few sentences the decoder would learn them by heart
            wrong = torch.randint_like(history, self.config.vocab_size)
            history = torch.where(torch.rand(history.shape, device=y.device) < self.context_noise, wrong, history)
        decoded = self.forget(self.decoder(history))
        encoded = self.encoder.out(states)
        logits = self.joiner(encoded.unsqueeze(2), decoded.unsqueeze(1)).float()
        int32 = torch.int32
        transducer = rnnt_loss(logits, y.to(int32), lengths.to(int32), y_lens.to(int32), blank=0, reduction="mean")

        # One token per frame is how it will be decoded, so the greedy path is trained too: along CTC's alignment.
        targets, position = self._path(self.ctc(states.detach()).float().log_softmax(2).detach(), lengths, y, y_lens)
        along = logits.gather(2, position[:, :, None, None].expand(-1, -1, 1, logits.shape[3])).squeeze(2)
        path = F.cross_entropy(along.flatten(0, 1), targets.flatten(), ignore_index=-1, reduction="sum") / len(y)
        return {
            "transducer": transducer,
            "path": path,
            "ctc": self._ctc(self.ctc, states, lengths, y, y_lens),
            "middle": self._ctc(self.middle_ctc, middle, lengths, y, y_lens),
        }
