import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type Canvas, createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas'
import { ink } from './colours.js'
import { paintCurve, paintHeat, paintWave } from './paint.js'
import type { Box, HeatPanel, Panel, Picture, Size } from './picture.js'
import { niceTicks, type Tick } from './ticks.js'

export const REGULAR = 'dsp-regular'
export const MEDIUM = 'dsp-medium'
/** A wave strip above heat panels gets this part of a heat panel's height. */
const STRIP = 0.22

/**
 * Draws a picture as PNG. Its own font comes along, so that it looks the same on machines without any.
 * @param picture - What to draw.
 * @param size - Pixels.
 */
export function renderPng(picture: Picture, size: Size): Buffer {
  registerFonts()
  const canvas: Canvas = createCanvas(size.width, size.height)
  new Renderer(canvas.getContext('2d'), picture, size).draw()
  return canvas.toBuffer('image/png')
}

/** The time of a picture; where sound is shorter than its frames, that of all panels: none may be far wider than the picture. */
function visibleTime({ time, panels }: Picture): readonly [number, number] {
  const length = ([from, to]: readonly [number, number]) => to - from
  if (panels.every((panel) => length(panel.time) <= 2 * length(time))) return time
  const all = [time, ...panels.map((panel) => panel.time)]
  return [Math.min(...all.map(([from]) => from)), Math.max(...all.map(([, to]) => to))]
}

/** Makes the fonts known to the canvas. */
export function registerFonts(): void {
  if (GlobalFonts.has(REGULAR)) return
  const home = dirname(createRequire(import.meta.url).resolve('roboto-fontface/package.json'))
  const fonts = join(home, 'fonts', 'roboto')
  GlobalFonts.registerFromPath(join(fonts, 'Roboto-Regular.woff2'), REGULAR)
  GlobalFonts.registerFromPath(join(fonts, 'Roboto-Medium.woff2'), MEDIUM)
}

class Renderer {
  /** Everything is laid out for 800 pixels of height and grows with it. */
  private readonly unit: number

  private readonly picture: Picture

  constructor(
    private readonly ctx: SKRSContext2D,
    picture: Picture,
    private readonly size: Size,
  ) {
    this.picture = { ...picture, time: visibleTime(picture) }
    this.unit = Math.max(0.5, Math.min(size.height / 800, size.width / 1200))
  }

  draw(): void {
    const { ctx, picture, size, unit } = this
    ctx.fillStyle = ink.paper
    ctx.fillRect(0, 0, size.width, size.height)
    this.text(this.fit(picture.title, 27, MEDIUM), 96, 52, 27, ink.title, 'left', MEDIUM)
    this.text(this.fit(picture.subtitle, 16, REGULAR), 96, 81, 16, ink.faint)
    const boxes = this.layout()
    picture.panels.forEach((panel, i) => {
      const box = boxes[i]!
      const last = i === picture.panels.length - 1
      if (panel.type === 'heat') {
        paintHeat(ctx, this.part(box, panel.time), panel)
        for (const curve of panel.curves ?? []) {
          paintCurve(ctx, this.part(box, curve.time), curve, panel.rows, 2.4 * unit)
        }
        this.colourBar(box, panel)
        this.verticalAxis(box, panel.label, panel.ticks, panel.rows, 0)
      } else {
        paintWave(ctx, this.part(box, panel.time), panel)
        const [low, high] = panel.range
        const ticks = panel.ticks ?? niceTicks(low, high, box.height / unit > 160 ? 5 : 2)
        this.verticalAxis(box, panel.label, ticks, high, low)
      }
      this.frame(box)
      this.horizontalAxis(box, last)
      if (panel.heading !== undefined) this.headingOf(box, panel.heading)
    })
  }

  private layout(): Box[] {
    const { picture, size, unit } = this
    const anyHeat = picture.panels.some((panel) => panel.type === 'heat')
    const [left, right, top, bottom] = [96 * unit, (anyHeat ? 148 : 48) * unit, 104 * unit, 74 * unit]
    const gapAbove = (panel: Panel, i: number) =>
      (panel.heading !== undefined ? (i === 0 ? 26 : 44) : i === 0 ? 0 : 16) * unit
    const weight = (panel: Panel) => (panel.type === 'wave' && anyHeat ? STRIP : 1)
    const gaps = picture.panels.reduce((sum, panel, i) => sum + gapAbove(panel, i), 0)
    const weights = picture.panels.reduce((sum, panel) => sum + weight(panel), 0)
    const free = size.height - top - bottom - gaps
    let y = top
    return picture.panels.map((panel, i) => {
      y += gapAbove(panel, i)
      const height = (free * weight(panel)) / weights
      const box = {
        x: Math.round(left),
        y: Math.round(y),
        width: Math.round(size.width - left - right),
        height: Math.round(height),
      }
      y += height
      return box
    })
  }

