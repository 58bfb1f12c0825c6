import { DspError, type TensorLike } from '@dsp/tensor'
import { readBytes, writeWhole } from './files.js'
import { shown, type TrialList, textLines } from './trials.js'

/** A matrix of embeddings: `[recordings, dimensions]`, float32 or float64. */
export type Embeddings = TensorLike<Float32Array | Float64Array>

/** Rows of unit length, in the given order. */
export interface UnitRows {
  readonly data: Float64Array
  readonly rows: number
  readonly columns: number
}

/**
 * Embeddings as rows of unit length.
 * @param embeddings - `[recordings, dimensions]`.
 * @param argument - What errors call it.
 * @param nameOf - What errors call a row.
 */
export function unitRows(
  embeddings: Embeddings,
  argument: string,
  nameOf = (row: number) => `row ${row}`,
  needed?: Uint8Array,
): UnitRows {
  const { data, shape } = embeddings
  const [rows, columns] = shape as [number, number]
  if (shape.length !== 2 || !(columns > 0)) {
    throw new DspError(`${argument} must have the shape [recordings, dimensions], got [${shape.join(', ')}]`, {
      code: 'ERR_DSP_SHAPE',
      argument,
    })
  }
  const [down, right] = embeddings.stride ?? [columns, 1]
  const unit = new Float64Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    let square = 0
    for (let column = 0; column < columns; column++) {
      const value = data[(embeddings.offset ?? 0) + row * down! + column * right!]!
      unit[row * columns + column] = value
      square += value * value
    }
    const length = Math.sqrt(square)
    if (!(length > 0 && length < Infinity)) {
      if (needed !== undefined && needed[row] === 0) continue
      throw new DspError(`${argument} must be finite and not zero, which ${nameOf(row)} is not`, {
        code: 'ERR_DSP_NOT_FINITE',
        argument,
      })
    }
    for (let column = 0; column < columns; column++) unit[row * columns + column]! /= length
  }
  return { data: unit, rows, columns }
}

/** The inner product of a row of one matrix and a row of another. */
export function product(a: UnitRows, row: number, b: UnitRows, other: number): number {
  const { columns } = a
  let sum = 0
  for (let i = 0, x = row * columns, y = other * columns; i < columns; i++) sum += a.data[x + i]! * b.data[y + i]!
  return sum
}

/** The embeddings of a list's recordings as unit rows; rows that no trial uses may hold anything. */
export function rowsOf(embeddings: Embeddings, { files, first, second }: TrialList): UnitRows {
  if (embeddings.shape[0] !== files.length) {
    throw new DspError(
      `embeddings must have a row for each of ${files.length} recordings, got ${embeddings.shape[0]}`,
      {
        code: 'ERR_DSP_SHAPE',
        argument: 'embeddings',
      },
    )
  }
  const needed = new Uint8Array(files.length)
  for (let i = 0; i < first.length; i++) needed[first[i]!] = needed[second[i]!] = 1
  return unitRows(embeddings, 'embeddings', (row) => files[row]!, needed)
}

/**
 * The cosine of the angle between the two embeddings of every trial.
 * @param trials - The trials.
 * @param embeddings - `[recordings, dimensions]`, in the order of `trials.files`; of any length but 0.
 * @returns A score per trial, from -1 to 1.
 * @throws DspError ERR_DSP_SHAPE if a row is missing, ERR_DSP_NOT_FINITE for a row of a trial that is zero or not finite.
 * @example
 * ```ts
 * import { cosineScores, parseTrials } from '@dsp/sincnet'
 * const trials = parseTrials('1 a.flac b.flac\n0 a.flac c.flac')
 * const embeddings = { data: Float32Array.of(1, 0, 2, 0, 0, 3), shape: [3, 2] }
 * Array.from(cosineScores(trials, embeddings)) // => [1, 0]
 * ```
 */
export function cosineScores(trials: TrialList, embeddings: Embeddings): Float64Array {
  const unit = rowsOf(embeddings, trials)
  return Float64Array.from(trials.first, (row, i) => product(unit, row, unit, trials.second[i]!))
}

/**
 * The text of a score file: a line `SCORE A B` for each trial, in the list's order. Numbers are written so that they are read back
 * exactly.
 * @param trials - The trials.
 * @param scores - A score per trial.
 * @throws DspError ERR_DSP_SHAPE if there are more or fewer scores than trials, ERR_DSP_NOT_FINITE for one that is not finite.
 * @example
 * ```ts
 * import { formatScores, parseTrials } from '@dsp/sincnet'
 * formatScores(parseTrials('1 a.flac b.flac'), [0.25]) // => '0.25 a.flac b.flac\n'
 * ```
 */
