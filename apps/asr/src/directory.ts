import { messageOf, modelError } from '@dsp/onnx'
import { type Folder, nameOf, namesIn, pathIn } from './folder.js'

/** How a model's weights are stored: the part of a file's name before `.onnx`, none for float32. */
export type Precision = 'float32' | 'float16' | 'int8'

/** The files of a model, in sherpa-onnx's layout. */
export type ModelFiles =
  | {
      /** Encoder, decoder (prediction network) and joiner. */
      readonly layout: 'transducer'
      readonly directory: string
      readonly encoder: string
      readonly decoder: string
      readonly joiner: string
      readonly tokens: string
      readonly config: string | undefined
    }
  | {
      /** One network. */
      readonly layout: 'ctc'
      readonly directory: string
      readonly model: string
      readonly tokens: string
      readonly config: string | undefined
    }

const SUFFIX: Record<Precision, string> = { float32: '', float16: '.fp16', int8: '.int8' }

/**
 * Finds a model's files: `encoder.onnx`, `decoder.onnx`, `joiner.onnx` or `model.onnx`, also with a name in the middle
 * (`encoder-epoch-99-avg-1.int8.onnx`), `tokens.txt` and, where present, `config.json`.
 * @param folder - The model directory.
 * @param precision - The one to take where a part comes in several.
 * @throws DspError `ERR_DSP_MODEL` naming the part that is missing or ambiguous.
 */
export async function findModelFiles(folder: Folder, precision: Precision): Promise<ModelFiles> {
  const directory = nameOf(folder)
  let names: string[]
  try {
    names = (await namesIn(folder)).sort()
  } catch (error) {
    throw modelError(
      `cannot read the model directory ${directory}: ${messageOf(error)}`,
      'directory',
      'a directory with *.onnx files and tokens.txt',
      directory,
      error,
    )
  }
  const pick = (part: string) => {
    const name = choose(names, part, precision, directory)
    return name === undefined ? undefined : pathIn(folder, name)
  }
  const has = (name: string) => (names.includes(name) ? pathIn(folder, name) : undefined)
  const listing = names.length === 0 ? 'nothing' : names.slice(0, 12).join(', ')
  const missing = (part: string, expected: string) =>
    modelError(
      `the model directory ${directory} has no ${part}: expected ${expected}, found ${listing}`,
      part,
      expected,
      listing,
    )

  const [encoder, decoder, joiner] = [pick('encoder'), pick('decoder'), pick('joiner')]
  const model = pick('model')
  if (encoder === undefined && decoder === undefined && joiner === undefined && model === undefined) {
    throw missing('model', 'encoder.onnx, decoder.onnx and joiner.onnx (a transducer) or model.onnx (CTC)')
  }
  const tokens = has('tokens.txt')
  if (tokens === undefined) throw missing('tokens', 'tokens.txt')
  const shared = { directory, tokens, config: has('config.json') }
  if (model !== undefined && encoder === undefined && decoder === undefined && joiner === undefined) {
    return { layout: 'ctc', model, ...shared }
  }
  if (encoder === undefined) throw missing('encoder', 'encoder.onnx (or encoder-….onnx)')
  if (decoder === undefined) throw missing('decoder', 'decoder.onnx (or decoder-….onnx)')
  if (joiner === undefined) throw missing('joiner', 'joiner.onnx (or joiner-….onnx)')
  return { layout: 'transducer', encoder, decoder, joiner, ...shared }
}

function choose(names: string[], part: string, precision: Precision, directory: string): string | undefined {
  const pattern = new RegExp(`^(?:.*[-_.])?${part}(?:[-_.].*)?\\.onnx$`)
  const candidates = names.filter((name) => pattern.test(name))
  for (const wanted of [precision, 'float32', 'float16', 'int8'] as const) {
    const suffix = SUFFIX[wanted]
    const exact = `${part}${suffix}.onnx`
    if (candidates.includes(exact)) return exact
    const fitting = candidates.filter((name) => stored(name) === wanted)
    if (fitting.length > 1) {
      throw modelError(
        `the model directory ${directory} has several files for its ${part}: ${fitting.join(', ')}; keep one, or name it ${exact}`,
        part,
        exact,
        fitting.join(', '),
      )
    }
    if (fitting.length === 1) return fitting[0]
  }
  return undefined
}

function stored(name: string): Precision {
  if (name.endsWith('.int8.onnx')) return 'int8'
  return /\.(fp16|float16)\.onnx$/.test(name) ? 'float16' : 'float32'
}
