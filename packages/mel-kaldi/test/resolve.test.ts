import { expect, it } from 'vitest'
import { fbankOptionSpecs, presets, resolveKaldiOptions } from '../src/index.js'

it('takes what is given, else the preset, else torchaudio', () => {
  const options = resolveKaldiOptions('fbank', { preset: 'sherpa-nemo', lowFreq: 40, snipEdges: undefined } as object)
  expect(options).toMatchObject({ ...presets['sherpa-nemo'].fbank, preset: 'sherpa-nemo', lowFreq: 40, frameShift: 10 })
  expect(Object.keys(options)).toEqual(Object.keys(fbankOptionSpecs))
  expect(resolveKaldiOptions('mfcc', { preset: 'lhotse' }).numMelBins).toBe(23)
  expect(resolveKaldiOptions('spectrogram', undefined, 8000).sampleFrequency).toBe(8000)
  expect(resolveKaldiOptions('spectrogram', { sampleFrequency: 8000 }, 8000).sampleFrequency).toBe(8000)
})

it.each<[string, () => unknown, string, string]>([
  ['a kind', () => resolveKaldiOptions('nope' as never), 'ERR_DSP_ARGUMENT', 'kind'],
  ['a preset', () => resolveKaldiOptions('fbank', { preset: 'mine' as never }), 'ERR_DSP_ARGUMENT', 'preset'],
  ['an option', () => resolveKaldiOptions('mfcc', { usePower: true } as never), 'ERR_DSP_OPTION', 'usePower'],
  ['options', () => resolveKaldiOptions('mfcc', 5 as never, 8000), 'ERR_DSP_ARGUMENT', 'options of mfcc'],
  ['a rate', () => resolveKaldiOptions('fbank', { sampleFrequency: 1 }, 2), 'ERR_DSP_ARGUMENT', 'sampleFrequency'],
])('names what is wrong: %s', (_, call, code, argument) => {
  expect(call).toThrow(expect.objectContaining({ code, argument }))
})
