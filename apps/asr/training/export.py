"""Exports the averaged weights (soup.py) as ONNX in sherpa-onnx's layout of icefall offline transducers.

    python export.py [--name an4] [--out ../models/an4] [--type float16|float32|int8]

Writes encoder.onnx, decoder.onnx, joiner.onnx, tokens.txt, config.json and dsp.json, the model's passport. `float16`
keeps the arithmetic in float32 and stores the large weights in half the bytes (a Cast in front of each, folded when the
model is loaded); `int8` is ONNX Runtime's dynamic quantization.
"""

import argparse
import json
import shutil
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

import passport
import soup
from data import Batches, Utterance, at_speeds, plain_batches, synthesized, train_and_dev
from decode import transducer_greedy
from features import BINS, SAMPLE_RATE
from lexicon import TOKENS, write_tokens
from model import Decoder, Joiner, Transducer
from paths import HERE, RUNS
from shift import choose, lowered

MODEL = HERE.parent / "models" / "an4"
# The names of the project's own fbank options; the encoder's metadata repeats the ones that a reader checks.
FEATURES = {
    "preset": "sherpa-onnx",
    "numMelBins": 80,
    "lowFreq": 20,
    "highFreq": -400,
    "windowType": "povey",
    "snipEdges": False,
    "dither": 0,
    "frameShift": 10,
    "frameLength": 25,
    "preemphasisCoefficient": 0.97,
    "removeDcOffset": True,
    "roundToPowerOfTwo": True,
    "usePower": True,
    "useLogFbank": True,
    "useEnergy": False,
}
OPSET = 17


class OneStep(torch.nn.Module):
    """The decoder with `[N, context] -> [N, dim]`."""

    def __init__(self, decoder: Decoder):
        super().__init__()
        self.decoder = decoder

    def forward(self, y: torch.Tensor) -> torch.Tensor:
        return self.decoder(y).squeeze(1)


def config_of(model: Transducer) -> dict:
    return {
        "modelType": "transducer",
        "sampleRate": 16000,
        "features": FEATURES,
        "normalize": "none",
        "vocabSize": model.config.vocab_size,
        "contextSize": model.config.context_size,
        "blankId": 0,
        "subsamplingFactor": 4,
        "maxSeconds": 20,
    }


def _metadata(model: Transducer) -> dict[str, dict]:
    config = model.config
    features = {f"feature.{k}": v if isinstance(v, str) else json.dumps(v) for k, v in FEATURES.items()}
    encoder = {
        "model_type": "conformer",
        "version": "1",
        "model_author": "@dsp",
        "comment": "AN4: spelled letters, digits, numbers, dates, commands",
        "sample_rate": 16000,
        "feat_dim": 80,
        "low_freq": 20,
        "high_freq": -400,
        "window_type": "povey",
        "subsampling_factor": 4,
        "frame_shift": 10,
        "normalize_type": "none",
        **features,
    }
    decoder = {"context_size": config.context_size, "vocab_size": config.vocab_size, "blank_id": 0}
    return {"encoder": encoder, "decoder": decoder, "joiner": {"joiner_dim": config.joiner_dim}}


def _trace(model: Transducer, folder: Path) -> None:
    # Odd sizes, so that no length is taken for a constant.
    x, x_lens = torch.randn(2, 101, 80), torch.tensor([101, 77])
    y = torch.zeros(2, model.config.context_size, dtype=torch.int64)
    hidden = torch.randn(2, model.config.joiner_dim)
    joiner: Joiner = model.joiner
    parts = {
        "encoder": (
            model.encoder,
            (x, x_lens),
            ["x", "x_lens"],
            ["encoder_out", "encoder_out_lens"],
            {"x": {0: "N", 1: "T"}, "x_lens": {0: "N"}, "encoder_out": {0: "N", 1: "T"}, "encoder_out_lens": {0: "N"}},
        ),
        "decoder": (OneStep(model.decoder), (y,), ["y"], ["decoder_out"], {"y": {0: "N"}, "decoder_out": {0: "N"}}),
        "joiner": (
            joiner,
            (hidden, hidden),
            ["encoder_out", "decoder_out"],
            ["logit"],
            {"encoder_out": {0: "N"}, "decoder_out": {0: "N"}, "logit": {0: "N"}},
        ),
    }
    for name, (part, inputs, names, outputs, axes) in parts.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the tracer's own deprecation notes
            torch.onnx.export(
                part.eval(),
                inputs,
                str(folder / f"{name}.onnx"),
                input_names=names,
                output_names=outputs,
                dynamic_axes=axes,
                opset_version=OPSET,
                dynamo=False,
            )


