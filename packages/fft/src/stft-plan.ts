import { type StftParameters, StftPlan } from '@dsp/native'
import { PlanCache } from '@dsp/signal'
import { DspError, type OptionSpecs, resolveOptions } from '@dsp/tensor'
import type { StftOptions, WindowSpec } from './options.js'
import { customWindow } from './window.js'

/** What `stft` and `istft` have in common. */
export type Common = Omit<StftOptions, 'nFft' | 'padMode'>

/**
 * Checks options whose `window` may be values of one's own. For packages of this family.
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
 * The options with nothing left out, as the core takes them. For packages of this family.
 * @internal
 */
export function parameters(options: Common, nFft: number, padMode: string): StftParameters {
  const { window, beta, center } = options
  const own = typeof window === 'string' ? undefined : window.length
  const winLength = options.winLength ?? own ?? nFft
  if (own !== undefined && own !== winLength) {
    throw DspError.argument('window', `an array of winLength (${winLength}) numbers`, window)
  }
  const hopLength = options.hopLength ?? Math.floor(winLength / 4)
  return { nFft, hopLength, winLength, window: window as string | Float64Array, beta, center, padMode }
}

const plans = new PlanCache<StftPlan>()

/** The plan for these parameters, until the next call. */
export function planFor(given: StftParameters): StftPlan {
  return plans.get(given, given.nFft, () => new StftPlan(given))
}
