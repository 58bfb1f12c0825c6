import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '@dsp/tensor/testing'
import { expect, it } from 'vitest'
import { coefficientsHeader, q15Bank, q15Profiles } from '../src/index.js'

it.each(q15Profiles)("the kernel's header of %s is as dsp q15 generate writes it", (profile) => {
  const path = join(repositoryRoot(), 'native/aie/kernel/generated', profile, 'mel_filterbank_coeffs.h')
  expect(readFileSync(path, 'utf8')).toBe(coefficientsHeader(q15Bank({ profile })))
})
