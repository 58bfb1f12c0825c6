import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { decodeAudioSync } from '@dsp/audio'
import { harmonic, hpss, percussive } from '@dsp/hpss'
import { seededRandom, sharedDataOrSkip } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { dsp, scratch, tone, wav } from './helpers.js'
import { type Case, samples, testFeatures, testPictures, testShort, writeSound } from './kinds.js'
import { pictureOf } from './png.js'

const work = scratch()
const rate = 22050
/** A tone with clicks: something for either part. */
function clicks(frequency: number): Float32Array {
  return tone(1.5, rate, frequency).map((x, i) => x + (i % 5000 < 20 ? 0.4 : 0))
}
const [left, right] = [clicks(440), clicks(660)]
writeFileSync(work.in('mono.wav'), wav([left], rate))
writeFileSync(work.in('stereo.wav'), wav([left, right], rate))
writeFileSync(work.in('text.wav'), 'not a sound')
writeFileSync(work.in('none.wav'), wav([new Float32Array(0)], rate))

writeSound(work)

const cases: readonly Case[] = [
  ['hpss-harmonic', [], () => harmonic(samples)],
  ['hpss-percussive', [], () => percussive(samples)],
]
testFeatures(work, [
  ...cases,
  [
    'hpss-percussive',
    ['kernelSize=17,45', 'margin=2,3', 'power=1'],
    () => percussive(samples, { kernelSize: [17, 45], margin: [2, 3], power: 1 }),
  ],
])
testPictures(work, cases)
testShort(work, ['hpss-harmonic'])

const read = (name: string) => decodeAudioSync(work.in(name))
const run = (...args: string[]) => dsp(work.path, ['hpss', ...args])

describe('dsp hpss', () => {
  it('writes parts that are those of the package and add up to the sound, every channel, and a picture', async () => {
    const { code, stderr, stdout } = await run('stereo.wav', '--out-dir', 'a', '--json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({
      file: 'stereo.wav',
      harmonic: 'a/stereo-harmonic.wav',
      percussive: 'a/stereo-percussive.wav',
      residual: null,
      picture: 'a/stereo-hpss.png',
      channels: 2,
      seconds: 1.5,
      sampleRate: rate,
    })
    const sound = read('stereo.wav').samples
    const [harmonic, percussive] = [read('a/stereo-harmonic.wav'), read('a/stereo-percussive.wav')]
    const expected = hpss(sound)
    expect(harmonic).toMatchObject({ sampleRate: rate, samples: { shape: sound.shape, data: expected.harmonic.data } })
    expect(percussive.samples.data).toEqual(expected.percussive.data)
    const apart = sound.data.map((x, i) => Math.abs(x - harmonic.samples.data[i]! - percussive.samples.data[i]!))
    expect(Math.max(...apart)).toBeLessThan(1e-6)
    const picture = await pictureOf(readFileSync(work.in('a/stereo-hpss.png')))
    expect([picture.width, picture.height]).toEqual([1600, 1300])
    expect(picture.colours).toBeGreaterThan(200)
  })

  it('leaves a residual where margins are above 1, and takes options both ways', async () => {
    const flags = ['--margin', '2,3', '--kernel', '17,45', '--set', 'nFft=1024', '--no-picture']
    const { stdout } = await run('mono.wav', '--out-dir', 'b', ...flags)
    expect(stdout).toBe('b/mono-harmonic.wav, b/mono-percussive.wav, b/mono-residual.wav: 1.5 s of mono.wav\n')
    const expected = hpss(left, { margin: [2, 3], kernelSize: [17, 45], nFft: 1024, residual: true })
    for (const part of ['harmonic', 'percussive', 'residual'] as const) {
      expect(read(`b/mono-${part}.wav`).samples.data).toEqual(expected[part]!.data)
    }
  })

  it('gives the same files block by block', async () => {
    for (const [folder, ...flags] of [['whole'], ['blocks', '--stream']] as const) {
      const { code } = await run('stereo.wav', '--out-dir', folder, '--margin', '1.5', '--no-picture', ...flags)
      expect(code).toBe(0)
    }
    for (const part of ['harmonic', 'percussive', 'residual']) {
      const [whole, blocks] = ['whole', 'blocks'].map((folder) => readFileSync(work.in(`${folder}/stereo-${part}.wav`)))
      expect(whole!.equals(blocks!)).toBe(true)
    }
  })

  it('goes on after files that fail, and leaves nothing of them', async () => {
    const { code, stdout, stderr } = await run('text.wav', 'none.wav', 'mono.wav', '--out-dir', 'c', '--no-picture')
    expect(code).toBe(1)
    expect(stdout).toBe('c/mono-harmonic.wav, c/mono-percussive.wav: 1.5 s of mono.wav\n')
    expect(stderr).toMatch(/^dsp: text\.wav: .*\ndsp: none\.wav has no samples\n$/)
    expect(work.list('c')).toEqual(['mono-harmonic.wav', 'mono-percussive.wav'])
  })

  it.runIf(process.platform === 'linux')('says so where a folder cannot be made', async () => {
    const { code, stderr } = await run('mono.wav', '--out-dir', '/proc/no-such-folder', '--no-picture')
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('/proc/no-such-folder cannot be made'),
    })
  })

  it.each<[string, RegExp, string[]]>([
    ['no folder', /required option '--out-dir/, ['mono.wav']],
    ['an unknown option', /no option "kernel"; the options are: /, ['mono.wav', '--out-dir', 'x', '--set', 'kernel=3']],
    ['a margin below 1', /margin/, ['mono.wav', '--out-dir', 'x', '--margin', '0.5']],
    ['a margin twice', /margin was given twice/, ['mono.wav', '--out-dir', 'x', '--margin', '2', '--set', 'margin=2']],
    ['one name twice', /two recordings/, ['mono.wav', 'y/mono.flac', '--out-dir', 'x']],
  ])('%s is wrong usage', async (_, message, args) => {
    const { code, stderr } = await run(...args)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
    expect(work.list()).not.toContain('x')
  })

  it('an interrupt leaves whole files or none', async () => {
    const random = seededRandom(3)
    writeFileSync(work.in('long.wav'), wav([Float32Array.from({ length: 60 * rate }, () => random() - 0.5)], rate))
    for (const delay of [300, 600, 900]) {
      const { signal, code } = await dsp(work.path, ['hpss', 'long.wav', '--stream', '--out-dir', 'd'], delay)
      expect(signal === 'SIGINT' || code === 0).toBe(true)
      const left = (existsSync(work.in('d')) ? work.list('d') : []).filter(
        (name) => !/^long-(harmonic|percussive)\.wav$|^long-hpss\.png$/.test(name),
      )
      expect(left).toEqual([])
    }
  })

  it('separates real music', async (context) => {
    const trumpet = sharedDataOrSkip(context, 'music/solo-trumpet.ogg')
    expect((await run(trumpet, '--out-dir', 'e', '--no-picture')).code).toBe(0)
    const { samples } = decodeAudioSync(trumpet)
    expect(read('e/solo-trumpet-harmonic.wav').samples.data).toEqual(hpss(samples).harmonic.data)
  })
})
