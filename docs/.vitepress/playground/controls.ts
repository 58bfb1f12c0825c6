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
 * A slider for an option that one number may be given for: within its limits, and around its default, which few limits are near. The
 * field beside it takes any value. Null for options that no slider suits.
 * @param spec - The option.
 * @param ends - The ends, where the default tells nothing of the size.
 */
export function sliderOf(spec: OptionSpec<unknown>, ends?: readonly [number, number]): Slider | null {
  const { kind, default: standard, min, max, values = [] } = spec
  const isNumber = kind === 'number' || kind === 'integer' || (kind === 'array' && spec.single === true)
  if (!isNumber || values.length > 0) return null
  const isWhole = kind === 'integer' || spec.whole === true
  if (ends !== undefined) return { min: ends[0], max: ends[1], step: stepOf(ends[1] - ends[0], isWhole) }
  if (typeof standard !== 'number' || !Number.isFinite(standard) || standard === 0) return null
  const far = 4 * Math.abs(standard)
  const low = Math.max(min ?? (standard < 0 ? -far : 0), -far)
  const high = Math.min(max ?? far, far)
  return high > low ? { min: low, max: high, step: stepOf(high - low, isWhole) } : null
}

function stepOf(length: number, isWhole: boolean): number {
  return isWhole || length >= 200 ? 1 : 10 ** Math.floor(Math.log10(length / 100))
}
