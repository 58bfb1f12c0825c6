"""fbank_files: many files on many threads."""

import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
import soundfile

import auralis_dsp
from auralis_dsp import kaldi


@pytest.fixture
def paths(tmp_path):
    """Twelve files of several lengths, formats and channels at 16 kHz."""
    random = np.random.default_rng(5)
    paths = []
    for i in range(12):
        x = random.standard_normal((4000 + 3000 * (i % 5), 1 + i % 2)) * 0.1
        paths.append(tmp_path / f"{i} ü.{('wav', 'flac', 'ogg')[i % 3]}")
        soundfile.write(paths[-1], x, 16000)
    return paths


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_equals_one_call_a_file(paths, threads):
    auralis_dsp.set_num_threads(threads)
    options = {"num_mel_bins": 40, "snip_edges": False, "use_energy": True}
    for given, channel in ((paths, -1), (map(str, paths), 0)):
        results = auralis_dsp.fbank_files(given, channel=channel, **options)
        assert len(results) == len(paths)
        for path, result in zip(paths, results):
            np.testing.assert_array_equal(result, kaldi.fbank(auralis_dsp.decode(path)[0], **options))


def test_progress(paths):
    seen = []
    kaldi.fbank_files(paths, progress=lambda done, total: seen.append((done, total, threading.get_ident())))
    assert seen == [(i + 1, len(paths), threading.get_ident()) for i in range(len(paths))]
    with pytest.raises(ZeroDivisionError):
        kaldi.fbank_files(paths, progress=lambda done, total: 1 / 0)


def test_another_rate(paths, tmp_path):
    other = tmp_path / "other.wav"
    soundfile.write(other, np.sin(np.arange(44100) / 9), 44100)
    with pytest.raises(ValueError, match=r"other.wav: the sample rate is 44100 Hz, not sample_frequency=16000; resample=True"):
        kaldi.fbank_files([*paths, other])
    result = kaldi.fbank_files([other], resample=True)[0]
    np.testing.assert_array_equal(result, kaldi.fbank(auralis_dsp.decode(other, sr=16000)[0]))


def test_bad_files_are_named(paths, tmp_path):
    (tmp_path / "no audio.wav").write_text("no audio at all")
    (tmp_path / "empty").write_bytes(b"")
    soundfile.write(tmp_path / "short.wav", np.zeros(10), 16000)
    soundfile.write(tmp_path / "nan.wav", np.full(16000, np.nan), 16000, subtype="FLOAT")
    bad = {"no audio.wav": ValueError, "empty": ValueError, "short.wav": ValueError, "nan.wav": ValueError, "none": FileNotFoundError, ".": OSError}
    for threads in (1, 5):
        auralis_dsp.set_num_threads(threads)
        mixed = [*paths[:3], *(tmp_path / name for name in bad), *paths[3:]]
        results = kaldi.fbank_files(mixed, errors="return")
        for path, result in zip(mixed, results):
            if path in paths:
                assert isinstance(result, np.ndarray)
            else:
                assert isinstance(result, bad.get(path.name, OSError)) and str(path) in str(result), result
        for _ in range(3):
            with pytest.raises(ValueError, match="no audio.wav: "):
                kaldi.fbank_files(mixed)
    with pytest.raises(ValueError, match="channel must be below 1"):
        kaldi.fbank_files(paths[:1], channel=1)


def test_what_is_cut_short_warns(paths, tmp_path):
    (tmp_path / "cut.wav").write_bytes(paths[0].read_bytes()[:-200])
    with pytest.warns(UserWarning, match="cut.wav is cut short"):
        kaldi.fbank_files([tmp_path / "cut.wav"])


def test_bad_arguments(paths):
    for wrong in ("a.wav", b"a.wav", paths[0], 3, [3], [None]):
        with pytest.raises(TypeError):
            kaldi.fbank_files(wrong)
    for given in ({"errors": "ignore"}, {"channel": 0.5}, {"num_mel_bins": 0}, {"sample_frequency": 0.5, "resample": True}, {"frame_shift": 1e99}):
        with pytest.raises(ValueError):
            kaldi.fbank_files(paths, **({"errors": "return"} | given))
    with pytest.raises(TypeError, match="num_bins"):
        kaldi.fbank_files(paths, num_bins=80)
    with pytest.raises(FileNotFoundError):
        kaldi.fbank_files(["a\0b"])
    assert kaldi.fbank_files([]) == []


def test_other_threads_go_on(paths):
    """The interpreter's lock is free: another thread counts meanwhile."""
    counted, stop = [0], threading.Event()

    def count():
        while not stop.is_set():
            counted[0] += 1

    thread = threading.Thread(target=count)
    thread.start()
    try:
        before = counted[0]
        kaldi.fbank_files(paths * 50)
        assert counted[0] - before > 1000
    finally:
        stop.set()
        thread.join()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("progress", ["None", "lambda done, total: None"])
def test_keyboard_interrupt(paths, progress):
    code = (
        "import sys, auralis_dsp\n"
        "print('ready', flush=True)\n"
        f"try: auralis_dsp.fbank_files(sys.argv[1:] * 100000, progress={progress})\n"
        "except KeyboardInterrupt: print('interrupted', flush=True)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code, *map(str, paths)], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "ready\n"
    time.sleep(0.3)
    begin = time.monotonic()
    child.send_signal(signal.SIGINT)
    assert child.communicate(timeout=30)[0] == "interrupted\n"
    assert time.monotonic() - begin < 10
