import { describe, expect, it } from 'vitest'
import {
  DspError,
  fromNative,
  guard,
  guardAsync,
  type OptionSpecs,
  option,
  parseOption,
  resolveOptions,
  show,
} from '../src/index.js'
import { errorOf } from '../src/testing/index.js'

interface Options {
  bins: number
  rate: number
  window: 'hann' | 'povey'
  snip: boolean
  kernel: readonly number[]
  label: string
  preset: 'a' | null
}

const specs: OptionSpecs<Options> = {
  bins: option.integer(23, { min: 1, max: 512 }),
  rate: option.number(16000, { min: 1 }),
  window: option.enum(['hann', 'povey'], 'povey'),
  snip: option.boolean(true),
  kernel: option.array([17, 45], { length: 2, min: 1 }),
  label: option.string(''),
  preset: option.nullable(option.enum(['a'], 'a')),
}

describe('resolveOptions', () => {
  it('fills in defaults, presets before them', () => {
    expect(resolveOptions('f', specs, undefined)).toEqual({
      bins: 23,
      rate: 16000,
      window: 'povey',
      snip: true,
      kernel: [17, 45],
      label: '',
      preset: null,
    })
    expect(resolveOptions('f', specs, { rate: 8000, bins: undefined }, { bins: 80, rate: 1 })).toMatchObject({
      bins: 80,
      rate: 8000,
    })
  })

  it('names an unknown option and those that exist', () => {
    const error = errorOf(() => resolveOptions('fbank', specs, { numBins: 1 } as object))
    expect(error.code).toBe('ERR_DSP_OPTION')
    expect(error.message).toBe(
      'fbank has no option "numBins"; its options are: bins, rate, window, snip, kernel, label, preset',
    )
    expect(errorOf(() => resolveOptions('f', specs, { toString: 1 } as object)).argument).toBe('toString')
    expect(errorOf(() => resolveOptions('f', specs, [] as object)).argument).toBe('options of f')
  })

  it.each<[string, unknown, string]>([
    ['bins', 0, 'bins must be a whole number between 1 and 512, got 0'],
    ['bins', 1.5, 'bins must be a whole number between 1 and 512, got 1.5'],
    ['bins', '80', 'bins must be a whole number between 1 and 512, got "80"'],
    ['rate', Number.NaN, 'rate must be a finite number of at least 1, got NaN'],
    ['rate', null, 'rate must be a finite number of at least 1, got null'],
    ['window', 'kaiser', 'window must be one of "hann", "povey", got "kaiser"'],
    ['snip', 1, 'snip must be true or false, got 1'],
    ['kernel', [1], 'kernel must be a list of 2 finite numbers of at least 1, got [1]'],
    ['label', 5, 'label must be a string, got 5'],
    ['preset', 'b', 'preset must be one of "a" or null, got "b"'],
  ])('refuses %s = %j', (name, value, message) => {
    const error = errorOf(() => resolveOptions('f', specs, { [name]: value }))
    expect(error).toMatchObject({ code: 'ERR_DSP_ARGUMENT', argument: name, message })
  })
})

it('parseOption reads what a command line says', () => {
  expect(parseOption('bins', specs.bins, '80')).toBe(80)
  expect(parseOption('rate', specs.rate, '1.5e3')).toBe(1500)
  expect(parseOption('snip', specs.snip, 'false')).toBe(false)
  expect(parseOption('kernel', specs.kernel, '3,4')).toEqual([3, 4])
  expect(parseOption('preset', specs.preset, 'null')).toBe(null)
  expect(parseOption('label', specs.label, 'x,y')).toBe('x,y')
  for (const [name, text] of [
    ['bins', ''],
    ['bins', 'many'],
    ['snip', 'yes'],
    ['kernel', '1,'],
  ] as const) {
    expect(errorOf(() => parseOption(name, specs[name] as never, text)).actual).toBe(
      name === 'kernel' ? '[1, NaN]' : JSON.stringify(text),
    )
  }
})

describe('errors of the native core', () => {
  const failure = new Error('{"code":"ERR_DSP_SHAPE","argument":"x","expected":"1 axis","actual":"2","message":"no"}')

  it('become DspErrors', async () => {
    const thrown = errorOf(() =>
      guard(() => {
        throw failure
      }),
    )
    expect(thrown).toMatchObject({
      code: 'ERR_DSP_SHAPE',
      argument: 'x',
      expected: '1 axis',
      actual: '2',
      message: 'no',
    })
    await expect(guardAsync(() => Promise.reject(failure))).rejects.toBeInstanceOf(DspError)
    expect(fromNative(Object.assign(new Error('panic'), { code: 'GenericFailure' }))).toMatchObject({
      code: 'ERR_DSP_INTERNAL',
    })
    expect(fromNative(Object.assign(new Error('x'), { name: 'AbortError' }))).toMatchObject({ code: 'ERR_DSP_ABORTED' })
  })

  it('leave everything else alone', () => {
    const other = new RangeError('x')
    expect(fromNative(other)).toBe(other)
    expect(fromNative('x')).toBe('x')
    expect(guard(() => 5)).toBe(5)
  })
})

it('show is short', () => {
  expect(show('x'.repeat(100)).length).toBeLessThan(90)
  expect(show(new Float32Array(3))).toBe('Float32Array(3)')
  expect(show([1, 2, 3, 4, 5, 6, 7, 8, 9])).toBe('[1, 2, 3, 4, 5, 6, 7, 8, …]')
  expect(show(Object.create(null))).toBe('an object of class null')
  expect(show(() => 1)).toBe('a function')
})

it('a number may have words as alternatives, and be infinite', () => {
  const spec = option.nullable(option.numberOr(['slaney'], 'slaney', { min: 0 }), 'slaney' as number | 'slaney')
  for (const [text, value] of [
    ['slaney', 'slaney'],
    ['2', 2],
    ['inf', Infinity],
    ['-inf', -Infinity],
    ['Infinity', Infinity],
    ['null', null],
  ] as const) {
    expect(parseOption('norm', spec, text)).toBe(value)
  }
  for (const text of ['htk', '-1', 'NaN', '']) {
    expect(errorOf(() => parseOption('norm', spec, text)).message).toBe(
      `norm must be "slaney", or a number of at least 0 or null, got ${show(text === '-1' ? -1 : text)}`,
    )
  }
})

it('one number may stand for a pair', () => {
  const spec = option.pair(31, { min: 1, whole: true })
  expect(spec.default).toBe(31)
  expect(parseOption('kernelSize', spec, '17')).toBe(17)
  expect(parseOption('kernelSize', spec, '17,45')).toEqual([17, 45])
  for (const text of ['0', '1.5', '3,1.5', '3,4,5', '', '3,']) {
    expect(errorOf(() => parseOption('kernelSize', spec, text)).message).toContain(
      'kernelSize must be a number or a list of 2 whole numbers of at least 1, got ',
    )
  }
  expect(parseOption('margin', option.pair(1, { min: 1 }), '1.5,2')).toEqual([1.5, 2])
})
