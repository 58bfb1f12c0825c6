/** A mark on an axis: its value and its label. */
export interface Tick {
  readonly value: number
  readonly label: string
}

/** Steps that people count in. */
const STEPS = [1, 2, 5, 10]

/**
 * Round values between two ends (steps of 1, 2 or 5 times a power of ten).
 * @param low - The lower end.
 * @param high - The upper end.
 * @param count - About as many ticks.
 */
export function niceTicks(low: number, high: number, count: number): Tick[] {
  if (!(high > low) || !Number.isFinite(high - low)) return [{ value: low, label: number(low, 0) }]
  const rough = (high - low) / Math.max(1, count)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = (STEPS.find((candidate) => candidate * power >= rough * 0.999) ?? 10) * power
  const digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9))
  const ticks: Tick[] = []
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
    ticks.push({ value: i * step, label: number(i * step, digits) })
  }
  return ticks
}

/**
 * Frequencies that people know, for an axis on which frequencies are not evenly spaced.
 * @param low - The lower end in hertz.
 * @param high - The upper end in hertz.
 */
export function knownFrequencies(low: number, high: number): Tick[] {
  const known = [50, 125, 250, 500, 1000, 1500, 2000, 3000, 4000, 6000, 8000, 12000, 16000, 24000, 48000]
  return known.filter((value) => value >= low && value <= high).map((value) => ({ value, label: String(value) }))
}

/**
 * Numbers of coefficients, each in the middle of its row.
 * @param rows - Number of coefficients.
 */
export function coefficientTicks(rows: number): Tick[] {
  return niceTicks(0, rows - 1, Math.min(rows - 1, 12))
    .filter(({ value }) => Number.isInteger(value))
    .map(({ value, label }) => ({ value: value + 0.5, label }))
}

/** A number with a fixed count of decimals and a true minus sign. */
function number(value: number, digits: number): string {
  const text = Math.abs(value) >= 1e6 ? value.toExponential(1) : value.toFixed(digits)
  return (Number(text) === 0 ? text.replace('-', '') : text).replace('-', '−')
}
