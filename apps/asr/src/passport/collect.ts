import type { AudioInput } from '../features.js'
import type { Settings } from '../settings.js'
import { PassportSums, type RecordingSums } from './builder.js'
import { frontEndOf } from './gauge.js'
import type { Passport } from './passport.js'

/**
 * Makes a passport of recordings that come one by one: what `Recognizer.passportBuilder` begins.
 *
 * @example
 * ```ts
 * import { formatPassport, Recognizer } from '@dsp/asr'
 * const recognizer = await Recognizer.load('models/an4')
 * const builder = recognizer.passportBuilder()
 * for (const clip of ['demo/help.wav', 'demo/march-third.wav']) await builder.add(clip)
 * const text = formatPassport(builder.finish()) // for dsp.json beside the model
 * text.startsWith('{') // => true
 * await recognizer.release()
 * ```
 */
export class PassportBuilder {
  readonly #sums: PassportSums

  /** @internal */
  constructor(
    private readonly settings: Settings,
    private readonly observe: (audio: AudioInput, signal: AbortSignal | undefined) => Promise<RecordingSums>,
  ) {
    this.#sums = new PassportSums(settings.nemo?.features ?? settings.features.numMelBins ?? 80)
  }

  /** Recordings so far that had any sound. */
  get recordings(): number {
    return this.#sums.recordings
  }

  /**
   * Computes the features of a recording, recognises it and counts both. A recording that fails is not counted.
   * @param audio - The recording, as for `Recognizer.transcribe`.
   * @param options - An `AbortSignal`.
   * @returns Whether it counts: digital silence does not.
   * @throws DspError as `Recognizer.transcribe` does.
   */
  async add(audio: AudioInput, options: { readonly signal?: AbortSignal } = {}): Promise<boolean> {
    const before = this.recordings
    this.#sums.add(await this.observe(audio, options.signal))
    return this.recordings > before
  }

  /**
   * The passport of the recordings so far.
   * @throws DspError `ERR_DSP_ARGUMENT` if there are none.
   */
  finish(): Passport {
    const { sampleRate, normalize } = this.settings
    const { format, version, features, recordings } = this.#sums.finish()
    return { format, version, sampleRate, frontEnd: frontEndOf(this.settings), normalize, features, recordings }
  }
}
