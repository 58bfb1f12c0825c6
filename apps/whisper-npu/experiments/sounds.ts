/** The sounds of the experiments: the same in every run. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { decodeAudio } from '@dsp/audio'

/** Samples per second. */
export const RATE = 16000
const data = resolve('../../../shared/data')

/** A recording of a corpus. */
export interface Utterance {
  readonly corpus: string
  readonly name: string
  readonly path: string
}

/** What is behind speech: signal-to-noise ratios in dB. */
export interface Background {
  readonly noise?: number
  readonly music?: number
}

const rows = (path: string) =>
  readFileSync(join(data, path), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('\t')[0]!)

export const librispeech: readonly Utterance[] = rows('librispeech/test-other.tsv').map((name) => ({
  corpus: 'librispeech',
  name,
  path: `librispeech/test-other/${name.split('-')[0]}/${name}.flac`,
}))
export const an4: readonly Utterance[] = rows('an4/test.tsv')
  .slice(1)
  .map((name) => ({ corpus: 'an4', name, path: `an4/test/${name.split('-')[1]}/${name}.flac` }))

/** A generator of numbers in [0, 1) (mulberry32). */
export function uniform(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const rms = (x: Float32Array) => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / x.length)

/** One channel of a recording at 16 kHz. */
export async function read(path: string): Promise<Float32Array> {
  return (await decodeAudio(join(data, path), { mono: true, sampleRate: RATE })).samples.data
}

let music: Float32Array | undefined

/** Speech with what is behind it, as 16-bit samples. */
export async function mixed(speech: Float32Array, seed: number, background: Background): Promise<Float32Array> {
  const { noise, music: under } = background
  const random = uniform(seed)
  const behind = new Float32Array(speech.length)
  if (noise !== undefined) {
    for (let i = 0; i < behind.length; i++) {
      behind[i] = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    }
  } else if (under !== undefined) {
    music ??= await read('music/brahms-hungarian-dance.ogg')
    const start = Math.floor(random() * (music.length - speech.length))
    behind.set(music.subarray(start, start + speech.length))
  }
  const ratio = noise ?? under
  const gain = ratio === undefined ? 0 : (rms(speech) / rms(behind)) * 10 ** (-ratio / 20)
  return speech.map((value, i) => {
    const sample = Math.round((value + gain * behind[i]!) * 32768)
    return Math.max(-32768, Math.min(32767, sample)) / 32768
  })
}
