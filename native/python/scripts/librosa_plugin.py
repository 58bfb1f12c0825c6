"""A pytest plugin for librosa's own tests: puts our functions in librosa's place where AURALIS_DSP_PATCH says so, and
otherwise notes which tests reach one of the functions that would be replaced.
"""

import functools
import json
import os

import auralis_dsp
import numpy as np
import pytest
from auralis_dsp import patch

PATCHED = os.environ.get("AURALIS_DSP_PATCH") == "1"
TRACE = os.environ.get("AURALIS_DSP_TRACE")
reached: set[str] = set()


# Of the conftest.py that the source distribution of librosa 1.0 leaves out.


@pytest.fixture
def rng():
    return np.random.default_rng(20261101)


@pytest.fixture(scope="module")
def rng_mod():
    return np.random.default_rng(20261101)


def _noting(function):
    @functools.wraps(function)
    def noted(*args, **kwargs):
        current = os.environ.get("PYTEST_CURRENT_TEST", "")
        reached.add(current.rsplit(" ", 1)[0])
        return function(*args, **kwargs)

    return noted


if PATCHED:
    auralis_dsp.patch_librosa()
elif TRACE:
    # The same places, with librosa's functions in a wrapper.
    originals = {id(theirs): theirs for theirs in patch.originals()}
    for module in patch.librosa_modules():
        for name, value in list(vars(module).items()):
            if id(value) in originals:
                setattr(module, name, _noting(originals[id(value)]))


def pytest_sessionfinish():
    if TRACE:
        with open(TRACE, "w") as file:
            json.dump(sorted(reached), file)
