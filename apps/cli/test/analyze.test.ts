import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { decodeAudioSync } from '@dsp/audio'
import { chromaCqt } from '@dsp/chroma'
import { hpss } from '@dsp/hpss'
import { readNpz } from '@dsp/tensor'
import { sharedDataOrSkip } from '@dsp/tensor/testing'
import { pyin, yin } from '@dsp/yin'
import { describe, expect, it } from 'vitest'
import { dsp, scratch, tone, wav } from './helpers.js'
import { pictureOf } from './png.js'

const work = scratch()
const rate = 22050
mkdirSync(work.in('music/live'), { recursive: true })
const tracks = ['a', 'b', 'live/c']
for (const [i, name] of tracks.entries())
  writeFileSync(work.in(`music/${name}.wav`), wav([tone(1, rate, 330 * (i + 1))], rate))
writeFileSync(work.in('bad.wav'), 'not a sound')
writeFileSync(work.in('stereo.wav'), wav([tone(1, rate), tone(1, rate, 700)], rate))
mkdirSync(work.in('other'))
writeFileSync(work.in('other/stereo.wav'), wav([tone(1, rate)], rate))
writeFileSync(work.in('none.wav'), wav([new Float32Array(0)], rate))

const size = ['--width', '500', '--height', '500']
const run = (...args: string[]) => dsp(work.path, ['analyze', ...args, ...size])
const arraysOf = (name: string) => readNpz(readFileSync(work.in(name)))
const objects = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .sort((x, y) => (x.file < y.file ? -1 : 1))

