import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { fetchModel } from '../src/index.js'

/** What transformers' `generate` made of a recording: tokens, and the time at which each begins. */
export interface Golden {
  readonly file: string
  readonly plain: { readonly tokens: readonly number[]; readonly times: readonly number[] }
  readonly timestamps: { readonly tokens: readonly number[]; readonly times: readonly number[] }
}

export const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export const goldens = (
  JSON.parse(readFileSync(here('golden/tokens.json'), 'utf8')) as { models: Record<string, Golden[]> }
).models

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
