import { readFileSync, writeFileSync } from 'node:fs'
import { decodeAudioSync } from '@dsp/audio'
import { readNpy } from '@dsp/tensor'
import { sharedDataOrSkip } from '@dsp/tensor/testing'
import { pyin, yin } from '@dsp/yin'
import { expect, it } from 'vitest'
import { dsp, scratch, wav } from './helpers.js'
import { type Case, features, sound, testFeatures, testPictures, testShort, writeSound } from './kinds.js'
import { pictureOf } from './png.js'

const work = scratch()
writeSound(work)
/** C2 to C7. */
const range = { fmin: 65.40639132514966, fmax: 2093.004522404789 }

const cases: readonly Case[] = [
  ['yin', [], () => yin(sound, range)],
  ['pyin', [], () => pyin(sound, range).f0],
]
testFeatures(work, [
  ...cases,
  [
    'yin',
    ['fmin=100', 'fmax=1000', 'hopLength=256', 'troughThreshold=0.2', 'center=false'],
    () => yin(sound, { fmin: 100, fmax: 1000, hopLength: 256, troughThreshold: 0.2, center: false }),
  ],
  [
    'pyin',
    ['fmin=100', 'fmax=1000', 'resolution=0.2', 'fillNa=0', 'betaParameters=3,12'],
    () => pyin(sound, { fmin: 100, fmax: 1000, resolution: 0.2, fillNa: 0, betaParameters: [3, 12] }).f0,
  ],
])
testPictures(work, cases)
testShort(work, ['yin', 'pyin'])

it('draws the pitch as a line where its frequency is, and silence', async () => {
  await dsp(work.path, ['plot', 'sound.wav', '--kind', 'yin', '--out', 'line.png', '--width', '1200'])
  const { at, height } = await pictureOf(readFileSync(work.in('line.png')))
  const column = Array.from({ length: height }, (_, y) => at(500, y))
  const [top, bottom] = [
    column.findIndex(([r, g, b]) => r + g + b < 200),
    column.findLastIndex(([r, g, b]) => r + g + b < 200),
  ]
  // The line is the only thing of its colour: 440 Hz between 40 Hz and 8 kHz, octave by octave.
  const line = column.findIndex(([r, g, b]) => r < 130 && g > 220 && b > 200)
  expect((bottom - line) / (bottom - top)).toBeCloseTo(Math.log(440 / 40) / Math.log(8000 / 40), 1)
  writeFileSync(work.in('silence.wav'), wav([new Float32Array(16000)]))
  for (const kind of ['yin', 'pyin']) {
    const args = ['plot', 'silence.wav', '--kind', kind, '--out', 'silence.png']
    expect(await dsp(work.path, args)).toMatchObject({ code: 0, stderr: '' })
  }
})

it('says which options have which range and which rate', async () => {
  const { stdout } = await dsp(work.path, ['features', '--kind', 'pyin', '--options'])
  expect(stdout).toMatch(/fmin .*\(default 65\.406/)
  expect(stdout).toMatch(/sr .*\(default the file's\)/)
  expect(stdout).toMatch(/fillNa .*\(default NaN\)/)
  const wrong = ['features', 'sound.wav', '--kind', 'yin', '--set', 'fmin=3000', '--out', 'no.npy']
  const { code, stderr } = await dsp(work.path, wrong)
  expect(code).toBe(2)
  expect(stderr).toMatch(/^dsp: --set fmin must be above 0 and below fmax/)
})

it('finds the pitch of real music', async (context) => {
  const trumpet = sharedDataOrSkip(context, 'music/solo-trumpet.ogg')
  await features(work, trumpet, '--kind', 'pyin', '--set', 'fmin=110', '--set', 'fmax=1200', '--out', 'p.npy')
  const expected = pyin(decodeAudioSync(trumpet, { mono: true }), { fmin: 110, fmax: 1200 })
  expect(readNpy(readFileSync(work.in('p.npy'))).data).toEqual(expected.f0.data)
})
