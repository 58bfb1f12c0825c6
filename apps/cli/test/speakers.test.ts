import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decodeAudioSync } from '@dsp/audio'
import { readNpy } from '@dsp/tensor'
import { describe, expect, it } from 'vitest'
import { dsp, scratch, wav } from './helpers.js'

const work = scratch()
const run = (...args: string[]) => dsp(work.path, args)
/** Synthesized clips: two sentences of one voice, one of another. */
const clip = (name: string) => fileURLToPath(new URL(`../../speaker-verification/demo/${name}.wav`, import.meta.url))
const [anna, annaAgain, ben] = [clip('anna-1'), clip('anna-2'), clip('ben-1')]

/** The samples of a clip, and files made of them. */
const voice = decodeAudioSync(anna).samples.data
function write(name: string, channels: readonly Float32Array[], rate = 16000): string {
  writeFileSync(join(work.path, name), wav(channels, rate))
  return name
}
const silence = write('silence.wav', [new Float32Array(32000)])
/** Speech begins 0.3 s into the clip. */
const short = write('short.wav', [voice.slice(5600, 5600 + 9600)])

describe('dsp verify', () => {
  it('tells one pair of the same speaker from one of two', async () => {
    const same = await run('verify', anna, annaAgain)
    expect(same).toMatchObject({ code: 0, stderr: '' })
    expect(same.stdout).toMatch(
      /anna-1\.wav, .*anna-2\.wav: same speaker \(score 0\.\d{3}, probability \d+\.\d %, threshold /,
    )
    const different = await run('verify', anna, ben)
    expect(different).toMatchObject({ code: 0, stderr: '' })
    expect(different.stdout).toContain('different speakers')
  })

  it('prints JSON of the documented fields', async () => {
    const { code, stdout, stderr } = await run('verify', anna, short, '--json', '--threshold', '0.999')
    expect(code).toBe(0)
    const found = JSON.parse(stdout)
    const fields = ['a', 'b', 'score', 'threshold', 'same', 'probability', 'shortSpeech', 'speechSeconds', 'notes']
    expect(Object.keys(found)).toEqual(fields)
    expect(found).toMatchObject({ a: anna, b: short, threshold: 0.999, same: false, shortSpeech: true })
    expect(found.notes).toEqual([{ file: short, code: 'short-speech', message: expect.stringContaining('below 1 s') }])
    expect(stderr).toContain(`dsp: ${short}: only 0.`)
  })

  it('refuses silence and too little speech, with the figure', async () => {
    const { code, stdout, stderr } = await run('verify', anna, silence)
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain(
      'silence.wav: the recording must have at least 0.2 s of speech, got 0.00 s in 2.00 s of sound',
    )
    const click = new Float32Array(32000)
    click.set(voice.subarray(8000, 8000 + 2400), 8000)
    const tiny = await run('verify', write('tiny.wav', [click]), anna)
    expect(tiny).toMatchObject({ code: 1, stderr: expect.stringMatching(/at least 0\.2 s of speech, got 0\.1\d s/) })
  })

  it('says what makes a score uncertain', async () => {
    const loud = voice.map((x) => Math.max(-1, Math.min(1, 8 * x)))
    const clipped = write('clipped.wav', [loud])
    const telephone = write('telephone.wav', [voice.filter((_, i) => i % 2 === 0)], 8000)
    const { code, stdout, stderr } = await run('verify', clipped, telephone, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout).notes.map((note: { code: string }) => note.code)).toEqual(['clipped', 'low-rate'])
    expect(stderr).toMatch(/clipped\.wav: \d+\.\d % of the samples are clipped/)
    expect(stderr).toContain('telephone.wav: recorded at 8000 Hz: the model was trained at 16 kHz')
  })

  it('averages channels and says so, or hears one', async () => {
    const other = decodeAudioSync(ben).samples.data
    const length = Math.min(voice.length, other.length)
    const [left, right] = [voice.slice(0, length), other.slice(0, length)]
    const both = write('both.wav', [left, right])
    const swapped = write('swapped.wav', [right, left])
    const averaged = await run('verify', both, swapped)
    expect(averaged.stderr).toContain('both.wav: its 2 channels are averaged')
    expect(averaged.stdout).toContain('same speaker (score 1.000')
    const lefts = await run('verify', both, swapped, '--channel', 'left')
    expect(lefts).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('different speakers') })
    const rights = await run('verify', both, both, '--channel', 'right')
    expect(rights).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('same speaker') })
    const none = await run('verify', both, anna, '--channel', 'right')
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('the recording has one channel') })
  })

  it('refuses wrong usage', async () => {
    for (const args of [[anna], [anna, ben, '--threshold', '2'], [anna, ben, '--channel', 'middle'], ['-', '-']]) {
      expect(await run('verify', ...args)).toMatchObject({ code: 2, stdout: '' })
    }
    expect(await run('verify', anna, 'none.wav')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('none.wav'),
    })
    expect(await run('verify', anna, ben, '--model', work.path)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('speaker-encoder.json'),
    })
  })
})

describe('dsp embed', () => {
  it('writes a row per file, NaN for those that fail', async () => {
    const files = [anna, silence, annaAgain]
    const { code, stdout, stderr } = await run('embed', ...files, '--out', 'x.npy', '--json')
    expect(code).toBe(1)
    expect(stderr).toContain('silence.wav: the recording must have')
    const lines = stdout.trim().split('\n')
    expect(lines.map((line) => JSON.parse(line).row)).toEqual([0, 1, 2])
    expect(JSON.parse(lines[1]!)).toEqual({ file: silence, row: 1, error: expect.stringContaining('0.2 s') })
    const { shape, data } = readNpy(readFileSync(join(work.path, 'x.npy')))
    expect(shape).toEqual([3, 512])
    expect(data).toBeInstanceOf(Float32Array)
    const rows = files.map((_, i) => [...(data as Float32Array).subarray(512 * i, 512 * (i + 1))])
    expect(rows[1]!.every(Number.isNaN)).toBe(true)
    const dot = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0)
    for (const row of [rows[0]!, rows[2]!]) expect(dot(row, row)).toBeCloseTo(1, 5)
    const { stdout: verdict } = await run('verify', anna, annaAgain, '--json')
    expect(JSON.parse(verdict).score).toBeCloseTo(dot(rows[0]!, rows[2]!), 5)
  })

  it('exits 0 when all files are embedded, and refuses wrong usage', async () => {
    expect(await run('embed', ben, '--out', 'ben.npy')).toMatchObject({ code: 0, stdout: '', stderr: '' })
    expect(await run('embed', ben)).toMatchObject({ code: 2 })
    expect(await run('embed', ben, '--out', 'ben.txt')).toMatchObject({ code: 2 })
    expect(await run('embed', ben, '--out', 'no/ben.npy')).toMatchObject({ code: 1 })
  })
})
