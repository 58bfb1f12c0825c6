import { bufferOf } from './memory.js'

/** What `memory.atomic.wait32` returns. */
const RESULTS = { ok: 0, 'not-equal': 1, 'timed-out': 2 }
/** How often a thread that must not wait looks before its caller looks again. */
const LOOKS = 1000
/** How long the loading thread waits, in ms, before it looks whether another thread was lost, which would wake it. */
const SLICE = 50

/** Whether this thread may wait: a page's main thread may not. */
export function mayWait() {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0)
    return true
  } catch {
    return false
  }
}

/** Throws what a trap of this thread's would be, once a thread was lost. `lost` is shared by all threads. */
export function checkLost(lost) {
  if (Atomics.load(lost, 0) !== 0) throw new WebAssembly.RuntimeError('one of its threads stopped')
}

/**
 * The import that a module has in place of `memory.atomic.wait32` (see `scripts/waits.mjs`): waits until another thread wakes this one,
 * if there is `expected` at the address. Who waits must look again after any wake, so that one too many does no harm.
 */
export function waiting(memory) {
  return (address, expected, timeout) => {
    const ms = timeout < 0n ? Number.POSITIVE_INFINITY : Number(timeout) / 1e6
    return RESULTS[Atomics.wait(at(memory, address), 0, expected, ms)]
  }
}

/** {@link waiting} for the thread that loads the module, which nobody would end if another was lost. */
export function waitingForThreads(memory, lost) {
  const wait = waiting(memory)
  if (!mayWait()) return looking(memory, lost)
  return (address, expected, timeout) => {
    checkLost(lost)
    const slice = BigInt(SLICE * 1e6)
    if (timeout >= 0n && timeout <= slice) return wait(address, expected, timeout)
    const result = wait(address, expected, slice)
    return result === RESULTS['timed-out'] ? RESULTS.ok : result
  }
}

function looking(memory, lost) {
  return (address, expected) => {
    checkLost(lost)
    const word = at(memory, address)
    for (let i = 0; i < LOOKS; i++) if (Atomics.load(word, 0) !== expected) return RESULTS['not-equal']
    return RESULTS.ok
  }
}

function at(memory, address) {
  const start = address >>> 0
  return new Int32Array(bufferOf(memory, start + 4), start, 1)
}
