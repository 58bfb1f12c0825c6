"""The files of compressed.py: (name, bytes), made with flac, lame, oggenc and ffmpeg and then given odd ends.

Where a third value follows, it is what the samples are held against: files to be read one after another, and how many samples at
the beginning are cut off.
"""

import struct
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile as sf

RATE = 16000


def made(command, extension, frames=3000, channels=1, rate=RATE):
    """What a program makes of a sound: IN and OUT stand for its files."""
    with tempfile.TemporaryDirectory() as folder:
        source, result = Path(folder, "in.wav"), Path(folder, f"out.{extension}")
        t = np.arange(frames) / rate
        noise = np.random.default_rng(channels).standard_normal((frames, channels)) * 0.05
        sf.write(source, 0.4 * np.sin(2 * np.pi * 440 * t)[:, None] + noise, rate, subtype="PCM_16")
        words = [str(source) if w == "IN" else str(result) if w == "OUT" else w for w in command.split()]
        subprocess.run(words, check=True, capture_output=True)
        return result.read_bytes()


def cut_by_ffmpeg(data, extension, *options):
    """Part of a file, its packets as they are."""
    with tempfile.TemporaryDirectory() as folder:
        source, result = Path(folder, f"in.{extension}"), Path(folder, f"out.{extension}")
        source.write_bytes(data)
        subprocess.run(["ffmpeg", "-v", "error", *options[:2], "-i", source, *options[2:], "-c", "copy", result], check=True)
        return result.read_bytes()


ID3V1 = b"TAG" + bytes(125)
APE = b"APETAGEX" + struct.pack("<IIII", 2000, 32, 0, 0x80000000) + bytes(8)
ID3V2 = b"ID3\3\0\0\0\0\0\x0a" + bytes(10)
TAILS = {"newline": b"\n", "zeros": bytes(300), "ID3v1": ID3V1, "APE": APE, "text": b"the end" * 9}


def flac():
    for channels, bits in [(1, "-8"), (2, "-5"), (1, "-0")]:
        plain = made(f"flac {bits} --no-padding --no-seektable -b 1024 -o OUT IN", "flac", channels=channels)
        name = f"flac {channels} channels {bits}"
        yield name, plain
        for tail, end in TAILS.items():
            yield f"{name} then {tail}", plain + end
        for back in (1, 40, 200):
            damaged = bytearray(plain)
            damaged[-back] ^= 0x41
            yield f"{name} damaged {back} before the end", bytes(damaged)
            yield f"{name} cut by {back}", plain[:-back]
        yield f"{name} no total", plain[:22] + bytes(4) + plain[26:]
    yield "flac behind ID3v2", ID3V2 + plain
    yield "flac twice", plain + plain


def ogg_checksum(page):
    crc = 0
    for byte in page:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc & 0x80000000 else 0)) & 0xFFFFFFFF
    return crc


def with_granule(data, granule):
    """The last page with another granule position."""
    at = data.rindex(b"OggS")
    page = bytearray(data[at:])
    page[6:14], page[22:26] = struct.pack("<q", granule), bytes(4)
    page[22:26] = struct.pack("<I", ogg_checksum(page))
    return data[:at] + bytes(page)


def ogg():
    a = made("oggenc -Q -q 0 -s 1 -o OUT IN", "ogg")
    b = made("oggenc -Q -q 0 -s 2 -o OUT IN", "ogg", frames=2500)
    other_rate = made("oggenc -Q -q 0 -s 3 -o OUT IN", "ogg", rate=22050)
    stereo = made("oggenc -Q -q 0 -s 4 -o OUT IN", "ogg", channels=2)
    long = made("oggenc -Q -q -1 -s 5 -o OUT IN", "ogg", frames=40000)
    yield from [("ogg", a), ("ogg 2 channels", stereo), ("ogg long", long)]
    for tail, end in TAILS.items():
        yield f"ogg then {tail}", a + end
    yield "ogg chained", a + b, [a, b], 0
    yield "ogg chained, another rate", a + other_rate
    yield "ogg chained, other channels", a + stereo
    c = made("oggenc -Q -q 0 -s 6 -o OUT IN", "ogg", frames=700)
    yield "ogg three links", a + b + c, [a, b, c], 0
    for start in ("0.5", "1.0", "1.7"):
        yield f"ogg from {start} s", cut_by_ffmpeg(long, "ogg", "-ss", start), [long], round(float(start) * RATE)
    yield "ogg up to 1 s", cut_by_ffmpeg(long, "ogg", "-t", "1")
    yield "ogg last granule -1", with_granule(a, -1)
    yield "ogg last granule 2900", with_granule(a, 2900)
    for back in (1, 100, 1000):
        yield f"ogg cut by {back}", long[:-back]
    damaged = bytearray(long)
    damaged[-100] ^= 0x41
    yield "ogg damaged last page", bytes(damaged)


def stating(data, frames):
    at = data.index(b"Info") + 8
    return data[:at] + struct.pack(">I", frames) + data[at + 4:]


def delays(data, start, end):
    at = data.index(b"LAME") + 21
    return data[:at] + (start << 12 | end).to_bytes(3, "big") + data[at + 3:]


def mp3():
    cbr = made("lame --quiet -b 64 IN OUT", "mp3")
    vbr = made("lame --quiet -V 9 IN OUT", "mp3", frames=2500)
    bare = made("lame --quiet -t -b 32 IN OUT", "mp3")
    stereo = made("lame --quiet -b 64 IN OUT", "mp3", channels=2)
    yield from [("mp3 cbr", cbr), ("mp3 vbr", vbr), ("mp3 no information", bare), ("mp3 2 channels", stereo)]
    for tail, end in TAILS.items():
        yield f"mp3 then {tail}", cbr + end
    yield "mp3 joined", cbr + vbr, [cbr, vbr], 0
    yield "mp3 joined, no information", bare + bare
    yield "mp3 joined, ID3v1 between", cbr + ID3V1 + vbr, [cbr, vbr], 0
    yield "mp3 changes its channels", cbr + stereo
    for frames in (0, 3, 1000):
        # Of too few, ffmpeg takes the padding out in the middle.
        yield f"mp3 states {frames} frames", stating(cbr, frames), *([[cbr], 0] if frames == 3 else [])
    for start, end in [(0, 0), (576, 0), (1105, 500), (2000, 1500)]:
        yield f"mp3 trims {start} and {end}", delays(cbr, start, end)
    for name, junk in [("newline", b"\r\n"), ("zeros", bytes(300)), ("ID3v2", ID3V2), ("ID3v2 and padding", ID3V2 + bytes(99))]:
        # ffmpeg takes the information frame for sound there.
        yield f"mp3 behind {name}", junk + cbr, [cbr], 0
    for cut in (1, 50, 200):
        yield f"mp3 cut by {cut}", cbr[:-cut]
    damaged = bytearray(cbr)
    damaged[-20] ^= 0x41
    yield "mp3 damaged last frame", bytes(damaged)
    yield "mp3 begins in a frame", bare[100:]


def cases():
    for make in (flac, ogg, mp3):
        yield from make()
