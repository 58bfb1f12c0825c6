import { resolveWindowed, stftParameters } from '@dsp/fft'
import { C1 } from '@dsp/native'
import { type SignalInfo, withRate } from '@dsp/signal'
import { DspError, type OptionSpecs, resolveOptions } from '@dsp/tensor'
import {
  type ChromaCensOptions,
  type ChromaCqtOptions,
  type ChromaStftOptions,
  type ChromaVqtOptions,
  type CqtChromaOptions,
  chromaCensOptionSpecs,
  chromaCqtOptionSpecs,
  chromaStftOptionSpecs,
  chromaVqtOptionSpecs,
} from './chroma-options.js'
import { resolveCustom, rowsOf } from './custom.js'
import { type VqtOptions, vqtOptionSpecs } from './options.js'
import type { PiptrackOptions } from './pitch-options.js'

/** The rate of bare arrays if no option says another one. */
const DEFAULT_RATE = 22050

interface Rated {
  readonly sr: number | null
}

/** Checks the options of a function of signals and gives them as the core takes them. */
export function parameters<O extends Rated>(
  owner: string,
  specs: OptionSpecs<O>,
  given: Partial<O> | undefined,
  signal: SignalInfo | undefined,
  resolve: (owner: string, specs: OptionSpecs<O>, options: Partial<O> | undefined) => O = resolveOptions,
): O & { readonly sr: number } {
  const options = resolve(owner, specs, withRate<O>(given, 'sr', signal?.sampleRate))
  return withLowest({ ...options, sr: options.sr ?? DEFAULT_RATE })
}

/** Options in which C1 stands for a lowest frequency that is null. */
export function withLowest<O extends object>(options: O): O {
  return 'fmin' in options && options.fmin === null ? { ...options, fmin: C1 } : options
}

/** {@link parameters} of `vqt`. */
export function vqtParameters(owner: string, given: Partial<VqtOptions> | undefined, signal: SignalInfo): VqtOptions {
  return parameters<VqtOptions>(owner, vqtOptionSpecs, given, signal, (...of) => resolveCustom(...of, 'intervals'))
}

/** {@link parameters} of `chromaCqt` and of what is made of it. */
export function chromaCqtParameters(
  owner: string,
  given: Partial<ChromaCqtOptions> | undefined,
  signal: SignalInfo,
): ChromaCqtOptions {
  return folded<ChromaCqtOptions>(owner, chromaCqtOptionSpecs, given, signal)
}

/** {@link parameters} of `chromaCens`. */
export function chromaCensParameters(
  owner: string,
  given: Partial<ChromaCensOptions> | undefined,
  signal: SignalInfo,
): ChromaCensOptions {
  return folded<ChromaCensOptions>(owner, chromaCensOptionSpecs, given, signal)
}

function folded<O extends CqtChromaOptions>(
  owner: string,
  specs: OptionSpecs<O>,
  given: Partial<O> | undefined,
  signal: SignalInfo,
): O {
  const options = parameters<O>(owner, specs, given, signal, (...of) => resolveCustom(...of, 'window'))
  // The core takes the window's values as they lie in memory, and the number of its rows.
  return { ...options, windowRows: rowsOf(given?.window) }
}

/** {@link parameters} of `chromaVqt`; ratios also set `binsPerOctave`. */
export function chromaVqtParameters(
  owner: string,
  given: Partial<ChromaVqtOptions> | undefined,
  signal: SignalInfo,
): ChromaVqtOptions {
  if (given?.intervals === undefined) {
    throw DspError.argument('intervals', 'given: a name or ratios', given?.intervals)
  }
  const options = parameters<ChromaVqtOptions>(owner, chromaVqtOptionSpecs, given, signal, (...of) =>
    resolveCustom(...of, 'intervals'),
  )
  const { intervals, binsPerOctave } = options
  return { ...options, binsPerOctave: typeof intervals === 'string' ? binsPerOctave : intervals.length }
}

/** {@link parameters} of `chromaStft`. */
export function chromaStftParameters(
  owner: string,
  given: Partial<ChromaStftOptions> | undefined,
  signal?: SignalInfo,
): ChromaStftOptions & { readonly sr: number } {
  const options = parameters<ChromaStftOptions>(owner, chromaStftOptionSpecs, given, signal, resolveWindowed)
  return { ...options, ...stftParameters(options, options.nFft, options.padMode) } as typeof options
}

/** {@link parameters} of `piptrack` and of `estimateTuning`. */
export function peakParameters<O extends PiptrackOptions>(
  owner: string,
  specs: OptionSpecs<O>,
  given: Partial<O> | undefined,
  signal: SignalInfo,
): O {
  const options = parameters<O>(owner, specs, given, signal, (...of) => resolveCustom(...of, 'ref', resolveWindowed))
  return { ...options, ...stftParameters(options, options.nFft, options.padMode) } as O
}
