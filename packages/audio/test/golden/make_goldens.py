"""Writes the small audio files of ./files and, beside them, what libsndfile (ffmpeg for MP3) reads from each.

Run with numpy, soundfile and torchaudio installed, and sox, ffmpeg, lame and oggenc on the PATH:
    python make_goldens.py
decode.npz:   for each file in `names`: shape [channels, samples] and rate; one after another in `samples` its float32
              samples (of long files the first and the last EDGE of each channel), in `sums` the sum of |x| of each channel.
resample.npz: x, and for each of `options` (JSON): the length of torchaudio.transforms.Resample's result in float64, and one
              after another in `y` the result (of long ones the first and the last EDGE samples).
Both have `versions`.
"""

import json
import struct
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile as sf
import torch
import torchaudio

HERE = Path(__file__).parent
FILES = HERE / "files"
RATE = 16000
EDGE = 40


def run(*command):
    return subprocess.run([str(c) for c in command], check=True, capture_output=True).stdout


def sound(frames, channels, seed):
    """Two gliding tones and noise, different in each channel, with the extremes in it."""
    rng = np.random.default_rng(seed)
    t = np.arange(frames) / RATE
    rows = [
        0.4 * np.sin(2 * np.pi * (300 + 90 * c) * t * (1 + t)) + 0.2 * np.sin(2 * np.pi * 1700 * t)
        + 0.05 * rng.standard_normal(frames)
        for c in range(channels)
    ]
    x = np.clip(np.stack(rows, axis=1), -0.99, 0.99)
    x[1], x[2] = 1 - 2.0**-15, -1
    return x


def sphere(path, x, coding, width, order, count=None):
    """A NIST SPHERE file: no program at hand writes all of its kinds."""
    frames, channels = x.shape
    fields = [
        f"channel_count -i {channels}",
        f"sample_count -i {frames if count is None else count}",
        f"sample_rate -i {RATE}",
        f"sample_n_bytes -i {width}",
        f"sample_byte_format -s{len(order)} {order}",
        f"sample_sig_bits -i {8 * width}",
        f"sample_coding -s{len(coding)} {coding}",
        "end_head",
    ]
    head = ("NIST_1A\n   1024\n" + "\n".join(fields) + "\n").encode().ljust(1024, b" ")
    if coding == "pcm":
        # The very integers that libsndfile writes.
        with tempfile.NamedTemporaryFile(suffix=".w64") as f:
            sf.write(f.name, x, RATE, subtype=f"PCM_{8 * width}" if width > 1 else "PCM_16", format="W64")
            values = sf.read(f.name, dtype="int32")[0] >> (32 - 8 * width)
        raw = np.ascontiguousarray(values).view(np.uint8).reshape(-1, 4)[:, :width]
        body = (raw if order == "01" or order == "012" or order == "0123" or width == 1 else raw[:, ::-1]).tobytes()
    else:
        with tempfile.NamedTemporaryFile(suffix=".wav") as f:
            sf.write(f.name, x, RATE, subtype={"ulaw": "ULAW", "alaw": "ALAW"}[coding], format="WAV")
            data = Path(f.name).read_bytes()
            at = data.index(b"data")
            body = data[at + 8 : at + 8 + frames * channels]
    path.write_bytes(head + body)


