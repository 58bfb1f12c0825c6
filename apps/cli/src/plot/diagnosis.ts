import type { Diagnosis, Matrix } from '@dsp/doctor'
import { change, conclusion, isEqual, remainder, show, verdict } from '../doctor/verdict.js'
import { type Chart, chart, stroke } from './chart.js'
import { type ColourMap, difference, ink, lines, magma } from './colours.js'
import { paintHeat } from './paint.js'
import type { Box, Size } from './picture.js'
import { niceTicks } from './ticks.js'

const [AFTER, BEFORE] = lines
/** Lines of the caption at most, and bars at most. */
const MOST = { lines: 4, bars: 8 }
/** Part of the values that lies within a colour scale, so that a few cells do not make all others pale. */
const WITHIN = 0.995
/** Values that a scale is taken from at most. */
const SAMPLE = 100_000

/**
 * Draws a diagnosis as PNG: our features, the reference and ours with the settings found; below each its difference from the
 * reference, on one scale, with the mean difference of each bin between them; and the residual after each fix as bars.
 * @param of - The diagnosis.
 * @param name - What the reference is called.
 * @param size - Pixels.
 */
export function renderDiagnosis(of: Diagnosis, name: string, size: Size): Buffer {
  const unit = Math.min(size.width / 1600, size.height / 1200)
  const canvas = chart(size, unit)
  new Drawing(canvas, size, unit).draw(of, name)
  return canvas.canvas.toBuffer('image/png')
}

class Drawing {
  constructor(
    private readonly chart: Chart,
    private readonly size: Size,
    private readonly unit: number,
  ) {}

  draw(of: Diagnosis, name: string): void {
    const { unit: u, size } = this
    const bars = barsOf(of)
    const top = this.caption(of)
    const barsHeight = (46 + 38 * bars.length) * u
    const bottom = size.height - barsHeight - 34 * u
    const rowHeight = (bottom - top - (2 * 40 + 2 * 48) * u) / 2
    const [left, right, gap] = [84 * u, 124 * u, 74 * u]
    const width = (size.width - left - right - 2 * gap) / 3
    const column = (i: number, row: number): Box => ({
      x: Math.round(left + i * (width + gap)),
      y: Math.round(top + 40 * u + row * (rowHeight + 88 * u)),
      width: Math.round(width),
      height: Math.round(rowHeight),
    })

    const { oursValues: ours, reference, reproduced } = of
    const fixed = isEqual(of) ? 'Ours' : of.explained ? 'Ours with the fixes' : 'The nearest that was found'
    const scales = scalesOf(ours, reference, reproduced)
    const shared = scales[0] === scales[1]
    const headings = [
      `Ours, as it is (${ours.frames} × ${ours.bins})`,
      `Reference: ${name} (${reference.frames} × ${reference.bins})`,
      fixed,
    ]
    for (const [i, matrix] of [ours, reference, reproduced].entries()) {
      this.heat(column(i, 0), matrix, scales[i]!, magma, headings[i]!, i === 2 || !shared ? 'value' : undefined)
    }
    const [before, after] = [minus(ours, reference), minus(reproduced, reference)]
    const reach = reachOf(before, after)
    const signed = [-reach, reach] as const
    this.heat(column(0, 1), before, signed, difference, 'Ours − reference')
    this.heat(column(2, 1), after, signed, difference, `${fixed} − reference`, 'difference')
    const most = after.data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
    if (most < reach / 20) this.note(column(2, 1), `no value is off by more than ${show(most)}`)
    this.offsets(column(1, 1), before, after)
    this.bars({ x: left, y: size.height - barsHeight, width: size.width - left - right, height: barsHeight }, bars, of)
  }

