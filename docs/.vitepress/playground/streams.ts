import { OnlineChromaStft } from '@dsp/chroma'
import { extract, type FeatureOptions, type FrameTiming, frameTiming, resolveFeatureOptions } from '@dsp/features'
import { OnlineHpss } from '@dsp/hpss'
import { OnlineMelspectrogram } from '@dsp/mel'
import { OnlineFbank, OnlineMfcc } from '@dsp/mel-kaldi'
import { DspError, type Tensor } from '@dsp/tensor'
import { OnlineYin } from '@dsp/yin'
import { columnsOf, powerDecibels } from '../../../apps/cli/src/kinds/frames.js'
import { MAX_SECONDS, type Track, type Values } from './messages.js'
import { type Clock, concat, endQuietly, type FeatureStream, type Step } from './stream.js'
import { tracksOf } from './tracks.js'
import { WhisperWindows } from './whisper-windows.js'

type Matrix = Tensor<Float32Array> | Tensor<Float64Array>

/** A feature with all that its picture needs. */
export interface Opened {
  readonly all: Values
  readonly timing: FrameTiming
  readonly tracks: readonly Track[]
  readonly stream: FeatureStream
  /** Why columns come at the end only; null if they come with the sound. */
  readonly whole: string | null
}

/** Called with the samples of the parts that HPSS completes. */
export type KeepParts = (harmonic: Float32Array, percussive: Float32Array) => void

type Kind = 'whisper' | 'fbank' | 'mfcc' | 'mel' | 'yin' | 'chroma-stft' | 'hpss-harmonic'

/** Mel bands and hop of the spectrograms that HPSS's parts are drawn as. */
const PART_MELS = 64
const PART_HOP = 512

/**
 * Starts a feature.
 * @param kind - Its kind.
 * @param given - Options that were given; the others have their defaults.
 * @param rate - Sample rate in Hz.
 * @param clock - Takes the time.
 * @param keep - Gets HPSS's parts.
 * @throws DspError for options that are not valid.
 */
export function openStream(kind: string, given: Values, rate: number, clock: Clock, keep: KeepParts): Opened {
  const known = kind as Kind
  const all = resolveFeatureOptions(known, given as FeatureOptions<Kind>, rate) as unknown as Values
  // Padded to more than that, the features alone would fill the memory of a tab.
  if (known === 'whisper' && (all.chunkLength as number) > MAX_SECONDS) {
    throw DspError.argument('chunkLength', `at most ${MAX_SECONDS} on this page`, all.chunkLength)
  }
  const timing =
    known === 'hpss-harmonic'
      ? { rate: rate / PART_HOP, first: 0 }
      : frameTiming(known, given as FeatureOptions<Kind>, rate)
  const opened = (stream: FeatureStream, rows: number, whole: string | null): Opened => {
    return { all, timing, tracks: tracksOf(known, all, rate, rows), stream, whole }
  }
  try {
    const { stream, rows } = online(known, all, rate, clock, keep)
    return opened(stream, rows, null)
  } catch (error) {
    // Some options need the whole signal, at whose end the one-shot function is called. If the options are wrong, it throws here.
    const sample = extract(known, { samples: new Float32Array(rate), sampleRate: rate }, given as FeatureOptions<Kind>)
    const { rows } = picture(known, all, sample.values, sample.parts as Record<string, Matrix>, () => {})
    return opened(new WholeSignal(known, given, all, rate, clock, keep), rows, (error as Error).message)
  }
}

/** Levels in decibels, where a kind's values are powers or their logarithms. */
function levelOf(kind: Kind, all: Values): (value: number) => number {
  switch (kind) {
    case 'fbank': {
      const scale = all.usePower ? 10 : 20
      return all.useLogFbank ? (value) => (scale / Math.LN10) * value : (value) => (scale / 10) * powerDecibels(value)
    }
    case 'mel': {
      const scale = 2 / ((all.power as number) || 2)
      return (value) => scale * powerDecibels(value)
    }
    default:
      return (value) => value
  }
}

/** `[frames, rows]`, which has the order of a picture already. */
function levels(data: ArrayLike<number>, level: (value: number) => number): Float32Array {
  return Float32Array.from(data, level)
}

/** `[rows, frames]`, column after column. */
function turned(values: Matrix, level: (value: number) => number = (value) => value): Float32Array {
  return values.size === 0 ? new Float32Array(0) : Float32Array.from(columnsOf(values, level).values)
}

