import { perChannel, type SignalData } from '@dsp/signal'
import type { Tensor } from '@dsp/tensor'

/** The storage of a result: that of the signal `T`, or what `dtype` says. */
export type Typed<T extends SignalData, D> = D extends 'complex64' | 'float32'
  ? Float32Array
  : D extends 'complex128' | 'float64'
    ? Float64Array
    : T

type Wrap = (arrays: SignalData[], leading: readonly number[]) => Tensor<SignalData>

/** Results of so many rows: `[..., rows, frames]`. */
export function matrices(rows: number): Wrap {
  return ([values], leading) => perChannel(values!, leading, (size) => [rows, size / rows])
}

/** What the results of a transform are made of: where no number of filters was given, it comes as a second array. */
export const transformed = (nBins: number | null, parts: readonly number[] = []): { arrays: number; wrap: Wrap } => ({
  arrays: nBins === null ? 2 : 1,
  wrap: ([values, counted], leading) => {
    const rows = nBins ?? counted![0]!
    const width = parts.reduce((product, length) => product * length, rows)
    return perChannel(values!, leading, (size) => [rows, size / width, ...parts])
  },
})