  /** The verdict with a sign, and sentences. Returns where it ends. */
  private caption(of: Diagnosis): number {
    const { unit: u, size } = this
    this.sign(64 * u, 52 * u, of)
    this.chart.write(this.fit(verdict(of), 30, size.width - 180 * u), 104 * u, 62 * u, 30, ink.title, 'left')
    const sentences = [...of.causes.map(({ sentence }) => sentence), conclusion(of)]
    const wrapped = this.wrap(sentences.join(' '), 18, size.width - 164 * u)
    const shown = wrapped.slice(0, MOST.lines)
    if (wrapped.length > MOST.lines) shown[MOST.lines - 1] = `${shown.at(-1)!.replace(/\W*\w*$/, '')} …`
    for (const [i, line] of shown.entries()) {
      this.chart.write(line, 104 * u, (98 + 26 * i) * u, 18, ink.text, 'left')
    }
    return (98 + 26 * shown.length) * u
  }

  /** A tick where all is explained, else a question mark. */
  private sign(x: number, y: number, { explained }: Diagnosis): void {
    const { unit: u } = this
    const { ctx, write } = this.chart
    ctx.fillStyle = explained ? AFTER : BEFORE
    ctx.beginPath()
    ctx.arc(x, y, 22 * u, 0, 2 * Math.PI)
    ctx.fill()
    if (explained) {
      stroke(ctx, ink.paper, 5 * u, [x - 10 * u, y + u, x - 3 * u, y + 8 * u, x + 10 * u, y - 8 * u])
    } else write('?', x, y + 11 * u, 30, ink.paper, 'center')
  }

  private heat(
    box: Box,
    { data: values, frames: columns, bins: rows }: Matrix,
    range: readonly [number, number],
    colours: ColourMap,
    heading: string,
    bar?: string,
  ): void {
    const { unit: u } = this
    const { ctx, write } = this.chart
    ctx.fillStyle = `rgb(${ink.missing.join()})`
    ctx.fillRect(box.x, box.y, box.width, box.height)
    const panel = { type: 'heat', values, columns, rows, time: [0, columns], range, colours } as const
    paintHeat(ctx, box, { ...panel, label: 'bin', ticks: [], unit: '' })
    this.frame(box, heading)
    this.axes(box, [0, columns], [0, rows], 'frame', 'bin')
    if (bar === undefined) return
    const x = box.x + box.width + 14 * u
    for (let i = 0; i < box.height; i++) {
      ctx.fillStyle = `rgb(${colours(1 - i / Math.max(1, box.height - 1)).join()})`
      ctx.fillRect(x, box.y + i, 14 * u, 1)
    }
    for (const { value, label } of niceTicks(range[0], range[1], 5)) {
      const y = box.y + box.height * (1 - (value - range[0]) / (range[1] - range[0] || 1))
      write(label, x + 20 * u, y + 5 * u, 14, ink.text, 'left')
    }
    write(bar, x, box.y - 12 * u, 14, ink.faint, 'left')
  }

  private note(box: Box, text: string): void {
    this.chart.write(text, box.x + box.width / 2, box.y + box.height / 2, 18, ink.text, 'center')
  }

  /** The mean difference of each bin, and around it its standard deviation over time. */
  private offsets(box: Box, before: Matrix, after: Matrix): void {
    const { unit: u } = this
    const { ctx, write } = this.chart
    const curves = [
      { ...momentsOf(before), colour: BEFORE, label: 'before' },
      { ...momentsOf(after), colour: AFTER, label: 'after' },
    ]
    const edges = curves.flatMap(({ mean, spread }) => [
      ...mean.map((m, i) => m - spread[i]!),
      ...mean.map((m, i) => m + spread[i]!),
    ])
    const [low, high] = padded(edges.filter(Number.isFinite))
    const bins = before.bins
    const xOf = (bin: number) => box.x + ((bin + 0.5) / bins) * box.width
    const yOf = (value: number) => box.y + box.height * (1 - (value - low) / (high - low))
    ctx.save()
    ctx.beginPath()
    ctx.rect(box.x, box.y, box.width, box.height)
    ctx.clip()
    stroke(ctx, ink.line, u, [box.x, yOf(0), box.x + box.width, yOf(0)])
    for (const { mean, spread, colour } of curves) {
      const seen = mean.map((_, bin) => bin).filter((bin) => Number.isFinite(mean[bin]!))
      if (seen.length === 0) continue
      const upper = seen.flatMap((bin) => [xOf(bin), yOf(mean[bin]! + spread[bin]!)])
      const lower = seen.toReversed().flatMap((bin) => [xOf(bin), yOf(mean[bin]! - spread[bin]!)])
      ctx.globalAlpha = 0.18
      ctx.fillStyle = colour
      ctx.beginPath()
      const outline = [...upper, ...lower]
      ctx.moveTo(outline[0]!, outline[1]!)
      for (let i = 2; i < outline.length; i += 2) ctx.lineTo(outline[i]!, outline[i + 1]!)
      ctx.fill()
      ctx.globalAlpha = 1
      stroke(
        ctx,
        colour,
        3 * u,
        seen.flatMap((bin) => [xOf(bin), yOf(mean[bin]!)]),
      )
    }
    ctx.restore()
    this.frame(box, 'Mean difference of each bin')
    this.axes(box, [0, bins], [low, high], 'bin', 'ours − reference')
    const end = box.x + box.width
    const keys = [
      ['after the fixes', AFTER, 0],
      ['before', BEFORE, 118],
    ] as const
    for (const [label, colour, from] of keys) write(label, end - from * u, box.y - 12 * u, 15, colour, 'right')
  }

