"""Trains one speaker encoder: `python train.py --config mlp_mixer_rawwaveform_distillation`.

The same steps run on two CPU cores, on a GPU, where each is replayed as one CUDA graph, and under torchrun on several
of either. A run is a folder: `last.pt` (everything to resume from), `log.jsonl`, `curve.png`, `settings.json`, and
`weights.pt` at the end. Start a run again after a kill at any moment and it goes on from `last.pt`.
"""

import argparse
import json
import math
import resource
import time
from dataclasses import asdict
from pathlib import Path

import torch

import settings
from data import Pack
from distributed import Group
from metrics import Development
from paths import PACK, RUNS
from schedule import Progress
from training import Training, write


class Log:
    """One JSON object a line, of steps up to the checkpoint that a run resumes from."""

    def __init__(self, path: Path, step: int, active: bool) -> None:
        self.path, self.active = path, active
        if active:
            lines = path.read_text().splitlines() if path.exists() and step else []
            path.write_text("".join(f"{line}\n" for line in lines if _step(line) <= step))

    def note(self, entry: dict) -> None:
        if self.active:
            with open(self.path, "a", encoding="utf-8") as file:
                file.write(json.dumps(entry) + "\n")
            print(json.dumps(entry), flush=True)


def _step(line: str) -> float:
    try:
        return json.loads(line)["step"]
    except ValueError:  # a kill in the middle of a line
        return math.inf


def resume(training: Training, folder: Path, options: settings.Settings) -> tuple[int, float]:
    """Step and seconds of the run's checkpoint; 0 and 0 where there is none."""
    last = folder / "last.pt"
    if not last.exists():
        return 0, 0.0
    state = torch.load(last, map_location=training.device, weights_only=False)
    if state["settings"] != asdict(options):
        raise SystemExit(f"{folder} holds a run with other settings: name another folder")
    training.load(state)
    print(f"resumed at step {state['step']}", flush=True)
    return state["step"], state["spent"]


def load_pack(options: settings.Settings, folder: Path, device: str) -> Pack:
    pack = Pack(folder, device, options.speeds, teacher=options.loss.alpha > 0)
    if pack.teacher is not None and options.speaker_weight:
        pack.blend_teacher(options.speaker_weight)
    return pack


def run(
    options: settings.Settings, folder: Path, pack: Pack, group: Group, until: float | None = None, stop: int = 0
) -> dict:
    """Trains to the end of the schedule, or to the step `stop`; the last evaluation."""
    folder.mkdir(parents=True, exist_ok=True)
    training, development, schedule = Training(options, pack, group), Development(pack), options.schedule
    step, spent = resume(training, folder, options)
    log = Log(folder / "log.jsonl", step, group.first)
    if group.first:
        (folder / "settings.json").write_text(json.dumps(asdict(options), indent=1))
    training.network.train()
    training.set_progress(0.0)
    training.capture()
    started = marked = time.time()
    steps = schedule.steps or math.ceil(schedule.epochs * (pack.split == 0).sum() / schedule.batch)
    clock = Progress(steps, schedule.minutes, until, step, spent)
    total, counted = torch.zeros(4, device=training.device), 0

    def save() -> None:
        if group.first:
            facts = {"step": step, "spent": spent + time.time() - started, "settings": asdict(options)}
            write(folder / "last.pt", training.state() | facts)

    while clock.value < 1 and not (stop and step >= stop):
        rate = training.set_progress(clock.value)
        training.step(step)
        total += training.parts
        counted, step = counted + 1, step + 1
        clock.advance(step)
        clock.value = group.agree(clock.value)
        evaluating = step % schedule.evaluate == 0
        if step % schedule.checkpoint == 0 or evaluating:
            loss, classes, far, accuracy = (group.mean(total) / counted).tolist()
            if not math.isfinite(loss):
                raise SystemExit(
                    f"the loss is not finite at step {step}: resume from last.pt with a lower optimiser.rate"
                )
            now = time.time()
            entry = {"step": step, "seconds": round(spent + now - started, 1), "rate": rate, "loss": loss}
            entry |= {
                "classes": classes,
                "teacher": far,
                "accuracy": accuracy,
                "pace": round((now - marked) / counted, 5),
            }
            if evaluating and group.first:
                entry |= development.evaluate(training.encoder)
            log.note(entry)
            save()
            total.zero_()
            counted, marked = 0, time.time()
    report = development.evaluate(training.encoder) if group.first else {}
    if stop:
        save()
        return report
    facts = {"name": options.name, "step": step, "seconds": round(spent + time.time() - started, 1)}
    if training.device.type == "cuda":
        facts["memory"] = torch.cuda.max_memory_allocated()
    else:
        facts["memory"] = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    log.note(facts | {"end": True} | report)
    if group.first:
        training.save_weights(folder / "weights.pt", facts | {"development": report, "settings": asdict(options)})
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", required=True, help="a YAML file, or the name of one in configs/")
    parser.add_argument(
        "--set", nargs="*", default=[], metavar="SECTION.NAME=VALUE", help="single settings over the file's"
    )
    parser.add_argument("--out", type=Path, help="the run's folder (default: runs/NAME)")
    parser.add_argument("--pack", type=Path, default=PACK)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", choices=("cuda", "cpu"))
    parser.add_argument("--minutes", type=float, help="the run's length, instead of the schedule's")
    parser.add_argument("--until", type=float, help="end at this Unix time, start-up counted")
    parser.add_argument("--stop", type=int, default=0, help="pause after this step, to be resumed")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--threads", type=int)
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    overrides = list(args.set)
    if args.seed is not None:
        overrides.append(f"seed={args.seed}")
    if args.minutes is not None:
        overrides += [f"schedule.minutes={args.minutes}", "schedule.steps=0", "schedule.epochs=0"]
    options = settings.load(args.config, overrides)
    group = Group(args.device)
    folder = args.out or RUNS / options.name
    run(options, folder, load_pack(options, args.pack, group.device), group, args.until, args.stop)
    if group.first:
        try:
            from curve import draw
        except ImportError:
            print("matplotlib is not installed: no curve.png")
        else:
            draw(folder)
    group.close()


if __name__ == "__main__":
    main()
