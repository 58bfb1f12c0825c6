import { resolveWindowed, stftParameters } from '@dsp/fft'
import {
  type ChromaStftParameters,
  ChromaWork,
  type CqtParameters,
  type FoldParameters,
  type PiptrackParameters,
} from '@dsp/native'
import { DspError, guard, isTensorData, type OptionSpecs, resolveOptions, type TensorLike } from '@dsp/tensor'
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
import { complexRowsOf, type Planner, rowsOf } from './forms.js'
import {
  type CqtOptions,
  cqtOptionSpecs,
  type IcqtOptions,
  type Intervals,
  icqtOptionSpecs,
  type PseudoCqtOptions,
  pseudoCqtOptionSpecs,
  type VqtOptions,
  vqtOptionSpecs,
} from './options.js'
import {
  type EstimateTuningOptions,
  estimateTuningOptionSpecs,
  type PiptrackOptions,
  piptrackOptionSpecs,
} from './pitch-options.js'
import { known } from './typed.js'

/** The note C1 in hertz. */
export const C1 = 32.70319566257483
const RATE = 22050

/** Numbers of one's own, if any, and the length of their last axis. */
export type Own = { values: Float64Array; columns: number } | undefined

/** Numbers of one's own, in a list, a typed array or a tensor: float64 and the length of the last axis. */
export function numbers(name: string, value: unknown): Own {
  if (typeof value !== 'object' || value === null) return undefined
  const like = Array.isArray(value) || isTensorData(value) ? undefined : (value as TensorLike)
  const flat = like === undefined ? (value as ArrayLike<number>) : like.data
  if (like !== undefined && (!isTensorData(flat) || (like.stride !== undefined && !rowMajor(like)))) {
    throw DspError.argument(name, 'a list of numbers, a typed array or a row-major tensor', value)
  }
  const values = Float64Array.from(flat as ArrayLike<number>)
  if (values.length === 0 || !values.every(Number.isFinite)) {
    throw DspError.argument(name, 'a list of at least one finite number', value)
  }
  return { values, columns: like?.shape.at(-1) ?? values.length }
}

function rowMajor({ shape, stride, offset }: TensorLike): boolean {
  let step = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && stride![axis] !== step) return false
    step *= shape[axis]!
  }
  return (offset ?? 0) === 0
}

/** Resolves options one of which may be numbers of one's own. */
function resolveOwn<O extends object, K extends keyof O & string>(
  owner: string,
  specs: OptionSpecs<O>,
  options: Partial<O> | undefined,
  name: K,
): { resolved: O; own: Own } {
  const own = numbers(name, options?.[name])
  if (own === undefined) return { resolved: resolveOptions(owner, specs, options), own }
  const { [name]: _, ...rest } = options as O
  return { resolved: resolveOptions(owner, specs, rest as unknown as Partial<O>), own }
}

const plain = {
  intervals: 'equal' as string | Float64Array,
  gamma: 0 as number | undefined,
  filterScale: 1,
  norm: 1 as number | undefined,
  sparsity: 0.01,
  window: 'hann',
  windowParameter: 0,
  scale: true,
  padMode: 'constant',
  resType: 'soxr_hq',
}

const wide = (dtype: string | null) => (dtype === null ? undefined : dtype === 'complex128' || dtype === 'float64')

function cqtParameters(o: Omit<CqtOptions, 'resType' | 'dtype'> & { resType?: string }, rate?: number): CqtParameters {
  const { sr, fmin, resType } = o
  return known({
    ...plain,
    ...o,
    resType: resType ?? plain.resType,
    sr: sr ?? rate ?? RATE,
    fmin: fmin ?? C1,
  })
}

export const planCqt: Planner<CqtOptions> = (owner, options) => {
  const o = resolveOptions(owner, cqtOptionSpecs, options)
  return (rate) => ({
    work: guard(() => ChromaWork.vqt(cqtParameters(o, rate))),
    shape: complexRowsOf(o.nBins),
    double: wide(o.dtype),
  })
}

export const planVqt: Planner<VqtOptions> = (owner, options) => {
  const { resolved: o, own } = resolveOwn(owner, vqtOptionSpecs, options, 'intervals')
  const intervals = own?.values ?? (o.intervals as string)
  return (rate) => ({
    work: guard(() => ChromaWork.vqt(known({ ...cqtParameters(o, rate), intervals, gamma: o.gamma }))),
    shape: complexRowsOf(o.nBins),
    double: wide(o.dtype),
  })
}

