import {
  contiguous,
  DspError,
  ortTypeOf,
  show,
  type Tensor,
  type TensorData,
  type TensorLike,
  tensor,
} from '@dsp/tensor'

/** A dimension of a model's input or output: its length, or the name of a free one (empty if it has no name). */
export type Dimension = number | string

/** An input or output of a model. */
export interface ValueInfo {
  /** Its name in the graph. */
  readonly name: string
  /** Element type, e.g. `float32` or `int64`; empty for other kinds of values (sequences and maps). */
  readonly type: string
  /** Length or name of each axis; empty for a scalar, and if the model states no shape. */
  readonly shape: readonly Dimension[]
}

/** Element types that a tensor of this family does not store. */
const UNSTORED = ['', 'float16', 'uint64', 'string']

/**
 * A tensor of whole numbers in the type that an input takes: exporters disagree on int32 and int64 for lengths and ids.
 * @param values - Whole numbers, in row-major order.
 * @param shape - Length of each axis.
 * @param info - The input, as in `session.inputs`: int32 if it is int32, else int64.
 * @throws DspError `ERR_DSP_ARGUMENT` if a value is not a whole number or too large, `ERR_DSP_SHAPE` if the shape
 *   does not hold as many.
 *
 * @example
 * ```ts
 * import { integers } from '@dsp/onnx'
 * integers([5, 3], [2], { name: 'lengths', type: 'int64', shape: ['N'] }).data // => BigInt64Array.of(5n, 3n)
 * ```
 */
export function integers(
  values: readonly number[],
  shape: readonly number[],
  info: ValueInfo,
): Tensor<Int32Array> | Tensor<BigInt64Array> {
  const largest = info.type === 'int32' ? 2 ** 31 - 1 : Number.MAX_SAFE_INTEGER
  const wrong = values.find((value) => !Number.isInteger(value) || Math.abs(value) > largest)
  if (wrong !== undefined) throw DspError.argument('values', `whole numbers up to ${largest}`, wrong)
  return info.type === 'int32'
    ? tensor(Int32Array.from(values), shape)
    : tensor(BigInt64Array.from(values, BigInt), shape)
}

/** Row-major tensors by name, as a runtime takes them. */
export type Feeds = Readonly<Record<string, { readonly data: TensorData; readonly shape: readonly number[] }>>

/**
 * Checks the inputs of a run against those of the model.
 * @param model - The model's name, for messages.
 * @param infos - Its inputs.
 * @param inputs - The tensors by name.
 */
export function checkInputs(
  model: string,
  infos: readonly ValueInfo[],
  inputs: Readonly<Record<string, TensorLike>>,
): Feeds {
  if (typeof inputs !== 'object' || inputs === null) throw DspError.argument('inputs', 'tensors by name', inputs)
  const names = () => infos.map((info) => info.name).join(', ') || 'no inputs'
  for (const name of Object.keys(inputs)) {
    if (infos.every((info) => info.name !== name)) {
      throw inputError('ERR_DSP_ARGUMENT', name, `is not an input: ${model} takes ${names()}`, names(), name)
    }
  }
  const feeds: Record<string, { data: TensorData; shape: readonly number[] }> = {}
  for (const info of infos) {
    const value = inputs[info.name]
    if (value === undefined) {
      throw inputError('ERR_DSP_ARGUMENT', info.name, `is missing: ${model} takes ${names()}`, 'a tensor', 'undefined')
    }
    feeds[info.name] = { data: checkInput(model, info, value), shape: value.shape }
  }
  return feeds
}

function checkInput(model: string, info: ValueInfo, value: TensorLike): TensorData {
  const { name, type, shape } = info
  const data = contiguous(value, `inputs.${name}`)
  const actual = ortTypeOf(data)
  if (UNSTORED.includes(type)) {
    const wanted = type === '' ? 'a sequence or map' : type
    const what = `is ${wanted} in ${model}, which no tensor stores: export the model with a float32 or int64 input`
    throw inputError('ERR_DSP_TYPE', name, what, wanted, actual)
  }
  if (actual !== type && !(type === 'bool' && actual === 'uint8')) {
    throw inputError('ERR_DSP_TYPE', name, `must be ${type} for ${model}, got ${actual}`, type, actual)
  }
  // a model that states no shape looks like a scalar: ONNX Runtime knows the difference
  const fits =
    shape.length === 0 ||
    (shape.length === value.shape.length &&
      shape.every((length, axis) => typeof length === 'string' || length === value.shape[axis]))
  if (!fits) {
    const [expected, got] = [showShape(shape), showShape(value.shape)]
    throw inputError('ERR_DSP_SHAPE', name, `must have the shape ${expected} for ${model}, got ${got}`, expected, got)
  }
  return data
}

/**
 * Checks the names of the requested outputs.
 * @param model - The model's name, for messages.
 * @param infos - Its outputs.
 * @param outputs - The names; undefined for all.
 */
export function checkOutputs(
  model: string,
  infos: readonly ValueInfo[],
  outputs: readonly string[] | undefined,
): string[] {
  const names = infos.map((info) => info.name)
  if (outputs === undefined) return names
  if (!Array.isArray(outputs) || outputs.length === 0) throw DspError.argument('outputs', 'a list of names', outputs)
  for (const name of outputs) {
    if (!names.includes(name)) {
      throw DspError.argument('outputs', `names of outputs of ${model}: ${names.join(', ')}`, name)
    }
  }
  return [...new Set(outputs)]
}

/** A shape as `[N, 80]`, a free axis without a name as `?`. */
export function showShape(shape: readonly Dimension[]): string {
  return `[${shape.map((length) => (length === '' ? '?' : length)).join(', ')}]`
}

function inputError(
  code: 'ERR_DSP_ARGUMENT' | 'ERR_DSP_TYPE' | 'ERR_DSP_SHAPE',
  name: string,
  what: string,
  expected: string,
  actual: string,
): DspError {
  const argument = `inputs.${name}`
  return new DspError(`${argument} ${what}`, { code, argument, expected, actual: show(actual) })
}
