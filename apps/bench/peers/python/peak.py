"""Calls one of librosa's functions once and prints how much memory that took at most, in MiB.

usage: peak.py FUNCTION SAMPLES.f32 OPTIONS.json
"""

import json
import resource
import sys

import librosa
import numpy as np

name, path, options = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
function = librosa
for part in name.split("."):
    function = getattr(function, part)
x = np.fromfile(path, dtype="float32")


def most_mib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


# What is compiled or imported at the first call does not count.
short = x[:22050]
_ = function(y=short, **options) if name.startswith("feature.") else function(short, **options)
before = most_mib()
_ = function(y=x, **options) if name.startswith("feature.") else function(x, **options)
print(json.dumps({"before": before, "peak": most_mib()}))
