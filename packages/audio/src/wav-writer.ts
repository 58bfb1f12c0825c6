import { type AudioLike, asSignal, type SignalData, withLayout } from '@dsp/signal'
import { DspError, type OptionSpecs, option, resolveOptions } from '@dsp/tensor'
import { MAX_RATE } from './resample.js'

/** Options of {@link writeWav}. */
export interface WriteWavOptions {
  /** `float32` keeps every sample as it is; `int16` rounds to 16 bits and clips to [-1, 1). Default `float32`. */
  readonly encoding: 'float32' | 'int16'
}

/** {@link WriteWavOptions} by name, type, range and default. */
export const writeWavOptionSpecs: OptionSpecs<WriteWavOptions> = {
  encoding: option.enum(['float32', 'int16'], 'float32'),
}

/** Largest size that a RIFF header can state. */
const MAX_BYTES = 0xffff_ffff - 64

/**
 * Writes sound as the bytes of a WAV file.
 * @param audio - Sound `[samples]` or `[channels, samples]`, finite, in [-1, 1].
 * @param options - See {@link WriteWavOptions}.
 * @returns The whole file: less than 4 GiB.
 * @throws DspError `ERR_DSP_ARGUMENT` for a rate that is not a whole number or too many samples, `ERR_DSP_SHAPE` for more
 *   than two axes, `ERR_DSP_NOT_FINITE` for NaN or infinities.
 *
 * @example
 * ```ts
 * import { writeWav } from '@dsp/audio'
 * import { tensor } from '@dsp/tensor'
 * const bytes = writeWav({ samples: tensor(new Float32Array(100)), sampleRate: 16000 }, { encoding: 'int16' })
 * bytes.length // => 244
 * ```
 */
export function writeWav(audio: AudioLike<SignalData>, options: Partial<WriteWavOptions> = {}): Uint8Array {
  const { encoding } = resolveOptions('writeWav', writeWavOptionSpecs, options)
  const { data, shape, sampleRate } = asSignal<SignalData>(audio, 'audio', [1, 2])
  if (sampleRate === undefined || !Number.isInteger(sampleRate) || sampleRate > MAX_RATE) {
    throw DspError.argument('audio.sampleRate', `a whole number of hertz up to ${MAX_RATE}`, sampleRate)
  }
  const channels = shape.length === 2 ? shape[0]! : 1
  const samples = shape.at(-1)!
  if (channels < 1 || channels > 1024) {
    throw withLayout(DspError.argument('audio', '1 to 1024 channels', channels), audio)
  }
  const width = encoding === 'float32' ? 4 : 2
  const size = data.length * width
  if (size > MAX_BYTES) throw DspError.argument('audio', `at most ${MAX_BYTES / width} samples in all`, data.length)
  const float = encoding === 'float32'
  const head = float ? 58 : 44
  const view = new DataView(new ArrayBuffer(head + size))
  const text = (at: number, word: string) => new TextEncoder().encodeInto(word, new Uint8Array(view.buffer, at))
  text(0, 'RIFF')
  view.setUint32(4, head - 8 + size, true)
  text(8, 'WAVEfmt ')
  view.setUint32(16, float ? 18 : 16, true)
  view.setUint16(20, float ? 3 : 1, true)
  view.setUint16(22, channels, true)
  view.setUint32(24, sampleRate, true)
  view.setUint32(28, sampleRate * channels * width, true)
  view.setUint16(32, channels * width, true)
  view.setUint16(34, 8 * width, true)
  if (float) {
    // Formats other than PCM say how many extra bytes they have, and how many samples there are.
    text(38, 'fact')
    view.setUint32(42, 4, true)
    view.setUint32(46, samples, true)
  }
  text(head - 8, 'data')
  view.setUint32(head - 4, size, true)
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < samples; i++) {
      const value = data[channel * samples + i]!
      if (!Number.isFinite(value)) throw notFinite(channel * samples + i, value)
      const at = head + (i * channels + channel) * width
      if (float) view.setFloat32(at, value, true)
      else view.setInt16(at, Math.max(-32768, Math.min(32767, Math.round(value * 32768))), true)
    }
  }
  return new Uint8Array(view.buffer)
}

function notFinite(index: number, value: number): DspError {
  return new DspError(`audio.samples must be finite, got ${value} at index ${index}; replace such values first`, {
    code: 'ERR_DSP_NOT_FINITE',
    argument: 'audio.samples',
    expected: 'finite samples',
    actual: `${value} at index ${index}`,
  })
}
