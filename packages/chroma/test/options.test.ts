import { optionNames } from '@dsp/native'
import { expect, it } from 'vitest'
import * as chroma from '../src/index.js'

it.each([
  ['cqt', chroma.cqtOptionSpecs],
  ['vqt', chroma.vqtOptionSpecs],
  ['hybridCqt', chroma.hybridCqtOptionSpecs],
  ['pseudoCqt', chroma.pseudoCqtOptionSpecs],
  ['icqt', chroma.icqtOptionSpecs],
  ['chromaCqt', chroma.chromaCqtOptionSpecs],
  ['chromaVqt', chroma.chromaVqtOptionSpecs],
  ['chromaCens', chroma.chromaCensOptionSpecs],
  ['chromaStft', chroma.chromaStftOptionSpecs],
  ['tonnetz', chroma.tonnetzOptionSpecs],
  ['piptrack', chroma.piptrackOptionSpecs],
  ['estimateTuning', chroma.estimateTuningOptionSpecs],
  ['pitchTuning', chroma.pitchTuningOptionSpecs],
  ['chromaFilters', chroma.chromaFilterOptionSpecs],
  ['cqToChroma', chroma.cqToChromaOptionSpecs],
  ['wavelet', chroma.waveletOptionSpecs],
  ['waveletLengths', chroma.waveletLengthOptionSpecs],
  ['constantQ', chroma.constantQOptionSpecs],
  ['intervalFrequencies', chroma.intervalFrequencyOptionSpecs],
])('the core has the options of %s', (name, specs) => {
  // The binding takes the results' precision out of the options: the core computes in that of its input.
  const names = Object.keys(specs).filter((key) => key !== 'dtype')
  expect(optionNames(name).sort()).toEqual(names.sort())
})
