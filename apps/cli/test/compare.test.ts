import { readFileSync, writeFileSync } from 'node:fs'
import { tensor, writeArk, writeCsv, writeNpy, writeNpz } from '@dsp/tensor'
import { seededRandom } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { dsp, scratch } from './helpers.js'
import { pictureOf } from './png.js'

const work = scratch()
const random = seededRandom(11)
const [frames, bins] = [40, 6]
const b = Float64Array.from({ length: frames * bins }, () => 10 * random())
// Bin 2 is off by 0.5 everywhere; one cell of frame 7, bin 4 by 3.
const a = b.map((x, i) => x + (i % bins === 2 ? 0.5 : 0) + (i === 7 * bins + 4 ? 3 : 0))
writeFileSync(work.in('a.npy'), writeNpy(tensor(a, [frames, bins])))
writeFileSync(work.in('b.npz'), writeNpz({ x: tensor(b, [frames, bins]), y: tensor(b) }))
writeFileSync(work.in('b.ark'), writeArk({ one: tensor(b, [frames, bins]) }))
writeFileSync(work.in('line.npy'), writeNpy(tensor(b)))
writeFileSync(work.in('short.npy'), writeNpy(tensor(b.slice(0, 12), [2, 6])))

const json = async (...args: string[]) => JSON.parse((await dsp(work.path, ['compare', ...args, '--json'])).stdout)

