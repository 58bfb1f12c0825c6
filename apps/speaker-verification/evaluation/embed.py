"""
Embeds the recordings that conditions.py wrote, for evaluate.ts: by the teacher, by a training run, or by any function of Python.

    python3 conditions.py AUDIO
    python3 embed.py AUDIO teacher.npz --teacher Resemblyzer-0.1.4-py3-none-any.whl
    python3 embed.py AUDIO raw.npz --run ../training/runs/raw

The file holds an array per condition, [recordings, dimensions] in the order of ../trials/files.tsv (without the cohort, which
has an array of its own), and `files`, a digest of that order. Conditions that are there already are not computed again; a condition
for which AUDIO lacks a recording is left out, and said so.
"""
import argparse
import os
import sys
from pathlib import Path

import numpy as np
import soundfile

from conditions import CONDITIONS, files_digest, manifest

HERE = Path(__file__).resolve().parent


def embed_all(audio, out, embed, conditions=CONDITIONS):
    """Writes `out` by `embed`, which turns a list of int16 arrays at 16 kHz into an array with a row for each."""
    arrays = dict(np.load(out)) if out.exists() else {}
    digest = files_digest()
    if not np.array_equal(arrays.setdefault("files", digest), digest):
        raise SystemExit(f"{out} does not match the recordings in files.tsv")
    tested = [path for path, _, source in manifest() if source != "cohort"]
    cohort = [path for path, _, source in manifest() if source == "cohort"]
    for name in ("cohort", *conditions):
        if name in arrays:
            continue
        paths = [audio / ("full" if name == "cohort" else name) / f"{p}.wav" for p in (cohort if name == "cohort" else tested)]
        if missing := [path for path in paths if not path.exists()]:
            print(f"{name} is left out: {len(missing)} recordings are missing, the first is {missing[0]}", file=sys.stderr)
            continue
        clips = [soundfile.read(path, dtype="int16")[0] for path in paths]
        # A recording shorter than the cut stays as it is, and need not be embedded again.
        same = np.zeros(len(clips), bool)
        if name.endswith("s") and "full" in arrays:
            full = [soundfile.info(audio / "full" / f"{path}.wav").frames for path in tested]
            same = np.array([len(clip) == length for clip, length in zip(clips, full)])
        rows = np.flatnonzero(~same)
        found = [embed([clips[row] for row in rows[i : i + 64]]) for i in range(0, len(rows), 64)]
        arrays[name] = arrays["full"].copy() if same.any() else np.empty((len(clips), found[0].shape[1]), np.float32)
        if len(rows):
            arrays[name][rows] = np.concatenate(found)
        part = out.with_suffix(".part.npz")
        np.savez(part, **arrays)
        os.replace(part, out)
        print(f"{name}: {len(rows)} recordings embedded", flush=True)


def by_teacher(wheel):
    import teacher

    model = teacher.load(wheel)
    return lambda clips: teacher.embed(model, clips)


def by_run(folder):
    """The network of a run in float32; short recordings are repeated."""
    import torch
    from export import REPEAT, load

    encoder, _ = load(folder)

    @torch.inference_mode()
    def embed(clips):
        rows = []
        for clip in clips:
            samples = np.resize(clip, max(len(clip), REPEAT)).astype(np.float32) / 32768
            rows.append(torch.nn.functional.normalize(encoder(torch.from_numpy(samples)[None]), dim=1))
        return torch.cat(rows).numpy()

    return embed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("audio", type=Path)
    parser.add_argument("out", type=Path)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--teacher", type=Path, help="Resemblyzer's wheel")
    source.add_argument("--run", type=Path, help="the folder of a training run")
    parser.add_argument("--only", default=",".join(CONDITIONS))
    args = parser.parse_args()
    sys.path.insert(0, str(HERE.parent / "training"))
    embed = by_teacher(args.teacher) if args.teacher else by_run(args.run)
    embed_all(args.audio, args.out, embed, args.only.split(","))


if __name__ == "__main__":
    main()
