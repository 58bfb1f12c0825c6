import { DspError } from '@dsp/tensor'

/**
 * A module of Node.js, looked up at run time, so that what is bundled for a browser imports nothing of Node.js.
 * @param name - Its name, as `node:fs/promises`.
 * @returns The module, whose type the caller states.
 * @throws DspError `ERR_DSP_IO` where it is not, as in a browser.
 *
 * @example
 * ```ts
 * import { nodeModule } from '@dsp/signal'
 * const { basename } = nodeModule<typeof import('node:path')>('node:path')
 * basename('sounds/a.wav') // => 'a.wav'
 * ```
 */
export function nodeModule<T>(name: string): T {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }
  const found = process?.getBuiltinModule?.(name)
  if (found !== undefined) return found as T
  throw new DspError(`${name} is not here: files are opened by path in Node.js only; in a browser, give their bytes`, {
    code: 'ERR_DSP_IO',
    argument: name,
    expected: 'Node.js',
    actual: 'an environment without it',
  })
}
