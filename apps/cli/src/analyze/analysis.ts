import { extractAsync, type FeatureKind, type Features, featureKind } from '@dsp/features'
import { DspError, type TensorLike, tensor, writeNpz } from '@dsp/tensor'
import { asUsage } from '../failure.js'
import { readMono, stem } from '../input.js'
import type { Settings } from '../kinds/kind.js'
import type { Size } from '../plot/picture.js'
import { renderPng } from '../plot/render.js'
import { analysisPicture } from './picture.js'
import { SETTINGS, stampOf } from './resume.js'

/** What is computed of every track. Plain data, so that it can go to another thread. */
export interface Plan {
  /** Sample rate in Hz to resample to; null for the file's own rate. */
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
  const audio = await readMono(path, plan.rate ?? undefined)
  const { samples, sampleRate } = audio
  if (samples.size === 0) throw new DspError(`${path} has no samples`, { code: 'ERR_DSP_SHAPE', argument: path })
  const { settings } = plan
  const compute = async <K extends FeatureKind>(kind: K, part: keyof Plan['settings']): Promise<Features<K>> => {
    try {
      return await extractAsync<K>(kind, audio, settings[part] as Parameters<typeof extractAsync<K>>[2])
    } catch (error) {
      throw asUsage(error, featureKind(kind).options, `${part}.`)
    }
  }
  const { parts } = await compute('hpss-harmonic', 'hpss')
  const pitch = await compute(plan.pitch, 'pitch')
  const chroma = await compute('chroma-cqt', 'chroma')
  const png = renderPng(analysisPicture({ name: stem(path), audio, parts, pitch, chroma }), plan.size)
  const { voicedFlag, voicedProb } = pitch.parts
  const arrays: Record<string, TensorLike> = {
    // The first one, where it is looked for.
    [SETTINGS]: stampOf(stamp),
    sample_rate: tensor(Int32Array.of(sampleRate), []),
    f0: pitch.values,
    ...(voicedFlag && { voiced_flag: voicedFlag }),
    ...(voicedProb && { voiced_prob: voicedProb }),
    chroma: chroma.values,
    ...(plan.audio && { harmonic: parts.harmonic, percussive: parts.percussive }),
  }
  const npz = writeNpz(arrays, { arrays: voicedFlag ? { voiced_flag: { bool: true } } : {} })
  return { npz, png, seconds: samples.size / sampleRate, sampleRate }
}
