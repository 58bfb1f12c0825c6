import { KaldiExtractor, type KaldiOptions } from '@dsp/native'
import { DspError, guard } from '@dsp/tensor'
import type { FbankOptions, MfccOptions, SpectrogramOptions } from './options.js'
import type { FeatureKind } from './presets.js'
import { type KaldiFeatureOptions, resolveKaldiOptions } from './resolve.js'

export type { KaldiFeatureOptions as OptionsOf } from './resolve.js'

/** Every option of every feature, resolved; those that a feature lacks are absent. */
type Resolved = Required<SpectrogramOptions> & Partial<FbankOptions & MfccOptions>

/** An extractor in the native core, with the options that TypeScript needs to know. */
export interface Extractor {
  /** The tables in the native core. */
  readonly native: KaldiExtractor
  /** The resolved options. */
  readonly options: Resolved
  /** Whether results are float64. */
  readonly double: boolean
}

/** Tables are made once for a set of options: making them costs as much as a second of speech. */
const cache = new Map<string, Extractor>()
const CACHED = 16

/** The extractor for these options. Warns where filters are empty. */
export function extractor<K extends FeatureKind>(
  kind: K,
  given: KaldiFeatureOptions[K] | undefined,
  sampleRate?: number,
): Extractor {
  const options = resolveKaldiOptions(kind, given, sampleRate) as Resolved
  const key = JSON.stringify([kind, options])
  const known = cache.get(key)
  if (known !== undefined) return known
  const native = guard(() => new KaldiExtractor(toNative(kind, options)))
  warnOfEmptyRows(native, options)
  const made = { native, options, double: options.precision === 'float64' }
  const oldest = cache.size < CACHED ? undefined : cache.keys().next().value
  if (oldest !== undefined) cache.delete(oldest)
  cache.set(key, made)
  return made
}

/** The native core's complete option struct. */
export function toNative(kind: FeatureKind, options: Resolved): KaldiOptions {
  const { preset: _, precision: __, channel: ___, ...all } = options
  if (kind === 'spectrogram') return { ...all, kind } as KaldiOptions
  const { numMelBins, lowFreq, highFreq, vtlnLow, vtlnHigh, vtlnWarp, ...rest } = all
  const { htkMode, isLibrosa, norm, useSlaneyMelScale, floorToIntBin, useEnergy, htkCompat, ...others } = rest
  const bank = { numMelBins, lowFreq, highFreq, vtlnLow, vtlnHigh, vtlnWarp, htkMode, isLibrosa, norm }
  return { ...others, kind, mel: { ...bank, useSlaneyMelScale, floorToIntBin, useEnergy, htkCompat } } as KaldiOptions
}

function warnOfEmptyRows(native: KaldiExtractor, options: Resolved): void {
  const empty = native.emptyRows()
  if (empty.length === 0) return
  process.emitWarning(
    `${empty.length} of ${options.numMelBins} mel filters hold no bin of the transform and stay on the floor (${empty.slice(0, 8).join(', ')}${empty.length > 8 ? ', …' : ''}): ask for fewer numMelBins or longer frames`,
    { type: 'DspWarning', code: 'DSP_EMPTY_MEL_FILTERS' },
  )
}

/**
 * Indices of the filters that hold no bin of the transform, because there are too many for its length: their column never
 * leaves the floor. The first use of such options also emits a process warning of type `DspWarning` and code
 * `DSP_EMPTY_MEL_FILTERS`, which `process.on('warning', …)` sees.
 * @param options - As for {@link fbank}.
 * @returns The indices, in order; none where every filter has a bin.
 *
 * @example
 * ```ts
 * import { emptyMelFilters } from '@dsp/mel-kaldi'
 * emptyMelFilters({ numMelBins: 80 }) // => []
 * emptyMelFilters({ numMelBins: 128 }).length // => 1
 * ```
 */
export function emptyMelFilters(options?: FbankOptions): number[] {
  return extractor('fbank', options).native.emptyRows()
}

/**
 * Frames that a signal of so many samples has. 0 where it is too short for one, where the feature functions throw.
 * @param samples - Number of samples, 0 or more.
 * @param options - As for {@link spectrogram}; only the framing matters.
 * @returns `1 + floor((N - W) / S)` or 0 with snipped edges, `floor((N + S/2) / S)` without.
 *
 * @example
 * ```ts
 * import { numFrames } from '@dsp/mel-kaldi'
 * numFrames(16000) // => 98
 * numFrames(16000, { snipEdges: false }) // => 100
 * numFrames(399) // => 0
 * ```
 */
export function numFrames(samples: number, options?: SpectrogramOptions): number {
  if (!Number.isInteger(samples) || samples < 0) throw DspError.argument('samples', 'a whole number from 0', samples)
  return extractor('spectrogram', options).native.numFrames(samples)
}
