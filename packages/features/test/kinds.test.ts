import * as audio from '@dsp/audio'
import * as chroma from '@dsp/chroma'
import * as fft from '@dsp/fft'
import * as hpss from '@dsp/hpss'
import * as mel from '@dsp/mel'
import * as kaldi from '@dsp/mel-kaldi'
import * as yin from '@dsp/yin'
import { describe, expect, it } from 'vitest'
import {
  extract,
  type FeatureKind,
  type FeatureOptions,
  featureKind,
  featureKinds,
  frameTiming,
  resolveFeatureOptions,
} from '../src/index.js'

const sound = { samples: new Float32Array(8000).map((_, i) => Math.sin(i / 6) / 2), sampleRate: 16000 }
const required = (kind: FeatureKind) => (kind === 'resample' ? { targetRate: 8000 } : {}) as FeatureOptions

/** The specifications of the functions themselves. */
const specs: Readonly<Record<FeatureKind, object>> = {
  fbank: kaldi.fbankOptionSpecs,
  mfcc: kaldi.mfccOptionSpecs,
  spectrogram: kaldi.spectrogramOptionSpecs,
  stft: { ...fft.stftOptionSpecs, complex: 0 },
  resample: audio.resampleOptionSpecs,
  mel: mel.melspectrogramOptionSpecs,
  'mel-mfcc': mel.mfccOptionSpecs,
  whisper: mel.whisperOptionSpecs,
  nemo: mel.nemoOptionSpecs,
  'hpss-harmonic': hpss.partOptionSpecs,
  'hpss-percussive': hpss.partOptionSpecs,
  yin: yin.yinOptionSpecs,
  pyin: yin.pyinOptionSpecs,
  'chroma-stft': chroma.chromaStftOptionSpecs,
  'chroma-cqt': chroma.chromaCqtOptionSpecs,
  'chroma-cens': chroma.chromaCensOptionSpecs,
  'chroma-vqt': chroma.chromaVqtOptionSpecs,
  cqt: { ...chroma.cqtOptionSpecs, complex: 0 },
  vqt: { ...chroma.vqtOptionSpecs, complex: 0 },
  'hybrid-cqt': chroma.hybridCqtOptionSpecs,
  'pseudo-cqt': chroma.pseudoCqtOptionSpecs,
  piptrack: chroma.piptrackOptionSpecs,
  tuning: chroma.estimateTuningOptionSpecs,
  tonnetz: chroma.tonnetzOptionSpecs,
}

describe('featureKinds', () => {
  it('lists each kind once, with what the command line needs', () => {
    const names = featureKinds().map(({ name }) => name)
    expect(new Set(names)).toEqual(new Set(Object.keys(specs)))
    expect(names.length).toBe(Object.keys(specs).length)
    for (const info of featureKinds()) {
      expect(info).toEqual(featureKind(info.name))
      expect(info.description).toMatch(/\[[a-z0-9 ,]+\]/)
      if (info.rateOption !== null) expect(info.options).toHaveProperty(info.rateOption)
    }
  })

  it.each(featureKinds())('$name takes the options of its function', ({ name, options }) => {
    const own = Object.keys(specs[name]).map((key) => (key === 'newFreq' ? 'targetRate' : key))
    expect(Object.keys(options).sort()).toEqual(own.filter((key) => key !== 'origFreq').sort())
    const resolved = resolveFeatureOptions(name, required(name), 16000)
    expect(Object.keys(resolved).sort()).toEqual(Object.keys(options).sort())
    expect(Object.values(resolved)).not.toContain(undefined)
  })

  it.each(featureKinds())('$name has the orientation that it says', ({ name, orientation }) => {
    const { values, timing } = extract(name, sound, required(name))
    expect(values.shape.length).toBe(orientation.length)
    const along =
      values.shape[(orientation as readonly string[]).indexOf(orientation.length === 1 ? orientation[0] : 'frames')]!
    // Half a second, to within a frame or so at both ends; Whisper's half a minute, and NeMo's multiple of 16 frames.
    const seconds = { whisper: 30, nemo: 0.64 }[name as string] ?? 0.5
    expect(Math.abs(along / timing.rate - seconds)).toBeLessThan(2.5 / timing.rate)
  })

  it('has presets of Kaldi and NeMo, each as its package defines it', () => {
    for (const { name, presets, options } of featureKinds()) {
      if (!('preset' in options)) expect(presets).toEqual({})
      else
        for (const [preset, values] of Object.entries(presets)) {
          const own =
            name === 'nemo'
              ? mel.nemoPresets[preset as mel.NemoPresetName]
              : kaldi.presets[preset as kaldi.PresetName][name as kaldi.FeatureKind]
          expect(values).toEqual(own)
          const resolved = resolveFeatureOptions(name, { preset } as FeatureOptions, 16000)
          expect(resolved).toMatchObject({ ...values, preset })
        }
    }
    expect(Object.keys(featureKind('fbank').presets)).toEqual(Object.keys(kaldi.presets))
    expect(Object.keys(featureKind('nemo').presets)).toEqual(Object.keys(mel.nemoPresets))
    expect(resolveFeatureOptions('nemo', {}, 16000)).toMatchObject({ preset: null, features: 64 })
    const own = { preset: 'parakeet', features: 128, nWindowSize: 320 } as const
    expect(resolveFeatureOptions('nemo', own, 16000)).toMatchObject({ ...own, windowSize: null, padTo: 0 })
  })
})

