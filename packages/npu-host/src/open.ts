import { DspError } from '@dsp/tensor'
import { type DetectOptions, detectNpu, type NpuDetection } from './detect.js'
import type { Device } from './device.js'
import { EmulatorDevice } from './emulator.js'
import { XrtDevice } from './xrt.js'
import { deviceError } from './xrt-process.js'

/** What {@link openDevice} opens. */
export interface OpenOptions {
  /**
   * `xrt`: an NPU, or an error. `emulator`: the same kernel on this machine's processor. `auto` (default): `xrt` if everything that it
   * needs is there, else `emulator`; `info.chosen` says which one and why.
   */
  readonly device?: 'xrt' | 'emulator' | 'auto'
  /** Where to look for an NPU. */
  readonly detect?: DetectOptions
}

const EMULATED = 'the C kernel on this processor (no NPU)'

/**
 * Opens a device for a kernel. What fails on an NPU is an error and never runs elsewhere instead.
 * @param options - Which device.
 * @throws DspError `ERR_DSP_DEVICE` if there is no NPU for `xrt`, with what was looked for and what to do; `ERR_DSP_ARGUMENT`.
 *
 * @example
 * ```ts
 * import { openDevice } from '@dsp/npu-host'
 * const device = await openDevice({ device: 'emulator' })
 * const kernel = await device.load({ frames: 96, columns: 2 })
 * kernel.buffers[0] // => { name: 'samples', bytes: 31200, direction: 'in' }
 * await device.write('samples', new Int16Array(15600))
 * const { ranOn } = await device.run({ timeoutMs: 5000 })
 * ranOn.place // => 'emulator'
 * const codes = await device.read('codes')
 * codes.length // => 7680
 * await device.close()
 * ```
 */
export async function openDevice({ device = 'auto', detect = {} }: OpenOptions = {}): Promise<Device> {
  if (device === 'emulator') return new EmulatorDevice({ device, name: EMULATED, chosen: 'emulator was asked for' })
  if (device !== 'xrt' && device !== 'auto') throw DspError.argument('device', "'xrt', 'emulator' or 'auto'", device)
  const detection = detectNpu(detect)
  if (detection.missing.length === 0 && detection.host !== null) {
    const chosen = device === 'xrt' ? 'xrt was asked for' : 'auto: everything that an NPU needs is there'
    return XrtDevice.open([detection.host], { device: 'xrt', name: '', chosen, detection })
  }
  if (device === 'xrt') throw noDevice(detection)
  const chosen = `auto: ${detection.missing.join('; ')}`
  return new EmulatorDevice({ device: 'emulator', name: EMULATED, chosen, detection })
}

function noDevice({ missing }: NpuDetection): DspError {
  return deviceError(`there is no NPU to run on:\n${missing.map((line) => `- ${line}`).join('\n')}`)
}
