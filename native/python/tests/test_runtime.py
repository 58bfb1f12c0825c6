"""Threads, the interpreter's lock, memory, forks."""

import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import auralis_dsp
from calls import CALLS
from conftest import synthetic

Y = np.stack([synthetic(), synthetic()[::-1], synthetic() ** 2])


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
    """Many calls on a short sound, and some wrong ones: the process does not grow. scripts/memory.py makes 10,000 of each."""
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

    work(200)
    before = resident()
    work(500)
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


def test_a_panic_is_an_ordinary_exception():
    for threads in (1, 3):
        auralis_dsp.set_num_threads(threads)
        with pytest.raises(RuntimeError, match="asked to; please report it"):
            auralis_dsp._native._fail()


def test_errors_reach_the_parent_of_a_pool():
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        with pytest.raises(RuntimeError, match="asked to"):
            pool.apply_async(auralis_dsp._native._fail).get(60)
        with pytest.raises(auralis_dsp.ParameterError, match="fmin") as error:
            pool.apply_async(auralis_dsp.yin, (Y[0],), {"fmin": 500, "fmax": 400}).get(60)
    assert isinstance(error.value, auralis_dsp.DspError)
    assert repr(pickle.loads(pickle.dumps(error.value))) == repr(error.value)


@pytest.mark.parametrize(("said", "expected"), [("3", "3"), ("0", None), ("many", None), (None, None)])
def test_the_environment_says_how_many_threads(said, expected):
    environment = {name: value for name, value in os.environ.items() if name != "RAYON_NUM_THREADS"}
    environment |= {} if said is None else {"RAYON_NUM_THREADS": said}
    code = (
        "import auralis_dsp as a; print(a.get_num_threads());"
        "a.set_num_threads(5); print(a.get_num_threads()); a.set_num_threads(0); print(a.get_num_threads())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    expected = expected or str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count())
    assert done.stdout.split() == [expected, "5", expected], done.stderr


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
