import { guard } from '@dsp/tensor'

/** Plans kept for the next call. */
const MAX_PLANS = 16
/** Plans of longer transforms are not kept. */
const MAX_KEPT_LENGTH = 65536

/** An object that holds native memory until it is closed. */
export interface Closable {
  /** Frees the memory. */
  close(): void
}

/**
 * The most recently used plans, keyed by their options. An evicted plan is closed: V8 would free its memory
 * between two turns of the event loop at the earliest, so a loop of synchronous calls would accumulate plans.
 *
 * @example
 * ```ts
 * import { PlanCache } from '@dsp/signal'
 * const cache = new PlanCache()
 * const make = () => ({ close() {} })
 * cache.get({ nFft: 512 }, 512, make) === cache.get({ nFft: 512 }, 512, make) // => true
 * ```
 */
export class PlanCache<P extends Closable> {
  readonly #plans = new Map<string, P>()
  /** The last plan that is not kept: closed when the next one comes. */
  #transient: P | undefined

  /**
   * Returns the plan of these options: the cached one if it is still there. A plan may be closed by the next call, so
   * work must have been started with it by then.
   * @param options - What the plan is made of. With custom values among them (a window, say) it is not kept.
   * @param length - The length of its transform; longer ones than 65,536 are not kept.
   * @param make - Makes it.
   */
  get(options: object, length: number, make: () => P): P {
    const key = length <= MAX_KEPT_LENGTH ? keyOf(options) : undefined
    const plan = (key === undefined ? undefined : this.#plans.get(key)) ?? guard(make)
    if (key === undefined) {
      this.#transient?.close()
      this.#transient = plan
      return plan
    }
    // A map iterates in order of insertion: with each use moved to the end, the first one is the least recently used.
    this.#plans.delete(key)
    this.#plans.set(key, plan)
    if (this.#plans.size > MAX_PLANS) {
      const [oldest, evicted] = this.#plans.entries().next().value!
      this.#plans.delete(oldest)
      evicted.close()
    }
    return plan
  }
}

/** Options as text; undefined if they hold custom values. JSON.stringify would lose NaN, and is slower than a short call. */
function keyOf(options: object): string | undefined {
  let key = ''
  for (const [name, value] of Object.entries(options)) {
    if (typeof value === 'object' && value !== null) {
      const inner = ArrayBuffer.isView(value) ? undefined : keyOf(value)
      if (inner === undefined) return undefined
      key += `${name}:{${inner}},`
    } else {
      key += typeof value === 'string' ? `${name}:${JSON.stringify(value)},` : `${name}:${value},`
    }
  }
  return key
}