  /** The part of a box that an interval of time covers. */
  private part(box: Box, [from, to]: readonly [number, number]): Box {
    const x0 = this.timeToX(box, from)
    const x1 = this.timeToX(box, to)
    return { ...box, x: x0, width: x1 - x0 }
  }

  private timeToX(box: Box, seconds: number): number {
    const [from, to] = this.picture.time
    return box.x + ((seconds - from) / (to - from || 1)) * box.width
  }

  private frame(box: Box): void {
    this.ctx.strokeStyle = ink.line
    this.ctx.lineWidth = Math.max(1, this.unit)
    this.ctx.strokeRect(box.x - 0.5, box.y - 0.5, box.width + 1, box.height + 1)
  }

  private horizontalAxis(box: Box, labelled: boolean): void {
    const { unit, picture } = this
    const bottom = box.y + box.height
    for (const { value, label } of niceTicks(picture.time[0], picture.time[1], box.width / unit / 110)) {
      const x = this.timeToX(box, value)
      this.stroke(x, bottom, x, bottom + (labelled ? 7 : 4) * unit)
      if (labelled) this.textAt(label, x, bottom + 25 * unit, 15, ink.text, 'center')
    }
    if (labelled) this.textAt(picture.timeLabel, box.x + box.width / 2, bottom + 54 * unit, 16, ink.text, 'center')
  }

  private verticalAxis(box: Box, label: string, ticks: readonly Tick[], high: number, low: number): void {
    const { unit, ctx } = this
    let free = Infinity
    for (const tick of ticks) {
      const y = box.y + box.height * (1 - (tick.value - low) / (high - low || 1))
      // Labels that would touch the one below are left out.
      if (y > free || y < box.y - 1 || y > box.y + box.height + 1) continue
      free = y - 19 * unit
      this.stroke(box.x - 7 * unit, y, box.x, y)
      this.textAt(tick.label, box.x - 12 * unit, y + 5 * unit, 15, ink.text, 'right')
    }
    ctx.save()
    ctx.translate(26 * unit, box.y + box.height / 2)
    ctx.rotate(-Math.PI / 2)
    this.textAt(label, 0, 0, 16, ink.text, 'center')
    ctx.restore()
  }

  private colourBar(box: Box, { range, colours, unit: name }: HeatPanel): void {
    const { ctx, unit } = this
    const bar = { x: Math.round(box.x + box.width + 26 * unit), width: Math.round(18 * unit) }
    for (let i = 0; i < box.height; i++) {
      const [r, g, b] = colours(1 - i / Math.max(1, box.height - 1))
      ctx.fillStyle = `rgb(${r},${g},${b})`
      ctx.fillRect(bar.x, box.y + i, bar.width, 1)
    }
    this.frame({ ...box, ...bar })
    const [low, high] = range
    for (const { value, label } of niceTicks(low, high, box.height / unit / 48)) {
      const y = box.y + box.height * (1 - (value - low) / (high - low || 1))
      this.stroke(bar.x + bar.width, y, bar.x + bar.width + 6 * unit, y)
      this.textAt(label, bar.x + bar.width + 11 * unit, y + 5 * unit, 15, ink.text, 'left')
    }
    ctx.save()
    ctx.translate(this.size.width - 18 * unit, box.y + box.height / 2)
    ctx.rotate(-Math.PI / 2)
    this.textAt(name, 0, 0, 16, ink.text, 'center')
    ctx.restore()
  }

  private headingOf(box: Box, heading: string): void {
    this.textAt(heading, box.x, box.y - 10 * this.unit, 17, ink.title, 'left', MEDIUM)
  }

  private stroke(x0: number, y0: number, x1: number, y1: number): void {
    const { ctx } = this
    ctx.strokeStyle = ink.line
    ctx.lineWidth = Math.max(1, this.unit)
    ctx.beginPath()
    ctx.moveTo(Math.round(x0) + 0.5, Math.round(y0) + 0.5)
    ctx.lineTo(Math.round(x1) + 0.5, Math.round(y1) + 0.5)
    ctx.stroke()
  }

  /** A text short enough for the width above the panels. */
  private fit(text: string, size: number, family: string): string {
    const room = this.size.width - (96 + 40) * this.unit
    this.ctx.font = `${size * this.unit}px ${family}`
    let fitting = text
    while (fitting.length > 1 && this.ctx.measureText(fitting).width > room) fitting = `${fitting.slice(0, -2)}…`
    return fitting
  }

  private text(
    text: string,
    x: number,
    y: number,
    size: number,
    colour: string,
    align: 'left' = 'left',
    family = REGULAR,
  ) {
    this.textAt(text, x * this.unit, y * this.unit, size, colour, align, family)
  }

  private textAt(
    text: string,
    x: number,
    y: number,
    size: number,
    colour: string,
    align: 'left' | 'center' | 'right',
    family = REGULAR,
  ): void {
    const { ctx } = this
    ctx.font = `${size * this.unit}px ${family}`
    ctx.fillStyle = colour
    ctx.textAlign = align
    ctx.fillText(text, x, y)
  }
}
