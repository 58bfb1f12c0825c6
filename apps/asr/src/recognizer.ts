import { laidOut, throwIfAborted } from '@dsp/signal'
import { DspError, resolveOptions, type TensorLike } from '@dsp/tensor'
import { type AudioInput, computeFeatures, givenFeatures, normalized, prepareAudio } from './features.js'
import { folderOf, type ModelBytes, nameOf } from './folder.js'
import type { Decoder, Hypothesis } from './hypothesis.js'
import { loadModel } from './load.js'
import type { Matrix } from './matrix.js'
import { computeNemoFeatures } from './nemo-features.js'
import { type RecognizerOptions, recognizerOptionSpecs } from './options.js'
import type { RecordingSums } from './passport/builder.js'
import { PassportBuilder } from './passport/collect.js'
import { Gauge } from './passport/gauge.js'
import { loadRemote } from './remote.js'
import type { ModelInfo, TranscribeBatchOptions, TranscribeOptions, Transcript } from './results.js'
import { cutAtPauses, type Segment } from './segments.js'
import type { Settings } from './settings.js'
import { type AudioBlocks, streamSegments } from './stream.js'
import type { Tokens } from './tokens.js'
import { joinTokens, joinWords, timedTokens } from './words.js'

const MAX_SECONDS = 30
/** Stretches are never cut shorter than this allows, however long the frames are. */
const MIN_FRAMES = 30
/** Shortest member of a batch, as a part of its longest one. */
const MIN_FILLED = 0.7

/**
 * Turns speech into text with a model in sherpa-onnx's directory layout: icefall's transducers, NeMo's RNN-T, TDT and CTC
 * models, icefall's zipformer CTC. The words are those of sherpa-onnx's greedy search on the same directory.
 *
 * Reading files, resampling and features happen off the main thread; the networks do, too, with `worker: true`. Without
 * it they compute on the thread that calls (ONNX Runtime's way in Node.js), which is the simpler choice in a script.
 *
 * @example
 * ```ts
 * import { Recognizer } from '@dsp/asr'
 * const recognizer = await Recognizer.load('models/an4')
 * const { text, words } = await recognizer.transcribe('demo/help.wav')
 * console.log(text, words[0]?.start)
 * await recognizer.release()
 * ```
 */
export class Recognizer {
  #released: Promise<void> | undefined

  private constructor(
    /** What the model is. */
    readonly model: ModelInfo,
    private readonly settings: Settings,
    private readonly tokens: Tokens,
    private readonly decoder: Decoder,
    private readonly batchSize: number,
    private readonly gauge: Gauge,
  ) {}

  /**
   * Loads a model: `encoder.onnx`, `decoder.onnx`, `joiner.onnx` or `model.onnx` (names like
   * `encoder-epoch-99-avg-1.int8.onnx` too), `tokens.txt` and, if there is one, `config.json`.
   * @param directory - The model directory, or its files by name where there are none, as in a browser.
   * @param options - Threads, precision, limits.
   * @throws DspError `ERR_DSP_MODEL` if a file is missing or damaged, or two of them contradict each other: the
   *   message names both values. `ERR_DSP_OPTION`, `ERR_DSP_ARGUMENT` for options that do not exist or are out of range.
   */
  static async load(
    directory: string | URL | ModelBytes,
    options: Partial<RecognizerOptions> = {},
  ): Promise<Recognizer> {
    const resolved = resolveOptions('Recognizer.load', recognizerOptionSpecs, options)
    const folder = folderOf(directory)
    const load = resolved.worker ? loadRemote : loadModel
    const { settings, tokens, decoder } = await load(folder, resolved)
    const gauge = await Gauge.open(folder, resolved, settings).catch(async (error: unknown) => {
      await decoder.release()
      throw error
    })
    const info: ModelInfo = {
      directory: nameOf(folder),
      type: settings.kind,
      sampleRate: settings.sampleRate,
      features: settings.features,
      nemo: settings.nemo ?? null,
      normalize: settings.normalize,
      vocabSize: settings.vocabSize,
      frameSeconds: settings.frameSeconds,
      maxSeconds: resolved.maxSeconds ?? settings.maxSeconds ?? MAX_SECONDS,
      passport: gauge.passport,
      warnings: gauge.differences,
    }
    return new Recognizer(info, settings, tokens, decoder, resolved.batchSize, gauge)
  }

  /**
   * Recognises one recording.
   * @param audio - A path or `file:` URL of a file, its bytes, a `Blob` or a stream of them, or samples in [-1, 1] of shape `[samples]`
   *   or `[channels, samples]` with their rate. Channels are averaged, other rates resampled.
   * @param options - An `AbortSignal`.
   * @throws DspError `ERR_DSP_ARGUMENT`, `ERR_DSP_SHAPE` for audio that is empty or shorter than one feature frame
   *   (half a frame shift: 80 samples at 16 kHz), `ERR_DSP_NOT_FINITE` for NaN or infinite samples, `ERR_DSP_FORMAT` and
   *   `ERR_DSP_IO` for damaged or unreadable files, `ERR_DSP_ABORTED`.
   */
  async transcribe(audio: AudioInput, options: TranscribeOptions = {}): Promise<Transcript> {
    const { signal } = options
    const [transcript] = await this.transcribeBatch([audio], signal === undefined ? {} : { signal })
    return transcript!
  }

