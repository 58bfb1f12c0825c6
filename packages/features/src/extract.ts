import { toMono } from '@dsp/audio'
import { type AsyncOptions, type AudioLike, asSignal, type SignalData, splitSignal } from '@dsp/signal'
import { type Audio, DspError, tensor } from '@dsp/tensor'
import type { Computed, Definition, Sound } from './definition.js'
import type { FeatureKind, FeatureOptions, Features } from './kinds.js'
import { definitionOf } from './registry.js'
import { resolved } from './resolve.js'

interface Prepared {
  readonly definition: Definition<object>
  readonly audio: Sound
  readonly options: object
}

function prepare(kind: FeatureKind, audio: unknown, given: object | undefined): Prepared {
  const definition = definitionOf(kind)
  const isAudio = typeof audio === 'object' && audio !== null && 'samples' in audio
  if (!isAudio) throw DspError.argument('audio', 'an object { samples, sampleRate }', audio)
  const { data, shape, sampleRate } = asSignal(audio as AudioLike, 'audio', [1, 2])
  const options = resolved(kind, definition, given, sampleRate!)
  const sound = { samples: tensor(data, shape), sampleRate: sampleRate! } as Sound
  const { channel } = options as { channel?: number }
  const isKept = shape.length === 1 || definition.channels === 'each'
  const isSelected = definition.channels === 'select' && channel !== undefined && channel >= 0
  return { definition, audio: isKept || isSelected ? sound : toMono(sound), options }
}

function features(kind: FeatureKind, { definition, audio, options }: Prepared, { values, parts = {} }: Computed) {
  const { orientation } = definition
  const { sampleRate } = audio
  const { complex = false } = options as { complex?: boolean }
  return {
    kind,
    values,
    parts,
    orientation,
    complex,
    sampleRate,
    timing: definition.timing(options, sampleRate),
    options,
  }
}

/**
 * The features of audio, by the name of their kind: the same bits as the package's own function.
 * @param kind - One of {@link featureKinds}.
 * @param audio - Samples in [-1, 1] of shape `[samples]` or `[channels, samples]`, float32 or float64, and their rate. Several
 *   channels are averaged first, unless the kind works on each (`channels` of {@link featureKind}).
 * @param options - Options of the kind, with the names and defaults of the package's own function.
 * @returns The values in the reference's own orientation, with where their frames lie in time and the options that were used.
 * @throws DspError `ERR_DSP_ARGUMENT` for an unknown kind (the message lists those that exist), audio without a rate, an option that
 *   contradicts the audio's rate and values out of range; `ERR_DSP_OPTION` for unknown options; `ERR_DSP_NOT_FINITE` for NaN
 *   or infinity; `ERR_DSP_SHAPE` for audio that is empty or too short.
 *
 * @example
 * ```ts
 * import { extract } from '@dsp/features'
 * const audio = { samples: new Float32Array(16000).map((_, i) => Math.sin(i / 5)), sampleRate: 16000 }
 * const { values, orientation, timing } = extract('fbank', audio, { numMelBins: 80, preset: 'sherpa-onnx' })
 * values.shape // => [100, 80]
 * orientation // => ['frames', 'bins']
 * timing.rate // => 100
 * extract('cqt', audio, { complex: true }).values.shape // => [84, 32, 2]
 * ```
 */
export function extract<K extends FeatureKind, T extends SignalData = Float32Array>(
  kind: K,
  audio: Audio<T> | AudioLike<T>,
  options?: FeatureOptions<K>,
): Features<K, T> {
  const prepared = prepare(kind, audio, options)
  return features(kind, prepared, prepared.definition.compute(prepared.audio, prepared.options)) as unknown as Features<
    K,
    T
  >
}

/**
 * {@link extract} off the main thread; bit-identical. The samples are copied before the function returns.
 * @param kind - As for {@link extract}.
 * @param audio - As for {@link extract}.
 * @param options - As for {@link extract}, and an `AbortSignal` as `signal`.
 * @returns As {@link extract}.
 * @throws DspError as {@link extract} does, as a rejection; `ERR_DSP_ABORTED` if the signal is aborted.
 *
 * @example
 * ```ts
 * import { extractAsync } from '@dsp/features'
 * const audio = { samples: new Float32Array(22050), sampleRate: 22050 }
 * const { values, parts } = await extractAsync('pyin', audio, { fmin: 65, fmax: 1000, signal: AbortSignal.timeout(60_000) })
 * values.shape // => [44]
 * parts.voicedProb.get(0) // => 0
 * ```
 */
export async function extractAsync<K extends FeatureKind, T extends SignalData = Float32Array>(
  kind: K,
  audio: Audio<T> | AudioLike<T>,
  options?: FeatureOptions<K> & AsyncOptions,
): Promise<Features<K, T>> {
  const { abort, rest } = splitSignal<object>(options)
  const prepared = prepare(kind, audio, rest)
  const { definition } = prepared
  const given = abort === undefined ? prepared.options : { ...prepared.options, signal: abort }
  return features(kind, prepared, await definition.computeAsync(prepared.audio, given)) as unknown as Features<K, T>
}
