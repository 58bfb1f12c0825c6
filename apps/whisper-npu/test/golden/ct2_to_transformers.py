"""A faster-whisper directory as a float32 model of transformers, so that its `generate` is the reference. Needs numpy, torch, transformers."""

import json
import os
import struct

import numpy as np
import torch
from transformers import GenerationConfig, WhisperConfig, WhisperForConditionalGeneration

TYPES = [np.float32, np.int8, np.int16, np.int32, np.float16]


def read_variables(path):
    """Arrays by name from a model.bin of CTranslate2, format version 6."""
    data = open(path, "rb").read()
    at = 0

    def take(code):
        nonlocal at
        (value,) = struct.unpack_from("<" + code, data, at)
        at += struct.calcsize(code)
        return value

    def text():
        nonlocal at
        length = take("H")
        value = data[at : at + length - 1].decode()
        at += length
        return value

    assert take("I") == 6 and text() == "WhisperSpec"
    take("I")
    variables = {}
    for _ in range(take("I")):
        name = text()
        shape = [take("I") for _ in range(take("B"))]
        kind = TYPES[take("B")]
        length = take("I")
        variables[name] = np.frombuffer(data, kind, length // np.dtype(kind).itemsize, at).reshape(shape)
        at += length
    return variables


def state_dict(v, width, layers):
    state = {}

    def put(name, array):
        state["model." + name] = torch.from_numpy(np.array(array, np.float32))

    def linear(name, source):
        put(name + ".weight", v[source + "/weight"])
        put(name + ".bias", v[source + "/bias"])

    def norm(name, source):
        put(name + ".weight", v[source + "/gamma"])
        put(name + ".bias", v[source + "/beta"])

    def parts(names, source):
        for i, name in enumerate(names):
            rows = slice(i * width, (i + 1) * width)
            put(name + ".weight", v[source + "/weight"][rows])
            if not name.endswith("k_proj"):
                put(name + ".bias", v[source + "/bias"][rows])

    for conv in ("conv1", "conv2"):
        linear("encoder." + conv, "encoder/" + conv)
    put("decoder.embed_tokens.weight", v["decoder/embeddings/weight"])
    for side in ("encoder", "decoder"):
        put(side + ".embed_positions.weight", v[side + "/position_encodings/encodings"])
        norm(side + ".layer_norm", side + "/layer_norm")
        for i in range(layers):
            name, source = f"{side}.layers.{i}", f"{side}/layer_{i}"
            parts([f"{name}.self_attn.{x}_proj" for x in "qkv"], source + "/self_attention/linear_0")
            linear(name + ".self_attn.out_proj", source + "/self_attention/linear_1")
            norm(name + ".self_attn_layer_norm", source + "/self_attention/layer_norm")
            if side == "decoder":
                linear(name + ".encoder_attn.q_proj", source + "/attention/linear_0")
                parts([f"{name}.encoder_attn.{x}_proj" for x in "kv"], source + "/attention/linear_1")
                linear(name + ".encoder_attn.out_proj", source + "/attention/linear_2")
                norm(name + ".encoder_attn_layer_norm", source + "/attention/layer_norm")
            linear(name + ".fc1", source + "/ffn/linear_0")
            linear(name + ".fc2", source + "/ffn/linear_1")
            norm(name + ".final_layer_norm", source + "/ffn/layer_norm")
    state["proj_out.weight"] = state["model.decoder.embed_tokens.weight"]
    return state


def load(folder):
    """The model, ready for `generate`."""
    v = read_variables(os.path.join(folder, "model.bin"))
    config = json.load(open(os.path.join(folder, "config.json")))
    tokenizer = json.load(open(os.path.join(folder, "tokenizer.json")))
    ids = {token["content"]: token["id"] for token in tokenizer["added_tokens"]}
    vocabulary, width = v["decoder/embeddings/weight"].shape
    layers = sum(name.startswith("encoder/") and name.endswith("/ffn/linear_0/weight") for name in v)
    heads = int(v["encoder/num_heads"])
    common = dict(bos_token_id=ids["<|endoftext|>"], eos_token_id=ids["<|endoftext|>"], pad_token_id=ids["<|endoftext|>"])
    start = ids["<|startoftranscript|>"]
    sizes = dict(vocab_size=vocabulary, d_model=width, encoder_layers=layers, decoder_layers=layers)
    sizes |= dict(encoder_attention_heads=heads, decoder_attention_heads=heads, encoder_ffn_dim=4 * width)
    model = WhisperForConditionalGeneration(
        WhisperConfig(**sizes, decoder_ffn_dim=4 * width, decoder_start_token_id=start, **common)
    )
    model.load_state_dict(state_dict(v, width, layers))
    multilingual = vocabulary >= 51865
    generation = dict(
        decoder_start_token_id=start,
        suppress_tokens=config["suppress_ids"],
        begin_suppress_tokens=config["suppress_ids_begin"],
        alignment_heads=config["alignment_heads"],
        no_timestamps_token_id=ids["<|notimestamps|>"],
        max_initial_timestamp_index=50,
        max_length=448,
        is_multilingual=multilingual,
        return_timestamps=False,
        **common,
    )
    if multilingual:
        generation["lang_to_id"] = {t: i for t, i in ids.items() if len(t) in (6, 7) and t[2:-2].isalpha() and i in config["lang_ids"]}
        generation["task_to_id"] = {"transcribe": ids["<|transcribe|>"], "translate": ids["<|translate|>"]}
    model.generation_config = GenerationConfig(**generation)
    return model.eval()
