"""Synthesized utterances: espeak-ng says AN4's sentences in many voices. The same seed makes the same files.

    python synth.py [--count 3600] [--seed 4]

Writes runs/synth/{unheard,dev,short,train,plain}.npz: `samples` (int16, 16 kHz, end to end), `ends`, `texts`, `voices`.
`short` is one or two words each, with which training begins; `plain` is sentences without commas between letters, which
espeak-ng runs together (A becomes a schwa).
The voices of dev (two accents and eleven variants) are never in train: dev watches voices that were never heard, and
`unheard` measures them on AN4's test sentences.
"""

import argparse
import csv
import io
import random
import subprocess
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import soundfile
import torch
import torchaudio

from features import SAMPLE_RATE
from grammar import sentence
from lexicon import WORDS
from paths import RUNS, an4

ACCENTS = ["en-us", "en-us", "en-us", "en-gb", "en-gb-scotland", "en-gb-x-gbclan", "en-gb-x-rp", "en-us-nyc"]
HELD_ACCENTS = ["en-029", "en-gb-x-gbcwmd"]
VARIANTS = (
    "Alex Alicia Andrea Andy Annie AnxiousAndy Denis Diogo Gene Gene2 Henrique Hugo Jacky Lee Marco Mario Michael Mike "
    "Nguyen RicishayMax RicishayMax2 RicishayMax3 Storm Tweaky UniRobot adam anika announcer antonio aunty belinda "
    "benjamin boris caleb croak david ed edward edward2 f1 f2 f3 f4 f5 grandma grandpa gustave iven iven2 iven3 iven4 "
    "john kaukovalta klatt klatt2 klatt3 klatt4 klatt5 klatt6 linda m1 m2 m3 m4 m5 m6 m7 m8 marcelo max michel miguel "
    "norbert pablo paul pedro quincy rob robert sandro shelby steph steph2 steph3 travis victor whisper whisperf zac"
).split()
HELD_VARIANTS = "f3 m4 m7 Andrea Mike adam belinda klatt4 linda quincy steph2".split()


def voice(rng: random.Random, held: bool) -> str:
    """A voice name, e.g. en-gb+f2; held voices have a held accent or a held variant (half of them both)."""
    free = [v for v in VARIANTS if v not in HELD_VARIANTS]
    if not held:
        return rng.choice(ACCENTS) + rng.choice(["", *("+" + v for v in free)])
    accent, variant = rng.choice(
        [(ACCENTS, HELD_VARIANTS), (HELD_ACCENTS, free), (HELD_ACCENTS, HELD_VARIANTS), (HELD_ACCENTS, HELD_VARIANTS)]
    )
    return f"{rng.choice(accent)}+{rng.choice(variant)}"


def spoken(words: list[str], rng: random.Random) -> str:
    """How the words are written for espeak-ng: plain, or with commas, which make it name letters and pause."""
    kind = rng.random()
    if kind < 0.45:
        return " ".join(words)
    if kind < 0.75:
        return ", ".join(words)
    return " ".join(word + ("," if rng.random() < 0.4 else "") for word in words)


def say(job: dict) -> np.ndarray:
    """int16 samples at 16 kHz of one job (voice, speed, pitch, range, gap, text)."""
    command = ["espeak-ng", "-v", job["voice"], "-s", job["speed"], "-p", job["pitch"], "-g", job["gap"]]
    out = subprocess.run([*map(str, command), "--stdout", job["spoken"]], capture_output=True, check=True).stdout
    samples, rate = soundfile.read(io.BytesIO(out), dtype="float32")
    samples = torchaudio.functional.resample(torch.from_numpy(samples), rate, SAMPLE_RATE).numpy()
    return (samples.clip(-1, 1) * 32767).astype(np.int16)


def jobs(kind: str, count: int, seed: int) -> list[dict]:
    rng = random.Random(f"{seed}-{kind}")
    made = []
    for _ in range(count):
        words = rng.choices(WORDS, k=rng.choice([1, 1, 2])) if kind == "short" else sentence(rng)
        made.append(
            {
                "text": " ".join(words),
                "spoken": " ".join(words) if kind == "plain" else spoken(words, rng),
                "voice": voice(rng, held=kind == "dev"),
                "speed": rng.randint(115, 210),
                "pitch": rng.randint(15, 85),
                "gap": rng.choice([0, 0, 1, 3, 6]),
            }
        )
    return made


def unheard() -> list[dict]:
    """AN4's test sentences in held voices at espeak-ng's own rate and pitch, each without and with commas."""
    voices = [*HELD_ACCENTS, *(f"en-{'us' if i % 2 else 'gb'}+{v}" for i, v in enumerate(HELD_VARIANTS))]
    made = []
    for i, text in enumerate(row["text"] for row in csv.DictReader((an4() / "test.tsv").open(), delimiter="\t")):
        for mark in (" ", ", "):
            job = {"text": text, "spoken": text.replace(" ", mark), "voice": voices[i % len(voices)]}
            made.append({**job, "speed": 175, "pitch": 50, "gap": 0})
    return made


def write(name: str, made: list[dict]) -> None:
    with ThreadPoolExecutor(2) as pool:
        audio = list(pool.map(say, made))
    RUNS.joinpath("synth").mkdir(parents=True, exist_ok=True)
    with open(RUNS / "synth" / f"{name}.npz", "wb") as file:
        np.savez(
            file,
            samples=np.concatenate(audio),
            ends=np.cumsum([len(a) for a in audio]),
            texts=np.array([job["text"] for job in made]),
            voices=np.array([job["voice"] for job in made]),
        )
    seconds = sum(map(len, audio)) / SAMPLE_RATE
    print(f"{name}: {len(audio)} utterances, {seconds / 60:.1f} min, {len({j['voice'] for j in made})} voices")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=3600)
    parser.add_argument("--dev-count", type=int, default=150)
    parser.add_argument("--seed", type=int, default=4)
    args = parser.parse_args()
    torch.set_num_threads(1)
    write("unheard", unheard())
    for kind in ("dev", "short", "train", "plain"):
        write(kind, jobs(kind, args.dev_count if kind == "dev" else args.count, args.seed))


if __name__ == "__main__":
    main()
