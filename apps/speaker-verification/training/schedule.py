"""How far a run is, from 0 to 1, and the learning rate there."""

import math
import time


class Progress:
    """By steps, by time, or by steps that must fit the time that is left.

    `until` is a Unix time; with `steps` too, the rest of the schedule is stretched over the steps that the time allows.
    """

    def __init__(self, steps: int, minutes: float, until: float | None, step: int, spent: float) -> None:
        self.steps = steps
        if until is None and not steps:
            until = time.time() + max(1.0, minutes * 60 - spent)
        self.end = until
        self.value = step / steps if steps else min(0.999, spent / (minutes * 60))
        self.pace, self.last = 0.0, time.time()

    def advance(self, step: int) -> None:
        """After the step number `step` - 1."""
        if self.end is None:
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


def learning_rate(progress: float, highest: float, warmup: float) -> float:
    """A linear warm-up, then half a cosine down to a thousandth."""
    if progress < warmup:
        return highest * max(progress / warmup, 1e-3)
    return highest * max(0.5 * (1 + math.cos(math.pi * (progress - warmup) / (1 - warmup))), 1e-3)
