import { readFileSync } from 'node:fs'
import { readNpy } from '../npy.js'
import { npyHeader } from '../npy-header.js'
import type { Tensor, TensorData } from '../tensor.js'
import { unzip } from '../zip.js'

/** The arrays of a golden .npz file that a reference implementation wrote. */
export interface Golden {
  /** The names of all entries. */
  readonly names: readonly string[]
  /** A numeric array by name; throws if it is missing. */
  array(name: string): Tensor<TensorData>
  /** The elements of a float32 or float64 array by name. */
  numbers(name: string): Float32Array | Float64Array
  /** A text entry (numpy `str` or `bytes` of any shape), e.g. the pinned versions; throws if it is missing. */
  text(name: string): string[]
}

/**
 * Opens a golden file.
 * @param file - Path or URL of the .npz, usually `new URL('./golden/x.npz', import.meta.url)`.
 */
export function golden(file: string | URL): Golden {
  const bytes = readFileSync(file)
  const files = unzip(bytes, (name) => name.endsWith('.npy'), 2 ** 30, String(file))
  const entry = (name: string): Uint8Array => {
    const content = files.get(`${name}.npy`)
    if (content === undefined) throw new Error(`${file} has no array ${name}; it has: ${[...files.keys()].join(', ')}`)
    return content
  }
  const array = (name: string) => readNpy(entry(name), name)
  return {
    names: [...files.keys()].map((name) => name.slice(0, -4)),
    array,
    numbers(name) {
      const { data } = array(name)
      if (data instanceof Float32Array || data instanceof Float64Array) return data
      throw new Error(`${name} of ${file} holds ${data.constructor.name}, not floating-point numbers`)
    },
    text: (name) => readNpyText(entry(name)),
  }
}

/** Reads numpy's fixed-width text types, `<U…` (UTF-32) and `|S…` (bytes). */
function readNpyText(bytes: Uint8Array): string[] {
  const { descr, shape, dataOffset } = npyHeader(bytes)
  const match = /^[<|]([US])(\d+)$/.exec(descr)
  if (match === null) throw new Error(`${descr} is not a text type`)
  const width = Number(match[2]) * (match[1] === 'U' ? 4 : 1)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => {
    const at = dataOffset + i * width
    if (match[1] === 'S') return new TextDecoder().decode(bytes.subarray(at, at + width)).replace(/\0+$/, '')
    const points = Array.from({ length: width / 4 }, (_, j) => view.getUint32(at + 4 * j, true))
    return String.fromCodePoint(...points).replace(/\0+$/, '')
  })
}
