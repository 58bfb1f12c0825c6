"""Fast checks of the training code (under half a minute): `python -m pytest tests` in this folder.

They need the packages of requirements.txt and skip where torch is absent, as in the project's own CI.
"""

import json
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="the training packages are not installed (requirements.txt)")
torchaudio = pytest.importorskip("torchaudio")
np = pytest.importorskip("numpy")

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import features  # noqa: E402
import grammar  # noqa: E402
import lexicon  # noqa: E402
from augment import Augmenter  # noqa: E402
from decode import edits, transducer_greedy, word_error_rate  # noqa: E402
from model import Config, Transducer  # noqa: E402

TINY = Config(vocab_size=len(lexicon.TOKENS), dim=32, dilations=(1,), blocks=1, heads=2, feed_forward=48, joiner_dim=16)


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)
    torch.set_num_threads(1)


def test_features_equal_torchaudio():
    generator = np.random.default_rng(1)
    for samples in (400, 401, 5000, 16000, 23457):
        audio = torch.from_numpy(generator.uniform(-0.5, 0.5, samples).astype(np.float32))
        ours = features.fbank(audio)
        theirs = torchaudio.compliance.kaldi.fbank(audio[None], **features.OPTIONS)
        assert ours.shape == theirs.shape
        assert (ours - theirs).abs().max() < 1e-3


def test_features_of_very_short_signals():
    assert [len(features.fbank(torch.full((n,), 0.1))) for n in (0, 79, 80, 240)] == [0, 0, 1, 2]


def test_tokens_round_trip():
    text = "ENTER W OH NINETEENTH NOVEMBER APOSTROPHE"
    assert lexicon.decode(lexicon.encode(text)) == text
    assert len(set(lexicon.TOKENS)) == len(lexicon.TOKENS)
    with pytest.raises(ValueError, match="BONJOUR"):
        lexicon.encode("YES BONJOUR")


def test_grammar_stays_in_the_vocabulary_and_reaches_all_of_it():
    import random

    rng = random.Random(3)
    seen = set()
    for _ in range(4000):
        words = grammar.sentence(rng)
        lexicon.encode(" ".join(words))
        seen.update(words)
    assert seen == set(lexicon.WORDS)


def test_word_error_rate():
    assert edits("A B C".split(), "A X C D".split()) == 2
    assert word_error_rate(["A B", "C"], ["A", "C"]) == pytest.approx(1 / 3)


def test_augmentation_is_reproducible_and_finite():
    speech = [(np.random.default_rng(2).standard_normal(16000) * 3000).astype(np.int16)]
    audio = torch.from_numpy(speech[0].astype(np.float32) / 32768)
    first, second = (Augmenter(np.random.default_rng(7), speech) for _ in range(2))
    for _ in range(5):
        a, b = first(audio), second(audio)
        assert torch.equal(a, b) and torch.isfinite(a).all() and a.shape == (100, 80)


def test_padding_does_not_change_an_utterance():
    model = Transducer(TINY).eval()
    x = torch.randn(1, 90, 80)
    alone, _ = model.encoder(x, torch.tensor([90]))
    padded, lengths = model.encoder(torch.nn.functional.pad(x, (0, 0, 0, 40)), torch.tensor([90]))
    assert lengths.tolist() == [alone.shape[1]] == [23]
    assert (alone - padded[:, :23]).abs().max() < 1e-4


def test_losses_have_gradients_everywhere():
    model = Transducer(TINY).train()
    batch = {
        "x": torch.randn(2, 80, 80),
        "x_lens": torch.tensor([80, 61]),
        "y": torch.tensor([[5, 6], [7, 0]]),
        "y_lens": torch.tensor([2, 1]),
    }
    (sum(model.losses(**batch).values()) + sum(model.begin(**batch).values())).backward()
    missing = [name for name, p in model.named_parameters() if p.grad is None or not torch.isfinite(p.grad).all()]
    assert missing == []


