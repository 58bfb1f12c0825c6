/**
 * The likeliest language of a window.
 * @param logits - What the decoder says after the token that begins a transcript.
 * @param languages - Tokens of the languages by their codes; empty for a model of English alone.
 */
export function languageOf(logits: Float32Array, languages: ReadonlyMap<string, number>): string {
  let best = 'en'
  let most = Number.NEGATIVE_INFINITY
  for (const [code, token] of languages) {
    if (logits[token]! > most) {
      most = logits[token]!
      best = code
    }
  }
  return best
}
