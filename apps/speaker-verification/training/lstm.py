"""The published teacher: an LSTM speaker classifier with a decoder that reconstructs the features.

`train.py --config teacher_lstm_autoencoder` trains it like any encoder; `teacher.py --run` then caches its embeddings
in place of Resemblyzer's.
"""

import torch
from torch import nn
from torch.nn import functional as F

from features import BINS, Fbank


class LstmAutoencoder(nn.Module):
    def __init__(self, shape) -> None:
        super().__init__()
        self.shape = shape
        self.front = Fbank()
        self.norm = nn.BatchNorm1d(BINS)
        self.encoder = nn.LSTM(BINS, shape.lstm, 3, batch_first=True)
        self.head = nn.Linear(shape.lstm, shape.embedding)
        self.dropout = nn.Dropout(shape.dropout)
        self.decoder = nn.LSTM(shape.embedding + BINS, shape.lstm, batch_first=True)
        self.draw = nn.Linear(shape.lstm, BINS)

    def features(self, samples: torch.Tensor) -> torch.Tensor:
        with torch.autocast(samples.device.type, enabled=False):
            features = self.front(samples.float())
            return features - features.mean(dim=1, keepdim=True)

    def _embed(self, features: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Embeddings, and the normalised frames `[batch, frames, 80]`."""
        frames = self.norm(features).transpose(1, 2)
        _, (hidden, _) = self.encoder(frames)
        return self.head(self.dropout(hidden[-1])), frames

    def learn(self, features: torch.Tensor, mask: torch.Tensor | None) -> tuple[torch.Tensor, torch.Tensor]:
        """Embeddings, and the error of reconstructing each frame from them and the previous frame."""
        embedding, frames = self._embed(features if mask is None else features * mask)
        before = F.pad(frames, (0, 0, 1, 0))[:, :-1]
        inputs = torch.cat([F.normalize(embedding, dim=1)[:, None].expand(-1, frames.shape[1], -1), before], dim=2)
        drawn = self.draw(self.decoder(inputs)[0])
        return embedding.float(), (drawn.float() - frames.detach().float()).square().mean()

    def forward(self, samples: torch.Tensor) -> torch.Tensor:
        return self._embed(self.features(samples))[0]

    def parts(self) -> dict[str, int]:
        parts = {"encoder": (self.norm, self.encoder), "embedding": (self.head,), "decoder": (self.decoder, self.draw)}
        return {
            name: sum(p.numel() for module in modules for p in module.parameters()) for name, modules in parts.items()
        }