export const planHybrid: Planner<CqtOptions> = (owner, options) => {
  const o = resolveOptions(owner, cqtOptionSpecs, options)
  return (rate) => ({
    work: guard(() => ChromaWork.hybridCqt(cqtParameters(o, rate))),
    shape: rowsOf(o.nBins),
    double: wide(o.dtype),
  })
}

export const planPseudo: Planner<PseudoCqtOptions> = (owner, options) => {
  const o = resolveOptions(owner, pseudoCqtOptionSpecs, options)
  return (rate) => ({
    work: guard(() => ChromaWork.pseudoCqt(cqtParameters(o, rate))),
    shape: rowsOf(o.nBins),
    double: wide(o.dtype),
  })
}

export const planIcqt: Planner<IcqtOptions> = (owner, options) => {
  const o = resolveOptions(owner, icqtOptionSpecs, options)
  return (rate) => ({
    // The number of bins is the transform's.
    work: guard(() => ChromaWork.icqt(cqtParameters({ ...o, nBins: 1, padMode: 'constant' }, rate), o.length)),
    shape: (values) => [values],
    double: wide(o.dtype),
  })
}

function foldParameters(
  o: { cqtMode?: string; norm: number | null; threshold: number | null },
  nChroma: number,
  own: Own,
): FoldParameters {
  const { norm, threshold } = o
  return known({ cqtMode: o.cqtMode ?? 'full', norm, threshold, nChroma, ...foldWindow(own) })
}

/** The transform that chroma are folded from. */
function underChroma(o: CqtChromaOptions, binsPerOctave: number, rate?: number): CqtParameters {
  const { sr, hopLength, fmin, tuning, nOctaves } = o
  return known({
    ...plain,
    sr: sr ?? rate ?? RATE,
    hopLength,
    fmin: fmin ?? C1,
    nBins: nOctaves * binsPerOctave,
    binsPerOctave,
    tuning,
  })
}

type CqtMaker = (cqt: CqtParameters, fold: FoldParameters) => ChromaWork

const planOverCqt =
  (maker: CqtMaker, rows?: number): Planner<ChromaCqtOptions> =>
  (owner, options) => {
    const { resolved: o, own } = resolveOwn<ChromaCqtOptions, 'window'>(owner, chromaCqtOptionSpecs, options, 'window')
    const fold = foldParameters(o, o.nChroma, own)
    return (rate) => ({
      work: guard(() => maker(underChroma(o, o.binsPerOctave ?? o.nChroma, rate), fold)),
      shape: rowsOf(rows ?? o.nChroma),
    })
  }

export const planChromaCqt = planOverCqt((cqt, fold) => ChromaWork.chromaCqt(cqt, fold))
export const planChromaCqtFrom = planOverCqt((cqt, fold) => ChromaWork.chromaCqtFrom(cqt, fold))
export const planTonnetz = planOverCqt((cqt, fold) => ChromaWork.tonnetz(cqt, fold), 6)
export const planTonnetzFrom: Planner<object> = (owner, options) => {
  resolveOptions(owner, {}, options)
  return () => ({ work: ChromaWork.tonnetzFrom(), shape: rowsOf(6) })
}

const planOverCens =
  (maker: typeof ChromaWork.chromaCens): Planner<ChromaCensOptions> =>
  (owner, options) => {
    const { resolved: o, own } = resolveOwn<ChromaCensOptions, 'window'>(
      owner,
      chromaCensOptionSpecs,
      options,
      'window',
    )
    const fold = foldParameters({ ...o, norm: null, threshold: 0 }, o.nChroma, own)
    const { norm, winLenSmooth, smoothingWindow, smoothingWindowParameter } = o
    const after = known({ norm, winLenSmooth, smoothingWindow, smoothingWindowParameter })
    return (rate) => ({
      work: guard(() => maker(underChroma(o, o.binsPerOctave, rate), fold, after)),
      shape: rowsOf(o.nChroma),
    })
  }

export const planCens = planOverCens((cqt, fold, after) => ChromaWork.chromaCens(cqt, fold, after))
export const planCensFrom = planOverCens((cqt, fold, after) => ChromaWork.chromaCensFrom(cqt, fold, after))