function online(
  kind: Kind,
  all: Values,
  rate: number,
  clock: Clock,
  keep: KeepParts,
): { stream: FeatureStream; rows: number } {
  const level = levelOf(kind, all)
  const simple = (
    stream: { accept(block: Float32Array): Matrix; flush(): Matrix },
    show: (values: Matrix) => Float32Array,
  ): FeatureStream => ({
    accept: (samples) => ({ columns: [show(clock.run(() => stream.accept(samples)))] }),
    flush: () => ({ columns: [show(clock.run(() => stream.flush()))] }),
    close: () => endQuietly(stream),
  })
  switch (kind) {
    case 'fbank':
    case 'mfcc': {
      const stream = kind === 'fbank' ? new OnlineFbank(all) : new OnlineMfcc(all)
      return { stream: simple(stream, ({ data }) => levels(data, level)), rows: stream.columns }
    }
    case 'mel': {
      const stream = new OnlineMelspectrogram(all)
      return { stream: simple(stream, (values) => turned(values, level)), rows: stream.nMels }
    }
    case 'yin': {
      const stream = new OnlineYin(all as never)
      return { stream: simple(stream, ({ data }) => levels(data, level)), rows: 1 }
    }
    case 'chroma-stft': {
      const stream = new OnlineChromaStft(all)
      return { stream: simple(stream, (values) => turned(values)), rows: stream.nChroma }
    }
    case 'whisper':
      return { stream: new WhisperWindows(all, clock), rows: all.nMels as number }
    default:
      return { stream: new Parts(all, rate, clock, keep), rows: PART_MELS }
  }
}

/** HPSS, whose parts are drawn as mel spectrograms. */
class Parts implements FeatureStream {
  readonly #hpss
  readonly #pictures
  readonly #clock: Clock
  readonly #keep: KeepParts

  constructor(all: Values, rate: number, clock: Clock, keep: KeepParts) {
    this.#clock = clock
    this.#keep = keep
    this.#hpss = new OnlineHpss(all)
    this.#pictures = [0, 1].map(() => partPicture(rate))
  }

  accept(samples: Float32Array): Step {
    const { harmonic, percussive } = this.#clock.run(() => this.#hpss.accept(samples))
    return { columns: this.#draw(harmonic.data, percussive.data) }
  }

  flush(): Step {
    const { harmonic, percussive } = this.#clock.run(() => this.#hpss.flush())
    const columns = this.#draw(harmonic.data, percussive.data)
    const rest = this.#pictures.map((picture) => turned(picture.flush(), powerDecibels))
    return { columns: columns.map((values, i) => concat([values, rest[i]!])) }
  }

  close(): void {
    endQuietly(this.#hpss, ...this.#pictures)
  }

  #draw(harmonic: Float32Array, percussive: Float32Array): Float32Array[] {
    this.#keep(harmonic, percussive)
    return [harmonic, percussive].map((part, i) => turned(this.#pictures[i]!.accept(part), powerDecibels))
  }
}

function partPicture(rate: number): OnlineMelspectrogram {
  return new OnlineMelspectrogram({ sr: rate, nFft: 2048, hopLength: PART_HOP, nMels: PART_MELS })
}

/** The one-shot function, at the end of the signal. */
class WholeSignal implements FeatureStream {
  readonly #pieces: Float32Array[] = []

  constructor(
    readonly kind: Kind,
    readonly given: Values,
    readonly all: Values,
    readonly rate: number,
    readonly clock: Clock,
    readonly keep: KeepParts,
  ) {}

  accept(samples: Float32Array): Step {
    this.#pieces.push(samples.slice())
    return { columns: [] }
  }

  flush(): Step {
    const audio = { samples: concat(this.#pieces), sampleRate: this.rate }
    const { values, parts } = this.clock.run(() => extract(this.kind, audio, this.given as FeatureOptions<Kind>))
    return picture(this.kind, this.all, values, parts as Record<string, Matrix>, this.keep, this.rate)
  }

  close(): void {
    this.#pieces.length = 0
  }
}

/** Features of a whole signal as columns. */
function picture(
  kind: Kind,
  all: Values,
  values: Matrix,
  parts: Readonly<Record<string, Matrix>>,
  keep: KeepParts,
  rate = 22050,
): { columns: Float32Array[]; rows: number } {
  const level = levelOf(kind, all)
  if (kind === 'hpss-harmonic') {
    const both = [parts.harmonic!.data as Float32Array, parts.percussive!.data as Float32Array]
    keep(both[0]!, both[1]!)
    const columns = both.map((part) => {
      const shown = partPicture(rate)
      return concat([turned(shown.accept(part), powerDecibels), turned(shown.flush(), powerDecibels)])
    })
    return { columns, rows: PART_MELS }
  }
  if (values.shape.length === 1) return { columns: [levels(values.data, level)], rows: 1 }
  const isFrames = kind === 'fbank' || kind === 'mfcc'
  return {
    columns: [isFrames ? levels(values.data, level) : turned(values, level)],
    rows: values.shape[isFrames ? 1 : 0]!,
  }
}
