import { optionNames } from '@dsp/native'
import { expect, it } from 'vitest'
import {
  amplitudeToDbOptionSpecs,
  cepstrumOptionSpecs,
  melFilterOptionSpecs,
  melFrequencyOptionSpecs,
  melFromSpectrogramOptionSpecs,
  melScaleOptionSpecs,
  melspectrogramOptionSpecs,
  mfccOptionSpecs,
  powerToDbOptionSpecs,
  whisperOptionSpecs,
} from '../src/index.js'

it.each([
  ['melScale', melScaleOptionSpecs],
  ['melFrequencies', melFrequencyOptionSpecs],
  ['melFilters', melFilterOptionSpecs],
  ['melFilters', melFromSpectrogramOptionSpecs],
  ['melspectrogram', melspectrogramOptionSpecs],
  ['mfcc', mfccOptionSpecs],
  ['mfccFromSpectrogram', cepstrumOptionSpecs],
  ['whisperLogMel', whisperOptionSpecs],
  ['db', powerToDbOptionSpecs],
  ['db', amplitudeToDbOptionSpecs],
])('the core has the options of %s', (name, specs) => {
  expect(optionNames(name).sort()).toEqual(Object.keys(specs).sort())
})
