import { guard } from '@dsp/tensor'

/** Plans kept for the next call. */
const KEPT = 8
/**
 * Plans of longer transforms are not kept. For packages of this family.
 * @internal
 */
export const LARGEST_KEPT = 65536

/**
 * Native plans that were used lately. For packages of this family.
 * @internal
 */
export class PlanCache<P extends { close(): void }> {
  readonly #plans = new Map<string, P>()
  /** The last plan that is not kept. Until the event loop turns nothing else gives its tables back. */
  #passing: P | undefined

  /**
   * The plan of a key: the same one as last time. It may be closed by the next call: work must have been started with it by
   * then.
   * @param key - What tells plans apart; undefined for one that is not kept.
   * @param make - Makes it.
   */
  get(key: string | undefined, make: () => P): P {
    const plan = (key === undefined ? undefined : this.#plans.get(key)) ?? guard(make)
    if (key === undefined) {
      this.#passing?.close()
      this.#passing = plan
      return plan
    }
    // The map's order is that of use: the first one is the one to go.
    this.#plans.delete(key)
    this.#plans.set(key, plan)
    if (this.#plans.size > KEPT) {
      const [oldest, gone] = this.#plans.entries().next().value!
      this.#plans.delete(oldest)
      gone.close()
    }
    return plan
  }
}