  /**
   * Recognises several recordings. Those of similar length go through the encoder together, at most `batchSize` of them.
   * @param inputs - The recordings, as for {@link Recognizer.transcribe}.
   * @param options - An `AbortSignal`, and what happens where a recording fails.
   * @returns Their transcripts in the same order. The work on a batch is shared out by length in each one's `rtf`. With
   *   `onError: 'collect'`, a DspError takes the place of each transcript that there is not.
   * @throws DspError as {@link Recognizer.transcribe} does, at the first recording that fails; with `onError: 'collect'`, only where
   *   the work is aborted or the model itself fails.
   *
   * @example
   * ```ts
   * import { Recognizer } from '@dsp/asr'
   * const recognizer = await Recognizer.load('models/an4')
   * const results = await recognizer.transcribeBatch(['demo/help.wav', 'no-such.wav'], { onError: 'collect' })
   * results.map((result) => (result instanceof Error ? result.message : result.text)).length // => 2
   * await recognizer.release()
   * ```
   */
  async transcribeBatch(
    inputs: readonly AudioInput[],
    options: TranscribeBatchOptions & { readonly onError: 'collect' },
  ): Promise<(Transcript | DspError)[]>
  async transcribeBatch(
    inputs: readonly AudioInput[],
    options?: TranscribeOptions & { readonly onError?: 'throw' },
  ): Promise<Transcript[]>
  async transcribeBatch(
    inputs: readonly AudioInput[],
    options: TranscribeBatchOptions = {},
  ): Promise<(Transcript | DspError)[]> {
    this.assertOpen()
    const { signal, onError = 'throw' } = options
    if (!Array.isArray(inputs)) throw DspError.argument('inputs', 'an array of recordings', inputs)
    if (onError !== 'throw' && onError !== 'collect') {
      throw DspError.argument('onError', "'throw' or 'collect'", onError)
    }
    const jobs: Job[] = []
    const errors = new Map<number, DspError>()
    for (const [i, input] of inputs.entries()) {
      throwIfAborted(signal)
      try {
        jobs.push(await this.prepare(input, signal))
      } catch (error) {
        const mayGoOn = onError === 'collect' && error instanceof DspError && error.code !== 'ERR_DSP_ABORTED'
        if (!mayGoOn) throw error
        errors.set(i, error)
      }
    }
    const transcripts = (await this.recognize(jobs, signal)).values()
    return inputs.map((_, i) => errors.get(i) ?? transcripts.next().value!)
  }

  /**
   * Recognises features that were computed elsewhere.
   * @param features - Float32 `[frames, numMelBins]`: log energies as `model.features` or `model.nemo` says, before normalisation.
   *   NeMo models that normalise want ln(energy + 2^-24).
   * @param options - An `AbortSignal`.
   */
  async transcribeFeatures(features: TensorLike<Float32Array>, options: TranscribeOptions = {}): Promise<Transcript> {
    this.assertOpen()
    const begun = performance.now()
    const { nemo, features: fbank } = this.settings
    const matrix = givenFeatures(features, nemo?.features ?? fbank.numMelBins ?? 80)
    const seconds = matrix.frames * this.shiftSeconds
    const [transcript] = await this.recognize([this.job(matrix, seconds, performance.now() - begun)], options.signal)
    return transcript!
  }

  /**
   * Recognises sound as it arrives, e.g. from a microphone or from a file too long for the memory. A stretch of sound is
   * recognised when it is complete: when `maxSeconds` have come (and a moment more), up to their quietest moment, or when the sound ends.
   * The words are those that {@link Recognizer.transcribe} finds in the whole (not for models that normalise features: here
   * each stretch is normalised by itself).
   * @param blocks - Sound in blocks of any length and one rate, as `readBlocks` of @dsp/audio gives it.
   * @param options - An `AbortSignal`.
   * @returns A transcript for each stretch, also if it has no words; times count from the beginning of the sound.
   * @throws DspError as {@link Recognizer.transcribe} does, from the loop.
   *
   * @example
   * ```ts
   * import { readBlocks } from '@dsp/audio'
   * import { Recognizer } from '@dsp/asr'
   * const recognizer = await Recognizer.load('models/an4', { maxSeconds: 10 })
   * for await (const { text } of recognizer.transcribeStream(readBlocks('demo/help.wav'))) console.log(text)
   * ```
   */
  async *transcribeStream(
    blocks: AudioBlocks,
    options: TranscribeOptions = {},
  ): AsyncGenerator<Transcript, void, undefined> {
    this.assertOpen()
    let begun = performance.now()
    const sums = this.gauge.begin()
    for await (const segment of streamSegments(blocks, this.settings, this.longest, options.signal)) {
      this.gauge.feed(sums, segment.features)
      const features = this.normalize(segment.features)
      const job: Job = {
        sums,
        segments: [{ start: segment.start, features }],
        found: [],
        seconds: features.frames * this.shiftSeconds,
        spent: performance.now() - begun,
      }
      const [transcript] = await this.recognize([job], options.signal)
      yield transcript!
      begun = performance.now()
    }
  }

