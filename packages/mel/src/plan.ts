import { resolveWindowed, stftParameters } from '@dsp/fft'
import { MelBank, type MelBankParameters, type MelParameters, type MelPlan } from '@dsp/native'
import { PlanCache } from '@dsp/signal'
import { DspError, guard, type OptionSpecs } from '@dsp/tensor'
import type { MelFilterOptions, MelScale, MelScaleOptions, MelspectrogramOptions } from './options.js'

/** The scale that the options mean. */
export function scaleOf({ htk, melScale }: MelScaleOptions): MelScale {
  if (htk && melScale !== null && melScale !== 'htk') {
    throw DspError.argument('melScale', 'htk or null where htk is true', melScale)
  }
  return melScale ?? (htk ? 'htk' : 'slaney')
}

/** Resolves options, `sr` against the rate that an audio object brought. */
export function resolveRated<O extends Pick<MelspectrogramOptions, 'sr' | 'window'>>(
  owner: string,
  specs: OptionSpecs<O>,
  options: Partial<O> | undefined,
  sampleRate: number | undefined,
): O {
  const resolved = resolveWindowed(owner, specs, options)
  if (sampleRate === undefined) return resolved
  if (options?.sr !== undefined && options.sr !== sampleRate) {
    const expected = `the audio's own rate of ${sampleRate} Hz, or left out (resample the audio first to change it)`
    throw DspError.argument('sr', expected, options.sr)
  }
  return resolveWindowed(owner, specs, { ...options, sr: sampleRate } as Partial<O>)
}

/** The bank's options as the core takes them. */
export function bankParameters(options: MelFilterOptions): MelBankParameters {
  const { sr, nFft, nMels, fmin, norm, triangles, dtype } = options
  const fmax = options.fmax ?? sr / 2
  if (fmax > sr / 2) throw DspError.argument('fmax', `at most half the rate (${sr / 2} Hz)`, fmax)
  return {
    sampleRate: sr,
    nFft,
    nMels,
    fmin,
    fmax,
    melScale: scaleOf(options),
    inMel: triangles === 'mel',
    norm: norm ?? 'none',
    single: dtype === 'float32',
  }
}

/** The spectrogram's options as the core takes them. */
export function melParameters(options: MelspectrogramOptions): MelParameters {
  const { nFft, padMode, power } = options
  return { stft: stftParameters(options, nFft, padMode), power, bank: bankParameters(options) }
}

const plans = new PlanCache<MelPlan>()

/**
 * The plan of these parameters, until the next call.
 * @param parameters - All that makes the plan; text and numbers only where it is to be kept.
 * @param make - Makes it.
 */
export function planFor(parameters: object, make: () => MelPlan): MelPlan {
  const { stft } = parameters as Partial<MelParameters>
  return plans.get(parameters, stft?.nFft ?? 0, make)
}

/** Makes a bank, warns where filters of it are empty, uses and closes it. */
export function withBank<R>(parameters: MelBankParameters, use: (bank: MelBank) => R): R {
  return guard(() =>
    once(new MelBank(parameters), (bank) => {
      warnOfEmptyFilters(bank.emptyFilters(), parameters)
      return use(bank)
    }),
  )
}

/** Uses a bank and closes it: until the event loop turns, nothing else gives its weights back. */
export function once<R>(bank: MelBank, use: (bank: MelBank) => R): R {
  try {
    return use(bank)
  } finally {
    bank.close()
  }
}

/** Banks of which a warning has been given. */
const warned = new Set<string>()

/** Warns, once for a bank, where filters hold no bin, as librosa does. */
export function warnOfEmptyFilters(empty: readonly number[], { nMels, nFft, fmin, fmax }: MelBankParameters): void {
  const key = [nMels, nFft, fmin, fmax].join()
  if (empty.length === 0 || warned.has(key)) return
  // So many different banks are no longer worth remembering.
  if (warned.size === 1000) warned.clear()
  warned.add(key)
  const some = `${empty.slice(0, 8).join(', ')}${empty.length > 8 ? ', …' : ''}`
  process.emitWarning(
    `${empty.length} of ${nMels} mel filters hold no bin of the transform and stay zero (${some}): ask for fewer nMels, a longer nFft or a higher fmax`,
    { type: 'DspWarning', code: 'DSP_EMPTY_MEL_FILTERS' },
  )
}
