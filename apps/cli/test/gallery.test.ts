import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { dsp, scratch, wav } from './helpers.js'

const work = scratch()
const run = (...args: string[]) => dsp(work.path, args)
/** Synthesized clips: two sentences of one voice, one of another. */
const clip = (name: string) => fileURLToPath(new URL(`../../speaker-verification/demo/${name}.wav`, import.meta.url))
const [anna, annaAgain, ben] = [clip('anna-1'), clip('anna-2'), clip('ben-1')]
writeFileSync(join(work.path, 'silence.wav'), wav([new Float32Array(32000)]))

/** The default gallery of this test. */
const before = process.env.DSP_DATA
process.env.DSP_DATA = join(work.path, 'data', 'dsp')
afterAll(() => {
  if (before === undefined) delete process.env.DSP_DATA
  else process.env.DSP_DATA = before
})

describe('dsp enroll and dsp identify', () => {
  it('name the speaker', async () => {
    expect(await run('identify', anna)).toMatchObject({ code: 1, stderr: expect.stringContaining('dsp enroll NAME') })
    const first = await run('enroll', 'anna', anna)
    const path = join(work.path, 'data', 'dsp', 'speakers.gallery')
    expect(first).toMatchObject({ code: 0, stderr: '', stdout: `anna is enrolled; ${path} holds 1 voice\n` })
    expect(JSON.parse((await run('enroll', 'ben', ben, '--json')).stdout)).toEqual({
      name: 'ben',
      files: [ben],
      speakers: 2,
      gallery: path,
    })
    const { code, stdout } = await run('identify', annaAgain)
    expect(code).toBe(0)
    expect(stdout).toMatch(/anna-2\.wav: anna \(score 0\.\d{3}, probability \d+\.\d %, threshold -?\d\.\d{3}\)\n$/)
    const two = await run('identify', annaAgain, '--top', '2')
    expect(two.stdout).toMatch(/: anna \(.*\)\n {2}anna: score .*\n {2}ben: score .*\n$/)
    const found = JSON.parse((await run('identify', annaAgain, '--top', '5', '--json', '--threshold', '1')).stdout)
    expect(Object.keys(found)).toEqual(['file', 'matches', 'threshold', 'shortSpeech', 'speechSeconds', 'notes'])
    expect(found.matches.map(({ name }: { name: string }) => name)).toEqual(['anna', 'ben'])
    expect(Object.keys(found.matches[0])).toEqual(['name', 'score', 'same', 'probability'])
    const nobody = await run('identify', annaAgain, '--threshold', '1')
    expect(nobody.stdout).toMatch(/: nobody in the gallery \(.*, the nearest is anna\)/)
  })

  it('change the gallery whole or not at all', async () => {
    const gallery = join(work.path, 'a.gallery')
    const enroll = (...args: string[]) => run('enroll', ...args, '--gallery', gallery)
    expect(await enroll('anna', anna, 'silence.wav')).toMatchObject({ code: 1, stdout: '' })
    expect(existsSync(gallery)).toBe(false)
    expect(await enroll('anna', anna, annaAgain)).toMatchObject({ code: 0 })
    const bytes = readFileSync(gallery)
    expect(await enroll('ben', ben, 'silence.wav')).toMatchObject({ code: 1 })
    expect(await enroll('anna', anna)).toMatchObject({ code: 1, stderr: expect.stringContaining('--replace') })
    expect(readFileSync(gallery)).toEqual(bytes)
    expect(await enroll('anna', ben, '--replace')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 voice'),
    })
    expect(readFileSync(gallery)).not.toEqual(bytes)
    expect(work.list().filter((name) => name.startsWith('a.gallery'))).toEqual(['a.gallery'])
  })

  it('follow a link to the gallery', async () => {
    mkdirSync(join(work.path, 'elsewhere'))
    symlinkSync(join('elsewhere', 'b.gallery'), join(work.path, 'link.gallery'))
    expect(await run('enroll', 'anna', anna, '--gallery', 'link.gallery')).toMatchObject({ code: 0 })
    expect(work.list('elsewhere')).toEqual(['b.gallery'])
  })

  it('refuse a gallery that was cut, or is none, and leave it as it is', async () => {
    await run('enroll', 'anna', anna, '--gallery', 'whole.gallery')
    const whole = readFileSync(join(work.path, 'whole.gallery'))
    for (const bytes of [whole.subarray(0, whole.length / 2), Buffer.from('text'), Buffer.alloc(0)]) {
      writeFileSync(join(work.path, 'cut.gallery'), bytes)
      for (const args of [
        ['identify', anna],
        ['enroll', 'ben', ben],
      ]) {
        const { code, stdout, stderr } = await run(...args, '--gallery', 'cut.gallery')
        expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
        expect(stderr).toContain('cut.gallery is not a gallery, or is truncated or altered')
      }
      expect(readFileSync(join(work.path, 'cut.gallery'))).toEqual(bytes)
    }
  })

  it('refuse a gallery of another model', async () => {
    const sincnet = dirname(createRequire(import.meta.url).resolve('@dsp/sincnet/package.json'))
    const other = join(work.path, 'other-model')
    cpSync(join(sincnet, 'model'), other, { recursive: true })
    const description = join(other, 'speaker-encoder.json')
    const json = JSON.parse(readFileSync(description, 'utf8'))
    json.low[40] += 1
    writeFileSync(description, JSON.stringify(json))
    expect(await run('enroll', 'anna', anna, '--gallery', 'other.gallery', '--model', other)).toMatchObject({ code: 0 })
    for (const args of [
      ['identify', anna],
      ['enroll', 'ben', ben],
    ]) {
      const { code, stderr } = await run(...args, '--gallery', 'other.gallery')
      expect(code).toBe(1)
      expect(stderr).toContain('other.gallery holds embeddings of another model')
    }
  })

  it('refuse wrong usage', async () => {
    const wrong = { code: 2, stdout: '' }
    expect(await run('enroll', 'anna')).toMatchObject(wrong)
    expect(await run('enroll', ' ', anna)).toMatchObject(wrong)
    expect(await run('identify', anna, '--top', '0')).toMatchObject(wrong)
    expect(await run('enroll', 'anna', anna, '--gallery', 'no/folder.gallery')).toMatchObject({ code: 1 })
  })
})
