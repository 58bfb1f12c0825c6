import { readFileSync, writeFileSync } from 'node:fs'
import { readNpy, type Tensor } from '@dsp/tensor'
import { describe, expect, it } from 'vitest'
import { loadKind } from '../src/kinds/registry.js'
import { renderPng } from '../src/plot/render.js'
import { dsp, type scratch, tone, wav } from './helpers.js'
import { pictureOf } from './png.js'

/** The rate of {@link sound}. */
export const rate = 22050
/** A tone of 440 Hz in noise with clicks: something for every kind of features. */
export const samples = tone(1.5, rate, 440).map((x, i) => x + (i % 8000 < 20 ? 0.3 : 0))
/** The same with its rate. */
export const sound = { samples, sampleRate: rate }

/** The features of {@link sound} by a kind with some options, as the package itself computes them. */
export type Case = readonly [
  kind: string,
  sets: readonly string[],
  expected: () => Tensor<Float32Array> | Tensor<Float64Array>,
]

type Folder = ReturnType<typeof scratch>

/** Writes {@link sound} as `sound.wav`. */
export function writeSound(work: Folder): void {
  writeFileSync(work.in('sound.wav'), wav([samples], rate))
}

/** Runs `dsp features`, which must succeed and say nothing on standard error. */
export async function features(work: Folder, ...args: string[]): Promise<void> {
  const { code, stderr } = await dsp(work.path, ['features', ...args])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
}

/** Tests that `dsp features` writes the package's own numbers. */
export function testFeatures(work: Folder, cases: readonly Case[]): void {
  it.each(cases)('dsp features writes what the package computes, bit for bit: %s %j', async (kind, sets, expected) => {
    await features(work, 'sound.wav', '--kind', kind, ...sets.flatMap((set) => ['--set', set]), '--out', 'x.npy')
    const { shape, data } = expected()
    expect(readNpy(readFileSync(work.in('x.npy')))).toMatchObject({ shape, data })
  })
}

/** Tests that `dsp plot` draws kinds of a sound and of a file of features. */
export function testPictures(work: Folder, cases: readonly Case[]): void {
  describe('dsp plot', () => {
    const size = ['--width', '700', '--height', '500']

    it.each(cases)('draws %s, of the sound and of a file of features', async (kind, _, values) => {
      const drawn = await dsp(work.path, ['plot', 'sound.wav', '--kind', kind, '--out', 'sound.png', '--json', ...size])
      expect(drawn).toMatchObject({ code: 0, stderr: '' })
      expect(JSON.parse(drawn.stdout)).toMatchObject({ kind, out: 'sound.png', width: 700, height: 500 })
      expect((await pictureOf(readFileSync(work.in('sound.png')))).colours).toBeGreaterThan(100)
      const picture = (await loadKind(kind)).picture({ values: values(), sampleRate: rate, settings: {}, name: 'file' })
      const png = renderPng(picture, { width: 700, height: 500 })
      expect((await pictureOf(png)).colours).toBeGreaterThan(20)
    })
  })
}

/** Tests that sounds of hardly any samples give features or an error for the reader, never a defect. */
export function testShort(work: Folder, kinds: readonly string[]): void {
  it.each(kinds)('takes one sample or says what it needs: %s', async (kind) => {
    writeFileSync(work.in('one.wav'), wav([Float32Array.of(0.5)], rate))
    const { code, stderr } = await dsp(work.path, ['plot', 'one.wav', '--kind', kind, '--out', 'one.png'])
    if (code !== 0) expect(stderr).toMatch(/^dsp: one\.wav: /)
    expect(stderr).not.toContain('defect')
  })
}
