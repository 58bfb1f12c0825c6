import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { DspError, npyHeader, readNpy, type Tensor, tensor } from '@dsp/tensor'
import { UsageError } from '../failure.js'
import { readComparable } from '../input.js'
import { featureExtensions } from '../output.js'
import { labelOf, readStandardInput, STANDARD } from '../standard.js'

/** How the numbers of a file without a header lie. */
export interface Dump {
  /** Length of each axis; -1 for one that the number of values tells. */
  readonly shape?: readonly number[]
  /** The element type. Default `<f4`. */
  readonly dtype?: string
}

/** Features that were read, and what had to be done for that. */
export interface Reference {
  /** `[first axis, second axis]`, as they are in the file. */
  readonly values: Tensor<Float32Array> | Tensor<Float64Array>
  /** What a reader of the report should know, in sentences. */
  readonly notes: readonly string[]
}

type Values = Reference['values']

/** Element types by the names that numpy and torch have for them. */
const types: Readonly<Record<string, string>> = {
  float16: '<f2',
  float32: '<f4',
  float64: '<f8',
  int8: '|i1',
  int16: '<i2',
  int32: '<i4',
  int64: '<i8',
  uint8: '|u1',
  uint16: '<u2',
  uint32: '<u4',
  bfloat16: 'bfloat16',
}
const BFLOAT16 = 'bfloat16'

/** The names that {@link dtypeOf} knows. */
export const dtypeNames: readonly string[] = Object.keys(types)

/** numpy's type string for a name or a type string; undefined for anything else. */
export function dtypeOf(name: string): string | undefined {
  if (Object.hasOwn(types, name)) return types[name]
  return /^[<>](f[248]|[iu][248])$/.test(name) && name.slice(1) !== 'u8' ? name : undefined
}

/**
 * Reads a matrix of features from whatever holds one: .npy, also cut off, .npz, .ark and .csv files, or a dump without a header.
 * @param path - The file; `file.npz:name` picks one of several arrays.
 * @param dump - How the numbers of a file without a header lie; the shape alone also reshapes an array.
 * @throws UsageError, or DspError with what the file is instead.
 */
export async function readReference(path: string, { shape, dtype }: Dump): Promise<Reference> {
  const notes: string[] = []
  const label = labelOf(path)
  const extension = extname(path.replace(/(\.(?:npz|ark)):.+$/i, '$1')).toLowerCase()
  if (/^\.(pt|pth|safetensors|pkl|pickle)$/.test(extension)) {
    throw new UsageError(`${label}: write it as .npy first: numpy.save('features.npy', torch.load('${label}').numpy())`)
  }
  const isDump = dtype !== undefined || (path !== STANDARD && !featureExtensions.includes(extension))
  if (isDump && path !== STANDARD && featureExtensions.includes(extension)) {
    throw new UsageError(`${label} says its own element type: leave --dtype out`)
  }
  if (isDump && shape === undefined) {
    const known = featureExtensions.join(', ')
    throw new UsageError(
      `${label}: features are read from ${known} files; a file of bare numbers needs --shape FRAMES,BINS (and --dtype, by default float32)`,
    )
  }
  const values = isDump
    ? await readDump(path, shape!, dtype ?? '<f4', notes)
    : reshaped(await readArray(path, extension, notes), shape, label)
  return { values: matrixOf(values, label, notes), notes }
}

async function readArray(path: string, extension: string, notes: string[]): Promise<Values> {
  const cut = extension === '.npy' ? cutOff(await readFile(path), path, notes) : undefined
  if (cut !== undefined) return cut
  const { values, complex } = await readComparable(path)
  if (complex) throw shapeError(path, 'the numbers are complex; features are real: take their magnitudes first')
  return values
}

