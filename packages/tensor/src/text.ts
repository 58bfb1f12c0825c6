import { DspError, show } from './errors.js'
import { formatError } from './npy-header.js'
import { type Tensor, type TensorData, type TensorLike, tensor } from './tensor.js'
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

/**
 * Reads a matrix from text: a row per line, with commas, semicolons, tabs or spaces between the numbers, as {@link writeCsv},
 * `numpy.savetxt`, pandas and spreadsheets write it. A first line without any number names the columns and is left out, as are
 * empty lines and those that begin with `#`. `nan`, `inf` and `-inf` are read in any case of letters.
 * @param text - The text, or its bytes in UTF-8.
 * @param name - Its name in error messages.
 * @returns `[rows, columns]`, or `[rows]` where every line has one number.
 * @throws {@link DspError} `ERR_DSP_FORMAT`, with the line, where something is not a number or rows have different lengths.
 *
 * @example
 * ```ts
 * import { readCsv } from '@dsp/tensor'
 * readCsv('a,b\n0.1,2\n-3.5,1e-9\n').shape // => [2, 2]
 * readCsv('1.5\n2.5\n').shape // => [2]
 * ```
 */
export function readCsv(text: string | Uint8Array, name = 'csv'): Tensor<Float64Array> {
  const lines = (typeof text === 'string' ? text : new TextDecoder().decode(text)).split(/\r\n|\n|\r/)
  const values: number[] = []
  let [rows, columns, isFirst] = [0, 0, true]
  for (const [i, line] of lines.entries()) {
    const row = line.trim()
    if (row === '' || row.startsWith('#')) continue
    const cells = (/[,;\t]/.test(row) ? row.split(/[,;\t]/) : row.split(/ +/)).map((cell) => cell.trim())
    const numbers = cells.map(numberOf)
    const wrong = numbers.indexOf(undefined)
    if (isFirst && numbers.every((value) => value === undefined)) {
      isFirst = false
      continue
    }
    isFirst = false
    if (wrong >= 0) throw formatError(name, `line ${i + 1}: ${show(cells[wrong])} is not a number`)
    if (rows++ === 0) columns = cells.length
    if (cells.length !== columns) {
      const problem = `line ${i + 1} has length ${cells.length}, those before it have ${columns}`
      throw formatError(name, problem, `${columns} numbers`, `${cells.length} numbers`)
    }
    for (const value of numbers) values.push(value!)
  }
  return tensor(Float64Array.from(values), columns === 1 ? [rows] : [rows, columns])
}

function numberOf(cell: string): number | undefined {
  if (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(cell)) return Number(cell)
  const [, sign, word] = /^([-+]?)(nan|inf(?:inity)?)$/i.exec(cell) ?? []
  if (word === undefined) return undefined
  return word.toLowerCase() === 'nan' ? Number.NaN : sign === '-' ? -Infinity : Infinity
}
