import type { PitchFrames, PyinParameters, YinParameters } from '@dsp/native'
import { asSignal, DspError, type OptionSpecs, resolveOptions, type SignalData, type SignalInput } from '@dsp/tensor'
import { type PitchOptions, type PyinOptions, pyinOptionSpecs, type YinOptions, yinOptionSpecs } from './options.js'

/** Options resolved to what the native core takes. */
export type Resolve<P> = (owner: string, options: object | undefined, rate?: number) => P

/** Checks `yin`'s options. */
export const yinParameters: Resolve<YinParameters> = (owner, given, rate) => {
  const options = resolve<YinOptions>(owner, yinOptionSpecs, given, rate)
  return { frames: frames(owner, options), troughThreshold: options.troughThreshold }
}

/** Checks `pyin`'s options. */
export const pyinParameters: Resolve<PyinParameters> = (owner, given, rate) => {
  // NaN, the default, may be given as well; as a value of its own it is no finite number.
  const { fillNa, ...rest } = (given ?? {}) as Partial<PyinOptions>
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given)
  const checked = isObject && Number.isNaN(fillNa) ? rest : given
  const options = resolve<PyinOptions>(owner, pyinOptionSpecs, checked, rate)
  return {
    frames: frames(owner, options),
    nThresholds: options.nThresholds,
    betaA: options.betaParameters[0]!,
    betaB: options.betaParameters[1]!,
    boltzmannParameter: options.boltzmannParameter,
    resolution: options.resolution,
    maxTransitionRate: options.maxTransitionRate,
    switchProb: options.switchProb,
    noTroughProb: options.noTroughProb,
    ...(options.fillNa === null ? {} : { fillNa: options.fillNa }),
  }
}

function resolve<O extends PitchOptions>(
  owner: string,
  specs: OptionSpecs<O>,
  given: object | undefined,
  rate: number | undefined,
): O {
  const sr = (given as Partial<O> | undefined)?.sr
  if (rate !== undefined && sr !== undefined && sr !== rate) {
    throw DspError.argument(
      'sr',
      `the audio's own rate of ${rate} Hz, or left out (resample it first to change it)`,
      sr,
    )
  }
  return resolveOptions(
    owner,
    specs,
    given as Partial<O> | undefined,
    rate === undefined ? {} : ({ sr: rate } as Partial<O>),
  )
}

function frames(owner: string, { hopLength, ...options }: PitchOptions): PitchFrames {
  const { fmin, fmax, sr, frameLength, center, padMode } = options
  for (const [name, value] of Object.entries({ fmin, fmax })) {
    if (value === null) throw DspError.argument(name, `a number of hertz; ${owner} needs both fmin and fmax`, value)
  }
  return { fmin, fmax, sr, frameLength, hopLength: hopLength ?? Math.floor(frameLength / 4), center, padMode }
}

/** A signal with the parameters for it. */
export function prepare<P, T extends SignalData>(
  owner: string,
  resolve: Resolve<P>,
  y: SignalInput<T>,
  options: object | undefined,
): { data: T; samples: number; axes: number[]; parameters: P } {
  const { data, shape, sampleRate } = asSignal(y, 'y')
  return { data, samples: shape.at(-1)!, axes: shape.slice(0, -1), parameters: resolve(owner, options, sampleRate) }
}

/** Many signals with the parameters for them all. */
export function prepareBatch<P>(
  owner: string,
  resolve: Resolve<P>,
  signals: readonly SignalInput[],
  options: object | undefined,
): { data: SignalData[]; parameters: P } {
  if (!Array.isArray(signals)) throw DspError.argument('signals', 'an array of signals', signals)
  const all = Array.from(signals, (signal, i) => asSignal(signal as SignalInput, `signals[${i}]`, [1]))
  const data = all.map((signal) => signal.data)
  const other = data.findIndex((samples) => isSingle(samples) !== isSingle(data[0]!))
  if (other >= 0) throw wrongType(`signals[${other}]`, data[other]!, 'of signals[0]')
  const odd = all.findIndex((signal) => signal.sampleRate !== all[0]!.sampleRate)
  if (odd >= 0) {
    throw DspError.argument(`signals[${odd}]`, `at signals[0]'s rate: ${all[0]!.sampleRate}`, all[odd]!.sampleRate)
  }
  return { data, parameters: resolve(owner, options, all[0]?.sampleRate) }
}

/** Whether samples are float32 (whichever realm made the array). */
export function isSingle(data: SignalData): data is Float32Array {
  return (data as { [Symbol.toStringTag]: string })[Symbol.toStringTag] === 'Float32Array'
}

/** The error for samples of the other type. */
export function wrongType(argument: string, actual: SignalData, whose: string): DspError {
  const [is, should] = isSingle(actual) ? ['Float32Array', 'Float64Array'] : ['Float64Array', 'Float32Array']
  return new DspError(`${argument} must have the element type ${whose}, ${should}, got ${is}: convert it`, {
    code: 'ERR_DSP_TYPE',
    argument,
    expected: should!,
    actual: is!,
  })
}