describe('dsp compare', () => {
  it('prints exactly the documented fields', async () => {
    const result = await json('a.npy', 'b.npz:x')
    expect(Object.keys(result)).toEqual(['shape', 'meanOffset', 'maxAbs', 'correlation', 'worstBins', 'worstFrames'])
    expect(result.shape).toEqual([frames, bins])
    expect(result.meanOffset).toBeCloseTo((0.5 * frames + 3) / (frames * bins), 10)
    expect(result.maxAbs).toBeCloseTo(3, 10)
    expect(result.correlation).toBeCloseTo(correlation(a, b), 10)
    expect(result.worstBins.map(({ bin }: { bin: number }) => bin)).toEqual([4, 2])
    expect(result.worstBins[0]).toMatchObject({ bin: 4, maxAbs: 3 })
    expect(result.worstBins[1].meanOffset).toBeCloseTo(0.5, 10)
    expect(result.worstFrames[0]).toMatchObject({ frame: 7 })
    expect(result.worstFrames.length).toBe(5)
  })

  it('takes bins first, archives, vectors and a count', async () => {
    const turned = await json('a.npy', 'b.ark', '--bins-first', '--worst', '1')
    expect(turned.worstFrames).toEqual([{ frame: 4, maxAbs: expect.any(Number), meanOffset: expect.any(Number) }])
    expect(turned.worstBins[0].bin).toBe(7)
    expect(await json('line.npy', 'b.npz:y')).toEqual({
      shape: [frames * bins],
      meanOffset: 0,
      maxAbs: 0,
      correlation: 1,
      worstBins: [],
      worstFrames: [],
    })
  })

  it('takes text', async () => {
    writeFileSync(work.in('b.csv'), writeCsv(tensor(b, [frames, bins])))
    expect(await json('b.npz:x', 'b.csv')).toMatchObject({ shape: [frames, bins], maxAbs: 0 })
    writeFileSync(work.in('ragged.csv'), '1,2\n3\n')
    const { code, stderr } = await dsp(work.path, ['compare', 'b.csv', 'ragged.csv'])
    expect(code).toBe(1)
    expect(stderr).toBe('dsp: ragged.csv: line 2 has length 1, those before it have 2\n')
  })

  it('takes equal NaNs and infinities as equal, and one-sided ones as infinitely far', async () => {
    writeFileSync(work.in('n1.npy'), writeNpy(tensor(Float32Array.of(Number.NaN, 1, Infinity))))
    writeFileSync(work.in('n2.npy'), writeNpy(tensor(Float32Array.of(Number.NaN, 1.5, Infinity))))
    writeFileSync(work.in('n3.npy'), writeNpy(tensor(Float32Array.of(0, 1, Infinity))))
    expect(await json('n1.npy', 'n2.npy')).toMatchObject({ maxAbs: 0.5 })
    expect(await json('n1.npy', 'n3.npy')).toMatchObject({ maxAbs: null })
    expect((await dsp(work.path, ['compare', 'n1.npy', 'n3.npy', '--tolerance', '1e9'])).code).toBe(1)
  })

  it('says that there is nothing to average where there is no number', async () => {
    writeFileSync(work.in('nan.npy'), writeNpy(tensor(new Float32Array(6).fill(Number.NaN), [3, 2])))
    expect(await json('nan.npy', 'nan.npy')).toMatchObject({ meanOffset: null, maxAbs: 0, correlation: null })
    const { stdout } = await dsp(work.path, ['compare', 'nan.npy', 'nan.npy'])
    expect(stdout).toContain('mean offset   undefined (no number on both sides)')
    expect(stdout).toContain('correlation   undefined (no numbers)')
    writeFileSync(work.in('half.npy'), writeNpy(tensor(Float32Array.of(1, Number.NaN, 2, Number.NaN, 4, 5), [3, 2])))
    // only pairs of numbers count
    writeFileSync(work.in('more.npy'), writeNpy(tensor(Float32Array.of(0, Number.NaN, 0, 7, 0, 5), [3, 2])))
    expect(await json('half.npy', 'more.npy')).toMatchObject({ meanOffset: 7 / 4, maxAbs: null })
  })

  it('compares complex numbers', async () => {
    const x = Float32Array.of(1, 2, -3, 0.5, 0, 1, 2, 2)
    const turned = Float32Array.of(-2, 1, -0.5, -3, -1, 0, -2, 2)
    const off = x.map((value, i) => value + [0.3, 0.4][i % 2]!)
    const write = (name: string, data: Float32Array, shape: number[]) =>
      writeFileSync(work.in(name), writeNpy(tensor(data, shape), { complex: true }))
    write('c.npy', x, [2, 2, 2])
    write('off.npy', off, [2, 2, 2])
    write('turned.npy', turned, [2, 2, 2])
    write('vector.npy', x, [4, 2])
    writeFileSync(work.in('c.npz'), writeNpz({ c: tensor(x, [2, 2, 2]) }, { arrays: { c: { complex: true } } }))
    expect(await json('c.npy', 'c.npz')).toMatchObject({ shape: [2, 2], meanOffset: 0, maxAbs: 0, correlation: 1 })
    const apart = await json('off.npy', 'c.npy')
    for (const key of ['meanOffset', 'maxAbs']) expect(apart[key]).toBeCloseTo(0.5, 6)
    expect(apart.correlation).toBeCloseTo(1, 6)
    expect(apart.worstBins[0].maxAbs).toBeCloseTo(0.5, 6)
    // a quarter of a turn: the real part of the correlation is that of sine and cosine
    expect((await json('turned.npy', 'c.npy')).correlation).toBeCloseTo(0, 6)
    expect(await json('vector.npy', 'vector.npy')).toMatchObject({ shape: [4], maxAbs: 0, worstBins: [] })
    expect((await dsp(work.path, ['compare', 'off.npy', 'c.npy', '--tolerance', '0.4'])).code).toBe(1)
    await dsp(work.path, ['compare', 'off.npy', 'c.npy', '--plot', 'c.png', '--width', '400', '--height', '320'])
    expect((await pictureOf(readFileSync(work.in('c.png')))).width).toBe(400)
    writeFileSync(work.in('real.npy'), writeNpy(tensor(x.subarray(0, 4), [2, 2])))
    expect((await dsp(work.path, ['compare', 'c.npy', 'real.npy'])).stderr).toContain('A is complex, B is real')
  })

  it('fails over a tolerance', async () => {
    expect((await dsp(work.path, ['compare', 'a.npy', 'b.npz:x', '--tolerance', '3.1'])).code).toBe(0)
    const { code, stderr, stdout } = await dsp(work.path, ['compare', 'a.npy', 'b.npz:x', '--tolerance', '2.9'])
    expect(code).toBe(1)
    expect(stderr).toContain('more than 2.9')
    expect(stdout).toContain('max |A - B|   3')
  })

  it('names shapes that differ and arrays that are not there', async () => {
    const { code, stderr } = await dsp(work.path, ['compare', 'a.npy', 'short.npy'])
    expect(code).toBe(1)
    expect(stderr).toBe('dsp: the shapes differ: A is [40, 6], B is [2, 6]\n')
    expect((await dsp(work.path, ['compare', 'a.npy', 'b.npz'])).stderr).toContain('holds 2 arrays; name one')
    expect((await dsp(work.path, ['compare', 'a.npy', 'b.npz:z'])).stderr).toContain('(there are: x, y)')
  })

  it('draws A, B and their difference', async () => {
    await dsp(work.path, ['compare', 'a.npy', 'b.npz:x', '--plot', 'd.png', '--width', '900', '--height', '700'])
    const picture = await pictureOf(readFileSync(work.in('d.png')))
    expect([picture.width, picture.height]).toEqual([900, 700])
    expect(picture.colours).toBeGreaterThan(300)
    await dsp(work.path, ['compare', 'line.npy', 'b.npz:y', '--plot', 'line.png'])
    expect((await pictureOf(readFileSync(work.in('line.png')))).colours).toBeGreaterThan(20)
  })
})

function correlation(x: Float64Array, y: Float64Array): number {
  const mean = (z: Float64Array) => z.reduce((sum, value) => sum + value, 0) / z.length
  const [mx, my] = [mean(x), mean(y)]
  const dot = (p: Float64Array, mp: number, q: Float64Array, mq: number) =>
    p.reduce((sum, value, i) => sum + (value - mp) * (q[i]! - mq), 0)
  return dot(x, mx, y, my) / Math.sqrt(dot(x, mx, x, mx) * dot(y, my, y, my))
}
