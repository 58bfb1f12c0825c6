import type { SKRSContext2D } from '@napi-rs/canvas'

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
