/**
 * Our own functions as a worker: the protocol is that of `peers/python/worker.py`, the peers are the Async forms of
 * {@link OURS}. How many threads they use is said by `RAYON_NUM_THREADS`, which is read once in a process.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Ready } from './contestant.ts'
import { OURS } from './ours.ts'
import { inProcess } from './peers/in-process.ts'
import { version } from './version.ts'

/** A line from the benchmark. */
interface Request {
  readonly op: 'prepare' | 'run' | 'drop'
  readonly peer: string
  readonly params: { readonly samples: string; readonly rate: number }
  readonly folder: string
  readonly handle: number
  readonly iterations: number
}

const handles = new Map<number, Ready>()

async function prepare({ peer, params, folder }: Request): Promise<object> {
  const ours = OURS[peer]
  if (ours === undefined) throw new Error(`no function ${peer}`)
  const bytes = readFileSync(params.samples)
  const samples = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
  const ready = await inProcess(version(ours.folder), () => ours.async(samples, params.rate), ours.result)
  const handle = handles.size + 1
  handles.set(handle, ready)
  const { firstNs } = ready
  const { data, shape } = ready.result
  const path = join(folder, `own-${process.pid}-${handle}.raw`)
  writeFileSync(path, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  const dtype = data instanceof Float32Array ? 'float32' : 'float64'
  return { handle, version: ready.version, firstNs, shape, dtype, path }
}

async function answer(request: Request): Promise<object> {
  if (request.op === 'prepare') return prepare(request)
  const ready = handles.get(request.handle)!
  if (request.op === 'run') return ready.run(request.iterations)
  await ready.release?.()
  return {}
}

for await (const line of createInterface({ input: process.stdin })) {
  const said = await answer(JSON.parse(line)).catch((error: Error) => ({ error: String(error.stack) }))
  process.stdout.write(`${JSON.stringify(said)}\n`)
}
