import type { FilterChange, FrequencyResponses } from '@dsp/sincnet'
import { chart, stroke } from './chart.js'
import { ink, lines } from './colours.js'
import type { Size } from './picture.js'

/** What a filter picture shows. */
export interface FilterPicture {
  readonly title: string
  /** One row per filter. */
  readonly rows: readonly FilterChange[]
  /** Of the filters as they began. */
  readonly initial: FrequencyResponses
  /** Of the filters as they were learned. */
  readonly learned: FrequencyResponses
}

const HERTZ = [50, 100, 200, 500, 1000, 2000, 4000, 8000]
const DECIBELS = [-30, -20, -10, 0]
const [BEFORE, AFTER] = [ink.faint, lines[1]]

/**
 * Draws learned against initial filters as PNG. Above, the band of each filter from its low to its high cut-off, initial in grey and
 * learned in colour; below, the response of all filters together: the sum of their squared magnitudes, in dB below its maximum.
 * @param picture - The filters.
 * @param size - Pixels.
 */
export function renderFilters({ title, rows, initial, learned }: FilterPicture, size: Size): Buffer {
  const unit = Math.min(size.width / 1200, size.height / 900)
  const { canvas, ctx, write } = chart(size, unit)
  const [left, right] = [90 * unit, size.width - 30 * unit]
  const [top, bottom] = [80 * unit, size.height - 60 * unit]
  const middle = top + (bottom - top) * 0.62
  const lowest = HERTZ[0]!
  const highest = initial.frequencies.get(initial.frequencies.shape[0]! - 1)
  const across = (hertz: number) =>
    left + ((right - left) * Math.log(Math.max(hertz, lowest) / lowest)) / Math.log(highest / lowest)
  write(title, left, 46 * unit, 24, ink.title, 'left')
  write('initial', right - 90 * unit, 46 * unit, 16, BEFORE, 'right')
  write('learned', right, 46 * unit, 16, AFTER, 'right')

  for (const hertz of HERTZ.filter((hertz) => hertz <= highest)) {
    const x = across(hertz)
    stroke(ctx, ink.grid, unit, [x, top, x, middle])
    stroke(ctx, ink.grid, unit, [x, middle + 40 * unit, x, bottom])
    write(hertz < 1000 ? String(hertz) : `${hertz / 1000}k`, x, bottom + 22 * unit, 15, ink.text, 'center')
  }
  write('Hz', right, bottom + 46 * unit, 16, ink.text, 'right')

  const step = (middle - top) / rows.length
  for (const [i, { initial: before, learned: after }] of rows.entries()) {
    const y = middle - (i + 0.5) * step
    const bar = (low: number, high: number, thickness: number, colour: string) => {
      // A band of a few hertz must stay visible.
      const width = Math.max(across(high) - across(low), 2 * unit)
      ctx.fillStyle = colour
      ctx.fillRect(across(low), y - (thickness * step) / 2, width, thickness * step)
    }
    bar(before.low, before.low + before.band, 0.9, ink.line)
    bar(after.low, after.low + after.band, 0.5, AFTER)
  }
  write('filter', left - 12 * unit, (top + middle) / 2, 16, ink.text, 'right')
  write(String(rows.length), left - 12 * unit, top + 14 * unit, 15, ink.text, 'right')
  write('1', left - 12 * unit, middle, 15, ink.text, 'right')

  const floor = DECIBELS[0]!
  const down = (decibels: number) =>
    middle + 40 * unit + ((bottom - middle - 40 * unit) * Math.min(-decibels, -floor)) / -floor
  for (const decibels of DECIBELS) {
    stroke(ctx, ink.grid, unit, [left, down(decibels), right, down(decibels)])
    write(`${decibels} dB`, left - 12 * unit, down(decibels) + 5 * unit, 15, ink.text, 'right')
  }
  write('passed by all filters together', left + 10 * unit, middle + 34 * unit, 15, ink.text, 'left')
  for (const [responses, colour] of [
    [initial, BEFORE],
    [learned, AFTER],
  ] as const) {
    const levels = sumOf(responses)
    const points = levels.flatMap((level, k) => {
      const hertz = responses.frequencies.get(k)
      return hertz < lowest ? [] : [across(hertz), down(level)]
    })
    stroke(ctx, colour, 2.4 * unit, points)
  }
  return canvas.toBuffer('image/png')
}

/** The power that all filters pass at each frequency, in dB under the maximum. */
function sumOf({ frequencies, magnitudes }: FrequencyResponses): number[] {
  const [filters, bins] = [magnitudes.shape[0]!, frequencies.shape[0]!]
  const powers = Array.from({ length: bins }, (_, k) => {
    let sum = 0
    for (let i = 0; i < filters; i++) sum += magnitudes.get(i, k) ** 2
    return sum
  })
  const most = Math.max(...powers)
  return powers.map((power) => 10 * Math.log10(Math.max(power / most, 1e-12)))
}
