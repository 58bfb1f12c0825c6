import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { writeWav } from '@dsp/audio'
import { tensor } from '@dsp/tensor'
import { afterAll, describe, expect, it } from 'vitest'
import { extractFrontEnd, type FrontEnd, frontEndOf, pythonLibraries, pythonScript, recipes } from '../src/index.js'
import { kaldi, librosaMfcc, nemo, whisper } from './front-ends.js'
import { randomFrontEnd, randomOf } from './random-front-ends.js'

const sherpa = frontEndOf('fbank', { preset: 'sherpa-onnx' }, 16000)
const FRONT_ENDS: Record<string, FrontEnd> = {
  kaldi,
  whisper,
  nemo,
  'librosa mfcc': librosaMfcc,
  'sherpa-onnx': sherpa,
}

const recipeOf = (library: string, frontEnd: FrontEnd) => recipes(frontEnd).find((one) => one.library === library)

describe('recipes', () => {
  for (const [name, frontEnd] of Object.entries(FRONT_ENDS))
    it(`are ready to paste: ${name}`, () => {
      const text = recipes(frontEnd).map(
        ({ library, exact, code }) => `--- ${library}${exact ? '' : ' (no)'}\n${code}\n`,
      )
      expect(`\n${text.join('')}`).toMatchSnapshot()
    })

  it('say what a library cannot do, and are exact only if there is nothing', () => {
    for (const change of [{}, { vtlnWarp: 1.1 }, { triangles: 'symmetric' }, { preemphasisTimes: 2 }, { shift: 9 }])
      for (const one of recipes({ ...kaldi, ...change } as FrontEnd)) {
        expect(one.exact).toBe(one.missing.length === 0)
        if (!one.exact) expect(one.code.split('\n').every((line) => /^(#|\/\/) /.test(line))).toBe(true)
      }
    expect(recipeOf('kaldi-native-fbank', { ...kaldi, vtlnWarp: 1.1 })?.missing).toEqual(['vocal tract warp: 1.1'])
    expect(recipeOf('sherpa-onnx', whisper)?.exact).toBe(false)
    expect(recipeOf('transformers', kaldi)).toBeUndefined()
  })

  it('are not given where the same name means something else', () => {
    const bins: FrontEnd = { ...kaldi, triangles: 'bins', numBins: 20, lowFreq: 100 }
    for (const library of ['kaldi-native-fbank', '@dsp']) {
      expect(recipeOf(library, bins)?.exact).toBe(true)
      expect(recipeOf(library, { ...bins, melNorm: 'slaney' })?.exact).toBe(false)
      expect(recipeOf(library, { ...bins, numBins: 80 })?.missing).toContain(
        'mel filters whose first two corners are the same bin',
      )
    }
    // Ours would subtract the mean before the logarithm.
    expect(recipeOf('@dsp', { ...kaldi, log: 'log10', normalisation: 'mean' })?.exact).toBe(false)
  })

  it('refuse a recording at another rate where samples are taken as they are', () => {
    expect(recipeOf('@dsp', kaldi)?.code).toContain('sampleFrequency: 16000')
    expect(recipeOf('@dsp', librosaMfcc)?.code).toContain('sr: 22050')
    const resampled = recipeOf('@dsp', { ...kaldi, resampler: 'torchaudio' })?.code
    expect(resampled).toContain("decodeAudio('speech.wav', { mono: true, sampleRate: 16000 })")
    expect(resampled).not.toContain('sampleFrequency')
  })

  it('do by hand what our kinds have no option for', () => {
    const code = recipeOf('@dsp', { ...kaldi, gain: 32768, deltas: 2, normalisation: 'per-feature' })?.code
    expect(code).toContain('samples = samples.map((x) => 32768 * x)')
    expect(code).toContain('features = addDeltas(features, { order: 2 })')
    expect(code).toContain('features = normalizePerFeature(features, { ddof: 0 })')
    expect(recipeOf('dsp', { ...kaldi, gain: 32768 })?.missing).toEqual(['sample-scale: int16 samples (x 32768)'])
    expect(recipeOf('@dsp', { ...kaldi, floorType: 'add', floor: 1e-6 })?.code).toContain('Math.log(x + 1e-6)')
    expect(recipeOf('torchaudio', { ...kaldi, floorType: 'add', floor: 1e-6 })?.code).toContain('features + 1e-6')
  })

  it('keep numbers of samples through milliseconds that libraries cut', () => {
    for (const rate of [8000, 11025, 16000, 22050, 44100])
      for (let frameLength = 100; frameLength < 500; frameLength += 7) {
        const code = recipeOf('dsp', {
          ...kaldi,
          sampleRate: rate,
          highFreq: rate / 2,
          frameLength,
          fftLength: 512,
        })?.code
        const given = Number(/frameLength=([\d.]+)/.exec(code ?? '')?.[1] ?? 25)
        if (frameLength > 256) expect(Math.trunc(rate * given * 0.001)).toBe(frameLength)
      }
  })
})

describe('pythonScript', () => {
  for (const library of pythonLibraries)
    it(`writes a whole script for ${library}`, () => {
      expect(`\n${pythonScript({ ...kaldi, gain: 32768, deltas: 1 }, library)}`).toMatchSnapshot()
    })

  it('does in numpy what torchaudio and librosa cannot, and says that kaldi-native-fbank cannot', () => {
    const speechbrain: FrontEnd = { ...whisper, triangles: 'symmetric' }
    expect(pythonScript(speechbrain, 'librosa')).toContain('filters = np.minimum(')
    expect(() => pythonScript(speechbrain, 'kaldi-native-fbank')).toThrow(
      'library must be one that can express frames: centred, edges reflected, the last one left out and ',
    )
    expect(() => pythonScript(kaldi, 'essentia' as never)).toThrow('library must be one of torchaudio')
  })
})

/** Tables of the kinds' own functions are float32. */
const TOLERANCE = 2e-3

describe('recipes of ours', () => {
  // Below the package, so that its dependencies are found.
  const folder = resolve('.cache', `recipes-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  afterAll(() => rmSync(folder, { recursive: true }))

  const late: FrontEnd = { ...kaldi, gain: 32768, signalPreemphasis: 0.5, deltas: 2, normalisation: 'per-feature' }
  const others: Record<string, FrontEnd> = {
    'librosa mfcc': { ...librosaMfcc, sampleRate: 16000, highFreq: 8000 },
    late,
    'left out': { ...whisper, dropLast: false, padding: 'constant', normalisation: 'none', topDb: null, log: 'dB' },
    'added to log2': { ...kaldi, log: 'log2', floorType: 'add', floor: 1e-3, gain: -128 },
    'at 22.05 kHz': {
      ...librosaMfcc,
      sampleRate: 16000,
      highFreq: 8000,
      numCeps: 0,
      topDb: null,
      log: 'none',
      floorType: 'none',
    },
    'a third of milliseconds': { ...kaldi, frameLength: 401, frameShift: 133, padding: 'mirror' },
    mfcc: { ...kaldi, numCeps: 13, lifter: 22, numBins: 40, energyColumn: 'c0', energyFloor: 1, normalisation: 'mean' },
    'all features': { ...nemo, normalisation: 'all-features', normalisationDdof: 1, floorType: 'max' },
  }
  const random = randomOf(12)
  const samples = Float32Array.from({ length: 16000 }, (_, i) => {
    return 0.3 * (random() - 0.5) * (1 + Math.sin(i / 2000)) + 0.1 * Math.sin(i / 7)
  })
  const audio = { samples: tensor(samples), sampleRate: 16000 }
  const speech = join(folder, 'speech.wav')
  writeFileSync(speech, writeWav(audio))

  /** By how much the features of a recipe's code differ from ours. */
  async function difference(code: string, frontEnd: FrontEnd, name: string): Promise<number> {
    const file = join(folder, `${name.replaceAll(' ', '-')}.mjs`)
    writeFileSync(file, `${code.replace("'speech.wav'", JSON.stringify(speech))}\nexport { features }\n`)
    const { features } = await import(file)
    const ours = extractFrontEnd(audio, frontEnd)
    const isRows = code.includes('// [frames, ')
    expect(features.shape[isRows ? 1 : 0]).toBe(ours.bins)
    return ours.data.reduce((most, x, i) => {
      const [f, b] = [Math.floor(i / ours.bins), i % ours.bins]
      return Math.max(most, Math.abs(x - (isRows ? features.get(f, b) : features.get(b, f))))
    }, 0)
  }

  for (const [name, frontEnd] of Object.entries({ ...FRONT_ENDS, ...others }))
    it(`compute the features: ${name}`, async () => {
      const { code, missing } = recipeOf('@dsp', frontEnd)!
      expect(missing).toEqual([])
      expect(await difference(code, frontEnd, name)).toBeLessThan(TOLERANCE)
    })

  it('compute the features of random front ends, wherever there is one', async () => {
    let count = 0
    for (let i = 0; i < 400; i++) {
      const frontEnd = randomFrontEnd(random, audio.sampleRate)
      const { code, exact } = recipeOf('@dsp', frontEnd)!
      if (!exact) continue
      count++
      expect(await difference(code, frontEnd, `random ${i}`), JSON.stringify(frontEnd)).toBeLessThan(TOLERANCE)
    }
    expect(count).toBeGreaterThan(20)
  })
})
