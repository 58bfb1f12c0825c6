import type { AudioLike } from '@dsp/signal'
import type { FrontEnd } from './front-end.js'
import { normalised, staticFeatures, withDeltas } from './late.js'
import type { Matrix } from './matrix.js'
import { Sound } from './sound.js'

/**
 * The features of audio under any settings, in float64.
 * @param audio - Samples in [-1, 1] of shape `[samples]` or `[channels, samples]`, and their rate.
 * @param frontEnd - Every setting; `frontEndOf` gives those of a kind.
 * @returns `[frames, bins]`, whatever the kind's own orientation.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity in the audio, `ERR_DSP_SHAPE` for audio that is empty, and
 *   `ERR_DSP_ARGUMENT` for settings out of range, e.g. a window longer than the transform.
 *
 * @example
 * ```ts
 * import { extractFrontEnd, frontEndOf } from '@dsp/doctor'
 * const audio = { samples: new Float32Array(16000).map((_, i) => Math.sin(i / 5)), sampleRate: 16000 }
 * const ours = frontEndOf('fbank', { numMelBins: 80 }, 16000)
 * const { frames, bins } = extractFrontEnd(audio, { ...ours, window: 'hamming' })
 * frames // => 98
 * bins // => 80
 * ```
 */
export function extractFrontEnd(audio: AudioLike, frontEnd: FrontEnd): Matrix {
  const sound = new Sound(audio)
  try {
    return wholeFeatures(sound, frontEnd)
  } finally {
    sound.close()
  }
}

/** The features of a sound under any settings. */
export function wholeFeatures(sound: Sound, frontEnd: FrontEnd): Matrix {
  return normalised(withDeltas(staticFeatures(sound.energies(frontEnd), frontEnd), frontEnd.deltas), frontEnd)
}
