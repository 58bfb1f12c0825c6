"""asrfront: C kernels for the features of speech recognizers."""

from importlib.metadata import version

from peers import peer, samples


def described():
    from asrfront import _ext

    return f"{version('asrfront')} ({_ext.kernel_isa()})"


@peer("whisper:asrfront")
def whisper_asrfront(params, threads):
    from asrfront import whisper

    x = samples(params)
    return described(), lambda: whisper.log_mel(x, n_mels=params["mels"], pad_or_trim=False), lambda value: value


@peer("fbank:asrfront")
def fbank_asrfront(params, threads):
    from asrfront import sensevoice

    # One thread: only its batch forms take more.
    x = samples(params)
    return described(), lambda: sensevoice.fbank_raw(x, n_mels=params["bins"]), lambda value: value
