import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { decodeAudioSync, resample, toMono } from '@dsp/audio'
import type { Context } from './works/context.ts'

/** Samples of one channel, and the file of raw float32 values that other processes read them from. */
export interface Input {
  /** The samples. */
  readonly samples: Float32Array
  /** The same samples, little-endian. */
  readonly path: string
}

/** Folder of real audio next to the checkout. Throws with a clear message if it is absent. */
export function dataFolder(): string {
  const folder = resolve(import.meta.dirname, '../../../../shared/data')
  if (!existsSync(folder))
    throw new Error('needs the real audio of ../shared/data beside the checkout, which is not there')
  return folder
}

/** Files below a folder of the data whose names end so, sorted. */
export function filesBelow(relative: string, extension: string): string[] {
  const folder = join(dataFolder(), relative)
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(extension))
    .sort()
    .map((file) => join(folder, file))
}

/** 60 s of read English at 16 kHz: utterances of LibriSpeech one after the other. */
export function speech(context: Context): Input {
  return joined(context, 'speech', filesBelow('librispeech/test-other', '.flac'), 60 * 16000)
}

/** 240 s of music at 44.1 kHz, averaged to one channel. */
export function music(context: Context): Input {
  return joined(context, 'music', filesBelow('music', '.ogg'), 240 * 44100)
}

/** So many seconds of the same music, at 44.1 kHz or resampled from it; beyond its end it starts again. */
export function track(context: Context, wanted: number, rate: number): Input {
  const seconds = Math.min(wanted, context.longest)
  const { samples } = joined(context, 'music', filesBelow('music', '.ogg'), seconds * 44100)
  const resampled = rate === 44100 ? samples : resample(samples, { origFreq: 44100, newFreq: rate }).data
  return share(context, `music-${seconds}-${rate}`, resampled.slice(0, seconds * rate))
}

function joined(context: Context, name: string, files: readonly string[], length: number): Input {
  const samples = new Float32Array(length)
  let filled = 0
  for (const file of files) {
    if (filled === length) break
    const part = toMono(decodeAudioSync(readFileSync(file))).samples.data.subarray(0, length - filled)
    samples.set(part, filled)
    filled += part.length
  }
  if (filled === 0) throw new Error(`${name}: there are no samples in ${files.length} files`)
  for (let had = filled; filled < length; filled += had)
    samples.set(samples.subarray(0, Math.min(had, length - filled)), filled)
  return share(context, name, samples)
}

/** Writes samples where other processes can read them. */
export function share(context: Context, name: string, samples: Float32Array): Input {
  const path = join(context.folder, `${name}.f32`)
  writeFileSync(path, new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength))
  return { samples, path }
}
