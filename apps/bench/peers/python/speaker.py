"""Speaker encoders and SincNet's layer in Python, and a plain search of a gallery."""

from importlib.metadata import version

import numpy as np

from peers import batch, peer, samples, torch_with

# Resemblyzer hears windows of 1.6 s; these are its own defaults.
RESEMBLYZER_RATE, RESEMBLYZER_COVERAGE = 1.3, 0.75


def onnx_constants(graph, torch):
    """The graph's weights in float32: the casts from half precision are done once."""
    from onnx import numpy_helper

    known = {}
    for one in graph.initializer:
        array = numpy_helper.to_array(one)
        known[one.name] = torch.from_numpy(array.astype("float32" if array.dtype.kind == "f" else "int64"))
    for node in graph.node:
        if node.op_type == "Cast" and node.input[0] in known:
            known[node.output[0]] = known[node.input[0]]
    return known


def onnx_steps(graph, constants, torch):
    """The graph's nodes as calls of PyTorch, in order: what a module with these weights computes in eager mode."""
    from onnx import helper

    functional = torch.nn.functional
    axes = lambda attributes, axis: [int(a) for a in (attributes.get("axes") if axis is None else axis)]  # noqa: E731

    def conv(x, weight, bias, group, pads):
        return functional.conv2d(x, weight, bias, padding=pads[:2], groups=group)

    def reduced(function):
        return lambda x, axis=None, keepdims=1, **rest: function(x, axes(rest, axis), bool(keepdims))

    def cut(x, start, end, axis):
        return x.narrow(int(axis), int(start), int(end) - int(start))

    calls = {
        "Add": torch.add,
        "Concat": lambda *all, axis: torch.cat(all, axis),
        "Conv": conv,
        "Exp": torch.exp,
        "Gemm": lambda x, weight, bias, **_: functional.linear(x, weight, bias),
        "LeakyRelu": lambda x, alpha: functional.leaky_relu(x, alpha),
        "Max": torch.maximum,
        "MaxPool": lambda x, kernel_shape, strides: functional.max_pool2d(x, kernel_shape, strides),
        "Mul": torch.mul,
        "ReduceMax": reduced(torch.amax),
        "ReduceMean": reduced(torch.mean),
        "ReduceSum": reduced(torch.sum),
        "Relu": torch.relu,
        "Slice": cut,
        "Squeeze": lambda x, axis: x.squeeze(axis.tolist()),
        "Sub": torch.sub,
        "Tanh": torch.tanh,
        "Unsqueeze": lambda x, axis: x.unsqueeze(int(axis)),
    }
    steps = []
    for node in graph.node:
        if node.op_type == "Cast" and node.output[0] in constants:
            continue
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        steps.append((calls[node.op_type], list(node.input), node.output[0], attributes))
    return steps


def onnx_module(path, torch):
    import onnx

    graph = onnx.load(path).graph
    constants = onnx_constants(graph, torch)
    steps = onnx_steps(graph, constants, torch)

    def run(**inputs):
        values = {**constants, **inputs}
        for call, names, output, attributes in steps:
            values[output] = call(*[values[name] for name in names], **attributes)
        return {out.name: values[out.name] for out in graph.output}

    return run


@peer("speaker:pytorch")
def speaker_pytorch(params, threads):
    torch = torch_with(threads)
    import torch.nn.functional as functional

    x = torch.from_numpy(batch(params))[:, None]
    filters = torch.from_numpy(np.fromfile(params["filters"], dtype="float32").reshape(-1, 1, params["taps"]))
    frames, head = (onnx_module(params[name], torch) for name in ("frames", "head"))

    def work():
        with torch.inference_mode():
            y = functional.conv1d(x, filters, stride=params["hop"])
            a, b = y.chunk(2, dim=1)
            features = torch.log(a * a + b * b + params["floor"])
            start, end = torch.tensor([0]), torch.tensor([features.shape[2] // 3 // 3])
            pooled = frames(features=features, start=start, end=end)
            mean = pooled["first"] / pooled["weight"]
            variance = pooled["second"] / pooled["weight"] - mean * mean
            made = head(mean=mean, deviation=variance.clamp_min(1e-6).sqrt())["embedding"]
            return functional.normalize(made)

    return version("torch"), work, lambda value: value.numpy()


@peer("speaker:resemblyzer")
def speaker_resemblyzer(params, threads):
    torch = torch_with(threads)
    from resemblyzer import VoiceEncoder, audio

    encoder = VoiceEncoder("cpu", verbose=False)
    recordings = batch(params)
    slices = encoder.compute_partial_slices(params["length"], RESEMBLYZER_RATE, RESEMBLYZER_COVERAGE)

    def work():
        mels = []
        for wav in recordings:
            padded = np.pad(wav, (0, max(0, slices[0][-1].stop - len(wav))))
            mel = audio.wav_to_mel_spectrogram(padded)
            mels.extend(mel[part] for part in slices[1])
        with torch.no_grad():
            parts = encoder(torch.from_numpy(np.array(mels)))
        made = parts.reshape(len(recordings), len(slices[1]), -1).mean(dim=1)
        return torch.nn.functional.normalize(made)

    return version("Resemblyzer"), work, lambda value: value.numpy()


@peer("speaker:ecapa")
def speaker_ecapa(params, threads):
    torch = torch_with(threads)
    from speechbrain.lobes.features import Fbank
    from speechbrain.lobes.models.ECAPA_TDNN import ECAPA_TDNN

    torch.manual_seed(0)
    model = ECAPA_TDNN(80, channels=[1024, 1024, 1024, 1024, 3072], lin_neurons=192).eval()
    fbank = Fbank(n_mels=80)
    x = torch.from_numpy(batch(params))

    def work():
        with torch.inference_mode():
            return model(fbank(x))[:, 0]

    return version("speechbrain"), work, lambda value: value.numpy()


@peer("sinc:conv1d")
def sinc_conv1d(params, threads):
    torch = torch_with(threads)
    x = torch.from_numpy(batch(params))[:, None]
    filters = torch.from_numpy(np.fromfile(params["filters"], dtype="float32").reshape(-1, 1, params["taps"]))

    def work():
        with torch.inference_mode():
            return torch.nn.functional.conv1d(x, filters, stride=params["hop"])

    return version("torch"), work, lambda value: value.numpy()


@peer("sinc:speechbrain")
def sinc_speechbrain(params, threads):
    torch = torch_with(threads)
    from speechbrain.nnet.CNN import SincConv

    # its frames are `[batch, frames, filters]`
    layer = SincConv(80, params["taps"], in_channels=1, stride=params["hop"], padding="valid", sample_rate=16000)
    x = torch.from_numpy(batch(params))[:, :, None]

    def work():
        with torch.inference_mode():
            return layer(x)

    return version("speechbrain"), work, lambda value: value.numpy().transpose(0, 2, 1)


@peer("gallery:numpy")
def gallery_numpy(params, threads):
    gallery = samples({"samples": params["gallery"]}).reshape(-1, params["width"])
    queries = samples({"samples": params["queries"]}).reshape(-1, params["width"])
    k = params["k"]

    def work():
        scores = queries @ gallery.T
        best = np.argpartition(scores, -k, axis=1)[:, -k:]
        return np.sort(np.take_along_axis(scores, best, axis=1), axis=1)[:, ::-1]

    return version("numpy"), work, lambda value: value
