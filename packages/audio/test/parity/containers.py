"""Sound files byte by byte, with whatever a header may say: no program writes most of these."""

import struct

RATE = 16000
SUB_FORMAT = bytes.fromhex("000000001000800000aa00389b71")
LIST = b"LIST\4\0\0\0INFO"


def wav(data, bits=16, channels=1, tag=1, align=None, size=None, riff=None, extension=None, before=b"", after=b""):
    align = channels * -(-bits // 8) if align is None else align
    fmt = struct.pack("<HHIIHH", tag, channels, RATE, RATE * align & 0xFFFFFFFF, align, bits)
    if extension is not None:
        fmt += struct.pack("<H", len(extension)) + extension
    body = b"WAVEfmt " + struct.pack("<I", len(fmt)) + fmt + before
    body += b"data" + struct.pack("<I", len(data) if size is None else size) + data + after
    return b"RIFF" + struct.pack("<I", len(body) if riff is None else riff) + body


def extension(valid, tag=1, mask=4):
    return struct.pack("<HIH", valid, mask, tag) + SUB_FORMAT


def aiff(data, bits=16, channels=1, kind=None, frames=None, size=None, form=None, offset=0, before=b"", after=b""):
    """`kind` is AIFC's compression type; b"" leaves it out of the COMM chunk."""
    frames = len(data) // (channels * -(-bits // 8)) if frames is None else frames
    rate = struct.pack(">HQ", 16383 + 13, int(RATE * 2 ** (63 - 13)))
    common = struct.pack(">HIH", channels, frames, bits) + rate + (kind + b"\0\0" if kind else b"")
    body = (b"AIFF" if kind is None else b"AIFC") + b"COMM" + struct.pack(">I", len(common)) + common + before
    body += b"SSND" + struct.pack(">III", len(data) + 8 if size is None else size, offset, 0) + data + after
    return b"FORM" + struct.pack(">I", len(body) if form is None else form) + body


def sphere(data, channels=1, width=2, order="01", coding="pcm", **more):
    fields = dict(channel_count=channels, sample_rate=RATE, sample_n_bytes=width, sample_byte_format=order,
                  sample_coding=coding, **more)
    lines = (f"{k} -{'i' if isinstance(v, int) else f's{len(v)}'} {v}\n" for k, v in fields.items())
    return ("NIST_1A\n   1024\n" + "".join(lines) + "end_head\n").encode().ljust(1024, b" ") + data


def au(data, code=3, channels=1, size=None, offset=24, magic=b".snd", note=b""):
    order = ">" if magic == b".snd" else "<"
    size = len(data) if size is None else size
    return magic + struct.pack(order + "IIIII", offset, size, code, RATE, channels) + note + data


def caf(data, bits=16, channels=1, kind=b"lpcm", flags=2, packet=None, size=None, rate=float(RATE), after=b""):
    packet = channels * -(-bits // 8) if packet is None else packet
    desc = struct.pack(">d4sIIIII", rate, kind, flags, packet, 1, channels, bits)
    head = b"caff\0\1\0\0desc" + struct.pack(">q", len(desc)) + desc
    return head + b"data" + struct.pack(">qI", len(data) + 4 if size is None else size, 0) + data + after


def w64(data, bits=16, channels=1, tag=1, align=None, size=None, after=b""):
    tail = bytes.fromhex("f3acd3118cd100c04f8edb8a")
    align = channels * -(-bits // 8) if align is None else align
    fmt = struct.pack("<HHIIHH", tag, channels, RATE, RATE * align & 0xFFFFFFFF, align, bits)
    size = len(data) + 24 if size is None else size
    body = b"wave" + tail + b"fmt " + tail + struct.pack("<Q", len(fmt) + 24) + fmt
    body += b"data" + tail + struct.pack("<Q", size) + data + after
    return bytes.fromhex("726966662e91cf11a5d628db04c10000") + struct.pack("<Q", len(body) + 24) + body
