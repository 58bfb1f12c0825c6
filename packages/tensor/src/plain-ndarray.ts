/** Storage that an array may have: a typed array, a list, or an object with the methods `get` and `set`. */
type NdArrayData =
  | ArrayLike<unknown>
  | { readonly length: number; get(index: number): unknown; set(index: number, value: never): unknown }

/** The type of one element of some storage. */
type NdArrayValue<D> = D extends { get(index: number): infer V } ? V : D extends ArrayLike<infer V> ? V : never

/** What can be read of any storage. */
type Readable = Record<number, unknown> & { get?(index: number): unknown; set(index: number, value: unknown): unknown }

const DTYPES: Readonly<Record<string, string>> = {
  Array: 'array',
  BigInt64Array: 'bigint64',
  BigUint64Array: 'biguint64',
  Float32Array: 'float32',
  Float64Array: 'float64',
  Int8Array: 'int8',
  Int16Array: 'int16',
  Int32Array: 'int32',
  Uint8Array: 'uint8',
  Uint8ClampedArray: 'uint8_clamped',
  Uint16Array: 'uint16',
  Uint32Array: 'uint32',
}

/** The object of npm `ndarray`, without code that is generated at run time. */
class PlainNdArray<D extends NdArrayData = NdArrayData> {
  /** The elements. */
  data: D
  /** Length of each axis. */
  shape: number[]
  /** Elements between neighbours along each axis. */
  stride: number[]
  /** Index of the first element in `data`. */
  offset: number

  constructor(data: D, shape: number[], stride: number[], offset: number) {
    this.data = data
    this.shape = shape
    this.stride = stride
    this.offset = shape.length === 0 ? offset : offset | 0
  }

  /** The name of the storage: `float32`, `uint8_clamped`, `bigint64`, `array`, `buffer`, `generic` and so on. */
  get dtype(): string {
    const { isBuffer } = this.data.constructor as { isBuffer?(value: unknown): boolean }
    if (isBuffer?.(this.data)) return 'buffer'
    return DTYPES[Object.prototype.toString.call(this.data).slice('[object '.length, -1)] ?? 'generic'
  }

  /** Number of axes. */
  get dimension(): number {
    return this.shape.length
  }

  /** Number of elements. */
  get size(): number {
    return this.shape.length === 0 ? 1 : this.shape.reduce((size, length) => size * length)
  }

  /** The axes, that of the smallest stride first. */
  get order(): number[] {
    const steps = this.stride.map((step) => Math.abs(step))
    const [first, second, third] = steps as [number, number, number]
    // The one case in which npm's comparisons for three axes change the order of equals.
    if (steps.length === 3 && first <= second && second === third) return [0, 2, 1]
    return steps.map((_, axis) => axis).sort((a, b) => steps[a]! - steps[b]!)
  }

  /** Position in `data` of the element at an index. */
  index(...at: number[]): number {
    const { stride } = this
    let position = this.offset
    for (let axis = 0; axis < stride.length; axis++) position += stride[axis]! * at[axis]!
    return position
  }

  /** The element at an index. */
  get(...at: number[]): NdArrayValue<D> {
    const data = this.data as unknown as Readable
    const position = this.index(...at)
    return (data.get === undefined ? data[position] : data.get(position)) as NdArrayValue<D>
  }

  /** Writes the element at an index (its last argument is the value) and returns what was written. */
  set(...indexAndValue: (number | NdArrayValue<D>)[]): NdArrayValue<D> {
    const data = this.data as unknown as Readable
    const position = this.index(...(indexAndValue as number[]))
    const value = indexAndValue[this.shape.length]
    // Typed arrays have a method `set`, too, but none that reads one element.
    if (data.get !== undefined) return data.set(position, value) as NdArrayValue<D>
    data[position] = value
    return value as NdArrayValue<D>
  }

  /** The element of an array without axes, so that it counts as a number. */
  valueOf(): unknown {
    return this.shape.length === 0 ? this.get() : this
  }

  /** A view of the first elements of each axis. */
  hi(...lengths: (number | null | undefined)[]): PlainNdArray<D> {
    const shape = this.shape.map((length, axis) => {
      const end = lengths[axis]
      return typeof end !== 'number' || end < 0 ? length : end | 0
    })
    return this.view(shape, [...this.stride], this.offset)
  }

