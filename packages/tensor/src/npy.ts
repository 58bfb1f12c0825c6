import { DspError, show } from './errors.js'
import { formatError, formatHeader, type NpyType, npyHeader } from './npy-header.js'
import { type OptionSpec, type OptionSpecs, option, resolveOptions } from './options.js'
import { type Tensor, type TensorData, type TensorLike, tensor } from './tensor.js'
import { contiguous, sizeOf } from './view.js'

/** How {@link writeNpy} writes. */
export interface WriteNpyOptions {
  /** Write column-major (numpy's Fortran order). Default false. */
  fortranOrder?: boolean
  /** Byte order of the elements. Default `little`. */
  byteOrder?: 'little' | 'big'
  /** Write a trailing axis of length 2 as complex numbers (`c8` of float32, `c16` of float64). Default false. */
  complex?: boolean
  /** Write uint8 as booleans (`b1`). Default false. */
  bool?: boolean
  /** Format version. Default 1, as numpy chooses for every type here. */
  version?: 1 | 2 | 3
}

const writeSpecs: OptionSpecs<Required<WriteNpyOptions>> = {
  fortranOrder: option.boolean(false),
  byteOrder: option.enum(['little', 'big'], 'little'),
  complex: option.boolean(false),
  bool: option.boolean(false),
  version: option.integer(1, { min: 1, max: 3 }) as OptionSpec<1 | 2 | 3>,
}

interface Storage {
  readonly make: (buffer: ArrayBuffer) => TensorData
  /** Bytes that change places with the byte order. */
  readonly width: 1 | 2 | 4 | 8
  /** Numbers that make up one element: 2 of a complex one. */
  readonly parts: 1 | 2
}

const storage: Readonly<Record<NpyType, Storage>> = {
  // Half precision is widened; every half is exactly a float32.
  f2: { make: (b) => halvesToFloats(new Uint16Array(b)), width: 2, parts: 1 },
  f4: { make: (b) => new Float32Array(b), width: 4, parts: 1 },
  f8: { make: (b) => new Float64Array(b), width: 8, parts: 1 },
  i1: { make: (b) => new Int8Array(b), width: 1, parts: 1 },
  i2: { make: (b) => new Int16Array(b), width: 2, parts: 1 },
  i4: { make: (b) => new Int32Array(b), width: 4, parts: 1 },
  i8: { make: (b) => new BigInt64Array(b), width: 8, parts: 1 },
  u1: { make: (b) => new Uint8Array(b), width: 1, parts: 1 },
  u2: { make: (b) => new Uint16Array(b), width: 2, parts: 1 },
  u4: { make: (b) => new Uint32Array(b), width: 4, parts: 1 },
  b1: { make: (b) => new Uint8Array(b), width: 1, parts: 1 },
  c8: { make: (b) => new Float32Array(b), width: 4, parts: 2 },
  c16: { make: (b) => new Float64Array(b), width: 8, parts: 2 },
}

const types: Readonly<Record<string, NpyType>> = {
  Float32Array: 'f4',
  Float64Array: 'f8',
  Int8Array: 'i1',
  Int16Array: 'i2',
  Int32Array: 'i4',
  BigInt64Array: 'i8',
  Uint8Array: 'u1',
  Uint16Array: 'u2',
  Uint32Array: 'u4',
}

const littleEndianHost = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/**
 * Reads a .npy file (format versions 1 to 3, C and Fortran order, little and big endian; f4 f8 i1 i2 i4 i8 u1 u2 u4 b1 c8
 * c16, and f2 widened to float32). The result is row-major and shares no memory with the bytes. Complex numbers become a
 * trailing axis of length 2 (re, im), booleans 0 and 1. Bytes after the array are ignored, as numpy does.
 * @param bytes - The file.
 * @param name - Its name in error messages.
 * @throws {@link DspError} `ERR_DSP_FORMAT` if it is not a .npy file, holds another type, or has fewer bytes than its shape
 *   needs (found before anything is allocated).
 *
 * @example
 * ```ts
 * import { readNpy, tensor, writeNpy } from '@dsp/tensor'
 * const features = readNpy(writeNpy(tensor(Float32Array.of(1, 2, 3, 4), [2, 2])))
 * features.shape // => [2, 2]
 * features.get(1, 0) // => 3
 * ```
 */
