import { DspError, show } from './errors.js'
import type { TensorData, TensorLike } from './tensor.js'
import { contiguous } from './view.js'

/** How {@link writeCsv} writes. */
export interface WriteCsvOptions {
  /** Names of the columns, written as the first line. Default: none. */
  readonly header?: readonly string[]
}

/**
 * A printer of one element: the shortest decimal text that reads back as the same number of the same precision; `nan`,
 * `inf` and `-inf` as C and numpy print them.
 * @param data - The storage that the numbers come from.
 */
export function numberPrinter(data: TensorData): (x: number | bigint) => string {
  const isFloat32 = data[Symbol.toStringTag] === 'Float32Array'
  return (x) => {
    if (typeof x === 'number' && !Number.isFinite(x)) return Number.isNaN(x) ? 'nan' : x > 0 ? 'inf' : '-inf'
    if (!isFloat32 || Number.isInteger(x)) return Object.is(x, -0) ? '-0' : String(x)
    for (let digits = 6; digits < 9; digits++) {
      const text = Number((x as number).toPrecision(digits))
      if (Math.fround(text) === x) return String(text)
    }
    return String(Number((x as number).toPrecision(9)))
  }
}

/**
 * Writes a vector (one number per line) or a matrix (one row per line, commas between) as text that numpy, pandas and
 * spreadsheets read. Every number reads back exactly.
 * @param t - The tensor, of 1 or 2 axes.
 * @param options - Names of the columns.
 * @throws {@link DspError} `ERR_DSP_SHAPE` for another number of axes.
 *
 * @example
 * ```ts
 * import { tensor, writeCsv } from '@dsp/tensor'
 * writeCsv(tensor(Float32Array.of(0.1, 2, -3.5, 1e-9), [2, 2])) // => '0.1,2\n-3.5,1e-9\n'
 * ```
 */
export function writeCsv(t: TensorLike, options: WriteCsvOptions = {}): string {
  const data = contiguous(t)
  const rank = t.shape.length
  if (rank !== 1 && rank !== 2) {
    const actual = `shape ${show([...t.shape])}`
    throw new DspError(`a .csv file holds 1 or 2 axes, got ${actual}: write .npy instead`, {
      code: 'ERR_DSP_SHAPE',
      argument: 'tensor',
      expected: '1 or 2 axes',
      actual,
    })
  }
  const [rows = 0, columns = 1] = t.shape
  const print = numberPrinter(data)
  const lines: string[] = []
  if (options.header !== undefined) {
    if (options.header.length !== columns) {
      throw DspError.argument('header', `${columns} names of columns`, [...options.header])
    }
    lines.push(options.header.map((name) => (/[",\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)).join(','))
  }
  for (let row = 0; row < rows; row++) {
    lines.push(Array.from(data.subarray(row * columns, (row + 1) * columns), print).join(','))
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}
