"""The files of differential.py: (name, bytes), the name's first part being the kind."""

import itertools
import struct
import tempfile
from pathlib import Path

import numpy as np
import soundfile as sf
from containers import LIST, RATE, aiff, au, caf, extension, sphere, w64, wav

WRITTEN = ["WAV", "WAVEX", "RF64", "W64", "AIFF", "AU", "CAF", "NIST", "FLAC", "OGG", "MP3"]
# The codecs that are read. libsndfile writes others too, which REFUSED names.
CODECS = ["PCM_S8", "PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ALAW", "ULAW", "VORBIS",
          "MPEG_LAYER_III"]
REFUSED = ["IMA_ADPCM", "MS_ADPCM", "GSM610", "G721_32", "NMS_ADPCM_32", "ALAC_16", "DWVW_16"]
PLACEHOLDERS = [0, 0x7FFFF000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF]


def sound(frames, channels, seed):
    """Noise with both extremes in it."""
    x = np.clip(np.random.default_rng(seed).standard_normal((frames, channels)) * 0.3, -0.99, 0.99)
    x[1], x[2] = 1 - 2.0**-15, -1
    return x


def by_libsndfile(channels, **options):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x")
        frames = 3000 if options["subtype"] in ("VORBIS", "MPEG_LAYER_III") else 40
        sf.write(path, sound(frames, channels, channels), RATE, **options)
        return path.read_bytes()


def written():
    """Every format, encoding and byte order that libsndfile writes."""
    for kind, codec, endian, channels in itertools.product(WRITTEN, CODECS, ["LITTLE", "BIG"], [1, 2, 3, 6]):
        usual = "BIG" if kind in ("AIFF", "AU", "CAF") else "LITTLE"
        if kind in ("FLAC", "OGG", "MP3"):
            if endian == "BIG":
                continue
            endian = "FILE"
        elif codec in ("ALAW", "ULAW", "PCM_S8", "PCM_U8") and endian != usual:
            continue
        if not sf.check_format(kind, codec, endian) or (kind, channels) in (("MP3", 3), ("MP3", 6)):
            continue
        name = f"{kind.lower()} {codec.lower()} {endian.lower()} {channels} channels"
        try:
            yield name, by_libsndfile(channels, format=kind, subtype=codec, endian=endian)
        except sf.LibsndfileError:
            continue  # it has no such files, whatever check_format says
    for kind, codec in itertools.product(WRITTEN, REFUSED):
        if sf.check_format(kind, codec):
            yield f"refused {kind.lower()} {codec.lower()}", by_libsndfile(1, format=kind, subtype=codec)


