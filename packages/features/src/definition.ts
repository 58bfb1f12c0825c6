import { magnitudes, magnitudesAsync } from '@dsp/fft'
import type { AsyncOptions, SignalData } from '@dsp/signal'
import type { Audio, OptionSpecs, Tensor } from '@dsp/tensor'
import type { ComplexChoice, FeatureInfo, FrameTiming } from './kinds.js'

type Values = Tensor<SignalData>

/** What is computed: the values, and what comes with them. */
export interface Computed {
  readonly values: Values
  readonly parts?: Readonly<Record<string, Values | Tensor<Uint8Array>>>
}

/** The audio as the functions get it. */
export type Sound = Audio<Float32Array>

/** A kind of features: its description, and how it is computed. */
export interface Definition<O extends object> extends Omit<FeatureInfo, 'name' | 'options' | 'presets'> {
  readonly options: OptionSpecs<O>
  readonly presets?: Readonly<Record<string, Partial<O>>>
  /** What is given, with the preset's values below it, where that is not all of resolving. */
  expand?(given: Partial<O>): Partial<O>
  /** Every option with its value, if that is more than defaults. */
  resolve?(given: Partial<O>, sampleRate: number): O
  /** Where frames lie. */
  timing(options: O, sampleRate: number): FrameTiming
  /** The features of audio, of all options. */
  compute(audio: Sound, options: O): Computed
  /** The same off the main thread. */
  computeAsync(audio: Sound, options: O & AsyncOptions): Promise<Computed>
}

/** A function of a package and its asynchronous twin, whose result is the values. */
export function valuesOf<O extends object>(
  call: (audio: Sound, options: O) => Values,
  callAsync: (audio: Sound, options: O & AsyncOptions) => Promise<Values>,
): Pick<Definition<O>, 'compute' | 'computeAsync'> {
  return {
    compute: (audio, options) => ({ values: call(audio, options) }),
    computeAsync: async (audio, options) => ({ values: await callAsync(audio, options) }),
  }
}

/** The same for complex values, of which magnitudes are taken unless the option `complex` is true. */
export function complexValuesOf<O extends object>(
  call: (audio: Sound, options: O) => Values,
  callAsync: (audio: Sound, options: O & AsyncOptions) => Promise<Values>,
): Pick<Definition<O & ComplexChoice>, 'compute' | 'computeAsync'> {
  return valuesOf<O & ComplexChoice>(
    (audio, { complex, ...options }) => {
      const values = call(audio, options as unknown as O)
      return complex ? values : magnitudes(values)
    },
    async (audio, { complex, ...options }) => {
      const values = await callAsync(audio, options as unknown as O & AsyncOptions)
      return complex ? values : magnitudesAsync(values, options.signal && { signal: options.signal })
    },
  )
}

/** Options that say where librosa's frames lie. */
interface Framing {
  readonly hopLength: number | null
  readonly nFft?: number
  readonly frameLength?: number
  readonly winLength?: number | null
  readonly window?: unknown
  readonly center?: boolean
}

/** Frames as librosa cuts them: centred at multiples of the hop, or beginning there. */
export function librosaTiming(options: Framing, sampleRate: number): FrameTiming {
  const { nFft = 0, frameLength = nFft, window, center = true } = options
  // A window of values brings its length; by name it is as long as the frame.
  const custom = typeof window === 'object' && window !== null ? (window as ArrayLike<number>).length : frameLength
  const hop = options.hopLength ?? Math.floor((options.winLength ?? custom) / 4)
  return { rate: sampleRate / hop, first: center ? 0 : frameLength / 2 / sampleRate }
}

/** What librosa's matrices of features share. */
export const librosa = {
  orientation: ['bins', 'frames'],
  channels: 'average',
  rateOption: 'sr',
  timing: librosaTiming,
} as const
