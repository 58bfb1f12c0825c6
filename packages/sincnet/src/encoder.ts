import { modelError, OnnxSession, type OnnxSessionOptions } from '@dsp/onnx'
import { type AsyncOptions, type SignalInput, splitSignal } from '@dsp/signal'
import { DspError, type Tensor, type TensorData, tensor } from '@dsp/tensor'
import { type Chunk, Chunking } from './chunks.js'
import { loadModel, type SpeakerModel, type SpeakerModelBytes } from './model.js'
import { AttentivePooling } from './pooling.js'
import { sinc } from './sinc.js'
import { asWaveform, checkSpeech, repeated } from './waveform.js'

/** A voice as a direction: the embeddings of one speaker point the same way. */
export interface Embedding {
  /** `[dimensions]`, a unit vector. */
  readonly vector: Tensor<Float32Array>
  /** {@link SpeakerModel.identity} of the model: embeddings of different models must not be compared. */
  readonly model: string
}

/** Recordings that go through the graph together, at most. */
const MAX_BATCH = 32

/**
 * A network that turns the waveform into an embedding of the speaker's voice. Recordings have one channel, the model's sample rate
 * (16 kHz for the shipped one) and at least 0.1 s. Long ones are processed in chunks of a minute with enough context that the result
 * is that of the whole, in constant memory.
 *
 * @example
 * ```ts
 * import { SpeakerEncoder } from '@dsp/sincnet'
 * const encoder = await SpeakerEncoder.load()
 * const hum = new Float32Array(16000).map((_, n) => 0.1 * Math.sin(n / 20))
 * const { vector } = await encoder.embed({ samples: hum, sampleRate: 16000 })
 * vector.shape // => [512]
 * await encoder.close()
 * ```
 */
export class SpeakerEncoder {
  /** The model's description. */
  readonly model: SpeakerModel
  readonly #frames: OnnxSession
  readonly #head: OnnxSession
  readonly #chunking: Chunking

  private constructor(model: SpeakerModel, frames: OnnxSession, head: OnnxSession) {
    this.model = model
    this.#frames = frames
    this.#head = head
    this.#chunking = new Chunking(model)
  }

  /**
   * Loads a model.
   * @param directory - The folder with `speaker-encoder.json`, `frames.onnx` and `head.onnx`, or, as in a browser, these files by name.
   *   Default: the model of this package.
   * @param options - Threads and worker of ONNX Runtime.
   * @throws DspError `ERR_DSP_MODEL` for a file that is missing, damaged or from another model.
   *
   * @example
   * ```ts
   * import { SpeakerEncoder } from '@dsp/sincnet'
   * const encoder = await SpeakerEncoder.load(undefined, { intraOpNumThreads: 1 })
   * encoder.model.sampleRate // => 16000
   * encoder.model.learned.low.length // => 80
   * await encoder.close()
   * ```
   */
  static async load(
    directory?: string | URL | SpeakerModelBytes,
    options: Partial<OnnxSessionOptions> = {},
  ): Promise<SpeakerEncoder> {
    const { model, frames, head } = await loadModel(directory ?? new URL('../model/', import.meta.url))
    const first = await OnnxSession.open(frames, options)
    let second: OnnxSession | undefined
    try {
      second = await OnnxSession.open(head, options)
      const values = [...first.inputs, ...first.outputs, ...second.inputs, ...second.outputs].map(({ name }) => name)
      for (const name of ['features', 'start', 'end', ...SUMS, 'mean', 'deviation', 'embedding']) {
        if (values.includes(name)) continue
        throw modelError(
          `the graphs of ${model.name} have no ${name}: they are not a speaker encoder`,
          name,
          name,
          values,
        )
      }
      return new SpeakerEncoder(model, first, second)
    } catch (error) {
      await Promise.all([first.close(), second?.close()])
      throw error
    }
  }

  /** The smallest number of samples that a recording may have. */
  get minimumSamples(): number {
    return this.#chunking.samples(this.model.minimumFrames)
  }

