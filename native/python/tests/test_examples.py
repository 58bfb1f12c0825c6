"""The examples of the documentation do what they say."""

import doctest
import importlib
import pkgutil

import pytest

import auralis_dsp

MODULES = [name for _, name, _ in pkgutil.iter_modules(auralis_dsp.__path__) if name != "_native"]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    module = importlib.import_module(f"auralis_dsp.{name}")
    assert doctest.testmod(module).failed == 0
