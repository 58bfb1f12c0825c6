import { optionNames } from '@dsp/native'
import { expect, it } from 'vitest'
import { istftOptionSpecs, stftOptionSpecs } from '../src/index.js'

it.each([
  ['stft', stftOptionSpecs],
  ['istft', istftOptionSpecs],
])('the core has the options of %s', (name, specs) => {
  expect(optionNames(name).sort()).toEqual(Object.keys(specs).sort())
})
