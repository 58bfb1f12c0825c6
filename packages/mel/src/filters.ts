import { MelBank } from '@dsp/native'
import { checkOption, guard, resolveOptions, type Tensor, tensor } from '@dsp/tensor'
import {
  type MelFilterOptions,
  melFilterOptionSpecs,
  type Precision,
  type PrecisionData,
  whisperOptionSpecs,
} from './options.js'
import { bankParameters, once, withBank } from './plan.js'

/**
 * A bank of triangular filters over the bins of a spectrum, as `librosa.filters.mel`; with `triangles: 'mel'` linear in mel, as
 * Kaldi's are. Multiply it with a spectrogram `[bins, frames]` to get mel bands.
 *
 * Too many filters for the transform's length leave some without any bin: the first use of such a bank emits a process warning
 * of type `DspWarning` and code `DSP_EMPTY_MEL_FILTERS`, where librosa warns too.
 * @param options - See {@link MelFilterOptions}.
 * @returns `[nMels, nFft / 2 + 1]`, of the precision `dtype`.
 * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for options that cannot be.
 *
 * @example
 * ```ts
 * import { melFilters } from '@dsp/mel'
 * melFilters({ sr: 16000, nFft: 400, nMels: 80 }).shape // => [80, 201]
 * melFilters({ sr: 16000, nFft: 512, nMels: 40, norm: Infinity, dtype: 'float64' }).data.length // => 10280
 * ```
 */
export function melFilters<P extends Precision = 'float32'>(
  options?: Partial<MelFilterOptions> & { readonly dtype?: P },
): Tensor<PrecisionData<P>> {
  const resolved = resolveOptions('melFilters', melFilterOptionSpecs, options)
  const parameters = bankParameters(resolved)
  const weights = withBank(parameters, (bank) => bank.weights(resolved.dtype === 'float32'))
  return tensor(weights as PrecisionData<P>, [resolved.nMels, Math.floor(resolved.nFft / 2) + 1])
}

/**
 * Whisper's filters: Slaney's scale and norm, 400 points, 0 to 8 kHz at 16 kHz. They equal openai-whisper's `mel_filters.npz`.
 * @param nMels - Number of filters: 80 or 128 for the published models, any from 1 on.
 * @returns `[nMels, 201]`, float32.
 * @throws DspError `ERR_DSP_ARGUMENT` for a number that cannot be.
 *
 * @example
 * ```ts
 * import { whisperMelFilters } from '@dsp/mel'
 * whisperMelFilters(128).shape // => [128, 201]
 * ```
 */
export function whisperMelFilters(nMels = 80): Tensor<Float32Array> {
  checkOption('nMels', whisperOptionSpecs.nMels, nMels)
  const weights = guard(() => once(MelBank.whisper(nMels), (bank) => bank.weights(true)))
  return tensor(weights as Float32Array, [nMels, 201])
}
