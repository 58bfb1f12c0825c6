"""Threads, the interpreter's lock, memory, forks."""

import multiprocessing
import threading
import time

import numpy as np
import pytest

import auralis_dsp
from conftest import synthetic

Y = np.stack([synthetic(), synthetic()[::-1], synthetic() ** 2])


def audio(y):
    """The signal, if it is one."""
    auralis_dsp.yin(y, fmin=200, fmax=2000, frame_length=512)
    return y


#: One call of every function, as small as it makes sense.
CALLS = {
    "stft": lambda y: auralis_dsp.stft(y, n_fft=512),
    "istft": lambda y: auralis_dsp.istft(auralis_dsp.stft(y, n_fft=512)),
    "hpss": lambda y: auralis_dsp.hpss(y, n_fft=512),
    "harmonic": lambda y: auralis_dsp.harmonic(y, n_fft=512),
    "percussive": lambda y: auralis_dsp.percussive(y, n_fft=512),
    "decompose.hpss": lambda y: auralis_dsp.decompose.hpss(auralis_dsp.stft(y, n_fft=512)),
    "softmask": lambda y: auralis_dsp.softmask(audio(y) ** 2, audio(y)[..., ::-1] ** 2),
    "yin": lambda y: auralis_dsp.yin(y, fmin=200, fmax=2000, frame_length=512),
    "pyin": lambda y: auralis_dsp.pyin(y, fmin=200, fmax=800, frame_length=512, resolution=0.5),
    "cqt": lambda y: auralis_dsp.cqt(y, n_bins=24, fmin=1000),
    "vqt": lambda y: auralis_dsp.vqt(y, n_bins=24, fmin=1000, intervals="ji3"),
    "hybrid_cqt": lambda y: auralis_dsp.hybrid_cqt(y, n_bins=24, fmin=1000),
    "pseudo_cqt": lambda y: auralis_dsp.pseudo_cqt(y, n_bins=24, fmin=1000),
    "icqt": lambda y: auralis_dsp.icqt(auralis_dsp.cqt(y, n_bins=24, fmin=1000), fmin=1000),
    "chroma_stft": lambda y: auralis_dsp.chroma_stft(y=y, n_fft=512),
    "chroma_cqt": lambda y: auralis_dsp.chroma_cqt(y=y, n_octaves=2, fmin=1000),
    "chroma_cens": lambda y: auralis_dsp.chroma_cens(y=y, n_octaves=2, fmin=1000),
    "chroma_vqt": lambda y: auralis_dsp.chroma_vqt(y=y, n_octaves=2, fmin=1000, intervals="ji3"),
    "tonnetz": lambda y: auralis_dsp.tonnetz(y=y, n_octaves=2, fmin=1000),
    "melspectrogram": lambda y: auralis_dsp.melspectrogram(y=y, n_fft=512, n_mels=20),
    "mfcc": lambda y: auralis_dsp.mfcc(y=y, n_fft=512, n_mels=20),
    "piptrack": lambda y: auralis_dsp.piptrack(y=y, n_fft=512),
    "estimate_tuning": lambda y: auralis_dsp.estimate_tuning(y=y, n_fft=512),
}


def arrays(result):
    return [np.asarray(part) for part in (result if isinstance(result, tuple) else (result,))]


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_threads_give_the_same_bytes(name, dtype):
    y = Y.astype(dtype)
    results = []
    for threads in (1, 2, 5, None):
        auralis_dsp.set_num_threads(threads)
        results.append([part.tobytes() for part in arrays(CALLS[name](y))])
    assert all(result == results[0] for result in results[1:])


def test_number_of_threads():
    auralis_dsp.set_num_threads(3)
    assert auralis_dsp.get_num_threads() == 3
    auralis_dsp.set_num_threads(0)
    assert auralis_dsp.get_num_threads() >= 1
    with pytest.raises(ValueError):
        auralis_dsp.set_num_threads(-1)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.filterwarnings("ignore:n_fft=2048")
def test_memory_is_flat(name):
    """10,000 calls on a short sound (of some functions; 300 of the others), and some wrong ones: the process does not
    grow."""
    auralis_dsp.set_num_threads(1)
    y = synthetic()[:600].astype(np.float64)
    wrong = np.full(600, np.nan)
    call = CALLS[name]

    def work(times):
        for i in range(times):
            call(y)
            if i % 4 == 0:
                with pytest.raises(ValueError):
                    call(wrong)

    calls = 10_000 if name in ("stft", "istft", "decompose.hpss", "yin", "melspectrogram") else 300
    work(calls // 4)
    before = resident()
    work(calls)
    assert resident() - before < 4 << 20


def resident() -> int:
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * 4096
    except OSError:
        pytest.skip("no /proc")


def test_the_lock_is_released():
    """While one thread computes, another runs Python."""
    auralis_dsp.set_num_threads(1)
    y = np.tile(synthetic(), 200)
    counts = []
    done = threading.Event()

    def count():
        n = 0
        while not done.is_set():
            n += 1
            time.sleep(0.001)
        counts.append(n)

    thread = threading.Thread(target=count)
    thread.start()
    start = time.perf_counter()
    for _ in range(3):
        auralis_dsp.stft(y)
    seconds = time.perf_counter() - start
    done.set()
    thread.join()
    assert counts[0] > seconds * 1000 / 20


def _child(connection):
    connection.send(auralis_dsp.stft(Y).tobytes())
    connection.close()


def test_a_forked_child_has_threads_of_its_own():
    if "fork" not in multiprocessing.get_all_start_methods():
        pytest.skip("no fork here")
    auralis_dsp.set_num_threads(2)
    expected = auralis_dsp.stft(Y).tobytes()
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    process = context.Process(target=_child, args=(there,))
    process.start()
    assert here.poll(30), "the child hangs"
    assert here.recv() == expected
    process.join()
