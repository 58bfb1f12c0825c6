import { resolveWindowed, stftParameters } from '@dsp/fft'
import { type SignalInfo, warn, withRate } from '@dsp/signal'
import { DspError, type OptionSpecs } from '@dsp/tensor'
import type { MelFilterOptions, MelspectrogramOptions } from './options.js'

/** Checks the options of a mel spectrogram, or of what is made of one, and gives them as the core takes them. */
export function melParameters<O extends Omit<MelspectrogramOptions, 'norm'>>(
  owner: string,
  specs: OptionSpecs<O>,
  given: Partial<O> | undefined,
  signal?: SignalInfo,
): O & { readonly fmax: number } {
  const options = resolveWindowed<O>(owner, specs, withRate<O>(given, 'sr', signal?.sampleRate))
  return { ...bankParameters(options), ...stftParameters(options, options.nFft, options.padMode) }
}

/** The options of a filter bank with its upper edge. */
export function bankParameters<O extends Pick<MelFilterOptions, 'sr' | 'fmax'>>(
  options: O,
): O & { readonly fmax: number } {
  const nyquist = options.sr / 2
  const fmax = options.fmax ?? nyquist
  if (fmax > nyquist) throw DspError.argument('fmax', `at most half the rate (${nyquist} Hz)`, fmax)
  return { ...options, fmax }
}

/** Something with filters, some of which may hold no bin. */
export interface WithFilters {
  emptyFilters(): number[]
}

/** Warns, once per set of options, if filters hold no bin, as librosa does. Returns what has the filters. */
export function warnOfEmptyFilters<F extends WithFilters>(
  filters: F,
  { nMels, nFft, fmin, fmax }: Pick<MelFilterOptions, 'nMels' | 'nFft' | 'fmin' | 'fmax'>,
): F {
  const empty = filters.emptyFilters()
  if (empty.length > 0) {
    const some = `${empty.slice(0, 8).join(', ')}${empty.length > 8 ? ', …' : ''}`
    const message = `${empty.length} of ${nMels} mel filters hold no bin of the transform and stay zero (${some}): ask for fewer nMels, a longer nFft or a higher fmax`
    warn('DSP_EMPTY_MEL_FILTERS', message, [nMels, nFft, fmin, fmax].join())
  }
  return filters
}