  /**
   * The embedding of a recording.
   * @param audio - `[samples]` or `[1, samples]`, in [-1, 1]; an `Audio` at a rate other than the model's is an error.
   * @param options - An `AbortSignal` as `signal`.
   * @returns The embedding, a unit vector.
   * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for several channels and for less than
   *   {@link SpeakerEncoder.minimumSamples}, `ERR_DSP_ARGUMENT` for silence (all samples 0) and for another rate, `ERR_DSP_ABORTED`.
   */
  async embed(audio: SignalInput, options?: AsyncOptions): Promise<Embedding> {
    const { abort } = splitSignal<object>(options)
    const [embedding] = await this.#embed([this.#recording(audio, 'audio')], abort)
    return embedding!
  }

  /**
   * The embeddings of many recordings. Those of one length go through the graph together, which is faster.
   * @param audios - The recordings, as for {@link SpeakerEncoder.embed}.
   * @param options - An `AbortSignal` as `signal`.
   * @returns One embedding per recording, in order.
   * @throws DspError as {@link SpeakerEncoder.embed} does; its argument names the recording's index.
   */
  async embedBatch(audios: readonly SignalInput[], options?: AsyncOptions): Promise<Embedding[]> {
    if (!Array.isArray(audios)) throw DspError.argument('audios', 'an array of recordings', audios)
    const { abort } = splitSignal<object>(options)
    const recordings = Array.from(audios, (audio, i) => this.#recording(audio as SignalInput, `audios[${i}]`))
    const results = new Array<Embedding>(recordings.length)
    for (const group of this.#groups(recordings)) {
      const embeddings = await this.#embed(
        group.map((i) => recordings[i]!),
        abort,
      )
      group.forEach((i, at) => {
        results[i] = embeddings[at]!
      })
    }
    return results
  }

  /**
   * Starts a stream: embeds a recording that comes in blocks, in constant memory. The embedding is bit-identical to that of
   * {@link SpeakerEncoder.embed} however the recording is split.
   * @param options - An `AbortSignal` as `signal`.
   */
  stream(options?: AsyncOptions): SpeakerStream {
    const { abort } = splitSignal<object>(options)
    return new SpeakerStream(this.model, this.#chunking, {
      run: async (samples, chunk, pooling) => this.#run([samples], chunk, [pooling], abort),
      finish: async (pooling) => (await this.#finish([pooling], abort))[0]!,
      short: async (samples) => (await this.#embed([repeated(samples, this.model.repeatSamples)], abort))[0]!,
    })
  }

  /** Frees the model's memory once running calls are done. Closing again does nothing. */
  async close(): Promise<void> {
    await Promise.all([this.#frames.close(), this.#head.close()])
  }

  #recording(audio: SignalInput, name: string): Float32Array {
    const { sampleRate, repeatSamples } = this.model
    const { samples, isSilent } = asWaveform(audio, name, sampleRate)
    checkSpeech(name, samples.length, this.minimumSamples, sampleRate, isSilent)
    return repeated(samples, repeatSamples)
  }

  /** Indices of recordings that go through the graph together: of one length, and one chunk each. */
  #groups(recordings: readonly Float32Array[]): number[][] {
    const groups: number[][] = []
    const open = new Map<number, number[]>()
    recordings.forEach(({ length }, i) => {
      let group = open.get(length)
      if (group === undefined || group.length === MAX_BATCH || !this.#chunking.isOne(this.#chunking.frames(length))) {
        group = []
        groups.push(group)
        open.set(length, group)
      }
      group.push(i)
    })
    return groups
  }

  /** Embeddings of recordings of one length. */
  async #embed(recordings: readonly Float32Array[], abort: AbortSignal | undefined): Promise<Embedding[]> {
    const frames = this.#chunking.frames(recordings[0]!.length)
    const poolings = recordings.map(() => new AttentivePooling(this.model.channels))
    for (let first = 0; ; ) {
      const chunk = this.#chunking.full(first, frames) ?? this.#chunking.last(first, frames)
      if (chunk === undefined) return this.#finish(poolings, abort)
      const [from, to] = [chunk.firstFrame * this.model.hop, this.#chunking.samples(chunk.endFrame)]
      await this.#run(
        recordings.map((samples) => samples.subarray(from, to)),
        chunk,
        poolings,
        abort,
      )
      first = chunk.next
    }
  }

