import { modelError } from '@dsp/onnx'
import { nodeModule } from '@dsp/signal'
import { DspError } from '@dsp/tensor'
import type { SincBands } from './options.js'

/** Turns a score into a probability, `1 / (1 + exp(-(scale * score + offset)))`, if both answers are equally likely beforehand. */
export interface Calibration {
  /** Slope of the log odds. */
  readonly scale: number
  /** Log odds of the score 0. */
  readonly offset: number
}

/** The contents of a model's `speaker-encoder.json`. */
export interface SpeakerModel {
  /** The model's name. */
  readonly name: string
  /** The input of its graph: the filtered waveform, or the log energies of pairs of filters. */
  readonly kind: 'raw' | 'raw-pairs'
  /** Sample rate in Hz. */
  readonly sampleRate: number
  /** Samples in a filter. */
  readonly taps: number
  /** Samples between frames. */
  readonly hop: number
  /** The learned filters. */
  readonly learned: SincBands
  /** The same filters before training. */
  readonly initial: SincBands
  /** Dimensions of an embedding. */
  readonly embedding: number
  /** Channels of the pooling. */
  readonly channels: number
  /** Number of frames to each side that a token depends on. */
  readonly contextFrames: number
  /** Frames between tokens. */
  readonly framesPerToken: number
  /** The smallest number of frames that an embedding needs. */
  readonly minimumFrames: number
  /** A shorter waveform is repeated up to this many samples; 0 if none is. */
  readonly repeatSamples: number
  /** The lowest score that counts as the same speaker. */
  readonly threshold: number
  /** Turns scores into probabilities. */
  readonly calibration: Calibration
  /** Number of learned parameters. */
  readonly parameters: number
  /** How it was trained, in words. */
  readonly trained: string
  /** SHA-256 over the graphs and the filters, as hexadecimal digits: two models never share embeddings. */
  readonly identity: string
}

/** A model with the bytes of its graphs. */
export interface LoadedModel {
  readonly model: SpeakerModel
  readonly frames: Uint8Array
  readonly head: Uint8Array
}

const FILE = 'speaker-encoder.json'
const GRAPHS = ['frames.onnx', 'head.onnx'] as const
/** The largest count accepted, against hostile files. */
const MAX_COUNT = 1 << 20

/** The files of a model by their names, where there are no folders: `{ 'speaker-encoder.json': bytes, … }`. */
export type SpeakerModelBytes = Readonly<Record<string, Uint8Array>>

/**
 * Reads a model's folder.
 * @param directory - Its path or `file:` URL, or its files by name.
 */
export async function loadModel(directory: string | URL | SpeakerModelBytes): Promise<LoadedModel> {
  const folder = folderOf(directory)
  const text = new TextDecoder().decode(await read(folder, FILE))
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw modelError(`${FILE} is not JSON: the file is damaged or truncated`, FILE, 'JSON', 'other text', cause)
  }
  const fields = new Fields(json)
  const hashes = fields.object('sha256')
  const [frames, head] = await Promise.all(GRAPHS.map((name) => graph(folder, name, hashes.text(name))))
  return { model: await modelOf(fields, hashes), frames: frames!, head: head! }
}

function folderOf(directory: unknown): string | SpeakerModelBytes {
  if (typeof directory === 'string') return directory
  if (directory instanceof URL && directory.protocol === 'file:') {
    return nodeModule<typeof import('node:url')>('node:url').fileURLToPath(directory)
  }
  const files: unknown[] = typeof directory === 'object' && directory !== null ? Object.values(directory) : []
  if (files.length > 0 && files.every((file) => file instanceof Uint8Array)) return directory as SpeakerModelBytes
  throw DspError.argument('directory', 'a path or file: URL of a folder, or its files as Uint8Array by name', directory)
}

async function read(folder: string | SpeakerModelBytes, name: string): Promise<Uint8Array> {
  try {
    if (typeof folder !== 'string') {
      const bytes = folder[name]
      if (bytes === undefined) throw new Error('it is not among the files')
      return bytes
    }
    const { join } = nodeModule<typeof import('node:path')>('node:path')
    return await nodeModule<typeof import('node:fs/promises')>('node:fs/promises').readFile(join(folder, name))
  } catch (cause) {
    throw modelError(
      `${typeof folder === 'string' ? folder : 'the model'} has no readable ${name}: give the folder of a speaker encoder`,
      name,
      'a file',
      'none',
      cause,
    )
  }
}

