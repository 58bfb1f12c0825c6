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

/** Results of so many complex rows: `[..., rows, frames, 2]`. */
export function complexMatrices(rows: number): Wrap {
  return ([values], leading) => perChannel(values!, leading, (size) => [rows, size / rows / 2, 2])
}
