"""Trains a list of runs side by side on one GPU: `python runs.py --list configs/comparison.yaml --seconds 480`.

The list is YAML: `{phases: N, runs: [{name, config, seed, set: [...], phase}]}`. Runs of a phase are processes that
share the device; a run without a phase lasts through all of them, at its own number of steps times the phases. A small
network leaves most of a large GPU idle, so ten runs at once take little longer than three in turn.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import yaml

from paths import HERE, PACK, RUNS


def command(run: dict, args: argparse.Namespace, until: float, phases: int) -> list[str]:
    steps = args.steps * (phases if run.get("phase") is None else 1)
    overrides = [*run.get("set", []), *args.set, f"name={run['name']}", f"schedule.steps={steps}"]
    line = [sys.executable, str(HERE / "train.py"), "--config", run["config"], "--seed", str(run.get("seed", 0))]
    line += ["--out", str(args.out / run["name"]), "--pack", str(args.pack), "--device", args.device]
    return [*line, "--until", f"{until:.1f}", "--set", *overrides]


class Mps:
    """CUDA's multi-process service: kernels of several processes run at the same time instead of in turn."""

    def __init__(self, folder: Path) -> None:
        self.environment = {
            "CUDA_MPS_PIPE_DIRECTORY": str(folder / "pipe"),
            "CUDA_MPS_LOG_DIRECTORY": str(folder / "log"),
        }
        for path in self.environment.values():
            Path(path).mkdir(parents=True, exist_ok=True)
        subprocess.run(["nvidia-cuda-mps-control", "-d"], env=os.environ | self.environment, check=True)

    def close(self) -> None:
        subprocess.run(["nvidia-cuda-mps-control"], input=b"quit\n", env=os.environ | self.environment, timeout=15)


def launch(run: dict, args: argparse.Namespace, until: float, phases: int, environment: dict) -> subprocess.Popen:
    folder = args.out / run["name"]
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "output.txt", "ab") as output:
        line = command(run, args, until, phases)
        return subprocess.Popen(line, stdout=output, stderr=subprocess.STDOUT, env=environment, cwd=HERE)


def report(out: Path, phases: int, seconds: float) -> None:
    """A line a run, and how many steps of the slowest run fit a phase."""
    slowest = 0.0
    for log in sorted(out.glob("*/log.jsonl")):
        entries = [json.loads(line) for line in log.read_text().splitlines()]
        paces = sorted(entry["pace"] for entry in entries if "pace" in entry)
        if not paces:
            print(f"{log.parent.name}: no figures yet")
            continue
        last, pace = entries[-1], paces[len(paces) // 2]
        slowest = max(slowest, pace)
        means = " ".join(f"{k} {v}" for k, v in last.items() if isinstance(v, float) and k.endswith("/mean"))
        memory = f", {last['memory'] / 2**30:.1f} GiB" if "memory" in last else ""
        state = "done" if last.get("end") else "NOT DONE"
        print(f"{log.parent.name}: {last['step']} steps, {1000 * pace:.1f} ms a step{memory}, {means}, {state}")
    if slowest:
        print(f"slowest: {1000 * slowest:.1f} ms a step, so {phases} phases in {seconds:.0f} s", end=" ")
        print(f"take --steps {int(0.85 * (seconds / phases - 25) / slowest)}")


def gather(out: Path, files: Path, most: int = 8) -> None:
    """Folders `part-0`, `part-1` … of `most` runs' weights each, two in a file, and the logs in the first: few files
    to fetch from a machine."""
    finished = sorted(out.glob("*/weights.pt"))
    for first in range(0, len(finished), 2):
        folder = files / f"part-{first // most}"
        folder.mkdir(parents=True, exist_ok=True)
        with tarfile.open(folder / f"weights-{first // 2}.tar", "w") as archive:
            for path in finished[first : first + 2]:
                archive.add(path, f"{path.parent.name}/weights.pt")
    (files / "part-0").mkdir(parents=True, exist_ok=True)
    with tarfile.open(files / "part-0" / "logs.tar.gz", "w:gz") as archive:
        for path in sorted(out.glob("*/*")):
            if path.name in ("log.jsonl", "settings.json", "output.txt"):
                archive.add(path, f"{path.parent.name}/{path.name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=RUNS / "comparison")
    parser.add_argument("--pack", type=Path, default=PACK)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--seconds", type=float, required=True, help="for all phases together, start-up counted")
    parser.add_argument("--steps", type=int, default=0, help="of a run in one phase; 0: as many as its time allows")
    parser.add_argument("--one-phase", action="store_true", help="a trial: the first phase's runs and the long ones")
    parser.add_argument("--plan", type=float, help="seconds of the call to come, for which the report names --steps")
    parser.add_argument("--only", nargs="*", help="names of runs")
    parser.add_argument("--set", nargs="*", default=[], help="settings for every run")
    parser.add_argument("--mps", action="store_true", help="start CUDA's multi-process service for these runs")
    parser.add_argument("--gather", type=Path, help="put weights and logs into a few files in folders here")
    parser.add_argument("--fresh", action="store_true", help="delete what an earlier call left")
    args = parser.parse_args()
    started = time.time()
    content = yaml.safe_load(args.list.read_text())
    phases = 1 if args.one_phase else content.get("phases", 1)
    runs = [run for run in content["runs"] if not args.only or run["name"] in args.only]
    if args.one_phase:
        runs = [run for run in runs if run.get("phase") in (None, 0)]
    if args.fresh:
        shutil.rmtree(args.out, ignore_errors=True)
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    service = Mps(args.out / "mps") if args.mps else None
    if service:
        environment |= service.environment
    try:
        end = started + args.seconds
        processes = {
            run["name"]: launch(run, args, end, phases, environment) for run in runs if run.get("phase") is None
        }
        for phase in range(phases):
            until = started + args.seconds * (phase + 1) / phases
            mine = [run for run in runs if run.get("phase") == phase]
            current = {run["name"]: launch(run, args, until, phases, environment) for run in mine}
            processes |= current
            for process in current.values():
                process.wait()
        for process in processes.values():
            process.wait()
    finally:
        if service:
            service.close()
    failed = [name for name, process in processes.items() if process.returncode]
    report(args.out, content.get("phases", 1), args.plan or args.seconds)
    if args.gather:
        gather(args.out, args.gather)
    for name in failed:
        text = (args.out / name / "output.txt").read_text(errors="replace")
        print(f"FAILED {name}:\n{text[-1500:]}")
    print(f"{len(processes) - len(failed)} of {len(processes)} runs ended well after {time.time() - started:.0f} s")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
