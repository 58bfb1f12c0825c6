import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** Version of one of our own packages. */
export function version(name: string): string {
  return JSON.parse(readFileSync(require.resolve(`@dsp/${name}/package.json`), 'utf8')).version
}
