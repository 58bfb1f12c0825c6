import { type NemoOptions, nemoLogMelAsync, nemoSeqLen, nemoWindowStride, OnlineNemoLogMel } from '@dsp/mel'
import { modelError } from '@dsp/onnx'
import { type SignalData, type SignalInput, throwIfAborted } from '@dsp/signal'
import { type Audio, DspError, show, type TensorLike } from '@dsp/tensor'
import type { Claimed } from './claims.js'
import type { Matrix } from './matrix.js'

/** Whose form of the features a model gets: sherpa-onnx's, which its exports are used with, or that of NeMo itself. */
export type FrontEnd = 'sherpa-onnx' | 'nemo'

/** Every front end. */
export const FRONT_ENDS: readonly FrontEnd[] = ['sherpa-onnx', 'nemo']

/** Options of `nemoLogMel` for a model: valid frames only, not normalised. */
export type NemoFeatureOptions = Partial<Omit<NemoOptions, 'normalize'>> & { readonly normalize: 'none' }

/** What sherpa-onnx's names for options of features are in NeMo. */
const NAMES: Readonly<Record<string, (value: Claimed) => Partial<Omit<NemoOptions, 'normalize'>>>> = {
  numMelBins: (value) => ({ features: value as number }),
  frameLength: (value) => ({ windowSize: (value as number) / 1000 }),
  frameShift: (value) => ({ windowStride: (value as number) / 1000 }),
  lowFreq: (value) => ({ lowfreq: value as number }),
  highFreq: (value) => ({ highfreq: value as number }),
  windowType: (value) => ({ window: value as 'hann' }),
  // the model's rate, with which it has been compared
  sampleFrequency: () => ({}),
}

/**
 * Refuses options of `fbank` in config.json that NeMo's features do not have, instead of leaving them unused.
 * @param options - Those of the features in config.json.
 * @throws DspError `ERR_DSP_MODEL` naming the option.
 */
export function checkNemoOptions(options: Readonly<Record<string, unknown>>): void {
  const names = [...Object.keys(NAMES), 'snipEdges']
  const name = Object.keys(options).find((option) => !names.includes(option))
  if (name === undefined) return
  const message = `the features in config.json have the option ${name}, which the front end nemo does not: leave it out, or use the front end sherpa-onnx`
  throw modelError(message, name, `one of ${names.join(', ')}`, show(options[name]))
}

/**
 * The options of NeMo's features from what the model states, on top of those that its speech models have.
 * @param stated - Options by sherpa-onnx's names.
 * @param sampleRate - The model's sample rate in Hz.
 * @param path - The encoder's file, for messages.
 * @throws DspError `ERR_DSP_MODEL` if NeMo's features cannot be computed so.
 */
export function nemoFeatureOptions(
  stated: readonly (readonly [string, Claimed])[],
  sampleRate: number,
  path: string,
): NemoFeatureOptions {
  const base = { sampleRate, windowSize: 0.025, windowStride: 0.01, features: 80, padTo: 0, normalize: 'none' } as const
  let options: NemoFeatureOptions = base
  for (const [name, value] of stated) {
    // Centred frames are what NeMo has.
    if (name === 'snipEdges' && (value === false || value === 0)) continue
    const own = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined
    if (own === undefined) {
      const message = `${name} of ${path} is ${show(value)}, which NeMo's features do not have: use the front end sherpa-onnx`
      throw modelError(message, name, "an option of NeMo's features", show(value))
    }
    options = { ...options, ...own(value) }
  }
  try {
    nemoSeqLen(0, options)
  } catch (error) {
    if (!(error instanceof DspError)) throw error
    const message = `NeMo's features cannot be computed as ${path} asks for: ${error.message}`
    throw modelError(message, error.argument, error.expected, error.actual, error)
  }
  return options
}

/** `[bins, columns]` as `[frames, bins]`, of the first frames. */
function turned({ data, shape }: TensorLike<SignalData>, frames: number): Float32Array {
  const [bins, columns] = shape as [number, number]
  const result = new Float32Array(frames * bins)
  for (let bin = 0; bin < bins; bin++) {
    for (let frame = 0; frame < frames; frame++) result[frame * bins + bin] = data[bin * columns + frame]!
  }
  return result
}

/**
 * Computes NeMo's features of audio off the main thread, not normalised.
 * @param audio - One channel at the model's rate.
 * @param options - Those of the model.
 * @param signal - Cancels the work.
 */
export async function computeNemoFeatures(
  audio: Audio<SignalData>,
  options: NemoFeatureOptions,
  signal: AbortSignal | undefined,
): Promise<Matrix> {
  throwIfAborted(signal)
  const { size } = audio.samples
  const frames = nemoSeqLen(size, options)
  if (frames === 0) {
    const needed = nemoWindowStride(options)
    throw new DspError(
      `audio is too short: its ${size} samples do not fill one feature frame; at least ${needed} are needed`,
      {
        code: 'ERR_DSP_ARGUMENT',
        argument: 'audio',
        expected: `at least ${needed} samples at ${audio.sampleRate} Hz`,
        actual: `${size} samples`,
      },
    )
  }
  const features = await nemoLogMelAsync<SignalData>(audio, { ...options, ...(signal && { signal }) })
  return { data: turned(features, frames), frames, bins: features.shape[0]! }
}

/** NeMo's features of a stream, `[frames, bins]`, not normalised. */
export class NemoStream {
  readonly #online: OnlineNemoLogMel

  constructor(options: NemoFeatureOptions) {
    this.#online = new OnlineNemoLogMel(options)
  }

  /** Bins of every frame. */
  get columns(): number {
    return this.#online.rows
  }

  /** The frames that samples complete. */
  accept(samples: SignalInput<Float32Array>): Float32Array {
    const frames = this.#online.accept(samples)
    return turned(frames, frames.shape[1]!)
  }

  /** The rest, without the column after the last valid frame. */
  flush(): Float32Array {
    const frames = this.#online.flush()
    return turned(frames, Math.max(0, frames.shape[1]! - 1))
  }
}
