"""Makes the doctor's benchmark: references with known faults, by torchaudio, librosa, kaldi-native-fbank, transformers and numpy.

    python generate.py OUT --split dev [--data ../shared/data]

writes OUT/cases.json, OUT/refs/*.npy and OUT/clips/*. What is drawn depends on the split's seed alone. The packages are those of
peers/python/requirements.txt, with lame for the lossy files.
"""

import argparse
import json
import pathlib
import time
import zlib

import numpy as np

import bases
import clips
import faults
import libraries
import numpy_front_end as plain

SEEDS = {'dev': 20261127, 'held-out': 8141592}
SIZES = {
    'dev': {'single': 150, 'pair': 60, 'triple': 60, 'equal': 100, 'long': 6},
    'held-out': {'single': 300, 'pair': 150, 'triple': 100, 'equal': 500, 'long': 10},
}
CLIPS = {'speech': 26, 'speech-8k': 3, 'music': 8, 'stereo': 8, 'mp3': 6, 'long': 2}
# Below this, a fault changes no value: it cannot be told. For spectra without a logarithm, as a part of their spread: loud ones have no
# more digits in float32.
TELLS = 1e-3
# What a library's float32 may differ from numpy's float64 by, as a part of the values' spread.
AGREES = 2e-3
KINDS = ['fbank', 'fbank', 'fbank', 'mfcc', 'mel', 'mel-mfcc', 'whisper', 'nemo']


class Case:
    """What a fault sees when it is drawn."""

    def __init__(self, rng, kind, name, pool, varied=False):
        self.kind, self.name = kind, name
        self.channels, self.rate = pool[name]
        self.is_lossy = name.endswith('.mp3')
        self.options, self.ours, self.tail = bases.draw(rng, kind, self.rate, varied)
        self.fe, self.axes = dict(self.ours), bases.AXES[kind]
        self.layout = {**faults.LAYOUT, 'axes': self.axes}
        self.faults = []

    def apply(self, cause, settings):
        """Applies a fault; false if it changes nothing."""
        target = self.layout if cause == 'layout' else self.fe
        if all(target[k] == v for k, v in settings.items()):
            return False
        target.update(settings)
        self.faults.append({'id': cause, 'settings': settings})
        return True

    def undone(self, fault):
        """The front end without one fault."""
        return {**self.fe, **{k: self.ours[k] for k in fault['settings']}}


def name_for(rng, group, cause, pool):
    """A clip that the cause can be told on."""
    names = [n for n in sorted(pool) if n.startswith('long') == (group == 'long')]
    wanted = {
        'channel': lambda n: n.startswith('stereo'),
        'decoder-delay': lambda n: n.endswith('.mp3'),
        'resampler': lambda n: pool[n][1] > 22050,
    }.get(cause, lambda n: not n.endswith('.mp3') and (n.startswith('speech-') and '8k' not in n or rng.random() < 0.35))
    fitting = [n for n in names if wanted(n)] or names
    return fitting[int(rng.integers(len(fitting)))]


def kind_for(rng, causes, rate):
    kinds = KINDS
    if 'dct' in causes:
        kinds = ['mfcc', 'mfcc', 'mel-mfcc']
    if 'energy-column' in causes:
        kinds = ['fbank', 'mfcc']
    if 'vtln' in causes:
        kinds = ['fbank', 'fbank', 'mfcc']
    if 'resampler' in causes and 'nemo' not in causes:
        kinds = ['fbank', 'whisper', 'nemo', 'mfcc']
    if 'decoder-delay' in causes:
        kinds = ['fbank', 'mfcc', 'mel']
    if rate < 16000:
        kinds = [k for k in kinds if k not in ('whisper', 'nemo')]
    return kinds[int(rng.integers(len(kinds)))]


def extracted(case, fe, seed):
    return plain.extract(case.channels, case.rate, fe, case.tail, seed)


def change(case, fault, reference, seed):
    """`(max, rms)` of what undoing one fault changes; None where it is another shape or order, which tells without a look at values."""
    if fault['id'] == 'layout':
        if 'dtype' not in fault['settings']:
            return None
        d = laid_out(reference, {**faults.LAYOUT, **fault['settings']}) - reference
        return float(np.abs(d).max()), float(np.sqrt((d**2).mean()))
    without = extracted(case, case.undone(fault), seed)
    if without.shape != reference.shape:
        return None
    d = without - reference
    return float(np.abs(d).max()), float(np.sqrt((d**2).mean()))


def equivalents(fault):
    """Other causes that would give the very same features, where no rule says which of them it is."""
    return ['sample-scale'] if fault['settings'].get('channel') == 'sum' else []


def laid_out(values, layout):
    """The reference as it lies in the file."""
    out = np.concatenate([np.zeros((layout['before'], values.shape[1])), values, np.zeros((layout['after'], values.shape[1]))])
    if layout['reversed']:
        out = out[:, ::-1]
    if layout['axes'] == 'bins-frames':
        out = out.T
    if layout['dtype'] == 'bfloat16':
        import torch

        return torch.from_numpy(np.ascontiguousarray(out)).bfloat16().float().numpy()
    out = np.ascontiguousarray(out).astype(layout['dtype'])
    return out.byteswap() if layout['swapped'] else out


