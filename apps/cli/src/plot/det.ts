import { type DetCurve, detCorners, probit } from '@dsp/sincnet'
import { chart, stroke } from './chart.js'
import { ink, lines } from './colours.js'
import type { Box, Size } from './picture.js'

/** A verifier in a DET picture. */
export interface DetLine {
  readonly name: string
  readonly curve: DetCurve
  /** The equal error rate, 0 to 1. */
  readonly rate: number
}

/** Error rates in percent that the axes may be marked with, and lie between. */
const MARKS = [0.001, 0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 40, 60, 80, 90, 95]
/** The axes always reach from one of these to the other. */
const LEAST = [1, 40] as const

/**
 * Draws detection error tradeoff curves as PNG: misses over false alarms, both axes in quantiles of the normal distribution, so
 * that normally distributed scores make a straight line (Martin et al. 1997). A dot is at the equal error rate.
 * @param curves - One or more, the first on top.
 * @param title - What they are of.
 * @param size - Pixels.
 */
export function renderDet(curves: readonly DetLine[], title: string, size: Size): Buffer {
  const unit = Math.min(size.width, size.height) / 800
  const { canvas, ctx, write } = chart(size, unit)
  const side = Math.round(Math.min(size.width - 130 * unit, size.height - 170 * unit))
  const box: Box = { x: Math.round(100 * unit), y: Math.round(80 * unit), width: side, height: side }
  write(title, box.x, 50 * unit, 24, ink.title, 'left')

  const [low, high] = extentOf(curves)
  const place = (rate: number) => {
    const part = (probit(rate) - probit(low)) / (probit(high) - probit(low))
    return Math.max(-0.01, Math.min(1.01, part)) * side
  }
  for (const mark of MARKS.filter((mark) => mark / 100 >= low && mark / 100 <= high)) {
    const at = place(mark / 100)
    stroke(ctx, ink.grid, unit, [box.x + at, box.y, box.x + at, box.y + side])
    stroke(ctx, ink.grid, unit, [box.x, box.y + side - at, box.x + side, box.y + side - at])
    write(String(mark), box.x + at, box.y + side + 24 * unit, 15, ink.text, 'center')
    write(String(mark), box.x - 10 * unit, box.y + side - at + 5 * unit, 15, ink.text, 'right')
  }
  stroke(ctx, ink.line, unit, [box.x, box.y + side, box.x + side, box.y])
  ctx.strokeStyle = ink.line
  ctx.strokeRect(box.x, box.y, side, side)
  write('false alarms (% of non-target trials)', box.x + side / 2, box.y + side + 56 * unit, 16, ink.text, 'center')
  ctx.save()
  ctx.translate(32 * unit, box.y + side / 2)
  ctx.rotate(-Math.PI / 2)
  write('misses (% of target trials)', 0, 0, 16, ink.text, 'center')
  ctx.restore()

  ctx.save()
  ctx.beginPath()
  ctx.rect(box.x, box.y, side, side)
  ctx.clip()
  for (const [i, { curve, rate }] of [...curves.entries()].reverse()) {
    const { falseAlarm, miss } = detCorners(curve)
    const points = Array.from(falseAlarm, (alarm, j) => [box.x + place(alarm), box.y + side - place(miss[j]!)]).flat()
    const colour = lines[i % lines.length]!
    stroke(ctx, colour, 2.4 * unit, points, i < lines.length ? [] : [8 * unit, 5 * unit])
    ctx.fillStyle = colour
    ctx.beginPath()
    ctx.arc(box.x + place(rate), box.y + side - place(rate), 5 * unit, 0, 2 * Math.PI)
    ctx.fill()
  }
  ctx.restore()
  // Curves run from the upper left to the lower right: the upper right corner is free.
  for (const [i, { name, rate }] of curves.entries()) {
    const y = box.y + (30 + 26 * i) * unit
    write(
      `${name}: EER ${(100 * rate).toFixed(2)} %`,
      box.x + side - 14 * unit,
      y,
      16,
      lines[i % lines.length]!,
      'right',
    )
  }
  return canvas.toBuffer('image/png')
}

/** The marks that the axes lie between, so that every curve's crossing is seen with room around it. */
function extentOf(curves: readonly DetLine[]): readonly [number, number] {
  // What lies below the share of a few trials is not known well enough to be drawn.
  const steps = curves.flatMap(({ curve: { falseAlarm, miss } }) => [
    falseAlarm.find((rate) => rate > 0)!,
    miss.findLast((rate) => rate > 0)!,
  ])
  const rates = curves.map(({ rate }) => rate)
  const least = Math.max(Math.min(...steps), Math.min(...rates) / 30)
  const low = MARKS.findLast((mark) => mark / 100 <= least && mark <= LEAST[0]) ?? MARKS[0]!
  const high = MARKS.find((mark) => mark / 100 >= 2 * Math.max(...rates) && mark >= LEAST[1]) ?? MARKS.at(-1)!
  return [low / 100, high / 100]
}
