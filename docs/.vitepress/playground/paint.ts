import type { FrameTiming } from '@dsp/features'
import { type ColourMap, difference, magma } from '../../../apps/cli/src/plot/colours.js'
import { niceTicks } from '../../../apps/cli/src/plot/ticks.js'
import type { TrackData } from './track-data.js'

/** Colours of what surrounds the data. */
export interface Ink {
  readonly text: string
  readonly line: string
  readonly paper: string
  readonly accent: string
}

/** Seconds at the left and the right edge. */
export type Span = readonly [number, number]

/** A rectangle in pixels. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const LEFT = 46
const BOTTOM = 24
const TOP = 20
const RIGHT = 10
/** The most columns that are looked at for one pixel. */
const MAX_PER_PIXEL = 24
/** A step of more than this from one frame to the next is no line: a quarter of an octave. */
const LEAP_OCTAVES = 0.25

const tables = new Map<ColourMap, Uint32Array>()

/** A colour map as little-endian RGBA words. */
function tableOf(map: ColourMap): Uint32Array {
  let table = tables.get(map)
  if (table === undefined) {
    table = Uint32Array.from({ length: 256 }, (_, i) => {
      const [r, g, b] = map(i / 255)
      return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0
    })
    tables.set(map, table)
  }
  return table
}

/** Where the panels lie in a canvas. */
export function boxes(width: number, height: number, count: number): Box[] {
  const each = (height - BOTTOM) / Math.max(1, count)
  return Array.from({ length: count }, (_, i) => ({
    x: LEFT,
    y: i * each + TOP,
    width: Math.max(1, width - LEFT - RIGHT),
    height: Math.max(1, each - TOP),
  }))
}

/** Paints all tracks. */
export function paint(
  ctx: CanvasRenderingContext2D,
  width: number,
  height: number,
  tracks: readonly TrackData[],
  timing: FrameTiming,
  span: Span,
  ink: Ink,
): void {
  ctx.clearRect(0, 0, width, height)
  ctx.font = '11px system-ui, sans-serif'
  const places = boxes(width, height, tracks.length)
  tracks.forEach((data, i) => {
    const box = places[i]!
    if (data.track.type === 'heat') paintHeat(ctx, box, data, timing, span)
    else paintLine(ctx, box, data, timing, span, ink)
    paintAxis(ctx, box, data, ink)
  })
  const last = places.at(-1)
  if (last !== undefined) paintTime(ctx, last, span, ink)
}

function paintHeat(ctx: CanvasRenderingContext2D, box: Box, data: TrackData, timing: FrameTiming, span: Span): void {
  const { rows } = data.track
  // More rows than can be seen are thinned out.
  const shown = Math.min(rows, 2 * Math.round(box.height))
  const map = data.track.range === 'signed' ? difference : magma
  const table = tableOf(map)
  const pixels = Math.round(box.width)
  const image = new ImageData(pixels, shown)
  const words = new Uint32Array(image.data.buffer)
  const [low, high] = data.range
  const scale = 255 / (high - low || 1)
  const perPixel = ((span[1] - span[0]) * timing.rate) / pixels
  const first = (span[0] - timing.first) * timing.rate + 0.5
  const empty = map === magma ? table[0]! : table[128]!
  words.fill(empty)
  for (let x = 0; x < pixels; x++) {
    const from = Math.floor(first + x * perPixel)
    const to = Math.max(from + 1, Math.floor(first + (x + 1) * perPixel))
    if (to <= 0 || from >= data.columns) continue
    const stride = Math.max(1, Math.ceil((to - from) / MAX_PER_PIXEL))
    for (let line = 0; line < shown; line++) {
      const row = Math.floor((line * rows) / shown)
      let sum = 0
      let count = 0
      for (let c = Math.max(0, from); c < Math.min(to, data.columns); c += stride) {
        sum += data.values[c * rows + row]!
        count++
      }
      const t = (sum / count - low) * scale
      words[(shown - 1 - line) * pixels + x] = table[t > 0 ? Math.min(255, Math.round(t)) : 0]!
    }
  }
  const sheet = new OffscreenCanvas(pixels, shown)
  sheet.getContext('2d')!.putImageData(image, 0, 0)
  ctx.imageSmoothingEnabled = false
  ctx.drawImage(sheet, box.x, box.y, box.width, box.height)
}

