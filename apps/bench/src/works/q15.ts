import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Q15Bank, q15Bank, q15Frames } from '@dsp/mel-q15'
import { snr } from '../agreement.ts'
import type { Contestant, Result, Work } from '../contestant.ts'
import { speech } from '../inputs.ts'
import { type Context, INSTALL } from './context.ts'

/** Peaks to which the speech is scaled, in decibels of full scale. */
const LEVELS = [0, -20, -40]
/** The bank that `peers/q15` is compiled with. */
const PROFILE = 'classic-fixed'
const FRAME = 400
/** Every so many frames is computed in float64. */
const EVERY = 20
/** Cells so far below their frame's largest, in octaves, do not count: 80 dB. */
const COUNTED = 80 / (20 * Math.log10(2))
/** What `log2-int16` holds where there is no energy, in octaves. */
const NOTHING = -128

/** The whole frame of the NPU's kernel on the host, and with other 16-bit transforms in it. */
export function q15Works(context: Context): Work[] {
  const { samples } = speech(context)
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  return LEVELS.map((level) => q15Work(context, samples, level, (10 ** (level / 20) * 32767) / 32768 / peak))
}

function q15Work(context: Context, samples: Float32Array, level: number, gain: number): Work {
  const { data, shape } = q15Frames(samples.map((sample) => sample * gain))
  const count = shape[0]!
  const path = join(context.folder, `q15-${-level}.i16`)
  writeFileSync(path, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  const of = (name: string, key: string, call: string, similar?: string): Contestant => ({
    name,
    call,
    ...(similar !== undefined && { similar }),
    install: INSTALL,
    prepare: () => context.python.prepare({ peer: `q15:${key}`, params: { frames: path } }),
  })
  const fixed = 'a halving at every stage'
  return {
    id: `q15-${-level}`,
    title: `16-bit mel features, speech at ${level} dBFS`,
    detail: `${count} frames of 400 samples to 80 log2 mel levels: window, 512-point transform, magnitudes, filters (\`${PROFILE}\`), logarithm, all in 16-bit fixed point. All three are C, compiled alike and called for all frames at once; only the transform differs. The distance to float64 is the signal-to-noise ratio of the levels within 80 dB of their frame's largest, in every 20th frame. Time of one frame, which stands for 10 ms.`,
    units: count,
    unit: 'frame',
    audioSeconds: 0.01,
    ours: of('@dsp', 'ours', 'mel_q15_run, block floating point'),
    peers: [
      of('KISS FFT', 'kiss', 'kiss_fftr, FIXED_POINT=16', fixed),
      of('CMSIS-DSP', 'cmsis', 'arm_rfft_q15, portable C', fixed),
    ],
    agree: () => ({ same: true, text: '' }),
    exact: () => exactLevels(data, count, q15Bank({ profile: PROFILE })),
    decibels: signalToNoise,
    goals: [{ peer: 'KISS FFT', ratio: 1 }],
  }
}

/** The levels of every 20th frame in float64. */
export function exactLevels(frames: Int16Array, count: number, { filters, transform }: Q15Bank): Result {
  const turn = (2 * Math.PI) / transform
  const cosines = Float64Array.from({ length: transform }, (_, i) => Math.cos(turn * i))
  const sines = Float64Array.from({ length: transform }, (_, i) => Math.sin(turn * i))
  const levels: number[] = []
  const windowed = new Float64Array(FRAME)
  for (let i = 0; i < count; i += EVERY) {
    for (let n = 0; n < FRAME; n++)
      windowed[n] = frames[i * FRAME + n]! * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / FRAME))
    const bins = Array.from({ length: transform / 2 + 1 }, (_, k) => {
      let [re, im] = [0, 0]
      for (let n = 0; n < FRAME; n++) {
        re += windowed[n]! * cosines[(k * n) % transform]!
        im += windowed[n]! * sines[(k * n) % transform]!
      }
      return Math.hypot(re, im)
    })
    for (const { startBin, coefficients, shift } of filters) {
      const sum = coefficients.reduce((total, weight, j) => total + bins[startBin + j]! * weight, 0)
      levels.push(Math.log2(sum / 2 ** (15 + shift)))
    }
  }
  return { shape: [levels.length / filters.length, filters.length], data: Float64Array.from(levels) }
}

/** Of the cells that count, as the accuracy test of the kernel has it. */
export function signalToNoise({ data, shape }: Result, { data: codes }: Result): number {
  const width = shape[1]!
  const [signal, given]: [number[], number[]] = [[], []]
  for (let i = 0; i < shape[0]!; i++) {
    const levels = data.subarray(i * width, (i + 1) * width)
    const most = Math.max(...levels)
    for (const [j, level] of levels.entries()) {
      if (!(most - level <= COUNTED)) continue
      const code = codes[i * EVERY * width + j]!
      signal.push(level)
      given.push(code === NOTHING ? 0 : code)
    }
  }
  return snr(signal, given)
}
