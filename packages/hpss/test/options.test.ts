import { optionNames } from '@dsp/native'
import { expect, it } from 'vitest'
import {
  decomposeHpssOptionSpecs,
  hpssOptionSpecs,
  medianFilterOptionSpecs,
  partOptionSpecs,
  softmaskOptionSpecs,
} from '../src/index.js'

// `beta` belongs to windows that a separation, whose frames are always Hann windows, cannot have. A median filter's `axis` is
// in the shape of what it filters, and its `size` is an argument here.
it.each([
  ['hpss', hpssOptionSpecs, ['beta'], []],
  ['harmonic', partOptionSpecs, ['beta'], []],
  ['percussive', partOptionSpecs, ['beta'], []],
  ['decomposeHpss', decomposeHpssOptionSpecs, [], []],
  ['softmask', softmaskOptionSpecs, [], []],
  ['medianFilter', medianFilterOptionSpecs, ['size'], ['axis']],
] as const)('the core has the options of %s', (name, specs, onlyCore, onlyHere) => {
  const core = [...optionNames(name), ...onlyHere]
  expect(core.sort()).toEqual([...Object.keys(specs), ...onlyCore].sort())
})
