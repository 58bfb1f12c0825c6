import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import { ink } from './colours.js'
import type { Box, Curve, HeatPanel, WavePanel } from './picture.js'

/**
 * Paints values as colours, the first row at the bottom. Each pixel shows the mean of the cells below it if there are
 * more cells than pixels, and its own cell if there are fewer.
 */
export function paintHeat(ctx: SKRSContext2D, box: Box, panel: HeatPanel): void {
  const { values, columns, rows, range, colours } = panel
  const width = Math.max(1, Math.round(box.width))
  const height = Math.max(1, Math.round(box.height))
  if (columns === 0 || rows === 0) return
  const image = createCanvas(width, height)
  const paint = image.getContext('2d')
  const pixels = paint.createImageData(width, height)
  const [low, high] = range
  const scale = 1 / (high - low || 1)
  const spanOf = (i: number, pixelCount: number, cells: number): [number, number] => {
    const from = Math.floor((i * cells) / pixelCount)
    return [from, Math.max(from + 1, Math.floor(((i + 1) * cells) / pixelCount))]
  }
  const rowSpans = Array.from({ length: height }, (_, i) => spanOf(i, height, rows))
  for (let x = 0; x < width; x++) {
    const [c0, c1] = spanOf(x, width, columns)
    for (let y = 0; y < height; y++) {
      const [r0, r1] = rowSpans[height - 1 - y]!
      let sum = 0
      let count = 0
      for (let c = c0; c < c1; c++) {
        for (let r = r0; r < r1; r++) {
          const value = values[c * rows + r]!
          if (Number.isNaN(value)) continue
          sum += value
          count++
        }
      }
      const [red, green, blue] = count === 0 ? ink.missing : colours((sum / count - low) * scale)
      const at = 4 * (y * width + x)
      pixels.data[at] = red
      pixels.data[at + 1] = green
      pixels.data[at + 2] = blue
      pixels.data[at + 3] = 255
    }
  }
  paint.putImageData(pixels, 0, 0)
  ctx.drawImage(image, Math.round(box.x), Math.round(box.y))
}

/** Paints a line of which every frame is a short level stroke, joined to the next unless the step is a leap. */
export function paintCurve(ctx: SKRSContext2D, box: Box, { values, leap }: Curve, rows: number, width: number): void {
  const trace = () => {
    ctx.beginPath()
    let before = Number.NaN
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!
      const seen = value >= 0 && value <= rows
      if (seen) {
        const y = box.y + box.height * (1 - value / rows)
        const x = box.x + (i / values.length) * box.width
        if (Math.abs(value - before) <= leap) ctx.lineTo(x, y)
        else ctx.moveTo(x, y)
        ctx.lineTo(x + box.width / values.length, y)
      }
      before = seen ? value : Number.NaN
    }
    ctx.stroke()
  }
  ctx.save()
  ctx.beginPath()
  ctx.rect(box.x, box.y, box.width, box.height)
  ctx.clip()
  ctx.lineJoin = 'round'
  ctx.lineCap = 'round'
  // A dark rim keeps the line visible on light cells.
  ctx.strokeStyle = ink.curveRim
  ctx.lineWidth = 2.2 * width
  trace()
  ctx.strokeStyle = ink.curve
  ctx.lineWidth = width
  trace()
  ctx.restore()
}

/** Paints a signal: from least to most of the samples of each pixel, or a line if there are few samples. */
export function paintWave(ctx: SKRSContext2D, box: Box, { samples, range }: WavePanel): void {
  const [low, high] = range
  const yOf = (value: number) =>
    box.y + box.height * (1 - (Math.min(high, Math.max(low, value)) - low) / (high - low || 1))
  const width = Math.max(1, Math.round(box.width))
  if (low < 0 && high > 0) {
    ctx.fillStyle = ink.grid
    ctx.fillRect(box.x, Math.round(yOf(0)), box.width, 1)
  }
  if (samples.length < 2 * width) {
    ctx.strokeStyle = ink.wave
    ctx.lineWidth = 1.6
    ctx.lineJoin = 'round'
    ctx.beginPath()
    let pen = false
    for (let i = 0; i < samples.length; i++) {
      const value = samples[i]!
      const x = box.x + ((i + 0.5) / samples.length) * box.width
      if (Number.isNaN(value)) pen = false
      else if (pen) ctx.lineTo(x, yOf(value))
      else {
        ctx.moveTo(x, yOf(value))
        pen = true
      }
    }
    ctx.stroke()
    return
  }
  ctx.fillStyle = ink.wave
  for (let x = 0; x < width; x++) {
    const from = Math.floor((x * samples.length) / width)
    const to = Math.max(from + 1, Math.floor(((x + 1) * samples.length) / width))
    let least = Infinity
    let most = -Infinity
    for (let i = from; i < to; i++) {
      const value = samples[i]!
      if (value < least) least = value
      if (value > most) most = value
    }
    if (least > most) continue
    const top = yOf(most)
    ctx.fillRect(Math.round(box.x) + x, top, 1, Math.max(1, yOf(least) - top))
  }
}