  /** Adds a chunk of recordings to their poolings. */
  async #run(
    waveforms: readonly Float32Array[],
    { start, end }: Chunk,
    poolings: readonly AttentivePooling[],
    abort: AbortSignal | undefined,
  ): Promise<void> {
    const { learned, kind, sampleRate, taps, hop } = this.model
    const options = { ...learned, sampleRate, kernelSize: taps, stride: hop, pairs: kind === 'raw-pairs' }
    const [length, count] = [waveforms[0]!.length, waveforms.length]
    const together = new Float32Array(count * length)
    waveforms.forEach((samples, i) => {
      together.set(samples, i * length)
    })
    const features = sinc(tensor(together, [count, length]), options)
    const range = { start: tensor(BigInt64Array.of(BigInt(start))), end: tensor(BigInt64Array.of(BigInt(end))) }
    const outputs = await this.#frames.run({ features, ...range }, signalOf(abort))
    const [peak, weight, first, second] = SUMS.map((name) => this.#rows(outputs, name, count, this.model.channels))
    poolings.forEach((pooling, i) => {
      pooling.add({ peak: peak![i]!, weight: weight![i]!, first: first![i]!, second: second![i]! })
    })
  }

  async #finish(poolings: readonly AttentivePooling[], abort: AbortSignal | undefined): Promise<Embedding[]> {
    const { channels, embedding: dimensions, identity } = this.model
    const statistics = poolings.map((pooling) => pooling.finish())
    const inputs = Object.fromEntries(
      (['mean', 'deviation'] as const).map((name) => {
        const all = new Float32Array(poolings.length * channels)
        statistics.forEach((each, i) => {
          all.set(each[name], i * channels)
        })
        return [name, tensor(all, [poolings.length, channels])]
      }),
    )
    const outputs = await this.#head.run(inputs, signalOf(abort))
    const vectors = this.#rows(outputs, 'embedding', poolings.length, dimensions)
    return vectors.map((vector) => ({ vector: unit(vector, this.model.name), model: identity }))
  }

  #rows(outputs: Record<string, Tensor<TensorData>>, name: string, rows: number, columns: number): Float32Array[] {
    const { data, shape } = outputs[name]!
    if (!(data instanceof Float32Array) || shape.length !== 2 || shape[0] !== rows || shape[1] !== columns) {
      const message = `${name} of ${this.model.name} must be float32 [${rows}, ${columns}]: the graphs and the description disagree`
      throw modelError(message, name, [rows, columns], shape)
    }
    return Array.from({ length: rows }, (_, row) => data.subarray(row * columns, (row + 1) * columns))
  }
}

/** What the frame graph gives for the pooling. */
const SUMS = ['peak', 'weight', 'first', 'second'] as const

function signalOf(abort: AbortSignal | undefined): AsyncOptions {
  return abort === undefined ? {} : { signal: abort }
}

/** A vector of length 1. */
function unit(vector: Float32Array, model: string): Tensor<Float32Array> {
  const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0))
  if (!(length > 0 && Number.isFinite(length))) {
    throw modelError(
      `${model} gave an embedding without a direction: the model is damaged`,
      'embedding',
      'a direction',
      length,
    )
  }
  return tensor(vector.map((x) => x / length))
}

/** How a stream uses its encoder. */
interface Work {
  readonly run: (samples: Float32Array, chunk: Chunk, pooling: AttentivePooling) => Promise<void>
  readonly finish: (pooling: AttentivePooling) => Promise<Embedding>
  readonly short: (samples: Float32Array) => Promise<Embedding>
}

/**
 * A recording that comes in blocks, on its way to an embedding: see {@link SpeakerEncoder.stream}. It keeps a minute of samples and
 * the pooling's sums.
 *
 * @example
 * ```ts
 * import { SpeakerEncoder } from '@dsp/sincnet'
 * const encoder = await SpeakerEncoder.load()
 * const stream = encoder.stream()
 * for (let block = 0; block < 20; block++) {
 *   await stream.accept(new Float32Array(800).map((_, n) => 0.1 * Math.sin((800 * block + n) / 20)))
 * }
 * const { vector } = await stream.flush()
 * vector.shape // => [512]
 * await encoder.close()
 * ```
 */
