import { readFileSync, writeFileSync } from 'node:fs'
import { decodeAudioSync, resample } from '@dsp/audio'
import { stft } from '@dsp/fft'
import { fbank, mfcc, spectrogram } from '@dsp/mel-kaldi'
import { npyHeader, readArk, readNpy, readNpz } from '@dsp/tensor'
import { sharedDataOrSkip } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { dsp, scratch, tone, wav } from './helpers.js'

const work = scratch()
const samples = tone(1.2)
const audio = { samples, sampleRate: 16000 }
writeFileSync(work.in('tone.wav'), wav([samples]))
writeFileSync(work.in('my tone.wav'), wav([samples]))
writeFileSync(work.in('stereo.wav'), wav([samples, tone(1.2, 16000, 1000)]))

const read = (name: string) => readNpy(readFileSync(work.in(name)))

async function features(...args: string[]): Promise<void> {
  const { code, stderr } = await dsp(work.path, ['features', ...args])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
}

describe('dsp features writes what the packages compute', () => {
  it('fbank, with options by their API names', async () => {
    const sets = ['numMelBins=40', 'highFreq=-400', 'snipEdges=false', 'windowType=hamming']
    await features('tone.wav', '--kind', 'fbank', ...sets.flatMap((set) => ['--set', set]), '--out', 'a.npy')
    const expected = fbank(audio, { numMelBins: 40, highFreq: -400, snipEdges: false, windowType: 'hamming' })
    expect(read('a.npy')).toMatchObject({ shape: expected.shape, data: expected.data })
  })

  it('presets', async () => {
    await features('tone.wav', '--kind', 'fbank', '--set', 'preset=sherpa-onnx', '--out', 'preset.npy')
    const expected = fbank(audio, { preset: 'sherpa-onnx' })
    expect(expected.shape).toEqual([120, 80])
    expect(read('preset.npy')).toMatchObject({ shape: expected.shape, data: expected.data })
  })

  it('mfcc and spectrogram, as .npz, .csv and .ark', async () => {
    await features('tone.wav', '--kind', 'mfcc', '--set', 'precision=float64', '--out', 'm.npz')
    const double = mfcc(audio, { precision: 'float64' })
    expect(readNpz(readFileSync(work.in('m.npz'))).features).toMatchObject({ shape: double.shape, data: double.data })

    await features('my tone.wav', '--kind', 'mfcc', '--out', 'm.ark')
    const single = mfcc(audio)
    expect(readArk(readFileSync(work.in('m.ark'))).my_tone).toMatchObject({ shape: single.shape, data: single.data })

    await features('tone.wav', '--kind', 'spectrogram', '--out', 's.csv')
    const power = spectrogram(audio)
    const lines = readFileSync(work.in('s.csv'), 'utf8').trimEnd().split('\n')
    expect(lines.length).toBe(power.shape[0])
    expect(Float32Array.from(lines.join(',').split(','), Number)).toEqual(power.data)
  })

  it('stft: magnitudes [bins, frames], or complex values that numpy sees as complex', async () => {
    await features('tone.wav', '--kind', 'stft', '--set', 'nFft=512', '--set', 'hopLength=null', '--out', 'mag.npy')
    const values = stft(samples, { nFft: 512 })
    const magnitudes = read('mag.npy')
    expect(magnitudes.shape).toEqual(values.shape.slice(0, 2))
    for (const at of [0, 77, 5000]) {
      const [re, im] = [values.data[2 * at]!, values.data[2 * at + 1]!]
      expect(magnitudes.data[at]).toBeCloseTo(Math.hypot(re, im), 5)
    }
    await features('tone.wav', '--kind', 'stft', '--set', 'nFft=512', '--complex', '--out', 'complex.npy')
    const bytes = readFileSync(work.in('complex.npy'))
    expect(npyHeader(bytes)).toMatchObject({ descr: '<c8', shape: values.shape.slice(0, 2) })
    expect(readNpy(bytes).data).toEqual(values.data)
  })

  it('resample', async () => {
    await features(
      'tone.wav',
      '--kind',
      'resample',
      '--set',
      'targetRate=11025',
      '--set',
      'rolloff=0.9',
      '--out',
      'r.npy',
    )
    const expected = resample({ samples, sampleRate: 16000 }, { newFreq: 11025, rolloff: 0.9 })
    expect(read('r.npy').data).toEqual((expected as { samples: { data: Float32Array } }).samples.data)
  })

  it('after averaging channels and --rate', async () => {
    await features('stereo.wav', '--kind', 'fbank', '--out', 'mono.npy')
    const stereo = decodeAudioSync(work.in('stereo.wav'), { mono: true })
    expect(read('mono.npy').data).toEqual(fbank(stereo).data)
    await features('tone.wav', '--rate', '8000', '--kind', 'fbank', '--out', 'low.npy')
    expect(read('low.npy').data).toEqual(fbank(decodeAudioSync(work.in('tone.wav'), { sampleRate: 8000 })).data)
  })

  it('of real speech', async (context) => {
    const speech = sharedDataOrSkip(context, 'speech/jfk.flac')
    await features(speech, '--rate', '16000', '--kind', 'fbank', '--set', 'preset=lhotse', '--out', 'jfk.npy')
    const expected = fbank(decodeAudioSync(speech, { mono: true, sampleRate: 16000 }), { preset: 'lhotse' })
    expect(read('jfk.npy')).toMatchObject({ shape: expected.shape, data: expected.data })
  })
})

describe('dsp features says what it did', () => {
  it('in one line', async () => {
    const { stdout } = await dsp(work.path, ['features', 'tone.wav', '--kind', 'fbank', '--out', 'l.npy'])
    expect(stdout).toBe('l.npy: fbank [118, 23] of tone.wav at 16000 Hz\n')
  })

  it('as JSON of exactly the documented fields', async () => {
    const args = ['features', 'tone.wav', '--kind', 'stft', '--complex', '--out', 'j.npy', '--json']
    const { stdout } = await dsp(work.path, args)
    expect(JSON.parse(stdout)).toEqual({
      file: 'tone.wav',
      kind: 'stft',
      out: 'j.npy',
      shape: [1025, 38],
      sampleRate: 16000,
    })
    expect(stdout.trimEnd()).not.toContain('\n')
  })

  it('and which options a kind has', async () => {
    const { code, stdout } = await dsp(work.path, ['features', '--kind', 'fbank', '--options'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/numMelBins\s+a whole number .*\(default 23\)/)
    const { stdout: resampling } = await dsp(work.path, ['features', '--kind', 'resample', '--options'])
    expect(resampling).toMatch(/targetRate .*\(required\)/)
    expect(resampling).not.toContain('newFreq')
  })
})

it('two runs write the same bytes', async () => {
  for (const name of ['one.npz', 'two.npz']) await features('tone.wav', '--kind', 'fbank', '--out', name)
  expect(readFileSync(work.in('one.npz'))).toEqual(readFileSync(work.in('two.npz')))
})
