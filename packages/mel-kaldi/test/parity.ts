import { decodeAudioSync } from '@dsp/audio'
import { DspError, type Tensor, tensor } from '@dsp/tensor'
import { type Golden, sharedData } from '@dsp/tensor/testing'
import { fbank, mfcc, type Precision, spectrogram } from '../src/index.js'

/**
 * The promised distance from torchaudio run in float64, as |difference of logarithms| of what is not on the floor: the
 * 99.9th percentile over the recordings of all option sets, and the maximum of any signal.
 */
export const TOLERANCE = {
  float32: { p999: 2e-4, max: 1e-3 },
  float64: { p999: 5e-5, max: 2.5e-4 },
} as const

/**
 * The promised maximum where filters are so narrow that some are empty: a filter may then rest on a single small weight,
 * and torchaudio's float32 table of the weights (whose logarithms depend on the processor) is itself that far off.
 */
export const NARROW_FILTERS = { float32: 1e-3, float64: 5e-4 } as const

/**
 * The largest distance from kaldi-native-fbank and lhotse, which compute in float32 and are themselves that far from the
 * truth at quiet cells; a cepstrum adds up many cells and its lifter multiplies them.
 */
export const FLOAT32_PEER = { fbank: 2e-3, mfcc: 1e-2, spectrogram: 2e-3 } as const

/** One case of a golden file. */
export interface Case {
  readonly kind: 'fbank' | 'mfcc' | 'spectrogram'
  readonly source: {
    readonly synthetic?: number
    readonly file?: string
    readonly start?: number
    readonly length?: number
    readonly scale: number
    readonly rate: number
  }
  readonly options: Record<string, unknown>
}

const decoded = new Map<string, Tensor | undefined>()

/** `[channels, samples]` of a file of the shared data, or undefined where that is absent. */
function shared(file: string): Tensor | undefined {
  if (!decoded.has(file)) {
    const path = sharedData(file)
    decoded.set(file, path === undefined ? undefined : decodeAudioSync(path).samples)
  }
  return decoded.get(file)
}

/** The signal of a case, or undefined where the shared data is absent. */
export function signalOf({ source }: Case, file: Golden): Tensor | undefined {
  const scaled = (samples: Float32Array) => tensor(samples.map((x) => x * source.scale))
  if (source.synthetic !== undefined) {
    return scaled((file.numbers(`synthetic${source.synthetic}`) as Float32Array).slice(0, source.length))
  }
  const samples = shared(source.file as string)
  if (samples === undefined) return undefined
  const { start = 0, length = 0 } = source
  const total = samples.shape.at(-1) as number
  const channels = samples.size / total
  const rows = Array.from({ length: channels }, (_, c) =>
    samples.data.subarray(c * total + start, c * total + start + length),
  )
  return tensor(Float32Array.from(rows.flatMap((row) => [...row]).map((x) => x * source.scale)), [channels, length])
}

/** Our features of a case. */
export function ours(
  { kind, options }: Case,
  signal: Tensor,
  precision: Precision,
): Tensor<Float32Array | Float64Array> {
  const call = { fbank, mfcc, spectrogram }[kind]
  return call(signal, { ...options, precision })
}

const FLOOR = Math.log(2 ** -23)

/**
 * Distances of all cells that are not on the floor in the reference. Linear energies are compared as logarithms.
 */
export function distances(actual: ArrayLike<number>, expected: ArrayLike<number>, one: Case): number[] {
  if (actual.length !== expected.length) {
    throw new DspError(`${actual.length} cells, not ${expected.length}`, { code: 'ERR_DSP_SHAPE' })
  }
  const linear = one.options.useLogFbank === false && one.options.subtractMean !== true
  const out: number[] = []
  for (let i = 0; i < actual.length; i++) {
    let [a, b] = [actual[i] as number, expected[i] as number]
    if (linear && a > 0 && b > 0) [a, b] = [Math.log(a), Math.log(b)]
    if (one.kind === 'mfcc' || one.options.subtractMean === true || Math.abs(b - FLOOR) > 1e-6)
      out.push(Math.abs(a - b))
  }
  return out
}

/** A quantile of many distances. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
}
