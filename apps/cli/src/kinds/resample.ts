import { MAX_RATE, resample, resampleOptionSpecs } from '@dsp/audio'
import { DspError, type OptionSpecs, option } from '@dsp/tensor'
import { UsageError } from '../failure.js'
import type { Kind } from './kind.js'
import { extent, showRate } from './shapes.js'

const { origFreq: _, newFreq: __, ...shared } = resampleOptionSpecs

/** `targetRate` has no default: without it there is nothing to do. */
const specs = {
  targetRate: { ...option.integer(0, { min: 1, max: MAX_RATE }), default: undefined },
  ...shared,
} as OptionSpecs<Record<string, unknown>>

export const resampleKind: Kind = {
  options: specs,
  hasComplex: false,
  compute(audio, { targetRate, ...settings }) {
    if (typeof targetRate !== 'number') throw new UsageError('the kind resample needs --set targetRate=HZ')
    return { values: resample(audio, { ...settings, newFreq: targetRate }).samples, complex: false }
  },
  picture({ values, settings, sampleRate, name, audio }) {
    if (values.shape.length !== 1) {
      throw new DspError(`a picture of samples needs [samples], got shape [${values.shape.join(', ')}]`, {
        code: 'ERR_DSP_SHAPE',
        argument: 'values',
      })
    }
    const rate = (settings.targetRate as number | undefined) ?? sampleRate
    const [least, most] = extent(values.data)
    const reach = Math.max(Math.abs(least), Math.abs(most)) || 1
    const time = [0, values.data.length / rate] as const
    return {
      title: `${name} · samples`,
      subtitle: audio === undefined ? showRate(rate) : `${showRate(sampleRate)} resampled to ${showRate(rate)}`,
      panels: [{ type: 'wave', samples: values.data, time, label: 'amplitude', range: [-reach, reach] }],
      time,
      timeLabel: 'time (s)',
    }
  },
}
