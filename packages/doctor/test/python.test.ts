import { readFileSync } from 'node:fs'
import { decodeAudio, writeWav } from '@dsp/audio'
import { extract } from '@dsp/features'
import { tensor } from '@dsp/tensor'
import { sharedData } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import {
  type DiagnosableKind,
  extractFrontEnd,
  type FrontEnd,
  frontEndOf,
  type PythonLibrary,
  pythonLibraries,
  pythonScript,
  recipes,
} from '../src/index.js'
import { kaldi, librosaMfcc, nemo, whisper } from './front-ends.js'
import { python, runScripts } from './python.js'
import { randomFrontEnd, randomOf } from './random-front-ends.js'

/** Of the features' own unit. */
const TOLERANCE = 1e-3
/** Of the values, so many are within it. */
const SHARE: Record<PythonLibrary, number> = { torchaudio: 0.999, librosa: 1, 'kaldi-native-fbank': 0.99 }
/** Of Parakeet's, computed in float32 and divided by deviations. */
const TRANSFORMERS_WORST = 1e-2
/** All are within this: torchaudio's filters are float32, and all of kaldi-native-fbank is, which shows in the quietest cells. */
const WORST = 5e-3

const speech = sharedData('speech/jfk.flac')
const hasAll = python !== undefined && speech !== undefined
if (!hasAll)
  console.warn(
    `!!! SKIPPED: scripts for torchaudio, kaldi-native-fbank and librosa were not run: ${python === undefined ? 'no Python has these libraries (apps/bench/install-peers.sh)' : '../shared/data is not there'}`,
  )

/** Front ends of our kinds, whose own functions are the reference as well. */
const KINDS: [string, DiagnosableKind, Record<string, unknown>, number][] = [
  ['fbank', 'fbank', { numMelBins: 80, highFreq: 7600 }, 16000],
  ['lhotse', 'fbank', { preset: 'lhotse' }, 16000],
  ['sherpa-nemo', 'fbank', { preset: 'sherpa-nemo' }, 16000],
  [
    'energy last, magnitude',
    'fbank',
    { numMelBins: 40, useEnergy: true, htkCompat: true, windowType: 'hamming', usePower: false, rawEnergy: false },
    16000,
  ],
  ['mfcc', 'mfcc', { numMelBins: 40, useEnergy: true, energyFloor: 0 }, 16000],
  ['mfcc at 8 kHz', 'mfcc', { numCeps: 20, cepstralLifter: 0, snipEdges: false, frameLength: 32 }, 8000],
  ['librosa mel', 'mel', { nFft: 1024, winLength: 800, hopLength: 256, padMode: 'reflect', power: 1 }, 22050],
  ['librosa mfcc', 'mel-mfcc', { lifter: 22 }, 22050],
  ['Whisper', 'whisper', { chunkLength: null }, 16000],
  ['NeMo', 'nemo', { features: 80, windowSize: 0.025, padTo: 0 }, 16000],
]

