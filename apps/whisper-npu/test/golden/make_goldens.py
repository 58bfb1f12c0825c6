"""Writes tokens.json: what transformers' own `generate` makes of speech, without and with time stamps, and its times of the tokens.

    python make_goldens.py DATA TINY_EN BASE

DATA is the folder of recordings (see ../../../../CONTRIBUTING.md), the others are faster-whisper directories. Made with numpy 2.4,
soundfile 0.14, torch 2.11.0, torchaudio 2.11.0 and transformers 5.24.0.
"""

import json
import os
import sys

import soundfile
import torch
import torchaudio.functional
import transformers
from ct2_to_transformers import load
from transformers import WhisperFeatureExtractor

UTTERANCES = 20


def read(path):
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = torch.from_numpy(samples.mean(axis=1))
    return mono if rate == 16000 else torchaudio.functional.resample(mono, rate, 16000)


def main(data, *folders):
    torch.set_num_threads(1)
    extract = WhisperFeatureExtractor(feature_size=80)
    rows = [line.split("\t")[0] for line in open(f"{data}/librispeech/test-other.tsv").read().splitlines()]
    step = len(rows) // UTTERANCES
    names = [f"{row.split('-')[0]}/{row}" for row in rows[:: step][:UTTERANCES]]
    files = ["speech/jfk.flac"] + [f"librispeech/test-other/{name}.flac" for name in names]
    golden = {"versions": {"torch": torch.__version__, "transformers": transformers.__version__}, "models": {}}
    for model_name, folder in zip(("tiny.en", "base"), folders):
        model = load(folder)
        golden["models"][model_name] = results = []
        for file in files:
            samples = read(os.path.join(data, file))
            inputs = extract(samples.numpy(), sampling_rate=16000, return_tensors="pt", return_attention_mask=True)
            entry = {"file": file}
            for timestamps in (False, True):
                options = {"language": "en", "task": "transcribe"} if model.generation_config.is_multilingual else {}
                with torch.no_grad():
                    answer = model.generate(
                        **inputs,
                        return_timestamps=timestamps,
                        return_token_timestamps=True,
                        return_dict_in_generate=True,
                        return_segments=False,
                        do_sample=False,
                        num_beams=1,
                        **options,
                    )
                tokens = answer["sequences"][0].tolist()
                times = [round(float(t), 2) for t in answer["token_timestamps"][0]]
                entry["timestamps" if timestamps else "plain"] = {"tokens": tokens, "times": times}
            results.append(entry)
            print(model_name, file, len(entry["plain"]["tokens"]), flush=True)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "tokens.json"), "w") as out:
        body = json.dumps(golden, separators=(",", ":"))
        out.write(body.replace('{"file"', '\n{"file"') + "\n")


main(*sys.argv[1:])
