"""What an embedding is trained for: classes with a margin, the teacher's direction, the teacher's distances."""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F


@dataclass
class Loss:
    """`alpha` is the teacher's share; 0 trains on the classes alone."""

    alpha: float = 0.7
    margin: float = 0.2
    margin_kind: str = "angular"  # or "cosine" (additive margin on the cosine itself)
    scale: float = 30.0
    ramp: float = 0.4  # share of the training over which the margin rises to its value
    cosine: float = 10.0  # weight of 1 - cosine to the teacher
    relation: float = 0.0  # weight of the squared differences of the batch's cosines, student against teacher
    soft: float = 0.0  # weight of the teacher's soft classes
    temperature: float = 4.0


class Objective(nn.Module):
    def __init__(self, options: Loss, embedding: int, classes: int, teacher_size: int) -> None:
        super().__init__()
        self.options = options
        self.classes = nn.Parameter(torch.randn(classes, embedding) * 0.05)
        self.teacher_head = nn.Linear(embedding, teacher_size)
        # Without a teacher nothing trains this head.
        self.teacher_head.requires_grad_(options.alpha > 0)
        self.register_buffer("margin", torch.tensor(0.0), persistent=False)
        self.register_buffer("centres", None, persistent=False)

    def set_progress(self, progress: float) -> None:
        ramp = self.options.ramp
        self.margin.fill_(self.options.margin * (min(1.0, progress / ramp) if ramp > 0 else 1.0))

    def forward(
        self, embedding: torch.Tensor, label: torch.Tensor, teacher: torch.Tensor | None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """The loss, and its parts for the log: class loss, 1 - cosine to the teacher, accuracy."""
        options = self.options
        unit = F.normalize(embedding.float(), dim=1)
        cosine = unit @ F.normalize(self.classes, dim=1).T
        own = cosine.gather(1, label[:, None])
        if options.margin_kind == "angular":
            sine = (1 - own.square()).clamp(min=1e-6).sqrt()
            moved = own * self.margin.cos() - sine * self.margin.sin()
            # Past pi - margin the cosine would rise again.
            moved = torch.where(own > -self.margin.cos(), moved, own - self.margin * self.margin.sin())
        else:
            moved = own - self.margin
        logits = options.scale * cosine.scatter(1, label[:, None], moved)
        classes = F.cross_entropy(logits, label)
        accuracy = (cosine.detach().argmax(dim=1) == label).float().mean()
        if options.alpha == 0 or teacher is None:
            return classes, torch.stack([classes.detach(), torch.zeros_like(accuracy), accuracy])
        far = 1 - F.cosine_similarity(self.teacher_head(embedding.float()), teacher, dim=1).mean()
        distilled = options.cosine * far
        if options.relation:
            distilled = distilled + options.relation * ((unit @ unit.T) - (teacher @ teacher.T)).square().mean()
        if options.soft:
            wanted = (options.scale * teacher @ self.centres.T / options.temperature).softmax(dim=1)
            found = (options.scale * cosine / options.temperature).log_softmax(dim=1)
            distilled = distilled + options.soft * options.temperature**2 * F.kl_div(
                found, wanted, reduction="batchmean"
            )
        loss = (1 - options.alpha) * classes + options.alpha * distilled
        return loss, torch.stack([classes.detach(), far.detach(), accuracy])
