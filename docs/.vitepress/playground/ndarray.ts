/** What an ndarray may store. */
type Storage = Float32Array | Float64Array | Uint8Array | number[]

/**
 * The interface of npm's ndarray without generated code, so that the page works under a Content-Security-Policy that allows no `eval`.
 */
class NdArray {
  constructor(
    readonly data: Storage,
    readonly shape: number[],
    readonly stride: number[],
    readonly offset: number,
  ) {}

  get dtype(): string {
    return Array.isArray(this.data) ? 'array' : this.data.constructor.name.replace('Array', '').toLowerCase()
  }

  get dimension(): number {
    return this.shape.length
  }

  get size(): number {
    return this.shape.reduce((size, length) => size * length, 1)
  }

  /** Axes, the one with the smallest stride first. */
  get order(): number[] {
    return this.shape
      .map((_, axis) => axis)
      .sort((a, b) => Math.abs(this.stride[a]!) - Math.abs(this.stride[b]!) || b - a)
  }

  index(...at: number[]): number {
    return this.stride.reduce((index, step, axis) => index + step * at[axis]!, this.offset)
  }

  get(...at: number[]): number {
    return this.data[this.index(...at)]!
  }

  set(...at: number[]): number {
    const value = at.pop()!
    this.data[this.index(...at)] = value
    return value
  }

  hi(...ends: (number | null)[]): NdArray {
    const shape = this.shape.map((length, axis) => {
      const end = ends[axis]
      return typeof end === 'number' && end >= 0 ? end | 0 : length
    })
    return new NdArray(this.data, shape, [...this.stride], this.offset)
  }

  lo(...starts: (number | null)[]): NdArray {
    let offset = this.offset
    const shape = this.shape.map((length, axis) => {
      const start = starts[axis]
      if (typeof start !== 'number' || start < 0) return length
      offset += (start | 0) * this.stride[axis]!
      return length - (start | 0)
    })
    return new NdArray(this.data, shape, [...this.stride], offset)
  }

  step(...steps: (number | null)[]): NdArray {
    let offset = this.offset
    const shape = [...this.shape]
    const stride = this.stride.map((by, axis) => {
      const step = steps[axis]
      if (typeof step !== 'number') return by
      const every = step | 0
      if (every < 0) offset += by * (shape[axis]! - 1)
      shape[axis] = Math.ceil(shape[axis]! / Math.abs(every))
      return by * every
    })
    return new NdArray(this.data, shape, stride, offset)
  }

  transpose(...axes: number[]): NdArray {
    const from = this.shape.map((_, axis) => axes[axis] ?? axis)
    const shape = from.map((axis) => this.shape[axis]!)
    return new NdArray(
      this.data,
      shape,
      from.map((axis) => this.stride[axis]!),
      this.offset,
    )
  }

  pick(...at: (number | null)[]): NdArray {
    let offset = this.offset
    const kept = this.shape
      .map((_, axis) => axis)
      .filter((axis) => {
        const index = at[axis]
        const isPicked = typeof index === 'number' && index >= 0
        if (isPicked) offset += this.stride[axis]! * (index | 0)
        return !isPicked
      })
    return new NdArray(
      this.data,
      kept.map((axis) => this.shape[axis]!),
      kept.map((axis) => this.stride[axis]!),
      offset,
    )
  }
}

/** Wraps storage, row-major unless strides are given. */
export default function ndarray(data: Storage, shape = [data.length], stride?: number[], offset = 0): NdArray {
  const steps = stride ?? shape.map((_, axis) => shape.slice(axis + 1).reduce((size, length) => size * length, 1))
  return new NdArray(data, shape, steps, offset)
}