  /**
   * Begins a passport (`dsp.json`) for the model: give it recordings that the model recognises well.
   *
   * @example
   * ```ts
   * import { Recognizer } from '@dsp/asr'
   * const recognizer = await Recognizer.load('models/an4')
   * const builder = recognizer.passportBuilder()
   * await builder.add('demo/help.wav')
   * builder.finish().recordings.count // => 1
   * await recognizer.release()
   * ```
   */
  passportBuilder(): PassportBuilder {
    this.assertOpen()
    return new PassportBuilder(this.settings, async (audio, signal) => {
      this.assertOpen()
      const job = await this.prepare(audio, signal, true)
      await this.recognize([job], signal)
      return job.sums
    })
  }

  /** Frees the networks; the recogniser cannot be used any more. Releasing it again does nothing. */
  release(): Promise<void> {
    this.#released ??= this.decoder.release()
    return this.#released
  }

  private assertOpen(): void {
    if (this.#released === undefined) return
    throw new DspError('the recogniser was released: load the model again', {
      code: 'ERR_DSP_ARGUMENT',
      argument: 'recognizer',
      expected: 'one that was not released',
      actual: 'a released one',
    })
  }

  private get shiftSeconds(): number {
    return this.settings.frameSeconds / this.settings.subsamplingFactor
  }

  /** Maximum number of frames in a stretch. */
  private get longest(): number {
    return Math.max(MIN_FRAMES, Math.floor(this.model.maxSeconds / this.shiftSeconds))
  }

  private normalize(features: Matrix): Matrix {
    if (this.settings.normalize !== 'per_feature') return features
    return normalized(features, this.settings.nemo === undefined ? 0 : 1)
  }

  private async prepare(input: AudioInput, signal: AbortSignal | undefined, forPassport = false): Promise<Job> {
    const { sampleRate, features, logGuard, nemo } = this.settings
    const begun = performance.now()
    const audio = await prepareAudio(input, sampleRate, signal)
    const matrix = await laidOut(input, () =>
      nemo ? computeNemoFeatures(audio, nemo, signal) : computeFeatures(audio, features, logGuard, signal),
    )
    const seconds = audio.samples.shape.at(-1)! / sampleRate
    return this.job(matrix, seconds, performance.now() - begun, forPassport)
  }

  private job(matrix: Matrix, seconds: number, spent: number, forPassport = false): Job {
    if (matrix.frames === 0) throw DspError.argument('features', 'of at least one frame', '0 frames')
    const sums = this.gauge.begin()
    this.gauge.feed(sums, matrix, forPassport)
    return { sums, segments: cutAtPauses(this.normalize(matrix), this.longest), found: [], seconds, spent }
  }

  private async recognize(jobs: readonly Job[], signal: AbortSignal | undefined): Promise<Transcript[]> {
    const work = jobs.flatMap((job) => job.segments.map((segment, index) => ({ job, segment, index })))
    work.sort((a, b) => b.segment.features.frames - a.segment.features.frames)
    for (let i = 0; i < work.length; ) {
      throwIfAborted(signal)
      const begun = performance.now()
      // what is much shorter than the longest of a batch would be padding for the most part
      const least = MIN_FILLED * work[i]!.segment.features.frames
      const batch = work.slice(i, i + this.batchSize).filter((part) => part.segment.features.frames >= least)
      i += batch.length
      const found = await this.decoder.decode(
        batch.map((part) => part.segment.features),
        signal,
      )
      const total = batch.reduce((sum, part) => sum + part.segment.features.frames, 0)
      const spent = performance.now() - begun
      batch.forEach((part, k) => {
        part.job.found[part.index] = found[k]!
        part.job.spent += (spent * part.segment.features.frames) / total
      })
    }
    return jobs.map((job) => this.transcript(job))
  }

  private transcript(job: Job): Transcript {
    const begun = performance.now()
    const tokens = job.found.flatMap((found, i) =>
      timedTokens(found, this.tokens, this.settings, job.segments[i]!.start * this.shiftSeconds),
    )
    const words = joinTokens(tokens, this.tokens, this.settings.kind.endsWith('transducer'))
    const spent = job.spent + performance.now() - begun
    return {
      text: joinWords(words.map((word) => word.word)),
      words,
      tokens,
      seconds: job.seconds,
      rtf: spent / 1000 / job.seconds,
      features: this.settings.nemo === undefined ? 'sherpa-onnx' : 'nemo',
      warnings: this.gauge.judge(job.sums, job.found),
    }
  }
}

/** A recording that is being processed. */
interface Job {
  readonly sums: RecordingSums
  readonly segments: readonly Segment[]
  readonly found: Hypothesis[]
  readonly seconds: number
  /** Milliseconds of work so far. */
  spent: number
}