  /** A view without the first elements of each axis. */
  lo(...starts: (number | null | undefined)[]): PlainNdArray<D> {
    let { offset } = this
    const shape = this.shape.map((length, axis) => {
      const start = starts[axis]
      if (typeof start !== 'number' || !(start >= 0)) return length
      offset += this.stride[axis]! * (start | 0)
      return length - (start | 0)
    })
    return this.view(shape, [...this.stride], offset)
  }

  /** A view of every n-th element of each axis; negative steps reverse. */
  step(...steps: (number | null | undefined)[]): PlainNdArray<D> {
    let { offset } = this
    const shape = [...this.shape]
    const stride = this.stride.map((between, axis) => {
      const step = steps[axis]
      if (typeof step !== 'number') return between
      const every = step | 0
      const length = shape[axis]!
      if (every < 0) offset += between * (length - 1)
      shape[axis] = Math.ceil(every < 0 ? -length / every : length / every)
      return between * every
    })
    return this.view(shape, stride, offset)
  }

  /** A view with the axes in another order. */
  transpose(...axes: (number | undefined)[]): PlainNdArray<D> {
    const from = this.shape.map((_, axis) => (axes[axis] === undefined ? axis : axes[axis] | 0))
    return this.view(
      from.map((axis) => this.shape[axis]!),
      from.map((axis) => this.stride[axis]!),
      this.offset,
    )
  }

  /** A view with some axes fixed at an index. */
  pick(...index: (number | null | undefined)[]): PlainNdArray<D> | null {
    const { dimension, data } = this
    if (dimension === 0) return new NilNdArray(data)
    let { offset } = this
    const shape: number[] = []
    const stride: number[] = []
    for (let axis = 0; axis < dimension; axis++) {
      const at = index[axis]
      if (typeof at === 'number' && at >= 0) offset = (offset + this.stride[axis]! * at) | 0
      else {
        shape.push(this.shape[axis]!)
        stride.push(this.stride[axis]!)
      }
    }
    return this.view(shape, stride, offset)
  }

  protected view(shape: number[], stride: number[], offset: number): PlainNdArray<D> {
    return new PlainNdArray(this.data, shape, stride, offset)
  }
}

/** What npm `ndarray` makes of nothing, and of an element from which one more axis is picked. */
class NilNdArray<D extends NdArrayData> extends PlainNdArray<D> {
  constructor(data: D) {
    super(data, [], [], undefined as unknown as number)
  }

  override get dimension(): number {
    return -1
  }

  override get size(): number {
    return 0
  }

  override index(): number {
    return -1
  }

  override get(): NdArrayValue<D> {
    return undefined as NdArrayValue<D>
  }

  override set(): NdArrayValue<D> {
    return undefined as NdArrayValue<D>
  }

  override valueOf(): unknown {
    return this
  }

  override pick(): null {
    return null
  }

  protected override view(): NilNdArray<D> {
    return new NilNdArray(this.data)
  }
}

/**
 * Wraps storage as npm `ndarray` does, with the same properties and methods, but compiles nothing: a bundle in which it
 * stands for `ndarray` runs under a Content-Security-Policy without `'unsafe-eval'`.
 * @param data - The elements; a number is an array of one.
 * @param shape - Length of each axis. Default: one axis over all elements.
 * @param stride - Elements between neighbours along each axis. Default: row-major.
 * @param offset - Index of the first element in `data`. Default: that from which all indices are in range, 0 unless strides are negative.
 * @returns An array, or what has the dimension -1 if there is no data. Nothing is checked or copied.
 *
 * @example
 * ```ts
 * import ndarray from '@dsp/tensor/ndarray'
 * const matrix = ndarray(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3])
 * matrix.get(1, 2) // => 6
 * matrix.transpose(1, 0).shape // => [3, 2]
 * ```
 */
export function ndarray<D extends NdArrayData = number[]>(
  data?: D | number,
  shape?: ArrayLike<number>,
  stride?: ArrayLike<number>,
  offset?: number,
): PlainNdArray<D> {
  if (data === undefined) return new NilNdArray([] as unknown as D)
  const elements = (typeof data === 'number' ? [data] : data) as D
  const lengths = shape === undefined ? [elements.length] : Array.from(shape)
  const steps = new Array<number>(lengths.length)
  let start = 0
  for (let axis = lengths.length - 1, inner = 1; axis >= 0; axis--) {
    const length = lengths[axis]!
    const step = stride === undefined ? inner : stride[axis]!
    steps[axis] = step
    inner *= length
    if (step < 0) start -= (length - 1) * step
  }
  return new PlainNdArray(elements, lengths, steps, offset ?? start)
}

export { ndarray as default }
