import type { FrontEnd } from '../../front-end.js'
import { type Core, number } from './values.js'

const PAD_MODES = {
  snip: null,
  mirror: 'symmetric',
  reflect: 'reflect',
  constant: 'constant',
  end: 'constant',
} as const

/** Cuts `x` into `frames`, `[frames, frameLength]`. */
function cutting({ padding, frameLength: L, frameShift: S, fftLength }: FrontEnd): string[] {
  const mode = PAD_MODES[padding]
  const windows = `np.lib.stride_tricks.sliding_window_view(x, ${L})[::${S}]`
  if (mode === null) return [`frames = ${windows}`]
  const isCentred = padding === 'reflect' || padding === 'constant'
  const lead =
    padding === 'mirror'
      ? Math.floor(L / 2) - Math.floor(S / 2)
      : isCentred
        ? Math.floor(fftLength / 2) - Math.floor((fftLength - L) / 2)
        : 0
  const count = {
    mirror: `(len(x) + ${Math.floor(S / 2)}) // ${S}`,
    reflect: `1 + len(x) // ${S}`,
    constant: `1 + len(x) // ${S}`,
    end: `1 + max(0, -((${L} - len(x)) // ${S}))`,
  }[padding as Exclude<FrontEnd['padding'], 'snip'>]
  return [
    `count = ${count}`,
    `right = max(0, (count - 1) * ${S} + ${L - lead} - len(x))`,
    `x = np.pad(x, (${Math.max(lead, 0)}, right), mode='${mode}')${lead < 0 ? `[${-lead}:]` : ''}`,
    `frames = ${windows}[:count]`,
  ]
}

/** Sets `window`. */
export function windowLines({ window, periodic, frameLength: L }: FrontEnd): string[] {
  if (window === 'rectangular') return [`window = np.ones(${L})`]
  const turn = `turn = 2 * np.pi * np.arange(${L}) / ${periodic ? L : L - 1}`
  const values = {
    hann: '0.5 - 0.5 * np.cos(turn)',
    povey: '(0.5 - 0.5 * np.cos(turn)).clip(0) ** 0.85',
    hamming: '0.54 - 0.46 * np.cos(turn)',
    blackman: '0.42 - 0.5 * np.cos(turn) + 0.08 * np.cos(2 * turn)',
    sine: 'np.sin(turn / 2)',
    bartlett: '1 - np.abs(turn / np.pi - 1)',
  }[window]
  return [turn, `window = ${values}`]
}

/** Sets `filters`, `[filters, bins]`, by the definitions. */
export function filterLines(frontEnd: FrontEnd): string[] {
  const { melScale, melNorm, triangles, lowFreq, highFreq, numBins, fftLength, sampleRate, vtlnWarp } = frontEnd
  const scale =
    melScale === 'htk'
      ? ['mel = lambda f: 2595 * np.log10(1 + f / 700)', 'hertz = lambda m: 700 * (10 ** (m / 2595) - 1)']
      : [
          'step = np.log(6.4) / 27',
          'mel = lambda f: np.where(f < 1000, 3 * f / 200, 15 + np.log(np.maximum(f, 1000) / 1000) / step)',
          'hertz = lambda m: np.where(m < 15, 200 * m / 3, 1000 * np.exp(step * (m - 15)))',
        ]
  const bins = `np.arange(${Math.floor(fftLength / 2) + 1})`
  const corners = {
    hertz: ['edges, at = corners, frequencies'],
    symmetric: ['edges, at = corners, frequencies'],
    mel: ['edges, at = mel(corners), mel(frequencies)'],
    bins: [
      `edges, at = np.floor(${fftLength + 1} * corners / ${number(sampleRate)}), ${bins}  # corners at whole bins`,
    ],
  }[triangles]
  const right = triangles === 'symmetric' ? '2 * centre - left' : 'edges[2:, None]'
  const norm = {
    none: [],
    slaney: ['filters *= 2 / (corners[2:] - corners[:-2])[:, None]'],
    sum: ['filters /= np.maximum(filters.sum(axis=1, keepdims=True), 5e-324)'],
  }[melNorm]
  return [
    ...scale,
    `corners = hertz(np.linspace(mel(${number(lowFreq)}), mel(${number(highFreq)}), ${numBins + 2}))`,
    ...(vtlnWarp === 1 ? [] : warpLines(frontEnd)),
    `frequencies = ${bins} * ${number(sampleRate)} / ${fftLength}`,
    ...corners,
    `left, centre = edges[:-2, None], edges[1:-1, None]`,
    `right = ${right}`,
    "with np.errstate(divide='ignore', invalid='ignore'):",
    '    filters = np.minimum((at - left) / (centre - left), (right - at) / (right - centre))',
    'filters = np.where((at == centre) & (at < right), 1, np.nan_to_num(filters, posinf=0, neginf=0).clip(0))',
    ...norm,
  ]
}

/** Kaldi's vocal tract warp. */
function warpLines({ vtlnWarp, lowFreq, highFreq, sampleRate }: FrontEnd): string[] {
  const low = number(100 * Math.max(vtlnWarp, 1))
  const high = number((sampleRate / 2 - 500) * Math.min(vtlnWarp, 1))
  const warp = number(vtlnWarp)
  const [l, h] = [number(lowFreq), number(highFreq)]
  return [
    "# Kaldi's vocal tract warp",
    'corners = np.select(',
    `    [(corners < ${l}) | (corners > ${h}), corners < ${low}, corners < ${high}],`,
    '    [',
    '        corners,',
    `        ${l} + (${low} / ${warp} - ${l}) / (${low} - ${l}) * (corners - ${l}),`,
    `        corners / ${warp},`,
    '    ],',
    `    ${h} + (${h} - ${high} / ${warp}) / (${h} - ${high}) * (corners - ${h}),`,
    ')',
  ]
}

/** Up to the filters' energies in numpy, for what a library's own functions cannot do; `filters` sets `filters`. */
export function framesCore(frontEnd: FrontEnd, filters: readonly string[], imports: readonly string[]): Core {
  const { dither, gain, dcOffset, framePreemphasis: c, preemphasisTimes, fftLength, spectrum, numBins } = frontEnd
  const emphasis = `frames = np.column_stack([frames[:, 0] * (1 - ${number(c)}), frames[:, 1:] - ${number(c)} * frames[:, :-1]])`
  const energy = frontEnd.energyColumn === 'none' ? [] : ['energy = (frames**2).sum(axis=1)']
  return {
    imports,
    gives: 'energies',
    lines: [
      ...cutting(frontEnd),
      ...(dither === 0
        ? []
        : [`frames = frames + ${number(dither * Math.abs(gain))} * np.random.standard_normal(frames.shape)`]),
      ...(dcOffset === 'frame' ? ['frames = frames - frames.mean(axis=1, keepdims=True)'] : []),
      ...(frontEnd.rawEnergy ? energy : []),
      ...(c === 0 ? [] : new Array<string>(preemphasisTimes).fill(emphasis)),
      ...windowLines(frontEnd),
      'frames = frames * window',
      ...(frontEnd.rawEnergy ? [] : energy),
      `features = np.abs(np.fft.rfft(frames, ${fftLength}))${spectrum === 'power' ? ' ** 2' : ''}`,
      ...(numBins === 0 ? [] : [...filters, 'features = features @ filters.T']),
    ],
  }
}
