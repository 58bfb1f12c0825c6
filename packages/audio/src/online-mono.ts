import { asSignal } from '@dsp/signal'
import {
  type Audio,
  checkOption,
  DspError,
  type OptionSpecs,
  option,
  resolveOptions,
  type Tensor,
  tensor,
} from '@dsp/tensor'
import { toMono } from './mono.js'
import { OnlineResampler } from './online-resampler.js'
import { resampleOptionSpecs } from './resample.js'

/** Options of {@link OnlineMono}. */
export interface OnlineMonoOptions {
  /** The channel to keep, 0 for the first (left) one, or null for the mean of all. Default null. */
  readonly channel: number | null
}

/** {@link OnlineMonoOptions} by name, type, range and default. */
export const onlineMonoOptionSpecs: OptionSpecs<OnlineMonoOptions> = {
  channel: option.nullable(option.integer(0, { min: 0, max: 65535 })),
}

/**
 * Converts the blocks of a recording to one channel at a sample rate: {@link toMonoAt} for the blocks of {@link readBlocks}. The samples
 * are bit-identical to the one-shot function however the input is cut. If a chained file continues at another rate, the resampler is
 * flushed first.
 *
 * @example
 * ```ts
 * import { OnlineMono, readBlocks, writeWav } from '@dsp/audio'
 * import { tensor } from '@dsp/tensor'
 * const bytes = writeWav({ samples: tensor(new Float32Array(2 * 4800), [2, 4800]), sampleRate: 48000 })
 * const online = new OnlineMono(16000)
 * let length = 0
 * for await (const block of readBlocks(bytes)) length += online.accept(block).size
 * length + online.flush().size // => 1600
 * ```
 */
export class OnlineMono {
  readonly #rate: number
  readonly #channel: number | null
  #resampler: OnlineResampler | undefined
  /** Sample rate of the current blocks. */
  #from: number | undefined

  /**
   * @param rate - Sample rate of the result in hertz, a whole number from 1 to 100,000,000.
   * @param options - See {@link OnlineMonoOptions}.
   * @throws DspError `ERR_DSP_ARGUMENT` or `ERR_DSP_OPTION` for a rate or channel out of range.
   */
  constructor(rate: number, options: Partial<OnlineMonoOptions> = {}) {
    checkOption('rate', resampleOptionSpecs.newFreq, rate)
    this.#rate = rate
    this.#channel = resolveOptions('OnlineMono', onlineMonoOptionSpecs, options).channel
  }

  /**
   * Takes a block.
   * @param block - `[samples]` or `[channels, samples]`, float32, with its rate.
   * @returns The samples `[samples]` that the block completes, possibly none.
   * @throws DspError `ERR_DSP_ARGUMENT` if the block does not have the channel, and as {@link toMono} and {@link OnlineResampler} do.
   */
  accept(block: Audio): Tensor<Float32Array> {
    const before = block.sampleRate === this.#from ? undefined : this.flush()
    if (before !== undefined && block.sampleRate !== this.#rate) {
      this.#resampler = new OnlineResampler({ origFreq: block.sampleRate, newFreq: this.#rate })
    }
    this.#from = block.sampleRate
    const mono = this.#channel === null ? toMono(block).samples : channelOf(block, this.#channel)
    const samples = this.#resampler === undefined ? mono : this.#resampler.accept(mono)
    if (before === undefined || before.size === 0) return samples
    const joined = new Float32Array(before.size + samples.size)
    joined.set(before.data)
    joined.set(samples.data, before.size)
    return tensor(joined)
  }

  /**
   * Ends the recording. The next block starts a new one.
   * @returns The rest of the samples `[samples]`.
   */
  flush(): Tensor<Float32Array> {
    const rest = this.#resampler?.flush() ?? tensor(new Float32Array(0))
    this.reset()
    return rest
  }

  /** Forgets what came before. The next block starts a new recording. */
  reset(): void {
    this.#resampler?.reset()
    this.#resampler = undefined
    this.#from = undefined
  }
}

/** One channel, copied. */
function channelOf(block: Audio, channel: number): Tensor<Float32Array> {
  const { data, shape } = asSignal<Float32Array>(block, 'block', [1, 2])
  const channels = shape.length === 2 ? shape[0]! : 1
  if (channel >= channels) {
    const has = channels === 1 ? '0: the recording has one channel' : `0 to ${channels - 1}, the recording's channels`
    throw DspError.argument('channel', has, channel)
  }
  const samples = data.length / channels
  return tensor(data.slice(channel * samples, (channel + 1) * samples))
}
