import { spawnSync } from 'node:child_process'
import { describe, expect, it, vi } from 'vitest'

/** Prints what a program sees of tensors, and how often they tried to compile code. */
const program = `
  const { contiguous, readNpy, tensor, writeNpy } = await import('@dsp/tensor')
  const Own = globalThis.Function
  let attempts = 0
  globalThis.Function = new Proxy(Own, { construct: (_, args) => (attempts++, new Own(...args)) })
  const show = ({ dtype, shape, stride, offset, size, dimension, order }) => ({ dtype, shape, stride, offset, size, dimension, order })
  const t = tensor(Float32Array.from({ length: 24 }, (_, i) => i / 4), [2, 3, 4])
  t.set(1, 2, 3, -7)
  const views = [t, t.pick(1), t.hi(1, 2), t.lo(0, 1, 2), t.step(-1, 1, 2), t.transpose(2, 0, 1), t.pick(0, 1, 2)]
  const big = tensor(BigInt64Array.of(5n, 2n ** 60n))
  const bytes = writeNpy(t.transpose(1, 0))
  const read = readNpy(bytes)
  const more = Array.from({ length: 100 }, (_, i) => tensor(new Uint8Array(i), [i]).size)
  console.log(JSON.stringify({
    views: views.map((view) => [show(view), [...contiguous(view)]]),
    got: [t.get(1, 2, 3), t.index(1, 0, 2), t.pick(null, 1).get(1, 3), String(big.get(1)), big.dtype],
    empty: [tensor(new Float64Array(0), [0, 3]), tensor(new Int16Array(1), [])].map(show),
    npy: [...bytes],
    read: [show(read), [...read.data]],
    more,
  }))
  console.error(attempts)
`

function run(...flags: string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, '--input-type=module', '-e', program], {
    encoding: 'utf8',
    cwd: new URL('..', import.meta.url),
  })
  expect([status, stderr]).toEqual([0, expect.stringMatching(/^\d+\n$/)])
  return { seen: JSON.parse(stdout), attempts: Number(stderr) }
}

describe('where code must not be generated', () => {
  it('tensors are the same, and try it once', () => {
    const free = run()
    const strict = run('--disallow-code-generation-from-strings')
    expect(strict.seen).toEqual(free.seen)
    expect(free.attempts).toBeGreaterThan(1)
    expect(strict.attempts).toBe(1)
  })

  it('other errors than that are thrown', async () => {
    vi.resetModules()
    const broken = new RangeError('out of memory')
    vi.doMock('ndarray', () => ({
      default: () => {
        throw broken
      },
    }))
    const { tensor } = await import('../src/tensor.js')
    expect(() => tensor(new Float32Array(1))).toThrow(broken)
    vi.doUnmock('ndarray')
  })
})
