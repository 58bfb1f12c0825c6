import { DspError } from '@dsp/tensor'
import { joinWords, type Word } from './words.js'

/** What the subtitle formats need of a transcript. */
export interface Subtitled {
  /** The words in order. */
  readonly words: readonly Word[]
}

/** How words become subtitles. */
export interface SubtitleOptions {
  /** Maximum number of characters in a subtitle. Default 42, the usual limit of a line. */
  readonly maxCharacters?: number
  /** Maximum number of seconds from a subtitle's first word to its last. Default 6. */
  readonly maxSeconds?: number
  /** A pause in seconds that ends a subtitle. Default 0.8. */
  readonly pause?: number
  /** Seconds that a subtitle stays after its last word, unless the next one comes. Default 0.5. */
  readonly hold?: number
}

/** One subtitle. */
interface Cue {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * A transcript as SubRip subtitles (`.srt`): numbered cues with `HH:MM:SS,mmm` times.
 * @param transcript - The transcript; no words give an empty file.
 * @param options - How words become subtitles.
 * @throws DspError `ERR_DSP_ARGUMENT` for options and times of words that are not numbers of at least 0.
 *
 * @example
 * ```ts
 * import { toSrt } from '@dsp/asr'
 * const words = [{ word: 'HELP', start: 0.44, end: 0.48, confidence: 0.98 }]
 * toSrt({ words }) // => '1\n00:00:00,440 --> 00:00:00,980\nHELP\n\n'
 * ```
 */
export function toSrt(transcript: Subtitled, options: SubtitleOptions = {}): string {
  return cues(transcript.words, options)
    .map((cue, i) => `${i + 1}\n${clock(cue.start, ',')} --> ${clock(cue.end, ',')}\n${cue.text}\n\n`)
    .join('')
}

/**
 * A transcript as WebVTT subtitles (`.vtt`; https://www.w3.org/TR/webvtt1/).
 * @param transcript - The transcript; no words give the header alone.
 * @param options - How words become subtitles.
 * @throws DspError as {@link toSrt} does.
 *
 * @example
 * ```ts
 * import { toVtt } from '@dsp/asr'
 * const words = [{ word: 'A&B', start: 1, end: 1.5, confidence: 0.9 }]
 * toVtt({ words }) // => 'WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nA&amp;B\n\n'
 * ```
 */
export function toVtt(transcript: Subtitled, options: SubtitleOptions = {}): string {
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const body = cues(transcript.words, options)
    .map((cue) => `${clock(cue.start, '.')} --> ${clock(cue.end, '.')}\n${escaped(cue.text)}\n\n`)
    .join('')
  return `WEBVTT\n\n${body}`
}

/**
 * A transcript as one line of JSON: `{"file","text","words":[{"word","start","end","confidence"}],"seconds","rtf","features","warnings"}`. Times
 * are in seconds with three decimals, confidences and the real-time factor with four.
 * @param file - The name to write into it.
 * @param transcript - The transcript.
 *
 * @example
 * ```ts
 * import { toJson } from '@dsp/asr'
 * const words = [{ word: 'GO', start: 0.2, end: 0.24, confidence: 0.5 }]
 * toJson('go.wav', { text: 'GO', words, seconds: 1, rtf: 0.01 })
 * // => '{"file":"go.wav","text":"GO","words":[{"word":"GO","start":0.2,"end":0.24,"confidence":0.5}],"seconds":1,"rtf":0.01}'
 * ```
 */
export function toJson(
  file: string,
  transcript: Subtitled & {
    /** The words with spaces between them. */
    readonly text: string
    /** Length of the audio in seconds. */
    readonly seconds: number
    /** Seconds of work for each second of audio. */
    readonly rtf: number
    /** Whose form of the features the model got, written if it is given. */
    readonly features?: 'sherpa-onnx' | 'nemo'
    /** What is not as the model's passport leads to expect, written if it is given. */
    readonly warnings?: readonly string[]
  },
): string {
  const digits = (value: number, count: number) => Number(value.toFixed(count))
  return JSON.stringify({
    file,
    text: transcript.text,
    words: transcript.words.map(({ word, start, end, confidence }) => ({
      word,
      start: digits(start, 3),
      end: digits(end, 3),
      confidence: digits(confidence, 4),
    })),
    seconds: digits(transcript.seconds, 3),
    rtf: digits(transcript.rtf, 4),
    features: transcript.features,
    warnings: transcript.warnings,
  })
}

function cues(words: readonly Word[], options: SubtitleOptions): Cue[] {
  const limit = (name: keyof SubtitleOptions, fallback: number) => {
    const value = options[name] ?? fallback
    if (!(value >= 0)) throw DspError.argument(name, 'a number of at least 0', value)
    return value
  }
  const maxCharacters = limit('maxCharacters', 42)
  const maxSeconds = limit('maxSeconds', 6)
  const pause = limit('pause', 0.8)
  const hold = limit('hold', 0.5)
  const groups: Word[][] = []
  for (const [i, word] of words.entries()) {
    for (const name of ['start', 'end'] as const) {
      const time: unknown = word[name]
      if (!(typeof time === 'number' && time >= 0 && time < Infinity)) {
        throw DspError.argument(`words[${i}].${name}`, 'a number of seconds of at least 0', time)
      }
    }
    if (word.word.trim() === '') continue
    const group = groups.at(-1)
    const full =
      group === undefined ||
      word.start - group.at(-1)!.end > pause ||
      word.end - group[0]!.start > maxSeconds ||
      joinWords([...group, word].map((w) => w.word)).length > maxCharacters
    if (full) groups.push([word])
    else group.push(word)
  }
  return groups.map((group, i) => {
    const end = group.at(-1)!.end
    const next = groups[i + 1]?.[0]?.start ?? Number.POSITIVE_INFINITY
    return {
      start: group[0]!.start,
      end: Math.max(end, Math.min(end + hold, next)),
      // a blank line would end the subtitle
      text: joinWords(group.map((w) => w.word.trim().replaceAll(/[\r\n]\s*[\r\n]/g, '\n'))),
    }
  })
}

/** Seconds as `HH:MM:SS` and milliseconds. */
function clock(seconds: number, separator: ',' | '.'): string {
  const total = Math.round(seconds * 1000)
  const pad = (value: number, width = 2) => String(Math.floor(value)).padStart(width, '0')
  return `${pad(total / 3_600_000)}:${pad((total / 60_000) % 60)}:${pad((total / 1000) % 60)}${separator}${pad(total % 1000, 3)}`
}