/** Where a value of a line's axis lies, which is logarithmic. */
function heightOf(value: number, box: Box, [low, high]: readonly [number, number]): number {
  return box.y + box.height * (1 - Math.log(value / low) / Math.log(high / low))
}

function paintLine(
  ctx: CanvasRenderingContext2D,
  box: Box,
  data: TrackData,
  timing: FrameTiming,
  span: Span,
  ink: Ink,
): void {
  ctx.fillStyle = ink.paper
  ctx.fillRect(box.x, box.y, box.width, box.height)
  ctx.strokeStyle = ink.line
  ctx.lineWidth = 1
  ctx.beginPath()
  for (const { value } of data.track.ticks) {
    const y = Math.round(heightOf(value, box, data.range)) + 0.5
    ctx.moveTo(box.x, y)
    ctx.lineTo(box.x + box.width, y)
  }
  ctx.stroke()
  const pixelsPerSecond = box.width / (span[1] - span[0])
  const half = pixelsPerSecond / timing.rate / 2
  const from = Math.max(0, Math.floor((span[0] - timing.first) * timing.rate) - 1)
  const to = Math.min(data.columns, Math.ceil((span[1] - timing.first) * timing.rate) + 1)
  ctx.save()
  ctx.beginPath()
  ctx.rect(box.x, box.y, box.width, box.height)
  ctx.clip()
  ctx.strokeStyle = ink.accent
  ctx.lineWidth = 2
  ctx.lineJoin = 'round'
  ctx.lineCap = 'round'
  ctx.beginPath()
  let before = Number.NaN
  for (let i = from; i < to; i++) {
    const value = data.values[i]!
    const isHeard = value > 0
    if (isHeard) {
      const x = box.x + (timing.first + i / timing.rate - span[0]) * pixelsPerSecond
      const y = heightOf(value, box, data.range)
      if (Math.abs(Math.log2(value / before)) <= LEAP_OCTAVES) ctx.lineTo(x - half, y)
      else ctx.moveTo(x - half, y)
      ctx.lineTo(x + half, y)
    }
    before = isHeard ? value : Number.NaN
  }
  ctx.stroke()
  ctx.restore()
}

function paintAxis(ctx: CanvasRenderingContext2D, box: Box, data: TrackData, ink: Ink): void {
  const { track } = data
  ctx.fillStyle = ink.text
  ctx.textBaseline = 'bottom'
  ctx.textAlign = 'left'
  ctx.fillText(track.label, box.x, box.y - 4)
  ctx.textAlign = 'right'
  ctx.textBaseline = 'middle'
  let above = Infinity
  for (const { value, label } of track.ticks) {
    const y = track.type === 'line' ? heightOf(value, box, data.range) : box.y + box.height * (1 - value / track.rows)
    // Labels that would touch the one below are left out.
    if (y < box.y - 1 || y > box.y + box.height + 1 || above - y < 12) continue
    ctx.fillText(label, box.x - 6, Math.min(box.y + box.height - 5, Math.max(box.y + 5, y)))
    above = y
  }
}

function paintTime(ctx: CanvasRenderingContext2D, box: Box, span: Span, ink: Ink): void {
  ctx.fillStyle = ink.text
  ctx.textBaseline = 'top'
  const y = box.y + box.height + 7
  for (const { value, label } of niceTicks(span[0], span[1], Math.max(2, box.width / 80))) {
    const x = box.x + ((value - span[0]) / (span[1] - span[0])) * box.width
    if (x < box.x - 1 || x > box.x + box.width - 14) continue
    ctx.textAlign = x < box.x + 8 ? 'left' : 'center'
    ctx.fillText(label, x, y)
  }
  ctx.textAlign = 'right'
  ctx.fillText('s', box.x + box.width, y)
}
