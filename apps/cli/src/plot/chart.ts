import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import { ink } from './colours.js'
import type { Size } from './picture.js'
import { MEDIUM, REGULAR, registerFonts } from './render.js'

/** A blank canvas for line drawings. */
export interface Chart {
  readonly canvas: Canvas
  readonly ctx: SKRSContext2D
  /** Writes text with its baseline at `y`; `points` are scaled by the chart's unit. */
  readonly write: (
    text: string,
    x: number,
    y: number,
    points: number,
    colour: string,
    align: 'left' | 'center' | 'right',
  ) => void
}

/**
 * Starts a drawing on white.
 * @param size - Pixels.
 * @param unit - Pixels of a point of text.
 */
export function chart(size: Size, unit: number): Chart {
  registerFonts()
  const canvas = createCanvas(size.width, size.height)
  const ctx = canvas.getContext('2d')
  ctx.fillStyle = ink.paper
  ctx.fillRect(0, 0, size.width, size.height)
  return {
    canvas,
    ctx,
    write(text, x, y, points, colour, align) {
      ctx.font = `${points * unit}px ${points > 20 ? MEDIUM : REGULAR}`
      ctx.fillStyle = colour
      ctx.textAlign = align
      ctx.fillText(text, x, y)
    },
  }
}

/** Draws a line through points `[x, y, x, y, …]`. */
export function stroke(
  ctx: SKRSContext2D,
  colour: string,
  width: number,
  points: readonly number[],
  dash: number[] = [],
): void {
  ctx.strokeStyle = colour
  ctx.lineWidth = width
  ctx.lineJoin = 'round'
  ctx.setLineDash(dash)
  ctx.beginPath()
  ctx.moveTo(points[0]!, points[1]!)
  for (let i = 2; i < points.length; i += 2) ctx.lineTo(points[i]!, points[i + 1]!)
  ctx.stroke()
  ctx.setLineDash([])
}