  private bars(box: Box, bars: readonly Bar[], of: Diagnosis): void {
    const { unit: u } = this
    const { ctx, write } = this.chart
    write(
      'What remains after each fix (root mean square of the difference)',
      box.x,
      box.y + 18 * u,
      17,
      ink.title,
      'left',
    )
    const most = Math.max(...bars.map(({ value }) => value).filter(Number.isFinite)) || 1
    const x = box.x + box.width * 0.44
    for (const [i, { label, value }] of bars.entries()) {
      const y = box.y + (34 + 38 * i) * u
      const isLast = i === bars.length - 1
      const length = Number.isFinite(value) ? (value / most) * (box.width * 0.46) : 0
      ctx.fillStyle = of.explained && isLast ? AFTER : BEFORE
      ctx.globalAlpha = i === 0 || isLast ? 1 : 0.6
      ctx.fillRect(x, y, Math.max(2 * u, length), 26 * u)
      ctx.globalAlpha = 1
      write(this.fit(label, 17, box.width * 0.43), x - 12 * u, y + 19 * u, 17, ink.text, 'right')
      const noise = isLast ? remainder(of) : ''
      write(`${show(value)}${noise}`, x + Math.max(2 * u, length) + 10 * u, y + 19 * u, 17, ink.text, 'left')
    }
  }

  private frame(box: Box, heading: string): void {
    const { ctx, write } = this.chart
    ctx.strokeStyle = ink.line
    ctx.lineWidth = Math.max(1, this.unit)
    ctx.strokeRect(box.x - 0.5, box.y - 0.5, box.width + 1, box.height + 1)
    write(this.fit(heading, 18, box.width), box.x, box.y - 12 * this.unit, 18, ink.title, 'left')
  }

  private axes(
    box: Box,
    [left, right]: readonly [number, number],
    [low, high]: readonly [number, number],
    across: string,
    up: string,
  ): void {
    const { unit: u } = this
    const { ctx, write } = this.chart
    for (const { value, label } of niceTicks(left, right, 4)) {
      const x = box.x + ((value - left) / (right - left || 1)) * box.width
      write(label, x, box.y + box.height + 18 * u, 14, ink.text, 'center')
    }
    for (const { value, label } of niceTicks(low, high, 5)) {
      const y = box.y + box.height * (1 - (value - low) / (high - low || 1))
      write(label, box.x - 8 * u, y + 5 * u, 14, ink.text, 'right')
    }
    write(across, box.x + box.width, box.y + box.height + 34 * u, 14, ink.faint, 'right')
    if (up === '') return
    ctx.save()
    ctx.translate(box.x - 44 * u, box.y + box.height / 2)
    ctx.rotate(-Math.PI / 2)
    write(up, 0, 0, 14, ink.faint, 'center')
    ctx.restore()
  }

  /** A text that is no wider than some pixels. */
  private fit(text: string, points: number, width: number): string {
    const all = this.widthOf(text, points)
    if (all <= width) return text
    let fitting = text.slice(0, Math.ceil((text.length * width) / all) + 3)
    while (fitting.length > 1 && this.widthOf(fitting, points) > width) fitting = `${fitting.slice(0, -2)}…`
    return fitting
  }

