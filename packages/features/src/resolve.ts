import { withRate } from '@dsp/signal'
import { DspError, describe, type OptionSpec, resolveOptions } from '@dsp/tensor'
import type { Definition } from './definition.js'
import type { FeatureKind, FeatureOptions, FeatureOptionsOf, FrameTiming } from './kinds.js'
import { definitionOf } from './registry.js'

type Values = Readonly<Record<string, unknown>>

/**
 * Every option of a kind with its value: what is given, else the preset's, else the default; the option that is the audio's sample
 * rate has that value.
 * @param kind - The kind of features.
 * @param options - Its options.
 * @param sampleRate - The audio's sample rate in Hz.
 * @returns All options of the kind.
 * @throws DspError `ERR_DSP_ARGUMENT` for an unknown kind, values out of range, an option that must be given and is not, and a rate
 *   other than the audio's; `ERR_DSP_OPTION` for unknown names.
 *
 * @example
 * ```ts
 * import { resolveFeatureOptions } from '@dsp/features'
 * const { hopLength, sr } = resolveFeatureOptions('mel', { nFft: 1024 }, 16000)
 * hopLength // => 512
 * sr // => 16000
 * resolveFeatureOptions('fbank', { preset: 'lhotse' }, 16000).highFreq // => -400
 * ```
 */
export function resolveFeatureOptions<K extends FeatureKind>(
  kind: K,
  options: Partial<FeatureOptionsOf[K]> | undefined,
  sampleRate: number,
): FeatureOptionsOf[K] {
  return resolved(kind, definitionOf(kind), options, sampleRate) as FeatureOptionsOf[K]
}

/** {@link resolveFeatureOptions} of a definition. */
export function resolved(
  kind: FeatureKind,
  definition: Definition<object>,
  options: unknown,
  sampleRate: number,
): object {
  if (typeof sampleRate !== 'number' || !Number.isFinite(sampleRate) || sampleRate <= 0) {
    throw DspError.argument('sampleRate', 'a positive number of hertz', sampleRate)
  }
  if (definition.resolve !== undefined) return definition.resolve(options as object, sampleRate)
  const specs = definition.options as Readonly<Record<string, OptionSpec<unknown>>>
  const isObject = typeof options === 'object' && options !== null && !Array.isArray(options)
  const plain = (isObject ? options : {}) as Values
  const given = (definition.expand?.(plain) ?? plain) as Values
  // Windows, intervals and the like may be arrays, which the function itself checks; NaN may be a default.
  const own = Object.entries(given).filter(([name, value]) => {
    const spec = Object.hasOwn(specs, name) ? specs[name]! : undefined
    if (spec === undefined) return false
    const isPlainList = spec.kind === 'array' && Array.isArray(value)
    return (typeof value === 'object' && value !== null && !isPlainList) || Object.is(value, spec.default)
  })
  const custom: Values = Object.fromEntries(own)
  const checked = Object.fromEntries(Object.entries(given).filter(([name]) => !Object.hasOwn(custom, name)))
  const all: Values = {
    ...resolveOptions<Values>(kind, specs, isObject ? checked : (options as Values | undefined)),
    ...custom,
  }
  const missing = Object.keys(specs).find((name) => all[name] === undefined)
  if (missing !== undefined) throw DspError.argument(missing, describe(specs[missing]!), undefined)
  const { rateOption } = definition
  if (rateOption === null) return all
  return { ...all, ...withRate<Values>({ [rateOption]: given[rateOption] }, rateOption, sampleRate) }
}

/**
 * Where the frames of features lie in time.
 * @param kind - The kind of features.
 * @param options - The options that they were made with.
 * @param sampleRate - The audio's sample rate in Hz.
 * @returns Frames per second, and the centre of the first one in seconds.
 * @throws DspError as {@link resolveFeatureOptions} does.
 *
 * @example
 * ```ts
 * import { frameTiming } from '@dsp/features'
 * frameTiming('fbank', {}, 16000) // => { rate: 100, first: 0.0125 }
 * frameTiming('mel', { hopLength: 441 }, 44100) // => { rate: 100, first: 0 }
 * ```
 */
export function frameTiming<K extends FeatureKind>(
  kind: K,
  options: FeatureOptions<K> | undefined,
  sampleRate: number,
): FrameTiming {
  const definition = definitionOf(kind)
  return definition.timing(resolved(kind, definition, options, sampleRate), sampleRate)
}