def store_half(model: onnx.ModelProto, smallest: int = 256) -> None:
    """Stores float32 weights as float16 with a Cast to float32 behind each; the arithmetic stays float32."""
    graph = model.graph
    casts = []
    for tensor in graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or np.prod(tensor.dims) < smallest:
            continue
        half = numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float16), tensor.name + "_half")
        casts.append(helper.make_node("Cast", [half.name], [tensor.name], to=TensorProto.FLOAT))
        tensor.CopyFrom(half)
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)


def export(model: Transducer, out: Path, kind: str = "float16") -> None:
    """Writes the whole model directory except its card."""
    metadata = _metadata(model)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _trace(model, folder)
        for name, entries in metadata.items():
            path = folder / f"{name}.onnx"
            if kind == "int8":
                from onnxruntime.quantization import QuantType, quantize_dynamic

                quantize_dynamic(
                    path, path, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul", "Gemm"]
                )
            proto = onnx.load(path)
            if kind == "float16":
                store_half(proto)
            helper.set_model_props(proto, {k: str(v) for k, v in entries.items()})
            onnx.checker.check_model(proto)
            onnx.save(proto, path)
        write_tokens(folder / "tokens.txt")
        text = json.dumps(config_of(model), indent=2) + "\n"
        (folder / "config.json").write_text(text, encoding="utf-8")
        out.mkdir(parents=True, exist_ok=True)
        for path in folder.iterdir():
            shutil.copyfile(path, out / path.name)


def passport_of(model: Transducer, batches: Batches, plain: list[Utterance]) -> dict:
    """The model's passport: one epoch of the features it was trained on, augmented as they were halfway, and the blanks
    on the recordings as they are."""
    statistics = passport.Statistics(BINS)
    batches.augment.strength = 0.8
    for batch in batches.epoch():
        for features, length in zip(batch["x"], batch["x_lens"].tolist(), strict=True):
            statistics.add(features[:length].numpy())
    for _, batch in plain_batches(plain):
        texts, _ = transducer_greedy(model, batch["x"], batch["x_lens"])
        for text, frames in zip(texts, batch["x_lens"].tolist(), strict=True):
            outputs = -(-frames // 4)
            statistics.add_outputs(outputs - len(text.split()), outputs)  # a token is a word
    options = FEATURES | {"sampleFrequency": SAMPLE_RATE}
    return statistics.passport(SAMPLE_RATE, {"kind": "fbank", "options": options})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--name", default="an4")
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--type", choices=["float16", "float32", "int8"], default="float16")
    parser.add_argument("--blank-shift", type=float, help="lower the blank logit by this (default: chosen, shift.py)")
    args = parser.parse_args()
    torch.set_num_threads(1)
    held_out = [train_and_dev()[1], synthesized("dev")]
    model = soup.choose(RUNS / args.name, held_out)
    shift = choose(model, held_out) if args.blank_shift is None else args.blank_shift
    print(f"blank lowered by {shift}")
    model = lowered(model, shift)
    assert model.config.vocab_size == len(TOKENS)
    export(model, args.out, args.type)
    real = train_and_dev()[0]
    at_speeds(real)
    synth = {name: synthesized(name) for name in ("train", "plain", "short")}
    passport.write(args.out, passport_of(model, Batches(real, synth, seed=1, seconds=50, share=0.5), real))
    for path in sorted(args.out.iterdir()):
        print(f"{path.stat().st_size:9d}  {path.name}")


if __name__ == "__main__":
    main()
