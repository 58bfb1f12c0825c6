import { whisperLogMelAsync } from '@dsp/mel'
import { DspError, type TensorLike, tensor } from '@dsp/tensor'

/** Samples per second that every front end takes. */
export const RATE = 16000
/** Longest stretch of sound that the encoder hears at a time, in seconds. */
export const WINDOW_SECONDS = 30
/** Samples from one frame of features to the next. */
export const HOP = 160
/** Frames of a window. */
export const FRAMES = (WINDOW_SECONDS * RATE) / HOP
/** Bands of Whisper's models but for large-v3 and what comes from it, which have 128. */
export const BANDS = 80

/** Turns a window of sound into what the encoder takes. */
export interface FrontEnd {
  /** Where the features are computed: after the first of them, with what proves it. */
  readonly device: string
  /**
   * Features `[1, mels, 3000]` of a window, padded with silence to 30 s.
   * @param samples - One channel at 16 kHz, in [-1, 1], at most 30 s.
   * @param signal - Cancels the work.
   */
  features(samples: Float32Array, signal: AbortSignal | undefined): Promise<TensorLike>
  /** Frees what it holds. */
  close(): Promise<void>
}

/** Whisper's own features, in floating point on the CPU. */
export function floatFrontEnd(mels: number): FrontEnd {
  return {
    device: 'cpu (float)',
    async features(samples, signal) {
      const { data, shape } = await whisperLogMelAsync(samples, {
        nMels: mels,
        ...(signal === undefined ? {} : { signal }),
      })
      return tensor(data, [1, ...shape])
    },
    close: async () => {},
  }
}

/** Refuses a model of other bands than a front end has. */
export function assertBands(mels: number, frontEnd: string): void {
  if (mels !== BANDS) throw DspError.argument('frontEnd', `"float": this model takes ${mels} mel bands`, frontEnd)
}
