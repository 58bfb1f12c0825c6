import { createRequire } from 'node:module'
import type { Ready } from '../contestant.ts'
import { inProcess } from './in-process.ts'
import { requireHeavy, resolveFrom, transformersAudio, versionOf } from './node-libraries.ts'

/** Samples in a frame, and from one frame to the next: the same for every pitch detector. */
const FRAME = 2048
const HOP = 512

const require = createRequire(import.meta.url)

function* frames(samples: Float32Array): Generator<Float32Array> {
  for (let start = 0; start + FRAME <= samples.length; start += HOP) yield samples.subarray(start, start + FRAME)
}

const column = (values: readonly number[]) => ({ shape: [values.length], data: Float32Array.from(values) })

/** pitchfinder's YIN, frame by frame. */
export async function pitchfinder(samples: Float32Array, sampleRate: number): Promise<Ready> {
  const entry = resolveFrom(requireHeavy, 'pitchfinder')
  const { YIN } = requireHeavy('pitchfinder') as {
    YIN(options: object): (frame: Float32Array) => number | null
  }
  const detect = YIN({ sampleRate, threshold: 0.1 })
  return inProcess(versionOf(entry), () => Array.from(frames(samples), (frame) => detect(frame) ?? 0), column)
}

/** pitchy's McLeod pitch method, frame by frame. */
export async function pitchy(samples: Float32Array, sampleRate: number): Promise<Ready> {
  const entry = resolveFrom(requireHeavy, 'pitchy')
  const { PitchDetector } = (await import(entry)) as {
    PitchDetector: {
      forFloat32Array(length: number): { findPitch(frame: Float32Array, rate: number): [number, number] }
    }
  }
  const detector = PitchDetector.forFloat32Array(FRAME)
  return inProcess(
    versionOf(entry),
    () => Array.from(frames(samples), (frame) => detector.findPitch(frame, sampleRate)[0]),
    column,
  )
}

/** aubio as WebAssembly. */
export async function aubioJs(samples: Float32Array, sampleRate: number): Promise<Ready> {
  const entry = resolveFrom(requireHeavy, 'aubiojs')
  const create = requireHeavy('aubiojs') as () => Promise<{
    Pitch: new (method: string, frame: number, hop: number, rate: number) => { do(hop: Float32Array): number }
  }>
  const { Pitch } = await create()
  return inProcess(
    versionOf(entry),
    () => {
      const pitch = new Pitch('yinfft', FRAME, HOP, sampleRate)
      const found: number[] = []
      for (let start = 0; start + HOP <= samples.length; start += HOP)
        found.push(pitch.do(samples.subarray(start, start + HOP)))
      return found
    },
    column,
  )
}

/** A vector in the memory of the WebAssembly module, which must be freed by hand. */
interface Vector {
  delete(): void
}

/** The functions of essentia.js that are called here. */
interface Essentia {
  arrayToVector(values: Float32Array): Vector
  vectorToArray(vector: Vector): Float32Array
  Windowing(frame: Vector, normalized: boolean, size: number, type: string): { frame: Vector }
  Spectrum(frame: Vector, size: number): { spectrum: Vector }
  PitchYinFFT(spectrum: Vector, ...settings: unknown[]): { pitch: number }
  SpectralPeaks(spectrum: Vector, ...settings: unknown[]): { frequencies: Vector; magnitudes: Vector }
  HPCP(frequencies: Vector, magnitudes: Vector): { hpcp: Vector }
}

function essentia(): { essentia: Essentia; version: string } {
  const entry = resolveFrom(requireHeavy, 'essentia.js')
  const { Essentia, EssentiaWASM } = requireHeavy('essentia.js') as {
    Essentia: new (module: unknown) => Essentia
    EssentiaWASM: unknown
  }
  return { essentia: new Essentia(EssentiaWASM), version: versionOf(entry) }
}

/** essentia.js's YIN by FFT, frame by frame. */
export async function essentiaPitch(samples: Float32Array, sampleRate: number): Promise<Ready> {
  const { essentia: es, version } = essentia()
  return inProcess(
    version,
    () =>
      Array.from(frames(samples), (values) => {
        const frame = es.arrayToVector(values)
        const windowed = es.Windowing(frame, true, FRAME, 'hann').frame
        const { spectrum } = es.Spectrum(windowed, FRAME)
        const { pitch } = es.PitchYinFFT(spectrum, FRAME, true, 2000, 50, sampleRate, 1)
        for (const vector of [frame, windowed, spectrum]) vector.delete()
        return pitch
      }),
    column,
  )
}

/** essentia.js's harmonic pitch-class profile, frame by frame. */
export async function essentiaChroma(samples: Float32Array, sampleRate: number): Promise<Ready> {
  const { essentia: es, version } = essentia()
  return inProcess(
    version,
    () =>
      Array.from(frames(samples), (values) => {
        const frame = es.arrayToVector(values)
        const windowed = es.Windowing(frame, true, FRAME, 'hann').frame
        const { spectrum } = es.Spectrum(windowed, FRAME)
        const peaks = es.SpectralPeaks(spectrum, 0, 5000, 60, 40, 'frequency', sampleRate)
        const { hpcp } = es.HPCP(peaks.frequencies, peaks.magnitudes)
        const profile = es.vectorToArray(hpcp)
        for (const vector of [frame, windowed, spectrum, peaks.frequencies, peaks.magnitudes, hpcp]) vector.delete()
        return profile
      }),
    (all) => ({ shape: [all.length, all[0]?.length ?? 0], data: Float32Array.from(all.flatMap((one) => [...one])) }),
  )
}

/** meyda's chroma, frame by frame. */
export async function meydaChroma(samples: Float32Array, sampleRate: number): Promise<Ready> {
  const entry = resolveFrom(require, 'meyda')
  const Meyda = require('meyda') as typeof import('meyda').default
  Object.assign(Meyda, { sampleRate, bufferSize: FRAME, chromaBands: 12 })
  return inProcess(
    versionOf(entry),
    () => Array.from(frames(samples), (frame) => Meyda.extract('chroma', frame) as unknown as number[]),
    (all) => ({ shape: [all.length, all[0]?.length ?? 0], data: Float64Array.from(all.flat()) }),
  )
}

/** transformers.js's Whisper front end: chunks of 30 s, as its feature extractor cuts them. */
export async function transformersJsWhisper(samples: Float32Array, mels: number): Promise<Ready> {
  const { audio, version } = await transformersAudio()
  const filters = audio.mel_filter_bank(201, mels, 0, 8000, 16000, 'slaney', 'slaney')
  const window = audio.window_function(400, 'hann', {})
  const options = { power: 2, mel_filters: filters, log_mel: 'log10_max_norm', max_num_frames: 3000 }
  const chunk = 30 * 16000
  return inProcess(
    version,
    async () => {
      const parts: { dims: number[]; data: Float32Array }[] = []
      for (let start = 0; start < samples.length; start += chunk)
        parts.push(await audio.spectrogram(samples.subarray(start, start + chunk), window, 400, 160, options))
      return parts
    },
    (parts) => ({
      shape: [parts.length, ...parts[0]!.dims],
      data: Float32Array.from(parts.flatMap(({ data }) => [...data])),
    }),
  )
}
