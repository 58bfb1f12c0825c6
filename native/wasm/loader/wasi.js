import { bufferOf } from './memory.js'

/** What Rust's standard library asks of an operating system, with the answers of one that has no files. */

const SUCCESS = 0
const BAD_DESCRIPTOR = 8
const NOT_SUPPORTED = 58

/**
 * The imports of module `wasi_snapshot_preview1` for a module that works on `memory`, whose bytes are copied where threads share it: neither
 * `TextDecoder` nor `crypto` takes them then. `pause` is called by a thread that waits for another.
 */
export function wasi(memory, pause = () => {}) {
  const view = () => new DataView(memory.buffer)
  const bytes = (start, length) => new Uint8Array(bufferOf(memory, start + length), start, length)
  const decoder = new TextDecoder()
  const lines = new Map()

  /** Standard output and error, a line at a time: only a panic writes there. */
  function write(descriptor, vectors, count, written) {
    if (descriptor !== 1 && descriptor !== 2) return BAD_DESCRIPTOR
    let text = lines.get(descriptor) ?? ''
    let total = 0
    for (let i = 0; i < count; i++) {
      const start = view().getUint32(vectors + 8 * i, true)
      const length = view().getUint32(vectors + 8 * i + 4, true)
      text += decoder.decode(bytes(start, length).slice(), { stream: true })
      total += length
    }
    const parts = text.split('\n')
    lines.set(descriptor, parts.pop())
    for (const line of parts) console.error(line)
    view().setUint32(written, total, true)
    return SUCCESS
  }

  function nothing(count, size) {
    view().setUint32(count, 0, true)
    view().setUint32(size, 0, true)
    return SUCCESS
  }

  function random(start, length) {
    // `getRandomValues` gives at most 65,536 bytes a call.
    for (let i = 0; i < length; i += 65536) {
      const drawn = crypto.getRandomValues(new Uint8Array(Math.min(65536, length - i)))
      bytes(start + i, drawn.length).set(drawn)
    }
    return SUCCESS
  }

  function time(clock, _precision, result) {
    const milliseconds = clock === 0 ? Date.now() : performance.now()
    view().setBigUint64(result, BigInt(Math.round(milliseconds * 1e6)), true)
    return SUCCESS
  }

  const calls = {
    clock_time_get: time,
    environ_get: () => SUCCESS,
    environ_sizes_get: nothing,
    args_get: () => SUCCESS,
    args_sizes_get: nothing,
    fd_write: write,
    fd_prestat_get: () => BAD_DESCRIPTOR,
    fd_prestat_dir_name: () => BAD_DESCRIPTOR,
    random_get: random,
    sched_yield() {
      pause()
      return SUCCESS
    },
    proc_exit(code) {
      throw new Error(`the WebAssembly core ended with code ${code}`)
    },
  }
  // What is not named here belongs to files and sockets, of which there are none.
  return new Proxy(calls, { get: (known, name) => known[name] ?? (() => NOT_SUPPORTED) })
}
