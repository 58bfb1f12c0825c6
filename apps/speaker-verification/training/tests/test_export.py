"""The ONNX graphs against PyTorch, in one piece and streamed."""

import json

import numpy as np
import pytest
import torch

import calibrate
import export
from data import Pack
from fold import fold
from levels import levels, passport_module, passport_of
from model import Encoder, Shape

pytest.importorskip("onnxruntime")
TINY = {"width": 16, "blocks": 2, "hidden": 16, "pooled": 24, "attention": 8}


def encoder(kind: str) -> Encoder:
    torch.manual_seed(1)
    model = Encoder(Shape(kind=kind, **TINY))
    model.train()
    with torch.no_grad():
        for _ in range(3):  # so that the batch norms are not the identity
            model(torch.randn(8, 16000) * 0.1)
    return model.eval()


@pytest.mark.parametrize("kind", ["raw", "raw-pairs", "mel"])
def test_graphs_equal_torch(kind, tmp_path):
    calibration = {"scale": 1.0, "offset": 0.0}
    difference, cosine = export.export(encoder(kind), {"name": "tiny", "step": 3}, tmp_path, 0.5, calibration)
    assert difference < export.TOLERANCE and cosine > export.COSINE
    facts = json.loads((tmp_path / "speaker-encoder.json").read_text())
    assert facts["kind"] == kind and facts["contextFrames"] == export.context_frames(Shape(kind=kind, **TINY))
    assert ("low" in facts) == (kind != "mel")


@pytest.mark.parametrize("kind", ["raw", "mel"])
def test_the_passport_is_of_the_training_clips(kind, pack, tmp_path):
    clips = Pack(pack, "cpu", (100,), teacher=False)
    made = passport_of(encoder(kind), clips)
    passport_module().write(tmp_path, made)
    assert json.loads((tmp_path / "dsp.json").read_text()) == made
    assert made["sampleRate"] == 16000 and made["recordings"]["count"] == 18 and made["recordings"]["blanks"] is None
    if kind == "mel":
        assert made["frontEnd"]["kind"] == "fbank" and len(made["features"]["mean"]) == 80
        assert -20 < made["recordings"]["level"]["mean"] < 5
    else:
        spans = zip(clips.start[:18], clips.length[:18], strict=True)
        everything = [clips.audio[s : s + n].numpy() / 32768 for s, n in spans]
        power = np.mean([10 * np.log10(np.square(clip).mean()) for clip in everything])
        assert made["frontEnd"] == {"kind": "raw", "options": {}, "logZeroGuard": None}
        assert made["features"]["mean"][0] == pytest.approx(power, abs=3)


def test_levels():
    time = np.arange(1600) / 16000
    tone = np.concatenate([np.zeros(320), 0.5 * np.sin(2 * np.pi * 400 * time)])
    assert levels(tone)[:, 0] == pytest.approx([20 * np.log10(0.5 / np.sqrt(2))] * 10, abs=0.1)
    assert levels(np.zeros(1000)).shape == (0, 1)


def test_too_little_context_is_noticed():
    model = encoder("raw-pairs")
    model = fold(model)
    graphs = export.graphs(model).values()
    assert export.check(model, export.Runtime(*graphs, export.context_frames(model.shape)))[0] < export.TOLERANCE
    assert export.check(model, export.Runtime(*graphs, context=9))[0] > export.TOLERANCE


def test_other_files_are_refused(tmp_path):
    path = tmp_path / "weights.pt"
    shape = {"kind": "raw", **TINY}
    for content in (
        {"network": {}, "step": 3},  # a checkpoint to resume from
        {"shape": shape, "encoder": encoder("mel").state_dict()},  # of another kind
        {"shape": shape | {"width": 24}, "encoder": encoder("raw").state_dict()},
    ):
        torch.save(content, path)
        with pytest.raises(SystemExit, match="no encoder of this training"):
            export.load(tmp_path)
    path.write_bytes(b"not a checkpoint")
    with pytest.raises(SystemExit, match="no encoder of this training"):
        export.load(path)


def test_calibration_finds_the_truth():
    rng = np.random.default_rng(0)
    scores = rng.uniform(-1, 1, 40000)
    same = rng.random(40000) < 1 / (1 + np.exp(-(9 * scores - 3)))
    found = calibrate.fit(scores, same, np.full(40000, 1 / 40000))
    assert found["scale"] == pytest.approx(9, rel=0.05) and found["offset"] == pytest.approx(-3, rel=0.05)


def test_every_source_counts_the_same():
    rng = np.random.default_rng(0)
    embeddings = calibrate.torch.nn.functional.normalize(torch.from_numpy(rng.standard_normal((60, 8))), dim=1).numpy()
    sources = np.array(["big"] * 50 + ["small"] * 10)
    speakers = np.array([f"{source}{i % 5}" for i, source in enumerate(sources)])
    _, same, weights = calibrate.trials(embeddings, speakers, sources)
    assert len(same) == 50 * 49 // 2 + 10 * 9 // 2
    assert weights[:1225].sum() == pytest.approx(0.5) and weights[same].sum() == pytest.approx(0.5)


def test_what_is_said_is_projected_out():
    from content import project, word_moves

    rng = np.random.default_rng(0)
    words = np.array(["a", "b", "c"] * 40)
    moves = rng.standard_normal((3, 512))
    embeddings = rng.standard_normal((120, 512)) * 0.3 + moves[[0, 1, 2] * 40] + 1
    model = encoder("raw-pairs")
    model.head = torch.nn.Linear(512, 512)
    with torch.no_grad():
        model.head.weight.copy_(torch.eye(512))
        model.head.bias.zero_()
    project(model, embeddings, np.array(["x"] * 120), words, 2)
    after = model.head(torch.from_numpy(embeddings).float()).detach().numpy()
    assert np.abs(after.mean(axis=0)).max() < 1e-5
    spread = lambda rows: np.linalg.norm(word_moves(rows, np.array(["x"] * 120), words))  # noqa: E731
    assert spread(after) < 0.02 * spread(embeddings)


def test_golden_is_what_the_graphs_give(tmp_path):
    model = encoder("raw-pairs")
    export.write_golden(model, tmp_path / "golden.npz")
    golden = np.load(tmp_path / "golden.npz")
    runtime = export.Runtime(*export.graphs(fold(model)).values(), export.context_frames(model.shape))
    for number in range(3):
        wave = np.resize(golden[f"wave{number}"], max(len(golden[f"wave{number}"]), export.REPEAT))
        with torch.inference_mode():
            features = model.features(torch.from_numpy(wave)[None]).numpy()
        found = runtime.embed(features)[0]
        np.testing.assert_allclose(found / np.linalg.norm(found), golden[f"embedding{number}"], atol=export.TOLERANCE)
