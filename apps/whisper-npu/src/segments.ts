import { FRAME_SECONDS } from './alignment.js'

/** Tokens of a window between two time stamps. */
export interface Span {
  /** Place of its first token of text. */
  readonly from: number
  /** Place after its last token of text. */
  readonly to: number
  /** Seconds from the beginning of the window. */
  readonly start: number
  /** Seconds from the beginning of the window. */
  readonly end: number
}

/** The spans of a window, and where the next one begins. */
export interface Spans {
  readonly spans: readonly Span[]
  /** Seconds up to which the window has been written down: its length, or the end of the last complete span. */
  readonly until: number
}

/**
 * Cuts the tokens of a window at its time stamps, as OpenAI's `transcribe` does: where the last span has no end, the window did not
 * hold all of it, and it is heard again from its beginning.
 * @param tokens - The tokens after the prompt.
 * @param firstTimestamp - The token of 0 s.
 * @param seconds - Length of the window.
 */
export function spansOf(tokens: readonly number[], firstTimestamp: number, seconds: number): Spans {
  const isStamp = (i: number) => i >= 0 && i < tokens.length && tokens[i]! >= firstTimestamp
  const time = (i: number) => Math.min((tokens[i]! - firstTimestamp) * FRAME_SECONDS, seconds)
  const cuts = [...tokens.keys()].filter((i) => isStamp(i) && isStamp(i + 1)).map((i) => i + 1)
  const endsWhole = tokens.length >= 2 && isStamp(tokens.length - 1) && !isStamp(tokens.length - 2)
  if (cuts.length === 0) {
    const stamps = [...tokens.keys()].filter(isStamp)
    const last = stamps.at(-1)
    const end = last === undefined || time(last) === 0 ? seconds : time(last)
    const start = isStamp(0) ? Math.min(time(0), end) : 0
    const text = [...tokens.keys()].filter((i) => !isStamp(i))
    const span = { from: text[0] ?? 0, to: (text.at(-1) ?? -1) + 1, start, end }
    return { spans: text.length === 0 ? [] : [span], until: seconds }
  }
  if (endsWhole) cuts.push(tokens.length)
  const spans: Span[] = []
  let begin = 0
  for (const cut of cuts) {
    spans.push({ from: begin + 1, to: cut - 1, start: time(begin), end: Math.max(time(begin), time(cut - 1)) })
    begin = cut
  }
  return { spans: spans.filter(({ from, to }) => to > from), until: endsWhole ? seconds : time(begin - 1) }
}
