import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readArk, readNpy, readNpz, tensor, writeArk, writeNpy, writeNpz } from '../src/index.js'
import { type FuzzTarget, fuzz, fuzzInputs, fuzzRow } from '../src/testing/index.js'

const file = (name: string) => new Uint8Array(readFileSync(new URL(`./golden/${name}`, import.meta.url)))
const matrix = tensor(Float32Array.of(1, -2, 3.5, 4, 5, 6), [2, 3])
const wide = tensor(Float64Array.of(0.1, 0.2, 0.3, 0.4), [2, 2])
const whole = tensor(BigInt64Array.of(1n, -2n))
const tall = tensor(
  Float32Array.from({ length: 36 }, (_, i) => Math.sin(i)),
  [12, 3],
)

const targets: FuzzTarget[] = [
  {
    name: 'npy',
    seeds: [
      writeNpy(matrix),
      writeNpy(matrix, { fortranOrder: true, byteOrder: 'big' }),
      writeNpy(wide, { version: 2, complex: true }),
      writeNpy(tensor(Uint8Array.of(0, 1), [2]), { version: 3, bool: true }),
      writeNpy(whole),
    ],
    parse: readNpy,
  },
  {
    name: 'npz',
    seeds: [
      file('stored.npz'),
      file('compressed.npz'),
      writeNpz({ a: matrix, b: wide }),
      writeNpz({ zeros: tensor(new Float32Array(1000)) }, { compress: true }),
    ],
    parse: readNpz,
    // what deflate can produce, in the inflated bytes and in the arrays made of them
    allowance: (length) => 4 * 1032 * length + (4 << 20),
  },
  {
    name: 'ark',
    seeds: [
      file('kaldiio.ark'),
      file('kaldiio.txt'),
      writeArk({ a: tall, b: matrix }, { compressionMethod: 'automatic' }),
      writeArk({ a: tall }, { compressionMethod: 'one-byte-auto' }),
      writeArk({ a: matrix, b: tensor(Float32Array.of(1)) }, { text: true }),
    ],
    parse: readArk,
  },
]

describe('parsers of hostile bytes', () => {
  it.each(targets)('$name: no crash, no waste, no waiting', { timeout: 1e8 }, async (target) => {
    const inputs = fuzzInputs()
    const figures = await fuzz(target, inputs)
    if (inputs > 2000) console.log(fuzzRow(target.name, figures))
    expect(figures.inputs).toBe(inputs)
    // both ways are walked
    expect(figures.accepted).toBeGreaterThan(inputs / 100)
    expect(figures.accepted).toBeLessThan(inputs)
  })

  it('are found out: a crash, a wait and a waste', async () => {
    const seeds = [Uint8Array.of(1, 2, 3)]
    const crash = () => {
      throw new TypeError('oops')
    }
    await expect(fuzz({ name: 'crash', seeds, parse: crash }, 3)).rejects.toThrow(
      /^crash: input 0 of seed 1 throws no DspError: /,
    )
    const wait = () => {
      // CPU time, as the limit is: on a busy machine the clock runs ahead of it.
      const start = process.cpuUsage()
      while (process.cpuUsage(start).user < 1.2e6);
    }
    await expect(fuzz({ name: 'wait', seeds, parse: wait }, 3)).rejects.toThrow(/takes \d+/)
    const kept: Uint8Array[] = []
    const waste = () => kept.push(new Uint8Array(8 << 20))
    await expect(fuzz({ name: 'waste', seeds, parse: waste }, 3)).rejects.toThrow(/bytes takes \d+ bytes/)
  })
})
