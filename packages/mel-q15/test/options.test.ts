import { optionNames } from '@dsp/native'
import { errorOf } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import {
  coefficientsHeader,
  melQ15,
  melQ15OptionSpecs,
  OnlineMelQ15,
  q15Bank,
  q15BankOptionSpecs,
  q15Frames,
  q15FramingOptionSpecs,
  toWhisper,
} from '../src/index.js'

it.each([
  ['q15Bank', q15BankOptionSpecs],
  ['melQ15', melQ15OptionSpecs],
  ['q15Frames', q15FramingOptionSpecs],
])('the core has the options of %s', (name, specs) => {
  // The weights are always quantised from float64.
  const names = optionNames(name).filter((option) => option !== 'dtype')
  expect(names.sort()).toEqual(Object.keys(specs).sort())
})

describe('bad input', () => {
  const y = new Float32Array(16000)
  const nan = y.slice()
  nan[77] = Number.NaN
  const bad = (value: unknown) => value as never
  const cases: [string, () => unknown, string, string][] = [
    ['an unknown profile', () => q15Bank({ profile: bad('mel') }), 'ERR_DSP_ARGUMENT', 'profile'],
    ['an unknown option', () => q15Bank({ nMel: 80 } as never), 'ERR_DSP_OPTION', 'nMel'],
    ['an option of another profile', () => q15Bank({ profile: 'whisper-512', nMels: 80 }), 'ERR_DSP_ARGUMENT', 'nMels'],
    ['filters that Whisper has not', () => q15Bank({ profile: 'whisper', nMels: 100 }), 'ERR_DSP_ARGUMENT', 'nMels'],
    ['fmax above half the rate', () => q15Bank({ profile: 'accurate', fmax: 8001 }), 'ERR_DSP_ARGUMENT', 'fmax'],
    ['fmin above fmax', () => q15Bank({ profile: 'accurate', fmin: 9000 }), 'ERR_DSP_ARGUMENT', 'fmax'],
    ['a long window', () => q15Bank({ profile: 'accurate', winLength: 513 }), 'ERR_DSP_ARGUMENT', 'winLength'],
    ['a hostile length', () => q15Bank({ profile: 'accurate', nFft: 2 ** 31 }), 'ERR_DSP_ARGUMENT', 'nFft'],
    [
      'a bank that the kernel cannot run',
      () => melQ15(y, { profile: 'accurate', nFft: 1024 }),
      'ERR_DSP_ARGUMENT',
      'bank',
    ],
    [
      'too many filters for the kernel',
      () => melQ15(y, { profile: 'accurate', nMels: 257 }),
      'ERR_DSP_ARGUMENT',
      'bank',
    ],
    ['an unknown format', () => melQ15(y, { output: bad('int8') }), 'ERR_DSP_ARGUMENT', 'output'],
    ['a gain of 0', () => melQ15(y, { output: 'linear-int8', linearGain: 0 }), 'ERR_DSP_ARGUMENT', 'linearGain'],
    ['a hop of 0', () => melQ15(y, { hopLength: 0 }), 'ERR_DSP_ARGUMENT', 'hopLength'],
    ['NaN', () => melQ15(nan), 'ERR_DSP_NOT_FINITE', 'y'],
    ['an empty signal', () => melQ15(y.subarray(0, 0)), 'ERR_DSP_SHAPE', 'y'],
    ['a signal without a frame', () => melQ15(y.subarray(0, 159)), 'ERR_DSP_SHAPE', 'y'],
    ['399 samples', () => q15Frames(y.subarray(0, 399), { center: false }), 'ERR_DSP_SHAPE', 'y'],
    ['another rate', () => melQ15({ samples: y, sampleRate: 8000 }), 'ERR_DSP_ARGUMENT', 'y.sampleRate'],
    [
      'another rate of a block',
      () => new OnlineMelQ15().accept({ samples: y, sampleRate: 8000 }),
      'ERR_DSP_ARGUMENT',
      'block.sampleRate',
    ],
    ['an unknown form', () => coefficientsHeader(q15Bank(), { records: bad('u8') }), 'ERR_DSP_ARGUMENT', 'records'],
    [
      'bins beyond 8 bits',
      () => coefficientsHeader(q15Bank({ profile: 'accurate' }), { records: 'offsets-u8' }),
      'ERR_DSP_ARGUMENT',
      'records',
    ],
    ['codes of another format', () => toWhisper(melQ15(y), { output: 'log2-int16' }), 'ERR_DSP_ARGUMENT', 'codes'],
    [
      'codes of another bank',
      () => toWhisper(melQ15(y, { profile: 'accurate', nMels: 40 })),
      'ERR_DSP_ARGUMENT',
      'codes',
    ],
    ['a bank of another rate', () => toWhisper(melQ15(y), { profile: 'accurate', sr: 8000 }), 'ERR_DSP_ARGUMENT', 'sr'],
  ]
  it.each(cases)('%s', (_, call, code, argument) => {
    const error = errorOf(call)
    expect([error.code, error.argument]).toEqual([code, argument])
    expect(error.message.length).toBeGreaterThan(20)
  })

  it('399 and 401 samples are one frame and no more', () => {
    expect(q15Frames(y.subarray(0, 400), { center: false }).shape).toEqual([1, 400])
    expect(q15Frames(y.subarray(0, 401), { center: false }).shape).toEqual([1, 400])
    expect(melQ15(y.subarray(0, 160)).shape).toEqual([1, 80])
  })
})
