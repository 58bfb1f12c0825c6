/** `98,688` for 98688. */
export const count = (n: number): string => n.toLocaleString('en-US', { maximumFractionDigits: 1 })

/** `1 frame`, `2 frames`. */
export const plural = (n: number, noun: string): string => `${count(n)} ${noun}${n === 1 ? '' : 's'}`

/** `+0.42`, `-6.13`: a number with its sign. */
export const signed = (x: number, digits = 2): string => `${x < 0 ? '-' : '+'}${Math.abs(x).toFixed(digits)}`

/** A rate as people say it: `44.1 kHz`. */
export const kilohertz = (rate: number): string => `${String(rate / 1000)} kHz`

/** `a`, `a or b`, `a, b or c`. */
export function either(parts: readonly string[], word = 'or'): string {
  if (parts.length < 2) return parts.join('')
  return `${parts.slice(0, -1).join(', ')} ${word} ${parts.at(-1)}`
}
