"""Writes the tiny random models beside this script, one directory per model type of sherpa-onnx, and what sherpa-onnx
itself answers when it runs them on the demo clips.

    python make_models.py      (numpy, onnx, soundfile, sherpa-onnx, kaldi-native-fbank)

The weights mean nothing: they are scaled so that tokens and blanks both come often. `golden.json` holds, for every
model and clip, sherpa-onnx's token texts, times, log probabilities and durations; `features.npz` the log-mel features
that sherpa-onnx computes inside, of the last clip.
"""

import importlib.metadata
import json
import math
from pathlib import Path

import kaldi_native_fbank as knf
import numpy as np
import onnx
import sherpa_onnx
import soundfile
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).parent
DEMO = HERE.parent.parent / "demo"
CLIPS = ["enter-six-two-four.wav", "march-third.wav", "help.wav"]
FLOAT, INT32, INT64 = TensorProto.FLOAT, TensorProto.INT32, TensorProto.INT64
MELS, DIM, HIDDEN = 80, 16, 12
BLANK_PENALTY = 1.5
PIECES = ["▁A", "▁BE", "T", "ER", "▁", "O", "▁ÉT", "S", "ING", "▁THE", "N", "▁'S"]


class Graph:
    """A graph under construction: nodes and constants with generated names."""

    def __init__(self, seed):
        self.random, self.nodes, self.constants, self.count = np.random.default_rng(seed), [], [], 0

    def const(self, array):
        self.count += 1
        self.constants.append(numpy_helper.from_array(np.asarray(array), f"c{self.count}"))
        return f"c{self.count}"

    def weight(self, *shape, scale=1.0):
        return self.const((self.random.standard_normal(shape) * scale).astype(np.float32))

    def add(self, op, *inputs, out=None, outs=1, **attributes):
        self.count += 1
        names = out if isinstance(out, list) else [out or f"n{self.count}"] if outs == 1 else out
        self.nodes.append(helper.make_node(op, list(inputs), names, **attributes))
        return names[0]

    def save(self, path, inputs, outputs, meta):
        value = helper.make_tensor_value_info
        graph = helper.make_graph(
            self.nodes, path.stem, [value(*i) for i in inputs], [value(*o) for o in outputs], self.constants
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        helper.set_model_props(model, {key: str(v) for key, v in meta.items()})
        onnx.checker.check_model(model)
        path.parent.mkdir(exist_ok=True)
        onnx.save(model, path)


def quarter(graph, x, axis):
    """Every fourth frame, after a smooth over four neighbours so that each frame counts."""
    return graph.add(
        "Slice", x, graph.const(np.int64([0])), graph.const(np.int64([2**31])), graph.const(np.int64([axis])),
        graph.const(np.int64([4])),
    )  # fmt: skip


def quarter_length(graph, lengths, out):
    plus = graph.add("Add", lengths, graph.const(np.int64(3)))
    return graph.add("Div", plus, graph.const(np.int64(4)), out=out)


def hidden_states(graph, x, dim, gain, shift):
    """`[N, T, MELS]` -> `[N, T / 4, dim]`."""
    x = quarter(graph, x, 1)
    x = graph.add("Mul", graph.add("Add", x, graph.const(np.float32(shift))), graph.const(np.float32(gain)))
    return graph.add("Tanh", graph.add("MatMul", x, graph.weight(MELS, dim, scale=MELS**-0.5)))


def tokens(path, names):
    path.write_text("".join(f"{name} {i}\n" for i, name in enumerate(names)), encoding="utf-8")


def icefall_transducer(directory):
    names = ["<blk>", "<unk>", *PIECES]
    vocab = len(names)
    g = Graph(1)
    g.add("Identity", hidden_states(g, "x", DIM, 0.35, 11.0), out="encoder_out")
    quarter_length(g, "x_lens", "encoder_out_lens")
    g.save(
        directory / "encoder-epoch-9-avg-1.onnx",
        [("x", FLOAT, ["N", "T", MELS]), ("x_lens", INT64, ["N"])],
        [("encoder_out", FLOAT, ["N", "T_out", DIM]), ("encoder_out_lens", INT64, ["N"])],
        {"model_type": "zipformer2", "version": 1, "feat_dim": MELS},
    )
    g = Graph(2)
    clipped = g.add("Max", "y", g.const(np.int64(0)))
    table = g.const((g.random.standard_normal((vocab, DIM)) * 1.2).astype(np.float32))
    real = g.add("Cast", g.add("GreaterOrEqual", "y", g.const(np.int64(0))), to=FLOAT)
    embedded = g.add("Mul", g.add("Gather", table, clipped), g.add("Unsqueeze", real, g.const(np.int64([2]))))
    flat = g.add("Reshape", embedded, g.const(np.int64([-1, 2 * DIM])))
    g.add("MatMul", flat, g.weight(2 * DIM, DIM, scale=0.3), out="decoder_out")
    g.save(
        directory / "decoder-epoch-9-avg-1.onnx",
        [("y", INT64, ["N", 2])],
        [("decoder_out", FLOAT, ["N", DIM])],
        {"context_size": 2, "vocab_size": vocab},
    )
    g = Graph(3)
    both = g.add("Tanh", g.add("Add", "encoder_out", "decoder_out"))
    bias = np.zeros(vocab, np.float32)
    bias[0] = 1.2
    g.add("Add", g.add("MatMul", both, g.weight(DIM, vocab)), g.const(bias), out="logit")
    g.save(
        directory / "joiner-epoch-9-avg-1.onnx",
        [("encoder_out", FLOAT, ["N", DIM]), ("decoder_out", FLOAT, ["N", DIM])],
        [("logit", FLOAT, ["N", vocab])],
        {"joiner_dim": DIM},
    )
    tokens(directory / "tokens.txt", names)


def nemo_transducer(directory, durations):
    names = ["<unk>", *PIECES, "<blk>"]
    vocab = len(names) - 1
    outputs = vocab + 1 + durations
    meta = {
        "model_type": "EncDecRNNTBPEModel", "vocab_size": vocab, "subsampling_factor": 4, "feat_dim": MELS,
        "normalize_type": "per_feature", "pred_rnn_layers": 2, "pred_hidden": HIDDEN,
        "url": "tiny-tdt" if durations else "tiny",
    }  # fmt: skip
    g = Graph(11 + durations)
    x = g.add("Transpose", "audio_signal", perm=[0, 2, 1])
    g.add("Transpose", hidden_states(g, x, DIM, 1.0, 0.0), perm=[0, 2, 1], out="outputs")
    quarter_length(g, "length", "encoded_lengths")
    g.save(
        directory / "encoder.onnx",
        [("audio_signal", FLOAT, ["B", MELS, "T"]), ("length", INT64, ["B"])],
        [("outputs", FLOAT, ["B", DIM, "T_out"]), ("encoded_lengths", INT64, ["B"])],
        meta,
    )
    g = Graph(12)
    table = g.const((g.random.standard_normal((vocab + 1, HIDDEN))).astype(np.float32))
    steps = g.add("Transpose", g.add("Gather", table, "targets"), perm=[1, 0, 2])
    states = []
    for layer in range(2):
        start, end = g.const(np.int64([layer])), g.const(np.int64([layer + 1]))
        h, c = (g.add("Slice", s, start, end, g.const(np.int64([0]))) for s in ["states.1", "onnx::Slice_3"])
        w, r = g.weight(1, 4 * HIDDEN, HIDDEN, scale=0.6), g.weight(1, 4 * HIDDEN, HIDDEN, scale=0.6)
        y, h, c = f"y{layer}", f"h{layer}", f"c_{layer}"
        g.add(
            "LSTM", steps, w, r, "", "", *(g.nodes[-2].output[0], g.nodes[-1].output[0]), out=[y, h, c],
            hidden_size=HIDDEN,
        )  # fmt: skip
        steps = g.add("Squeeze", y, g.const(np.int64([1])))
        states.append((h, c))
    g.add("Concat", *(h for h, _ in states), axis=0, out="states")
    g.add("Concat", *(c for _, c in states), axis=0, out="162")
    g.add("Transpose", steps, perm=[1, 2, 0], out="outputs")
    g.add("Identity", "target_length", out="prednet_lengths")
    state = ["layers", "B", HIDDEN]
    g.save(
        directory / "decoder.onnx",
        [("targets", INT32, ["B", "U"]), ("target_length", INT32, ["B"]), ("states.1", FLOAT, state),
         ("onnx::Slice_3", FLOAT, state)],
        [("outputs", FLOAT, ["B", HIDDEN, "U"]), ("prednet_lengths", INT32, ["B"]), ("states", FLOAT, state),
         ("162", FLOAT, state)],
        {},
    )  # fmt: skip
    g = Graph(17)
    enc = g.add("MatMul", g.add("Transpose", "encoder_outputs", perm=[0, 2, 1]), g.weight(DIM, DIM, scale=1.0))
    dec = g.add("MatMul", g.add("Transpose", "decoder_outputs", perm=[0, 2, 1]), g.weight(HIDDEN, DIM, scale=0.9 if durations else 1.2))
    enc, dec = g.add("Unsqueeze", enc, g.const(np.int64([2]))), g.add("Unsqueeze", dec, g.const(np.int64([1])))
    both = g.add("Tanh", g.add("Add", enc, dec))
    bias = np.zeros(outputs, np.float32)
    bias[vocab] = 3.0 if durations else 7.0
    g.add("Add", g.add("MatMul", both, g.weight(DIM, outputs)), g.const(bias), out="outputs")
    g.save(
        directory / "joiner.onnx",
        [("encoder_outputs", FLOAT, ["B", DIM, "T"]), ("decoder_outputs", FLOAT, ["B", HIDDEN, "U"])],
        [("outputs", FLOAT, ["B", "T", "U", outputs])],
        {},
    )
    tokens(directory / "tokens.txt", names)


def ctc(directory, kind):
    """NeMo's CTC (time last, blank last) and icefall's zipformer2_ctc (blank first)."""
    nemo = kind == "EncDecCTCModelBPE"
    names = ["<unk>", *PIECES, "<blk>"] if nemo else ["<blk>", "<sos/eos>", "<unk>", *PIECES]
    vocab = len(names)
    g = Graph(21 if nemo else 22)
    x = g.add("Transpose", "audio_signal", perm=[0, 2, 1]) if nemo else "x"
    gain, shift = (1.0, 0.0) if nemo else (0.35, 11.0)
    states = hidden_states(g, x, DIM, gain, shift)
    bias = np.zeros(vocab, np.float32)
    bias[vocab - 1 if nemo else 0] = 1.5
    logits = g.add("Add", g.add("MatMul", states, g.weight(DIM, vocab)), g.const(bias))
    out = "logprobs" if nemo else "log_probs"
    g.add("LogSoftmax", logits, axis=2, out=out)
    outputs = [(out, FLOAT, ["B", "T_out", vocab])]
    meta = {"model_type": kind}
    if nemo:
        meta |= {"vocab_size": vocab - 1, "subsampling_factor": 4, "normalize_type": "per_feature"}
    else:
        quarter_length(g, "x_lens", "log_probs_len")
        outputs.append(("log_probs_len", INT64, ["B"]))
    first, length = ("audio_signal", "length") if nemo else ("x", "x_lens")
    shape = ["B", MELS, "T"] if nemo else ["B", "T", MELS]
    g.save(directory / "model.onnx", [(first, FLOAT, shape), (length, INT64, ["B"])], outputs, meta)
    tokens(directory / "tokens.txt", names)


def recognizer(name, **options):
    directory = HERE / name
    paths = {stem: str(next(iter(directory.glob(f"{stem}*.onnx")), "")) for stem in ["encoder", "decoder", "joiner"]}
    listed = str(directory / "tokens.txt")
    make = sherpa_onnx.OfflineRecognizer
    if name == "nemo-ctc":
        return make.from_nemo_ctc(str(directory / "model.onnx"), listed)
    if name == "zipformer-ctc":
        return make.from_zipformer_ctc(str(directory / "model.onnx"), listed)
    kind = "nemo_transducer" if name.startswith("nemo") else "transducer"
    return make.from_transducer(**paths, tokens=listed, model_type=kind, **options)


def answer(result):
    return {
        "text": result.text,
        "tokens": list(result.tokens),
        "timestamps": [round(t, 4) for t in result.timestamps],
        "durations": [round(d, 4) for d in result.durations],
        "logProbs": [round(p, 6) for p in result.ys_log_probs],
    }


def log_mels(samples, nemo, window="povey", high_freq=-400):
    """The features that sherpa-onnx 2.0.1 computes. The log of NeMo's is ln(energy + 2^-24), as a model that returns its
    input shows."""
    options = knf.FbankOptions()
    frame, mel = options.frame_opts, options.mel_opts
    frame.dither, frame.snip_edges, frame.remove_dc_offset, frame.window_type = 0.0, False, not nemo, window
    mel.num_bins, mel.low_freq, mel.high_freq, mel.is_librosa = MELS, 0 if nemo else 20, high_freq, nemo
    options.use_log_fbank = not nemo
    fbank = knf.OnlineFbank(options)
    fbank.accept_waveform(16000, samples.tolist())
    fbank.input_finished()
    frames = np.stack([fbank.get_frame(i) for i in range(fbank.num_frames_ready)]).astype(np.float32)
    return np.log(frames + np.float32(2**-24)) if nemo else frames


def main():
    icefall_transducer(HERE / "icefall-transducer")
    nemo_transducer(HERE / "nemo-rnnt", durations=0)
    nemo_transducer(HERE / "nemo-tdt", durations=5)
    ctc(HERE / "nemo-ctc", "EncDecCTCModelBPE")
    ctc(HERE / "zipformer-ctc", "zipformer2_ctc")

    versions = {p: importlib.metadata.version(p) for p in ["sherpa-onnx", "kaldi-native-fbank", "onnx", "numpy"]}
    golden, features = {"versions": versions, "clips": CLIPS, "blankPenalty": BLANK_PENALTY, "models": {}}, {}
    audio = [soundfile.read(DEMO / clip, dtype="float32")[0] for clip in CLIPS]
    features["kaldi"] = log_mels(audio[-1], nemo=False)
    features["nemo-transducer"] = log_mels(audio[-1], nemo=True)
    features["nemo-ctc"] = log_mels(audio[-1], nemo=True, window="hann", high_freq=0)
    for name in ["icefall-transducer", "nemo-rnnt", "nemo-tdt", "nemo-ctc", "zipformer-ctc"]:
        model = recognizer(name)
        single = []
        for samples in audio:
            stream = model.create_stream()
            stream.accept_waveform(16000, samples)
            model.decode_stream(stream)
            single.append(answer(stream.result))
        streams = [model.create_stream() for _ in audio]
        for stream, samples in zip(streams, audio):
            stream.accept_waveform(16000, samples)
        model.decode_streams(streams)
        batched = [answer(stream.result) for stream in streams]
        golden["models"][name] = {"single": single, "batched": batched}
        if "ctc" not in name:
            penalized = recognizer(name, blank_penalty=BLANK_PENALTY)
            stream = penalized.create_stream()
            stream.accept_waveform(16000, audio[-1])
            penalized.decode_stream(stream)
            golden["models"][name]["penalized"] = answer(stream.result)
        for clip, one, samples in zip(CLIPS, single, audio):
            frames = math.ceil(len(samples) / 640)
            print(f"{name:20} {clip:24} {len(one['tokens']):3} tokens in {frames} frames: {one['text']}")
        print(f"{name:20} batched differs: {[a['tokens'] != b['tokens'] for a, b in zip(single, batched)]}")
    (HERE / "golden.json").write_text(json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    np.savez_compressed(HERE / "features.npz", **features)


if __name__ == "__main__":
    main()
