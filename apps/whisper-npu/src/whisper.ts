import type { DetectOptions } from '@dsp/npu-host'
import { type AsyncOptions, splitSignal, throwIfAborted } from '@dsp/signal'
import { DspError, resolveOptions } from '@dsp/tensor'
import { FRAME_SECONDS, tokenTimes } from './alignment.js'
import { type FetchOptions, fetchModel, modelNames } from './fetch/fetch-model.js'
import { type FrontEnd, floatFrontEnd, RATE, WINDOW_SECONDS } from './front-end.js'
import { generate, type Written } from './generate.js'
import { languageOf } from './language.js'
import { linearFrontEnd } from './linear.js'
import { loadModel, type Model } from './model.js'
import { type TranscribeOptions, transcribeOptionSpecs, type WhisperOptions, whisperOptionSpecs } from './options.js'
import { q15FrontEnd } from './q15.js'
import { type AudioInput, monoBlocks } from './recording.js'
import { logProbability, type Rules } from './rules.js'
import { type Span, spansOf } from './segments.js'
import type { Segment, Skipped, Transcript, Word } from './transcript.js'
import { type Window, WindowCutter } from './windows.js'

/** OpenAI's limits: nobody speaks where the model is as sure as this of it, and no surer than that of its text. */
const NO_SPEECH_PROBABILITY = 0.6
const NO_SPEECH_LOG_PROBABILITY = -1
/** What is left of a window is not heard again if it is shorter, in seconds. */
const SHORTEST_REST = 0.2

/** Options of {@link Whisper.load}. */
export interface LoadOptions extends Partial<WhisperOptions> {
  /** Told of the bytes of each file that have arrived while a model is fetched. */
  readonly onDownload?: NonNullable<FetchOptions['onDownload']>
  /** Where to look for an NPU, for `device: 'xrt'`. */
  readonly detect?: DetectOptions
}

/** Options of {@link Whisper.transcribe}. */
export interface TranscribeSettings extends Partial<TranscribeOptions>, AsyncOptions {
  /** Told how many seconds of the recording have been written down, and given the segments since the last time. */
  readonly onProgress?: (seconds: number, segments: readonly Segment[]) => void
}

/**
 * Speech to text with OpenAI's Whisper in ONNX Runtime.
 *
 * The features come from a front end of your choice; the encoder and the decoder run on the CPU. Each window of at most 30 s is decoded
 * greedily, with the tokens that transformers' `generate` writes for the same features.
 *
 * @example
 * ```ts
 * import { tensor } from '@dsp/tensor'
 * import { Whisper } from '@dsp/whisper-npu'
 * const whisper = await Whisper.load('tiny.en', { numThreads: 1 })
 * const silence = { samples: tensor(new Float32Array(16000)), sampleRate: 16000 }
 * const { text, words, language } = await whisper.transcribe(silence) // or the path of a file
 * text // => ''
 * language // => 'en'
 * await whisper.close()
 * ```
 */
export class Whisper {
  #closed: Promise<void> | undefined

  private constructor(
    private readonly model: Model,
    private readonly frontEnd: FrontEnd,
    private readonly rules: Rules,
  ) {}

  /**
   * Loads a model.
   * @param model - `tiny.en` or `base`, which are fetched on first use (see {@link fetchModel}); or a directory of faster-whisper (`model.bin`, `config.json`, `tokenizer.json`), which is used as it is, or one of
   *   transformers.js (`onnx/encoder_model.onnx`, `onnx/decoder_model_merged.onnx` and the JSON files).
   * @param options - See {@link WhisperOptions}.
   * @throws DspError `ERR_DSP_MODEL` if files are missing, damaged, or of another kind; `ERR_DSP_DEVICE` if there is no NPU for `xrt`, with what was looked for and what to do; `ERR_DSP_OPTION`, `ERR_DSP_ARGUMENT` for
   *   options that do not exist or are out of range.
   */
  static async load(model: string, options: LoadOptions = {}): Promise<Whisper> {
    const { onDownload, detect, ...given } = options
    const resolved = resolveOptions('Whisper.load', whisperOptionSpecs, given)
    assertDevice(resolved)
    const { numThreads, offline } = resolved
    const expected = `the path of a directory, or one of ${modelNames.join(', ')}`
    if (typeof model !== 'string' || model === '') throw DspError.argument('model', expected, model)
    // a folder of that name is given as ./base
    const folder = modelNames.includes(model)
      ? await fetchModel(model, { offline, ...(onDownload && { onDownload }) })
      : model
    const loaded = await loadModel(folder, { intraOpNumThreads: numThreads })
    const { tokenizer, config } = loaded
    const rules = { ...config, end: tokenizer.end, noTimestamps: tokenizer.noTimestamps }
    return new Whisper(loaded, await frontEndOf(loaded, resolved, detect), rules)
  }

