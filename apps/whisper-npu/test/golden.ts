import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { fetchModel } from '../src/index.js'

/** What transformers' `generate` made of a recording: tokens, and the time at which each begins. */
export interface Golden {
  readonly file: string
  readonly plain: { readonly tokens: readonly number[]; readonly times: readonly number[] }
  readonly timestamps: { readonly tokens: readonly number[]; readonly times: readonly number[] }
}

/** What faster-whisper makes of our features: the tokens of the window, and with time stamps those up to where it hears the rest again. */
export interface FasterGolden {
  readonly file: string
  readonly plain: readonly number[]
  readonly timestamps: readonly number[]
}

export const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const models = <T>(path: string) =>
  (JSON.parse(readFileSync(here(path), 'utf8')) as { models: Record<string, T[]> }).models

export const goldens = models<Golden>('golden/tokens.json')
export const fasterGoldens = models<FasterGolden>('golden/faster-whisper.json')

/**
 * The directory of a model, in the cache of the user who runs the tests, fetched if need be; undefined, loudly, where it can neither be
 * found nor be fetched.
 */
export async function modelOrSkip(name: string): Promise<string | undefined> {
  try {
    return await fetchModel(name)
  } catch (error) {
    console.warn(`SKIPPED: the tests with the model ${name}: ${(error as Error).message}`)
    return undefined
  }
}
