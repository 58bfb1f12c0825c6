import { type StftParameters, StftPlan } from '@dsp/native'
import { DspError, guard, type OptionSpecs, resolveOptions } from '@dsp/tensor'
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

/** Plans kept for the next call. */
const KEPT = 8
/** Larger ones are not kept. */
const LARGEST_KEPT = 65536
const plans = new Map<string, StftPlan>()
/** The last plan that is not kept. Until the event loop turns nothing else gives its tables back. */
let passing: StftPlan | undefined

/**
 * The plan for these parameters: the same one as last time where they are the same. It may be closed by the next call: work
 * must have been started with it by then.
 */
export function planFor(given: StftParameters): StftPlan {
  const key = typeof given.window === 'string' && given.nFft <= LARGEST_KEPT ? JSON.stringify(given) : undefined
  const found = key === undefined ? undefined : plans.get(key)
  const plan = found ?? guard(() => new StftPlan(given))
  if (key !== undefined) {
    // The map's order is that of use: the first one is the one to go.
    plans.delete(key)
    plans.set(key, plan)
    if (plans.size > KEPT) {
      const [oldest, gone] = plans.entries().next().value!
      plans.delete(oldest)
      gone.close()
    }
  } else {
    passing?.close()
    passing = plan
  }
  return plan
}
