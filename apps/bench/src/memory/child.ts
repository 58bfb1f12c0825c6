/**
 * Calls functions of one package many times in its own process, with the collector at hand (`node --expose-gc`), and
 * prints a line of JSON for each: how the process's memory changed. Functions are called in a loop that never yields to the
 * event loop, as a user's need not; between streams it yields now and then, as the object itself (a few kilobytes, when the
 * stream has ended) is freed between two turns of the event loop and not before.
 *
 * usage: child.js PACKAGE CALLS [FUNCTION…]
 */
import { setImmediate } from 'node:timers/promises'
import { type Call, callsOf } from './calls.ts'

/** What is looked at before and after. */
interface Look {
  /** Resident bytes. */
  readonly resident: number
  /** Bytes of array buffers that are alive. */
  readonly buffers: number
}

/** Streams between two turns of the event loop. */
const TURN = 100

/** Memory after everything unreachable is gone. */
async function settled(): Promise<Look> {
  for (let i = 0; i < 4; i++) {
    globalThis.gc?.()
    await setImmediate() // finalizers of native memory run between turns
  }
  const { rss, arrayBuffers } = process.memoryUsage()
  return { resident: rss, buffers: arrayBuffers }
}

async function many({ once, isStream }: Call, times: number): Promise<number> {
  let most = 0
  const step = Math.max(1, Math.floor(times / 100))
  for (let i = 0; i < times; i++) {
    const value = once()
    if (value instanceof Promise) await value
    if (isStream && i % TURN === 0) await setImmediate()
    if (i % step === 0) most = Math.max(most, process.memoryUsage.rss())
  }
  return most
}

const [folder = '', calls = '10000', ...wanted] = process.argv.slice(2)
const times = Number(calls)
for (const call of await callsOf(folder)) {
  if (wanted.length > 0 && !wanted.includes(call.name)) continue
  await many(call, Math.ceil(times / 10))
  const before = await settled()
  const start = performance.now()
  const peak = await many(call, times)
  const milliseconds = performance.now() - start
  const after = await settled()
  console.log(JSON.stringify({ name: call.name, calls: times, before, peak, after, milliseconds }))
}
