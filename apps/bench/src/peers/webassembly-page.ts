/** What a page of the benchmark loads, bundled with one WebAssembly build or the other. */
import type { Taken } from '../contestant.ts'
import { ASYNC_FUNCTIONS, FUNCTIONS } from './webassembly-work.ts'

const CALLS = { ...FUNCTIONS, ...ASYNC_FUNCTIONS }
const inputs = new Map<Call, Float32Array>()

/** Name of one of the functions that are timed. */
export type Call = keyof typeof CALLS

/** A result in a form that leaves the page: several of the same shape are one with an axis more. */
export interface Sent {
  /** Size of each axis. */
  readonly shape: readonly number[]
  /** Bytes of a value. */
  readonly size: number
  /** The bytes of each result in base64: in decimal they would be several times as long. */
  readonly base64: readonly string[]
}

/** Calls a function once, with the samples that the server has. */
export async function first(call: Call): Promise<Sent> {
  const samples = new Float32Array(await (await fetch('./samples.f32')).arrayBuffer())
  inputs.set(call, samples)
  const value = await CALLS[call](samples)
  const tensors = Array.isArray(value) ? value : [value]
  const shape = Array.isArray(value) ? [value.length, ...tensors[0]!.shape] : value.shape
  return { shape: [...shape], size: tensors[0]!.data.BYTES_PER_ELEMENT, base64: tensors.map(base64) }
}

// A multiple of 3, so that only the last piece is padded.
const PIECE = 3 << 12

function base64({ data }: { readonly data: Float32Array | Float64Array }): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  let text = ''
  for (let at = 0; at < bytes.length; at += PIECE) text += btoa(String.fromCharCode(...bytes.subarray(at, at + PIECE)))
  return text
}

/** Calls it so many times with the same samples. */
export async function timed(call: Call, iterations: number): Promise<Taken> {
  const samples = inputs.get(call)!
  const start = performance.now()
  for (let i = 0; i < iterations; i++) await CALLS[call](samples)
  // A page cannot tell the time of its processor.
  return { ns: (performance.now() - start) * 1e6, cpu: 0 }
}
