"""The Python peers of the benchmark, in one process that answers lines of JSON.

  {"op": "prepare", "peer": NAME, "params": {...}, "folder": DIR, "threads": N}
      -> {"handle", "version", "firstNs", "shape", "dtype", "path"} or {..., "texts"} or {"absent": why} or {"error": why}
  {"op": "run", "handle": H, "iterations": K} -> {"ns", "cpu"}: wall-clock and processor time of all K together
  {"op": "drop", "handle": H} -> {}
"""

import gc
import itertools
import json
import os
import sys
import time
import traceback

# Libraries may print: what they print must not come between the answers.
ANSWERS = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import numpy as np  # noqa: E402  (after the redirection)

import asr_frontends  # noqa: E402, F401  (registers its peers, as do the next)
import kaldi_features  # noqa: E402, F401
import music  # noqa: E402, F401
import peers  # noqa: E402
import q15  # noqa: E402, F401
import speaker  # noqa: E402, F401
import whisper_text  # noqa: E402, F401

HANDLES = {}
COUNTER = itertools.count(1)


def prepare(request):
    make = peers.PEERS[request["peer"]]
    try:
        version, work, result = make(request["params"], request.get("threads") or os.cpu_count())
    except ImportError as error:
        return {"absent": str(error)}
    start = time.perf_counter_ns()
    made = work()
    first = time.perf_counter_ns() - start
    value = result(made)
    handle = next(COUNTER)
    HANDLES[handle] = work
    known = {"handle": handle, "version": version, "firstNs": first}
    if isinstance(value, list):
        return {**known, "shape": [len(value)], "dtype": "float32", "texts": value}
    value = np.ascontiguousarray(value)
    path = os.path.join(request["folder"], f"python-{os.getpid()}-{handle}.raw")
    value.tofile(path)
    return {**known, "shape": value.shape, "dtype": str(value.dtype), "path": path}


def run(request):
    work = HANDLES[request["handle"]]
    iterations = request["iterations"]
    gc.collect()
    gc.disable()
    try:
        cpu = time.process_time_ns()
        start = time.perf_counter_ns()
        for _ in range(iterations):
            work()
        return {"ns": time.perf_counter_ns() - start, "cpu": time.process_time_ns() - cpu}
    finally:
        gc.enable()


def drop(request):
    del HANDLES[request["handle"]]
    gc.collect()
    return {}


OPERATIONS = {"prepare": prepare, "run": run, "drop": drop}

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = OPERATIONS[request["op"]](request)
    except Exception:
        answer = {"error": traceback.format_exc(limit=-3)}
    ANSWERS.write(json.dumps(answer) + "\n")
    ANSWERS.flush()
