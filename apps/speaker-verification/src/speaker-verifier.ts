import type { AsyncOptions } from '@dsp/signal'
import { type Embedding, SpeakerEncoder, type SpeakerModel, type Verification, verify } from '@dsp/sincnet'
import { checkOption, type OptionSpecs, option, resolveOptions } from '@dsp/tensor'
import { type Note, notesOn } from './notes.js'
import { type RecordingOptions, recordingOptionSpecs } from './options.js'
import { type Recording, speechOf, survey } from './recording.js'
import { findSpeech, SHORT_SPEECH } from './speech.js'

/** Options of {@link SpeakerVerifier.load}. */
export interface SpeakerVerifierOptions {
  /** Threads that the networks may use, 0 to 256. Default 0: ONNX Runtime chooses (one per physical core). */
  readonly numThreads: number
}

/** {@link SpeakerVerifierOptions} by name, type, range and default. */
export const speakerVerifierOptionSpecs: OptionSpecs<SpeakerVerifierOptions> = {
  numThreads: option.integer(0, { min: 0, max: 256 }),
}

/** The voice in a recording. */
export interface Voice {
  /** The embedding, a unit vector, and the identity of its model. */
  readonly embedding: Embedding
  /** Length of the recording in seconds. */
  readonly seconds: number
  /** Seconds of speech in it, without pauses. */
  readonly speechSeconds: number
  /** Whether there is so little speech (less than 1 s) that a score is uncertain. */
  readonly shortSpeech: boolean
  /** Everything that makes a score uncertain. */
  readonly notes: readonly Note[]
}

/** Options of {@link SpeakerVerifier.compare}. */
export interface CompareOptions {
  /** The lowest score that counts as the same speaker, -1 to 1, or null for the model's threshold. Default null. */
  readonly threshold: number | null
}

/** {@link CompareOptions} by name, type, range and default. */
export const compareOptionSpecs: OptionSpecs<CompareOptions> = {
  threshold: option.nullable(option.number(0, { min: -1, max: 1 })),
}

/** The result of {@link SpeakerVerifier.verify}. */
export interface VerifiedRecordings extends Verification {
  /** The voice in the first recording. */
  readonly a: Voice
  /** The voice in the second one. */
  readonly b: Voice
}

/**
 * Speaker verification of recordings of any format and length. Silence is recognised by its energy and left out (the README has the
 * rule). A file is read twice, in blocks, so that memory hardly grows with its length.
 *
 * @example
 * ```ts
 * import { SpeakerVerifier } from '@dsp/speaker-verification'
 * const verifier = await SpeakerVerifier.load()
 * const voice = new Float32Array(32000).map((_, n) => 0.3 * Math.sin(n / 20 + 3 * Math.sin(n / 900)))
 * const recording = { samples: voice, sampleRate: 16000 }
 * const { same, score } = await verifier.verify(recording, recording)
 * same // => true
 * score > 0.999 // => true
 * await verifier.close()
 * ```
 */
export class SpeakerVerifier {
  private constructor(
    /** The encoder, for samples in memory. */
    readonly encoder: SpeakerEncoder,
  ) {}

  /**
   * Loads a speaker encoder.
   * @param model - The folder of the model. Default: the one that comes with @dsp/sincnet.
   * @param options - See {@link SpeakerVerifierOptions}.
   * @throws DspError `ERR_DSP_MODEL` for a model that is missing, damaged or inconsistent; `ERR_DSP_OPTION`, `ERR_DSP_ARGUMENT` for
   *   invalid options.
   */
  static async load(model?: string | URL, options: Partial<SpeakerVerifierOptions> = {}): Promise<SpeakerVerifier> {
    const { numThreads } = resolveOptions('SpeakerVerifier.load', speakerVerifierOptionSpecs, options)
    return new SpeakerVerifier(await SpeakerEncoder.load(model, { intraOpNumThreads: numThreads }))
  }

  /** The model's description. */
  get model(): SpeakerModel {
    return this.encoder.model
  }

  /**
   * Embeds the voice in a recording.
   * @param recording - A path, a `file:` URL, the bytes of a file, or `{ samples, sampleRate }`.
   * @param options - See {@link RecordingOptions}, and an `AbortSignal` as `signal`.
   * @throws DspError `ERR_DSP_ARGUMENT` for less than 0.2 s of speech and for a channel that does not exist, `ERR_DSP_NOT_FINITE` for NaN
   *   or infinite samples, `ERR_DSP_IO` and `ERR_DSP_FORMAT` for unreadable files, `ERR_DSP_ABORTED`.
   */
  async embed(recording: Recording, options: Partial<RecordingOptions> & AsyncOptions = {}): Promise<Voice> {
    const { signal, ...rest } = options
    const resolved = resolveOptions('SpeakerVerifier.embed', recordingOptionSpecs, rest)
    const found = await survey(recording, resolved, signal)
    const speech = findSpeech(found.levels)
    const stream = this.encoder.stream(signal === undefined ? {} : { signal })
    for await (const samples of speechOf(recording, speech, resolved, signal)) await stream.accept(samples)
    return {
      embedding: await stream.flush(),
      seconds: found.seconds,
      speechSeconds: speech.seconds,
      shortSpeech: speech.seconds < SHORT_SPEECH,
      notes: notesOn(found, speech, resolved),
    }
  }

  /**
   * Compares two voices.
   * @param a - A voice.
   * @param b - Another voice.
   * @param options - See {@link CompareOptions}.
   * @throws DspError `ERR_DSP_MODEL` for voices of different models, `ERR_DSP_ARGUMENT` for a threshold out of range.
   */
  compare(a: Voice, b: Voice, options: Partial<CompareOptions> = {}): Verification {
    const { threshold } = resolveOptions('SpeakerVerifier.compare', compareOptionSpecs, options)
    const { calibration, threshold: usual } = this.model
    return verify(a.embedding, b.embedding, { calibration, threshold: threshold ?? usual })
  }

  /**
   * Says whether two recordings have the same speaker.
   * @param a - A recording, as for {@link SpeakerVerifier.embed}.
   * @param b - Another recording.
   * @param options - See {@link RecordingOptions} and {@link CompareOptions}, and an `AbortSignal` as `signal`.
   * @throws DspError as {@link SpeakerVerifier.embed} and {@link SpeakerVerifier.compare} do.
   */
  async verify(
    a: Recording,
    b: Recording,
    options: Partial<RecordingOptions & CompareOptions> & AsyncOptions = {},
  ): Promise<VerifiedRecordings> {
    const { threshold = null, ...rest } = options
    checkOption('threshold', compareOptionSpecs.threshold, threshold)
    const voices = { a: await this.embed(a, rest), b: await this.embed(b, rest) }
    return { ...this.compare(voices.a, voices.b, { threshold }), ...voices }
  }

  /** Frees the model's memory. */
  async close(): Promise<void> {
    await this.encoder.close()
  }
}
