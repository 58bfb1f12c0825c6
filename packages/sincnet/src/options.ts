import { type OptionSpecs, option } from '@dsp/tensor'

/** Pass bands of filters. */
export interface SincBands {
  /** Low cut-off of each filter in hertz, at least 0. */
  readonly low: readonly number[]
  /** Bandwidth of each filter in hertz, above 0; `low + band` is at most half of the sample rate. */
  readonly band: readonly number[]
}

/** Options of {@link sincBands}. */
export interface SincBandOptions {
  /** Number of filters, 1 to 4096. Default 80. */
  readonly count: number
  /** Low cut-off of the first filter in hertz. Default 30. */
  readonly lowest: number
  /** High cut-off of the last filter in hertz. Default (null): 100 Hz below half of `sampleRate`, as in SincNet. */
  readonly highest: number | null
  /** Sample rate in Hz. Default 16000. */
  readonly sampleRate: number
}

/** Options of {@link sincFilters}. */
export interface SincFilterOptions {
  /** Sample rate in Hz. Default 16000. */
  readonly sampleRate: number
  /** Samples in a filter, an odd number from 3 to 65,536. Default 251. */
  readonly kernelSize: number
}

/** Options of {@link frequencyResponses}. */
export interface FrequencyResponseOptions extends SincFilterOptions {
  /** Length of the transform, 2 to 65,536: bins are `sampleRate / nFft` apart. Default 1024. */
  readonly nFft: number
}

/** Options of {@link sinc}: SpeechBrain's names (`SincConv`) where it has them, with the values of the shipped encoder. */
export interface SincOptions extends SincFilterOptions {
  /** Low cut-off of each filter in hertz. Default (null, with `band`): those of {@link sincBands}. */
  readonly low: readonly number[] | null
  /** Bandwidth of each filter in hertz. Default (null, with `low`): those of {@link sincBands}. */
  readonly band: readonly number[] | null
  /** Samples between frames, at least 1. Default 160. */
  readonly stride: number
  /**
   * Whether each filter works with its partner in quadrature: the result is then the logarithm of the pair's energy, which hardly
   * depends on the phase of the carrier. Default false.
   */
  readonly pairs: boolean
  /** Added to the energy of a pair before the logarithm, 1.2e-38 to 1. Default 1e-6. */
  readonly energyFloor: number
}

const shared = {
  sampleRate: option.number(16000, { min: 0 }),
  kernelSize: option.integer(251, { min: 3, max: 65536 }),
} as const

/** {@link SincBandOptions} by name, type, range and default. */
export const sincBandOptionSpecs: OptionSpecs<SincBandOptions> = {
  count: option.integer(80, { min: 1, max: 4096 }),
  lowest: option.number(30, { min: 0 }),
  highest: option.nullable(option.number(0, { min: 0 })),
  sampleRate: shared.sampleRate,
}

/** {@link SincFilterOptions} by name, type, range and default. */
export const sincFilterOptionSpecs: OptionSpecs<SincFilterOptions> = shared

/** {@link FrequencyResponseOptions} by name, type, range and default. */
export const frequencyResponseOptionSpecs: OptionSpecs<FrequencyResponseOptions> = {
  ...shared,
  nFft: option.integer(1024, { min: 2, max: 65536 }),
}

/** {@link SincOptions} by name, type, range and default. */
export const sincOptionSpecs: OptionSpecs<SincOptions> = {
  low: option.nullable(option.array([], { min: 0 })),
  band: option.nullable(option.array([], { min: 0 })),
  ...shared,
  stride: option.integer(160, { min: 1 }),
  pairs: option.boolean(false),
  energyFloor: option.number(1e-6, { min: 0, max: 1 }),
}
