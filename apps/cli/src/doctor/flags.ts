import type { PythonLibrary } from '@dsp/doctor'

/** The options of `dsp diagnose`. */
export interface Flags {
  readonly kind?: string
  readonly set: readonly string[]
  readonly preset?: string
  readonly rate?: number
  readonly ours?: string
  readonly reference?: string
  readonly shape?: readonly number[]
  readonly dtype?: string
  readonly timeLimit?: number
  readonly plot?: string
  readonly width: number
  readonly height: number
  readonly emitPython?: PythonLibrary
  readonly out?: string
  readonly json?: boolean
  readonly report?: string
  readonly explain?: string
}