@pytest.mark.parametrize("kind", ["float32", "float16"])
def test_export_equals_the_model(tmp_path, kind):
    pytest.importorskip("onnx")
    onnxruntime = pytest.importorskip("onnxruntime")
    from export import export

    model = Transducer(TINY).eval()
    export(model, tmp_path, kind)
    run = {
        name: onnxruntime.InferenceSession(tmp_path / f"{name}.onnx", providers=["CPUExecutionProvider"])
        for name in ("encoder", "decoder", "joiner")
    }
    tolerance = 1e-4 if kind == "float32" else 2e-2
    for frames in (9, 130):
        x, x_lens = torch.randn(3, frames, 80), torch.tensor([frames, frames - 3, 5])
        wanted, lengths = model.encoder(x, x_lens)
        got, got_lengths = run["encoder"].run(None, {"x": x.numpy(), "x_lens": x_lens.numpy()})
        assert got_lengths.tolist() == lengths.tolist()
        for n, length in enumerate(lengths):
            assert np.abs(got[n, :length] - wanted[n, :length].detach().numpy()).max() < tolerance
    y = torch.tensor([[-1, 0], [4, 9]])
    (decoded,) = run["decoder"].run(None, {"y": y.numpy()})
    assert np.abs(decoded - model.decoder(y)[:, 0].detach().numpy()).max() < tolerance
    (logit,) = run["joiner"].run(None, {"encoder_out": got[:2, 0], "decoder_out": decoded})
    assert logit.shape == (2, len(lexicon.TOKENS))

    metadata = run["encoder"].get_modelmeta().custom_metadata_map
    assert metadata["model_type"] == "conformer" and metadata["feature.snipEdges"] == "false"
    assert json.loads((tmp_path / "config.json").read_text())["vocabSize"] == len(lexicon.TOKENS)
    assert (tmp_path / "tokens.txt").read_text(encoding="utf-8").splitlines()[0] == "<blk> 0"


def test_the_passport_is_of_the_features_trained_on(tmp_path):
    pytest.importorskip("onnx")
    pytest.importorskip("soundfile")
    from data import Batches, Utterance, at_speeds
    from export import passport_of
    from passport import write

    rng = np.random.default_rng(3)

    def utterances(name, count):
        sound = [(rng.standard_normal(12000 + 900 * i) * 2000).astype(np.int16) for i in range(count)]
        return [Utterance(f"{name}{i}", name, "YES NO", [samples]) for i, samples in enumerate(sound)]

    real = utterances("real", 4)
    at_speeds(real)
    synth = {name: utterances(name, 3) for name in ("train", "plain", "short")}
    made = passport_of(Transducer(TINY).eval(), Batches(real, synth, seed=1, seconds=20, share=0.5), real)
    write(tmp_path, made)
    assert json.loads((tmp_path / "dsp.json").read_text()) == made
    assert made["frontEnd"]["options"]["highFreq"] == -400 and made["sampleRate"] == 16000
    assert made["recordings"]["count"] == 8 and made["features"]["frames"] > 400
    assert len(made["features"]["mean"]) == 80 and -16 < made["recordings"]["level"]["mean"] < 0
    assert 0 <= made["recordings"]["blanks"]["mean"] <= 1


def test_the_mean_of_weights():
    from shift import lowered
    from soup import build, mean

    model = Transducer(TINY)
    other = {k: v + 2 if v.is_floating_point() else v for k, v in model.state_dict().items()}
    halfway = build(TINY.as_dict(), mean([model.state_dict(), other])).state_dict()
    assert torch.allclose(halfway["ctc.weight"], model.ctc.weight + 1)
    assert torch.allclose(lowered(model, 1.5).joiner.out.bias[0], model.joiner.out.bias[0] - 1.5)


def test_greedy_decoding_gives_a_text_an_utterance():
    texts, ctc = transducer_greedy(Transducer(TINY).eval(), torch.randn(2, 50, 80), torch.tensor([50, 20]))
    assert len(texts) == len(ctc) == 2


def test_training_resumes_where_it_stopped(tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    import train

    monkeypatch.setattr(train, "RUNS", tmp_path)
    monkeypatch.setattr(train, "Config", lambda vocab_size: TINY)
    monkeypatch.setattr(sys, "argv", ["train.py", "--name", "tiny", "--threads", "1"])
    batch = {
        "x": torch.randn(2, 60, 80),
        "x_lens": torch.tensor([60, 60]),
        "y": torch.tensor([[5], [6]]),
        "y_lens": torch.tensor([1, 1]),
    }
    first = train.Trainer(train.arguments())
    for _ in range(3):
        first.update(batch)
    first.epoch, first.phase = 2, train.MAIN
    train.save(first.folder / "last.pt", first.state())
    second = train.Trainer(train.arguments())
    assert (second.step, second.epoch, second.phase) == (3, 2, train.MAIN)
    for name, value in first.average.state_dict().items():
        assert torch.equal(value, second.average.state_dict()[name]), name
    ours, theirs = first.optimizer.state_dict()["state"], second.optimizer.state_dict()["state"]
    assert all(torch.equal(ours[k]["exp_avg"], theirs[k]["exp_avg"]) for k in ours)
