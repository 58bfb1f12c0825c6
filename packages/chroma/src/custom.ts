import { DspError, isTensorData, type OptionSpecs, resolveOptions, type TensorLike } from '@dsp/tensor'

/** Custom values, in a list, a typed array or a row-major tensor, as float64; undefined for anything else (a name, null). */
export function toFloat64(name: string, value: unknown): Float64Array | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const like = Array.isArray(value) || isTensorData(value) ? undefined : (value as TensorLike)
  const flat = like === undefined ? value : like.data
  if (like !== undefined && (!isTensorData(flat) || (like.stride !== undefined && !isRowMajor(like)))) {
    throw DspError.argument(name, 'a list of numbers, a typed array or a row-major tensor', value)
  }
  const values = Float64Array.from(flat as ArrayLike<number>)
  if (values.length === 0 || !values.every(Number.isFinite)) {
    throw DspError.argument(name, 'a list of at least one finite number', value)
  }
  return values
}

function isRowMajor({ shape, stride, offset }: TensorLike): boolean {
  let step = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && stride![axis] !== step) return false
    step *= shape[axis]!
  }
  return (offset ?? 0) === 0
}

/** Rows of custom values: those of a tensor, else 1. */
export function rowsOf(value: unknown): number {
  const shape = (value as Partial<TensorLike> | null | undefined)?.shape
  return shape === undefined ? 1 : shape.slice(0, -1).reduce((product, length) => product * length, 1)
}

/** Resolves options one of which may be custom values, which become a `Float64Array`. */
export function resolveCustom<O extends object>(
  owner: string,
  specs: OptionSpecs<O>,
  options: Partial<O> | undefined,
  name: keyof O & string,
  resolve: (owner: string, specs: OptionSpecs<O>, options: Partial<O> | undefined) => O = resolveOptions,
): O {
  const values = toFloat64(name, options?.[name])
  if (values === undefined) return resolve(owner, specs, options)
  const { [name]: _, ...rest } = options as O
  return { ...resolve(owner, specs, rest as unknown as Partial<O>), [name]: values }
}
