import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { serveWorker, WorkerClient } from '../src/index.js'

const file = new URL('./service.mjs', import.meta.url)
const start = (data: unknown = 1) => WorkerClient.start<unknown, object, unknown>(file, data, 'the test')

describe('WorkerClient', () => {
  it('starts a worker, sends it several requests together and closes it', async () => {
    const client = await start({ a: 1 })
    expect(client.ready).toEqual({ start: { a: 1 } })
    const values = [1, 'two', { three: new Map([[3, 3]]) }, undefined]
    const replies = await Promise.all(values.map((value) => client.request({ kind: 'echo', value })))
    expect(replies).toEqual(values)
    await client.close()
    await client.close()
  })

  it('answers in any order', async () => {
    const client = await start()
    const order: string[] = []
    await Promise.all([
      client.request({ kind: 'wait', milliseconds: 100 }).then(() => order.push('slow')),
      client.request({ kind: 'echo' }).then(() => order.push('fast')),
    ])
    expect(order).toEqual(['fast', 'slow'])
    await client.close()
  })

  it('moves what is transferred, both ways', async () => {
    const client = await start()
    const value = Float32Array.of(1, 2, 3)
    const reply = await client.request({ kind: 'echo', value }, { transfer: [value.buffer] })
    expect(reply).toEqual(Float32Array.of(1, 2, 3))
    expect(value.length).toBe(0)
    await client.close()
  })

  it('passes errors on', async () => {
    await expect(start('refuse')).rejects.toMatchObject({
      name: 'DspError',
      code: 'ERR_DSP_ARGUMENT',
      argument: 'start',
      actual: '"refuse"',
    })
    const client = await start()
    const fails = (kind: string) => expect(client.request({ kind })).rejects
    await fails('refuse').toMatchObject({ name: 'DspError', code: 'ERR_DSP_ARGUMENT', argument: 'request' })
    await fails('fail').toMatchObject({ name: 'DspError', code: 'ERR_DSP_INTERNAL', message: 'plain' })
    await fails('unsendable').toMatchObject({ code: 'ERR_DSP_INTERNAL' })
    expect(await client.request({ kind: 'echo', value: 1 })).toBe(1)
    await client.close()
  })

  it('reports a thread that ends or fails', async () => {
    await expect(start('crash')).rejects.toMatchObject({
      code: 'ERR_DSP_INTERNAL',
      message: expect.stringMatching(/the test ended/),
    })
    const missing = WorkerClient.start(new URL('./missing.mjs', import.meta.url), 0)
    await expect(missing).rejects.toMatchObject({
      code: 'ERR_DSP_INTERNAL',
      message: expect.stringMatching(/the worker failed/),
    })
    const client = await start()
    const failure = {
      code: 'ERR_DSP_INTERNAL',
      message: expect.stringMatching(/the test failed: outside of every promise/),
    }
    await expect(client.request({ kind: 'throw' })).rejects.toMatchObject(failure)
    await expect(client.request({ kind: 'echo' })).rejects.toMatchObject(failure)
    await client.close()
  })

  it('is aborted by a signal, which reaches the worker', async () => {
    const client = await start()
    const aborted = { code: 'ERR_DSP_ABORTED' }
    await expect(client.request({ kind: 'echo' }, { signal: AbortSignal.abort() })).rejects.toMatchObject(aborted)
    const controller = new AbortController()
    const work = client.request({ kind: 'wait', milliseconds: 60_000 }, { signal: controller.signal })
    setTimeout(() => controller.abort(), 5)
    await expect(work).rejects.toMatchObject(aborted)
    expect(await client.request({ kind: 'echo', value: 1 })).toBe(1)
    await client.close()
  })

  it('rejects what waits when it is closed, and what comes after', async () => {
    const client = await start()
    const closed = { code: 'ERR_DSP_ARGUMENT', message: expect.stringMatching(/the test is closed/) }
    const work = expect(client.request({ kind: 'wait', milliseconds: 60_000 })).rejects.toMatchObject(closed)
    await client.close()
    await work
    await expect(client.request({ kind: 'echo' })).rejects.toMatchObject(closed)
  })

  it('does not keep the process alive', () => {
    const code = `
      import { WorkerClient } from '${new URL('../dist/index.js', import.meta.url)}'
      const client = await WorkerClient.start(new URL('${file}'), 1)
      console.log(await client.request({ kind: 'echo', value: 'answered' }))
      await client.request({ kind: 'wait', milliseconds: 60_000 }, { signal: AbortSignal.timeout(50) }).catch(() => 0)`
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', code], { timeout: 20_000 })
    expect([child.status, String(child.stdout), String(child.stderr)]).toEqual([0, 'answered\n', ''])
  })
})

describe('serveWorker', () => {
  it('is for worker threads', async () => {
    await expect(serveWorker(() => Promise.reject(new Error('never called')))).rejects.toThrow(/worker thread/)
  })
})
