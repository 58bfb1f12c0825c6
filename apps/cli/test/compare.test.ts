import { readFileSync, writeFileSync } from 'node:fs'
import { tensor, writeArk, writeNpy, writeNpz } from '@dsp/tensor'
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

  it('takes equal NaNs and infinities as equal, and one-sided ones as infinitely far', async () => {
    writeFileSync(work.in('n1.npy'), writeNpy(tensor(Float32Array.of(Number.NaN, 1, Infinity))))
    writeFileSync(work.in('n2.npy'), writeNpy(tensor(Float32Array.of(Number.NaN, 1.5, Infinity))))
    writeFileSync(work.in('n3.npy'), writeNpy(tensor(Float32Array.of(0, 1, Infinity))))
    expect(await json('n1.npy', 'n2.npy')).toMatchObject({ maxAbs: 0.5 })
    expect(await json('n1.npy', 'n3.npy')).toMatchObject({ maxAbs: null })
    expect((await dsp(work.path, ['compare', 'n1.npy', 'n3.npy', '--tolerance', '1e9'])).code).toBe(1)
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