def odd_wav():
    raw = bytes(range(0x11, 0x11 + 48))
    for bits, channels in itertools.product([8, 12, 16, 20, 24, 32], [1, 2]):
        for align in (0, 1, 2, 3, 4, 5, 8):
            yield f"wav {bits} bits {channels} channels align {align}", wav(raw, bits, channels, align=align)
    for bits, align in itertools.product([32, 64], [2, 4, 8]):
        floats = np.linspace(-1, 1, 384 // bits, dtype=f"<f{bits // 8}").tobytes()
        yield f"wav float {bits} align {align}", wav(floats, bits, tag=3, align=align)
    for tag, bits in itertools.product([6, 7], [0, 8, 14, 16]):
        yield f"wav tag {tag} with {bits} bits", wav(raw, bits, tag=tag)
    for bits, align, valid in [(32, 4, 24), (24, 4, 24), (24, 3, 20), (32, 4, 16), (16, 2, 0), (16, 2, 12), (32, 3, 24)]:
        yield f"wav extensible {bits} align {align} valid {valid}", wav(raw, bits, tag=0xFFFE, align=align,
                                                                      extension=extension(valid))
    for bits, tag in [(0, 1), (40, 1), (16, 3), (24, 3), (0, 3), (16, 0xFFFE), (4, 2)]:
        yield f"wav tag {tag} with {bits} bits is unknown", wav(raw, bits, tag=tag)
    for size in PLACEHOLDERS:
        yield f"wav size {size:#x}", wav(raw, size=size, riff=(size + 36) & 0xFFFFFFFF)
    yield "wav empty with LIST", wav(b"", after=LIST)
    yield "wav never closed", wav(raw, size=0, riff=8)
    for size in (46, 47, 49, 100):
        yield f"wav states {size} of 48 bytes", wav(raw, size=size)
    yield "wav with chunks", wav(raw, before=LIST + b"odd \3\0\0\0abc\0", after=LIST)
    yield "wav RIFF size 20", wav(raw, riff=20)
    yield "wav junk behind", wav(raw, after=b"\n")
    yield "wav two data chunks", wav(raw[:20], after=b"data" + struct.pack("<I", 28) + raw[20:])
    yield "w64 size 0", w64(raw, size=24)
    for size in (100, 2**63 - 1, 2**64 - 1):
        yield f"w64 size {size:#x}", w64(raw, size=size)
    for bits, align in [(16, 1), (16, 4), (24, 4), (24, 2)]:
        yield f"w64 {bits} bits align {align}", w64(raw, bits, align=align)


def odd_aiff():
    raw = bytes(range(0x11, 0x11 + 48))
    for kind, bits in itertools.product([b"sowt", b"42n1", b"23ni", b"twos", b"NONE", b"in24", b"in32"],
                                        [8, 12, 16, 20, 24, 32]):
        yield f"aifc {kind.decode()} {bits} bits", aiff(raw, bits, kind=kind)
    for kind, bits in [(b"ulaw", 8), (b"ulaw", 16), (b"ULAW", 16), (b"alaw", 8), (b"ALAW", 16), (b"raw ", 8)]:
        yield f"aifc {kind.decode()} {bits} bits", aiff(raw, bits, kind=kind)
    for kind, bits in [(b"fl32", 32), (b"FL32", 32), (b"fl64", 64), (b"FL64", 64)]:
        floats = np.linspace(-1, 1, 384 // bits, dtype=f">f{bits // 8}").tobytes()
        yield f"aifc {kind.decode()}", aiff(floats, bits, kind=kind)
    for kind in (b"ima4", b"MAC3", b"raw "):
        yield f"aifc {kind.decode()} is unknown", aiff(raw, kind=kind)
    yield "aifc with a COMM chunk of AIFF", aiff(raw, kind=b"")
    for frames in (0, 10, 100, 0xFFFFFFFF):
        yield f"aiff {frames} frames in COMM", aiff(raw, frames=frames)
    yield "aiff from ffmpeg's pipe", aiff(raw, frames=0, size=0, form=0)
    yield "aiff from sox's pipe", aiff(raw, frames=0x3F800000, size=0x7F000008, form=0x7F000050)
    for size in (0, 28, 55, 108, 0xFFFFFFFF):
        yield f"aiff size {size:#x}", aiff(raw, size=size)
    yield "aiff offset", aiff(raw, offset=4)
    yield "aiff with chunks", aiff(raw, before=b"ANNO\0\0\0\3abc\0", after=b"ANNO\0\0\0\3abc\0")


def odd_others():
    raw = bytes(range(0x11, 0x11 + 48))
    for name, one in [("wav", wav(raw)), ("aiff", aiff(raw)), ("au", au(raw)), ("caf", caf(raw)),
                      ("sphere", sphere(raw, sample_count=24))]:
        yield f"two files {name}", one + one
    for count in (0, 5, 12, 100):
        yield f"sphere count {count}", sphere(raw, 2, sample_count=count)
    yield "sphere no count", sphere(raw, 2)
    yield "sphere planes", sphere(raw, 2, sample_count=12, channels_interleaved="FALSE")
    yield "sphere big-endian", sphere(raw, 2, order="10", sample_count=12)
    yield "sphere ulaw", sphere(raw, 1, 1, "1", "ulaw", sample_count=48)
    yield "sphere alaw", sphere(raw, 1, 1, "1", "alaw", sample_count=48)
    yield "sphere significant bits", sphere(raw, 2, sample_count=12, sample_sig_bits=12)
    for bits, packet in [(8, 1), (16, 2), (24, 3), (32, 4), (24, 4), (20, 3), (16, 4), (12, 2)]:
        for flags in (0, 2):
            yield f"caf {bits} bits packet {packet} flags {flags}", caf(raw, bits, packet=packet, flags=flags)
    for size in (0, 20, 47, 100, 0xFFFFFFFF):
        yield f"au size {size:#x}", au(raw, size=size)
    yield "au little-endian", au(raw, magic=b"dns.")
    yield "au note", au(raw, offset=32, note=b"12345678")
    yield "au G.721", au(raw, 23)
    for size in (4, 52, 100, -1):
        yield f"caf size {size}", caf(raw, size=size)
    yield "caf rate 16000.5", caf(raw, rate=16000.5)
    yield "caf with chunks", caf(raw, after=b"free" + struct.pack(">q", 4) + b"abcd")
    yield "caf ulaw", caf(raw, 8, kind=b"ulaw")


def cut():
    """Files that end in the middle of their samples."""
    for kind, codec in [("WAV", "PCM_16"), ("WAVEX", "PCM_24"), ("RF64", "PCM_16"), ("W64", "FLOAT"), ("AIFF", "PCM_16"),
                        ("AU", "PCM_16"), ("NIST", "PCM_16"), ("CAF", "PCM_16")]:
        whole = by_libsndfile(2, format=kind, subtype=codec)
        for by in (1, 2, 3, 40):
            yield f"cut {kind.lower()} by {by}", whole[:-by]


def cases():
    for make in (written, odd_wav, odd_aiff, odd_others, cut):
        yield from make()
