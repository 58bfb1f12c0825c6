"""Every function has librosa's arguments, in librosa's order, with librosa's defaults; and the package is typed."""

import importlib
import inspect
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import librosa
import numpy as np
import pytest

import auralis_dsp
from auralis_dsp import registry

NAMES = [(home, name) for home, names in registry.FUNCTIONS.items() for name in names]


@pytest.mark.parametrize(("home", "name"), NAMES)
def test_signature(home, name):
    theirs = getattr(importlib.import_module(f"librosa.{home}"), name)
    ours = getattr(importlib.import_module(f"auralis_dsp.{registry.FILES[home]}"), name)
    expected, actual = inspect.signature(theirs).parameters, inspect.signature(ours).parameters
    assert list(expected) == list(actual)
    for key, parameter in expected.items():
        assert actual[key].kind == parameter.kind, key
        a, b = parameter.default, actual[key].default
        if type(a).__name__ == "Deprecated":
            assert type(b).__name__ == "Deprecated"
        else:
            assert a == b or (a is b) or (np.isnan(a) and np.isnan(b)), key
    assert ours.__doc__ and "librosa" in ours.__doc__


@pytest.mark.parametrize(("home", "name"), NAMES)
def test_every_function_is_where_librosa_has_it(home, name):
    theirs = getattr(importlib.import_module(f"librosa.{home}"), name)
    for place in ("", "effects", "decompose", "util", "feature"):
        module = getattr(librosa, place) if place else librosa
        if getattr(module, name, None) is theirs:
            ours = getattr(auralis_dsp, place) if place else auralis_dsp
            expected = getattr(importlib.import_module(f"auralis_dsp.{registry.FILES[home]}"), name)
            assert getattr(ours, name) is expected


def test_types():
    package = Path(auralis_dsp.__file__).parent
    assert (package / "py.typed").exists() and (package / "_native.pyi").exists()
    config = Path(__file__).parents[1] / "pyproject.toml"
    command = [sys.executable, "-m", "mypy", "--config-file", config, "--cache-dir", config.parent / ".cache" / "mypy"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=config.parent)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_stub_of_the_native_module():
    pytest.importorskip("mypy")
    command = [sys.executable, "-m", "mypy.stubtest", "auralis_dsp._native"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    assert done.returncode == 0, done.stdout + done.stderr


def test_pyright_knows_every_type():
    """As a user's type checker sees the installed package."""
    here = Path(__file__).resolve()
    if shutil.which("node") is None or not (here.parents[3] / "node_modules" / "pyright").is_dir():
        pytest.skip("pyright is not installed (npm ci)")
    # pyright asks the first Python on the path where packages are.
    environment = os.environ | {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    command = ["node", here.with_name("pyright.mjs"), "--verifytypes", "auralis_dsp", "--ignoreexternal", "--outputjson"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=Path(auralis_dsp.__file__).parent)
    report = json.loads(done.stdout)["typeCompleteness"]
    assert report["pyTypedPath"].endswith("py.typed")
    assert report["completenessScore"] == 1, [symbol for symbol in report["symbols"] if not symbol["isTypeKnown"]]


def test_numpy_is_the_only_dependency():
    code = (
        "import sys, builtins\n"
        "for name in ('librosa', 'scipy', 'numba', 'soundfile', 'sklearn'): sys.modules[name] = None\n"
        "import numpy, auralis_dsp as a\n"
        "y = numpy.sin(numpy.arange(22050))\n"
        "print(a.istft(a.stft(y)).shape)\n"
        "try: a.stft(y, hop_length=0)\n"
        "except a.ParameterError as e: print(type(e).__mro__[1].__name__, isinstance(e, ValueError))\n"
        "try: a.stft(y, window='lanczos')\n"
        "except ValueError as e: print('scipy' in str(e))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.split("\n")[:3] == ["(22016,)", "DspError True", "True"], done.stderr


def test_librosa_is_not_imported_before_it_is_needed():
    code = "import auralis_dsp, sys, numpy; auralis_dsp.stft(numpy.ones(4096)); print('librosa' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr
