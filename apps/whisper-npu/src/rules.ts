/** Which tokens may come next: the rules of OpenAI's `decoding.py`, in the order in which transformers applies them. */

/** What the rules need to know of a model. */
export interface Rules {
  /** Tokens that are never written. */
  readonly suppressed: readonly number[]
  /** Tokens that are not written first. */
  readonly suppressedFirst: readonly number[]
  /** The token that ends a text. */
  readonly end: number
  /** The token that says that no time stamps follow. */
  readonly noTimestamps: number
  /** Latest first time stamp, in steps of 0.02 s. */
  readonly latestStart: number
}

const NEVER = Number.NEGATIVE_INFINITY

/**
 * Strikes out the tokens that may not come next, in place.
 * @param logits - One value per token.
 * @param written - The tokens after the prompt.
 * @param rules - The model's.
 * @param timestamps - Whether the text has time stamps.
 */
export function applyRules(logits: Float32Array, written: readonly number[], rules: Rules, timestamps: boolean): void {
  if (written.length === 0) for (const token of rules.suppressedFirst) logits[token] = NEVER
  for (const token of rules.suppressed) logits[token] = NEVER
  if (timestamps) applyTimestampRules(logits, written, rules)
}

/** Time stamps come in pairs, never go back, and begin the text; one comes where all of them together are likelier than any word. */
function applyTimestampRules(logits: Float32Array, written: readonly number[], rules: Rules): void {
  const first = rules.noTimestamps + 1
  logits[rules.noTimestamps] = NEVER
  const isStamp = (token: number | undefined) => token !== undefined && token >= first
  const last = isStamp(written.at(-1))
  const lastTwo = written.length < 2 || isStamp(written.at(-2))
  if (last) {
    if (lastTwo) logits.fill(NEVER, first)
    else logits.fill(NEVER, 0, rules.end)
  }
  const latest = written.findLast(isStamp)
  // one that ended a segment may begin the next; none is said twice otherwise
  if (latest !== undefined) logits.fill(NEVER, first, last && !lastTwo ? latest : latest + 1)
  if (written.length === 0) {
    logits.fill(NEVER, 0, first)
    logits.fill(NEVER, first + rules.latestStart + 1)
  }
  if (logSumExp(logits, first, logits.length) > largest(logits, 0, first)) logits.fill(NEVER, 0, first)
}

/** The likeliest token, the first of equals. */
export function argmax(logits: Float32Array): number {
  let best = 0
  for (let i = 1; i < logits.length; i++) if (logits[i]! > logits[best]!) best = i
  return best
}

/** The natural logarithm of a token's probability. */
export function logProbability(logits: Float32Array, token: number): number {
  return logits[token]! - logSumExp(logits, 0, logits.length)
}

function largest(logits: Float32Array, from: number, to: number): number {
  let max = NEVER
  for (let i = from; i < to; i++) if (logits[i]! > max) max = logits[i]!
  return max
}

function logSumExp(logits: Float32Array, from: number, to: number): number {
  const max = largest(logits, from, to)
  if (max === NEVER) return NEVER
  let sum = 0
  for (let i = from; i < to; i++) sum += Math.exp(logits[i]! - max)
  return max + Math.log(sum)
}
