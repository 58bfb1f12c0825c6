import { resample, toMono } from '@dsp/audio'
import {
  chromaCens,
  chromaCqt,
  chromaStft,
  chromaVqt,
  cqt,
  estimateTuning,
  hybridCqt,
  piptrack,
  pseudoCqt,
  tonnetz,
  vqt,
} from '@dsp/chroma'
import { magnitudes, stft } from '@dsp/fft'
import { hpss } from '@dsp/hpss'
import * as mel from '@dsp/mel'
import { fbank, mfcc, spectrogram } from '@dsp/mel-kaldi'
import type { SignalData } from '@dsp/signal'
import { type Tensor, tensor } from '@dsp/tensor'
import { noise, sine } from '@dsp/tensor/testing'
import { pyin, yin } from '@dsp/yin'
import { describe, expect, it } from 'vitest'
import { extract, extractAsync, type FeatureKind, type FeatureOptions, featureKinds } from '../src/index.js'

const RATE = 16000
const hiss = noise(RATE, 3, 0.01)
const samples = sine(RATE, 440, RATE, 0.4).map((x, i) => x + hiss[i]! + (i % 4000 < 8 ? 0.3 : 0))
const audio = { samples, sampleRate: RATE }
const range = { fmin: 65.40639132514966, fmax: 2093.004522404789 }

type Values = Tensor<SignalData>
type Case = readonly [FeatureKind, object, (sound: { samples: SignalData; sampleRate: number }) => Values]

const cases: readonly Case[] = [
  ['fbank', {}, (y) => fbank(y)],
  [
    'fbank',
    { preset: 'lhotse', precision: 'float64', lowFreq: 40 },
    (y) => fbank(y, { preset: 'lhotse', precision: 'float64', lowFreq: 40 }),
  ],
  ['mfcc', { preset: 'kaldi-native-fbank', dither: 0 }, (y) => mfcc(y, { preset: 'kaldi-native-fbank', dither: 0 })],
  ['spectrogram', { windowType: 'hamming' }, (y) => spectrogram(y, { windowType: 'hamming' })],
  ['stft', { nFft: 512 }, (y) => magnitudes<SignalData>(stft<SignalData>(y.samples, { nFft: 512 }))],
  [
    'stft',
    { complex: true, window: [1, 2, 3, 2], nFft: 4 },
    (y) => stft<SignalData>(y.samples, { window: [1, 2, 3, 2], nFft: 4 }),
  ],
  [
    'resample',
    { targetRate: 11025, rolloff: 0.9 },
    (y) => resample<SignalData>({ ...y, samples: tensor(y.samples) }, { newFreq: 11025, rolloff: 0.9 }).samples,
  ],
  ['mel', { nMels: 40, hopLength: null }, (y) => mel.melspectrogram<SignalData>(y, { nMels: 40, hopLength: null })],
  ['mel-mfcc', { nMfcc: 13 }, (y) => mel.mfcc<SignalData>(y, { nMfcc: 13 })],
  ['nemo', { features: 80, padTo: 0 }, (y) => mel.nemoLogMel<SignalData>(y, { features: 80, padTo: 0 })],
  ['nemo', { preset: 'parakeet', nWindowSize: 320 }, (y) => mel.nemoLogMel<SignalData>(y, { features: 80, padTo: 0 })],
  ['whisper', { chunkLength: 2 }, (y) => mel.whisperLogMel<SignalData>(y, { chunkLength: 2 })],
  ['hpss-harmonic', { margin: 2 }, (y) => hpss<SignalData>(y.samples, { margin: 2 }).harmonic],
  [
    'hpss-percussive',
    { kernelSize: [17, 31] },
    (y) => hpss<SignalData>(y.samples, { kernelSize: [17, 31] }).percussive,
  ],
  ['yin', {}, (y) => yin(y, range)],
  ['pyin', { fmin: 100, fmax: 1000, fillNa: Number.NaN }, (y) => pyin(y, { fmin: 100, fmax: 1000 }).f0],
  ['chroma-stft', { tuning: 0.1 }, (y) => chromaStft<SignalData>(y, { tuning: 0.1 })],
  ['chroma-cqt', { window: [1, 2, 1] }, (y) => chromaCqt<SignalData>(y, { window: [1, 2, 1] })],
  ['chroma-cens', { winLenSmooth: 11 }, (y) => chromaCens<SignalData>(y, { winLenSmooth: 11 })],
  ['chroma-vqt', {}, (y) => chromaVqt<SignalData>(y, { intervals: 'equal' })],
  ['chroma-vqt', { intervals: [1, 1.25, 1.5] }, (y) => chromaVqt<SignalData>(y, { intervals: [1, 1.25, 1.5] })],
  ['cqt', { nBins: 48 }, (y) => magnitudes<SignalData>(cqt<SignalData>(y, { nBins: 48 }) as Values)],
  ['cqt', { nBins: 48, complex: true }, (y) => cqt<SignalData>(y, { nBins: 48 }) as Values],
  [
    'vqt',
    { nBins: 48, gamma: 10 },
    (y) => magnitudes<SignalData>(vqt<SignalData>(y, { nBins: 48, gamma: 10 }) as Values),
  ],
  ['vqt', { intervals: 'ji5', complex: true }, (y) => vqt<SignalData>(y, { intervals: 'ji5' }) as Values],
  ['hybrid-cqt', { nBins: 48 }, (y) => hybridCqt<SignalData>(y, { nBins: 48 }) as Values],
  ['pseudo-cqt', { nBins: 48 }, (y) => pseudoCqt<SignalData>(y, { nBins: 48 }) as Values],
  ['piptrack', { fmax: 2000 }, (y) => piptrack<SignalData>(y, { fmax: 2000 }).pitches],
  ['tuning', { resolution: 0.02 }, (y) => tensor(Float64Array.of(estimateTuning(y, { resolution: 0.02 })))],
  ['tonnetz', {}, (y) => tonnetz<SignalData>(y)],
]