/** Other people's, and what nobody sets. */
const OTHERS: Record<string, FrontEnd> = {
  SpeechBrain: {
    ...whisper,
    dropLast: false,
    padding: 'constant',
    window: 'hamming',
    melScale: 'htk',
    melNorm: 'none',
    triangles: 'symmetric',
    log: 'dB',
    normalisation: 'mean',
  },
  python_speech_features: {
    ...kaldi,
    gain: 32768,
    dcOffset: 'none',
    framePreemphasis: 0,
    signalPreemphasis: 0.97,
    padding: 'end',
    window: 'rectangular',
    numBins: 26,
    triangles: 'bins',
    lowFreq: 0,
    highFreq: 8000,
    floorType: 'max',
    floor: 2 ** -52,
    numCeps: 13,
    lifter: 22,
    energyColumn: 'c0',
  },
  'int16 with a warp and deltas': { ...kaldi, gain: 32768, vtlnWarp: 0.9, deltas: 2, normalisation: 'per-feature' },
  'corners at whole bins': { ...kaldi, triangles: 'bins', numBins: 20, lowFreq: 100 },
  'a warp above 1': { ...kaldi, vtlnWarp: 1.2, numBins: 40 },
  'pre-emphasis twice': { ...kaldi, preemphasisTimes: 2, log: 'log10', floorType: 'add', floor: 1e-6 },
  'the right channel from 22.05 kHz, linear': { ...kaldi, channel: 'right', sampleRate: 16000, resampler: 'linear' },
  'the sum of the channels, late': { ...kaldi, channel: 'sum', shift: 384, gain: -1 },
  'the left channel, early': { ...nemo, channel: 'left', shift: -777, normalisation: 'all-features' },
  "torchaudio's resampler": { ...whisper, resampler: 'torchaudio', log: 'ln', floorType: 'add', topDb: 60 },
  'sine window, no floor, reversed': {
    ...kaldi,
    gain: -1,
    window: 'sine',
    spectrum: 'magnitude',
    floorType: 'none',
    dcOffset: 'signal',
  },
  'bartlett, sum 1, log2': { ...whisper, window: 'bartlett', periodic: false, melNorm: 'sum', log: 'log2', topDb: 70 },
  'cosine transform of type 3': { ...librosaMfcc, dctType: 3, dctOrtho: false, numCeps: 13, lifter: 0 },
  'normalised twice': { ...nemo, window: 'hamming', normalisationTimes: 2, normalisationDdof: 0 },
  'a spectrum': { ...whisper, numBins: 0, log: 'dB-amplitude', normalisation: 'none', fftLength: 512 },
  "Slaney's filters straight in mel": { ...kaldi, melScale: 'slaney', melNorm: 'slaney', padding: 'mirror' },
  'Povey periodic, shift longer than the window': { ...kaldi, periodic: true, frameShift: 500, padding: 'mirror' },
}

describe.skipIf(!hasAll)('scripts reproduce the features', async () => {
  const recording = hasAll ? (await decodeAudio(readFileSync(speech!), { mono: true })).samples : undefined
  const mono = recording === undefined ? new Float32Array() : (recording.data as Float32Array).subarray(0, 60000)
  /** The other channel is quieter and later. */
  const other = mono.map((_, i) => 0.5 * (mono[i - 40] ?? 0) + 0.01)
  const stereo = { samples: tensor(Float32Array.from([...mono, ...other]), [2, mono.length]), sampleRate: 22050 }
  const one = (sampleRate: number) => ({ samples: tensor(mono), sampleRate })

  const cases = [
    ...KINDS.map(([name, kind, options, rate]) => ({
      name,
      frontEnd: frontEndOf(kind, options, rate),
      audio: one(rate),
      kind,
      options,
    })),
    ...Object.entries(OTHERS).map(([name, frontEnd]) => ({
      name,
      frontEnd,
      audio: /channel|resampler/.test(name) ? stereo : one(frontEnd.sampleRate),
      kind: undefined,
      options: {},
    })),
  ]
  const scripts = cases.flatMap((one) =>
    pythonLibraries.map((library) => ({ ...one, library, script: scriptOf(one.frontEnd, library) })),
  )
  const written = scripts.filter((one): one is typeof one & { script: string } => one.script !== undefined)
  const found = hasAll
    ? runScripts(written.map(({ script, audio }) => ({ script, audio: writeWav(audio, { encoding: 'float32' }) })))
    : []

  for (const [i, { name, library, frontEnd, audio, kind, options }] of written.entries())
    it(`${name}: ${library}`, () => {
      const theirs = found[i]!
      expect(theirs.error).toBeUndefined()
      const ours = extractFrontEnd(audio, frontEnd)
      expect([theirs.frames, theirs.bins]).toEqual([ours.frames, ours.bins])
      expectNear(ours.data, theirs.data!, library, frontEnd.lifter)
      if (kind === undefined) return
      const { values, orientation } = extract(kind, audio, options)
      // NeMo's last column is padding.
      const flat = Float64Array.from(ours.data, (_, i) => {
        const [f, b] = [Math.floor(i / ours.bins), i % ours.bins]
        return Number(orientation[0] === 'frames' ? values.get(f, b) : values.get(b, f))
      })
      expectNear(flat, theirs.data!, library, frontEnd.lifter)
    })
})

