import {
  chromaCens,
  chromaCensOptionSpecs,
  chromaCqt,
  chromaCqtOptionSpecs,
  chromaStft,
  chromaStftOptionSpecs,
  chromaVqt,
  chromaVqtOptionSpecs,
  cqt,
  cqtOptionSpecs,
  tonnetz,
  tonnetzOptionSpecs,
} from '@dsp/chroma'
import { type Audio, type OptionSpecs, resolveOptions, type Tensor } from '@dsp/tensor'
import { difference, magma } from '../plot/colours.js'
import { noteTicks, pitchClassTicks } from '../plot/notes.js'
import type { HeatPanel } from '../plot/picture.js'
import { columnsOf, frameTimes, levelPanel, magnitudeDecibels, overTime, withRate } from './frames.js'
import type { Kind, PictureSource, Settings } from './kind.js'
import { magnitudes, middleRange, showRate } from './shapes.js'

type AnySpecs = OptionSpecs<Record<string, unknown>>

/** What the pictures need of the resolved options; each function has some of them. */
interface Resolved {
  readonly hopLength: number | null
  readonly center?: boolean
  readonly nFft?: number
  readonly winLength?: number | null
  readonly fmin?: number | null
  readonly nBins?: number
  readonly binsPerOctave?: number | null
  readonly baseC?: boolean
}

/** C1, where librosa's constant-Q transform begins. */
const C1 = 440 * 2 ** (-45 / 12)

function resolve(name: string, specs: AnySpecs, { settings, sampleRate }: PictureSource): Resolved {
  return resolveOptions(name, specs, withRate(settings, sampleRate)) as unknown as Resolved
}

function hopOf({ hopLength, winLength, nFft = 0 }: Resolved): number {
  return hopLength ?? Math.floor((winLength ?? nFft) / 4)
}

function describeHop(options: Resolved, sampleRate: number): string {
  return `${showRate(sampleRate)} · a frame every ${hopOf(options)} samples`
}

function timesOf(options: Resolved, frames: number, sampleRate: number): [number, number] {
  const { center = true, nFft = 0 } = options
  return frameTimes({ hopLength: hopOf(options), center, frameLength: nFft }, frames, sampleRate)
}

/**
 * Chroma as a panel: pitch classes from the bottom up.
 * @param values - `[bins, frames]`.
 * @param time - Seconds where the first frame begins and the last one ends.
 * @param fromC - Whether the first bin is C; else A.
 */
export function chromaPanel(
  values: Tensor<Float32Array> | Tensor<Float64Array>,
  time: readonly [number, number],
  fromC = true,
): HeatPanel {
  const turned = columnsOf(values)
  const most = turned.values.reduce((max, value) => Math.max(max, value), 0)
  return {
    type: 'heat',
    ...turned,
    time,
    range: [0, most || 1],
    label: 'pitch class',
    ticks: pitchClassTicks(turned.rows, fromC),
    unit: 'strength',
    colours: magma,
  }
}

/** A kind whose result is chroma. */
function chromaKind(
  name: string,
  specs: unknown,
  compute: (audio: Audio, settings: Settings) => Tensor<Float32Array>,
): Kind {
  return {
    options: specs as AnySpecs,
    hasComplex: false,
    compute: (audio, settings) => ({ values: compute(audio, settings), complex: false }),
    picture(source) {
      const options = resolve(name, this.options, source)
      const time = timesOf(options, source.values.shape[1] ?? 0, source.sampleRate)
      const panel = chromaPanel(source.values, time, options.baseC !== false)
      return overTime(source, name, describeHop(options, source.sampleRate), [panel])
    },
  }
}

export const chromaStftKind = chromaKind('chroma-stft', chromaStftOptionSpecs, chromaStft)
export const chromaCqtKind = chromaKind('chroma-cqt', chromaCqtOptionSpecs, chromaCqt)
export const chromaCensKind = chromaKind('chroma-cens', chromaCensOptionSpecs, chromaCens)
export const chromaVqtKind = chromaKind('chroma-vqt', chromaVqtOptionSpecs, (audio, settings) =>
  chromaVqt(audio, { intervals: 'equal', ...settings }),
)

export const cqtKind: Kind = {
  options: cqtOptionSpecs as AnySpecs,
  hasComplex: true,
  compute(audio, settings, complex) {
    const values = cqt(audio, settings)
    return { values: complex ? values : magnitudes(values), complex }
  },
  picture(source) {
    const options = resolve('cqt', this.options, source)
    const levels = levelPanel(source.values, magnitudeDecibels)
    const { columns, rows } = levels
    return overTime(source, 'cqt', `${describeHop(options, source.sampleRate)} · ${rows} bins`, [
      {
        ...levels,
        time: timesOf(options, columns, source.sampleRate),
        label: 'note',
        ticks: noteTicks(options.fmin ?? C1, options.binsPerOctave ?? 12, rows),
      },
    ])
  },
}

/** The axes of the tonal space: fifths, minor and major thirds, each as a circle. */
const TONAL = ['5 x', '5 y', 'm3 x', 'm3 y', 'M3 x', 'M3 y']

export const tonnetzKind: Kind = {
  options: tonnetzOptionSpecs as AnySpecs,
  hasComplex: false,
  compute: (audio, settings) => ({ values: tonnetz(audio, settings), complex: false }),
  picture(source) {
    const options = resolve('tonnetz', this.options, source)
    const turned = columnsOf(source.values)
    return overTime(source, 'tonnetz', describeHop(options, source.sampleRate), [
      {
        type: 'heat',
        ...turned,
        time: timesOf(options, turned.columns, source.sampleRate),
        range: middleRange(source.values.data),
        label: 'tonal centroid',
        ticks: TONAL.map((label, i) => ({ label, value: i + 0.5 })),
        unit: 'value',
        colours: difference,
      },
    ])
  },
}