describe('extract computes the bits of the package', () => {
  it.each(cases)('%s %j', async (kind, options, expected) => {
    for (const sound of [audio, { samples: Float64Array.from(samples), sampleRate: RATE }]) {
      const { shape, data } = expected(sound)
      const result = extract<FeatureKind, SignalData>(kind, sound, options as FeatureOptions)
      expect(result.values).toMatchObject({ shape, data })
      expect(result).toMatchObject({ kind, sampleRate: RATE, complex: 'complex' in options })
      expect(await extractAsync<FeatureKind, SignalData>(kind, sound, options as FeatureOptions)).toEqual(result)
    }
  })

  it('of every kind', () => {
    expect(new Set(cases.map(([kind]) => kind))).toEqual(new Set(featureKinds().map(({ name }) => name)))
  })
})

it('gives what the same computation finds besides the values', () => {
  const { harmonic, percussive } = hpss(samples)
  expect(extract('hpss-percussive', audio).parts).toMatchObject({
    harmonic: { data: harmonic.data },
    percussive: { data: percussive.data },
  })
  const { voicedFlag, voicedProb } = pyin(audio, range)
  expect(extract('pyin', audio).parts).toMatchObject({
    voicedFlag: { data: voicedFlag.data },
    voicedProb: { data: voicedProb.data },
  })
  expect(extract('piptrack', audio).parts.magnitudes.data).toEqual(piptrack(audio).magnitudes.data)
  expect(extract('fbank', audio).parts).toEqual({})
})

describe('channels', () => {
  const stereo = { samples: tensor(Float32Array.from([...samples, ...hiss]), [2, RATE]), sampleRate: RATE }

  it('are averaged', () => {
    const mean = toMono(stereo)
    expect(extract('mel', stereo).values).toMatchObject({ data: mel.melspectrogram(mean).data })
    expect(extract('fbank', stereo).values).toMatchObject({ data: fbank(mean).data })
  })

  it('or chosen, where the options say so', () => {
    expect(extract('fbank', stereo, { channel: 1 }).values.data).toEqual(fbank(hiss).data)
    expect(() => extract('fbank', stereo, { channel: 2 })).toThrow(expect.objectContaining({ argument: 'channel' }))
  })

  it('or give a result each', () => {
    expect(extract('resample', stereo, { targetRate: 8000 }).values.shape).toEqual([2, 8000])
    expect(extract('hpss-harmonic', stereo).values.data).toEqual(hpss(stereo.samples).harmonic.data)
  })
})

