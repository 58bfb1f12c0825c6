"""Times the first layer in PyTorch on one thread: conv1d with ready filters, and SpeechBrain's SincConv where it is installed."""

import time

import torch

torch.set_num_threads(1)


def median(call):
    times = []
    for _ in range(60):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1e3)
    return sorted(times)[30], min(times)


with torch.inference_mode():
    for batch in (1, 32):
        x = torch.randn(batch, 1, 48000)
        for name, filters in (("real", 80), ("pairs", 160)):
            h = torch.randn(filters, 1, 251)

            def run():
                y = torch.nn.functional.conv1d(x, h, stride=160)
                return y if filters == 80 else torch.log(y[:, :80] ** 2 + y[:, 80:] ** 2 + 1e-6)

            print(f"conv1d, {name}, {batch} x 3 s: %.3f ms (best %.3f)" % median(run))
        try:
            from speechbrain.nnet.CNN import SincConv
        except ImportError:
            print("no speechbrain")
        else:
            layer = SincConv(input_shape=(batch, 48000), out_channels=80, kernel_size=251, stride=160, padding="valid")
            print(f"SpeechBrain, {batch} x 3 s: %.3f ms (best %.3f)" % median(lambda: layer(x[:, 0])))
