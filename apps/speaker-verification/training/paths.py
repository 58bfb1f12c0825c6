"""Where the data is read and where the outputs go."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPO = HERE.parents[2]
RUNS = Path(os.environ.get("DSP_SPEAKER_RUNS", HERE / "runs"))
PACK = RUNS / "pack"
MODEL = REPO / "packages" / "sincnet" / "model"


def data_folder() -> Path:
    """`../shared/data` beside the repository, or `$DSP_SHARED_DATA`."""
    named = os.environ.get("DSP_SHARED_DATA")
    return Path(named) if named else REPO.parent / "shared" / "data"


def shared_data() -> Path:
    """The folder with the recordings; exits if there is none."""
    folder = data_folder()
    if not folder.is_dir():
        sys.exit(f"there are no recordings at {folder}: name their folder in DSP_SHARED_DATA")
    return folder