export function formatScores(trials: TrialList, scores: ArrayLike<number>): string {
  assertScores(scores, trials.first.length)
  return [...pieces(trials, scores)].join('')
}

/** The text of a score file in pieces: the whole may be longer than the longest string. */
function* pieces({ files, first, second }: TrialList, scores: ArrayLike<number>): Generator<string> {
  for (let from = 0; from < first.length; from += 10_000) {
    const some = first.subarray(from, from + 10_000)
    yield Array.from(some, (a, i) => `${scores[from + i]} ${files[a]} ${files[second[from + i]!]}\n`).join('')
  }
}

/**
 * Reads a score file, which must have exactly these trials.
 * @param list - The file: text, or its UTF-8 bytes.
 * @param trials - The trials.
 * @param name - What errors call the file. Default 'scores'.
 * @returns A score per trial.
 * @throws DspError ERR_DSP_FORMAT for a line that is not a score or has a different pair from the list's, and for more or fewer
 * lines; the message names file and line.
 * @example
 * ```ts
 * import { parseScores, parseTrials } from '@dsp/sincnet'
 * Array.from(parseScores('0.25 a.flac b.flac\n', parseTrials('1 a.flac b.flac'))) // => [0.25]
 * ```
 */
export function parseScores(list: string | Uint8Array, trials: TrialList, name = 'scores'): Float64Array {
  const { files, first, second } = trials
  const scores = new Float64Array(first.length)
  const bad = (why: string) => new DspError(`${name}, ${why}`, { code: 'ERR_DSP_FORMAT', argument: 'scores' })
  let at = 0
  for (const line of textLines(typeof list === 'string' ? new TextEncoder().encode(list) : list, name)) {
    if (at === scores.length) throw bad(`line ${at + 1}: the list has no more than ${at} trials`)
    const words = line.trim().split(/\s+/)
    const score = Number(words[0])
    if (words.length !== 3 || words[0] === '' || !Number.isFinite(score)) {
      throw bad(`line ${at + 1}: 'SCORE FILE FILE' is expected, not ${shown(line)}`)
    }
    const [a, b] = [files[first[at]!], files[second[at]!]]
    if (words[1] !== a || words[2] !== b) throw bad(`line ${at + 1}: the list's trial is ${a} ${b}, not ${shown(line)}`)
    scores[at++] = score
  }
  if (at < scores.length) throw bad(`line ${at + 1}: the file ends, and ${scores.length - at} scores are missing`)
  return scores
}

/**
 * Reads a score file: {@link parseScores} of its bytes.
 * @param path - The file.
 * @param trials - The trials.
 * @throws DspError as {@link parseScores}, and ERR_DSP_IO if the file cannot be read.
 * @example
 * ```ts
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { parseTrials, readScores, writeScores } from '@dsp/sincnet'
 * const path = join(tmpdir(), 'scores.txt')
 * const trials = parseTrials('1 a.flac b.flac\n0 a.flac c.flac\n')
 * await writeScores(path, trials, [0.75, 0.1])
 * Array.from(await readScores(path, trials)) // => [0.75, 0.1]
 * ```
 */
export async function readScores(path: string, trials: TrialList): Promise<Float64Array> {
  return parseScores(await readBytes(path), trials, path)
}

/**
 * Writes a score file, which appears only once it is complete.
 * @param path - The file.
 * @param trials - The trials.
 * @param scores - A score per trial.
 * @throws DspError as {@link formatScores}, and ERR_DSP_IO if the file cannot be written.
 * @example
 * ```ts
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { parseTrials, writeScores } from '@dsp/sincnet'
 * await writeScores(join(tmpdir(), 'scores.txt'), parseTrials('1 a.flac b.flac'), [0.25])
 * ```
 */
export async function writeScores(path: string, trials: TrialList, scores: ArrayLike<number>): Promise<void> {
  assertScores(scores, trials.first.length)
  await writeWhole(path, pieces(trials, scores))
}

/** Checks that scores are one finite number per trial. */
export function assertScores(scores: ArrayLike<number>, count: number): void {
  if (scores.length !== count) {
    throw new DspError(`scores must be one for each of ${count} trials, got ${scores.length}`, {
      code: 'ERR_DSP_SHAPE',
      argument: 'scores',
    })
  }
  for (let i = 0; i < count; i++) {
    if (Number.isFinite(scores[i])) continue
    throw new DspError(`scores must be finite, which score ${i} is not`, {
      code: 'ERR_DSP_NOT_FINITE',
      argument: 'scores',
    })
  }
}
