"""Calls one function of a module once and prints how much memory that took at most, in MiB.

usage: peak.py MODULE FUNCTION SAMPLES.f32 OPTIONS.json      (MODULE is librosa or auralis_dsp)
"""

import importlib
import json
import resource
import sys

import numpy as np

module, name, path, options = sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4])
function = importlib.import_module(module)
for part in name.split("."):
    function = getattr(function, part)
x = np.fromfile(path, dtype="float32")


def call(y):
    return function(y=y, **options) if name.startswith("feature.") else function(y, **options)


def most_mib():
    """Since forget(). Linux counts what the parent process had been before this program into ru_maxrss."""
    try:
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) // 1024 for line in file if line.startswith("VmHWM"))
    except OSError:
        pass
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // 2**20 if sys.platform == "darwin" else most // 1024


def forget():
    """Sets the mark to what is resident now, where the system can."""
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass


if module == "auralis_dsp":
    importlib.import_module(module).set_num_threads(1)
# What is compiled or imported at the first call does not count.
_ = call(x[:22050])
forget()
before = most_mib()
_ = call(x)
print(json.dumps({"before": before, "peak": most_mib()}))
