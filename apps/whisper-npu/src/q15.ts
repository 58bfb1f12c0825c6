import { type Q15Output, type Q15Profile, q15Frames, toWhisper } from '@dsp/mel-q15'
import { openDevice } from '@dsp/npu-host'
import { type TensorLike, tensor } from '@dsp/tensor'
import { assertBands, BANDS, FRAMES, type FrontEnd, HOP } from './front-end.js'

const FRAME = 400
const CORES = 4
const FRAMES_PER_CALL = 8
/**
 * The NPU kernel's features in fixed point, on the emulator of the NPU, which runs the C kernel.
 * @param mels - Bands that the model takes: only 80 are possible.
 * @param profile - The bank.
 * @param output - The format of the kernel's output.
 */
export async function q15FrontEnd(mels: number, profile: Q15Profile, output: Q15Output): Promise<FrontEnd> {
  assertBands(mels, 'q15')
  return emulatorFrontEnd(profile, output)
}

/** A window with the silence behind it: the last frames of the sound see it, and those after them see nothing else. */
function withSilence(samples: Float32Array): Float32Array {
  const heard = new Float32Array(Math.min(FRAMES, Math.ceil(samples.length / HOP) + 2) * HOP)
  heard.set(samples)
  return heard
}

/** A window's features `[1, 80, 3000]` of its codes. */
export function featuresOf(codes: Int8Array | Int16Array, profile: Q15Profile, output: Q15Output): TensorLike {
  const features = toWhisper(tensor(codes as Int8Array, [FRAMES, BANDS]), { profile, output })
  return tensor(features.data, [1, BANDS, FRAMES])
}

async function emulatorFrontEnd(profile: Q15Profile, output: Q15Output): Promise<FrontEnd> {
  const device = await openDevice({ device: 'emulator' })
  const round = CORES * FRAMES_PER_CALL
  const frames = Math.ceil(FRAMES / round) * round
  await device.load({ profile, output, frames, cores: CORES, framesPerCall: FRAMES_PER_CALL, hop: HOP })

  const run = async (samples: Float32Array, signal: AbortSignal | undefined) => {
    await device.write('samples', overlapped(samples, frames))
    await device.run({ ...(signal && { signal }) })
    const bytes = await device.read('codes')
    const codes = output === 'log2-int16' ? new Int16Array(bytes.buffer) : new Int8Array(bytes.buffer)
    return featuresOf(codes.subarray(0, FRAMES * BANDS), profile, output)
  }
  // the device runs one window at a time, and callers may transcribe several recordings at once
  let last: Promise<unknown> = Promise.resolve()
  return {
    device: `${device.info.device} (${device.info.name}, ${CORES} cores, ${profile}, ${output})`,
    features(samples, signal) {
      const next = last.then(() => run(samples, signal))
      last = next.catch(() => undefined)
      return next
    },
    close: () => device.close(),
  }
}

/** What the DMA reads frames of 400 samples from, a hop apart. */
function overlapped(samples: Float32Array, frames: number): Int16Array {
  const { data, shape } = q15Frames(withSilence(samples))
  const out = new Int16Array((frames - 1) * HOP + FRAME)
  for (let i = 0; i < shape[0]!; i++) out.set(data.subarray(i * FRAME, (i + 1) * FRAME), i * HOP)
  return out
}