export function readNpy(bytes: Uint8Array, name = 'npy'): Tensor<TensorData> {
  const { descr, fortranOrder, shape, dataOffset } = npyHeader(bytes, name)
  const match = /^([<>|=])([a-z]\d+)$/.exec(descr)
  const layout =
    match === null ? undefined : Object.hasOwn(storage, match[2]!) ? storage[match[2] as NpyType] : undefined
  if (match === null || layout === undefined) {
    const supported = Object.keys(storage).join(' ')
    throw formatError(
      name,
      `the element type ${show(descr)} is not supported; convert it with astype`,
      supported,
      descr,
    )
  }
  const { make, width, parts } = layout
  const needed = sizeOf(shape) * width * parts
  const present = bytes.length - dataOffset
  if (!(needed <= present)) {
    const claim = `shape ${show([...shape])} of ${descr} needs ${needed} bytes, but only ${present} are there`
    throw formatError(
      name,
      `${claim}: the file is cut off or its header is wrong`,
      `${needed} bytes`,
      `${present} bytes`,
    )
  }
  // Node's Buffer overrides `slice` so that it shares memory.
  const copy: Uint8Array<ArrayBuffer> = new Uint8Array(bytes.subarray(dataOffset, dataOffset + needed))
  if (match[1] === '>' ? littleEndianHost : !littleEndianHost && match[1] === '<') swapBytes(copy, width)
  const data = make(copy.buffer)
  if (!fortranOrder) return tensor(data, parts === 2 ? [...shape, 2] : shape)
  const columns: number[] = []
  let step = parts as number
  for (const length of shape) {
    columns.push(step)
    step *= length
  }
  const full = parts === 2 ? [...shape, 2] : [...shape]
  return tensor(contiguous({ data, shape: full, stride: parts === 2 ? [...columns, 1] : columns }), full)
}

/**
 * Writes a tensor as a .npy file, byte for byte as `numpy.save` does.
 * @param t - The tensor; a view is written in its own order.
 * @param options - Order, byte order, complex and boolean types.
 * @throws {@link DspError} if `t` is not a tensor or an option does not suit its type.
 *
 * @example
 * ```ts
 * import { readNpy, tensor, writeNpy } from '@dsp/tensor'
 * const spectrum = tensor(new Float32Array(2 * 5 * 2), [2, 5, 2]) // re, im in the last axis
 * const bytes = writeNpy(spectrum, { complex: true }) // numpy sees complex64 of shape (2, 5)
 * readNpy(bytes).shape // => [2, 5, 2]
 * ```
 */
export function writeNpy(t: TensorLike, options?: WriteNpyOptions): Uint8Array {
  const { fortranOrder, byteOrder, complex, bool, version } = resolveOptions<Required<WriteNpyOptions>>(
    'writeNpy',
    writeSpecs,
    options,
  )
  let data = contiguous(t)
  let type = types[data[Symbol.toStringTag]]!
  let shape = [...t.shape]
  if (complex) {
    if (shape.at(-1) !== 2 || (type !== 'f4' && type !== 'f8')) {
      throw DspError.argument(
        'complex',
        'false unless the tensor is float32 or float64 [..., 2]',
        `${type} ${show(shape)}`,
      )
    }
    type = type === 'f4' ? 'c8' : 'c16'
    shape = shape.slice(0, -1)
  }
  if (bool) {
    if (type !== 'u1' || (data as Uint8Array).some((x) => x > 1)) {
      throw DspError.argument('bool', 'false unless the tensor is uint8 of 0 and 1', type)
    }
    type = 'b1'
  }
  const { width, parts } = storage[type]
  // Like numpy: what is both row-major and column-major is called row-major.
  const columnMajor = fortranOrder && sizeOf(shape) > 0 && shape.filter((length) => length > 1).length > 1
  if (columnMajor) {
    const reversed = tensor(data, t.shape)
    const axes = shape.map((_, axis) => shape.length - 1 - axis)
    data = contiguous(reversed.transpose(...(complex ? [...axes, shape.length] : axes)))
  }
  const header = formatHeader(
    `${width === 1 ? '|' : byteOrder === 'big' ? '>' : '<'}${type}`,
    columnMajor,
    shape,
    version,
  )
  const bytes = new Uint8Array(header.length + sizeOf(shape) * width * parts)
  bytes.set(header)
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length)
  if ((byteOrder === 'little') !== littleEndianHost) swapBytes(bytes.subarray(header.length), width)
  return bytes
}

/**
 * Widens IEEE half-precision numbers.
 * @param halves - Their bits.
 */
export function halvesToFloats(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, (bits) => {
    const sign = bits & 0x8000 ? -1 : 1
    const exponent = (bits >> 10) & 0x1f
    const fraction = bits & 0x3ff
    if (exponent === 0) return sign * fraction * 2 ** -24
    if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
  })
}

function swapBytes(bytes: Uint8Array, width: number): void {
  if (width === 1) return
  for (let at = 0; at < bytes.length; at += width) {
    for (let low = at, high = at + width - 1; low < high; low++, high--) {
      const byte = bytes[low]!
      bytes[low] = bytes[high]!
      bytes[high] = byte
    }
  }
}
