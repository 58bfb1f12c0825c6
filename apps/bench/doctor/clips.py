"""Pieces of real recordings, 3 to 20 s, as sound files: speech and music, one and two channels, several rates, and a few MP3 files."""

import pathlib
import shutil
import subprocess

import numpy as np
import soundfile as sf

SPEECH = {
    'dev': ['speech/198-209-0000.ogg', 'speech/5703-47212-0000.ogg'],
    'held-out': ['speech/3436-172162-0000.ogg'],
}
MUSIC = {
    'dev': ['music/brahms-hungarian-dance.ogg', 'music/vibe-ace.ogg', 'music/solo-trumpet.ogg'],
    'held-out': ['music/sugar-plum-fairy.ogg', 'music/lets-go-fishin.ogg', 'speech/jfk.flac'],
}


def readings(data, split):
    """Files of read speech; the splits share no speaker."""
    train = sorted((data / 'librispeech/train-clean-100').glob('*.flac'))
    other = sorted((data / 'librispeech/test-other').rglob('*.flac'))
    if not train or not other:
        raise SystemExit(f'no recordings in {data}: see its README.md')
    return train[0::2] if split == 'dev' else train[1::2] + other


def cut(path, rng, seconds):
    """A piece `[channels, samples]` of a recording, never a silent one, and its rate."""
    with sf.SoundFile(path) as file:
        rate, length = file.samplerate, min(int(seconds * file.samplerate), file.frames)
        for _ in range(20):
            file.seek(int(rng.integers(0, file.frames - length + 1)))
            piece = file.read(length, always_2d=True).T
            if np.sqrt((piece**2).mean()) > 1e-3:
                break
    return piece, rate


def write(path, channels, rate):
    """Writes 16-bit samples."""
    sf.write(path, np.clip(channels, -1, 1 - 2**-15).T, rate, subtype='PCM_16')


def encode_mp3(wav, mp3):
    """An MP3 file as lame writes it, with its delay in the header."""
    subprocess.run(['lame', '--quiet', '-b', '192', str(wav), str(mp3)], check=True)


def make(folder, data, split, rng, counts):
    """Writes the clips into `folder` and gives `{name: (channels, rate)}` of what a reader of the files gets."""
    import soxr

    folder.mkdir(parents=True, exist_ok=True)
    speech = [data / name for name in SPEECH[split]] + readings(data, split)
    music = [data / name for name in MUSIC[split]]
    clips = {}

    def add(name, channels, rate):
        write(folder / name, channels, rate)
        clips[name] = read(folder / name)

    pick = lambda files: files[int(rng.integers(len(files)))]  # noqa: E731
    seconds = lambda: float(rng.uniform(3, 20 if rng.random() < 0.3 else 9))  # noqa: E731
    for i in range(counts['speech']):
        add(f'speech-{i:02}.wav', *cut(pick(speech), rng, seconds()))
    for i in range(counts['speech-8k']):
        piece, rate = cut(pick(speech), rng, seconds())
        add(f'speech-8k-{i:02}.wav', soxr.resample(piece.T, rate, 8000).T, 8000)
    for i in range(counts['music']):
        piece, rate = cut(music[i % len(music)], rng, seconds())
        target = int(rng.choice([16000, 22050, 44100, 48000]))
        add(f'music-{i:02}.wav', soxr.resample(piece.T, rate, target).T.mean(axis=0, keepdims=True), target)
    for i in range(counts['stereo']):
        if i % 2:
            piece, rate = cut(music[i // 2 % len(music)], rng, seconds())
            target = int(rng.choice([16000, 44100]))
            add(f'stereo-{i:02}.wav', soxr.resample(piece.T, rate, target).T, target)
            continue
        # Two speakers of a conversation, one to a channel.
        first, rate = cut(pick(speech), rng, seconds())
        second, _ = cut(pick(speech), rng, 20)
        length = min(first.shape[1], second.shape[1])
        add(f'stereo-{i:02}.wav', np.stack([first[0, :length], second[0, :length] * rng.uniform(0.3, 0.9)]), rate)
    for i in range(counts['long']):
        # A minute: of readings one after the other, or of music.
        if i % 2:
            piece, rate = cut(music[i // 2 % len(music)], rng, 60)
        else:
            pieces = []
            while sum(p.shape[1] for p in pieces) < 60 * 16000:
                piece, rate = cut(pick(speech), rng, 20)
                pieces.append(piece)
            piece = np.concatenate(pieces, axis=1)[:, : 60 * rate]
        add(f'long-{i:02}.wav', piece, rate)
    if shutil.which('lame'):
        for i in range(counts['mp3']):
            piece, rate = cut(music[i % len(music)] if i % 2 else pick(speech), rng, float(rng.uniform(4, 9)))
            target = [16000, 44100, 48000][i % 3]
            wav, mp3 = folder / 'encode.wav', folder / f'lossy-{i:02}.mp3'
            write(wav, soxr.resample(piece.T, rate, target).T.mean(axis=0, keepdims=True), target)
            encode_mp3(wav, mp3)
            wav.unlink()
            clips[mp3.name] = read(mp3)
    else:
        print('no lame: no MP3 files, and so no cases of decoder-delay on them')
    return clips


def read(path: pathlib.Path):
    """`[channels, samples]` in float64 and the rate."""
    samples, rate = sf.read(path, always_2d=True, dtype='float64')
    return samples.T, rate
