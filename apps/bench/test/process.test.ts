import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Absent } from '../src/contestant.ts'
import { absentProcess, PeerProcess } from '../src/peers/process.ts'

const worker = fileURLToPath(new URL('./fake-worker.mjs', import.meta.url))

describe('PeerProcess', () => {
  let folder: string
  let peers: PeerProcess

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dsp-bench-test-'))
    peers = new PeerProcess([process.execPath, worker], folder, 2)
  })
  afterEach(() => {
    peers.close()
    rmSync(folder, { recursive: true })
  })

  it('prepares, reads the result, times and drops', async () => {
    const ready = await peers.prepare({ peer: 'good', params: { last: 0.5 } })
    expect(ready.version).toBe('1.0 on 2')
    expect(ready.result).toEqual({ shape: [3], data: Float32Array.of(1, 2, 0.5) })
    // The threads reach the libraries by their environment variables.
    expect(await ready.run(3)).toMatchObject({ ns: 21, cpu: 2 })
    await ready.release?.()
  })

  it('distinguishes what is absent from what failed', async () => {
    await expect(peers.prepare({ peer: 'missing', params: {} })).rejects.toThrow(Absent)
    await expect(peers.prepare({ peer: 'broken', params: {} })).rejects.toThrow('it broke')
  })

  it('does not wait for ever for a worker that ended', async () => {
    await expect(peers.prepare({ peer: 'crash', params: {} })).rejects.toThrow('ended without an answer')
  })

  it('says so where the program cannot be started', async () => {
    const none = new PeerProcess([join(folder, 'nothing')], folder, 1)
    await expect(none.prepare({ peer: 'good', params: {} })).rejects.toThrow(/ended without an answer.*ENOENT/)
  })
})

describe('absentProcess', () => {
  it('has no peer', async () => {
    await expect(absentProcess('not built').prepare({ peer: 'x', params: {} })).rejects.toThrow(Absent)
  })
})