  private wrap(text: string, points: number, width: number): string[] {
    const wrapped: string[] = []
    let line = ''
    for (const word of text.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`
      if (line !== '' && this.widthOf(longer, points) > width) {
        wrapped.push(line)
        line = word
      } else line = longer
    }
    return [...wrapped, line]
  }

  private widthOf(text: string, points: number): number {
    const { ctx } = this.chart
    // draws nothing, but chooses the font
    this.chart.write('', 0, 0, points, ink.text, 'left')
    return ctx.measureText(text).width
  }
}

interface Bar {
  readonly label: string
  readonly value: number
}

function barsOf(of: Diagnosis): Bar[] {
  const steps = [...of.causes, ...of.minor].map((cause, i) => ({
    label: `${i + 1}. ${cause.id}: ${change(cause)}`,
    value: cause.residual,
  }))
  const shown = steps.length < MOST.bars ? steps : steps.slice(0, MOST.bars - 2)
  const rest = steps.slice(shown.length)
  const last = rest.length === 0 ? [] : [{ label: `and ${rest.length} more`, value: rest.at(-1)!.value }]
  return [{ label: 'as it is', value: of.difference }, ...shown, ...last]
}

/** A minus B over the frames and bins that both have. */
function minus(a: Matrix, b: Matrix): Matrix {
  const [frames, bins] = [Math.min(a.frames, b.frames), Math.min(a.bins, b.bins)]
  const data = new Float64Array(frames * bins)
  for (let frame = 0, at = 0; frame < frames; frame++) {
    for (let bin = 0; bin < bins; bin++, at++) data[at] = a.data[frame * a.bins + bin]! - b.data[frame * b.bins + bin]!
  }
  return { data, frames, bins }
}

/** One colour scale for all where that shows each of them, else each its own. */
function scalesOf(...all: readonly Matrix[]): (readonly [number, number])[] {
  const own = all.map(({ data }) => quantiles(data))
  const least = Math.min(...own.map(([low]) => low))
  const most = Math.max(...own.map(([, high]) => high))
  const narrowest = Math.min(...own.map(([low, high]) => high - low))
  if (most - least > 5 * narrowest) return own
  const shared = [least, most] as const
  return all.map(() => shared)
}

/** The values that all but a few lie between. */
function quantiles(data: Float64Array): readonly [number, number] {
  const step = Math.max(1, Math.floor(data.length / SAMPLE))
  const seen: number[] = []
  for (let i = 0; i < data.length; i += step) if (Number.isFinite(data[i]!)) seen.push(data[i]!)
  if (seen.length === 0) return [0, 1]
  const sorted = Float64Array.from(seen).sort()
  const at = (part: number) => sorted[Math.round(part * (sorted.length - 1))]!
  return [at(1 - WITHIN), at(WITHIN)]
}

/** The end of a scale for differences; rounding noise is not blown up to colours. */
function reachOf(before: Matrix, after: Matrix): number {
  const all = [before, after].flatMap(({ data }) => quantiles(data).map(Math.abs))
  return Math.max(1e-3, ...all)
}

/** Mean and standard deviation of each bin over time. */
function momentsOf({ data, frames, bins }: Matrix): { mean: number[]; spread: number[] } {
  const column = (bin: number) => {
    const values: number[] = []
    for (let frame = 0; frame < frames; frame++) {
      const value = data[frame * bins + bin]!
      if (Number.isFinite(value)) values.push(value)
    }
    return values
  }
  const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const columns = Array.from({ length: bins }, (_, bin) => column(bin))
  const mean = columns.map(average)
  const spread = columns.map((values, bin) => Math.sqrt(average(values.map((value) => (value - mean[bin]!) ** 2))))
  return { mean, spread }
}

function padded(values: readonly number[]): readonly [number, number] {
  const low = values.reduce((least, value) => Math.min(least, value), 0)
  const high = values.reduce((most, value) => Math.max(most, value), 0)
  const room = 0.06 * (high - low) || 1e-3
  return [low - room, high + room]
}
