"""Recordings, lists and shards into a pack; what is broken is skipped and counted."""

import io
import json
import tarfile
from pathlib import Path

import numpy as np
import pytest
import soundfile
from conftest import Serial, voice

import manifest
import prepare
from data import Pack
from samples import trim


def flac(samples: np.ndarray, rate: int = 16000) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="FLAC", subtype="PCM_16")
    return file.getvalue()


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def shard(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


def test_shards_say_who_speaks(tmp_path, rng):
    audio = flac(voice(rng, 1, 1.0))
    path = shard(
        tmp_path / "a.tar",
        {
            "id10001/x/00001.wav": audio,
            "id10001/x/00002.flac": audio,
            "k1.flac": audio,
            "k1.json": json.dumps({"speaker": "ann", "words": "no"}).encode(),
            "k2.flac": audio,
            "k2.spk": b"bob\n",
            "k3.txt": b"no audio here",
            "id10270/x/00001.wav": audio,  # a test speaker of VoxCeleb1
        },
    )
    skipped = prepare.pack_shards([path], "voxceleb", tmp_path, Serial())
    index = np.load(tmp_path / "index.npz")
    assert [*index["speaker"]] == [f"voxceleb/{name}" for name in ("id10001", "id10001", "ann", "bob")]
    assert skipped.clips == 1 and skipped.shards == []


def test_a_damaged_shard_is_skipped_and_reported(tmp_path, rng):
    audio = flac(voice(rng, 1, 1.0))
    whole = shard(tmp_path / "whole.tar", {"a/1.flac": audio, "b/1.flac": b"not audio"})
    cut = tmp_path / "cut.tar"
    cut.write_bytes(shard(tmp_path / "c.tar", {f"c/{i}.flac": audio for i in range(4)}).read_bytes()[: 3 * len(audio)])
    noise = tmp_path / "noise.tar"
    noise.write_bytes(rng.bytes(3000))
    skipped = prepare.pack_shards([whole, cut, noise], "shards", tmp_path, Serial())
    speakers = [*np.load(tmp_path / "index.npz")["speaker"]]
    assert speakers == ["shards/a", "shards/c", "shards/c"]
    assert skipped.clips == 1 and len(skipped.shards) == 2
    assert "cut.tar" in skipped.shards[0] and "noise.tar" in skipped.shards[1]
    with pytest.raises(SystemExit, match="no sample could be read"):
        prepare.pack_shards([noise], "shards", tmp_path, Serial())


def test_list_into_pack(tmp_path, rng):
    clips = []
    for speaker in ("a", "b"):
        for number, rate in ((0, 16000), (1, 8000)):
            (tmp_path / speaker).mkdir(exist_ok=True)
            path = f"{speaker}/{number}.flac"
            (tmp_path / path).write_bytes(flac(voice(rng, number, 1.0), rate))
            clips.append(manifest.Clip(path, speaker, "own", 1.0, ""))
    (tmp_path / "b/2.flac").write_bytes(b"fLaC and nothing more")
    clips.append(manifest.Clip("b/2.flac", "b", "own", 1.0, ""))
    manifest.write(tmp_path / "list.tsv", clips)
    assert manifest.read(tmp_path / "list.tsv") == clips
    skipped = prepare.pack_clips(clips, [0] * 5, tmp_path, tmp_path, Serial())
    prepare.pack_speeds(tmp_path, Serial(), speeds=(90, 100))
    prepare.pack_music(tmp_path, tmp_path)
    assert skipped.clips == 1
    pack = Pack(tmp_path, "cpu", (90, 100), teacher=False)
    assert pack.clips == 4 and pack.classes == 4
    lengths = pack.length.tolist()
    assert lengths[5] == pytest.approx(2 * lengths[4], rel=0.02)  # 8 kHz became 16
    assert lengths[0] == pytest.approx(lengths[4] / 0.9, abs=2)
    assert len(pack.audio) == sum(lengths)


def test_list_without_speakers_is_refused(tmp_path):
    (tmp_path / "list.tsv").write_text("path\tsource\na.flac\town\n")
    with pytest.raises(ValueError, match="no column speaker"):
        manifest.read(tmp_path / "list.tsv")


def test_voxceleb(tmp_path):
    for path in ("wav/id10001/v/00001.wav", "wav/id10275/v/00001.wav", "wav/id10002/v/00001.wav"):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).touch()
    clips = manifest.voxceleb(tmp_path, None)
    assert [clip.speaker for clip in clips] == ["voxceleb/id10001", "voxceleb/id10002"]
    (tmp_path / "mini.txt").write_text("1 wav/id10002/v/00001.wav\n")
    assert [clip.path for clip in manifest.voxceleb(tmp_path, tmp_path / "mini.txt")] == ["wav/id10002/v/00001.wav"]
    (tmp_path / "mini.txt").write_text("speech/00001.wav\n")
    with pytest.raises(ValueError, match="idNNNNN"):
        manifest.voxceleb(tmp_path, tmp_path / "mini.txt")


def test_trim():
    loud = (np.sin(np.arange(8000) * 0.1) * 8000).astype(np.int16)
    quiet = np.zeros(16000, np.int16)
    cut = trim(np.concatenate([quiet, loud, quiet]))
    assert len(cut) == pytest.approx(8000 + 2 * 800, abs=320)
    assert len(trim(quiet)) == 16000  # nothing is louder than the rest
