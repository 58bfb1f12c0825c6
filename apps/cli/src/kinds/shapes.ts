import { DspError, type Tensor } from '@dsp/tensor'
import type { WavePanel } from '../plot/picture.js'
import type { PictureSource } from './kind.js'

/** The two axes of a matrix, checked. */
export function matrixShape(values: Tensor<Float32Array> | Tensor<Float64Array>, axes: string): [number, number] {
  const [first, second] = values.shape
  if (values.shape.length !== 2 || first === undefined || second === undefined || first * second === 0) {
    const actual = `shape [${values.shape.join(', ')}]`
    throw new DspError(`a picture of this kind needs ${axes}, got ${actual}`, {
      code: 'ERR_DSP_SHAPE',
      argument: 'values',
      expected: axes,
      actual,
    })
  }
  return [first, second]
}

/** The least and the most of the finite values; 0 and 1 if there are none. */
export function extent(values: ArrayLike<number>): [number, number] {
  let least = Infinity
  let most = -Infinity
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (!Number.isFinite(value)) continue
    if (value < least) least = value
    if (value > most) most = value
  }
  return least > most ? [0, 1] : [least, most]
}

/** A range around zero that all but the outermost hundredth of the values lie in. */
export function middleRange(values: ArrayLike<number>): [number, number] {
  const sizes = Float64Array.from(values, (value) => (Number.isFinite(value) ? Math.abs(value) : 0)).sort()
  const reach = sizes[Math.floor(0.99 * (sizes.length - 1))] || 1
  return [-reach, reach]
}

/** The range of levels in decibels below the loudest that a picture shows. */
const DYNAMIC_RANGE = 80

/** Shifts levels so that the loudest is 0 dB; whatever lies 80 dB below it is drawn as that. */
export function relativeDecibels(levels: Float64Array): { values: Float64Array; range: [number, number] } {
  const [least, most] = extent(levels)
  const values = levels.map((level) => level - most)
  return { values, range: [Math.max(-DYNAMIC_RANGE, Math.min(-20, least - most)), 0] }
}

/** The strip with the waveform above a picture; none if there is no audio. */
export function waveform({ audio }: PictureSource): WavePanel[] {
  if (audio === undefined) return []
  const samples = audio.samples.data
  const [least, most] = extent(samples)
  const reach = Math.max(Math.abs(least), Math.abs(most)) || 1
  const seconds = samples.length / audio.sampleRate
  return [{ type: 'wave', samples, time: [0, seconds], label: '', range: [-reach, reach] }]
}

/** A readable rate: `16 kHz`, `22.05 kHz`. */
export function showRate(hertz: number): string {
  return hertz >= 1000 ? `${Number((hertz / 1000).toFixed(3))} kHz` : `${hertz} Hz`
}
