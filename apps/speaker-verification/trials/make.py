"""
Makes the trial lists of this folder, files.tsv and the README's table. Standard library only:

    python3 make.py [--data ../../../../shared/data] [--check]

The same data gives the same bytes on any machine: where a list would be too long, trials are drawn by the SHA-256 of their text.
With --check nothing is written; the exit status is 1 if a file is not what this script makes.
"""
import argparse
import hashlib
import itertools
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
MARKS = ("<!-- lists: make.py -->", "<!-- end of lists -->")
MOST = 10_000
SEED = "speaker trials 1"
DSPSPEECH = ("m05", "m11", "m17")
# Words of dspspeech that differ by tones alone (Beijing the city, and "background"): as targets of a hard list they would be easy.
HOMOPHONES = {frozenset(("06", "07"))}


def flac_seconds(path):
    """Length by the file's own header."""
    with open(path, "rb") as file:
        head = file.read(26)
    if head[:4] != b"fLaC":
        raise SystemExit(f"{path} is not FLAC")
    packed = int.from_bytes(head[18:26], "big")
    return (packed & (2**36 - 1)) / (packed >> 44)


def find(data):
    """All recordings as (path, speaker, source, word): first those of the lists, then the cohort."""
    rows = []

    def add(source, pattern, speaker, word=lambda path: ""):
        for path in sorted(data.glob(pattern)):
            rows.append((path.relative_to(data).as_posix(), speaker(path), source, word(path)))

    folder, stem = lambda path: path.parent.name, lambda path: path.stem
    digit_speaker = lambda path: path.name[:8]
    add("librispeech", "librispeech/test-other/*/*.flac", folder)
    add("an4", "an4/test/*/*.flac", folder)
    add("arabic-digits", "arabic-digits/val/*/*.flac", digit_speaker, folder)
    add("arabic-words", "arabic-words/val/*/*.flac", folder, stem)
    for speaker in DSPSPEECH:
        add("dspspeech", f"dspspeech/{speaker}/*.flac", folder, lambda path: path.name[:2])
    tested = len(rows)
    add("cohort", "librispeech/train-clean-100/*.flac", lambda path: path.name.split("-")[0])
    add("cohort", "an4/train/*/*.flac", folder)
    add("cohort", "arabic-words/train/*/*.flac", folder)
    for path in sorted(data.glob("dspspeech/m*")):
        if path.name not in DSPSPEECH:
            add("cohort", f"dspspeech/{path.name}/*.flac", folder)
    # One recording of each training speaker: the first.
    seen = set()
    cohort = [row for row in rows[tested:] if not (row[1] in seen or seen.add(row[1]))]
    return rows[:tested] + cohort


def sample(trials, most):
    """At most `most` trials, those with the smallest digests, in their original order."""
    digest = lambda trial: hashlib.sha256(f"{SEED} {' '.join(trial)}".encode()).digest()
    chosen = set(sorted(trials, key=digest)[:most])
    return [trial for trial in trials if trial in chosen]


def trials_of(rows, hard):
    targets, others = [], []
    for (a, one, _, word), (b, other, _, second) in itertools.combinations(rows, 2):
        if one == other:
            if not hard or (word != second and frozenset((word, second)) not in HOMOPHONES):
                targets.append(("1", a, b))
        elif not hard or word == second:
            others.append(("0", a, b))
    if len(targets) + len(others) > MOST:
        targets, others = sample(targets, MOST // 2), sample(others, MOST // 2)
    return targets, others


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=HERE.parents[3] / "shared" / "data")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    rows = find(args.data)
    if not rows:
        raise SystemExit(f"{args.data} holds no recordings")
    files = {}
    lines = ["path\tspeaker\tsource\tseconds\tword"]
    lines += [f"{p}\t{s}\t{source}\t{flac_seconds(args.data / p):.3f}\t{w}" for p, s, source, w in rows]
    files["files.tsv"] = "\n".join(lines) + "\n"
    table = ["| list | speakers | recordings | target trials | non-target trials | SHA-256 |", "|---|---|---|---|---|---|"]
    for source in ("librispeech", "an4", "arabic-digits", "arabic-words", "dspspeech"):
        own = [row for row in rows if row[2] == source]
        for hard in (False, True) if own[0][3] else (False,):
            name = f"{source}{'-hard' if hard else ''}.txt"
            targets, others = trials_of(own, hard)
            files[name] = "".join(f"{' '.join(trial)}\n" for trial in targets + others)
            used = {path for trial in targets + others for path in trial[1:]}
            digest = hashlib.sha256(files[name].encode()).hexdigest()
            counts = f"{len({row[1] for row in own})} | {len(used)} | {len(targets)} | {len(others)}"
            table.append(f"| `{name}` | {counts} | `{digest}` |")
    digest = hashlib.sha256(files["files.tsv"].encode()).hexdigest()
    table.append(f"| `files.tsv` | {len({(row[2], row[1]) for row in rows})} | {len(rows)} | | | `{digest}` |")
    readme = (HERE / "README.md").read_text()
    between = f"{MARKS[0]}\n" + "\n".join(table) + f"\n{MARKS[1]}"
    files["README.md"] = re.sub(re.escape(MARKS[0]) + ".*?" + re.escape(MARKS[1]), between, readme, flags=re.S)
    wrong = [name for name, text in files.items() if not (HERE / name).exists() or (HERE / name).read_text() != text]
    if args.check:
        print(f"differ: {', '.join(wrong)}" if wrong else "the lists are up to date")
        sys.exit(1 if wrong else 0)
    for name in wrong:
        (HERE / name).write_text(files[name])
    print("\n".join(table))


main()
