import { resample } from '@dsp/audio'
import { FrontEndAudio, resampleLinear, resampleSoxr } from '@dsp/native'
import { type AudioLike, asSignal } from '@dsp/signal'
import { DspError, guard, guardAsync, tensor } from '@dsp/tensor'
import type { FrontEnd } from './front-end.js'
import type { Energies } from './late.js'
import { frameCount } from './search/counts.js'

/** Settings that decide which samples a front end sees. */
type Source = Pick<FrontEnd, 'channel' | 'sampleRate' | 'resampler'>

/** Streams that are kept in the core at once. */
const MAX_KEPT = 24

/**
 * A recording as many front ends see it: its channels mixed and brought to other rates once each, and kept in the core. Call
 * {@link close} when done.
 */
export class Sound {
  /** Channels of the recording. */
  readonly channels: number
  /** Samples per channel. */
  readonly samples: number
  /** The recording's own rate in Hz. */
  readonly sampleRate: number
  readonly #data: Float32Array | Float64Array
  readonly #kept = new Map<string, { audio: FrontEndAudio; samples: number }>()
  readonly #padTo: number | null

  /**
   * @param audio - The recording.
   * @param padTo - Seconds to which it is cut, or padded with zeros, as Whisper's features want it.
   */
  constructor(audio: AudioLike, padTo: number | null = null) {
    const { data, shape, sampleRate } = asSignal(audio, 'audio', [1, 2])
    if (sampleRate === undefined) throw DspError.argument('audio', 'samples with their rate', audio)
    this.#data = data
    this.channels = shape.length === 2 ? shape[0]! : 1
    this.samples = shape.at(-1)!
    this.sampleRate = sampleRate
    this.#padTo = padTo
    if (this.samples === 0) throw new DspError('the audio has no samples', { code: 'ERR_DSP_SHAPE', argument: 'audio' })
  }

  /** Samples that a front end sees: as many as its resampler gives, which is not run for that. */
  length({ sampleRate, resampler }: Source): number {
    if (this.#padTo !== null) return Math.round(this.#padTo * sampleRate)
    if (resampler === 'none' || sampleRate === this.sampleRate) return this.samples
    const exact = (this.samples * sampleRate) / this.sampleRate
    if (resampler === 'torchaudio') return Math.ceil(exact)
    return Math.floor(resampler === 'soxr' ? exact + 0.5 : exact)
  }

  /** Frames that a front end makes of the recording. */
  frames(frontEnd: FrontEnd): number {
    return frameCount(frontEnd, this.length(frontEnd))
  }

  /** The energies of the filters in some frames, or in all. */
  energies(frontEnd: FrontEnd, frames?: Uint32Array): Energies {
    const data = guard(() => this.#stream(frontEnd).audio.extract(native(frontEnd), frames ?? null))
    const all = energies(data, frontEnd)
    if (frames !== undefined || !frontEnd.dropLast || all.frames === 0) return all
    return { ...all, data: data.subarray(0, data.length - all.columns - 2), frames: all.frames - 1 }
  }

  /** {@link energies} under many settings, on all cores; undefined where settings are impossible. */
  async energiesOfMany(
    frontEnds: readonly FrontEnd[],
    frames: Uint32Array,
    signal?: AbortSignal,
  ): Promise<(Energies | undefined)[]> {
    const all: (Energies | undefined)[] = new Array(frontEnds.length).fill(undefined)
    const byStream = new Map<string, number[]>()
    for (const [i, frontEnd] of frontEnds.entries()) {
      const key = this.#key(frontEnd)
      byStream.set(key, [...(byStream.get(key) ?? []), i])
    }
    for (const indices of byStream.values()) {
      // One after another: opening one may close those that were used before.
      const { audio } = this.#stream(frontEnds[indices[0]!]!)
      const found = await guardAsync(() =>
        audio.extractMany(
          indices.map((i) => native(frontEnds[i]!)),
          frames,
          signal,
        ),
      )
      for (const [k, i] of indices.entries()) {
        if (found[k]!.length > 0) all[i] = energies(found[k]!, frontEnds[i]!)
      }
    }
    return all
  }

  /** The recording as a front end sees it, before its gain: for peaks and levels. */
  level(source: Source): { peak: number; rms: number } {
    const x = this.#samples(source)
    let [peak, square] = [0, 0]
    for (const value of x) {
      peak = Math.max(peak, Math.abs(value))
      square += value * value
    }
    return { peak, rms: Math.sqrt(square / x.length) }
  }

  /** Frees what the core holds. */
  close(): void {
    for (const { audio } of this.#kept.values()) audio.close()
    this.#kept.clear()
  }

  #key({ channel, sampleRate, resampler }: Source): string {
    const isAsIs = resampler === 'none' || sampleRate === this.sampleRate
    return `${this.channels > 1 ? channel : ''} ${isAsIs ? '' : `${sampleRate} ${resampler}`}`
  }

  #stream(source: Source): { audio: FrontEndAudio; samples: number } {
    const key = this.#key(source)
    const known = this.#kept.get(key)
    if (known !== undefined) return known
    const samples = this.#samples(source)
    if (this.#kept.size >= MAX_KEPT) this.close()
    const stream = { audio: guard(() => new FrontEndAudio(samples)), samples: samples.length }
    this.#kept.set(key, stream)
    return stream
  }

  #samples({ channel, sampleRate, resampler }: Source): Float64Array {
    const mixed = this.#mixed(channel)
    const isAsIs = resampler === 'none' || sampleRate === this.sampleRate
    const x = isAsIs ? mixed : resampled(mixed, this.sampleRate, sampleRate, resampler)
    if (this.#padTo === null) return x
    const length = Math.round(this.#padTo * sampleRate)
    const padded = new Float64Array(length)
    padded.set(x.subarray(0, length))
    return padded
  }

  #mixed(channel: FrontEnd['channel']): Float64Array {
    const { channels, samples } = this
    const data = this.#data
    if (channels === 1) return Float64Array.from(data)
    const first = channel === 'right' ? channels - 1 : 0
    if (channel === 'left' || channel === 'right') {
      return Float64Array.from(data.subarray(first * samples, (first + 1) * samples))
    }
    const out = new Float64Array(samples)
    for (let c = 0; c < channels; c++) for (let i = 0; i < samples; i++) out[i]! += data[c * samples + i]!
    if (channel === 'mean') for (let i = 0; i < samples; i++) out[i]! /= channels
    return out
  }
}

function resampled(x: Float64Array, from: number, to: number, resampler: FrontEnd['resampler']): Float64Array {
  if (resampler === 'linear') return guard(() => resampleLinear(x, from, to))
  if (resampler === 'soxr') return guard(() => resampleSoxr(x, from, to))
  return resample(tensor(x), { origFreq: from, newFreq: to }).data as Float64Array
}

function energies(data: Float64Array, { numBins, fftLength }: FrontEnd): Energies {
  const columns = numBins === 0 ? Math.floor(fftLength / 2) + 1 : numBins
  return { data, columns, frames: data.length / (columns + 2) }
}

/** A front end as the core takes it. */
function native(frontEnd: FrontEnd & { readonly seed?: number }): object {
  return { seed: 0, ...frontEnd }
}
