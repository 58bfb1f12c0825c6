"""The README's examples run as they stand, one after another."""

import re
from pathlib import Path

import numpy as np
import pytest
import soundfile

from conftest import synthetic

README = Path(__file__).parents[1] / "README.md"


@pytest.mark.filterwarnings("ignore")
def test_examples(tmp_path, monkeypatch, capsys):
    soundfile.write(tmp_path / "speech.flac", np.sin(np.arange(16000) / 5) / 2, 16000)
    monkeypatch.chdir(tmp_path)
    names = {"y": synthetic(), "sr": 22050}
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    for block in blocks:
        # test_patch.py does what this one shows: librosa compiles its beat tracker for a quarter of a minute.
        if "beat_track" not in block:
            exec(compile(block, str(README), "exec"), names)
    assert len(blocks) >= 4
    assert names["features"].shape == (98, 80) and names["half"].shape == (1, 8000)
    assert capsys.readouterr().out.splitlines()[-2:] == ["speech.flac: 98 frames", "missing.flac: FileNotFoundError"]
