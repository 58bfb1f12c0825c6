import { aieDesign, type Q15Output, type Q15Profile, q15Frames, toWhisper } from '@dsp/mel-q15'
import { type DetectOptions, type Device, openDevice } from '@dsp/npu-host'
import { DspError, type TensorLike, tensor } from '@dsp/tensor'
import { BANDS, FRAMES, type FrontEnd, HOP } from './front-end.js'

const FRAME = 400
const CORES = 4

/** What runs the kernel of `q15`. */
export interface Q15Place {
  readonly device: 'emulator' | 'xrt'
  /** Of `xrt`: paths of what was built for the NPU. */
  readonly xclbin: string
  readonly instructions: string
  readonly detect?: DetectOptions | undefined
}

const EMULATOR: Q15Place = { device: 'emulator', xclbin: '', instructions: '' }

/**
 * The NPU kernel's features in fixed point: on an NPU, or on its emulator, which runs the C kernel.
 * @param mels - Bands that the model takes.
 * @param profile - The bank.
 * @param output - The format of the kernel's output.
 * @param place - What runs the kernel.
 */
export async function q15FrontEnd(
  mels: number,
  profile: Q15Profile,
  output: Q15Output,
  place: Q15Place = EMULATOR,
): Promise<FrontEnd> {
  assertProfile(mels, profile)
  const device = await openDevice({ device: place.device, ...(place.detect && { detect: place.detect }) })
  try {
    const { samples } = await load(device, mels, profile, output, place)
    return frontEndOn(device, samples, mels, profile, output)
  } catch (error) {
    await device.close()
    throw error
  }
}

/** Only the banks that are made from Whisper's own filters exist for 128 bands. */
function assertProfile(mels: number, profile: Q15Profile): void {
  if (mels === BANDS || (mels === 128 && (profile === 'whisper' || profile === 'accurate'))) return
  const expected =
    mels === 128
      ? "'whisper' or 'accurate' for a model of 128 mel bands (the other banks have 80 filters), or frontEnd 'float'"
      : `for a model of 80 or 128 mel bands: this one takes ${mels}; use frontEnd 'float'`
  throw DspError.argument('q15Profile', expected, profile)
}

/** Loads the kernel and gives the samples of its input buffer. */
async function load(device: Device, mels: number, profile: Q15Profile, output: Q15Output, place: Q15Place) {
  // a window's frames and those that fill the last round, on any number of columns and cores
  const { plan } = aieDesign({
    frames: FRAMES,
    columns: 1,
    coresPerColumn: CORES,
    filters: mels,
    hopLength: HOP,
    output: output === 'log2-int16' ? 'int16' : 'int8',
  })
  if (place.device === 'emulator') {
    const { paddedFrames } = plan
    await device.load({ profile, bank: bankOf(mels), output, frames: paddedFrames, cores: CORES, hop: HOP })
  } else {
    const { xclbin, instructions } = place
    await device.load({
      xclbin,
      instructions,
      buffers: [
        { name: 'samples', bytes: 2 * plan.samples, direction: 'in' },
        { name: 'codes', bytes: plan.outputBytes, direction: 'out' },
      ],
    })
  }
  return plan
}

const bankOf = (mels: number) => (mels === BANDS ? {} : { nMels: mels })

function frontEndOn(device: Device, samples: number, mels: number, profile: Q15Profile, output: Q15Output): FrontEnd {
  const { info } = device
  let place = `${info.device} (${info.name}, ${profile}, ${output})`
  const run = async (window: Float32Array, signal: AbortSignal | undefined) => {
    await device.write('samples', overlapped(window, samples))
    const { ranOn } = await device.run({ ...(signal && { signal }) })
    place = `${ranOn.place} (${info.name}, ${profile}, ${output}; ${ranOn.proof})`
    const bytes = await device.read('codes')
    const codes = output === 'log2-int16' ? new Int16Array(bytes.buffer) : new Int8Array(bytes.buffer)
    return featuresOf(codes.subarray(0, FRAMES * mels), mels, profile, output)
  }
  // the device runs one window at a time, and callers may transcribe several recordings at once
  let last: Promise<unknown> = Promise.resolve()
  return {
    get device() {
      return place
    },
    features(window, signal) {
      const next = last.then(() => run(window, signal))
      last = next.catch(() => undefined)
      return next
    },
    close: () => device.close(),
  }
}

/** A window's features `[1, mels, 3000]` of its codes. */
export function featuresOf(
  codes: Int8Array | Int16Array,
  mels: number,
  profile: Q15Profile,
  output: Q15Output,
): TensorLike {
  const options = { profile, output, ...bankOf(mels) }
  const features = toWhisper(tensor(codes as Int8Array, [FRAMES, mels]), options)
  return tensor(features.data, [1, mels, FRAMES])
}

/** What the DMA reads frames of 400 samples from, a hop apart. The last frames of the sound see the silence behind it. */
function overlapped(window: Float32Array, samples: number): Int16Array {
  const heard = new Float32Array(Math.min(FRAMES, Math.ceil(window.length / HOP) + 2) * HOP)
  heard.set(window)
  const { data, shape } = q15Frames(heard)
  const out = new Int16Array(samples)
  for (let i = 0; i < shape[0]!; i++) out.set(data.subarray(i * FRAME, (i + 1) * FRAME), i * HOP)
  return out
}
