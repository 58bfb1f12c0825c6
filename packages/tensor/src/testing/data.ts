import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** The part of a test framework's context that can skip a test, as vitest's `({ skip }) => …`. */
export interface SkipContext {
  /** Ends the test as skipped, with a reason. */
  skip(note?: string): never
}

/**
 * The root folder of the repository: the nearest folder above the working directory whose package.json lists workspaces.
 * @param from - Where to begin; default: the working directory.
 */
export function repositoryRoot(from: string = process.cwd()): string {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest) && 'workspaces' in JSON.parse(readFileSync(manifest, 'utf8'))) return folder
    if (folder === dirname(folder)) throw new Error(`no package.json with workspaces above ${from}`)
  }
}

/**
 * The absolute path of a file of the shared test data, which lies beside the checkout in `../shared/data`.
 * @param relative - Path below `shared/data`, e.g. `speech/arctic_a0001.wav`.
 * @returns The path, or undefined if the data is not there.
 */
export function sharedData(relative: string): string | undefined {
  const path = resolve(repositoryRoot(), '..', 'shared', 'data', relative)
  return existsSync(path) ? path : undefined
}

/**
 * The same as {@link sharedData}; if the file is not there, the running test is skipped with a message that says so.
 * @param context - The running test's context.
 * @param relative - Path below `shared/data`.
 */
export function sharedDataOrSkip(context: SkipContext, relative: string): string {
  return sharedData(relative) ?? context.skip(`../shared/data/${relative} is not beside this checkout`)
}
