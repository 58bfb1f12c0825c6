import { throwIfAborted } from '@dsp/signal'
import type { Tensor } from '@dsp/tensor'
import type { Listening } from './network.js'
import { applyRules, argmax, logProbability, type Rules } from './rules.js'

/** What the decoder wrote. */
export interface Written {
  /** The tokens after the prompt, without the one that ends the text. */
  readonly tokens: readonly number[]
  /** The probability of each. */
  readonly probabilities: readonly number[]
  /** The mean of the natural logarithms of their probabilities, the end of the text included. */
  readonly meanLogProbability: number
  /** How the heads that follow the speech weigh the encoder's frames while each token is read: `[heads, frames]` per token. */
  readonly alignment: readonly Tensor<Float32Array>[]
}

/** How the decoder writes. */
export interface GenerateOptions {
  /** Most tokens after the prompt. */
  readonly maxTokens: number
  /** Whether the text has time stamps. */
  readonly timestamps: boolean
  /** Cancels the work. */
  readonly signal: AbortSignal | undefined
}

/**
 * Writes the likeliest token again and again.
 * @param listening - What was heard.
 * @param prompt - The tokens to begin with, or, where they have been read, what the decoder said after the last one.
 * @param rules - The model's.
 * @param options - How.
 */
export async function generate(
  listening: Listening,
  prompt: readonly number[] | Float32Array,
  rules: Rules,
  options: GenerateOptions,
): Promise<Written> {
  const { maxTokens, timestamps, signal } = options
  const tokens: number[] = []
  const probabilities: number[] = []
  const alignment: Tensor<Float32Array>[] = []
  let sum = 0
  let logits = prompt instanceof Float32Array ? prompt : (await listening.step(prompt)).logits
  for (;;) {
    throwIfAborted(signal)
    applyRules(logits, tokens, rules, timestamps)
    const token = argmax(logits)
    if (token !== rules.end && tokens.length >= maxTokens) break
    const likely = logProbability(logits, token)
    sum += likely
    if (token === rules.end) break
    tokens.push(token)
    probabilities.push(Math.exp(likely))
    const step = await listening.step([token])
    logits = step.logits
    if (step.alignment !== undefined) alignment.push(step.alignment)
  }
  return { tokens, probabilities, meanLogProbability: sum / (tokens.length + 1), alignment }
}
