import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Absent, type Ready } from '../contestant.ts'
import { inProcess } from './in-process.ts'

const require = createRequire(import.meta.url)
/** The heavy Node.js peers have their own folder; see install-peers.sh. */
export const requireHeavy = createRequire(new URL('../peers/node/package.json', import.meta.url))

/** The version in a package's manifest, which is looked for upwards from its entry file. */
export function versionOf(entry: string): string {
  for (let folder = dirname(entry); folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      if (typeof manifest.version === 'string') return manifest.version
    } catch {
      // not there: one folder up
    }
  }
  throw new Error(`${entry} belongs to no package`)
}

/** The entry file of a library. Throws {@link Absent} if it is not installed. */
export function resolveFrom(from: NodeJS.Require, name: string): string {
  try {
    return from.resolve(name)
  } catch {
    throw new Absent(`${name} is not installed`)
  }
}

/** fft.js: float64, real input, one transform per call; only powers of two. */
export async function fftJs(batch: Float32Array, length: number): Promise<Ready> {
  const entry = resolveFrom(require, 'fft.js')
  const FFT = require('fft.js') as typeof import('fft.js')
  const fft = new FFT(length)
  // It wants arrays of numbers; Float64Array is what it is fastest with.
  const rows = split(Float64Array.from(batch), length)
  const outputs = rows.map(() => new Float64Array(2 * length))
  const bins = length / 2 + 1
  return inProcess(
    versionOf(entry),
    () => {
      for (let i = 0; i < rows.length; i++)
        fft.realTransform(outputs[i] as unknown as number[], rows[i] as unknown as number[])
      return outputs
    },
    (value) => {
      const data = new Float64Array(rows.length * bins * 2)
      value.forEach((spectrum, i) => {
        data.set(spectrum.subarray(0, 2 * bins), i * 2 * bins)
      })
      return { shape: [rows.length, bins, 2], data }
    },
  )
}

/** The functions of the WebAssembly module that are called here. */
interface Pffft {
  HEAPF32: Float32Array
  _pffft_new_setup(length: number, kind: number): number
  _pffft_aligned_malloc(bytes: number): number
  _pffft_transform_ordered(setup: number, input: number, output: number, work: number, direction: number): void
}

/**
 * pffft as WebAssembly with SIMD. The whole batch is copied into its memory, as a user must; the spectra stay there, where
 * a view reads them.
 */
export async function pffft(batch: Float32Array, length: number): Promise<Ready> {
  const name = '@echogarden/pffft-wasm/simd'
  const entry = resolveFrom(require, name)
  const create = (await import(pathToFileURL(entry).href)) as { default: () => Promise<Pffft> }
  const module = await create.default()
  const setup = module._pffft_new_setup(length, 0)
  const rows = batch.length / length
  const [input, output] = [
    module._pffft_aligned_malloc(batch.byteLength),
    module._pffft_aligned_malloc(batch.byteLength),
  ]
  const work = module._pffft_aligned_malloc(length * 4)
  return inProcess(
    versionOf(entry),
    () => {
      module.HEAPF32.set(batch, input >> 2)
      for (let i = 0, offset = 0; i < rows; i++, offset += length * 4)
        module._pffft_transform_ordered(setup, input + offset, output + offset, work, 0)
      return module.HEAPF32
    },
    (heap) => {
      // Its order is re 0, re n/2, re 1, im 1, …
      const data = new Float32Array(rows * (length + 2))
      for (let i = 0; i < rows; i++) {
        const spectrum = heap.subarray((output >> 2) + i * length, (output >> 2) + (i + 1) * length)
        data.set(spectrum, i * (length + 2))
        data[i * (length + 2) + 1] = 0
        data[i * (length + 2) + length] = spectrum[1]!
      }
      return { shape: [rows, length / 2 + 1, 2], data }
    },
  )
}

/** meyda's mel bands, frame by frame; frames are powers of two. */
export async function meyda(samples: Float32Array): Promise<Ready> {
  const entry = resolveFrom(require, 'meyda')
  const Meyda = require('meyda') as typeof import('meyda').default
  Object.assign(Meyda, { sampleRate: 16000, bufferSize: 512, melBands: 80, windowingFunction: 'hanning' })
  return inProcess(
    versionOf(entry),
    () => {
      const frames: number[][] = []
      for (let start = 0; start + 512 <= samples.length; start += 160)
        frames.push(Meyda.extract('melBands', samples.subarray(start, start + 512)) as unknown as number[])
      return frames
    },
    (frames) => ({ shape: [frames.length, frames[0]?.length ?? 0], data: Float64Array.from(frames.flat()) }),
  )
}

