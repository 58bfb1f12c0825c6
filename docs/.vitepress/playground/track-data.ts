import type { Track } from './messages.js'

/** The columns of a track, which grow as they come. */
export class TrackData {
  values = new Float32Array(0)
  columns = 0
  #most = Number.NEGATIVE_INFINITY

  constructor(readonly track: Track) {}

  /**
   * Puts columns in place.
   * @param from - The first one; what was there from it on is replaced.
   * @param values - Column after column.
   */
  put(from: number, values: Float32Array): void {
    const { rows } = this.track
    const start = from * rows
    const end = start + values.length
    if (end > this.values.length) {
      const grown = new Float32Array(Math.max(end, 2 * this.values.length))
      grown.set(this.values.subarray(0, start))
      this.values = grown
    }
    this.values.set(values, start)
    this.columns = end / rows
    // Replaced columns may have been louder: then all are looked at again.
    if (from === 0) this.#most = Number.NEGATIVE_INFINITY
    for (const value of values) if (value > this.#most) this.#most = value
  }

  /** The values of the ends of the colour map. */
  get range(): readonly [number, number] {
    const { range } = this.track
    if (Array.isArray(range)) return range as unknown as readonly [number, number]
    const most = Number.isFinite(this.#most) ? this.#most : 0
    if (range === 'positive') return [0, most || 1]
    if (range === 'signed') {
      const reach = this.#reach()
      return [-reach, reach]
    }
    return [most - (range as { below: number }).below, most]
  }

  /** What all but the outermost hundredth of the sizes are below, of some thousand values. */
  #reach(): number {
    const count = this.columns * this.track.rows
    const stride = Math.max(1, Math.floor(count / 4001)) | 1
    const sizes: number[] = []
    for (let i = 0; i < count; i += stride) sizes.push(Math.abs(this.values[i]!))
    sizes.sort((a, b) => a - b)
    return sizes[Math.floor(0.99 * (sizes.length - 1))] || 1
  }
}
