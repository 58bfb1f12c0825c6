"""A run's settings: YAML files over the defaults of the dataclasses, and `section.name=value` over both."""

from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path

import yaml

from augment import Augmentation
from data import Sampling
from losses import Loss
from model import Shape
from paths import HERE


@dataclass
class Optimiser:
    rate: float = 2.5e-3
    sinc: float = 0.02  # the cutoffs' rate over the others'
    weight_decay: float = 0.05
    warmup: float = 0.03
    clip: float = 2.0


@dataclass
class Schedule:
    """The run ends after `steps`, after `epochs` over as many clips as there are, or else after `minutes`."""

    steps: int = 0
    epochs: float = 0.0
    minutes: float = 30.0
    batch: int = 64
    seconds: tuple[float, ...] = (1.2, 1.8, 2.4)
    evaluate: int = 500  # steps between two evaluations and checkpoints
    checkpoint: int = 100


@dataclass
class Settings:
    name: str = "run"
    seed: int = 0
    speeds: tuple[int, ...] = (80, 90, 100, 110, 120)
    speaker_weight: float = 0.3  # how far a teacher's target moves to its speaker's mean
    model: Shape = field(default_factory=Shape)
    loss: Loss = field(default_factory=Loss)
    augmentation: Augmentation = field(default_factory=Augmentation)
    sampling: Sampling = field(default_factory=Sampling)
    optimiser: Optimiser = field(default_factory=Optimiser)
    schedule: Schedule = field(default_factory=Schedule)


def load(path: str | Path | None = None, overrides: list[str] | None = None) -> Settings:
    """`base: other.yaml` in a file starts from that file."""
    data: dict = {}
    if path is not None:
        data = _read(Path(path))
    for text in overrides or []:
        name, separator, value = text.partition("=")
        if not separator:
            raise ValueError(f"{text} is not section.name=value")
        *sections, last = name.split(".")
        place = data
        for section in sections:
            place = place.setdefault(section, {})
        place[last] = yaml.safe_load(value)
    return _build(Settings, data, "")


def _read(path: Path) -> dict:
    if not path.exists() and not path.is_absolute():
        path = HERE / "configs" / path.with_suffix(".yaml").name
    data = yaml.safe_load(path.read_text()) or {}
    base = data.pop("base", None)
    return _merge(_read(path.parent / base), data) if base else data


def _merge(base: dict, over: dict) -> dict:
    result = dict(base)
    for name, value in over.items():
        result[name] = (
            _merge(result[name], value) if isinstance(value, dict) and isinstance(result.get(name), dict) else value
        )
    return result


def _build(kind: type, data: dict, where: str):
    known = {f.name: f for f in fields(kind)}
    unknown = set(data) - set(known)
    if unknown:
        raise ValueError(f"unknown setting {', '.join(where + name for name in sorted(unknown))}")
    values = {}
    for name, value in data.items():
        default = known[name].default_factory() if callable(known[name].default_factory) else known[name].default
        if is_dataclass(default):
            value = _build(type(default), value, f"{where}{name}.")
        elif isinstance(default, tuple):
            value = tuple(value)
        elif isinstance(default, float) and isinstance(value, (int, str)):
            value = float(value)
        values[name] = value
    return kind(**values)
