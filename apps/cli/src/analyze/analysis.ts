import { decodeAudio } from '@dsp/audio'
import { chromaCqtAsync } from '@dsp/chroma'
import { hpssAsync } from '@dsp/hpss'
import { type Audio, DspError, type TensorLike, tensor, writeNpz } from '@dsp/tensor'
import { pyinAsync, type WithRange, type YinOptions, yinAsync } from '@dsp/yin'
import { stem } from '../input.js'
import type { Settings } from '../kinds/kind.js'
import type { Size } from '../plot/picture.js'
import { renderPng } from '../plot/render.js'
import { analysisPicture, type Pitch } from './picture.js'
import { SETTINGS, stampOf } from './resume.js'

/** What is computed of every track. Plain data, so that it can go to another thread. */
export interface Plan {
  /** Hertz to resample to; null for the file's own rate. */
  readonly rate: number | null
  readonly pitch: 'yin' | 'pyin'
  /** Options of the three functions, by their API names. */
  readonly settings: { readonly hpss: Settings; readonly pitch: Settings; readonly chroma: Settings }
  /** Whether the harmonic and the percussive samples are written. */
  readonly audio: boolean
  readonly size: Size
}

/** The results of a track as the bytes of its files. */
export interface Analysis {
  readonly npz: Uint8Array
  readonly png: Uint8Array
  /** Length of the track. */
  readonly seconds: number
  readonly sampleRate: number
}

/**
 * Separates a track, finds its pitch and its chroma, and draws them. The functions work on all cores.
 * @param path - The sound file.
 * @param plan - What to compute.
 * @param stamp - JSON that says what the results are made of.
 */
export async function analyze(path: string, plan: Plan, stamp: string): Promise<Analysis> {
  const audio = await decodeAudio(path, { mono: true, sampleRate: plan.rate })
  const { samples, sampleRate } = audio
  if (samples.size === 0) throw new DspError(`${path} has no samples`, { code: 'ERR_DSP_SHAPE', argument: path })
  const { settings } = plan
  const { harmonic, percussive } = await hpssAsync(samples, settings.hpss)
  const pitch = await findPitch(audio, plan)
  const chroma = await chromaCqtAsync(audio, settings.chroma)
  const png = renderPng(
    analysisPicture({ name: stem(path), audio, harmonic, percussive, pitch, chroma, settings }),
    plan.size,
  )
  const arrays: Record<string, TensorLike> = {
    // The first one, where it is looked for.
    [SETTINGS]: stampOf(stamp),
    sample_rate: tensor(Int32Array.of(sampleRate), []),
    f0: pitch.f0,
    ...(pitch.voicedFlag && { voiced_flag: pitch.voicedFlag }),
    ...(pitch.voicedProb && { voiced_prob: pitch.voicedProb }),
    chroma,
    ...(plan.audio && { harmonic, percussive }),
  }
  const npz = writeNpz(arrays, { arrays: pitch.voicedFlag ? { voiced_flag: { bool: true } } : {} })
  return { npz, png, seconds: samples.size / sampleRate, sampleRate }
}

async function findPitch(audio: Audio, { pitch, settings }: Plan): Promise<Pitch> {
  const options = settings.pitch as WithRange<YinOptions>
  if (pitch === 'pyin') return pyinAsync(audio, options)
  return { f0: await yinAsync(audio, options) }
}
