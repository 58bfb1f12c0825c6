import { DspError, type OptionSpecs, resolveOptions } from '@dsp/tensor'
import { type StftOptions, stftOptionSpecs, type WindowSpec } from './options.js'
import { customWindow } from './window.js'

/** What `stft` and `istft` have in common. */
export type Common = Omit<StftOptions, 'nFft' | 'padMode'>

/** The options of a transform with nothing left out, as the core takes them. */
export interface StftParameters {
  readonly nFft: number
  readonly hopLength: number
  readonly winLength: number
  readonly window: string | Float64Array
  readonly beta: number
  readonly center: boolean
  readonly padMode: string
}

/**
 * Checks options whose `window` may be custom values. For packages of this family.
 * @internal
 */
export function resolveWindowed<O extends { readonly window: WindowSpec }>(
  owner: string,
  specs: OptionSpecs<O>,
  options: Partial<O> | undefined,
): O {
  const window = options?.window
  if (window === undefined || typeof window === 'string') return resolveOptions(owner, specs, options)
  const values = customWindow(window)
  const { window: _, ...rest } = options as Partial<O>
  return { ...resolveOptions(owner, specs, rest as Partial<O>), window: values }
}

/**
 * Gives the lengths that depend on others their values. For packages of this family.
 * @internal
 */
export function parameters(options: Common, nFft: number, padMode: string): StftParameters {
  const { beta, center } = options
  const window = options.window as string | Float64Array
  const custom = typeof window === 'string' ? undefined : window.length
  const winLength = options.winLength ?? custom ?? nFft
  if (custom !== undefined && custom !== winLength) {
    throw DspError.argument('window', `an array of winLength (${winLength}) numbers`, window)
  }
  const hopLength = options.hopLength ?? Math.floor(winLength / 4)
  return { nFft, hopLength, winLength, window, beta, center, padMode }
}

/** Checks `stft`'s options and gives them as the core takes them. */
export function stftParameters(owner: string, options: Partial<StftOptions> | undefined): StftParameters {
  const resolved = resolveWindowed(owner, stftOptionSpecs, options)
  return parameters(resolved, resolved.nFft, resolved.padMode)
}
