import { type AudioInput as AudioFile, decodeAudio, toMonoAtAsync } from '@dsp/audio'
import {
  type FbankOptions,
  fbankAsync,
  logEnergies,
  normalizePerFeature,
  presets,
  resolveKaldiOptions,
} from '@dsp/mel-kaldi'
import { messageOf, modelError } from '@dsp/onnx'
import { type AudioLike, type SignalData, throwIfAborted } from '@dsp/signal'
import { type Audio, contiguous, DspError, type TensorLike, tensor } from '@dsp/tensor'
import type { ModelKind } from './config.js'
import type { Matrix } from './matrix.js'
import type { Network } from './session.js'

/** Options of the features, as @dsp/mel-kaldi names them. */
export type FeatureOptions = FbankOptions

type PresetName = keyof typeof presets

/** What is recognised: a file (path or `file:` URL), its bytes, a `Blob` or a stream of them, or samples with their rate. */
export type AudioInput = AudioFile | Audio<SignalData> | AudioLike

/** sherpa-onnx's front ends: NeMo's CTC models have a periodic Hann window up to Nyquist, its transducers have not. */
const DEFAULTS: Record<ModelKind, FeatureOptions> = {
  transducer: { preset: 'sherpa-onnx' },
  'zipformer-ctc': { preset: 'sherpa-onnx' },
  'nemo-transducer': { preset: 'sherpa-nemo' },
  'nemo-ctc': { preset: 'sherpa-nemo', windowType: 'hann', highFreq: 0 },
}

/** The value of every option in a preset, by default in that of a kind of model. */
export function featureDefaults(kind: ModelKind, preset?: unknown): FeatureOptions {
  return resolveKaldiOptions('fbank', presetOf(kind, preset))
}

function presetOf(kind: ModelKind, preset: unknown): FeatureOptions {
  const chosen: FeatureOptions = preset === undefined ? DEFAULTS[kind] : { preset: preset as PresetName }
  const names = Object.keys(presets)
  if (!names.includes(String(chosen.preset))) {
    throw modelError(
      `the preset of the features is ${String(preset)}, which does not exist: expected one of ${names.join(', ')}`,
      'preset',
      names.join(', '),
      String(preset),
    )
  }
  return chosen
}

/**
 * The options of the features from what the model states, on top of sherpa-onnx's defaults for its kind.
 * @throws DspError `ERR_DSP_MODEL` if they are not options of `fbank`.
 */
export function resolveFeatures(
  stated: readonly (readonly [string, unknown])[],
  kind: ModelKind,
  encoder: Network,
): FeatureOptions {
  const options = Object.fromEntries(stated) as FeatureOptions
  try {
    return resolveKaldiOptions('fbank', { ...presetOf(kind, options.preset), ...options })
  } catch (error) {
    const argument = error instanceof DspError ? error.argument : 'features'
    throw modelError(
      `the features that ${encoder.header.path} and its config.json ask for cannot be computed: ${messageOf(error)}`,
      argument,
      error instanceof DspError ? error.expected : '',
      error instanceof DspError ? error.actual : '',
      error,
    )
  }
}

/**
 * Converts audio to one channel at a sample rate.
 * @param input - The audio.
 * @param sampleRate - Sample rate in Hz.
 * @param signal - Cancels the work.
 */
export async function prepareAudio(
  input: AudioInput,
  sampleRate: number,
  signal: AbortSignal | undefined,
): Promise<Audio<SignalData>> {
  const abort = signal === undefined ? {} : { signal }
  if (input === null || input === undefined || (ArrayBuffer.isView(input) && !(input instanceof Uint8Array))) {
    throw DspError.argument(
      'audio',
      'a path, a file: URL, the bytes of a file, a Blob or stream of them, or { samples, sampleRate }',
      input,
    )
  }
  if (typeof input !== 'object' || !('samples' in input)) {
    return decodeAudio(input, { sampleRate, mono: true, ...abort })
  }
  return toMonoAtAsync<SignalData>(input, sampleRate, abort)
}

/**
 * Computes the log-mel features of audio off the main thread.
 * @param audio - One channel at the model's rate.
 * @param options - Options of `fbank`.
 * @param guard - Where given, the log is ln(energy + guard) instead of Kaldi's, floored one.
 * @param signal - Cancels the work.
 */
export async function computeFeatures(
  audio: Audio<SignalData>,
  options: FeatureOptions,
  guard: number | undefined,
  signal: AbortSignal | undefined,
): Promise<Matrix> {
  throwIfAborted(signal)
  const { size } = audio.samples
  const needed = shortest(options, audio.sampleRate)
  if (size < needed) {
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
  const wanted = guard === undefined ? options : { ...options, useLogFbank: false }
  const features = await fbankAsync(audio, { ...wanted, ...(signal === undefined ? {} : { signal }) })
  const data = finish(features, guard)
  return { data, frames: features.shape[0]!, bins: features.shape[1]! }
}

/** Features `[frames, bins]` as the networks take them: float32, and ln(energy + guard) of energies if there is a guard. */
export function finish(features: TensorLike<SignalData>, guard: number | undefined): Float32Array {
  const data = features.data instanceof Float32Array ? features.data : Float32Array.from(features.data)
  return guard === undefined ? data : logEnergies(tensor(data, features.shape), { logZeroGuardValue: guard }).data
}

/** Samples that the first frame needs: all of a frame, or half a step where the edges are mirrored. */
function shortest({ snipEdges, frameLength = 25, frameShift = 10 }: FeatureOptions, sampleRate: number): number {
  return Math.max(1, Math.ceil((sampleRate * (snipEdges ? frameLength : frameShift / 2)) / 1000))
}

/** Features that the caller brings, as `[frames, bins]`. */
export function givenFeatures(features: TensorLike<Float32Array>, bins: number): Matrix {
  const data = contiguous(features, 'features')
  if (!(data instanceof Float32Array) || features.shape.length !== 2 || features.shape[1] !== bins) {
    throw new DspError(
      `features must be float32 of shape [frames, ${bins}], got ${data.constructor.name} of shape [${features.shape.join(', ')}]`,
      {
        code: 'ERR_DSP_SHAPE',
        argument: 'features',
        expected: `[frames, ${bins}]`,
        actual: `[${features.shape.join(', ')}]`,
      },
    )
  }
  return { data, frames: features.shape[0]!, bins }
}

/** NeMo's normalisation, by the sample's deviation (`ddof` 1), or as sherpa-onnx does it, by that of the population (0). */
export function normalized({ data, frames, bins }: Matrix, ddof: 0 | 1): Matrix {
  // One frame becomes zero, as in NeMo.
  const options = { ddof: frames === 1 ? 0 : ddof }
  return { data: normalizePerFeature(tensor(data, [frames, bins]), options).data, frames, bins }
}
