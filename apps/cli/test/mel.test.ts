import { readFileSync, writeFileSync } from 'node:fs'
import { decodeAudioSync } from '@dsp/audio'
import { melspectrogram, mfcc, nemoLogMel, whisperLogMel } from '@dsp/mel'
import { readNpy } from '@dsp/tensor'
import { sharedDataOrSkip } from '@dsp/tensor/testing'
import { expect, it } from 'vitest'
import { dsp, scratch, tone, wav } from './helpers.js'
import { type Case, features, sound, testFeatures, testPictures, writeSound } from './kinds.js'
import { pictureOf } from './png.js'

const work = scratch()
writeSound(work)
writeFileSync(work.in('speech.wav'), wav([tone(1)], 16000))

const cases: readonly Case[] = [
  ['mel', [], () => melspectrogram(sound)],
  ['mel-mfcc', [], () => mfcc(sound)],
  ['nemo', [], () => nemoLogMel(sound)],
]
testFeatures(work, [
  ...cases,
  [
    'mel',
    ['nMels=40', 'fmax=8000', 'htk=true', 'norm=null', 'power=1'],
    () => melspectrogram(sound, { nMels: 40, fmax: 8000, htk: true, norm: null, power: 1 }),
  ],
  [
    'mel-mfcc',
    ['nMfcc=13', 'lifter=22', 'melNorm=inf'],
    () => mfcc(sound, { nMfcc: 13, lifter: 22, melNorm: Infinity }),
  ],
])
testFeatures(work, [
  [
    'nemo',
    ['windowSize=0.025', 'features=80', 'padTo=0', 'normalize=none', 'preemph=null', 'logZeroGuardValue=tiny'],
    () =>
      nemoLogMel(sound, {
        windowSize: 0.025,
        features: 80,
        padTo: 0,
        normalize: 'none',
        preemph: null,
        logZeroGuardValue: 'tiny',
      }),
  ],
  ['nemo', ['preset=parakeet'], () => nemoLogMel(sound, { windowSize: 0.025, features: 80, padTo: 0 })],
  [
    'nemo',
    ['features=2', 'normalize=fixed', 'fixedMean=-5,-6', 'fixedStd=2,3'],
    () => nemoLogMel(sound, { features: 2, normalize: 'fixed', fixedMean: [-5, -6], fixedStd: [2, 3] }),
  ],
])
testPictures(work, cases)

it('computes and draws whisper, of sound at 16 kHz', async () => {
  await features(work, 'speech.wav', '--kind', 'whisper', '--set', 'nMels=128', '--out', 'w.npy')
  const { shape, data } = whisperLogMel(decodeAudioSync(work.in('speech.wav')), { nMels: 128 })
  expect(shape).toEqual([128, 3000])
  expect(readNpy(readFileSync(work.in('w.npy')))).toMatchObject({ shape, data })
  await features(
    work,
    'sound.wav',
    '--rate',
    '16000',
    '--kind',
    'whisper',
    '--set',
    'chunkLength=null',
    '--out',
    'v.npy',
  )
  expect(readNpy(readFileSync(work.in('v.npy'))).shape).toEqual([80, 150])
  await dsp(work.path, ['plot', 'speech.wav', '--kind', 'whisper', '--out', 'w.png'])
  expect((await pictureOf(readFileSync(work.in('w.png')))).colours).toBeGreaterThan(100)
})

it('draws levels where NeMo’s features are not normalised', async () => {
  const { code, stderr } = await dsp(work.path, [
    ...['plot', 'sound.wav', '--kind', 'nemo', '--set', 'normalize=none', '--out', 'n.png'],
  ])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect((await pictureOf(readFileSync(work.in('n.png')))).colours).toBeGreaterThan(100)
})

it('refuses another rate than 16 kHz for whisper', async () => {
  const { code, stderr } = await dsp(work.path, ['features', 'sound.wav', '--kind', 'whisper', '--out', 'no.npy'])
  expect(code).toBe(1)
  expect(stderr).toMatch(/sound\.wav: .*16000/)
})

it('computes Whisper’s features of real speech', async (context) => {
  const speech = sharedDataOrSkip(context, 'speech/jfk.flac')
  await features(work, speech, '--rate', '16000', '--kind', 'whisper', '--out', 'jfk.npy')
  const expected = whisperLogMel(decodeAudioSync(speech, { mono: true, sampleRate: 16000 }))
  expect(readNpy(readFileSync(work.in('jfk.npy'))).data).toEqual(expected.data)
})
