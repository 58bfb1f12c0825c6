import {
  type FeatureKind,
  type FeatureOptions,
  type FeatureOptionsOf,
  type FrameTiming,
  frameTiming,
  resolveFeatureOptions,
} from '@dsp/features'
import type { Tensor } from '@dsp/tensor'
import { magma } from '../plot/colours.js'
import type { HeatPanel, Panel, Picture } from '../plot/picture.js'
import type { PictureSource, Resolved } from './kind.js'
import { matrixShape, relativeDecibels, showRate, waveform } from './shapes.js'

/** A matrix `[bins, frames]` as a panel has it, column after column. */
export function columnsOf(
  values: Tensor<Float32Array> | Tensor<Float64Array>,
  level: (value: number) => number = (value) => value,
): { columns: number; rows: number; values: Float64Array } {
  const [rows, columns] = matrixShape(values, '[bins, frames]')
  const turned = new Float64Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = level(values.data[row * columns + column]!)
    }
  }
  return { columns, rows, values: turned }
}

/** Levels of `[bins, frames]` below the loudest, as the parts of a panel. */
export function levelPanel(
  values: Tensor<Float32Array> | Tensor<Float64Array>,
  toDecibels: (value: number) => number,
): Pick<HeatPanel, 'type' | 'columns' | 'rows' | 'values' | 'range' | 'unit' | 'colours'> {
  const turned = columnsOf(values, toDecibels)
  return {
    type: 'heat',
    ...turned,
    ...relativeDecibels(turned.values),
    unit: 'level (dB, 0 = loudest)',
    colours: magma,
  }
}

/** Decibels of a power; nothing is below -200 dB. */
export const powerDecibels = (power: number): number => 10 * Math.log10(Math.max(1e-20, power))

/** Decibels of a magnitude; nothing is below -200 dB. */
export const magnitudeDecibels = (magnitude: number): number => 20 * Math.log10(Math.max(1e-10, Math.abs(magnitude)))

/** A picture of panels below the waveform, over the time of the sound or, without sound, of the first panel. */
export function overTime(source: PictureSource, kind: string, subtitle: string, panels: readonly Panel[]): Picture {
  const wave = waveform(source)
  return {
    title: `${source.name} · ${kind}`,
    subtitle,
    panels: [...wave, ...panels],
    time: wave[0]?.time ?? [0, panels[0]!.time[1]],
    timeLabel: 'time (s)',
  }
}

/** The features of a picture: all options, and where the frames lie. */
export function resolve<K extends FeatureKind>(kind: K, { settings, sampleRate }: PictureSource): Resolved<K> {
  const given = settings as FeatureOptions<K> & Partial<FeatureOptionsOf[K]>
  return { options: resolveFeatureOptions(kind, given, sampleRate), timing: frameTiming(kind, given, sampleRate) }
}

/** How far apart frames are, in words. */
export function describeHop({ rate }: FrameTiming, sampleRate: number): string {
  return `${showRate(sampleRate)} · a frame every ${Math.round(sampleRate / rate)} samples`
}
