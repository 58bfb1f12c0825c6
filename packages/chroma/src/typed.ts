import type { SignalData } from '@dsp/signal'

/** The storage of a result: that of the signal `T`, or what `dtype` says. */
export type Typed<T extends SignalData, D> = D extends 'complex64' | 'float32'
  ? Float32Array
  : D extends 'complex128' | 'float64'
    ? Float64Array
    : T

/** An object without its values that are null or undefined. */
export type Known<O> = {
  [K in keyof O as null extends O[K] ? never : undefined extends O[K] ? never : K]: O[K]
} & { [K in keyof O as null extends O[K] ? K : undefined extends O[K] ? K : never]?: NonNullable<O[K]> }

/** Leaves null and undefined values out, as the binding wants them. */
export function known<O extends object>(options: O): Known<O> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value != null)) as Known<O>
}
