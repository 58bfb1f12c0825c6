import { extract, featureKind } from '@dsp/features'
import { describe, expect, it } from 'vitest'
import { type DiagnosableKind, extractFrontEnd, frontEndOf } from '../src/index.js'

/** Speech-like noise: slowly modulated, with a tilt, so that every filter sees more than its floor. */
function sound(seconds: number, sampleRate: number): Float32Array {
  let state = 7
  let last = 0
  return Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    last = 0.6 * last + (state / 2 ** 32 - 0.5)
    return 0.2 * last * (1.1 + Math.sin(i / 3000)) + 0.05 * Math.sin(i / 9) + 0.01
  })
}

/** float32 transforms of NeMo's and Kaldi's functions, and the rounding of their tables. */
const TOLERANCE = 2e-3

const cases: [DiagnosableKind, object, number][] = [
  ['fbank', {}, 16000],
  ['fbank', { preset: 'lhotse', precision: 'float64' }, 16000],
  ['fbank', { preset: 'sherpa-nemo' }, 16000],
  [
    'fbank',
    { numMelBins: 40, useEnergy: true, rawEnergy: false, windowType: 'hamming', usePower: false, vtlnWarp: 1.1 },
    16000,
  ],
  [
    'fbank',
    { useEnergy: true, htkCompat: true, removeDcOffset: false, roundToPowerOfTwo: false, subtractMean: true },
    8000,
  ],
  ['mfcc', { numCeps: 13, numMelBins: 40, useEnergy: true }, 16000],
  ['mel', { nFft: 512, hopLength: 128, nMels: 40, htk: true, norm: null, fmax: 7000 }, 16000],
  ['mel', { nFft: 1024, winLength: 800, hopLength: 256, center: true, padMode: 'reflect', power: 1 }, 22050],
  ['mel-mfcc', { nMfcc: 20, lifter: 22 }, 22050],
  ['whisper', { chunkLength: null }, 16000],
  ['nemo', { features: 80, padTo: 0 }, 16000],
  [
    'nemo',
    {
      features: 128,
      nWindowSize: 400,
      nFft: 512,
      padTo: 0,
      normalize: 'none',
      preemph: null,
      logZeroGuardType: 'clamp',
    },
    16000,
  ],
]

describe('front ends', () => {
  it.each(cases)('%s with %o is what the package computes', (kind, options, sampleRate) => {
    const audio = { samples: sound(2, sampleRate), sampleRate }
    const { values } = extract(kind, audio, options as never)
    const isFramesFirst = featureKind(kind).orientation[0] === 'frames'
    const [frames, bins] = isFramesFirst ? values.shape : [...values.shape].reverse()
    const ours = extractFrontEnd(audio, frontEndOf(kind, options, sampleRate))
    expect(ours.bins).toBe(bins)
    // NeMo's last column is padding.
    expect(frames! - ours.frames).toBe(kind === 'nemo' ? 1 : 0)
    let worst = 0
    for (let f = 0; f < ours.frames; f++) {
      for (let b = 0; b < bins!; b++) {
        const theirs = isFramesFirst ? values.data[f * bins! + b]! : values.data[b * frames! + f]!
        worst = Math.max(worst, Math.abs(theirs - ours.data[f * bins! + b]!) / Math.max(1, Math.abs(theirs) / 10))
      }
    }
    expect(worst).toBeLessThan(TOLERANCE)
  })
})