describe('extractAsync', () => {
  it('can be cancelled', async () => {
    const options = { signal: AbortSignal.abort() }
    for (const kind of ['fbank', 'stft', 'hpss-harmonic', 'pyin'] as const) {
      await expect(extractAsync(kind, audio, options)).rejects.toMatchObject({ code: 'ERR_DSP_ABORTED' })
    }
  })

  it('rejects, and never throws', async () => {
    await expect(extractAsync('nope' as never, audio)).rejects.toMatchObject({ argument: 'kind' })
  })
})

describe('names what is wrong', () => {
  const broken = Float32Array.from(samples)
  broken[77] = Number.NaN
  it.each<[string, string, unknown, unknown, string, string]>([
    ['an unknown kind', 'melody', audio, {}, 'ERR_DSP_ARGUMENT', 'kind'],
    ['a kind of the prototype', 'constructor', audio, {}, 'ERR_DSP_ARGUMENT', 'kind'],
    ['a kind that is not a string', ['fbank'] as never, audio, {}, 'ERR_DSP_ARGUMENT', 'kind'],
    ['audio without a rate', 'fbank', samples, {}, 'ERR_DSP_ARGUMENT', 'audio'],
    ['no audio', 'fbank', undefined, {}, 'ERR_DSP_ARGUMENT', 'audio'],
    ['a rate of 0', 'stft', { samples, sampleRate: 0 }, {}, 'ERR_DSP_ARGUMENT', 'audio.sampleRate'],
    [
      'three axes',
      'mel',
      { samples: tensor(samples, [2, 2, 4000]), sampleRate: RATE },
      {},
      'ERR_DSP_SHAPE',
      'audio.samples',
    ],
    ['int16', 'mel', { samples: new Int16Array(9), sampleRate: RATE }, {}, 'ERR_DSP_TYPE', 'audio.samples'],
    ['NaN', 'mel', { samples: broken, sampleRate: RATE }, {}, 'ERR_DSP_NOT_FINITE', 'y'],
    ['no samples', 'yin', { samples: new Float32Array(), sampleRate: RATE }, {}, 'ERR_DSP_SHAPE', 'y'],
    ['an unknown option', 'mel', audio, { numMelBins: 80 }, 'ERR_DSP_OPTION', 'numMelBins'],
    ['an unknown option of Kaldi', 'fbank', audio, { nMels: 80 }, 'ERR_DSP_OPTION', 'nMels'],
    ['options that are not an object', 'mel', audio, 5, 'ERR_DSP_ARGUMENT', 'options of mel'],
    ['a value out of range', 'mel', audio, { nMels: 0 }, 'ERR_DSP_ARGUMENT', 'nMels'],
    ['an unknown preset', 'nemo', audio, { preset: 'mine' }, 'ERR_DSP_ARGUMENT', 'preset'],
    ['an unknown preset', 'mfcc', audio, { preset: 'mine' }, 'ERR_DSP_ARGUMENT', 'preset'],
    ['a window of no numbers', 'stft', audio, { window: {} }, 'ERR_DSP_ARGUMENT', 'window'],
    ['no target rate', 'resample', audio, {}, 'ERR_DSP_ARGUMENT', 'targetRate'],
    ['a rate of 44100 for Whisper', 'whisper', { samples, sampleRate: 44100 }, {}, 'ERR_DSP_ARGUMENT', 'y.sampleRate'],
  ])('%s', async (_, kind, sound, options, code, argument) => {
    const call = () => extract(kind as 'fbank', sound as typeof audio, options as object)
    expect(call).toThrow(expect.objectContaining({ name: 'DspError', code, argument }))
    await expect(extractAsync(kind as 'fbank', sound as typeof audio, options as object)).rejects.toMatchObject({
      code,
    })
  })

  it('and lists the kinds', () => {
    expect(() => extract('melody' as never, audio)).toThrow(/kind must be one of fbank, mfcc, .*tonnetz, got "melody"/)
  })
})
