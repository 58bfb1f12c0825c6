import { type WhisperOptions, whisperLogMel } from '@dsp/mel'
import { columnsOf } from '../../../apps/cli/src/kinds/frames.js'
import type { Values } from './messages.js'
import { type Clock, concat, type FeatureStream, type Step } from './stream.js'

const RATE = 16000
const HOP = 160
/** What the model hears at once, in seconds, where the option says nothing. */
const WINDOW = 30
/** The window at hand is computed again after so many milliseconds, in which a file brings minutes and a microphone a syllable. */
const INTERVAL = 100

/**
 * Whisper's features as the model gets them: a window of sound at a time, whose floor follows the loudest value in it. So the columns of
 * a window may change until it is full, and are computed again as sound arrives.
 */
export class WhisperWindows implements FeatureStream {
  readonly #options: Partial<WhisperOptions>
  readonly #size: number
  readonly #clock: Clock
  readonly #window: Float32Array
  #filled = 0
  /** When the window at hand was computed last. */
  #drawn = 0
  /** The first column of the window. */
  #from = 0
  /** All samples, where the options ask for one window over all. */
  readonly #all: Float32Array[] | null

  constructor(all: Values, clock: Clock) {
    this.#options = all
    this.#clock = clock
    const seconds = this.#options.chunkLength
    this.#size = Math.floor((seconds ?? WINDOW) * RATE)
    this.#window = new Float32Array(this.#size)
    this.#all = seconds === null ? [] : null
  }

  accept(samples: Float32Array): Step {
    this.#all?.push(samples.slice())
    const from = this.#from
    const pieces: Float32Array[] = []
    for (let at = 0; at < samples.length; ) {
      const piece = samples.subarray(at, at + this.#size - this.#filled)
      this.#window.set(piece, this.#filled)
      this.#filled += piece.length
      at += piece.length
      if (this.#filled < this.#size) break
      pieces.push(this.#columns(this.#window, this.#options))
      this.#from += Math.floor(this.#size / HOP)
      this.#filled = 0
    }
    if (this.#filled >= HOP && performance.now() - this.#drawn >= INTERVAL) {
      pieces.push(this.#columns(this.#window.subarray(0, this.#filled), { ...this.#options, chunkLength: null }))
      this.#drawn = performance.now()
    }
    return pieces.length === 0 ? { columns: [] } : { columns: [concat(pieces)], from }
  }

  flush(): Step {
    if (this.#all !== null) {
      const signal = concat(this.#all)
      return signal.length < HOP ? { columns: [] } : { columns: [this.#columns(signal, this.#options)], from: 0 }
    }
    if (this.#filled === 0) return { columns: [] }
    return { columns: [this.#columns(this.#window.subarray(0, this.#filled), this.#options)], from: this.#from }
  }

  close(): void {}

  #columns(signal: Float32Array, options: Partial<WhisperOptions>): Float32Array {
    return Float32Array.from(columnsOf(this.#clock.run(() => whisperLogMel(signal, options))).values)
  }
}
