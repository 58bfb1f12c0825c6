import { optionNames } from '@dsp/native'
import { expect, it } from 'vitest'
import {
  addDeltasOptionSpecs,
  cmvnOptionSpecs,
  deltasOptionSpecs,
  fbankOptionSpecs,
  logEnergiesOptionSpecs,
  lowFrameRateOptionSpecs,
  mfccOptionSpecs,
  normalizePerFeatureOptionSpecs,
  slidingWindowCmnOptionSpecs,
  spectrogramOptionSpecs,
} from '../src/index.js'

/** What the core does not read: where defaults come from, which channel is computed, and the type of the result. */
const OURS = ['preset', 'channel', 'precision']

it.each([
  ['spectrogram', spectrogramOptionSpecs],
  ['fbank', fbankOptionSpecs],
  ['mfcc', mfccOptionSpecs],
])('the core has the options of %s', (name, specs) => {
  expect([...optionNames(`kaldi.${name}`), ...OURS].sort()).toEqual(Object.keys(specs).sort())
})

it.each([
  ['deltas', deltasOptionSpecs],
  ['addDeltas', addDeltasOptionSpecs],
  ['cmvn', cmvnOptionSpecs],
  ['slidingWindowCmn', slidingWindowCmnOptionSpecs],
  ['lowFrameRate', lowFrameRateOptionSpecs],
  ['normalizePerFeature', normalizePerFeatureOptionSpecs],
  ['logEnergies', logEnergiesOptionSpecs],
])('the core has the options of %s', (name, specs) => {
  expect(optionNames(`kaldi.${name}`).sort()).toEqual(Object.keys(specs).sort())
})
