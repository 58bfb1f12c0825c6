import { DspError, show } from './errors.js'

/** The element types of numpy that are read and written, without their byte order. */
export type NpyType = 'f2' | 'f4' | 'f8' | 'i1' | 'i2' | 'i4' | 'i8' | 'u1' | 'u2' | 'u4' | 'b1' | 'c8' | 'c16'

/** What the header of a .npy file says. */
export interface NpyHeader {
  /** Format version: 1, 2 or 3. */
  readonly version: 1 | 2 | 3
  /** numpy's type string, e.g. `<f4`. */
  readonly descr: string
  /** Whether the first axis varies fastest. */
  readonly fortranOrder: boolean
  /** Length of each axis. */
  readonly shape: readonly number[]
  /** Position of the first element in the file, in bytes. */
  readonly dataOffset: number
}

/** numpy's own limit on the number of axes. */
const MAX_AXES = 64
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
const ALIGNMENT = 64
/** numpy leaves room for the growing axis to reach this many digits. */
const GROWTH_DIGITS = 21

/** An error about bytes that are not what they claim to be. */
export function formatError(argument: string, message: string, expected = '', actual = ''): DspError {
  return new DspError(`${argument}: ${message}`, { code: 'ERR_DSP_FORMAT', argument, expected, actual })
}

/**
 * Reads the header of a .npy file, format version 1, 2 or 3.
 * @param bytes - The file, or at least its header.
 * @param name - Its name in error messages.
 * @throws {@link DspError} `ERR_DSP_FORMAT` if it is not a .npy header.
 *
 * @example
 * ```ts
 * import { npyHeader, tensor, writeNpy } from '@dsp/tensor'
 * const { descr, shape } = npyHeader(writeNpy(tensor(new Float64Array(6), [2, 3])))
 * descr // => '<f8'
 * shape // => [2, 3]
 * ```
 */
export function npyHeader(bytes: Uint8Array, name = 'npy'): NpyHeader {
  if (!(bytes instanceof Uint8Array)) throw DspError.argument(name, 'the bytes of a .npy file (Uint8Array)', bytes)
  if (bytes.length < 10 || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw formatError(name, 'this is not a .npy file: it does not begin with \\x93NUMPY')
  }
  const version = bytes[6]!
  if (version !== 1 && version !== 2 && version !== 3) {
    throw formatError(name, `.npy format version ${version} is unknown`, '1, 2 or 3', String(version))
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = version === 1 ? 10 : 12
  if (bytes.length < start) throw formatError(name, 'the file ends inside its header')
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  const dataOffset = start + length
  if (dataOffset > bytes.length) {
    throw formatError(name, `the header claims ${length} bytes, but the file has ${bytes.length - start} left`)
  }
  const text = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(start, dataOffset))
  const fields = parseFields(text, name)
  const descr = fields.get('descr')
  const fortranOrder = fields.get('fortran_order')
  const shape = fields.get('shape')
  if (descr === STRUCTURED)
    throw formatError(name, 'structured types are not supported', 'one number type', text.trim())
  if (typeof descr !== 'string' || typeof fortranOrder !== 'boolean' || !Array.isArray(shape)) {
    throw formatError(name, 'the header lacks descr, fortran_order or shape', '', show(text.trim()))
  }
  if (shape.length > MAX_AXES) throw formatError(name, `${shape.length} axes are too many`, `at most ${MAX_AXES} axes`)
  if (!shape.every(Number.isSafeInteger)) throw formatError(name, `shape ${show(shape)} is too large`)
  return { version, descr, fortranOrder, shape, dataOffset }
}

/**
 * Writes a header as numpy does: padded to 64 bytes, with room for the growing axis.
 * @param descr - numpy's type string.
 * @param fortranOrder - Whether the first axis varies fastest.
 * @param shape - Length of each axis.
 * @param version - Format version; 1 fits every number type.
 */
export function formatHeader(
  descr: string,
  fortranOrder: boolean,
  shape: readonly number[],
  version: 1 | 2 | 3,
): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  const growing = fortranOrder ? shape.at(-1) : shape[0]
  const room = growing === undefined ? 0 : GROWTH_DIGITS - String(growing).length
  const fields = `'descr': '${descr}', 'fortran_order': ${fortranOrder ? 'True' : 'False'}, 'shape': ${tuple}, `
  const dictionary = `{${fields}}${' '.repeat(room)}`
  const start = version === 1 ? 10 : 12
  const padding = ALIGNMENT - ((start + dictionary.length + 1) % ALIGNMENT)
  const length = dictionary.length + padding + 1
  const bytes = new Uint8Array(start + length).fill(0x20)
  bytes.set(MAGIC)
  bytes[6] = version
  bytes[7] = 0
  const view = new DataView(bytes.buffer)
  if (version === 1) view.setUint16(8, length, true)
  else view.setUint32(8, length, true)
  for (let i = 0; i < dictionary.length; i++) bytes[start + i] = dictionary.charCodeAt(i)
  bytes[bytes.length - 1] = 0x0a
  return bytes
}

/** A structured type is a list of fields, which is recognised but not read. */
const STRUCTURED = Symbol('structured type')

type Literal = string | boolean | number[] | typeof STRUCTURED

/** Reads the part of Python's literals that numpy writes: a dictionary of strings, booleans and tuples of integers. */
function parseFields(text: string, name: string): Map<string, Literal> {
  const broken = () => formatError(name, 'the header is not a Python dictionary', '', show(text.trim()))
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match !== null) at = pattern.lastIndex
    return match
  }
  const string = () => take(/\s*(?:'([^'\\]*)'|"([^"\\]*)")\s*/y)
  const literal = (): Literal => {
    const quoted = string()
    if (quoted !== null) return quoted[1] ?? quoted[2]!
    const word = take(/\s*(True|False)\s*/y)
    if (word !== null) return word[1] === 'True'
    // Python 2 wrote long integers with an L.
    const tuple = take(/\s*\(\s*((?:\d+L?\s*,\s*)*(?:\d+L?)?)\s*,?\s*\)\s*/y)
    if (tuple !== null) return (tuple[1]!.match(/\d+/g) ?? []).map(Number)
    if (take(/\s*\[[^\]]*\]\s*/y) !== null) return STRUCTURED
    throw broken()
  }
  const fields = new Map<string, Literal>()
  if (take(/\s*\{/y) === null) throw broken()
  while (take(/\s*\}\s*$/y) === null) {
    const key = string()
    if (key === null || take(/:/y) === null) throw broken()
    fields.set(key[1] ?? key[2]!, literal())
    if (take(/,/y) === null && !/^\s*\}\s*$/.test(text.slice(at))) throw broken()
  }
  return fields
}