/** The whole rows of a .npy file that ends too early, as a program leaves it that did not live to the end. */
function cutOff(bytes: Uint8Array, path: string, notes: string[]): Values | undefined {
  if (bytes.length < 10) return undefined
  const { descr, fortranOrder, shape, dataOffset } = npyHeader(bytes, path)
  const width = Number(descr.slice(2))
  const row = shape.slice(1).reduce((product, length) => product * length, width)
  const rows = Math.floor((bytes.length - dataOffset) / row)
  if (!(row > 0) || fortranOrder || shape.length < 2 || rows < 1 || !(rows < shape[0]!)) return undefined
  notes.push(`${path} is cut off: it holds ${rows} of its ${shape[0]} rows; the rest is missing.`)
  const whole = withHeader(bytes.subarray(dataOffset, dataOffset + rows * row), descr, [rows, ...shape.slice(1)])
  return floats(readNpy(whole, path))
}

async function readDump(path: string, shape: readonly number[], dtype: string, notes: string[]): Promise<Values> {
  const bytes = path === STANDARD ? await readStandardInput() : await readFile(path)
  const label = labelOf(path)
  const width = dtype === BFLOAT16 ? 2 : Number(dtype.slice(2))
  const known = shape.reduce((product, length) => (length === -1 ? product : product * length), width)
  const free = Math.floor(bytes.length / known)
  const full = shape.map((length) => (length === -1 ? free : length))
  const needed = full.reduce((product, length) => product * length, width)
  if (needed > bytes.length || needed === 0) {
    const claim = `--shape ${shape.join(',')} of ${width} bytes a number needs ${needed || known} bytes`
    throw shapeError(label, `${claim}, the file has ${bytes.length}`)
  }
  const left = bytes.length - needed
  if (left > 0)
    notes.push(
      `${label}: ${left} byte${left === 1 ? '' : 's'} after the last whole row ${left === 1 ? 'is' : 'are'} left out.`,
    )
  const content = bytes.subarray(0, needed)
  if (dtype !== BFLOAT16) return floats(readNpy(withHeader(content, dtype, full), label))
  // The upper half of a float32.
  const halves = readNpy(withHeader(content, '<u2', full), label).data as Uint16Array
  return tensor(new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer), full)
}

/** The bytes of a .npy file of such an array. */
function withHeader(content: Uint8Array, descr: string, shape: readonly number[]): Uint8Array {
  const header = Buffer.from(`{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }\n`)
  const start = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1')
  start.writeUInt16LE(header.length, 8)
  return Buffer.concat([start, header, content])
}

function floats({ data, shape }: Tensor<ReturnType<typeof readNpy>['data']>): Values {
  if (data instanceof Float32Array) return tensor(data, shape)
  return tensor(Float64Array.from(data as ArrayLike<number | bigint>, Number), shape)
}

function reshaped(values: Values, shape: readonly number[] | undefined, label: string): Values {
  if (shape === undefined) return values
  const known = shape.reduce((product, length) => (length === -1 ? product : product * length), 1)
  const full = shape.map((length) => (length === -1 ? values.size / known : length))
  const size = full.reduce((product, length) => product * length, 1)
  if (size !== values.size || !full.every(Number.isInteger)) {
    throw shapeError(label, `--shape ${shape.join(',')} does not fit its ${values.size} values`)
  }
  return tensor(values.data as Float32Array, full)
}

/** Two axes: those of length 1 that a batch leaves behind are dropped. */
function matrixOf(values: Values, label: string, notes: string[]): Values {
  const axes = [...values.shape]
  const told = `[${axes.join(', ')}]`
  if (axes.length === 1) {
    throw shapeError(label, `one axis of ${axes[0]}, but features have two: say which with --shape FRAMES,BINS`)
  }
  while (axes.length > 2 && axes.includes(1)) axes.splice(axes.indexOf(1), 1)
  if (axes.length !== 2) {
    const advice = axes.length > 2 ? ": write one matrix alone, as in numpy.save('one.npy', x[0])" : ''
    throw shapeError(label, `${values.shape.length} axes ${told}, but features have two${advice}`)
  }
  if (values.size === 0) throw shapeError(label, `its shape is ${told}: there are no features`)
  if (axes.length === values.shape.length) return values
  notes.push(`${label}: the axes ${told} are read as [${axes.join(', ')}].`)
  return tensor(values.data as Float32Array, axes)
}

function shapeError(label: string, problem: string): DspError {
  return new DspError(`${label}: ${problem}`, { code: 'ERR_DSP_SHAPE', argument: label })
}
