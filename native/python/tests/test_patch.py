"""Patching reaches every place where librosa has a function, and undoing it leaves nothing behind."""

import contextlib
import importlib
import pickle
import pkgutil
import subprocess
import sys
import types

import librosa
import numpy as np
import pytest

import auralis_dsp
from auralis_dsp import patch, registry


def ours(home: str, name: str):
    return getattr(importlib.import_module(f"auralis_dsp.{registry.FILES[home]}"), name)


def snapshot():
    """What every name of librosa's stands for. Those that its packages look up only when asked are asked for first."""
    for found in pkgutil.walk_packages(librosa.__path__, "librosa."):
        with contextlib.suppress(ImportError):  # some need further packages
            importlib.import_module(found.name)
    for module in patch.librosa_modules():
        for name in getattr(module, "__all__", ()):
            with contextlib.suppress(ImportError):
                getattr(module, name)
    return {(m.__name__, k): id(v) for m in patch.librosa_modules() for k, v in vars(m).items() if callable(v)}


def test_every_place_and_back():
    before = snapshot()
    originals = {id(f) for f in patch.originals()}
    with auralis_dsp.patched_librosa():
        for home, names in registry.FUNCTIONS.items():
            for name in names:
                assert getattr(importlib.import_module(f"librosa.{home}"), name) is ours(home, name)
        for module in patch.librosa_modules():
            left = [name for name, value in vars(module).items() if id(value) in originals]
            assert left == [], module.__name__
        assert librosa.stft is auralis_dsp.stft
        assert librosa.core.stft is auralis_dsp.stft
        assert librosa.core.constantq.istft is auralis_dsp.istft
    assert snapshot() == before


def test_librosa_calls_ours_within(monkeypatch, signal):
    called = []

    def spy(*args, **kwargs):
        called.append(1)
        return original(*args, **kwargs)

    original = auralis_dsp._native.stft
    monkeypatch.setattr(auralis_dsp._native, "stft", spy)
    with auralis_dsp.patched_librosa():
        librosa.feature.spectral_centroid(y=signal)
    assert called
    called.clear()
    librosa.feature.spectral_centroid(y=signal)
    assert not called


def test_twice_and_nested():
    before = snapshot()
    with auralis_dsp.patched_librosa():
        with auralis_dsp.patched_librosa():
            auralis_dsp.patch_librosa()
            assert librosa.stft is auralis_dsp.stft
        assert librosa.stft is auralis_dsp.stft
    assert snapshot() == before
    auralis_dsp.patch_librosa()
    auralis_dsp.unpatch_librosa()
    auralis_dsp.unpatch_librosa()
    assert snapshot() == before


def test_names_that_are_looked_up_under_the_patch_first():
    code = (
        "import auralis_dsp, librosa\n"
        "with auralis_dsp.patched_librosa(): assert librosa.stft is librosa.core.stft is auralis_dsp.stft\n"
        "print(librosa.stft.__module__, librosa.core.stft.__module__)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.split() == ["librosa.core.spectrum"] * 2, done.stderr


def test_an_error_in_the_block_undoes_it():
    with pytest.raises(RuntimeError), auralis_dsp.patched_librosa():
        raise RuntimeError
    assert librosa.stft is not auralis_dsp.stft


def test_modules_of_the_caller():
    module = types.ModuleType("caller")
    module.transform = librosa.stft
    with auralis_dsp.patched_librosa(modules=[module]):
        assert module.transform is auralis_dsp.stft
    assert module.transform is librosa.stft


def test_results_under_the_patch(signal):
    expected = librosa.feature.spectral_centroid(y=signal)
    with auralis_dsp.patched_librosa():
        np.testing.assert_allclose(librosa.feature.spectral_centroid(y=signal), expected, rtol=1e-5)


def test_functions_of_either_can_be_pickled_while_patched():
    bound = {(home, name): getattr(importlib.import_module(f"librosa.{home}"), name)
             for home, names in registry.FUNCTIONS.items() for name in names}  # fmt: skip
    with auralis_dsp.patched_librosa():
        pickled = {place: pickle.dumps(theirs) for place, theirs in bound.items()}
        for place, theirs in bound.items():
            assert pickle.loads(pickled[place]) is theirs
            assert pickle.loads(pickle.dumps(ours(*place))) is ours(*place)
    for (home, name), theirs in bound.items():
        assert pickle.loads(pickled[home, name]) is theirs
        assert (theirs.__module__, theirs.__qualname__) == (f"librosa.{home}", name)


def test_a_process_without_the_patch_reads_what_a_patched_one_pickled(signal):
    theirs = librosa.yin
    with auralis_dsp.patched_librosa():
        pickled = pickle.dumps(theirs)
    code = f"import pickle; f = pickle.loads({pickled!r}); print(f.__module__, f.__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.split() == ["librosa.core.pitch", "yin"], done.stderr


@pytest.mark.parametrize("version", ["0.9.2", "0.12.0", "1.1.0", "2.0", "unknown"])
def test_an_unknown_librosa_is_refused_unless_forced(monkeypatch, version):
    before = snapshot()
    monkeypatch.setattr(librosa, "__version__", version)
    with pytest.raises(RuntimeError, match=f"librosa {version}.*force=True"):
        auralis_dsp.patch_librosa()
    with pytest.raises(RuntimeError, match="force=True"), auralis_dsp.patched_librosa():
        pass
    assert snapshot() == before
    with auralis_dsp.patched_librosa(force=True):
        assert librosa.stft is auralis_dsp.stft
    assert snapshot() == before


@pytest.mark.parametrize(
    ("installed", "followed"),
    [("0.9.2", "(0, 10)"), ("0.10.2.post1", "(0, 10)"), ("0.11.0", "(0, 11)"), ("1.0.0rc1", "(1, 0)"), ("3.1", "(1, 0)"),
     (None, "(1, 0)")],
)  # fmt: skip
def test_the_version_that_is_followed(installed, followed):
    code = (
        "from importlib import metadata\n"
        "def version(name):\n"
        f"    if {installed!r} is None: raise metadata.PackageNotFoundError(name)\n"
        f"    return {installed!r}\n"
        "metadata.version = version\n"
        "import auralis_dsp, inspect, sys\n"
        "names = inspect.signature(auralis_dsp.pyin).parameters\n"
        "print(auralis_dsp._version.VERSION, 'win_length' in names, 'transition_min_prob' in names, 'librosa' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    new = followed == "(1, 0)"
    assert done.stdout.strip() == f"{followed} {not new} {new} False", done.stderr
