"""FLAC, Ogg Vorbis and MP3 files with odd ends, read by ffmpeg, by libsndfile and by us.

Ours must have the samples of one of the two (of files that were joined or cut, those that libsndfile, for MP3 ffmpeg, reads from the parts or
the whole), or be an error of EXPLAINED. Run it with numpy and soundfile, and flac, lame, oggenc
and ffmpeg on the PATH, after `npm run build`:
    python compressed.py            prints what differs, and fails if anything does that is not explained
    python compressed.py --golden   also writes all files and what the others read to ../golden/compressed.npz
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile as sf
from compressed_cases import cases
from differential import HERE, by_libsndfile, by_us

TOLERANCE = 2e-5
# Every so many samples are kept in the golden.
STEP = 7
# Files, our error, and why it is right.
EXPLAINED = [
    (r"flac .*(damaged|cut by)", r"the 952 samples from sample 2048 on cannot be read", "the others lose the frame in silence"),
    (r"flac twice", r"another FLAC stream follows after sample 3000", "the others lose it or the end of the first"),
    (r"ogg chained, ", r"link 2 of the chained ogg file, from 0\.188 s", "the others mix two rates or channel counts"),
    (r"ogg damaged", r"samples from sample 27648 on cannot be read", "the others lose the page in silence"),
    (r"mp3 changes", r"changes from 1 channels at 16000 Hz to 2", "ffmpeg mixes them, libsndfile loses the second"),
]


def by_ffmpeg(path, channels):
    command = ["ffmpeg", "-v", "quiet", "-i", path, "-f", "f32le", "-ac", str(channels), "-"]
    x = np.frombuffer(subprocess.run(command, capture_output=True).stdout, "<f4")
    return x.reshape(-1, channels).T


def is_same(x, y):
    return x is not None and y is not None and x.shape == y.shape and np.abs(x - y).max(initial=0) <= TOLERANCE


def main():
    wrong, rows, explained = 0, [], 0
    with tempfile.TemporaryDirectory() as folder:
        rest = {name: more for name, _, *more in cases()}
        files = {name: data for name, data, *_ in cases()}
        paths = []
        for i, data in enumerate(files.values()):
            paths.append(Path(folder, str(i)))
            paths[-1].write_bytes(data)
        for (name, data), path, (ours, error) in zip(files.items(), paths, by_us(paths), strict=True):
            mine = None if ours is None else ours[0]
            sndfile = by_libsndfile(path)[0]
            others = {"ffmpeg": by_ffmpeg(path, 1 if mine is None else len(mine)), "libsndfile": sndfile and sndfile[0]}
            if rest[name]:
                parts, start = rest[name]
                pieces = []
                for part in parts:
                    path.write_bytes(part)
                    pieces.append(by_ffmpeg(path, 1) if name.startswith("mp3") else by_libsndfile(path)[0][0])
                others["of the parts"] = np.concatenate(pieces, axis=1)[:, start:]
            who = [other for other, x in others.items() if is_same(mine, x)]
            why = next((w for n, e, w in EXPLAINED if re.match(n, name) and re.search(e, error)), None)
            counts = ", ".join(f"{o} {None if x is None else x.shape}" for o, x in others.items())
            if who:
                rows.append((name, data, ", ".join(who), others[who[0]], ours[1]))
            elif why:
                explained += 1
                rows.append((name, data, why, mine, ours[1] if ours else 0))
                print(f"explained  {name}: {why}; {counts}; we {error or mine.shape}")
            else:
                wrong += 1
                print(f"DIFFERENT  {name}: {counts}; we {error or mine.shape}")
    print(f"{len(files)} files, {explained} explained, {wrong} different")
    if "--golden" in sys.argv:
        write_golden(rows)
    sys.exit(bool(wrong))


def write_golden(rows):
    names, files, who, samples, rates = zip(*rows)
    tools = {"ffmpeg": "-version", "flac": "--version", "lame": "--version", "oggenc": "--version"}
    said = [subprocess.run([tool, option], capture_output=True, text=True).stdout.splitlines()[0] for tool, option in tools.items()]
    np.savez_compressed(
        HERE.parent / "golden" / "compressed.npz",
        versions=np.array([f"soundfile {sf.__version__}", sf.__libsndfile_version__, *said]),
        names=np.array(names),
        who=np.array(who),
        sizes=np.array([len(file) for file in files], "<i4"),
        bytes=np.frombuffer(b"".join(files), "u1"),
        shapes=np.array([(0, 0) if x is None else x.shape for x in samples], "<i4"),
        rates=np.array(rates, "<i4"),
        samples=np.concatenate([x[:, ::STEP].ravel() for x in samples if x is not None]),
    )


if __name__ == "__main__":
    main()
