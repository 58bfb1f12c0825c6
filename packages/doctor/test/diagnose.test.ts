import { readFileSync } from 'node:fs'
import { decodeAudioSync } from '@dsp/audio'
import { tensor } from '@dsp/tensor'
import { describe, expect, test } from 'vitest'
import {
  type CauseId,
  type DiagnosableKind,
  diagnose,
  extractFrontEnd,
  type FrontEnd,
  frontEndOf,
} from '../src/index.js'

const file = readFileSync(new URL('../../../apps/asr/demo/pittsburgh.wav', import.meta.url))
const audio = decodeAudioSync(file, { mono: true })

/** More than any of these takes, however busy the machine: what is found must not depend on that. */
const timeLimit = 200

/** Features of the recording by another front end than ours, as that kind has them. */
function theirs(kind: DiagnosableKind, options: object, change: Partial<FrontEnd>, isReversed = false) {
  const { data, frames, bins } = extractFrontEnd(audio, { ...frontEndOf(kind, options, audio.sampleRate), ...change })
  if (kind === 'nemo') {
    const at = (i: number) => data[(i % frames) * bins + Math.floor(i / frames)]!
    return tensor(
      Float32Array.from({ length: frames * bins }, (_, i) => at(i)),
      [bins, frames],
    )
  }
  if (isReversed) for (let f = 0; f < frames; f++) data.subarray(f * bins, (f + 1) * bins).reverse()
  return tensor(Float32Array.from(data), [frames, bins])
}

/** What is said of features by another front end than ours, and the causes in the order of their names. */
async function diagnosed(kind: DiagnosableKind, options: object, change: Partial<FrontEnd>) {
  const found = await diagnose({ audio, reference: theirs(kind, options, change), kind, options, timeLimit })
  return { ...found, ids: found.causes.map(({ id }) => id).sort() }
}

/** Several differences at once, each set of which leads a search that takes one step at a time astray. */
const COMBINED: [string, DiagnosableKind, object, Partial<FrontEnd>, CauseId[]][] = [
  [
    'magnitudes of int32 samples with Whisper’s normalisation',
    'fbank',
    { numMelBins: 80 },
    { gain: 2 ** 31, spectrum: 'magnitude', normalisation: 'whisper' },
    ['normalisation', 'sample-scale', 'spectrum'],
  ],
  [
    'log10 of magnitudes of another transform',
    'fbank',
    { numMelBins: 80 },
    { fftLength: 400, spectrum: 'magnitude', log: 'log10' },
    ['fft-length', 'log', 'spectrum'],
  ],
  ['decibels of a transform that is not scaled', 'mfcc', {}, { log: 'dB', dctOrtho: false }, ['dct', 'log']],
  [
    'another lifter, scale and logarithm',
    'mfcc',
    { numMelBins: 80 },
    { melScale: 'slaney', triangles: 'hertz', log: 'log10', lifter: 10 },
    ['dct', 'log', 'mel-scale', 'mel-triangles'],
  ],
  [
    'filters without norm, normalised per feature',
    'nemo',
    { features: 80 },
    { melScale: 'htk', melNorm: 'sum' },
    ['mel-norm', 'mel-scale'],
  ],
]

describe('several differences at once', { timeout: 240_000 }, () => {
  test.each(COMBINED)('%s', async (_name, kind, options, change, expected) => {
    const { ids, explained } = await diagnosed(kind, options, change)
    expect(ids).toEqual(expected)
    expect(explained).toBe(true)
  })

  test('columns in the opposite order, deltas and all', async () => {
    const reference = theirs('mfcc', {}, { gain: 1 / 200, deltas: 1 }, true)
    const { causes, layout, theirs: found } = await diagnose({ audio, reference, kind: 'mfcc', timeLimit })
    expect(causes.map(({ id }) => id).sort()).toEqual(['deltas', 'layout', 'sample-scale'])
    expect(layout.reversed).toBe(true)
    expect(found.gain).toBeCloseTo(1 / 200, 8)
  })
})

describe('dither beside other differences is told by what two draws of it differ by', { timeout: 240_000 }, () => {
  test.each<[DiagnosableKind, object, Partial<FrontEnd>, CauseId[]]>([
    ['nemo', { features: 80 }, { dither: 2 ** -15, window: 'povey' }, ['dither', 'window']],
    ['fbank', { numMelBins: 80 }, { dither: 1e-4, spectrum: 'magnitude' }, ['dither', 'spectrum']],
    ['mfcc', {}, { dither: 2 ** -15, lifter: 0, deltas: 1 }, ['dct', 'deltas', 'dither']],
  ])('%s', async (kind, options, change, expected) => {
    const { ids, theirs: found } = await diagnosed(kind, options, change)
    expect(ids).toEqual(expected)
    expect(found.dither / change.dither!).toBeGreaterThan(0.75)
    expect(found.dither / change.dither!).toBeLessThan(1.34)
  })

  test('and not seen where there is none', async () => {
    const change = { window: 'hamming', lowFreq: 64, melScale: 'slaney' } as const
    const { ids } = await diagnosed('fbank', { numMelBins: 80 }, change)
    expect(ids).toEqual(['low-freq', 'mel-scale', 'window'])
  })
})
