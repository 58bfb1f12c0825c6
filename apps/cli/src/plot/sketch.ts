import { OnlineStft } from '@dsp/fft'
import { magma } from './colours.js'
import type { HeatPanel } from './picture.js'
import type { Tick } from './ticks.js'

/** Options of {@link SpectrogramSketch}. */
export interface SketchOptions {
  /** Sample rate in Hz. */
  readonly sampleRate: number
  /** The highest frequency in hertz. Default: half the rate. */
  readonly top?: number
  /** Columns that are kept at least, where the signal has as many frames. */
  readonly columns?: number
}

const ROWS = 300
const LOWEST = 40
/** Sketches that stay below this level, in decibels, count as silent. */
const SILENCE = -100
/** Powers below this are silence. */
const FLOOR = 1e-20

/**
 * A spectrogram for display: rows evenly spaced in pitch, and columns that are joined two by two whenever they become too
 * many, so that its memory does not grow with the signal.
 */
export class SpectrogramSketch {
  readonly rows = ROWS
  readonly low: number
  readonly top: number
  private readonly nFft: number
  private readonly stft: OnlineStft
  private readonly ranges: Float64Array
  private readonly limit: number
  private power: Float64Array
  /** Finished columns, and frames in one of them. */
  private columns = 0
  private span = 1
  private inColumn = 0
  private samples = 0

  constructor(private readonly options: SketchOptions) {
    const { sampleRate, columns = 1600 } = options
    const nyquist = sampleRate / 2
    this.top = Math.min(nyquist, options.top ?? nyquist)
    this.low = Math.min(LOWEST, this.top / 16)
    // About 80 ms: long enough to part the notes, short enough to see a stroke.
    this.nFft = 2 ** Math.max(4, Math.round(Math.log2(0.08 * sampleRate)))
    this.stft = new OnlineStft({ nFft: this.nFft })
    this.limit = 2 * columns
    this.power = new Float64Array(this.limit * ROWS)
    this.ranges = Float64Array.from({ length: ROWS + 1 }, (_, row) => (this.hertzAt(row) / sampleRate) * this.nFft)
  }

  /** Takes the next samples; they must be finite. */
  accept(samples: Float32Array): void {
    this.samples += samples.length
    // A block's frames take 8 bytes per bin: they are fetched a piece at a time.
    for (let at = 0; at < samples.length; at += 1 << 18)
      this.add(this.stft.accept(samples.subarray(at, at + (1 << 18))))
  }

  /** The picture of everything so far; nothing can be added after it. */
  finish(): Sketch {
    this.add(this.stft.flush())
    if (this.inColumn > 0) this.close(this.inColumn)
    const levels = this.power.subarray(0, this.columns * ROWS).map((power) => 10 * Math.log10(Math.max(FLOOR, power)))
    const hop = (Math.floor(this.nFft / 4) * this.span) / this.options.sampleRate
    const begin = -Math.floor(this.nFft / 4) / 2 / this.options.sampleRate
    return {
      levels,
      columns: this.columns,
      time: [begin, begin + this.columns * hop],
      seconds: this.samples / this.options.sampleRate,
      rowOf: (hertz) => this.rowOf(hertz),
      ticks: frequencyTicks(this.low, this.top).map(({ value, label }) => ({ label, value: this.rowOf(value) })),
    }
  }

  private hertzAt(row: number): number {
    return this.low * (this.top / this.low) ** (row / ROWS)
  }

  private rowOf(hertz: number): number {
    return (ROWS * Math.log(hertz / this.low)) / Math.log(this.top / this.low)
  }

  private add({ data, shape }: { readonly data: Float32Array; readonly shape: readonly number[] }): void {
    const [bins, frames] = shape as [number, number]
    const { ranges } = this
    const spectrum = new Float64Array(bins)
    for (let frame = 0; frame < frames; frame++) {
      for (let bin = 0; bin < bins; bin++) {
        const at = 2 * (bin * frames + frame)
        spectrum[bin] = data[at]! ** 2 + data[at + 1]! ** 2
      }
      const column = this.columns * ROWS
      for (let row = 0; row < ROWS; row++) {
        const [from, to] = [ranges[row]!, ranges[row + 1]!]
        const first = Math.ceil(from)
        let power = 0
        if (to - from < 1 || first >= to) {
          // A row between two bins, or of less than one.
          const at = Math.min((from + to) / 2, bins - 1)
          const below = Math.floor(at)
          const above = Math.min(below + 1, bins - 1)
          power = spectrum[below]! + (at - below) * (spectrum[above]! - spectrum[below]!)
        } else {
          const end = Math.min(Math.ceil(to), bins)
          for (let bin = first; bin < end; bin++) power += spectrum[bin]!
          power /= Math.max(1, end - first)
        }
        this.power[column + row]! += power
      }
      if (++this.inColumn === this.span) this.close(this.span)
    }
  }

  private close(frames: number): void {
    const { power } = this
    const column = this.columns * ROWS
    for (let row = 0; row < ROWS; row++) power[column + row]! /= frames
    this.inColumn = 0
    if (++this.columns < this.limit) return
    for (let joined = 0; joined < this.limit / 2; joined++) {
      for (let row = 0; row < ROWS; row++) {
        const at = 2 * joined * ROWS + row
        power[joined * ROWS + row] = (power[at]! + power[at + ROWS]!) / 2
      }
    }
    this.columns = this.limit / 2
    this.span *= 2
    power.fill(0, this.columns * ROWS)
  }
}

/** A finished {@link SpectrogramSketch}. */
export interface Sketch {
  /** Decibels of power, `[columns, rows]`. */
  readonly levels: Float64Array
  readonly columns: number
  /** Seconds where the first column begins and the last one ends. */
  readonly time: readonly [number, number]
  /** Length of the signal in seconds. */
  readonly seconds: number
  /** The place of a frequency among the rows. */
  readonly rowOf: (hertz: number) => number
  readonly ticks: readonly Tick[]
}

/** A sketch of a whole signal of one channel. */
export function sketch(samples: Float32Array, options: SketchOptions): Sketch {
  const spectrogram = new SpectrogramSketch(options)
  spectrogram.accept(samples)
  return spectrogram.finish()
}

/**
 * The panel of a sketch.
 * @param of - The sketch.
 * @param loudest - Decibels that count as 0.
 * @param more - What differs from panel to panel.
 */
export function sketchPanel(of: Sketch, loudest: number, more: Partial<HeatPanel> = {}): HeatPanel {
  return {
    type: 'heat',
    values: of.levels.map((level) => level - loudest),
    columns: of.columns,
    rows: ROWS,
    time: of.time,
    label: 'frequency (Hz)',
    ticks: of.ticks,
    range: [-80, 0],
    unit: 'level (dB, 0 = loudest)',
    colours: magma,
    ...more,
  }
}

/** The level of the loudest cell of a sketch; silence is not made loud. */
export function loudestOf({ levels }: Sketch): number {
  return levels.reduce((most, level) => Math.max(most, level), SILENCE)
}

function frequencyTicks(low: number, high: number): Tick[] {
  const octaves = [62.5, 125, 250, 500, 1000, 2000, 4000, 8000, 16000, 32000, 64000]
  return octaves.filter((value) => value >= low && value <= high).map((value) => ({ value, label: String(value) }))
}
