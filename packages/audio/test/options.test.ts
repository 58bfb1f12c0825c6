import { optionNames } from '@dsp/native'
import { expect, it } from 'vitest'
import { resampleOptionSpecs } from '../src/index.js'

it('the core has the options of resample', () => {
  expect(optionNames('resample').sort()).toEqual(Object.keys(resampleOptionSpecs).sort())
})
