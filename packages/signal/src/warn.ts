/** Warnings given already, by code and key; forgotten when there are too many. */
const given = new Set<string>()
const MAX_REMEMBERED = 1000

/**
 * Emits a process warning of type `DspWarning`, which `process.on('warning', …)` sees; in a browser, a warning on its console.
 * @param code - Its stable code, `DSP_…`.
 * @param message - What happened and what to do about it.
 * @param key - Where given, the warning is emitted once per code and key.
 *
 * @example
 * ```ts
 * import { warn } from '@dsp/signal'
 * process.once('warning', (warning) => console.log(warning.name)) // DspWarning
 * warn('DSP_EXAMPLE', 'this is an example')
 * ```
 */
export function warn(code: string, message: string, key?: string): void {
  if (key !== undefined) {
    const id = `${code} ${key}`
    if (given.has(id)) return
    if (given.size >= MAX_REMEMBERED) given.clear()
    given.add(id)
  }
  const { process } = globalThis as { process?: { emitWarning?: typeof globalThis.process.emitWarning } }
  if (process?.emitWarning) process.emitWarning(message, { type: 'DspWarning', code })
  else console.warn(`DspWarning [${code}]: ${message}`)
}