describe.skipIf(!hasAll)('scripts of random front ends', async () => {
  const recording = hasAll ? (await decodeAudio(readFileSync(speech!), { mono: true })).samples.data : []
  const samples = tensor(
    Float32Array.from({ length: 50000 }, (_, i) => Number(recording[i] ?? 0)),
    [2, 25000],
  )
  const audio = { samples, sampleRate: 22050 }
  const random = randomOf(2026)
  const frontEnds = Array.from({ length: 40 }, () => randomFrontEnd(random, audio.sampleRate))
  // torchaudio's float32 filters are compared above.
  const scripts = frontEnds.map((frontEnd) => pythonScript(frontEnd, 'librosa'))
  const found = hasAll ? runScripts(scripts.map((script) => ({ script, audio: writeWav(audio) }))) : []

  for (const [i, frontEnd] of frontEnds.entries())
    it(`${i}`, () => {
      const theirs = found[i]!
      expect(theirs.error).toBeUndefined()
      const ours = extractFrontEnd(audio, frontEnd)
      expect([theirs.frames, theirs.bins]).toEqual([ours.frames, ours.bins])
      const scale = ours.data.reduce((most, x) => Math.max(most, Math.abs(x)), 10)
      const worst = ours.data.reduce((most, x, k) => Math.max(most, Math.abs(x - theirs.data![k]!)), 0)
      expect(worst / scale, JSON.stringify(frontEnd)).toBeLessThan(TOLERANCE / 10)
    })
})

describe.skipIf(!hasAll)("recipes of transformers' feature extractors", async () => {
  const recording = hasAll ? (await decodeAudio(readFileSync(speech!), { mono: true })).samples.data : []
  const audio = { samples: tensor(Float32Array.from(recording).slice(0, 48000)), sampleRate: 16000 }
  const cases = Object.entries({ Whisper: whisper, Parakeet: nemo })
  const scripts = cases.map(([, frontEnd]) => {
    const { code } = recipes(frontEnd).find(({ library }) => library === 'transformers')!
    return `import sys\nimport numpy as np\n${code.replace("'speech.wav'", 'sys.argv[1]')}\nnp.save(sys.argv[2], features)\n`
  })
  const found = hasAll ? runScripts(scripts.map((script) => ({ script, audio: writeWav(audio) }))) : []

  for (const [i, [name, frontEnd]] of cases.entries())
    it(name, () => {
      const theirs = found[i]!
      expect(theirs.error).toBeUndefined()
      const ours = extractFrontEnd(audio, frontEnd)
      expect([theirs.frames, theirs.bins]).toEqual([ours.frames, ours.bins])
      const differences = Float64Array.from(ours.data, (x, k) => Math.abs(x - theirs.data![k]!)).sort()
      expect(differences[Math.floor(0.99 * differences.length)]).toBeLessThan(TOLERANCE)
      expect(differences.at(-1)).toBeLessThan(TRANSFORMERS_WORST)
    })
})

function scriptOf(frontEnd: FrontEnd, library: PythonLibrary): string | undefined {
  try {
    return pythonScript(frontEnd, library)
  } catch (error) {
    if (library === 'kaldi-native-fbank') return undefined
    throw error
  }
}

function expectNear(a: ArrayLike<number>, b: ArrayLike<number>, library: PythonLibrary, lifter: number): void {
  expect(a.length).toBe(b.length)
  const differences = Float64Array.from(a, (x, i) => Math.abs(x - b[i]!)).sort()
  // A lifter multiplies what float32 has rounded, too.
  const factor = library === 'kaldi-native-fbank' ? 1 + lifter / 2 : 1
  expect(differences[Math.floor(SHARE[library] * (a.length - 1))]).toBeLessThan(TOLERANCE * factor)
  expect(differences.at(-1)).toBeLessThan(WORST * factor)
}
