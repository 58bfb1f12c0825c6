import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** A row of trials/files.tsv. */
export interface Recording {
  /** Relative to the data folder; what the lists call it. */
  readonly path: string
  readonly speaker: string
  /** The list, or `cohort`. */
  readonly source: string
}

/** What files.tsv lists, the cohort apart, and what ties a file of embeddings to it. */
export interface Recordings {
  readonly tested: readonly Recording[]
  readonly cohort: readonly Recording[]
  /** SHA-256 of the paths, a line each. */
  readonly digest: Buffer
}

/**
 * Reads files.tsv, whose order is that of the rows of embeddings.
 * @param path - The file.
 */
export function readRecordings(path: string): Recordings {
  const all = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => {
      const [path, speaker, source] = row.split('\t') as [string, string, string]
      return { path, speaker, source }
    })
  return {
    tested: all.filter(({ source }) => source !== 'cohort'),
    cohort: all.filter(({ source }) => source === 'cohort'),
    digest: createHash('sha256')
      .update(all.map(({ path }) => `${path}\n`).join(''))
      .digest(),
  }
}
