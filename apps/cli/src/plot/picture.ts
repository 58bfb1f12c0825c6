import type { ColourMap } from './colours.js'
import type { Tick } from './ticks.js'

/** A line over a heat panel, such as a pitch; it breaks at NaN and at leaps. */
export interface Curve {
  /** One value per frame in rows of the panel, 0 at the bottom edge; NaN where there is none. */
  readonly values: ArrayLike<number>
  /** Seconds where the first frame begins and the last one ends. */
  readonly time: readonly [number, number]
  /** A step of more rows than this from one frame to the next is a leap. */
  readonly leap: number
}

/** Values over time and another axis, drawn in colours. */
export interface HeatPanel {
  readonly type: 'heat'
  /** `[columns, rows]`, row-major: column after column, each from the bottom up. */
  readonly values: ArrayLike<number>
  /** Number of columns: frames. */
  readonly columns: number
  /** Number of rows: bins. */
  readonly rows: number
  /** Seconds where the first column begins and the last one ends. */
  readonly time: readonly [number, number]
  /** Name of the vertical axis with its unit. */
  readonly label: string
  /** Marks of the vertical axis; values in rows, 0 at the bottom edge. */
  readonly ticks: readonly Tick[]
  /** Values of the ends of the colour map. */
  readonly range: readonly [number, number]
  /** Unit of the values, for the colour bar. */
  readonly unit: string
  readonly colours: ColourMap
  /** A heading of this panel alone. */
  readonly heading?: string
  /** Lines over the colours. */
  readonly curves?: readonly Curve[]
}

/** A signal over time, drawn as its envelope. */
export interface WavePanel {
  readonly type: 'wave'
  readonly samples: ArrayLike<number>
  /** Seconds of the first sample and the end of the last one. */
  readonly time: readonly [number, number]
  /** Name of the vertical axis. */
  readonly label: string
  /** Values of the bottom and the top. */
  readonly range: readonly [number, number]
  /** Marks of the vertical axis. Default: round values. */
  readonly ticks?: readonly Tick[]
  readonly heading?: string
}

export type Panel = HeatPanel | WavePanel

/** A picture: panels one below the other over a common time axis. */
export interface Picture {
  readonly title: string
  /** A line below the title, e.g. settings. */
  readonly subtitle: string
  readonly panels: readonly Panel[]
  /** Ends of the horizontal axis. */
  readonly time: readonly [number, number]
  /** Name of the horizontal axis with its unit. */
  readonly timeLabel: string
}

/** Pixels of a picture. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** A rectangle in pixels. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}