def write_files():
    FILES.mkdir(exist_ok=True)
    for old in FILES.iterdir():
        old.unlink()
    mono, stereo, six = sound(150, 1, 1), sound(120, 2, 2), sound(60, 6, 3)
    for name, subtype in [("u8", "PCM_U8"), ("s16", "PCM_16"), ("s24", "PCM_24"), ("s32", "PCM_32"), ("f32", "FLOAT"),
                          ("f64", "DOUBLE"), ("alaw", "ALAW"), ("ulaw", "ULAW")]:
        sf.write(FILES / f"wav-{name}.wav", stereo, RATE, subtype=subtype, format="WAV")
    for name, subtype in [("s16", "PCM_16"), ("s24", "PCM_24"), ("f32", "FLOAT")]:
        sf.write(FILES / f"wavex-{name}.wav", six, RATE, subtype=subtype, format="WAVEX")
        sf.write(FILES / f"w64-{name}.w64", stereo, RATE, subtype=subtype, format="W64")
        sf.write(FILES / f"rf64-{name}.wav", stereo, RATE, subtype=subtype, format="RF64")
    for name, subtype in [("s8", "PCM_S8"), ("s16", "PCM_16"), ("s24", "PCM_24"), ("s32", "PCM_32"), ("f32", "FLOAT"),
                          ("f64", "DOUBLE"), ("alaw", "ALAW"), ("ulaw", "ULAW"), ("u8", "PCM_U8")]:
        sf.write(FILES / f"aiff-{name}.aiff", stereo, RATE, subtype=subtype, format="AIFF")
    sf.write(FILES / "aiff-sowt.aiff", stereo, RATE, subtype="PCM_16", format="AIFF", endian="LITTLE")
    # A chunk of odd length before the samples, and one after them.
    plain = (FILES / "wav-s16.wav").read_bytes()
    odd = b"LIST" + struct.pack("<I", 5) + b"INFOx\0"
    body = plain[12:36] + odd + plain[36:] + odd
    (FILES / "wav-chunks.wav").write_bytes(b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body)
    run("sox", "-D", FILES / "wav-s24.wav", "-b", "16", "-t", "wav", FILES / "wav-sox.wav")
    for name, order, width in [("le16", "01", 2), ("be16", "10", 2), ("s8", "1", 1), ("be24", "210", 3), ("le32", "0123", 4)]:
        sphere(FILES / f"sphere-{name}.sph", stereo, "pcm", width, order)
    sphere(FILES / "sphere-ulaw.sph", mono, "ulaw", 1, "1")
    sphere(FILES / "sphere-alaw.sph", mono, "alaw", 1, "1")
    for name, subtype in [("s16", "PCM_16"), ("s24", "PCM_24"), ("s32", "PCM_32"), ("ulaw", "ULAW")]:
        sf.write(FILES / f"nist-{name}.sph", stereo, RATE, subtype=subtype, format="NIST")
    for bits, subtype in [(8, "PCM_S8"), (16, "PCM_16"), (24, "PCM_24")]:
        sf.write(FILES / f"flac-s{bits}.flac", stereo, RATE, subtype=subtype, format="FLAC")
    sf.write(FILES / "flac-six.flac", six, 48000, subtype="PCM_16", format="FLAC")
    long = sound(2500, 1, 4)
    sf.write(FILES / "flac-long.flac", long, RATE, subtype="PCM_16", format="FLAC")
    # Streamed: flac reads from a pipe and cannot go back to write the total.
    raw = np.round(long * 32768).clip(-32768, 32767).astype("<i2").tobytes()
    command = ["flac", "-s", "-c", "--force-raw-format", "--endian=little", "--sign=signed", "--channels=1", "--bps=16",
               f"--sample-rate={RATE}", "--blocksize=576", "--no-padding", "-"]
    streamed = subprocess.run(command, input=raw, check=True, capture_output=True).stdout
    (FILES / "flac-streamed.flac").write_bytes(streamed)
    vorbis = sound(6000, 2, 5)
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "x.wav"
        for name, x, rate in [("stereo", vorbis, 44100), ("mono", vorbis[:, :1], 16000), ("short", vorbis[:70, :1], 16000)]:
            sf.write(wav, x, rate, subtype="PCM_16")
            run("oggenc", "-Q", "-s", "7", "-q", "2", "-o", FILES / f"vorbis-{name}.ogg", wav)
        sf.write(wav, sound(3000, 6, 6), 48000, subtype="PCM_16")
        run("oggenc", "-Q", "-s", "8", "-q", "0", "-o", FILES / "vorbis-six.ogg", wav)
        for name, x, rate, options in [
            ("cbr", vorbis, 44100, ["-b", "64"]),
            ("vbr", vorbis, 44100, ["-V", "7"]),
            ("mono16", vorbis[:, :1], 16000, ["-b", "24"]),
            ("low", vorbis[:, :1], 8000, ["-b", "16"]),
            ("notag", vorbis[:, :1], 44100, ["-b", "48", "-t"]),
            ("short", vorbis[:100, :1], 44100, ["-b", "48"]),
        ]:
            sf.write(wav, x, rate, subtype="PCM_16")
            run("lame", "--quiet", *options, wav, FILES / f"mp3-{name}.mp3")
        run("ffmpeg", "-y", "-v", "error", "-i", FILES / "mp3-cbr.mp3", "-c", "copy", "-id3v2_version", "3", "-metadata",
            "title=tagged", FILES / "mp3-id3.mp3")


