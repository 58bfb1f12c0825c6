import { asSignal, checkBlockRate, isFloat32, type SignalInput } from '@dsp/signal'
import { DspError } from '@dsp/tensor'

/** Samples of one channel, checked, in single precision. */
export interface Waveform {
  readonly samples: Float32Array
  /** Whether every sample is 0. */
  readonly isSilent: boolean
}

/**
 * Checks a recording, or a block of one.
 * @param input - `[samples]` or `[1, samples]`.
 * @param name - Its name in error messages.
 * @param rate - The rate in hertz that it must have if it is an Audio.
 */
export function asWaveform(input: SignalInput, name: string, rate: number): Waveform {
  const { data, shape, sampleRate } = asSignal(input, name, [1, 2])
  if (shape.length === 2 && shape[0] !== 1) {
    throw new DspError(`${name} must have one channel, got ${shape[0]}: mix it down, or take one of them`, {
      code: 'ERR_DSP_SHAPE',
      argument: name,
      expected: '[samples] or [1, samples]',
      actual: `[${shape.join(', ')}]`,
    })
  }
  if (name === 'block') checkBlockRate(sampleRate, rate)
  else if (sampleRate !== undefined && sampleRate !== rate) {
    throw DspError.argument(`${name}.sampleRate`, `${rate} Hz (resample the audio first)`, sampleRate)
  }
  const samples = isFloat32(data) ? data : Float32Array.from(data)
  let isSilent = true
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i]!
    if (sample === 0) continue
    if (!Number.isFinite(sample)) throw notFinite(name, data[i]!, i)
    isSilent = false
  }
  return { samples, isSilent }
}

function notFinite(name: string, value: number, index: number): DspError {
  const actual = `${value} at index ${index}`
  return new DspError(`${name} must hold finite samples only, got ${actual}; remove or replace them first`, {
    code: 'ERR_DSP_NOT_FINITE',
    argument: name,
    expected: 'finite samples',
    actual,
  })
}

/**
 * Rejects recordings that are too short or silent.
 * @param name - The recording's name in error messages.
 * @param samples - Its number of samples.
 * @param minimum - The smallest number allowed.
 * @param rate - Sample rate in Hz.
 * @param isSilent - Whether every sample is 0.
 */
export function checkSpeech(name: string, samples: number, minimum: number, rate: number, isSilent: boolean): void {
  if (samples < minimum) {
    const seconds = (count: number) => `${(count / rate).toFixed(3)} s`
    const [expected, actual] = [`at least ${minimum} samples (${seconds(minimum)})`, `${samples} (${seconds(samples)})`]
    throw new DspError(`${name} must have ${expected} of speech, got ${actual}`, {
      code: 'ERR_DSP_SHAPE',
      argument: name,
      expected,
      actual,
    })
  }
  if (isSilent) throw DspError.argument(name, 'a recording of a voice', 'silence: every sample is 0')
}

/** A waveform repeated to fill `length` samples; unchanged if it is long enough. */
export function repeated(samples: Float32Array, length: number): Float32Array {
  if (samples.length >= length) return samples
  const filled = new Float32Array(length)
  for (let at = 0; at < length; at += samples.length) filled.set(samples.subarray(0, length - at), at)
  return filled
}