describe('dsp analyze', () => {
  it('writes the three functions’ results of every track of a folder, and a picture', async () => {
    const { code, stdout, stderr } = await run('music', '--out-dir', 'out', '--json')
    expect(code).toBe(0)
    expect(stderr).toMatch(/^3 analyzed: 3\.0 s of sound in \d+\.\d\d s\n$/)
    expect(objects(stdout)).toEqual(
      tracks.map((name) => ({
        file: `music/${name}.wav`,
        status: 'done',
        npz: `out/${name}.npz`,
        png: `out/${name}.png`,
        seconds: 1,
        sampleRate: rate,
      })),
    )
    const audio = decodeAudioSync(work.in('music/live/c.wav'))
    const { settings, ...arrays } = arraysOf('out/live/c.npz')
    const { harmonic, percussive } = hpss(audio.samples)
    expect(Object.keys(arrays)).toEqual(['sample_rate', 'f0', 'chroma', 'harmonic', 'percussive'])
    expect(arrays.sample_rate).toMatchObject({ shape: [], data: Int32Array.of(rate) })
    expect(arrays.f0!.data).toEqual(yin(audio, { fmin: 50, fmax: 2000 }).data)
    const chroma = chromaCqt(audio)
    expect(arrays.chroma).toMatchObject({ shape: chroma.shape, data: chroma.data })
    expect(arrays.harmonic!.data).toEqual(harmonic.data)
    expect(arrays.percussive!.data).toEqual(percussive.data)
    expect(JSON.parse(new TextDecoder().decode(settings!.data as Uint8Array))).toMatchObject({
      by: 'dsp analyze',
      source: { name: 'c.wav', bytes: statSync(work.in('music/live/c.wav')).size },
      pitch: 'yin',
    })
    const picture = await pictureOf(readFileSync(work.in('out/live/c.png')))
    expect([picture.width, picture.height]).toEqual([500, 500])
    expect(picture.colours).toBeGreaterThan(200)
  })

  it('goes on where an interrupted run was: finished tracks stay as they are', async () => {
    const before = readFileSync(work.in('out/a.npz'))
    const old = new Date(1000 * Math.ceil(Date.now() / 1000 + 5))
    utimesSync(work.in('out/a.npz'), old, old)
    rmSync(work.in('out/b.png'))
    rmSync(work.in('out/live/c.npz'))
    const { stdout, stderr } = await run('music', '--out-dir', 'out', '--json')
    expect(objects(stdout).map(({ status }) => status)).toEqual(['skipped', 'done', 'done'])
    expect(stderr).toContain('2 analyzed, 1 finished before:')
    expect(statSync(work.in('out/a.npz')).mtimeMs).toBe(old.getTime())
    expect(existsSync(work.in('out/b.png'))).toBe(true)
    const { stdout: all } = await run('music', '--out-dir', 'out', '--json', '--force')
    expect(objects(all).map(({ status }) => status)).toEqual(['done', 'done', 'done'])
    expect(readFileSync(work.in('out/a.npz')).equals(before)).toBe(true)
  })

  it('does tracks again whose file or settings are others', async () => {
    const status = async (...args: string[]) =>
      objects((await run('music/a.wav', '--out-dir', 'again', '--json', ...args)).stdout).map((track) => track.status)
    expect(await status()).toEqual(['done'])
    expect(await status()).toEqual(['skipped'])
    expect(await status('--set', 'chroma.nChroma=18')).toEqual(['done'])
    expect(arraysOf('again/a.npz').chroma!.shape[0]).toBe(18)
    writeFileSync(work.in('again/a.npz'), 'damaged')
    expect(await status()).toEqual(['done'])
    writeFileSync(work.in('music/a.wav'), wav([tone(0.9, rate)], rate))
    expect(await status()).toEqual(['done'])
  })

  it('takes options of each part, pyin, another rate, and leaves the samples out', async () => {
    const sets = ['hpss.margin=2', 'pitch.fmin=100', 'pitch.fmax=900', 'chroma.hopLength=1024']
    const flags = ['--pitch', 'pyin', '--rate', '16000', '--no-audio', ...sets.flatMap((set) => ['--set', set])]
    const { code, stdout } = await run('stereo.wav', '--out-dir', 'parts', ...flags)
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'parts/stereo.npz, parts/stereo.png: 1.0 s at 16000 Hz of stereo.wav\n',
    })
    const audio = decodeAudioSync(work.in('stereo.wav'), { mono: true, sampleRate: 16000 })
    const arrays = arraysOf('parts/stereo.npz')
    const expected = pyin(audio, { fmin: 100, fmax: 900 })
    expect(Object.keys(arrays)).toEqual(['settings', 'sample_rate', 'f0', 'voiced_flag', 'voiced_prob', 'chroma'])
    expect(arrays.f0!.data).toEqual(expected.f0.data)
    expect(arrays.voiced_flag!.data).toEqual(expected.voicedFlag.data)
    expect(arrays.voiced_prob!.data).toEqual(expected.voicedProb.data)
    expect(arrays.chroma!.data).toEqual(chromaCqt(audio, { hopLength: 1024 }).data)
  })

  it('reports what cannot be read, and does the rest', async () => {
    const paths = ['bad.wav', 'nothing.wav', 'none.wav', 'stereo.wav']
    const { code, stdout, stderr } = await run(...paths, '--out-dir', 'rest', '--json')
    expect(code).toBe(1)
    expect(objects(stdout).map(({ file, status }) => [file, status])).toEqual([
      ['bad.wav', 'failed'],
      ['none.wav', 'failed'],
      ['nothing.wav', 'failed'],
      ['stereo.wav', 'done'],
    ])
    expect(stderr).toMatch(/dsp: nothing\.wav: there is no such file/)
    expect(stderr).toMatch(/dsp: bad\.wav: the input is not WAV/)
    expect(stderr).toContain('1 analyzed, 3 failed:')
    expect(stderr).not.toContain('defect')
    expect(work.list('rest')).toEqual(['stereo.npz', 'stereo.png'])
  })

  it.each<[string, RegExp, string[]]>([
    ['no folder', /required option '--out-dir/, ['stereo.wav']],
    ['no track', /missing required argument 'tracks'/, ['--out-dir', 'x']],
    ['a --set without its part', /--set takes hpss\.NAME=VALUE/, ['stereo.wav', '--out-dir', 'x', '--set', 'fmin=50']],
    ['an unknown part', /--set takes hpss/, ['stereo.wav', '--out-dir', 'x', '--set', 'mel.nMels=3']],
    ['an unknown option', /no option "low"/, ['stereo.wav', '--out-dir', 'x', '--set', 'pitch.low=50']],
    ['an unknown method', /Allowed choices are yin, pyin/, ['stereo.wav', '--out-dir', 'x', '--pitch', 'crepe']],
    ['filters above the sound', /nOctaves must be few/, ['stereo.wav', '--out-dir', 'x', '--set', 'chroma.fmin=9000']],
    ['one name twice', /would both be written/, ['stereo.wav', 'other/stereo.wav', '--out-dir', 'x']],
  ])('%s is wrong usage', async (_, message, args) => {
    const { code, stderr } = await run(...args)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
    expect(work.list()).not.toContain('x')
  })

  it('an interrupt leaves whole files, and the next run does the rest', async () => {
    mkdirSync(work.in('many'))
    for (let i = 0; i < 12; i++) writeFileSync(work.in(`many/${i}.wav`), wav([tone(4, rate, 200 + 50 * i)], rate))
    // Wherever in the work it comes: with nothing done, with some, and between the two files of one track.
    const numbers = Array.from({ length: 12 }, (_, i) => String(i))
    let finished: string[] = []
    for (const delay of [900, 1200, 1500]) {
      const { signal, code } = await dsp(work.path, ['analyze', 'many', '--out-dir', 'done', ...size], delay)
      expect(signal === 'SIGINT' || code === 0).toBe(true)
      const left = existsSync(work.in('done')) ? work.list('done') : []
      expect(left.filter((name) => !/^\d+\.(npz|png)$/.test(name))).toEqual([])
      for (const name of left) if (name.endsWith('.npz')) expect(arraysOf(`done/${name}`).f0!.size).toBe(173)
      finished = numbers.filter((name) => left.includes(`${name}.npz`) && left.includes(`${name}.png`))
    }
    const { stdout } = await run('many', '--out-dir', 'done', '--json')
    const skipped = objects(stdout).filter(({ status }) => status === 'skipped')
    expect(skipped.length).toBe(finished.length)
    expect(work.list('done').length).toBe(24)
  })

  it('analyzes real music', async (context) => {
    const trumpet = sharedDataOrSkip(context, 'music/solo-trumpet.ogg')
    expect((await run(trumpet, '--out-dir', 'real', '--no-audio')).code).toBe(0)
    const mono = decodeAudioSync(trumpet, { mono: true })
    expect(arraysOf('real/solo-trumpet.npz').chroma!.data).toEqual(chromaCqt(mono).data)
  })
})
