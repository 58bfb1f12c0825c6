"""librosa's own tests, with ours in librosa's place. `python scripts/librosa_tests.py --compare` runs all of them, in both
forms; here run those that have to do with our functions.
"""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import RECORDINGS

SCRIPT = Path(__file__).parents[1] / "scripts" / "librosa_tests.py"


def test_librosas_own_tests():
    if not (RECORDINGS / "music").is_dir():
        pytest.skip(f"no recordings at {RECORDINGS}")
    if importlib.util.find_spec("pip") is None:
        pytest.skip("no pip to fetch librosa's tests with")
    done = subprocess.run([sys.executable, SCRIPT, "--reached"], capture_output=True, text=True, env=os.environ)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
