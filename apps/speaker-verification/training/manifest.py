"""Lists of recordings: `path, speaker, source, seconds, word`, tab-separated, relative to a data root.

`python manifest.py` writes the lists of the recordings in ../shared/data to runs/manifests: `train.tsv` and
`development.tsv`. A list of your own in the same form trains on your own recordings (`prepare.py --manifest`);
`--voxceleb FOLDER` writes the list of VoxCeleb.
"""

import argparse
import csv
import hashlib
import re
from dataclasses import astuple, dataclass
from pathlib import Path

from paths import HERE, RUNS, shared_data

COLUMNS = ("path", "speaker", "source", "seconds", "word")
CALIBRATION = HERE / "manifests" / "calibration.txt"
# These speakers are kept out of training: the trial lists use them.
HELD_OUT = {"dspspeech/m05", "dspspeech/m11", "dspspeech/m17"}
# VoxCeleb1's test speakers, whose names start with E.
VOXCELEB_TEST = {f"id{number}" for number in range(10270, 10310)}
# Number of speakers of each source set aside for development and for calibrating the threshold.
SET_ASIDE = {"librispeech": 20, "an4": 10, "arabic": 6, "dspspeech": 4}


@dataclass(frozen=True)
class Clip:
    path: str
    speaker: str
    source: str
    seconds: float
    word: str


def scan(root: Path) -> list[Clip]:
    """Every recording that may be trained on, in a fixed order."""
    import soundfile

    clips = []

    def add(path: Path, speaker: str, source: str, word: str = "") -> None:
        if speaker in HELD_OUT:
            return
        clips.append(Clip(str(path.relative_to(root)), speaker, source, round(soundfile.info(path).duration, 3), word))

    for path in sorted((root / "librispeech/train-clean-100").rglob("*.flac")):
        add(path, f"librispeech/{path.stem.split('-')[0]}", "librispeech")
    for path in sorted((root / "an4/train").rglob("*.flac")):
        add(path, f"an4/{path.parent.name}", "an4")
    for path in sorted((root / "arabic-digits/train").rglob("*.flac")):
        add(path, f"arabic/{path.stem[:8]}", "arabic", f"arabic/{path.parent.name}")
    for path in sorted((root / "arabic-words/train").rglob("*.flac")):
        add(path, f"arabic/{path.parent.name}", "arabic", f"arabic/{path.stem}")
    for path in sorted((root / "dspspeech").rglob("*.flac")):
        add(path, f"dspspeech/{path.parent.name}", "dspspeech", f"dspspeech/{path.stem.split('-')[0]}")
    for path in sorted((root / "picovoice/keywords").rglob("*.flac")):
        add(path, f"keywords/{path.parent.name}", "keywords", f"keywords/{path.stem.split('-')[0]}")
    for path in sorted((root / "picovoice/commands").rglob("*.flac")):
        add(path, f"commands/{path.parent.name}", "commands")
    return clips


def voxceleb(root: Path, listed: Path | None) -> list[Clip]:
    """VoxCeleb 1 or 2 under a folder (`…/id10001/VIDEO/00001.wav`), without the 40 speakers of VoxCeleb1's test.

    A list names some of the files, one path a line, in its last column.
    """
    if listed is None:
        paths = sorted(str(path.relative_to(root)) for kind in ("wav", "flac") for path in root.rglob(f"*.{kind}"))
    else:
        paths = [line.split()[-1] for line in listed.read_text().splitlines() if line.strip()]
    clips = []
    for path in paths:
        speaker = next((part for part in path.split("/") if re.fullmatch(r"id\d{5}", part)), None)
        if speaker is None:
            raise ValueError(f"{path} has no folder idNNNNN, which names VoxCeleb's speaker")
        if speaker not in VOXCELEB_TEST:
            clips.append(Clip(path, f"voxceleb/{speaker}", "voxceleb", 0.0, ""))
    return clips


def set_aside(clips: list[Clip]) -> list[str]:
    """The speakers for development and calibration: a draw by hash, so that it never changes."""
    chosen = []
    for source, count in SET_ASIDE.items():
        speakers = {clip.speaker for clip in clips if clip.source == source}
        chosen += sorted(speakers, key=lambda name: hashlib.sha256(name.encode()).hexdigest())[:count]
    return sorted(chosen)


def calibration_speakers() -> set[str]:
    return set(CALIBRATION.read_text().split())


def read(path: Path) -> list[Clip]:
    with open(path, newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        missing = set(COLUMNS[:3]) - set(rows.fieldnames or ())
        if missing:
            raise ValueError(f"{path} has no column {', '.join(sorted(missing))}")
        return [
            Clip(row["path"], row["speaker"], row["source"], float(row.get("seconds") or 0), row.get("word") or "")
            for row in rows
        ]


def write(path: Path, clips: list[Clip]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        print(*COLUMNS, sep="\t", file=file)
        for clip in clips:
            print(*astuple(clip), sep="\t", file=file)


def build(root: Path) -> tuple[list[Clip], list[Clip]]:
    """The training and the development list of the shared recordings."""
    clips, aside = scan(root), calibration_speakers()
    return [c for c in clips if c.speaker not in aside], [c for c in clips if c.speaker in aside]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voxceleb", type=Path, help="the folder of VoxCeleb 1 or 2, or of both")
    parser.add_argument("--list", type=Path, help="only these files of it, such as the mini list of 30,000")
    args = parser.parse_args()
    if args.voxceleb:
        clips = voxceleb(args.voxceleb, args.list)
        write(RUNS / "manifests" / "voxceleb.tsv", clips)
        print(f"voxceleb: {len(clips)} recordings of {len({c.speaker for c in clips})} speakers")
        return
    train, development = build(shared_data())
    for name, clips in (("train", train), ("development", development)):
        write(RUNS / "manifests" / f"{name}.tsv", clips)
        speakers, minutes = len({c.speaker for c in clips}), sum(c.seconds for c in clips) / 60
        print(f"{name}: {len(clips)} recordings of {speakers} speakers, {minutes:.1f} minutes")


if __name__ == "__main__":
    main()