const planOverVqt =
  (maker: CqtMaker): Planner<ChromaVqtOptions> =>
  (owner, options) => {
    if (options?.intervals === undefined) {
      throw DspError.argument('intervals', 'given: a name or ratios', options?.intervals)
    }
    const { resolved: o, own } = resolveOwn<ChromaVqtOptions, 'intervals'>(
      owner,
      chromaVqtOptionSpecs,
      options,
      'intervals',
    )
    const intervals: Intervals = own?.values ?? o.intervals
    const binsPerOctave = own?.values.length ?? o.binsPerOctave
    const { sr, hopLength, fmin, gamma } = o
    const fold = foldParameters(o, binsPerOctave, undefined)
    return (rate) => ({
      work: guard(() =>
        maker(
          known({
            ...plain,
            sr: sr ?? rate ?? RATE,
            hopLength,
            fmin: fmin ?? C1,
            nBins: o.nOctaves * binsPerOctave,
            intervals: intervals as string | Float64Array,
            binsPerOctave,
            gamma,
            tuning: 0,
          }),
          fold,
        ),
      ),
      shape: rowsOf(binsPerOctave),
    })
  }

export const planChromaVqt = planOverVqt((vqt, fold) => ChromaWork.chromaVqt(vqt, fold))
export const planChromaVqtFrom = planOverVqt((vqt, fold) => ChromaWork.chromaVqtFrom(vqt, fold))

/** Options of a Fourier transform's chroma as the core takes them. */
export function chromaStftParameters(o: ChromaStftOptions, rate: number | undefined): ChromaStftParameters {
  const { norm, tuning, nChroma, ctroct, octwidth, baseC } = o
  const stft = stftParameters(o, o.nFft, o.padMode)
  return known({ sr: o.sr ?? rate ?? RATE, stft, norm, tuning, nChroma, ctroct, octwidth, filterNorm: 2, baseC })
}

const planOverStft =
  (maker: (options: ChromaStftParameters) => ChromaWork): Planner<ChromaStftOptions> =>
  (owner, options) => {
    const o = resolveWindowed<ChromaStftOptions>(owner, chromaStftOptionSpecs, options)
    return (rate) => ({ work: guard(() => maker(chromaStftParameters(o, rate))), shape: rowsOf(o.nChroma) })
  }

export const planChromaStft = planOverStft((stft) => ChromaWork.chromaStft(stft))
export const planChromaStftFrom = planOverStft((stft) => ChromaWork.chromaStftFrom(stft))

function piptrackParameters(o: PiptrackOptions, own: Own, rate: number | undefined): PiptrackParameters {
  const { fmin, fmax, threshold } = o
  const stft = stftParameters(o, o.nFft, o.padMode)
  const reference = own?.values ?? (o.ref as number | null)
  return known({ sr: o.sr ?? rate ?? RATE, stft, fmin, fmax, threshold, reference })
}

/** Resolves options with a window and a reference of one's own. */
function resolvePeaks<O extends PiptrackOptions>(owner: string, specs: OptionSpecs<O>, options?: Partial<O>) {
  const own = numbers('ref', options?.ref)
  if (own === undefined) return { o: resolveWindowed(owner, specs, options), own }
  const { ref: _, ...rest } = options!
  return { o: resolveWindowed(owner, specs, rest as unknown as Partial<O>), own }
}

const planOverPeaks =
  (maker: (options: PiptrackParameters) => ChromaWork): Planner<PiptrackOptions> =>
  (owner, options) => {
    const { o, own } = resolvePeaks<PiptrackOptions>(owner, piptrackOptionSpecs, options)
    return (rate) => ({
      work: guard(() => maker(piptrackParameters(o, own, rate))),
      shape: rowsOf(Math.floor(o.nFft / 2) + 1),
    })
  }

export const planPiptrack = planOverPeaks((peaks) => ChromaWork.piptrack(peaks))
export const planPiptrackFrom = planOverPeaks((peaks) => ChromaWork.piptrackFrom(peaks))

const planOverTuning =
  (maker: typeof ChromaWork.tuning): Planner<EstimateTuningOptions> =>
  (owner, options) => {
    const { o, own } = resolvePeaks<EstimateTuningOptions>(owner, estimateTuningOptionSpecs, options)
    return (rate) => ({
      work: guard(() => maker(piptrackParameters(o, own, rate), o.resolution, o.binsPerOctave)),
      shape: (values) => [values],
      joint: true,
    })
  }

export const planTuning = planOverTuning((peaks, resolution, bins) => ChromaWork.tuning(peaks, resolution, bins))
export const planTuningFrom = planOverTuning((peaks, resolution, bins) =>
  ChromaWork.tuningFrom(peaks, resolution, bins),
)

/** Weights of one's own for a folding, as the core takes them. */
export function foldWindow(own: Own) {
  return { window: own?.values, windowRows: own === undefined ? 0 : own.values.length / own.columns }
}
