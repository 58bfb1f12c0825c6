import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readOnnxHeader } from '@dsp/onnx'
import { DspError } from '@dsp/tensor'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Recognizer } from '../src/index.js'
import { Tokens } from '../src/tokens.js'
import { here } from './golden.js'

let folder: string
const copy = (model: string) => cpSync(here(`golden/${model}`), folder, { recursive: true })
const path = (name: string) => join(folder, name)
const config = (value: unknown) =>
  writeFileSync(path('config.json'), typeof value === 'string' ? value : JSON.stringify(value))

/** Adds a metadata entry: fields may follow in any order in a protocol buffer. */
function state(file: string, key: string, value: string) {
  const text = (field: number, content: string) => {
    const bytes = new TextEncoder().encode(content)
    return [(field << 3) | 2, bytes.length, ...bytes]
  }
  const entry = [...text(1, key), ...text(2, value)]
  appendFileSync(path(file), Uint8Array.from([(14 << 3) | 2, entry.length, ...entry]))
}

async function expectModelError(...parts: (string | RegExp)[]) {
  const error = await Recognizer.load(folder).then(
    () => undefined,
    (reason: unknown) => reason as DspError,
  )
  expect(error).toBeInstanceOf(DspError)
  expect(error!.code).toBe('ERR_DSP_MODEL')
  for (const part of parts) expect(error!.message).toMatch(part)
  return error!
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dsp-asr-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const ENCODER = 'encoder-epoch-9-avg-1.onnx'
const DECODER = 'decoder-epoch-9-avg-1.onnx'

describe('a model directory', () => {
  it('reports what it is', async () => {
    copy('icefall-transducer')
    const { model } = await Recognizer.load(folder)
    expect(model).toMatchObject({
      directory: folder,
      type: 'transducer',
      sampleRate: 16000,
      normalize: 'none',
      vocabSize: 14,
      frameSeconds: 0.04,
      maxSeconds: 30,
    })
    expect(model.features).toMatchObject({ numMelBins: 80, lowFreq: 20, windowType: 'povey', snipEdges: false })
  })

  it('must exist and hold a model', async () => {
    await expectModelError(/has no model/, /encoder\.onnx/)
    folder = join(folder, 'missing')
    await expectModelError(/cannot read the model directory/)
  })

  it.each([
    [ENCODER, 'encoder'],
    [DECODER, 'decoder'],
    ['joiner-epoch-9-avg-1.onnx', 'joiner'],
    ['tokens.txt', 'tokens'],
  ])('without %s is an error that names it', async (file, part) => {
    copy('icefall-transducer')
    rmSync(path(file))
    const error = await expectModelError(new RegExp(`has no ${part}`), /found /)
    expect(error.argument).toBe(part)
  })

  it('takes the precision that is asked for, and says where several files fit', async () => {
    copy('icefall-transducer')
    const bytes = readFileSync(path(ENCODER))
    writeFileSync(path('encoder-epoch-9-avg-1.int8.onnx'), bytes.subarray(0, 100))
    await Recognizer.load(folder)
    await expect(Recognizer.load(folder, { precision: 'int8' })).rejects.toThrow(/int8\.onnx ends too early/)
    writeFileSync(path('encoder-epoch-8-avg-1.onnx'), bytes)
    await expectModelError(/several files for its encoder/, 'epoch-8')
    writeFileSync(path('encoder.onnx'), bytes)
    await Recognizer.load(folder)
  })

  it.each([0.5, 0.9, 0.01])('with an ONNX file cut at %f of its length is an error', async (part) => {
    copy('icefall-transducer')
    truncateSync(path(ENCODER), Math.floor(readFileSync(path(ENCODER)).length * part))
    await expectModelError(ENCODER)
  })

  it('with an ONNX file of other bytes is an error', async () => {
    copy('zipformer-ctc')
    for (const bytes of ['', 'not a model at all, just text', new Uint8Array(64), new Uint8Array(64).fill(255)]) {
      writeFileSync(path('model.onnx'), bytes)
      await expectModelError('model.onnx')
    }
  })

  it('with files in each other’s place is an error', async () => {
    copy('icefall-transducer')
    renameSync(path(ENCODER), path('x'))
    renameSync(path(DECODER), path(ENCODER))
    renameSync(path('x'), path(DECODER))
    await expectModelError(/model_type/)
  })

  it.each([
    ['A 0\nB\n', /id 0|malformed/],
    ['A 0\nB 0\n', /line 2 .* malformed: expected an id that no earlier line has/],
    ['A zero\n', /line 1 .*malformed/],
    ['A 0\nB 2\n', /no token with the id 1/],
    ['A 0 1\n', /line 1 .*malformed/],
    ['', /no token/],
  ])('with tokens.txt %j is an error', async (text, message) => {
    copy('icefall-transducer')
    writeFileSync(path('tokens.txt'), text)
    await expectModelError(message)
  })

  it('with tokens.txt that is not text is an error', async () => {
    copy('icefall-transducer')
    writeFileSync(path('tokens.txt'), Uint8Array.of(0xff, 0xfe, 0x20, 0x30))
    await expectModelError(/not UTF-8/)
  })
})

describe('a model that contradicts itself', () => {
  it.each([
    [{ features: { preset: 'sherpa-onnx', highFreq: 0 } }, 'highFreq', '8000', '7600'],
    [{ features: { numMelBins: 40 } }, 'numMelBins', '40', '80'],
    [{ features: { preset: 'torchaudio' } }, 'numMelBins', '23', '80'],
    [{ sampleRate: 8000 }, 'sampleRate', '8000', '16000'],
    [{ vocabSize: 500 }, 'vocabSize', '500', '14'],
    [{ contextSize: 3 }, 'contextSize', '3', '2'],
    [{ subsamplingFactor: 8 }, 'subsamplingFactor', '8', '4'],
    [{ blankId: 3 }, 'blankId', '3', '0'],
    [{ modelType: 'nemo-transducer' }, 'modelType', 'nemo-transducer', 'transducer'],
    [{ normalize: 'per_feature' }, 'normalize', 'per_feature', 'none'],
  ])('%j names both values', async (value, argument, one, other) => {
    copy('icefall-transducer')
    state(ENCODER, 'high_freq', '-400')
    state(ENCODER, 'sample_rate', '16000')
    state(ENCODER, 'subsampling_factor', '4')
    state(ENCODER, 'normalize_type', 'none')
    config(value)
    const error = await expectModelError(one, other)
    expect(error.argument).toContain(argument)
    expect(error.expected + error.actual).toContain(one)
    expect(error.expected + error.actual).toContain(other)
  })

  it('is found between metadata, shapes and tokens.txt, too', async () => {
    copy('icefall-transducer')
    writeFileSync(path('tokens.txt'), '<blk> 0\nA 1\n')
    await expectModelError('vocabSize', '14', '2', 'tokens.txt')
    copy('icefall-transducer')
    state(ENCODER, 'feature.numMelBins', '64')
    await expectModelError('numMelBins', '64', '80')
    copy('nemo-ctc')
  })

  it('is not seen in equal values that are written differently', async () => {
    copy('icefall-transducer')
    state(ENCODER, 'high_freq', '7600.0')
    state(ENCODER, 'feature.snipEdges', 'false')
    config({ features: { preset: 'sherpa-onnx', highFreq: -400 }, sampleRate: 16000, vocabSize: 14 })
    const { model } = await Recognizer.load(folder)
    expect(model.features.highFreq).toBe(7600)
  })

  it('takes features from the metadata where nothing else says them', async () => {
    copy('icefall-transducer')
    state(ENCODER, 'high_freq', '0')
    state(ENCODER, 'feature.windowType', 'hanning')
    const { model } = await Recognizer.load(folder)
    expect(model.features).toMatchObject({ highFreq: 8000, windowType: 'hanning', numMelBins: 80 })
  })
})

describe('config.json', () => {
  it.each([
    ['{', /cannot be read as JSON/],
    ['[]', /must hold a JSON object/],
    [{ modelType: 'whisper' }, /modelType .*must be one of transducer/],
    [{ sampleRate: 'fast' }, /sampleRate .*whole number/],
    [{ features: { preset: 'mine' } }, /preset .*mine.*sherpa-onnx/],
    [{ features: { mels: 80 } }, /mels/],
    [{ normalize: 'all_features' }, /normalize/],
    [{ maxSeconds: 0 }, /maxSeconds/],
  ])('%j is an error', async (value, message) => {
    copy('icefall-transducer')
    config(value)
    await expectModelError(message)
  })

  it('sets the longest stretch, which an option overrides', async () => {
    copy('icefall-transducer')
    config({ maxSeconds: 12, note: 'other keys are left alone' })
    expect((await Recognizer.load(folder)).model.maxSeconds).toBe(12)
    expect((await Recognizer.load(folder, { maxSeconds: 5 })).model.maxSeconds).toBe(5)
  })
})

describe('unsupported models', () => {
  it('are named', async () => {
    copy('zipformer-ctc')
    state('model.onnx', 'model_type', 'telespeech_ctc')
    await expectModelError(/telespeech_ctc.*not supported.*zipformer2_ctc/)
    copy('nemo-ctc')
    state('model.onnx', 'normalize_type', 'all_features')
    await expectModelError(/normalize_type.*all_features/)
    copy('nemo-ctc')
    state('model.onnx', 'is_giga_am', '1')
    await expectModelError(/GigaAM/)
    copy('nemo-ctc')
    writeFileSync(
      path('tokens.txt'),
      Array.from({ length: 14 }, (_, i) => `${i === 13 ? '<none>' : `x${i}`} ${i}\n`).join(''),
    )
    await expectModelError(/no blank/)
  })
})

describe('the parts', () => {
  it('reads metadata without the graph', async () => {
    const { metadata } = await readOnnxHeader(here('golden/nemo-tdt/encoder.onnx'))
    expect(Object.fromEntries(metadata)).toMatchObject({
      model_type: 'EncDecRNNTBPEModel',
      feat_dim: '80',
      normalize_type: 'per_feature',
    })
  })

  it('reads any cut or altered file without a crash', async () => {
    const whole = readFileSync(here('golden/icefall-transducer/joiner-epoch-9-avg-1.onnx'))
    for (let length = 0; length < whole.length; length += 7) {
      writeFileSync(path('x.onnx'), whole.subarray(0, length))
      await readOnnxHeader(path('x.onnx')).catch((error: DspError) => expect(error.code).toBe('ERR_DSP_MODEL'))
    }
    for (let i = 0; i < 300; i++) {
      const altered = Uint8Array.from(whole)
      altered[(i * 37) % whole.length]! ^= 1 << (i % 8)
      writeFileSync(path('x.onnx'), altered)
      await readOnnxHeader(path('x.onnx')).catch((error: DspError) => expect(error.code).toBe('ERR_DSP_MODEL'))
    }
  })

  it('reads tokens as sherpa-onnx does', () => {
    const tokens = new Tokens('<blk> 0\r\n▁THE 1\n  2\n<0xE4> 3\n#0 4\n', 'tokens.txt')
    expect([tokens.size, tokens.blank, tokens.text(1), tokens.text(2), tokens.byte(3)]).toEqual([
      4,
      0,
      ' THE',
      ' ',
      0xe4,
    ])
    expect(() => new Tokens('Ƃ 0\n', 'tokens.txt')).toThrow(/byte-level BPE/)
  })
})
