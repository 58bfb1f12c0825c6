import { melQ15Async, type Q15Output, type Q15Profile, toWhisper } from '@dsp/mel-q15'
import { DspError, tensor } from '@dsp/tensor'
import { type FrontEnd, RATE, WINDOW_SECONDS } from './front-end.js'

const BANDS = 80
const HOP = 160
const FRAMES = (WINDOW_SECONDS * RATE) / HOP
/** What the kernel writes where there is no energy. */
const NOTHING: Readonly<Record<Q15Output, number>> = { 'log2-int8': 0, 'log2-int16': -32768, 'linear-int8': 0 }

/**
 * The NPU kernel's features in fixed point, computed by its bit-exact reference on the CPU.
 * @param mels - Bands that the model takes: only 80 are possible.
 * @param profile - The bank.
 * @param output - The format of the kernel's output.
 */
export function q15FrontEnd(mels: number, profile: Q15Profile, output: Q15Output): FrontEnd {
  if (mels !== BANDS) throw DspError.argument('frontEnd', `"float": this model takes ${mels} mel bands`, 'q15')
  return {
    device: `cpu (bit-exact reference of the NPU kernel, ${profile}, ${output})`,
    async features(samples, signal) {
      // the last frames see the silence after the sound; those behind them see nothing else
      const frames = Math.min(FRAMES, Math.ceil(samples.length / HOP) + 2)
      const heard = new Float32Array(frames * HOP)
      heard.set(samples)
      const abort = signal === undefined ? {} : { signal }
      const { data } = await melQ15Async(heard, { profile, output, ...abort })
      const codes = data instanceof Int16Array ? new Int16Array(FRAMES * BANDS) : new Int8Array(FRAMES * BANDS)
      codes.fill(NOTHING[output], data.length)
      codes.set(data)
      const features = toWhisper(tensor(codes as Int8Array, [FRAMES, BANDS]), { profile, output })
      return tensor(features.data, [1, BANDS, FRAMES])
    },
    close: async () => {},
  }
}
