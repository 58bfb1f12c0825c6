import { round } from '../gain.js'

/** A part of a whole in percent: `92 %`, `0.4 %`, `99.7 %`. Only what rounds to the whole in three digits is `100 %`. */
export function percent(share: number): string {
  const value = 100 * share
  if (!(value >= 0.05)) return 'less than 0.1 %'
  if (value < 10 || (value >= 99 && value < 99.95)) return `${Number(value.toFixed(1))} %`
  return `${Math.round(value)} %`
}

/** A frequency in Hz. */
export function hertz(value: number): string {
  return `${round(value, 7)} Hz`
}

/** A length in samples, with its duration. */
export function length(samples: number, sampleRate: number): string {
  return `${count(samples, 'sample')} (${round((1000 * samples) / sampleRate, 4)} ms)`
}

/** A count with its noun. */
export function count(value: number, noun: string): string {
  return `${value} ${noun}${Math.abs(value) === 1 ? '' : 's'}`
}

/** An energy, with the power of two or ten that it is. */
export function energy(value: number): string {
  if (value === 0) return '0'
  const two = Math.log2(value)
  if (two < 0 && Math.abs(two - Math.round(two)) < 1e-6) return `2^${Math.round(two)}`
  const ten = Math.log10(value)
  if (ten < 0 && Math.abs(ten - Math.round(ten)) < 1e-9) return `1e${Math.round(ten)}`
  return round(value)
}
