import { decodeAudio, probeAudio, readBlocks, toMono } from '@dsp/audio'
import { hpssAsync, OnlineHpss, type Separated } from '@dsp/hpss'
import { type Tensor, tensor } from '@dsp/tensor'
import type { Settings } from './kinds/kind.js'

/** The parts of a sound, in the order in which they are written and drawn. */
export const partNames = ['harmonic', 'percussive', 'residual'] as const

/** A part of a sound. */
export type PartName = (typeof partNames)[number]

/** A piece of a sound and of its parts: one array per channel; none of a part that is not there. Parts may lag behind the sound. */
export type Piece = Readonly<Record<'input' | PartName, readonly Float32Array[]>>

/** A separation that is under way. */
export interface Separation {
  readonly channels: number
  readonly sampleRate: number
  readonly pieces: AsyncIterable<Piece>
}

/** Longer sounds, in samples of all channels, are separated block by block, so that memory stays bounded: 15 minutes of CD. */
const LONG = 15 * 60 * 44100 * 2
/** Samples of a channel in a block. */
const BLOCK = 1 << 16

/**
 * Separates a sound file, every channel for itself. Both ways give the same bits.
 * @param source - The path of the file, or its bytes.
 * @param settings - Options of `hpss`.
 * @param stream - Whether to go block by block. Default: for long files.
 */
export async function separate(source: string | Uint8Array, settings: Settings, stream?: boolean): Promise<Separation> {
  const { channels, sampleRate, samples } = await probeAudio(source)
  const inBlocks = stream ?? channels * samples > LONG
  return { channels, sampleRate, pieces: inBlocks ? streamed(source, settings, channels) : whole(source, settings) }
}

/** On all cores, with the whole sound in memory. */
async function* whole(source: string | Uint8Array, settings: Settings): AsyncGenerator<Piece> {
  const { samples } = await decodeAudio(source)
  if (samples.size === 0) return
  yield pieceOf(channelsOf(samples), [await hpssAsync(samples, settings)])
}

async function* streamed(source: string | Uint8Array, settings: Settings, channels: number): AsyncGenerator<Piece> {
  const streams = Array.from({ length: channels }, () => new OnlineHpss(settings))
  let any = false
  for await (const { samples } of readBlocks(source, { blockSize: BLOCK })) {
    any = true
    const input = channelsOf(samples)
    const parts = streams.map((stream, channel) => stream.accept(input[channel]!))
    yield pieceOf(input, parts)
  }
  if (!any) return
  const rest = streams.map((stream) => stream.flush())
  yield pieceOf([], rest)
}

/** The parts of channels, or of all channels together. */
function pieceOf(input: readonly Float32Array[], parts: readonly Separated[]): Piece {
  return {
    input,
    harmonic: parts.flatMap(({ harmonic }) => channelsOf(harmonic)),
    percussive: parts.flatMap(({ percussive }) => channelsOf(percussive)),
    residual: parts.flatMap(({ residual }) => (residual === undefined ? [] : channelsOf(residual))),
  }
}

function channelsOf({ data, shape }: Tensor<Float32Array>): Float32Array[] {
  const length = shape.at(-1)!
  const channels = shape.length === 1 ? 1 : shape[0]!
  return Array.from({ length: channels }, (_, channel) => data.subarray(channel * length, (channel + 1) * length))
}

/** The mean of channels, of which each is an array. */
export function toMonoSamples(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(0)] = channels
  if (channels.length < 2) return first
  const all = new Float32Array(channels.length * first.length)
  for (const [i, samples] of channels.entries()) all.set(samples, i * first.length)
  return toMono(tensor(all, [channels.length, first.length])).data
}
