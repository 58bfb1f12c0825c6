import { withRate } from '@dsp/signal'
import { DspError, type OptionSpecs, resolveOptions } from '@dsp/tensor'
import {
  type FbankOptions,
  type FrameOptions,
  fbankOptionSpecs,
  type MfccOptions,
  mfccOptionSpecs,
  type SpectrogramOptions,
  spectrogramOptionSpecs,
} from './options.js'
import { type FeatureKind, presets } from './presets.js'

/** The options of each feature, by its name. */
export interface KaldiFeatureOptions {
  /** Those of {@link fbank}. */
  readonly fbank: FbankOptions
  /** Those of {@link mfcc}. */
  readonly mfcc: MfccOptions
  /** Those of {@link spectrogram}. */
  readonly spectrogram: SpectrogramOptions
}

const specs = { fbank: fbankOptionSpecs, mfcc: mfccOptionSpecs, spectrogram: spectrogramOptionSpecs }

/**
 * Every option of a feature with its value: what is given, else the preset's, else torchaudio's default.
 * @param kind - The feature.
 * @param options - As for {@link fbank}, {@link mfcc} or {@link spectrogram}.
 * @param sampleRate - The audio's rate in Hz, if there is audio: it takes the place of `sampleFrequency`.
 * @returns All options of that feature.
 * @throws DspError `ERR_DSP_OPTION` for unknown names, `ERR_DSP_ARGUMENT` for an unknown kind, values out of range and a
 *   `sampleFrequency` that contradicts `sampleRate`.
 *
 * @example
 * ```ts
 * import { resolveKaldiOptions } from '@dsp/mel-kaldi'
 * const options = resolveKaldiOptions('fbank', { preset: 'sherpa-onnx', numMelBins: 64 })
 * options.numMelBins // => 64
 * options.highFreq // => -400
 * options.frameShift // => 10
 * ```
 */
export function resolveKaldiOptions<K extends FeatureKind>(
  kind: K,
  options?: KaldiFeatureOptions[K],
  sampleRate?: number,
): Required<KaldiFeatureOptions[K]> {
  if (!Object.hasOwn(specs, kind)) throw DspError.argument('kind', `one of ${Object.keys(specs).join(', ')}`, kind)
  // The first pass checks what is given, the second knows the preset.
  const table = specs[kind] as unknown as OptionSpecs<Required<FrameOptions>>
  const { preset } = resolveOptions(kind, table, options)
  const given = withRate<FrameOptions>(options, 'sampleFrequency', sampleRate)
  return resolveOptions(kind, table, given, presets[preset][kind] as object) as Required<KaldiFeatureOptions[K]>
}
