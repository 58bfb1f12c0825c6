import type { RecordingOptions } from './options.js'
import type { Survey } from './recording.js'
import { RATE, SHORT_SPEECH, type Speech } from './speech.js'

/** Something about a recording that makes its scores less certain. */
export interface Note {
  /** Its kind. */
  readonly code: 'short-speech' | 'clipped' | 'low-rate' | 'averaged-channels'
  /** An explanation, with the figure. */
  readonly message: string
}

/** The share of clipped samples from which a note is made. */
const CLIPPED = 1e-3

/**
 * The notes on a recording.
 * @param survey - How it was recorded.
 * @param speech - The speech in it.
 * @param options - The channel to use.
 */
export function notesOn({ channels, clipped, sampleRate }: Survey, { seconds }: Speech, { channel }: RecordingOptions) {
  const notes: Note[] = []
  const say = (code: Note['code'], message: string) => notes.push({ code, message })
  if (seconds < SHORT_SPEECH) {
    say('short-speech', `only ${seconds.toFixed(2)} s of speech: below ${SHORT_SPEECH} s the score is uncertain`)
  }
  if (clipped >= CLIPPED) say('clipped', `${(100 * clipped).toFixed(1)} % of the samples are clipped`)
  if (sampleRate < RATE) {
    say(
      'low-rate',
      `recorded at ${sampleRate} Hz: the model was trained at ${RATE / 1000} kHz and hears less of the voice`,
    )
  }
  if (channels > 1 && channel === null) {
    say('averaged-channels', `its ${channels} channels are averaged: choose one if each has its own speaker`)
  }
  return notes
}
