"""Runs librosa's own tests with the functions of this package in librosa's place.

The tests come out of librosa's source distribution, which pip fetches; the recordings that they read are made from our
own by `librosa_data.py`. Everything lies in `.cache/librosa`, nothing of it in the repository.

    python scripts/librosa_tests.py            patched; what fails is run again without the patch, and counts only if it
                                               passes there
    python scripts/librosa_tests.py --compare  both forms of every test, and a table

The librosa is the one that the interpreter has; its own tests are run. `versions.sh` does so for each version that is known.

`--compare` also notes, in `librosa_reached.txt`, which tests call one of our functions, be it through others of librosa's;
`--reached` runs only those, but for a few slow ones of functions that are built on them.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tarfile
import threading
import xml.etree.ElementTree as xml
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CACHE = ROOT / ".cache" / "librosa" / metadata.version("librosa")
RECORDINGS = ROOT.parents[2] / "shared" / "data"
VERSION = metadata.version("librosa")
#: The one whose tests are part of this package's.
PINNED = "0.11.0"
FILES = ("core", "constantq", "decompose", "effects", "features", "filters", "multichannel", "util")
REACHED = HERE / "librosa_reached.txt"
#: Slow, and only built on ours.
SLOW = ("plp", "remix", "split", "mfcc_to_audio", "mel_to_audio", "griffinlim", "salience", "interp_harmonics", "beat_track")

Outcomes = dict[str, str]


def fetch() -> Path:
    """librosa's tests, unpacked."""
    folder = CACHE / f"librosa-{VERSION}"
    if not (folder / "tests").is_dir():
        command = ["download", f"librosa=={VERSION}", "--no-binary", "librosa", "--no-deps", "--dest", str(CACHE)]
        subprocess.run([sys.executable, "-m", "pip", "--quiet", *command], check=True)
        with tarfile.open(CACHE / f"librosa-{VERSION}.tar.gz") as archive:
            archive.extractall(CACHE, filter="data")
    return folder


def lay_out(folder: Path) -> None:
    """The data that the tests read."""
    data = folder / "tests" / "data"
    made = data / "complete"
    maker = HERE / "librosa_data.py"
    if not made.exists() or made.read_text() != maker.read_text():
        subprocess.run([sys.executable, maker, RECORDINGS, data], check=True)
        made.write_text(maker.read_text())


def run(folder: Path, *, patched: bool, tests: list[str] | None = None) -> Outcomes:
    """Runs test files (or single tests) side by side, and gives what became of every test."""
    targets: dict[str, list[str]] = {f"tests/test_{name}.py": [f"tests/test_{name}.py"] for name in FILES}
    if tests is not None:
        targets = {}
        for test in tests:
            targets.setdefault(test.split("::")[0], []).append(test)
    with ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="part") as pool:
        parts = pool.map(lambda part: _pytest(folder, part[1], patched, part[0]), enumerate(targets.values()))
        return {name: outcome for part in parts for name, outcome in part.items()}


def _pytest(folder: Path, targets: list[str], patched: bool, number: int) -> Outcomes:
    report = CACHE / f"{'patched' if patched else 'plain'}-{number}.xml"
    report.unlink(missing_ok=True)
    options = ["-q", "-o", "addopts=", "-o", "xfail_strict=true", "-p", "no:cacheprovider", "-p", "librosa_plugin"]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")]),
        "AURALIS_DSP_PATCH": "1" if patched else "0",
        "AURALIS_DSP_TRACE": "" if patched else str(report.with_suffix(".json")),
        # Nothing is to be fetched from the net by the tests of examples; they fail immediately instead.
        "LIBROSA_DATA_DIR": str(CACHE / "examples"),
        "MPLBACKEND": "agg",
        # Processes that write one cache at the same time leave machine code in it that crashes.
        "NUMBA_CACHE_DIR": str(CACHE / f"numba-{threading.current_thread().name}"),
    }
    command = [sys.executable, "-m", "pytest", *options, f"--junitxml={report}", *targets]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    report.with_suffix(".log").write_text(done.stdout + done.stderr)
    if not report.exists():
        raise RuntimeError(f"pytest left no report:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return _outcomes(report)


def _outcomes(report: Path) -> Outcomes:
    found: Outcomes = {}
    for case in xml.parse(report).iter("testcase"):
        file = (case.get("classname") or "").replace(".", "/") + ".py"
        result = "passed"
        for child in case:
            if child.tag in ("failure", "error"):
                result = "failed"
            elif child.tag == "skipped":
                result = "passed" if child.get("type") == "pytest.xfail" else "skipped"
        found[f"{file}::{case.get('name')}"] = result
    return found


def reached() -> set[str]:
    """The tests that called one of the functions, as the last run without the patch noted them."""
    return {name for trace in CACHE.glob("plain-*.json") for name in json.loads(trace.read_text())}


def compare(folder: Path) -> list[str]:
    """Both forms of every test."""
    for trace in CACHE.glob("plain-*.json"):
        trace.unlink()
    plain = run(folder, patched=False)
    ours = reached()
    if VERSION == PINNED:
        tests = sorted({name.split("[")[0] for name in ours if plain.get(name) == "passed"})
        REACHED.write_text("\n".join(tests) + "\n")
    patched = run(folder, patched=True)
    for title, names in (("all", plain.keys()), ("of them calling our functions", plain.keys() & ours)):
        for form, outcomes in (("librosa", Counter(plain[n] for n in names)), ("patched", Counter(patched.get(n) for n in names))):
            print(f"{title:32} {form:8} " + ", ".join(f"{outcomes[k]} {k}" for k in ("passed", "failed", "skipped")))
    return sorted(name for name in plain if plain[name] == "passed" and patched.get(name) != "passed")


def check(folder: Path, only_reached: bool) -> list[str]:
    """The patched form, and again without the patch what failed in it."""
    tests = None
    if only_reached and VERSION == PINNED:
        tests = [test for test in REACHED.read_text().split() if not any(name in test for name in SLOW)]
    patched = run(folder, patched=True, tests=tests)
    failed = [name for name, outcome in patched.items() if outcome == "failed"]
    plain = run(folder, patched=False, tests=failed) if failed else {}
    worse = sorted(name for name in failed if plain.get(name) == "passed")
    counts = Counter(patched.values())
    print(f"{counts['passed']} passed, {len(worse)} failed, {len(failed) - len(worse)} fail without the patch as well")
    return worse


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--compare", action="store_true", help="run every test with and without the patch")
    parser.add_argument("--reached", action="store_true", help="run only the tests that call our functions")
    arguments = parser.parse_args()
    CACHE.mkdir(parents=True, exist_ok=True)
    print(f"librosa {VERSION}, numpy {metadata.version('numpy')}, Python {sys.version.split()[0]}", flush=True)
    folder = fetch()
    lay_out(folder)
    worse = compare(folder) if arguments.compare else check(folder, arguments.reached)
    for name in worse:
        print(f"FAILED {name}")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
