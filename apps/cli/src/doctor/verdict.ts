import type { Cause, Diagnosis } from '@dsp/doctor'

const COUNTS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve']

/** Whether there is nothing to explain. */
export function isEqual({ explained, causes, minor }: Diagnosis): boolean {
  return explained && causes.length === 0 && minor.length === 0
}

/** The answer in one line. */
export function verdict(diagnosis: Diagnosis): string {
  const { explained, causes, minor, share, confidence, residual, difference } = diagnosis
  if (isEqual(diagnosis)) return 'Equal: nothing differs but rounding.'
  const all = explained && causes.length === 0 ? minor.length : causes.length
  const settings = `${COUNTS[all] ?? all} setting${all === 1 ? ' differs' : 's differ'}`
  if (explained) return `Explained: ${settings}.`
  if (confidence === 'likely' && all > 0)
    return `Mostly explained: ${settings}; this is ${percent(share)} of the difference.`
  if (all === 0) return 'I cannot explain this; no settings that I know come nearer than ours.'
  return `I cannot explain this; the nearest settings leave ${show(residual)} of ${show(difference)}.`
}

/** What the settings found come to, in one sentence. */
export function conclusion(diagnosis: Diagnosis): string {
  const { explained, causes, minor, residual, difference, share } = diagnosis
  const apart = `the features differ by ${show(difference)} (root mean square)`
  if (isEqual(diagnosis)) return `${capital(apart)}.`
  if (explained && [...causes, ...minor].every(({ id }) => id === 'layout')) {
    return `Only the layout in memory differs; the values differ by ${show(residual)} (root mean square), which is rounding.`
  }
  const count = causes.length + minor.length
  const fixes = count === 1 ? 'this fix' : count === 2 ? 'both fixes' : `all ${COUNTS[count] ?? count} fixes`
  if (explained) return `Before any fix ${apart}, after ${fixes} by ${show(residual)}${remainder(diagnosis)}.`
  if (count === 0) return `${capital(apart)}.`
  return `Before any fix ${apart}, after ${fixes} by ${show(residual)}: ${percent(1 - share)} of the difference is not explained.`
}

/** Beyond this part of the difference, what remains is more than rounding. */
const ROUNDING = 0.02

/** What the residual of an explained reference is, as the end of a sentence; empty if that is not known. */
export function remainder({ explained, causes, minor, residual, difference }: Diagnosis): string {
  if (!explained) return ''
  if ([...causes, ...minor].some(({ id }) => id === 'dither')) return ', the noise of the dither'
  return residual <= ROUNDING * difference ? ', rounding noise' : ''
}

/** What changes, as `ours → theirs`; parts of a list that both have are left out. */
export function change({ ours, theirs }: Cause): string {
  const [left, right] = [ours.split(', '), theirs.split(', ')]
  if (left.length !== right.length) return `${ours} → ${theirs}`
  const differ = left.map((_, i) => i).filter((i) => left[i] !== right[i])
  const shown = (parts: readonly string[]) => differ.map((i) => parts[i]).join(', ')
  return differ.length === 0 ? `${ours} → ${theirs}` : `${shown(left)} → ${shown(right)}`
}

/** Three significant digits. */
export function show(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'undefined' : 'infinity'
  if (value === 0) return '0'
  const size = Math.abs(value)
  return size >= 1e-3 && size < 1e6 ? String(Number(value.toPrecision(3))) : value.toExponential(1).replace('e+', 'e')
}

/** A fraction as per cent; what is not all is never rounded to all, nor something to nothing. */
export function percent(fraction: number): string {
  if (!Number.isFinite(fraction)) return 'an unknown part'
  const value = 100 * fraction
  if (value > 0 && value < 1) return 'less than 1 %'
  if (value > 99 && value < 100) return value > 99.9 ? 'more than 99.9 %' : `${value.toFixed(1)} %`
  return `${Math.round(value)} %`
}

function capital(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}`
}
