"""The two ONNX graphs of a folded encoder, node by node: weights in half precision, arithmetic in float32.

`frames.onnx` makes four sums over the tokens of one stretch of features, which a caller adds up over stretches;
`head.onnx` makes the embedding from the mean and deviation that follow from the sums.
"""

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from fold import identity_weight, scale_offset
from model import SLOPE, Encoder, Mixer

OPSET = 17
FLOAT, INTEGER = TensorProto.FLOAT, TensorProto.INT64


class Graph:
    def __init__(self) -> None:
        self.nodes: list = []
        self.weights: list = []
        self.count = 0

    def weight(self, value: torch.Tensor | np.ndarray) -> str:
        """A float16 initialiser and the cast to float32 after it."""
        array = np.asarray(value.detach().cpu() if isinstance(value, torch.Tensor) else value)
        name = self._name("w")
        self.weights.append(numpy_helper.from_array(array.astype(np.float16), name))
        return self.node("Cast", [name], to=FLOAT)

    def constant(self, value: np.ndarray) -> str:
        name = self._name("c")
        self.weights.append(numpy_helper.from_array(value, name))
        return name

    def node(self, kind: str, inputs: list[str], output: str | None = None, **attributes) -> str:
        output = output or self._name(kind.lower())
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def conv(self, x: str, weight: torch.Tensor, bias: torch.Tensor, groups: int = 1) -> str:
        pad = weight.shape[2] // 2
        inputs = [x, self.weight(weight[:, :, None]), self.weight(bias)]
        return self.node("Conv", inputs, pads=[0, pad, 0, pad], group=groups)

    def affine(self, x: str, norm: torch.nn.BatchNorm1d) -> str:
        scale, offset = scale_offset(norm)
        x = self.node("Mul", [x, self.weight(scale[:, None, None])])
        return self.node("Add", [x, self.weight(offset[:, None, None])])

    def cut(self, x: str, axis: int, low: str, high: str) -> str:
        return self.node("Slice", [x, low, high, self.constant(np.array([axis]))])

    def model(self, name: str, inputs: list, outputs: list, note: str) -> onnx.ModelProto:
        graph = helper.make_graph(self.nodes, name, inputs, outputs, self.weights)
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="@dsp/speaker-verification"
        )
        model.ir_version = 8
        model.doc_string = note
        onnx.checker.check_model(model, full_check=True)
        return model

    def _name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"


def mixer(graph: Graph, x: str, block: Mixer) -> str:
    width = block.identity.weight.shape[0]
    x = graph.conv(x, identity_weight(block.identity), block.identity.bias)
    normed = graph.affine(x, block.token_norm)
    pair = [graph.conv(normed, block.tokens.weight[i::2], block.tokens.bias[i::2], groups=width) for i in (0, 1)]
    mixed = graph.node("Max", pair)
    x = graph.node("Add", [x, mixed])
    hidden = block.narrow.weight.shape[1]
    weight, bias = block.widen.weight, block.widen.bias
    pair = [graph.conv(x, weight[part], bias[part]) for part in (slice(None, hidden), slice(hidden, None))]
    parts = graph.node("Max", pair)
    return graph.node("Add", [x, graph.conv(parts, block.narrow.weight, block.narrow.bias)])


@torch.no_grad()
def frames_model(encoder: Encoder) -> onnx.ModelProto:
    graph, trunk, pooling = Graph(), encoder.trunk, encoder.pooling
    # As pictures of height 1: ONNX Runtime has blocked kernels for those only, and one-dimensional convolutions take 1.6 times
    # as long.
    x = graph.node("Unsqueeze", ["features", graph.constant(np.array([2]))])
    if trunk.logarithmic:
        x = graph.node("Sub", [x, graph.node("ReduceMean", [x], axes=[1], keepdims=1)])
    else:
        power = graph.node("ReduceMean", [graph.node("Mul", [x, x])], axes=[1], keepdims=1)
        level = graph.node("Sqrt", [graph.node("Add", [power, graph.constant(np.array(1e-9, np.float32))])])
        x = graph.node("Div", [x, level])
    x = graph.affine(x, trunk.norm)
    for conv in (trunk.first, trunk.second):
        x = graph.node("LeakyRelu", [graph.conv(x, conv.weight, conv.bias)], alpha=SLOPE)
        x = graph.node("MaxPool", [x], kernel_shape=[1, 3], strides=[1, 3])
    x = graph.conv(x, trunk.project.weight, trunk.project.bias)
    for block in trunk.blocks:
        x = mixer(graph, x, block)
    x = graph.cut(x, 3, "start", "end")
    values = graph.node("Relu", [graph.conv(x, pooling.widen.weight, pooling.widen.bias)])
    inner = graph.node("Tanh", [graph.conv(values, pooling.reduce.weight, pooling.reduce.bias)])
    logits = graph.conv(inner, pooling.expand.weight, pooling.expand.bias)
    high = graph.node("ReduceMax", [logits], axes=[2, 3], keepdims=1)
    graph.node("Squeeze", [high, graph.constant(np.array([2, 3]))], "peak")
    weights = graph.node("Exp", [graph.node("Sub", [logits, high])])
    time = graph.constant(np.array([2, 3]))
    total = lambda value, name: graph.node("ReduceSum", [value, time], name, keepdims=0)  # noqa: E731
    total(weights, "weight")
    first = graph.node("Mul", [weights, values])
    total(first, "first")
    total(graph.node("Mul", [first, values]), "second")
    inputs = [helper.make_tensor_value_info("features", FLOAT, ["batch", 80, "frames"])]
    inputs += [helper.make_tensor_value_info(name, INTEGER, [1]) for name in ("start", "end")]
    channels = pooling.norm.num_features
    names = ("peak", "weight", "first", "second")
    outputs = [helper.make_tensor_value_info(name, FLOAT, ["batch", channels]) for name in names]
    return graph.model("frames", inputs, outputs, "attention sums over the tokens start to end of features")


@torch.no_grad()
def head_model(encoder: Encoder) -> onnx.ModelProto:
    graph = Graph()
    joined = graph.node("Concat", ["mean", "deviation"], axis=1)
    graph.node(
        "Gemm", [joined, graph.weight(encoder.head.weight), graph.weight(encoder.head.bias)], "embedding", transB=1
    )
    channels = encoder.pooling.norm.num_features
    inputs = [helper.make_tensor_value_info(name, FLOAT, ["batch", channels]) for name in ("mean", "deviation")]
    outputs = [helper.make_tensor_value_info("embedding", FLOAT, ["batch", encoder.head.out_features])]
    return graph.model("head", inputs, outputs, "the embedding from an attentive mean and deviation")
