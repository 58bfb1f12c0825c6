import { createCanvas, loadImage } from '@napi-rs/canvas'

/** What the tests look at in a picture. */
export interface Pixels {
  readonly width: number
  readonly height: number
  /** Number of different colours. */
  readonly colours: number
  /** Red, green and blue of a pixel. */
  at(x: number, y: number): readonly [number, number, number]
}

/** Decodes a PNG. */
export async function pictureOf(png: Uint8Array): Promise<Pixels> {
  const image = await loadImage(png)
  const { width, height } = image
  const ctx = createCanvas(width, height).getContext('2d')
  ctx.drawImage(image, 0, 0)
  const { data } = ctx.getImageData(0, 0, width, height)
  const colours = new Set(new Uint32Array(data.buffer, data.byteOffset, data.length / 4))
  const at = (x: number, y: number) => {
    const i = 4 * (y * width + x)
    return [data[i]!, data[i + 1]!, data[i + 2]!] as const
  }
  return { width, height, colours: colours.size, at }
}