def write_decoded():
    out = {"versions": np.array([f"soundfile {sf.__version__}", sf.__libsndfile_version__,
                                 run("ffmpeg", "-version").decode().split("\n")[0].split(" Copyright")[0]])}
    names, shapes, rates, samples, sums = [], [], [], [], []
    for path in sorted(FILES.iterdir()):
        if path.suffix == ".mp3":
            info = json.loads(run("ffprobe", "-v", "error", "-show_streams", "-of", "json", path))["streams"][0]
            raw = run("ffmpeg", "-v", "error", "-i", path, "-f", "f32le", "-c:a", "pcm_f32le", "-")
            x, rate = np.frombuffer(raw, "<f4").reshape(-1, info["channels"]), int(info["sample_rate"])
            # The count is ffmpeg's. The samples are libsndfile's (mpg123's): ffmpeg's stand 1e-2 apart from it, and from
            # LAME's own decoder, in some joint-stereo frames at rates up to 24 kHz.
            theirs, _ = sf.read(path, dtype="float32", always_2d=True)
            print(path.name, len(x), len(theirs))
            x = theirs if theirs.shape == x.shape else x
        elif "streamed" in path.name:  # libsndfile wants to know the length
            raw = run("flac", "-s", "-d", "-c", "--force-raw-format", "--endian=little", "--sign=signed", path)
            x, rate = np.frombuffer(raw, "<i2")[:, None] / np.float32(32768), RATE
        elif path.name in ("sphere-be24.sph", "sphere-le32.sph"):  # libsndfile wants orders 01 and 10: the same in a WAV
            x, rate = sf.read(FILES / f"wav-s{path.stem[-2:]}.wav", dtype="float32", always_2d=True)
        else:
            x, rate = sf.read(path, dtype="float32", always_2d=True)
        x = np.ascontiguousarray(x.T)
        names.append(path.name)
        shapes.append(x.shape)
        rates.append(rate)
        samples.append((x if x.shape[1] <= 2 * EDGE else np.concatenate([x[:, :EDGE], x[:, -EDGE:]], axis=1)).ravel())
        sums.append(np.abs(x.astype("<f8")).sum(axis=1))
    out.update(names=np.array(names), shapes=np.array(shapes, dtype="<i4"), rates=np.array(rates, dtype="<i4"),
               samples=np.concatenate(samples), sums=np.concatenate(sums))
    np.savez_compressed(HERE / "decode.npz", **out)


def write_resampled():
    rng = np.random.default_rng(7)
    x = rng.standard_normal(400) * 0.2
    out = {"x": x, "versions": np.array([f"torchaudio {torchaudio.__version__}"])}
    ratios = [(44100, 16000), (16000, 44100), (48000, 16000), (8000, 16000), (22050, 16000), (16000, 8000), (44100, 48000),
              (11025, 8000), (3, 7), (7, 3), (16000, 15999), (1, 2), (5, 1)]
    cases = [dict(orig_freq=o, new_freq=n) for o, n in ratios]
    for o, n in ratios[:5]:
        cases.append(dict(orig_freq=o, new_freq=n, resampling_method="sinc_interp_kaiser"))
    for _ in range(20):
        o, n = (int(v) for v in rng.integers(1, 400, 2))
        case = dict(orig_freq=o, new_freq=n, lowpass_filter_width=int(rng.integers(1, 40)),
                    rolloff=float(rng.uniform(0.5, 1.0)))
        if rng.random() < 0.5:
            case.update(resampling_method="sinc_interp_kaiser", beta=float(rng.uniform(0, 20)))
        cases.append(case)
    results = [torchaudio.transforms.Resample(**case, dtype=torch.float64)(torch.from_numpy(x)).numpy() for case in cases]
    out.update(options=np.array([json.dumps(case) for case in cases]),
               lengths=np.array([len(y) for y in results], dtype="<i4"),
               y=np.concatenate([y if len(y) <= 2 * EDGE else np.concatenate([y[:EDGE], y[-EDGE:]]) for y in results]))
    np.savez_compressed(HERE / "resample.npz", **out)


if __name__ == "__main__":
    write_files()
    write_decoded()
    write_resampled()
