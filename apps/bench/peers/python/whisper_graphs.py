"""The float32 weights of a faster-whisper directory as the ONNX files that the peers read. The graphs have the inputs and outputs of
optimum's exports (transformers.js) and of sherpa-onnx's `scripts/whisper/export-onnx.py`. Needs numpy, onnx, torch, transformers."""

import base64
import json
import os
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

REPOSITORY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../..")
sys.path.append(os.path.join(REPOSITORY, "apps/whisper-npu/test/golden"))
EPSILON = 1e-5


def values(name, shape, kind=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


class Graph:
    """Nodes and weights of a Whisper graph; values go by name."""

    def __init__(self, weights, heads):
        self.weights, self.heads, self.nodes, self.constants = weights, heads, [], {}
        self.width = weights["model.encoder.layer_norm.weight"].shape[0]

    def op(self, kind, *inputs, to=None, **attributes):
        output = to or f"{kind}_{id(self)}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def constant(self, value, kind=np.int64):
        name = f"constant {value} {kind.__name__}"
        self.constants[name] = np.array(value, kind)
        return name

    def weight(self, name, transposed=False):
        array = self.weights[name]
        key = f"{name}.T" if transposed else name
        self.constants[key] = np.ascontiguousarray(array.T if transposed else array)
        return key

    def linear(self, x, name):
        product = self.op("MatMul", x, self.weight(f"{name}.weight", True))
        bias = f"{name}.bias"
        return self.op("Add", product, self.weight(bias)) if bias in self.weights else product

    def norm(self, x, name):
        weights = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.op("LayerNormalization", x, *weights, axis=-1, epsilon=EPSILON)

    def gelu(self, x):
        scaled = self.op("Div", x, self.constant(2**0.5, np.float32))
        product = self.op("Mul", x, self.op("Add", self.op("Erf", scaled), self.constant(1, np.float32)))
        return self.op("Mul", product, self.constant(0.5, np.float32))

    def split(self, x):
        shape = self.constant([0, -1, self.heads, self.width // self.heads])
        return self.op("Transpose", self.op("Reshape", x, shape), perm=[0, 2, 1, 3])

    def attend(self, query, key, value, mask=None):
        scale = self.constant((self.width // self.heads) ** -0.5, np.float32)
        scores = self.op("MatMul", self.op("Mul", query, scale), self.op("Transpose", key, perm=[0, 1, 3, 2]))
        if mask is not None:
            scores = self.op("Add", scores, mask)
        mixed = self.op("MatMul", self.op("Softmax", scores, axis=-1), value)
        return self.op("Reshape", self.op("Transpose", mixed, perm=[0, 2, 1, 3]), self.constant([0, -1, self.width]))

    def feed_forward(self, x, name):
        inner = self.gelu(self.linear(self.norm(x, f"{name}.final_layer_norm"), f"{name}.fc1"))
        return self.op("Add", x, self.linear(inner, f"{name}.fc2"))

    def encode(self, mel, layers):
        side = "model.encoder"
        x = mel
        for conv, stride in (("conv1", 1), ("conv2", 2)):
            weights = self.weight(f"{side}.{conv}.weight"), self.weight(f"{side}.{conv}.bias")
            x = self.gelu(self.op("Conv", x, *weights, kernel_shape=[3], pads=[1, 1], strides=[stride]))
        x = self.op("Transpose", x, perm=[0, 2, 1])
        frames = self.op("Shape", x, start=1, end=2)
        positions = self.weight(f"{side}.embed_positions.weight")
        x = self.op("Add", x, self.op("Slice", positions, self.constant([0]), frames, self.constant([0])))
        for i in range(layers):
            name = f"{side}.layers.{i}"
            y = self.norm(x, f"{name}.self_attn_layer_norm")
            mixed = self.attend(*(self.split(self.linear(y, f"{name}.self_attn.{p}_proj")) for p in "qkv"))
            x = self.feed_forward(self.op("Add", x, self.linear(mixed, f"{name}.self_attn.out_proj")), name)
        return self.norm(x, f"{side}.layer_norm")

    def decode(self, ids, past, layers, own, cross):
        """`own` and `cross` give the keys and values of a layer, split by heads."""
        side = "model.decoder"
        after = self.op("Add", past, self.op("Shape", ids, start=1, end=2))
        first, last = (self.op("Squeeze", x, self.constant([0])) for x in (past, after))
        positions = self.op("Range", first, last, self.constant(1))
        table = self.weight(f"{side}.embed_positions.weight")
        words = self.weight(f"{side}.embed_tokens.weight")
        x = self.op("Add", self.op("Gather", words, ids), self.op("Gather", table, positions))
        keys = self.op("Unsqueeze", self.op("Range", self.constant(0), last, self.constant(1)), self.constant([0]))
        later = self.op("Greater", keys, self.op("Unsqueeze", positions, self.constant([1])))
        mask = self.op("Where", later, self.constant(-1e9, np.float32), self.constant(0.0, np.float32))
        for i in range(layers):
            name = f"{side}.layers.{i}"
            y = self.norm(x, f"{name}.self_attn_layer_norm")
            query = self.split(self.linear(y, f"{name}.self_attn.q_proj"))
            mixed = self.attend(query, *own(i, y, after), mask)
            x = self.op("Add", x, self.linear(mixed, f"{name}.self_attn.out_proj"))
            y = self.norm(x, f"{name}.encoder_attn_layer_norm")
            mixed = self.attend(self.split(self.linear(y, f"{name}.encoder_attn.q_proj")), *cross(i))
            x = self.feed_forward(self.op("Add", x, self.linear(mixed, f"{name}.encoder_attn.out_proj")), name)
        return self.op("MatMul", self.norm(x, f"{side}.layer_norm"), self.weight("proj_out.weight", True), to="logits")

    def save(self, path, inputs, outputs, metadata=None):
        constants = [numpy_helper.from_array(array, name) for name, array in self.constants.items()]
        graph = helper.make_graph(self.nodes, "whisper", inputs, outputs, constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        helper.set_model_props(model, {key: str(value) for key, value in (metadata or {}).items()})
        onnx.save(model, path)


class Model:
    """A faster-whisper directory."""

    def __init__(self, folder):
        import ct2_to_transformers as ct2

        variables = ct2.read_variables(os.path.join(folder, "model.bin"))
        self.vocabulary, self.width = variables["decoder/embeddings/weight"].shape
        self.layers = sum(n.startswith("encoder/") and n.endswith("/ffn/linear_0/weight") for n in variables)
        self.heads = int(variables["encoder/num_heads"])
        self.weights = {n: w.numpy() for n, w in ct2.state_dict(variables, self.width, self.layers).items()}
        self.config = json.load(open(os.path.join(folder, "config.json")))
        self.tokenizer = json.load(open(os.path.join(folder, "tokenizer.json")))
        self.ids = {token["content"]: token["id"] for token in self.tokenizer["added_tokens"]}
        if self.vocabulary >= 51865:
            raise ValueError("only English models are exported")

    def graph(self):
        return Graph(self.weights, self.heads)

    def for_transformers_js(self, folder):
        os.makedirs(os.path.join(folder, "onnx"), exist_ok=True)
        end, start = self.ids["<|endoftext|>"], self.ids["<|startoftranscript|>"]
        common = dict(bos_token_id=end, eos_token_id=end, pad_token_id=end, decoder_start_token_id=start)
        sizes = dict(d_model=self.width, vocab_size=self.vocabulary, num_mel_bins=80, max_source_positions=1500)
        for side in ("encoder", "decoder"):
            sizes |= {f"{side}_layers": self.layers, f"{side}_attention_heads": self.heads}
        generation = dict(
            suppress_tokens=self.config["suppress_ids"],
            begin_suppress_tokens=self.config["suppress_ids_begin"],
            no_timestamps_token_id=self.ids["<|notimestamps|>"],
            forced_decoder_ids=[[1, self.ids["<|notimestamps|>"]]],
            max_initial_timestamp_index=50,
            max_length=448,
            is_multilingual=False,
        )
        audio = dict(feature_size=80, sampling_rate=16000, hop_length=160, n_fft=400, chunk_length=30)
        audio |= dict(n_samples=480000, nb_max_frames=3000, feature_extractor_type="WhisperFeatureExtractor")
        files = {
            "config": dict(model_type="whisper", is_encoder_decoder=True, max_target_positions=448, **sizes, **common),
            "generation_config": {**generation, **common},
            "preprocessor_config": dict(processor_class="WhisperProcessor", **audio),
            "tokenizer_config": dict(tokenizer_class="WhisperTokenizer", model_max_length=448),
            "tokenizer": self.tokenizer,
        }
        for name, content in files.items():
            json.dump(content, open(os.path.join(folder, f"{name}.json"), "w"))
        graph = self.graph()
        graph.op("Identity", graph.encode("input_features", self.layers), to="last_hidden_state")
        hidden = ["batch_size", "frames", self.width]
        graph.save(
            os.path.join(folder, "onnx/encoder_model.onnx"),
            [values("input_features", ["batch_size", 80, 3000])],
            [values("last_hidden_state", hidden)],
        )
        self.merged_decoder(os.path.join(folder, "onnx/decoder_model_merged.onnx"), hidden)

    def merged_decoder(self, path, hidden):
        graph = self.graph()
        size = self.width // self.heads
        inputs = [values("input_ids", ["batch_size", "tokens"], TensorProto.INT64), values("encoder_hidden_states", hidden)]
        outputs = [values("logits", ["batch_size", "tokens", self.vocabulary])]
        for i in range(self.layers):
            for side in ("decoder", "encoder"):
                for part in ("key", "value"):
                    name = f"{i}.{side}.{part}"
                    inputs.append(values(f"past_key_values.{name}", ["batch_size", self.heads, f"past {side}", size]))
                    outputs.append(values(f"present.{name}", ["batch_size", self.heads, f"all {side}", size]))
        inputs.append(values("use_cache_branch", [1], TensorProto.BOOL))

        def own(i, y, _):
            for p, part in (("k", "key"), ("v", "value")):
                new = graph.split(graph.linear(y, f"model.decoder.layers.{i}.self_attn.{p}_proj"))
                name = f"{i}.decoder.{part}"
                yield graph.op("Concat", f"past_key_values.{name}", new, axis=2, to=f"present.{name}")

        def cross(i):
            """Computed once; later taken over, and not given out again: transformers.js keeps the first ones."""
            branch = self.graph()
            made = [branch.split(branch.linear("encoder_hidden_states", f"model.decoder.layers.{i}.encoder_attn.{p}_proj")) for p in "kv"]
            graph.constants |= branch.constants
            first = helper.make_graph(
                [*branch.nodes, *(helper.make_node("Identity", [x], [f"{x} out"]) for x in made)],
                f"first {i}",
                [],
                [values(x, None) for x in [*made, *(f"{x} out" for x in made)]],
            )
            nothing = numpy_helper.from_array(np.zeros((0, self.heads, 1, size), np.float32))
            kept = [f"kept {i} {part}" for part in ("key", "value")]
            nodes = [helper.make_node("Identity", [f"past_key_values.{i}.encoder.{x.split()[-1]}"], [x]) for x in kept]
            nodes += [helper.make_node("Constant", [], [f"{x} out"], value=nothing) for x in kept]
            again = helper.make_graph(nodes, f"again {i}", [], [values(x, None) for x in [*kept, *(f"{x} out" for x in kept)]])
            names = [f"cross.{i}.{part}" for part in ("key", "value")]
            present = [f"present.{i}.encoder.{part}" for part in ("key", "value")]
            graph.nodes.append(
                helper.make_node("If", ["use_cache_branch"], [*names, *present], then_branch=again, else_branch=first)
            )
            return names

        past = graph.op("Shape", "past_key_values.0.decoder.key", start=2, end=3)
        graph.decode("input_ids", past, self.layers, own, cross)
        graph.save(path, inputs, outputs)

    def for_sherpa_onnx(self, folder):
        os.makedirs(folder, exist_ok=True)
        graph = self.graph()
        x = graph.encode("mel", self.layers)
        cache = [self.layers, "n_audio", 448, self.width]
        heard = [self.layers, "n_audio", "frames", self.width]
        for p in "kv":
            parts = [graph.linear(x, f"model.decoder.layers.{i}.encoder_attn.{p}_proj") for i in range(self.layers)]
            stacked = [graph.op("Unsqueeze", part, graph.constant([0])) for part in parts]
            graph.op("Concat", *stacked, axis=0, to=f"n_layer_cross_{p}")
        graph.save(
            os.path.join(folder, "encoder.onnx"),
            [values("mel", ["n_audio", 80, "T"])],
            [values(f"n_layer_cross_{p}", heard) for p in "kv"],
            self.metadata(),
        )
        graph = self.graph()
        caches = {"k": [], "v": []}

        def layer(name, i):
            return graph.op("Gather", name, graph.constant(i), axis=0)

        def own(i, y, after):
            for p in "kv":
                cached = layer(f"in_n_layer_self_{p}_cache", i)
                new = graph.linear(y, f"model.decoder.layers.{i}.self_attn.{p}_proj")
                before = graph.op("Slice", cached, graph.constant([0]), "offset", graph.constant([1]))
                rest = graph.op("Slice", cached, after, graph.constant([448]), graph.constant([1]))
                used = graph.op("Concat", before, new, axis=1)
                whole = graph.op("Concat", used, rest, axis=1)
                caches[p].append(graph.op("Unsqueeze", whole, graph.constant([0])))
                yield graph.split(used)

        def cross(i):
            return [graph.split(layer(f"n_layer_cross_{p}", i)) for p in "kv"]

        graph.decode("tokens", "offset", self.layers, own, cross)
        for p in "kv":
            graph.op("Concat", *caches[p], axis=0, to=f"out_n_layer_self_{p}_cache")
        graph.save(
            os.path.join(folder, "decoder.onnx"),
            [
                values("tokens", ["n_audio", "n_tokens"], TensorProto.INT64),
                *(values(f"in_n_layer_self_{p}_cache", cache) for p in "kv"),
                *(values(f"n_layer_cross_{p}", heard) for p in "kv"),
                values("offset", [1], TensorProto.INT64),
            ],
            [
                values("logits", ["n_audio", "n_tokens", self.vocabulary]),
                *(values(f"out_n_layer_self_{p}_cache", cache) for p in "kv"),
            ],
        )
        self.token_table(os.path.join(folder, "tokens.txt"))

    def metadata(self):
        ids = self.ids
        return dict(
            model_type="whisper-tiny.en", version=1, maintainer="k2-fsa", n_mels=80, n_audio_ctx=1500, n_audio_state=self.width,
            n_audio_head=self.heads, n_audio_layer=self.layers, n_vocab=self.vocabulary, n_text_ctx=448, n_text_state=self.width,
            n_text_head=self.heads, n_text_layer=self.layers, sot_sequence=ids["<|startoftranscript|>"], sot_index=0,
            all_language_tokens="", all_language_codes="", sot=ids["<|startoftranscript|>"], eot=ids["<|endoftext|>"],
            blank_id=self.tokenizer["model"]["vocab"]["Ġ"], is_multilingual=0,
            no_speech=ids.get("<|nocaptions|>", ids.get("<|nospeech|>")),
            non_speech_tokens="", transcribe=ids["<|transcribe|>"], translate=ids["<|translate|>"], sot_prev=ids["<|startofprev|>"],
            sot_lm=ids["<|startoflm|>"], no_timestamps=ids["<|notimestamps|>"],
        )  # fmt: skip

    def token_table(self, path):
        """Each token's bytes in base 64, as sherpa-onnx reads them; byte-level BPE writes bytes as printable characters."""
        plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
        others = [byte for byte in range(256) if byte not in plain]
        bytes_of = {chr(byte): byte for byte in plain} | {chr(256 + i): byte for i, byte in enumerate(others)}
        with open(path, "w") as file:
            for token, number in sorted(self.tokenizer["model"]["vocab"].items(), key=lambda item: item[1]):
                if all(c in bytes_of for c in token) and number < self.ids["<|endoftext|>"]:
                    file.write(f"{base64.b64encode(bytes(bytes_of[c] for c in token)).decode()} {number}\n")
