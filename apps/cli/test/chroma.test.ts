import { readFileSync, writeFileSync } from 'node:fs'
import { decodeAudioSync } from '@dsp/audio'
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
import { magnitudes } from '@dsp/fft'
import { npyHeader, readNpy, tensor } from '@dsp/tensor'
import { sharedDataOrSkip } from '@dsp/tensor/testing'
import { expect, it } from 'vitest'
import { dsp, scratch, wav } from './helpers.js'
import { type Case, features, sound, testFeatures, testPictures, testShort, writeSound } from './kinds.js'
import { pictureOf } from './png.js'

const work = scratch()
writeSound(work)

const cases: readonly Case[] = [
  ['chroma-stft', [], () => chromaStft(sound)],
  ['chroma-cqt', [], () => chromaCqt(sound)],
  ['chroma-cens', [], () => chromaCens(sound)],
  ['chroma-vqt', [], () => chromaVqt(sound, { intervals: 'equal' })],
  ['vqt', [], () => magnitudes(vqt(sound))],
  ['hybrid-cqt', [], () => hybridCqt(sound)],
  ['pseudo-cqt', [], () => pseudoCqt(sound)],
  ['piptrack', [], () => piptrack(sound).pitches],
  ['tuning', [], () => tensor(Float64Array.of(estimateTuning(sound)))],
  ['tonnetz', [], () => tonnetz(sound)],
]
testFeatures(work, [
  ...cases,
  ['chroma-stft', ['nChroma=24', 'tuning=0.1'], () => chromaStft(sound, { nChroma: 24, tuning: 0.1 })],
  ['vqt', ['gamma=20', 'intervals=ji5'], () => magnitudes(vqt(sound, { gamma: 20, intervals: 'ji5' }))],
  ['piptrack', ['fmax=1000'], () => piptrack(sound, { fmax: 1000 }).pitches],
  ['chroma-cens', ['winLenSmooth=11'], () => chromaCens(sound, { winLenSmooth: 11 })],
])
testPictures(work, [
  ...cases,
  [
    'cqt',
    [],
    () =>
      tensor(
        Float32Array.from({ length: 84 * 30 }, (_, i) => i % 84),
        [84, 30],
      ),
  ],
])

testShort(work, [
  'chroma-stft',
  'chroma-cqt',
  'chroma-cens',
  'cqt',
  'vqt',
  'hybrid-cqt',
  'pseudo-cqt',
  'piptrack',
  'tuning',
  'tonnetz',
])

it('cqt: magnitudes, or complex values that numpy sees as complex', async () => {
  const { data, shape } = cqt(sound, { nBins: 48, binsPerOctave: 24 })
  const args = ['sound.wav', '--kind', 'cqt', '--set', 'nBins=48', '--set', 'binsPerOctave=24']
  await features(work, ...args, '--complex', '--out', 'complex.npy')
  const bytes = readFileSync(work.in('complex.npy'))
  expect(npyHeader(bytes)).toMatchObject({ descr: '<c8', shape: shape.slice(0, 2) })
  expect(readNpy(bytes).data).toEqual(data)
  await features(work, ...args, '--out', 'magnitudes.npy')
  const magnitudes = readNpy(readFileSync(work.in('magnitudes.npy')))
  expect(magnitudes.shape).toEqual([48, shape[1]])
  for (const at of [0, 100, 2000]) {
    expect(magnitudes.data[at]).toBeCloseTo(Math.hypot(data[2 * at]!, data[2 * at + 1]!), 6)
  }
})

it('draws A in the tenth of twelve rows, and silence', async () => {
  await dsp(work.path, ['plot', 'sound.wav', '--kind', 'chroma-cqt', '--out', 'a.png', '--width', '1200'])
  const { at, height } = await pictureOf(readFileSync(work.in('a.png')))
  const light = Array.from({ length: height }, (_, y) => at(500, y).reduce((sum, part) => sum + part, 0))
  // The panel is the only dark part of the column, and A the only light part of the panel.
  const [top, bottom] = [light.findIndex((sum) => sum < 200), light.findLastIndex((sum) => sum < 200)]
  const bright = light.findIndex((sum, y) => y > top && y < bottom && sum > 500)
  expect((bottom - bright) / (bottom - top)).toBeCloseTo(10 / 12, 1)
  writeFileSync(work.in('silence.wav'), wav([new Float32Array(16000)]))
  for (const kind of ['chroma-cqt', 'cqt']) {
    const args = ['plot', 'silence.wav', '--kind', kind, '--out', 's.png']
    expect(await dsp(work.path, args)).toMatchObject({ code: 0, stderr: '' })
  }
})

it('finds chroma of real music', async (context) => {
  const trumpet = sharedDataOrSkip(context, 'music/solo-trumpet.ogg')
  await features(work, trumpet, '--kind', 'chroma-cqt', '--out', 'c.npy')
  const expected = chromaCqt(decodeAudioSync(trumpet, { mono: true }))
  expect(readNpy(readFileSync(work.in('c.npy'))).data).toEqual(expected.data)
})