def reference_of(rng, case, seed):
    """The features by a library that can compute them, drawn at random, else by numpy; checked against numpy's either way."""
    exact = extracted(case, case.fe, seed)
    names = list(libraries.LIBRARIES)
    own = [n for n in names if n.startswith('transformers W') or n.startswith('transformers P')]
    order = own + [n for n in rng.permutation([n for n in names if n not in own])]
    for name, values in libraries.forms(case.channels, case.rate, case.fe, case.tail, [str(n) for n in order]):
        spread = max(1.0, float(exact.std()))
        off = float(np.abs(values - exact).max()) if values.shape == exact.shape else np.inf
        if off > AGREES * spread:
            # Float32 has no more digits in loud linear spectra, or where the window leaves next to nothing of a quiet bin.
            if values.shape != exact.shape or np.sqrt(((values - exact) ** 2).mean()) > AGREES * spread:
                raise AssertionError(f'{name} and numpy disagree by {off}: {case.fe}')
        return exact, np.asarray(values, dtype=np.float64), name
    return exact, exact, 'numpy'


def draw_faults(rng, case, causes):
    for cause in causes:
        for _ in range(6):
            settings = faults.FAULTS[cause](rng, case)
            if settings and None not in [v for k, v in settings.items() if k != 'topDb'] and case.apply(cause, settings):
                break
        else:
            return False
    fe = case.fe
    return fe['fftLength'] >= fe['frameLength'] and 0 <= fe['lowFreq'] < fe['highFreq'] <= fe['sampleRate'] / 2 and fe['numCeps'] <= fe['numBins']


def build(rng, group, causes, pool, seed):
    """One case, or None if the causes cannot be had together."""
    leading = next((c for c in causes if c in ('decoder-delay', 'channel', 'resampler')), causes[0] if causes else '')
    name = name_for(rng, group, leading, pool)
    case = Case(rng, kind_for(rng, causes, pool[name][1]), name, pool, varied=group == 'equal')
    if not draw_faults(rng, case, causes):
        return None
    if group == 'equal' and rng.random() < 0.1:
        # A reversed polarity changes no feature: nothing may be named.
        case.fe['gain'] = -1.0
    if group == 'equal' and rng.random() < 0.1:
        case.layout['dtype'] = 'float64'
    exact, values, made = reference_of(rng, case, seed)
    if not np.isfinite(values).all() or min(values.shape) < 2 or float(values.std()) < 1e-6:
        return None
    if case.layout['dtype'] == 'float16' and np.abs(values).max() > np.finfo(np.float16).max:
        return None
    for fault in case.faults:
        changed = change(case, fault, exact, seed)
        fault['change'] = None if changed is None else {'max': changed[0], 'rms': changed[1]}
        fault['told'] = changed is None or changed[0] > TELLS * (max(1.0, float(exact.std())) if case.fe['log'] == 'none' else 1.0)
        fault['equivalents'] = equivalents(fault)
    if causes and not any(f['told'] for f in case.faults):
        return None
    return case, values, made


def written(folder, identity, group, case, values, made, seed):
    reference = laid_out(values, case.layout)
    np.save(folder / 'refs' / f'{identity}.npy', reference)
    return {
        'id': identity, 'group': group, 'kind': case.kind, 'options': case.options, 'audio': f'clips/{case.name}', 'rate': case.rate,
        'seconds': round(case.channels.shape[1] / case.rate, 2), 'reference': f'refs/{identity}.npy', 'shape': list(reference.shape),
        'made': made, 'ours': case.ours, 'theirs': case.fe, 'layout': case.layout, 'tail': case.tail, 'faults': case.faults,
    }  # fmt: skip


def causes_for(rng, group, i):
    ids = list(faults.FAULTS)
    if group == 'equal':
        return []
    if group == 'single':
        return [ids[i % len(ids)]]
    count = 2 if group == 'pair' else 3
    while True:
        # Every cause comes up equally often.
        chosen = [ids[i % len(ids)], *[str(c) for c in rng.choice(ids, count - 1, replace=False)]]
        if len(set(chosen)) == count and faults.together(chosen):
            # In the order of the pipeline, so that each is drawn for what those before it made.
            return sorted(chosen, key=ids.index)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('out', type=pathlib.Path)
    parser.add_argument('--split', choices=list(SEEDS), default='dev')
    parser.add_argument('--data', type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[4] / 'shared/data')
    parser.add_argument('--scale', type=float, default=1.0, help='a part of the cases, for a try')
    given = parser.parse_args()
    started = time.time()
    rng = np.random.default_rng(SEEDS[given.split])
    (given.out / 'refs').mkdir(parents=True, exist_ok=True)
    pool = clips.make(given.out / 'clips', given.data, given.split, rng, CLIPS)
    cases, skipped = [], 0
    for group, size in SIZES[given.split].items():
        for i in range(int(np.ceil(size * given.scale))):
            identity = f'{given.split}-{group}-{i:03}'
            seed = zlib.crc32(identity.encode())
            for attempt in range(60):
                # A generator of its own for each case: one more draw in one case changes no other.
                draw = np.random.default_rng([seed, attempt])
                built = build(draw, group, causes_for(draw, group, i), pool, seed)
                if built:
                    break
            else:
                skipped += 1
                print(f'{identity}: nothing that can be told')
                continue
            cases.append(written(given.out, identity, group, *built, seed))
    versions = {name: __import__(name).__version__ for name in ('numpy', 'torch', 'torchaudio', 'librosa', 'transformers', 'soxr')}
    (given.out / 'cases.json').write_text(json.dumps({'split': given.split, 'versions': versions, 'cases': cases}, indent=1))
    made = {}
    for case in cases:
        made[case['made']] = made.get(case['made'], 0) + 1
    print(f'{len(cases)} cases in {time.time() - started:.0f} s, {skipped} left out; made by {made}')


if __name__ == '__main__':
    main()
