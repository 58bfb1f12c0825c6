"""The filters, the features and the network."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from features import Fbank
from model import Encoder, Shape
from sinc import HOP, RATE, TAPS, SincConv, frame_count, initial_cutoffs

TINY = {"width": 16, "blocks": 2, "hidden": 16, "pooled": 24, "attention": 8}


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)
    torch.set_num_threads(1)


def test_filters_are_what_the_definition_says():
    layer = SincConv(pairs=True)
    low, band = (value.numpy() / RATE for value in layer.hertz())
    bank = layer.filters().detach().numpy()
    n = np.arange(TAPS) - TAPS // 2
    window = 0.54 + 0.46 * np.cos(2 * np.pi * n / (TAPS - 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        for i in range(80):
            f1, f2 = low[i], low[i] + band[i]
            even = np.where(
                n == 0, 2 * (f2 - f1), (np.sin(2 * np.pi * f2 * n) - np.sin(2 * np.pi * f1 * n)) / (np.pi * n)
            )
            odd = np.where(n == 0, 0, (np.cos(2 * np.pi * f1 * n) - np.cos(2 * np.pi * f2 * n)) / (np.pi * n))
            scale = window / (2 * (f2 - f1))
            np.testing.assert_allclose(bank[i], even * scale, atol=1e-7)
            np.testing.assert_allclose(bank[80 + i], odd * scale, atol=1e-7)


def test_filters_start_where_the_mel_scale_puts_them():
    low, band = initial_cutoffs()
    assert low[0] == pytest.approx(30) and 7600 < low[-1] < 7700
    assert 22.5 < band.min() < 23.5 and 260 < band.max() < 262
    assert torch.allclose(low[1:], (low + band)[:-1])


def test_cutoffs_stay_between_zero_and_nyquist():
    layer = SincConv(pairs=False)
    with torch.no_grad():
        layer.low += torch.linspace(-1, 1, 80)
        layer.band += torch.linspace(1, -1, 80)
    low, band = layer.hertz()
    assert (low > 0).all() and (band > 0).all() and (low + band < RATE / 2).all()
    assert layer.filters().isfinite().all()


@pytest.mark.parametrize("pairs", [False, True])
def test_layer_is_a_convolution(pairs):
    layer = SincConv(pairs)
    samples = torch.randn(2, 4321) * 0.1
    wanted = torch.nn.functional.conv1d(samples[:, None], layer.filters()[:, None], stride=HOP)
    if pairs:
        real, imaginary = wanted.chunk(2, dim=1)
        wanted = (real.square() + imaginary.square() + 1e-6).log()
    found = layer(samples)
    assert found.shape == (2, 80, frame_count(4321))
    torch.testing.assert_close(found, wanted, atol=1e-4, rtol=1e-4)


def test_a_pair_does_not_hear_the_phase():
    time = torch.arange(8000) / RATE
    tones = torch.stack([torch.sin(2 * math.pi * 1000 * time + phase) for phase in (0.0, 0.7, 1.9)])
    strongest = SincConv(pairs=True)(tones).amax(dim=1)
    assert (strongest - strongest[:1]).abs().max() < 0.02
    assert strongest.std(dim=1).max() < 0.02


def test_fbank_equals_kaldi():
    kaldi = pytest.importorskip("torchaudio").compliance.kaldi
    samples = torch.randn(1, 16000) * 0.1
    wanted = kaldi.fbank(samples, num_mel_bins=80, dither=0.0)
    torch.testing.assert_close(Fbank()(samples)[0].T, wanted, atol=2e-3, rtol=1e-4)


def test_fbank_equals_this_projects_own():
    """golden/make_fbank.mjs wrote what @dsp/mel-kaldi makes of the signal."""
    golden = np.load(Path(__file__).parent / "golden" / "fbank.npz")
    found = Fbank()(torch.from_numpy(golden["samples"])[None])[0].T.numpy()
    assert found.shape == golden["features"].shape == (48, 80)
    np.testing.assert_allclose(found, golden["features"], atol=2e-4)


def test_sizes():
    total = {kind: sum(Encoder(Shape(kind=kind)).parts().values()) for kind in ("raw", "raw-pairs", "mel")}
    assert total["raw"] == pytest.approx(3.48e6, rel=0.02)
    assert total["raw-pairs"] == total["raw"] == total["mel"] + 160
    encoder = Encoder(Shape())
    assert sum(p.numel() for p in encoder.parameters()) == total["raw"]


@pytest.mark.parametrize("kind", ["raw", "raw-pairs", "mel"])
def test_takes_any_length_and_ignores_level(kind):
    encoder = Encoder(Shape(kind=kind, **TINY)).eval()
    for samples in (2000, 16001, 50000):
        assert encoder(torch.randn(1, samples)).shape == (1, 512)
    if kind != "raw-pairs":
        samples = torch.randn(1, 16000) * 0.1
        unit = lambda x: torch.nn.functional.normalize(x, dim=1)  # noqa: E731
        assert (unit(encoder(samples)) * unit(encoder(samples * 0.3))).sum() > 0.9999


def test_refuses_an_unknown_kind():
    with pytest.raises(ValueError, match="raw-pairs"):
        Shape(kind="cepstra")