export class SpeakerStream {
  readonly #model: SpeakerModel
  readonly #chunking: Chunking
  readonly #work: Work
  readonly #pooling: AttentivePooling
  /** Blocks from sample `#origin` on. */
  #blocks: Float32Array[] = []
  #origin = 0
  #samples = 0
  /** The next chunk's first token. */
  #token = 0
  #isSilent = true
  #state: 'open' | 'busy' | 'ended' = 'open'

  /** @internal */
  constructor(model: SpeakerModel, chunking: Chunking, work: Work) {
    this.#model = model
    this.#chunking = chunking
    this.#work = work
    this.#pooling = new AttentivePooling(model.channels)
  }

  /**
   * Accepts the next samples. Wait for the promise before the next call.
   * @param block - `[samples]` or `[1, samples]`, any number of them.
   * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity (the block is ignored), `ERR_DSP_SHAPE` for several channels,
   *   `ERR_DSP_ARGUMENT` for another rate, after {@link SpeakerStream.flush}, and while an earlier call is running.
   */
  async accept(block: SignalInput): Promise<void> {
    await this.#alone('open', async () => {
      const { samples, isSilent } = asWaveform(block, 'block', this.#model.sampleRate)
      this.#isSilent &&= isSilent
      this.#blocks.push(samples.slice())
      this.#samples += samples.length
      const frames = this.#chunking.frames(this.#samples)
      for (let chunk = this.#chunking.full(this.#token, frames); chunk !== undefined; ) {
        await this.#run(chunk)
        chunk = this.#chunking.full(this.#token, frames)
      }
    })
  }

  /**
   * Ends the recording.
   * @returns Its embedding.
   * @throws DspError as {@link SpeakerEncoder.embed} does for recordings that are too short or silent.
   */
  async flush(): Promise<Embedding> {
    return this.#alone('ended', async () => {
      const { sampleRate, minimumFrames, repeatSamples } = this.#model
      checkSpeech('the stream', this.#samples, this.#chunking.samples(minimumFrames), sampleRate, this.#isSilent)
      if (this.#samples < repeatSamples) return this.#work.short(this.#pending())
      const last = this.#chunking.last(this.#token, this.#chunking.frames(this.#samples))
      if (last !== undefined) await this.#run(last)
      this.#blocks = []
      return this.#work.finish(this.#pooling)
    })
  }

  async #run(chunk: Chunk): Promise<void> {
    const pending = this.#pending()
    const from = chunk.firstFrame * this.#model.hop - this.#origin
    const to = this.#chunking.samples(chunk.endFrame) - this.#origin
    await this.#work.run(pending.subarray(from, to), chunk, this.#pooling)
    this.#token = chunk.next
    const origin = this.#chunking.firstFrame(chunk.next) * this.#model.hop
    const rest = pending.subarray(origin - this.#origin)
    // A copy frees what is done, but a long block must not be copied for every chunk.
    this.#blocks = [2 * rest.byteLength < rest.buffer.byteLength ? rest.slice() : rest]
    this.#origin = origin
  }

  /** The samples that are kept, in one piece. */
  #pending(): Float32Array {
    if (this.#blocks.length === 1) return this.#blocks[0]!
    const all = new Float32Array(this.#samples - this.#origin)
    let at = 0
    for (const block of this.#blocks) {
      all.set(block, at)
      at += block.length
    }
    this.#blocks = [all]
    return all
  }

  async #alone<R>(next: 'open' | 'ended', work: () => Promise<R>): Promise<R> {
    if (this.#state !== 'open') {
      const actual = this.#state === 'busy' ? 'a call while another one is at work' : 'a call after flush()'
      throw DspError.argument('the stream', 'called once at a time, and not after flush()', actual)
    }
    this.#state = 'busy'
    try {
      return await work()
    } finally {
      this.#state = next
    }
  }
}
