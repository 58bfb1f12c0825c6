import { type SignalInfo, withRate } from '@dsp/signal'
import { DspError, type OptionSpecs, resolveOptions } from '@dsp/tensor'
import { type PitchOptions, type PyinOptions, pyinOptionSpecs, type YinOptions, yinOptionSpecs } from './options.js'

/** Checks `yin`'s options and gives them as the core takes them. */
export function yinParameters(owner: string, given: Partial<YinOptions> | undefined, signal?: SignalInfo): YinOptions {
  return resolve(owner, yinOptionSpecs, given, signal)
}

/** Checks `pyin`'s options and gives them as the core takes them. */
export function pyinParameters(
  owner: string,
  given: Partial<PyinOptions> | undefined,
  signal?: SignalInfo,
): PyinOptions {
  // NaN, the default, may be given as well, although it is not a finite number.
  const { fillNa, ...rest } = (given ?? {}) as Partial<PyinOptions>
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given)
  const checked = isObject && Number.isNaN(fillNa) ? rest : given
  return resolve(owner, pyinOptionSpecs, checked, signal)
}

function resolve<O extends PitchOptions>(
  owner: string,
  specs: OptionSpecs<O>,
  given: Partial<O> | undefined,
  signal: SignalInfo | undefined,
): O {
  const options = resolveOptions<O>(owner, specs, withRate<O>(given, 'sr', signal?.sampleRate))
  const { fmin, fmax, frameLength, hopLength } = options
  for (const [name, value] of Object.entries({ fmin, fmax })) {
    if (value === null) throw DspError.argument(name, `a number of hertz; ${owner} needs both fmin and fmax`, value)
  }
  return { ...options, hopLength: hopLength ?? Math.floor(frameLength / 4) }
}
