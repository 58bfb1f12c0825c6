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
  // Decibels of channels are computed one channel at a time: the core need not know.
  const names = Object.keys(specs).filter((key) => name !== 'db' || key !== 'librosa')
  expect(optionNames(name).sort()).toEqual(names.sort())
})
