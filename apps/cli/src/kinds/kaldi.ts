import type { FeatureOptionsOf, FrameTiming } from '@dsp/features'
import { DspError } from '@dsp/tensor'
import { difference, magma } from '../plot/colours.js'
import type { HeatPanel, Picture } from '../plot/picture.js'
import { coefficientTicks, niceTicks } from '../plot/ticks.js'
import { overTime, resolve } from './frames.js'
import { type Draw, type PictureSource, timeSpan } from './kind.js'
import { kaldiTicks } from './mel-ticks.js'
import { matrixShape, middleRange, relativeDecibels, showRate } from './shapes.js'

function picture<K extends 'fbank' | 'mfcc' | 'spectrogram'>(
  source: PictureSource,
  kind: K,
  { options, timing }: { readonly options: FeatureOptionsOf['spectrogram']; readonly timing: FrameTiming },
  frames: number,
  heat: Partial<HeatPanel>,
): Picture {
  const panel = { type: 'heat', columns: frames, time: timeSpan(timing, frames), colours: magma, ...heat } as HeatPanel
  const { frameLength, frameShift, preset } = options
  const bins = kind === 'spectrogram' ? '' : ` · ${panel.rows} ${kind === 'mfcc' ? 'coefficients' : 'bins'}`
  const subtitle = `${preset} · ${showRate(source.sampleRate)} · ${frameLength} ms frames every ${frameShift} ms${bins}`
  return overTime(source, kind, subtitle, [panel])
}

/** Natural logarithms of power (or of magnitudes) as decibels, without some columns. */
function decibels(values: ArrayLike<number>, columns: number, keep: readonly [number, number], perNeper: number) {
  const width = keep[1] - keep[0]
  const frames = values.length / columns
  const levels = new Float64Array(frames * width)
  for (let frame = 0; frame < frames; frame++) {
    for (let bin = 0; bin < width; bin++) {
      levels[frame * width + bin] = perNeper * values[frame * columns + keep[0] + bin]!
    }
  }
  return relativeDecibels(levels)
}

const POWER_DB = 10 / Math.LN10
const MAGNITUDE_DB = 20 / Math.LN10

export const drawFbank: Draw = (source) => {
  const [frames, columns] = matrixShape(source.values, '[frames, bins]')
  const resolved = resolve('fbank', source)
  const { numMelBins, useEnergy, htkCompat, usePower, useLogFbank } = resolved.options
  const energy = columns === numMelBins + 1 && useEnergy
  const bins = energy ? columns - 1 : columns
  const first = energy && !htkCompat ? 1 : 0
  const logs = useLogFbank ? source.values.data : logarithms(source.values.data)
  const { values, range } = decibels(logs, columns, [first, first + bins], usePower ? POWER_DB : MAGNITUDE_DB)
  return picture(source, 'fbank', resolved, frames, {
    values,
    rows: bins,
    range,
    label: 'frequency (Hz, mel scale)',
    ticks: kaldiTicks(resolved.options, bins),
    unit: 'level (dB, 0 = loudest)',
  })
}

export const drawMfcc: Draw = (source) => {
  const [frames, rows] = matrixShape(source.values, '[frames, coefficients]')
  return picture(source, 'mfcc', resolve('mfcc', source), frames, {
    values: source.values.data,
    rows,
    range: middleRange(source.values.data),
    colours: difference,
    label: 'coefficient',
    ticks: coefficientTicks(rows),
    unit: 'value',
  })
}

export const drawSpectrogram: Draw = (source) => {
  const [frames, columns] = matrixShape(source.values, '[frames, bins]')
  if (columns < 2) throw DspError.argument('values', 'at least 2 bins wide', columns)
  // Kaldi puts the frame's energy into the bin of 0 Hz, which is left out here.
  const { values, range } = decibels(source.values.data, columns, [1, columns], POWER_DB)
  const binHertz = source.sampleRate / 2 / (columns - 1)
  return picture(source, 'spectrogram', resolve('spectrogram', source), frames, {
    values,
    rows: columns - 1,
    range,
    label: 'frequency (Hz)',
    ticks: niceTicks(0, source.sampleRate / 2, 8).map(({ value, label }) => ({
      label,
      value: value / binHertz - 0.5,
    })),
    unit: 'level (dB, 0 = loudest)',
  })
}

function logarithms(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values, (value) => Math.log(Math.max(value, 2 ** -23)))
}
