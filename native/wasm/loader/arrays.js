/**
 * Typed arrays on their way between JavaScript's memory and the module's.
 *
 * emnapi copies the whole buffer behind an array into the module and frees the copy when the array is collected, so that a loop
 * fills the module's memory long before the collector has a reason to run. The core uses arrays only while it is called: so here
 * an array's own elements are copied, for the time of the call, and what the core hands over is copied out and freed at once.
 */

import { bufferOf } from './memory.js'

const OK = 0
const INVALID_ARGUMENT = 1
const GENERIC_FAILURE = 9
const KINDS = [
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
]
const kindOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get

/** The most bytes of one argument: a copy of the core's, and its result, have to fit in 4 GiB, too. */
const MAX_BYTES = 2 ** 30

/** The place of a call's arrays. `context` is emnapi's, `memory` the module's; `instance` comes with {@link Arrays.attach}. */
export class Arrays {
  #context
  #memory
  #exports
  #table
  /** Arrays of the calls that are running: the array or buffer, where its copy is, and whether the core writes to it. */
  #copies = []
  #depth = 0
  /** Why an array could not be copied, until its call ends. */
  #refused
  /** Of the promises that the module has to settle. */
  #pending = new Set()
  /** What ended the module. */
  #fault

  constructor(context, memory) {
    this.#context = context
    this.#memory = memory
  }

  attach({ exports }) {
    this.#exports = exports
    this.#table = exports.__indirect_function_table
  }

  /** The imports that replace emnapi's. */
  imports() {
    return {
      napi_get_typedarray_info: this.#info.bind(this),
      napi_create_external_arraybuffer: this.#handOver.bind(this),
      emnapi_sync_memory: this.#sync.bind(this),
      dsp_written: (start) => {
        for (const copy of this.#copies) if (copy.start === start) copy.written = true
      },
    }
  }

  /** Runs a call into the module: its arrays are copied out, where they were written, and freed. */
  call(work) {
    if (this.#fault) throw this.#fault
    const mark = this.#copies.length
    this.#depth++
    try {
      const result = work()
      return result instanceof Promise ? this.#guarded(result) : result
    } catch (error) {
      if (this.#refused) throw this.#refused
      if (error instanceof WebAssembly.RuntimeError) throw this.#end(error)
      throw error
    } finally {
      this.#depth--
      this.#refused = undefined
      if (!this.#fault) this.#release(mark)
    }
  }

  /** Runs what the module does between two turns of the event loop: a trap rejects the promises that wait for it. */
  turn(work) {
    if (this.#fault) return
    try {
      work()
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error
      this.stop(error)
    }
  }

  #guarded(promise) {
    return new Promise((resolve, reject) => {
      const settle = (how) => (value) => {
        this.#pending.delete(reject)
        how(value)
      }
      this.#pending.add(reject)
      promise.then(settle(resolve), settle(reject))
    })
  }

  /** Ends the module for all calls that wait, after a trap in another thread. */
  stop(error) {
    const fault = this.#fault ?? this.#end(error)
    for (const reject of this.#pending) reject(fault)
  }

  /** Nothing in the module can be relied on after a trap. */
  #end(error) {
    const message = `the WebAssembly core stopped (${error.message}), most likely for want of memory: load it again, and process the input in parts`
    this.#fault = coreError('ERR_DSP_INTERNAL', '', 'a call that ends', error.message, message)
    return this.#fault
  }

  #release(mark) {
    for (const copy of this.#copies.splice(mark)) {
      if (copy.written) bytesOf(copy.array).set(this.#bytes(copy.start, copy.bytes))
      this.#exports.free(copy.start)
    }
  }

  #bytes(start, length) {
    return new Uint8Array(bufferOf(this.#memory, start + length), start, length)
  }

  #info(_env, handle, kind, length, data, buffer, offset) {
    const array = this.#context.jsValueFromNapiValue(handle)
    const name = ArrayBuffer.isView(array) ? kindOf.call(array) : undefined
    if (name === undefined) return INVALID_ARGUMENT
    const start = data ? this.#copyIn(array) : 0
    if (this.#refused) return GENERIC_FAILURE
    const bufferHandle = buffer ? this.#context.napiValueFromJsValue(array.buffer) : 0
    const view = new DataView(this.#memory.buffer)
    if (kind) view.setInt32(kind, KINDS.indexOf(name), true)
    if (length) view.setUint32(length, array.length, true)
    if (data) view.setUint32(data, start, true)
    if (buffer) view.setUint32(buffer, bufferHandle, true)
    if (offset) view.setUint32(offset, array.byteOffset, true)
    return OK
  }

  /** Where an array's copy is. One inside another of the same call shares its memory, as it does in JavaScript. */
  #copyIn(array) {
    const bytes = array.byteLength
    if (bytes === 0) return 0
    for (const copy of this.#copies) {
      const from = array.byteOffset - copy.array.byteOffset
      if (copy.array.buffer === array.buffer && from >= 0 && from + bytes <= copy.bytes) return copy.start + from
    }
    const start = this.#allocate(bytes)
    if (start === 0) return 0
    this.#bytes(start, bytes).set(bytesOf(array))
    this.#copies.push({ array, start, bytes, written: false })
    // Outside a call, nobody else would free it.
    if (this.#depth === 0) queueMicrotask(() => this.#depth === 0 && this.#release(0))
    return start
  }

  #allocate(bytes) {
    const start = bytes > MAX_BYTES ? 0 : this.#exports.malloc(bytes) >>> 0
    if (start !== 0) return start
    this.#refused = outOfMemory(bytes)
    return 0
  }

  /** A vector of the core's becomes a buffer of JavaScript's, and is freed. */
  #handOver(env, start, length, finalize, hint, result) {
    const { buffer } = this.#bytes(start >>> 0, length >>> 0).slice()
    const handle = this.#context.napiValueFromJsValue(buffer)
    new DataView(this.#memory.buffer).setUint32(result, handle, true)
    if (finalize) this.#table.get(finalize)(env, start, hint)
    return OK
  }

  /** Nothing is left to do for what was handed over; a written array is copied out at the end of its call. */
  #sync() {
    return OK
  }
}

function bytesOf(array) {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

/** Of the form that `guard` of `@dsp/tensor` knows as a `DspError`. */
export function coreError(code, argument, expected, actual, message) {
  return new Error(JSON.stringify({ code, argument, expected, actual, message }))
}

function outOfMemory(bytes) {
  const message = `an input of ${bytes} bytes does not fit in the memory of the WebAssembly core, which ends at 4 GiB: process it in parts`
  return coreError('ERR_DSP_TOO_LONG', 'input', 'an input that fits in memory', `${bytes} bytes`, message)
}
