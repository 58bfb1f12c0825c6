import { optionNames } from '@dsp/native'
import { expect, it } from 'vitest'
import { pyinOptionSpecs, yinOptionSpecs } from '../src/index.js'

it.each([
  ['yin', yinOptionSpecs],
  ['pyin', pyinOptionSpecs],
])('the core has the options of %s', (name, specs) => {
  expect(optionNames(name).sort()).toEqual(Object.keys(specs).sort())
})