describe('a rate that contradicts the audio', () => {
  const rated = featureKinds().flatMap(({ name, rateOption }) =>
    rateOption === null ? [] : [[name, rateOption] as const],
  )

  it.each(rated)('%s names %s', (name, rateOption) => {
    const call = (rate: number) => extract(name, sound, { [rateOption]: rate } as FeatureOptions)
    expect(() => call(8000)).toThrow(expect.objectContaining({ code: 'ERR_DSP_ARGUMENT', argument: rateOption }))
    expect(call(16000).options).toMatchObject({ [rateOption]: 16000 })
  })

  it('is known of all but those that have none', () => {
    const names = featureKinds().flatMap(({ name, rateOption }) => (rateOption === null ? [name] : []))
    expect(names).toEqual(['stft', 'resample', 'whisper', 'hpss-harmonic', 'hpss-percussive'])
  })
})

describe('frameTiming', () => {
  it.each<[FeatureKind, object, number, number]>([
    ['fbank', { frameLength: 32, frameShift: 8 }, 125, 0.016],
    ['mfcc', { preset: 'lhotse' }, 100, 0.005],
    ['stft', { nFft: 640 }, 100, 0],
    ['stft', { nFft: 640, center: false, winLength: 320 }, 200, 0.02],
    ['stft', { nFft: 640, window: new Float64Array(320) }, 200, 0],
    ['mel', { hopLength: 80 }, 200, 0],
    ['yin', { frameLength: 640, center: false }, 100, 0.02],
    ['whisper', {}, 100, 0],
    ['nemo', { windowStride: 0.02 }, 50, 0],
    ['nemo', { nWindowStride: 80, exactPad: true }, 200, 0.0025],
    ['resample', { targetRate: 8000 }, 8000, 0],
    ['hpss-harmonic', { hopLength: 100 }, 16000, 0],
    ['chroma-cqt', { hopLength: 640, window: [1, 2, 3] }, 25, 0],
    ['cqt', { hopLength: 320 }, 50, 0],
  ])('%s %j', (kind, options, rate, first) => {
    expect(frameTiming(kind, options as FeatureOptions, 16000)).toEqual({ rate, first })
  })

  it('names what is wrong', () => {
    expect(() => frameTiming('mel', {}, 0)).toThrow(expect.objectContaining({ argument: 'sampleRate' }))
    expect(() => frameTiming('mel', { hopLength: 0 }, 8000)).toThrow(expect.objectContaining({ argument: 'hopLength' }))
  })
})
