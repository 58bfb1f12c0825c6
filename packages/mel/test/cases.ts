import { tensor } from '@dsp/tensor'
import { golden } from '@dsp/tensor/testing'

/** A golden file of this folder. */
export const open = (name: string) => golden(new URL(`./golden/${name}.npz`, import.meta.url))

const signals = open('signals')

/** A signal of the goldens in float32: recordings lie there as int16. */
export function signal(name: string) {
  const { data, shape } = signals.array(name)
  const samples = data instanceof Int16Array ? Float32Array.from(data, (x) => x / 32768) : (data as Float32Array)
  return tensor(samples, shape)
}

/** librosa's options in camelCase; those that are not ours are left out. */
export function options(given: Record<string, unknown>): Record<string, unknown> {
  const { n_fft, hop_length, win_length, pad_mode, n_mels, mel_scale, n_mfcc, dct_type, mel_norm, window, ...same } =
    given
  const number = (value: unknown) => (value === 'inf' ? Infinity : value === '-inf' ? -Infinity : value)
  const { name: _, y: __, ...rest } = same
  const named = {
    ...{ nFft: n_fft, hopLength: hop_length, winLength: win_length, padMode: pad_mode, nMels: n_mels },
    ...{ melScale: mel_scale, nMfcc: n_mfcc, dctType: dct_type },
    ...(Array.isArray(window)
      ? { window: window[0], beta: window[1] }
      : { window: window === 'boxcar' ? 'rectangular' : window }),
    ...rest,
    ...('norm' in rest ? { norm: number(rest.norm) } : {}),
    ...('mel_norm' in given ? { melNorm: number(mel_norm) } : {}),
  }
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined))
}

/** A case: its names, and librosa's options. */
export interface Case extends Record<string, unknown> {
  /** The name of the result in the golden file. */
  readonly name: string
  /** The name of the signal. */
  readonly y: string
}

/** The cases of a golden file. */
export function cases<C = Case>(file: ReturnType<typeof open>): C[] {
  return file.text('cases').map((text) => JSON.parse(text) as C)
}

/** The largest relative difference of the values above 1e-10 of the largest one, and of the others against that limit. */
export function relativeError(got: ArrayLike<number>, want: ArrayLike<number>): number {
  if (got.length !== want.length) throw new Error(`lengths differ: ${got.length} and ${want.length}`)
  let peak = 0
  for (let i = 0; i < want.length; i++) peak = Math.max(peak, Math.abs(want[i]!))
  let worst = 0
  for (let i = 0; i < want.length; i++) {
    const error = Math.abs(got[i]! - want[i]!) / Math.max(Math.abs(want[i]!), 1e-10 * peak)
    if (!(error <= worst) && got[i] !== want[i]) worst = error
  }
  return worst
}
