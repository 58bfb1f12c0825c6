"""Some 600 sound files, read by libsndfile and by us: counts, rates, channels and every sample must be the same.

Every format, encoding, byte order and channel count that libsndfile writes, and odd ends made byte by byte. Where the two
differ, EXPLAINED says why. Run it with numpy and soundfile, after `npm run build`:
    python differential.py            prints what differs, and fails if anything does that is not explained
    python differential.py --golden   also writes 60 of the files and their samples to ../golden/differential.npz
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile as sf
from cases import cases

HERE = Path(__file__).resolve().parent
LOSSY = 4e-6  # AUDIO_TOLERANCES.lossyDecoding
GOLDENS = 60
# What we give, samples per channel or None for an error, and why it is not what libsndfile gives.
EXPLAINED = {
    "refused": (None, "a codec that is not supported: an error says so"),
    "aifc ima4": (None, "the same"),
    "wav size 0x0": (24, "a program that died left the size 0; ffmpeg reads to the end too"),
    "au size 0x0": (24, "the same; sox reads to the end too"),
    "au G.721": (None, "a codec that is not supported: an error says so"),
    "two files": (None, "libsndfile leaves out the second, or reads its header as samples; an error says that it is there"),
    "sphere planes": (12, "libsndfile refuses channels that are not interleaved"),
    "caf 12 bits": (24, "libsndfile refuses; ffmpeg reads samples that fill their bytes from the top too"),
    "caf 20 bits": (16, "the same"),
    "caf size 4": (24, "a program that died left the size 0; ffmpeg reads to the end too"),
    "caf size -1": (24, "a size that CAF defines as unknown; libsndfile refuses, ffmpeg reads it too"),
    "caf size 100": (24, "cut short: libsndfile leaves out the last 8 bytes that are there; ffmpeg does not"),
    "cut caf by 40": (30, "the same"),
}


def by_libsndfile(path):
    try:
        x, rate = sf.read(path, dtype="float32", always_2d=True)
    except (sf.LibsndfileError, RuntimeError, ValueError) as error:
        return None, str(error)
    return (np.ascontiguousarray(x.T), rate), ""


def by_us(paths):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as names:
        json.dump([str(path) for path in paths], names)
        names.flush()
        lines = subprocess.run(["node", HERE / "decode.mjs", names.name], check=True, capture_output=True, text=True)
    for path, line in zip(paths, map(json.loads, lines.stdout.splitlines()), strict=True):
        if "error" in line:
            yield None, line["error"]
        else:
            yield (np.fromfile(f"{path}.f32", "<f4").reshape(line["channels"], line["length"]), line["rate"]), ""


def difference(name, ours, theirs):
    """What differs, or an empty string."""
    if ours is None or theirs is None:
        return "" if ours is theirs else f"we {'refuse' if ours is None else f'read {ours[0].shape}'}"
    (x, rate), (y, their_rate) = ours, theirs
    if x.shape != y.shape or rate != their_rate:
        return f"we read {x.shape} at {rate} Hz, libsndfile {y.shape} at {their_rate} Hz"
    if name.startswith(("ogg", "mp3")):
        largest = np.abs(x - y).max(initial=0)
        return "" if largest <= LOSSY else f"samples differ by {largest}"
    return "" if x.tobytes() == y.tobytes() else f"{np.sum(x != y)} samples differ, the first {x[x != y][:1]}"


def explanation(name, ours):
    for prefix, (length, why) in EXPLAINED.items():
        if name.startswith(prefix) and (ours is None if length is None else ours is not None and ours[0].shape[1] == length):
            return why
    return None


def write_golden(rows):
    """Small files from all over the list."""
    rows = [row for row in rows if len(row[1]) < 2500]
    chosen = [rows[int(at)] for at in np.linspace(0, len(rows) - 1, GOLDENS)]
    names, files, results = zip(*chosen)
    shapes = [(0, 0) if result is None else result[0].shape for result in results]
    np.savez_compressed(
        HERE.parent / "golden" / "differential.npz",
        versions=np.array([f"soundfile {sf.__version__}", sf.__libsndfile_version__]),
        names=np.array(names),
        sizes=np.array([len(file) for file in files], "<i4"),
        bytes=np.frombuffer(b"".join(files), "u1"),
        shapes=np.array(shapes, "<i4"),
        rates=np.array([0 if result is None else result[1] for result in results], "<i4"),
        samples=np.concatenate([result[0].ravel() for result in results if result is not None]),
    )


def main():
    same, explained, wrong, golden = 0, [], [], []
    with tempfile.TemporaryDirectory() as folder:
        files = dict(cases())
        paths = []
        for i, data in enumerate(files.values()):
            paths.append(Path(folder, str(i)))
            paths[-1].write_bytes(data)
        for (name, data), path, (ours, our_error) in zip(files.items(), paths, by_us(paths), strict=True):
            theirs, their_error = by_libsndfile(path)
            what = difference(name, ours, theirs)
            if not what:
                same += 1
                golden.append((name, data, theirs))
            elif explanation(name, ours):
                explained.append(name)
                print(f"explained  {name}: {what}: {explanation(name, ours)}")
            else:
                wrong.append(name)
                print(f"DIFFERENT  {name}: {what} {our_error} {their_error.replace(str(path), '')}")
    for prefix in EXPLAINED:
        if not any(name.startswith(prefix) for name in explained):
            wrong.append(prefix)
            print(f"DIFFERENT  {prefix}: explained, but the same")
    print(f"{len(files)} files: {same} the same, {len(explained)} explained, {len(wrong)} different ({sf.__libsndfile_version__})")
    if "--golden" in sys.argv:
        write_golden(golden)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
