import type { OptionSpec } from '@dsp/tensor'

/** A value as the text that `parseOption` reads. */
export function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(',')
  if (value === Infinity) return 'inf'
  if (value === -Infinity) return '-inf'
  return String(value)
}

/** The ends and the step of a slider. */
export interface Slider {
  readonly min: number
  readonly max: number
  readonly step: number
}

/**
 * A slider for an option that is one number: within its limits, and around its default, which few limits are near. The field
 * beside it takes any value. Null for options that no slider suits.
 */
export function sliderOf({ kind, default: standard, min, max, values }: OptionSpec<unknown>): Slider | null {
  if ((kind !== 'number' && kind !== 'integer') || values !== undefined) return null
  if (typeof standard !== 'number' || !Number.isFinite(standard) || standard === 0) return null
  const far = 4 * Math.abs(standard)
  const low = Math.max(min ?? (standard < 0 ? -far : 0), -far)
  const high = Math.min(max ?? far, far)
  if (!(high > low)) return null
  const step = kind === 'integer' || far >= 200 ? 1 : 10 ** Math.floor(Math.log10((high - low) / 100))
  return { min: low, max: high, step }
}
