"""Writes a small speaker encoder of the shipped one's form, with random weights, into model/ beside itself.

Needs numpy 2.4.6 and onnx 1.23.2; the versions that ran are in the description. It embeds nothing useful: tests of chunks, streams and
damaged files use it because it is small.
"""

import hashlib
import json
import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).parent / "model"
RANDOM = np.random.default_rng(7)
CHANNELS, EMBEDDING = 8, 16


def weights(name, *shape):
    values = RANDOM.standard_normal(shape) / np.sqrt(np.prod(shape[1:]))
    return numpy_helper.from_array(values.astype(np.float32), name)


def number(name, values, kind=np.int64):
    return numpy_helper.from_array(np.array(values, kind), name)


def save(name, nodes, inputs, outputs, initializers):
    value = lambda at: helper.make_tensor_value_info(*at)
    graph = helper.make_graph(nodes, name, [value(x) for x in inputs], [value(x) for x in outputs], initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    (HERE / f"{name}.onnx").write_bytes(model.SerializeToString())


node = helper.make_node
FLOAT, INT = TensorProto.FLOAT, TensorProto.INT64
frames = [
    node("Conv", ["features", "w1"], ["c1"], pads=[2, 2]),
    node("LeakyRelu", ["c1"], ["r1"], alpha=0.2),
    node("MaxPool", ["r1"], ["p1"], kernel_shape=[3], strides=[3]),
    node("Conv", ["p1", "w2"], ["c2"], pads=[2, 2]),
    node("LeakyRelu", ["c2"], ["r2"], alpha=0.2),
    node("MaxPool", ["r2"], ["p2"], kernel_shape=[3], strides=[3]),
    node("Conv", ["p2", "w3"], ["x"], pads=[5, 5], group=CHANNELS),
    node("Conv", ["x", "w4"], ["logits"]),
    node("Shape", ["x"], ["tokens"], start=2, end=3),
    node("Squeeze", ["tokens"], ["count"]),
    node("Range", ["zero", "count", "one"], ["positions"]),
    node("Less", ["positions", "start"], ["before"]),
    node("Less", ["positions", "end"], ["until"]),
    node("Not", ["before"], ["from"]),
    node("And", ["from", "until"], ["counts"]),
    node("Where", ["counts", "logits", "lowest"], ["masked"]),
    node("ReduceMax", ["masked"], ["top"], axes=[2], keepdims=1),
    node("Sub", ["masked", "top"], ["below"]),
    node("Exp", ["below"], ["e"]),
    node("Mul", ["e", "x"], ["ex"]),
    node("Mul", ["ex", "x"], ["exx"]),
    node("Squeeze", ["top", "axis"], ["peak"]),
    node("ReduceSum", ["e", "axis"], ["weight"], keepdims=0),
    node("ReduceSum", ["ex", "axis"], ["first"], keepdims=0),
    node("ReduceSum", ["exx", "axis"], ["second"], keepdims=0),
]
initializers = [
    weights("w1", CHANNELS, 80, 5),
    weights("w2", CHANNELS, CHANNELS, 5),
    weights("w3", CHANNELS, 1, 11),
    weights("w4", CHANNELS, CHANNELS, 1),
    number("zero", 0),
    number("one", 1),
    number("axis", [2]),
    number("lowest", -1e30, np.float32),
]
rows = ["batch", CHANNELS]
sums = [(name, FLOAT, rows) for name in ("peak", "weight", "first", "second")]
inputs = [("features", FLOAT, ["batch", 80, "frames"]), ("start", INT, [1]), ("end", INT, [1])]
HERE.mkdir(exist_ok=True)
save("frames", frames, inputs, sums, initializers)
head = [
    node("Concat", ["mean", "deviation"], ["both"], axis=1),
    node("MatMul", ["both", "w"], ["embedding"]),
]
inputs = [("mean", FLOAT, rows), ("deviation", FLOAT, rows)]
save("head", head, inputs, [("embedding", FLOAT, ["batch", EMBEDDING])], [weights("w", 2 * CHANNELS, EMBEDDING)])

mel = np.linspace(*(2595 * np.log10(1 + np.array([30, 7900]) / 700)), 81)
hertz = 700 * (10 ** (mel / 2595) - 1)
low, band = hertz[:-1].round(3).tolist(), np.diff(hertz).round(3).tolist()
description = {
    "format": 1,
    "name": "small",
    "kind": "raw-pairs",
    "sampleRate": 16000,
    "taps": 251,
    "hop": 160,
    "low": low,
    "band": band,
    "initialLow": low,
    "initialBand": band,
    "channels": CHANNELS,
    "embedding": EMBEDDING,
    "contextFrames": 63,
    "framesPerToken": 9,
    "minimumFrames": 9,
    "repeatSamples": 8000,
    "threshold": 0.5,
    "calibration": {"scale": 10, "offset": -5},
    "parameters": int(sum(np.prod(w.dims) for w in initializers)),
    "trained": f"not at all (numpy {np.__version__}, onnx {onnx.__version__})",
    "sha256": {
        name: hashlib.sha256((HERE / name).read_bytes()).hexdigest() for name in ("frames.onnx", "head.onnx")
    },
}
(HERE / "speaker-encoder.json").write_text(json.dumps(description, indent=1) + "\n")
