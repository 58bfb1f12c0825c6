"""Writes an4.json: what sherpa-onnx answers with the shipped model (../../models/an4) on the demo clips and on AN4's test
set (../shared/data/an4 beside the repository). Run it again after every training.

    python make_an4.py      (soundfile, sherpa-onnx)
"""

import importlib.metadata
import json
from pathlib import Path

import sherpa_onnx
import soundfile

HERE = Path(__file__).parent
ASR = HERE.parent.parent
MODEL, DEMO, TEST = ASR / "models" / "an4", ASR / "demo", ASR.parent.parent.parent / "shared" / "data" / "an4" / "test"


def main():
    parts = {part: str(MODEL / f"{part}.onnx") for part in ["encoder", "decoder", "joiner"]}
    model = sherpa_onnx.OfflineRecognizer.from_transducer(**parts, tokens=str(MODEL / "tokens.txt"))
    answers = {}
    for path in [*sorted(DEMO.glob("*.wav")), *sorted(TEST.glob("*/*.flac"))]:
        samples, rate = soundfile.read(path, dtype="float32")
        stream = model.create_stream()
        stream.accept_waveform(rate, samples)
        model.decode_stream(stream)
        result = stream.result
        answers[path.name] = {
            "text": result.text.strip(),
            "timestamps": [round(t, 3) for t in result.timestamps],
            "logProbs": [round(p, 4) for p in result.ys_log_probs],
        }
    version = importlib.metadata.version("sherpa-onnx")
    lines = ",\n".join(f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in answers.items())
    (HERE / "an4.json").write_text(f'{{"sherpa-onnx":"{version}","answers":{{\n{lines}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
