import { DspError } from '@dsp/tensor'
import { checkPrecision, type Precision, precisionOf } from './precision.js'
import { asSignal, type SignalData, type SignalInput } from './signal.js'

/** Signals of one precision and, if any of them has one, one rate. */
export interface Batch {
  /** The samples of each signal. */
  readonly data: SignalData[]
  /** The precision of all of them; float32 for an empty batch. */
  readonly precision: Precision
  /** The rate of all of them in hertz, if at least one is an Audio. */
  readonly sampleRate: number | undefined
}

/**
 * Gathers the signals of a batch, by the rules of every batch form:
 *
 * - each signal has one axis, `[samples]`;
 * - all have the element type of the first one;
 * - all audio has one rate, which bare arrays in the batch take as well.
 *
 * Sample values are not checked here: the core finds NaN and infinity and names the signal.
 * @param signals - The signals, in any form that {@link asSignal} takes.
 * @throws DspError naming what is wrong: `ERR_DSP_ARGUMENT` for `signals` that are not an array; for signal 1,
 *   `ERR_DSP_TYPE` for `signals[1]` of another element type and `ERR_DSP_ARGUMENT` for `signals[1].sampleRate` of another rate.
 *
 * @example
 * ```ts
 * import { gatherBatch } from '@dsp/signal'
 * const speech = { samples: new Float32Array(800), sampleRate: 16000 }
 * gatherBatch([new Float32Array(400), speech]).sampleRate // => 16000
 * ```
 */
export function gatherBatch(signals: readonly SignalInput[]): Batch {
  if (!Array.isArray(signals)) throw DspError.argument('signals', 'an array of signals', signals)
  // Array.from also visits holes.
  const all = Array.from(signals, (signal, i) => asSignal(signal as SignalInput, `signals[${i}]`, [1]))
  const precision = all.length === 0 ? 'float32' : precisionOf(all[0]!.data)
  const first = all.findIndex((signal) => signal.sampleRate !== undefined)
  const sampleRate = all[first]?.sampleRate
  for (const [i, signal] of all.entries()) {
    checkPrecision(`signals[${i}]`, signal.data, precision, 'as signals[0] is')
    if (signal.sampleRate !== undefined && signal.sampleRate !== sampleRate) {
      const expected = `${sampleRate} Hz, the rate of signals[${first}] (resample one of them first)`
      throw DspError.argument(`signals[${i}].sampleRate`, expected, signal.sampleRate)
    }
  }
  return { data: all.map((signal) => signal.data), precision, sampleRate }
}
