import type { CauseId } from '../cause.js'
import type { FrontEnd } from '../front-end.js'
import { knownFrontEnds } from './known.js'

/** A change that the simulation makes: of one setting, or of all to those of a known front end. */
export interface Change {
  /** The cause, or the name of the front end. */
  readonly id: CauseId | { readonly name: string }
  readonly values: Partial<FrontEnd>
}

/** What the simulation may use of the counts. */
export interface CountFacts {
  /** Ways of framing that the counts leave open; undefined if they say nothing. */
  readonly framings: readonly Pick<FrontEnd, 'padding' | 'dropLast'>[] | undefined
  /** Samples by which audio may come later (or, if negative, earlier). */
  readonly delay: number
  /** Whether the audio came to the front end's rate from another one. */
  readonly isResampled: boolean
}

/** Every change of one setting of a front end that is tried. */
export function changesOf(base: FrontEnd, facts: CountFacts): Change[] {
  const { sampleRate: rate, highFreq } = base
  const half = rate / 2
  const all: [CauseId, Partial<FrontEnd>[]][] = [
    [
      'preemphasis',
      [
        { framePreemphasis: 0, signalPreemphasis: 0, preemphasisTimes: 1 },
        { framePreemphasis: 0.97, signalPreemphasis: 0, preemphasisTimes: 1 },
        { framePreemphasis: 0.95, signalPreemphasis: 0, preemphasisTimes: 1 },
        { framePreemphasis: 0, signalPreemphasis: 0.97, preemphasisTimes: 1 },
        ...(base.framePreemphasis + base.signalPreemphasis > 0 ? [{ preemphasisTimes: 2 as const }] : []),
      ],
    ],
    ['dc-offset', [{ dcOffset: 'none' }, { dcOffset: 'frame' }, { dcOffset: 'signal' }]],
    ['dither', [0, 1e-5, 2 ** -15, 1e-3].map((dither) => ({ dither }))],
    [
      'frame-length',
      [0.02, 0.025, 0.032]
        .map((s) => ({ frameLength: Math.round(s * rate) }))
        .filter(({ frameLength }) => frameLength <= base.fftLength),
    ],
    [
      'fft-length',
      [
        base.frameLength,
        2 ** Math.ceil(Math.log2(base.frameLength)),
        2 ** (1 + Math.ceil(Math.log2(base.frameLength))),
      ].map((fftLength) => ({ fftLength })),
    ],
    [
      'window',
      (['povey', 'hann', 'hamming', 'blackman', 'rectangular'] as const).map((window) => ({ window, periodic: false })),
    ],
    ['spectrum', [{ spectrum: 'power' }, { spectrum: 'magnitude' }]],
    [
      'mel-scale',
      [{ melScale: 'htk' }, { melScale: 'slaney', triangles: base.triangles === 'mel' ? 'hertz' : base.triangles }],
    ],
    ['mel-norm', [{ melNorm: 'none' }, { melNorm: 'slaney' }, { melNorm: 'sum' }]],
    ['mel-triangles', [{ triangles: 'hertz' }, { triangles: 'mel' }, { triangles: 'bins' }]],
    ['low-freq', [0, 20, 64, 125].map((lowFreq) => ({ lowFreq }))],
    ['high-freq', [half, half - 400, 0.85 * half, half / 2].map((to) => ({ highFreq: Math.round(to) }))],
    ['vtln', [0.9, 1, 1.1].map((vtlnWarp) => ({ vtlnWarp }))],
    ['log', (['ln', 'log10', 'log2', 'dB', 'none'] as const).map((log) => ({ log }))],
    [
      'log-floor',
      [
        { floorType: 'max', floor: 2 ** -23 },
        { floorType: 'max', floor: 1e-10 },
        { floorType: 'max', floor: 1e-5 },
        { floorType: 'add', floor: 2 ** -24 },
        { floorType: 'add', floor: 1e-6 },
        { floorType: 'add', floor: 1e-3 },
        { floorType: 'add', floor: 1 },
      ],
    ],
    [
      'normalisation',
      (['none', 'mean', 'per-feature', 'all-features', 'whisper'] as const).map((normalisation) => ({ normalisation })),
    ],
    ['snip-edges', [...(facts.framings ?? [])]],
    [
      'resampler',
      facts.isResampled ? (['torchaudio', 'soxr', 'linear'] as const).map((resampler) => ({ resampler })) : [],
    ],
    facts.delay === 0
      ? ['time-shift', [base.frameShift, -base.frameShift].map((shift) => ({ shift }))]
      : ['decoder-delay', [{ shift: facts.delay }]],
  ]
  const differs = (values: Partial<FrontEnd>) =>
    Object.entries(values).some(([key, value]) => base[key as keyof FrontEnd] !== value)
  return all.flatMap(([id, variants]) =>
    variants
      .filter(differs)
      .filter(
        (values) =>
          values.highFreq === undefined || (values.highFreq > base.lowFreq && Math.abs(values.highFreq - highFreq) > 1),
      )
      .map((values) => ({ id, values })),
  )
}

/** Every known front end that the counts allow, as a change. */
export function knownChanges(base: FrontEnd, facts: CountFacts): Change[] {
  return knownFrontEnds(base)
    .filter(({ frontEnd: { padding, dropLast } }) =>
      (facts.framings ?? [{ padding, dropLast }]).some(
        (framing) => dropLast === framing.dropLast && edges(padding) === edges(framing.padding),
      ),
    )
    .map(({ name, frontEnd: { channel, resampler, shift, ...values } }) => ({ id: { name }, values }))
}

/** Centred frames are as many whatever lies beyond the edges. */
const edges = (padding: FrontEnd['padding']) => (padding === 'constant' ? 'reflect' : padding)