/** The parts of transformers.js that its Kaldi-like feature extractors are made of. */
export interface TransformersAudio {
  mel_filter_bank(...args: unknown[]): number[][]
  window_function(length: number, name: string, options: object): Float64Array
  spectrogram(...args: unknown[]): Promise<{ dims: number[]; data: Float32Array }>
}

/** transformers.js's signal processing, which its package does not export by itself. */
export async function transformersAudio(): Promise<{ audio: TransformersAudio; version: string }> {
  const root = dirname(resolveFrom(requireHeavy, '@huggingface/transformers'))
  const file = join(root, '../src/utils/audio.js')
  return { audio: (await import(pathToFileURL(file).href)) as TransformersAudio, version: versionOf(file) }
}

/** transformers.js with the settings of its Kaldi-like feature extractors. */
export async function transformersJs(
  samples: Float32Array,
  mel: { bins: number; low: number; high: number },
): Promise<Ready> {
  const { audio, version } = await transformersAudio()
  const filters = audio.mel_filter_bank(257, mel.bins, mel.low, mel.high, 16000, null, 'kaldi', true)
  const window = audio.window_function(400, 'povey', { periodic: false })
  const options = {
    fft_length: 512,
    power: 2,
    center: false,
    preemphasis: 0.97,
    mel_filters: filters,
    log_mel: 'log',
    mel_floor: 2 ** -23,
    remove_dc_offset: false,
    transpose: true,
  }
  return inProcess(
    version,
    () => audio.spectrogram(samples, window, 400, 160, options),
    ({ dims, data }) => ({ shape: dims, data }),
  )
}

/** What is used of parakeet.js's mel features. */
interface ParakeetMel {
  JsPreprocessor: new (options: { nMels: number }) => { process(samples: Float32Array): { features: Float32Array } }
}

/** parakeet.js's features in JavaScript, as its models get them: the valid frames only. */
export async function parakeetJs(samples: Float32Array, nMels: number): Promise<Ready> {
  const entry = resolveFrom(requireHeavy, 'parakeet.js/mel')
  const { JsPreprocessor } = (await import(pathToFileURL(entry).href)) as ParakeetMel
  const preprocessor = new JsPreprocessor({ nMels })
  return inProcess(
    versionOf(entry),
    () => preprocessor.process(samples).features,
    (data) => ({ shape: [nMels, data.length / nMels], data }),
  )
}

/** What is used of transformers.js's package. */
interface Transformers {
  readonly env: { allowRemoteModels: boolean; localModelPath: string }
  pipeline(task: string, model: string, options: object): Promise<Recognize>
}

interface Recognize {
  (samples: Float32Array, options: object): Promise<{ text: string }>
  dispose(): Promise<unknown>
}

/** transformers.js's Whisper in float32, from a directory of ONNX files. */
export async function transformersWhisper(
  folder: string,
  recordings: readonly Float32Array[],
  threads: number,
): Promise<Ready> {
  const entry = resolveFrom(requireHeavy, '@huggingface/transformers')
  const { env, pipeline } = (await import(
    pathToFileURL(join(dirname(entry), 'transformers.node.mjs')).href
  )) as Transformers
  env.allowRemoteModels = false
  env.localModelPath = dirname(folder)
  const recognize = await pipeline('automatic-speech-recognition', basename(folder), {
    dtype: 'fp32',
    device: 'cpu',
    session_options: { intraOpNumThreads: threads, interOpNumThreads: 1 },
  })
  const work = async (): Promise<string[]> => {
    const texts: string[] = []
    for (const samples of recordings) texts.push((await recognize(samples, { return_timestamps: false })).text)
    return texts
  }
  const ready = await inProcess(versionOf(entry), work, (texts) => ({
    shape: [texts.length],
    data: new Float32Array(0),
    texts,
  }))
  return { ...ready, release: async () => void (await recognize.dispose()) }
}

function split(values: Float64Array, length: number): Float64Array[] {
  return Array.from({ length: values.length / length }, (_, i) => values.subarray(i * length, (i + 1) * length))
}
