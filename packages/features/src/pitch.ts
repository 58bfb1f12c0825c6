import { option } from '@dsp/tensor'
import {
  type Pitches,
  type PyinOptions,
  pyin,
  pyinAsync,
  pyinOptionSpecs,
  type YinOptions,
  yin,
  yinAsync,
  yinOptionSpecs,
} from '@dsp/yin'
import { type Definition, librosaTiming, valuesOf } from './definition.js'

/** librosa has no default for the range and recommends these notes: C2 and C7. */
const range = {
  fmin: option.number(65.40639132514966, { min: 0 }),
  fmax: option.number(2093.004522404789, { min: 0 }),
}

const pitch = { orientation: ['frames'], channels: 'average', rateOption: 'sr', timing: librosaTiming } as const

export const yinDefinition: Definition<YinOptions> = {
  ...pitch,
  description: 'fundamental frequency by YIN as librosa computes it, [frames] in hertz',
  options: { ...yinOptionSpecs, ...range },
  ...valuesOf<YinOptions>(yin, yinAsync),
}

const computed = ({ f0, ...parts }: Pitches) => ({ values: f0, parts })

export const pyinDefinition: Definition<PyinOptions> = {
  ...pitch,
  description:
    'fundamental frequency by probabilistic YIN as librosa computes it, [frames] in hertz, NaN where unvoiced',
  options: { ...pyinOptionSpecs, ...range },
  compute: (audio, options) => computed(pyin(audio, options)),
  computeAsync: async (audio, options) => computed(await pyinAsync(audio, options)),
}
