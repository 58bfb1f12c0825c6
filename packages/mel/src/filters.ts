import { MelBank } from '@dsp/native'
import type { Precision, PrecisionData, SignalData } from '@dsp/signal'
import { checkOption, guard, resolveOptions, type Tensor, tensor } from '@dsp/tensor'
import { type MelFilterOptions, melFilterOptionSpecs, whisperOptionSpecs } from './options.js'
import { bankParameters, warnOfEmptyFilters } from './parameters.js'

/**
 * A bank of triangular filters over the bins of a spectrum, as `librosa.filters.mel`; with `triangles: 'mel'` linear in mel, as
 * Kaldi's are. Multiply it with a spectrogram `[bins, frames]` to get mel bands.
 *
 * Too many filters for the transform's length leave some without any bin: the first use of such a bank emits a process warning
 * of type `DspWarning` and code `DSP_EMPTY_MEL_FILTERS`, where librosa warns too.
 * @param options - See {@link MelFilterOptions}.
 * @returns `[nMels, nFft / 2 + 1]`, of the precision `dtype`.
 * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid options.
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
  const parameters = bankParameters(resolveOptions('melFilters', melFilterOptionSpecs, options))
  const { nMels, nFft, dtype } = parameters
  const weights = weightsOf(() => warnOfEmptyFilters(new MelBank(parameters), parameters), dtype)
  return tensor(weights as PrecisionData<P>, [nMels, Math.floor(nFft / 2) + 1])
}

/**
 * Whisper's filters: Slaney's scale and norm, 400 points, 0 to 8 kHz at 16 kHz. They equal openai-whisper's `mel_filters.npz`.
 * @param nMels - Number of filters: 80 or 128 for the published models, any from 1 on.
 * @returns `[nMels, 201]`, float32.
 * @throws DspError `ERR_DSP_ARGUMENT` for an invalid number.
 *
 * @example
 * ```ts
 * import { whisperMelFilters } from '@dsp/mel'
 * whisperMelFilters(128).shape // => [128, 201]
 * ```
 */
export function whisperMelFilters(nMels = 80): Tensor<Float32Array> {
  checkOption('nMels', whisperOptionSpecs.nMels, nMels)
  return tensor(weightsOf(() => MelBank.whisper(nMels), 'float32') as Float32Array, [nMels, 201])
}

/** The weights of a bank, which is closed: until the event loop turns, nothing else frees its memory. */
function weightsOf(make: () => MelBank, dtype: Precision): SignalData {
  return guard(() => {
    const bank = make()
    try {
      return bank.weights(dtype === 'float32')
    } finally {
      bank.close()
    }
  })
}
