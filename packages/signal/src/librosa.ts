import { type OptionSpec, option } from '@dsp/tensor'

/** A version of librosa whose results a function gives, where versions differ: `0.11` (and 0.10) or `1.0`. */
export type LibrosaVersion = '0.11' | '1.0'

/** The option `librosa`, which all functions have whose results differ between versions. */
export const librosaVersion: OptionSpec<LibrosaVersion> = option.enum(['0.11', '1.0'] as const, '0.11')
