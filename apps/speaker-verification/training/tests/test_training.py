"""Runs of a few steps on made-up voices: they learn, resume and share their work."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from conftest import TRAINING

import settings
from data import Pack, Sampler, Sampling
from distributed import Group
from losses import Loss, Objective
from metrics import eer
from model import build
from schedule import Progress, learning_rate
from train import load_pack, run

SMALL = [
    *("model.width=16", "model.blocks=1", "model.hidden=16", "model.pooled=16", "model.attention=8"),
    *("speeds=[90,100]", "schedule.batch=8", "schedule.seconds=[0.8,1.2]", "schedule.checkpoint=2"),
]


def options(*more: str) -> settings.Settings:
    return settings.load(None, [*SMALL, "schedule.evaluate=1000", *more])


def losses(folder: Path) -> list[tuple[int, float]]:
    lines = map(json.loads, (folder / "log.jsonl").read_text().splitlines())
    return [(line["step"], line["loss"]) for line in lines if "loss" in line]


@pytest.fixture(autouse=True)
def _one_thread():
    torch.set_num_threads(1)


def test_learns(pack, tmp_path):
    chosen = options(
        "schedule.steps=60", "schedule.checkpoint=20", "loss.alpha=0.5", "loss.relation=1", "loss.margin=0"
    )
    run(chosen, tmp_path, load_pack(chosen, pack, "cpu"), Group("cpu"))
    curve = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert curve[2]["loss"] < 0.9 * curve[0]["loss"] and curve[2]["accuracy"] > 1.5 * curve[0]["accuracy"]
    saved = torch.load(tmp_path / "weights.pt", weights_only=True)
    assert saved["facts"]["step"] == 60 and saved["shape"]["width"] == 16


def command(pack: Path, folder: Path, *more: str) -> list[str]:
    line = [sys.executable, str(TRAINING / "train.py"), "--config", "small", "--pack", str(pack), "--out", str(folder)]
    return [*line, "--device", "cpu", "--threads", "1", "--set", *SMALL, "schedule.evaluate=1000", *more]


def test_a_killed_run_goes_on_as_if_nothing_had_happened(pack, tmp_path):
    length = "schedule.steps=24"
    chosen = settings.load("small", [*SMALL, "schedule.evaluate=1000", length])
    whole = tmp_path / "whole"
    run(chosen, whole, load_pack(chosen, pack, "cpu"), Group("cpu"))
    killed = tmp_path / "killed"
    process = subprocess.Popen(command(pack, killed, length), stdout=subprocess.DEVNULL)
    log = killed / "log.jsonl"
    while not (log.exists() and len(log.read_text().splitlines()) >= 3):
        assert process.poll() is None, "the run ended before it could be killed"
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    with open(log, "a") as file:
        file.write('{"step": 9')  # and the log's last line was only half written
    subprocess.run(command(pack, killed, length), check=True, stdout=subprocess.DEVNULL)
    assert losses(killed)[-1][0] == 24
    np.testing.assert_allclose(losses(killed), losses(whole), rtol=1e-5)


def test_other_settings_do_not_resume(pack, tmp_path):
    first = options("schedule.steps=4")
    run(first, tmp_path, load_pack(first, pack, "cpu"), Group("cpu"), stop=2)
    other = options("schedule.steps=4", "loss.margin=0.3")
    with pytest.raises(SystemExit, match="other settings"):
        run(other, tmp_path, load_pack(other, pack, "cpu"), Group("cpu"))


def test_two_processes_learn_what_one_does(pack, tmp_path):
    """Their crops and noises differ, so the curves agree within noise only."""
    length = ["schedule.steps=60", "schedule.checkpoint=20", "schedule.batch=32", "loss.margin=0", "model.dropout=0"]
    subprocess.run(command(pack, tmp_path / "one", *length), check=True, stdout=subprocess.DEVNULL)
    line = command(pack, tmp_path / "two", *length)
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", *line[1:]]
    subprocess.run(launcher, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    one, two = (np.array(losses(tmp_path / name))[:, 1] for name in ("one", "two"))
    np.testing.assert_allclose(two, one, rtol=0.12)
    assert one[-1] < one[0] and two[-1] < two[0]


def test_batches_repeat_and_come_in_groups_of_a_word(pack):
    packed = Pack(pack, "cpu", (90, 100))
    sampler = Sampler(packed, Sampling(group=4), 16, seed=3)
    rows = sampler.rows(5)
    assert (rows == sampler.rows(5)).all() and (rows != sampler.rows(6)).any()
    clips = rows % packed.clips
    assert (packed.split[clips] == 0).all()
    assert len(set(packed.word[clips[:4]])) == 1 and len(set(packed.speaker[clips[:4]])) == 4
    labels = packed.label[torch.from_numpy(rows)]
    assert (labels >= 0).all() and labels.max() < packed.classes == 12


def test_short_clips_repeat(pack):
    packed = Pack(pack, "cpu", (100,))
    row = int(packed.length.argmin())
    length = int(packed.length[row])
    crop = packed.crop(torch.tensor([row]), 2 * length, torch.tensor([0.0]))[0]
    assert torch.equal(crop[:length], crop[length:])


def test_margin_and_teacher_make_the_loss():
    torch.manual_seed(0)
    embedding, label = torch.randn(4, 8), torch.tensor([0, 1, 2, 0])
    plain = Objective(Loss(alpha=0), 8, 3, 4)
    plain.set_progress(0.0)
    without = plain(embedding, label, None)[0].item()
    plain.set_progress(1.0)
    assert plain(embedding, label, None)[0].item() > without
    cosine = torch.nn.functional.normalize(embedding, dim=1) @ torch.nn.functional.normalize(plain.classes, dim=1).T
    assert without == pytest.approx(torch.nn.functional.cross_entropy(30 * cosine, label).item(), rel=1e-5)
    taught = Objective(Loss(alpha=1), 8, 3, 4)
    target = torch.nn.functional.normalize(taught.teacher_head(embedding), dim=1).detach()
    assert taught(embedding, label, target)[0].item() == pytest.approx(0, abs=1e-5)


def test_equal_error_rate():
    assert eer(np.array([0.9, 0.8]), np.array([0.1, 0.2])) == 0
    assert eer(np.array([0.9, 0.1]), np.array([0.8, 0.2])) == 50
    rng = np.random.default_rng(0)
    assert eer(rng.normal(2, 1, 20000), rng.normal(0, 1, 20000)) == pytest.approx(15.87, abs=0.4)


def test_schedule():
    assert learning_rate(0.0, 1.0, 0.1) == 0.001 and learning_rate(0.1, 1.0, 0.1) == pytest.approx(1.0)
    assert learning_rate(1.0, 1.0, 0.1) == 0.001
    exact = Progress(4, 0, None, 1, 0)
    exact.advance(2)
    assert exact.value == 0.5
    timed = Progress(10**9, 1, time.time() + 0.2, 0, 0)
    steps = 0
    while timed.value < 1:
        time.sleep(0.01)
        steps += 1
        timed.advance(steps)
    assert 5 < steps < 60


def test_settings():
    chosen = settings.load("smoke", ["loss.alpha=0.4", "model.kind=mel"])
    assert chosen.loss.alpha == 0.4 and chosen.model.kind == "mel" and chosen.name == "smoke"
    with pytest.raises(ValueError, match="unknown setting loss.alfa"):
        settings.load("smoke", ["loss.alfa=0.4"])
    with pytest.raises(ValueError, match="section.name=value"):
        settings.load("smoke", ["loss.alpha"])


def test_the_published_teacher_learns_and_teaches(pack, tmp_path, monkeypatch):
    import teacher

    sizes = ["model.kind=lstm-autoencoder", "model.lstm=16", "model.embedding=24", "loss.alpha=0"]
    chosen = options("schedule.steps=4", *sizes)
    run(chosen, tmp_path, load_pack(chosen, pack, "cpu"), Group("cpu"))
    copy = tmp_path / "pack"
    shutil.copytree(pack, copy)
    monkeypatch.setattr(sys, "argv", ["teacher.py", "--pack", str(copy), "--run", str(tmp_path), "--device", "cpu"])
    teacher.main()
    packed = Pack(copy, "cpu", (90, 100))
    assert packed.teacher.shape == (48, 24)
    assert packed.teacher.norm(dim=1).allclose(torch.ones(48), atol=1e-3)
    student = options("schedule.steps=2", "loss.soft=1", "loss.alpha=0.7")
    run(student, tmp_path / "student", load_pack(student, copy, "cpu"), Group("cpu"))


@pytest.mark.parametrize("path", sorted((TRAINING / "configs").glob("*.yaml")), ids=lambda path: path.stem)
def test_configurations(path):
    if path.stem == "gpu-comparison":
        runs = yaml.safe_load(path.read_text())["runs"]
        names = [settings.load(entry["config"], entry["set"]).model.kind for entry in runs]
        assert set(names) == {"raw", "raw-pairs", "mel"} and len({entry["name"] for entry in runs}) == len(runs)
        return
    chosen = settings.load(path)
    size = sum(build(chosen.model).parts().values())
    if path.stem.startswith("mlp_mixer"):
        assert chosen.schedule.batch == 32 and chosen.loss.temperature == 4
        assert chosen.schedule.epochs == (100 if path.stem.endswith("distillation") else 50)
        assert size == pytest.approx(2.66e6 if "mel" in path.stem else 3.48e6, rel=0.02)
