/** A matrix of features, row by row. */
export interface Matrix {
  /** Row-major values. */
  readonly data: Float64Array
  /** Number of rows. */
  readonly frames: number
  /** Number of columns. */
  readonly bins: number
}

/** The part `[from, to)` of a matrix's rows, shared. */
export const rows = ({ data, bins }: Matrix, from: number, to: number): Matrix => ({
  data: data.subarray(from * bins, to * bins),
  frames: to - from,
  bins,
})

/** A matrix of the columns `[from, to)`. */
export function columns(m: Matrix, from: number, to: number): Matrix {
  return fill(m.frames, to - from, (f, b) => m.data[f * m.bins + from + b]!)
}

/** A matrix by a rule for each value. */
export function fill(frames: number, bins: number, value: (frame: number, bin: number) => number): Matrix {
  const data = new Float64Array(frames * bins)
  for (let f = 0; f < frames; f++) for (let b = 0; b < bins; b++) data[f * bins + b] = value(f, b)
  return { data, frames, bins }
}

/** The same with other values. */
export const mapped = (m: Matrix, value: (x: number, bin: number) => number): Matrix => ({
  ...m,
  data: m.data.map((x, i) => value(x, i % m.bins)),
})

/** Axes changed for each other. */
export const transposed = (m: Matrix): Matrix => fill(m.bins, m.frames, (f, b) => m.data[b * m.bins + f]!)

/** The columns from the last to the first, in each block of so many. */
export const reversed = (m: Matrix, block = m.bins): Matrix =>
  fill(m.frames, m.bins, (f, b) => m.data[f * m.bins + b - (b % block) + block - 1 - (b % block)]!)

/** Whether all values of a frame are one and the same. */
export function isFlat({ data, bins }: Matrix, frame: number): boolean {
  for (let b = 1; b < bins; b++) if (data[frame * bins + b] !== data[frame * bins]) return false
  return true
}

/** Mean and standard deviation, over N - `ddof`, of the finite values of a list. */
export function spread(values: Iterable<number>, ddof: 0 | 1 = 0): { mean: number; std: number; n: number } {
  let n = 0
  let mean = 0
  let squares = 0
  for (const x of values) {
    if (!Number.isFinite(x)) continue
    n++
    const step = x - mean
    mean += step / n
    squares += step * (x - mean)
  }
  return { mean, std: n > ddof ? Math.sqrt(squares / (n - ddof)) : 0, n }
}

/** The values of one column. */
export function* column({ data, bins }: Pick<Matrix, 'data' | 'bins'>, bin: number): Generator<number> {
  for (let i = bin; i < data.length; i += bins) yield data[i]!
}

/** How two lists of values relate, over the places at which both are finite. */
export interface Relation {
  /** Root mean square of the difference. */
  readonly rms: number
  /** Mean of the second less the first. */
  readonly offset: number
  /** Pearson's correlation; 0 if either is constant. */
  readonly correlation: number
  /** Least-squares slope of the second over the first; 1 if the first is constant. */
  readonly slope: number
  /** Number of places. */
  readonly n: number
}

/** The {@link Relation} of two lists, every `stride`-th value from `start`. */
export function relate(a: Float64Array, b: Float64Array, start = 0, stride = 1): Relation {
  let n = 0
  let [meanA, meanB, aa, bb, ab, squares] = [0, 0, 0, 0, 0, 0]
  for (let i = start; i < Math.min(a.length, b.length); i += stride) {
    const x = a[i]!
    const y = b[i]!
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue
    n++
    const dx = x - meanA
    const dy = y - meanB
    meanA += dx / n
    meanB += dy / n
    aa += dx * (x - meanA)
    bb += dy * (y - meanB)
    ab += dx * (y - meanB)
    squares += (y - x) * (y - x)
  }
  return {
    n,
    rms: n === 0 ? 0 : Math.sqrt(squares / n),
    offset: meanB - meanA,
    correlation: aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0,
    slope: aa > 0 ? ab / aa : 1,
  }
}

/** The median; 0 of nothing. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort()
  const middle = sorted.length >> 1
  if (sorted.length === 0) return 0
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** A copy with the bytes of each value in the other order. */
export function withSwappedBytes<T extends Float32Array | Float64Array>(values: T): T {
  const copy = values.slice() as T
  const bytes = new Uint8Array(copy.buffer)
  const size = copy.BYTES_PER_ELEMENT
  for (let i = 0; i < bytes.length; i += size) bytes.subarray(i, i + size).reverse()
  return copy
}
