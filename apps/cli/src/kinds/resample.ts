import { DspError } from '@dsp/tensor'
import type { Draw } from './kind.js'
import { extent, showRate } from './shapes.js'

export const drawResample: Draw = ({ values, settings, sampleRate, name, audio }) => {
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
}