/** As hexadecimal digits. */
async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

async function graph(folder: string | SpeakerModelBytes, name: string, wanted: string): Promise<Uint8Array> {
  const bytes = await read(folder, name)
  const actual = await sha256(bytes)
  if (actual !== wanted) {
    const message = `${name} is not the file that ${FILE} names: it is damaged, truncated or from another model`
    throw modelError(message, name, `SHA-256 ${wanted}`, `SHA-256 ${actual}`)
  }
  return bytes
}

async function modelOf(fields: Fields, hashes: Fields): Promise<SpeakerModel> {
  if (fields.number('format') !== 1)
    fields.fail('format', 'must be 1: the model needs a later version of this package', 1)
  const kind = fields.text('kind')
  if (kind !== 'raw' && kind !== 'raw-pairs') fields.fail('kind', 'must be raw or raw-pairs', 'raw or raw-pairs')
  const [low, band] = [fields.list('low'), fields.list('band')]
  if (low.length !== band.length) fields.fail('band', 'must have as many numbers as low', low.length)
  const calibration = fields.object('calibration')
  const [sampleRate, taps, hop] = [fields.count('sampleRate'), fields.count('taps'), fields.count('hop')]
  const repeatSamples = fields.has('repeatSamples') ? fields.count('repeatSamples', 0) : 0
  const essence = [GRAPHS.map((name) => hashes.text(name)), kind, sampleRate, taps, hop, repeatSamples, low, band]
  return {
    name: fields.text('name'),
    kind: kind as SpeakerModel['kind'],
    sampleRate,
    taps,
    hop,
    learned: { low, band },
    initial: { low: fields.list('initialLow', low.length), band: fields.list('initialBand', low.length) },
    embedding: fields.count('embedding'),
    channels: fields.count('channels'),
    contextFrames: fields.count('contextFrames', 0),
    framesPerToken: fields.count('framesPerToken'),
    minimumFrames: fields.count('minimumFrames'),
    repeatSamples,
    threshold: fields.number('threshold'),
    calibration: { scale: calibration.number('scale'), offset: calibration.number('offset') },
    parameters: fields.number('parameters'),
    trained: fields.text('trained'),
    identity: await sha256(new TextEncoder().encode(JSON.stringify(essence))),
  }
}

/** The fields of a JSON object, each checked as it is read. */
class Fields {
  readonly #object: Readonly<Record<string, unknown>>
  readonly #prefix: string

  constructor(object: unknown, prefix = '') {
    this.#prefix = prefix
    if (typeof object !== 'object' || object === null || Array.isArray(object)) {
      throw modelError(
        `${prefix || FILE} must be an object: the file does not describe a speaker encoder`,
        FILE,
        'an object',
        object,
      )
    }
    this.#object = object as Record<string, unknown>
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#object, name)
  }

  text(name: string): string {
    const value = this.#get(name)
    return typeof value === 'string' ? value : this.fail(name, 'must be text', 'text')
  }

  number(name: string): number {
    const value = this.#get(name)
    return typeof value === 'number' && Number.isFinite(value) ? value : this.fail(name, 'must be a number', 'a number')
  }

  count(name: string, min = 1): number {
    const value = this.number(name)
    const fits = Number.isInteger(value) && value >= min && value <= MAX_COUNT
    return fits ? value : this.fail(name, `must be a whole number of ${min} to ${MAX_COUNT}`, `${min} to ${MAX_COUNT}`)
  }

  list(name: string, length?: number): number[] {
    const value = this.#get(name)
    const fits = Array.isArray(value) && (length === undefined || value.length === length)
    if (fits && value.every((item) => typeof item === 'number' && Number.isFinite(item))) return value as number[]
    const expected = `a list of ${length === undefined ? '' : `${length} `}numbers`
    return this.fail(name, `must be ${expected}`, expected)
  }

  object(name: string): Fields {
    return new Fields(this.#get(name), `${this.#prefix}${name}.`)
  }

  fail(name: string, what: string, expected: unknown): never {
    const field = this.#prefix + name
    throw modelError(`${field} of ${FILE} ${what}`, field, expected, this.#get(name))
  }

  #get(name: string): unknown {
    return Object.hasOwn(this.#object, name) ? this.#object[name] : undefined
  }
}