  /** Codes of the languages that the model knows. */
  get languages(): readonly string[] {
    const { languages } = this.model.tokenizer
    return languages.size === 0 ? ['en'] : [...languages.keys()]
  }

  /**
   * Writes down a recording.
   * @param audio - A path or `file:` URL of a file, its bytes, a `Blob` or a stream of them, or samples in [-1, 1] of shape `[samples]`
   *   or `[channels, samples]` with their rate. Channels are averaged, other rates resampled. A file may be of any length: no more
   *   than a minute of it is in memory.
   * @param options - See {@link TranscribeOptions}, an `AbortSignal`, and a function that is told of the progress.
   * @throws DspError `ERR_DSP_ARGUMENT`, `ERR_DSP_SHAPE` for audio that is empty, and a language or a task that the model does not know,
   *   `ERR_DSP_NOT_FINITE` for NaN or infinite samples, `ERR_DSP_FORMAT` and `ERR_DSP_IO` for damaged or unreadable files,
   *   `ERR_DSP_ABORTED`.
   */
  async transcribe(audio: AudioInput, options: TranscribeSettings = {}): Promise<Transcript> {
    if (this.#closed !== undefined) throw DspError.argument('whisper', 'an open model', 'a closed one')
    const { onProgress, ...given } = options
    const { abort: signal, rest } = splitSignal<Partial<TranscribeOptions>>(given)
    const settings = resolveOptions('transcribe', transcribeOptionSpecs, rest ?? {})
    this.checkLanguage(settings)
    const begun = performance.now()
    const cutter = new WindowCutter()
    const segments: Segment[] = []
    const words: Word[] = []
    const skipped: Skipped[] = []
    let language = settings.language
    let samples = 0
    const hear = async (window: Window) => {
      const heard = await this.window(window, { ...settings, language }, signal)
      language = heard.language
      segments.push(...heard.segments)
      words.push(...heard.words)
      skipped.push(...heard.skipped)
      onProgress?.((window.start + window.samples.length) / RATE, heard.segments)
    }
    for await (const block of monoBlocks(audio, signal)) {
      samples += block.length
      for (const window of cutter.accept(block)) await hear(window)
    }
    for (const window of cutter.flush()) await hear(window)
    if (samples === 0) throw DspError.argument('audio', 'at least one sample', 'an empty recording')
    const seconds = samples / RATE
    return {
      text: segments.map(({ text }) => text).join(' '),
      segments,
      words,
      skipped,
      language: language || 'en',
      device: { features: this.frontEnd.device, network: 'cpu (ONNX Runtime)' },
      seconds,
      rtf: (performance.now() - begun) / 1000 / seconds,
    }
  }

  /** Frees the model's memory. Closing again does nothing. */
  close(): Promise<void> {
    this.#closed ??= Promise.all([this.model.network.close(), this.frontEnd.close()]).then(() => undefined)
    return this.#closed
  }

  private checkLanguage({ language, task }: TranscribeOptions): void {
    const { languages } = this
    if (language !== '' && !languages.includes(language)) {
      const known = languages.length === 1 ? '"en": the model knows only English' : `one of ${languages.join(', ')}`
      throw DspError.argument('language', known, language)
    }
    if (task === 'translate' && languages.length === 1) {
      throw DspError.argument('task', '"transcribe": the model knows only English', task)
    }
  }

  /** A window, heard again from the last time stamp as long as it holds more than was written down. */
  private async window(window: Window, options: TranscribeOptions, signal: AbortSignal | undefined) {
    const segments: Segment[] = []
    const words: Word[] = []
    const skipped: Skipped[] = []
    let { language } = options
    const skip = (from: number, to: number, reason: Skipped['reason'], probability = 1, text = '') => {
      const [start, end] = [from, to].map((at) => seconds((window.start + at) / RATE)) as [number, number]
      skipped.push({ start, end, reason, probability, text })
    }
    for (let from = 0; from < window.samples.length; ) {
      throwIfAborted(signal)
      const rest = window.samples.subarray(from)
      // digital silence: the model would make words up
      if (rest.every((sample) => sample === 0)) {
        skip(from, window.samples.length, 'silence')
        break
      }
      const heard = await this.hear(rest, { ...options, language }, signal)
      if (options.skipNoSpeech && isNoSpeech(heard)) {
        const text = this.model.tokenizer.decode(heard.tokens).trim()
        skip(from, window.samples.length, 'no-speech', heard.noSpeech, text)
        break
      }
      language = heard.language
      const offset = (window.start + from) / RATE
      const { spans, until } = spansOf(heard.tokens, this.model.tokenizer.firstTimestamp, rest.length / RATE)
      const times = this.times(heard, rest.length, options)
      const before = segments.length
      for (const span of spans) {
        const segment = this.segment(heard, span, offset)
        if (segment.text === '') continue
        segments.push(segment)
        if (times !== undefined) words.push(...this.words(heard, span, times, offset, language))
      }
      const next = from + Math.round(until * RATE)
      if (segments.length === before) skip(from, next, 'no-speech', heard.noSpeech)
      if (next <= from || window.samples.length - next < SHORTEST_REST * RATE) break
      from = next
    }
    return { segments, words, skipped, language }
  }

  private async hear(samples: Float32Array, options: TranscribeOptions, signal: AbortSignal | undefined) {
    const { network, tokenizer, context } = this.model
    const { timestamps, task } = options
    const listening = await network.listen(await this.frontEnd.features(samples, signal))
    const { logits } = await listening.step([tokenizer.start])
    const noSpeech = tokenizer.noSpeech === undefined ? 0 : Math.exp(logProbability(logits, tokenizer.noSpeech))
    const language = options.language || languageOf(logits, tokenizer.languages)
    const prompt = tokenizer.prompt(language, task, timestamps)
    const maxTokens = context >> 1
    // without time stamps and languages, the token that begins a transcript is all there is
    const rest = prompt.slice(1)
    const written = await generate(listening, rest.length === 0 ? logits : rest, this.rules, {
      maxTokens,
      timestamps,
      signal,
    })
    return { ...written, language, noSpeech }
  }

  private segment(heard: Written, span: Span, offset: number): Segment {
    const tokens = heard.tokens.slice(span.from, span.to)
    const text = this.model.tokenizer.decode(tokens).trim()
    return { text, start: seconds(offset + span.start), end: seconds(offset + span.end), tokens }
  }

  /** When each token of a window was said, and when the last one ended. */
  private times(heard: Written, samples: number, options: TranscribeOptions): number[] | undefined {
    if (!options.words || heard.alignment.length < heard.tokens.length || heard.tokens.length === 0) return undefined
    const length = Math.min(samples / RATE, WINDOW_SECONDS)
    return [...tokenTimes(heard.alignment, Math.floor(Math.ceil(samples / 160) / 2)), length]
  }

  private words(heard: Written, span: Span, times: readonly number[], offset: number, language: string): Word[] {
    const tokens = heard.tokens.slice(span.from, span.to)
    return this.model.tokenizer.words(tokens, language).flatMap(({ text, indices }) => {
      const places = indices.map((index) => span.from + index)
      const [first, last] = [places[0]!, places.at(-1)!]
      const probability = places.reduce((sum, at) => sum + heard.probabilities[at]!, 0) / places.length
      const start = times[first]!
      const end = Math.max(times[last + 1]!, start + FRAME_SECONDS)
      const word = { word: text.trim(), start: seconds(offset + start), end: seconds(offset + end) }
      return word.word === '' ? [] : [{ ...word, confidence: probability }]
    })
  }
}

/** Checks what the device needs before anything is loaded. */
function assertDevice({ frontEnd, device, xclbin, instructions }: WhisperOptions): void {
  if (device === 'emulator') {
    const expected = "left out, or given with device 'xrt'"
    if (xclbin !== '') throw DspError.argument('xclbin', expected, xclbin)
    if (instructions !== '') throw DspError.argument('instructions', expected, instructions)
    return
  }
  if (frontEnd !== 'q15') throw DspError.argument('device', "'emulator': only frontEnd 'q15' runs on an NPU", device)
  if (xclbin === '') throw DspError.argument('xclbin', "the path of an xclbin for device 'xrt'", xclbin)
  if (instructions === '') {
    throw DspError.argument('instructions', "the path of the design's instructions for device 'xrt'", instructions)
  }
}

/** The network is closed where there is no front end. */
async function frontEndOf(
  { mels, network }: Model,
  { frontEnd, q15Profile, output, ...place }: WhisperOptions,
  detect: DetectOptions | undefined,
): Promise<FrontEnd> {
  try {
    if (frontEnd === 'float') return floatFrontEnd(mels)
    if (frontEnd === 'linear') return await linearFrontEnd(mels)
    return await q15FrontEnd(mels, q15Profile, output === 'linear' ? 'linear-int8' : output, { ...place, detect })
  } catch (error) {
    await network.close()
    throw error
  }
}

/** The rule of OpenAI's `transcribe`: a text of which the model is sure stays, whatever it says of speech. */
function isNoSpeech({ noSpeech, meanLogProbability }: Written & { noSpeech: number }): boolean {
  return noSpeech > NO_SPEECH_PROBABILITY && meanLogProbability <= NO_SPEECH_LOG_PROBABILITY
}

/** Seconds, rounded to hide binary fractions. */
function seconds(value: number): number {
  return Math.round(value * 1e6) / 1e6
}
