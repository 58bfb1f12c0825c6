import { InvalidArgumentError } from 'commander'
import { STANDARD } from '../standard.js'

/** Gathers an option that may be repeated. */
export function collect(value: string, before: readonly string[]): string[] {
  return [...before, value]
}

/** A whole number above 0. */
export function positiveInteger(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < 1 || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError('It must be a whole number above 0.')
  }
  return value
}

/** The highest rate that sound is resampled to. */
const MAX_RATE = 1e8

/** A sample rate. */
export function hertz(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < 1 || value > MAX_RATE) {
    throw new InvalidArgumentError(`It must be a whole number above 0 and at most ${MAX_RATE}, as in --rate 16000.`)
  }
  return value
}

/** A number of at least 0. */
export function nonNegative(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!(value >= 0) || value === Infinity) throw new InvalidArgumentError('It must be a number of at least 0.')
  return value
}

/** A whole number of pixels that a picture can have. */
export function pixels(text: string): number {
  const value = positiveInteger(text)
  if (value < 320 || value > 8192) throw new InvalidArgumentError('It must be between 320 and 8192 pixels.')
  return value
}

/** A path that ends in .png, or standard output. */
export function pngPath(text: string): string {
  if (text !== STANDARD && !text.toLowerCase().endsWith('.png')) {
    throw new InvalidArgumentError('It must end in .png, or be - (standard output).')
  }
  return text
}
