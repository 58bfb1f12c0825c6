"""Where the data is read and where the outputs go."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPO = HERE.parents[2]
RUNS = HERE / "runs"


def shared_data() -> Path:
    """The folder with the recordings: `../shared/data` beside the repository, or `$DSP_SHARED_DATA`."""
    named = os.environ.get("DSP_SHARED_DATA")
    return Path(named) if named else REPO.parent / "shared" / "data"


def an4() -> Path:
    """The CMU AN4 folder; ends the program with a clear message where it is absent."""
    folder = shared_data() / "an4"
    if not (folder / "train.tsv").exists():
        sys.exit(
            f"CMU AN4 is not at {folder}. Put it there (train.tsv, test.tsv, train/SPEAKER/*.flac, test/…) "
            "or name the folder that holds an4/ in DSP_SHARED_DATA."
        )
    return folder
