import type { Hypothesis } from './hypothesis.js'
import type { Settings } from './settings.js'
import type { Tokens } from './tokens.js'

/** A word that was recognised. */
export interface Word {
  /** The word. */
  readonly word: string
  /** Seconds from the beginning of the audio to the encoder frame that emitted its first token. */
  readonly start: number
  /** Seconds to the end of the encoder frame that emitted its last token (of the last token's predicted duration in TDT models). */
  readonly end: number
  /** Mean probability of its tokens, 0 to 1. */
  readonly confidence: number
}

/** A token that was recognised: what the words are made of. */
export interface Token {
  /** Its id, the line of tokens.txt. */
  readonly id: number
  /** Its text; one that begins a word begins with a space. */
  readonly token: string
  /** Seconds from the beginning of the audio to the encoder frame that emitted it. */
  readonly start: number
  /** Seconds that it lasts: one encoder frame, or what a TDT model predicts. */
  readonly duration: number
  /** Its probability among all tokens, 0 to 1. */
  readonly confidence: number
}

/** Scripts that are written without spaces between words. */
const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u
const ENDS_UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]$/u

/** Gives tokens their text and times. */
export function timedTokens(found: Hypothesis, tokens: Tokens, settings: Settings, offset: number): Token[] {
  const { frameSeconds } = settings
  return found.tokens.map((id, i) => ({
    id,
    token: tokens.text(id),
    start: round(offset + found.frames[i]! * frameSeconds),
    duration: round((found.durations[i] ?? 1) * frameSeconds),
    confidence: Math.exp(found.logProbs[i]!),
  }))
}

/** Joins tokens to words. `glue` puts what begins with an apostrophe to the word before, as sherpa-onnx does for transducers. */
export function joinTokens(timed: readonly Token[], tokens: Tokens, glue: boolean): Word[] {
  const groups: { text: string; bytes: number[]; tokens: Token[] }[] = []
  let open = false
  for (const token of timed) {
    const byte = tokens.byte(token.id)
    const text = byte === undefined ? token.token.trimStart() : ''
    const begins = token.token.startsWith(' ') || UNSPACED.test(text) || ENDS_UNSPACED.test(groups.at(-1)?.text ?? '')
    const apostrophe = glue && text.startsWith("'")
    if (groups.length === 0 || ((begins || !open) && !apostrophe)) groups.push({ text: '', bytes: [], tokens: [] })
    const group = groups.at(-1)!
    if (byte === undefined) {
      flush(group)
      group.text += text
    } else group.bytes.push(byte)
    // a lone space ends the word before it; the next token begins another
    open = text !== '' || byte !== undefined
    if (open) group.tokens.push(token)
  }
  for (const group of groups) flush(group)
  const words = groups.filter((group) => group.text !== '' && group.tokens.length > 0)
  return words.map((group, i) => {
    const start = group.tokens[0]!.start
    const last = group.tokens.at(-1)!
    const next = words[i + 1]?.tokens[0]?.start ?? Number.POSITIVE_INFINITY
    const sum = group.tokens.reduce((total, token) => total + token.confidence, 0)
    return {
      word: group.text,
      start,
      end: Math.max(last.start, round(Math.min(last.start + last.duration, next))),
      confidence: sum / group.tokens.length,
    }
  })
}

/** The words as text: a space between them, except between characters of scripts that have none. */
export function joinWords(words: readonly string[]): string {
  let text = ''
  for (const word of words) {
    text += text === '' || (ENDS_UNSPACED.test(text) && UNSPACED.test(word)) ? word : ` ${word}`
  }
  return text
}

/** Bytes that are not valid UTF-8 are dropped. */
function flush(group: { text: string; bytes: number[] }): void {
  if (group.bytes.length === 0) return
  group.text += new TextDecoder().decode(Uint8Array.from(group.bytes)).replaceAll('\uFFFD', '')
  group.bytes = []
}

/** Seconds, rounded to hide binary fractions. */
function round(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6
}
