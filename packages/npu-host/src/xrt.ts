import { DspError } from '@dsp/tensor'
import { BaseDevice } from './base.js'
import type { Device, DeviceInfo, DeviceKernel, MelDesign, RunResult, XclbinDesign } from './device.js'
import { deviceError, number, text, XrtProcess } from './xrt-process.js'

const MAX_BUFFERS = 16
const MAX_BYTES = 255 << 20
const COMPLETED = 4

/** An NPU that XRT reaches. */
export class XrtDevice extends BaseDevice implements Device {
  readonly info: DeviceInfo
  readonly #process: XrtProcess
  #loadedAs = ''

  private constructor(process: XrtProcess, info: DeviceInfo) {
    super()
    this.#process = process
    this.info = info
  }

  /** Starts the host and asks XRT for a device. */
  static async open(
    command: readonly [string, ...string[]],
    info: DeviceInfo,
    env?: NodeJS.ProcessEnv,
  ): Promise<XrtDevice> {
    const process = new XrtProcess(command, env)
    try {
      const name = await firstDevice(process)
      return new XrtDevice(process, { ...info, name })
    } catch (error) {
      await process.close()
      throw error
    }
  }

  async probe(): Promise<void> {
    this.assertReady()
    await firstDevice(this.#process)
  }

  async load(design: MelDesign | XclbinDesign): Promise<DeviceKernel> {
    this.assertReady()
    if (!('xclbin' in design)) {
      throw DspError.argument('design', 'an xclbin and its instructions: XRT runs what was built for the NPU', design)
    }
    const { xclbin, instructions, buffers } = design
    if (buffers.length === 0 || buffers.length > MAX_BUFFERS) {
      throw DspError.argument('buffers', `1 to ${MAX_BUFFERS} buffers`, buffers.length)
    }
    for (const { name, bytes } of buffers) {
      if (!Number.isInteger(bytes) || bytes < 4 || bytes % 4 !== 0 || bytes > MAX_BYTES) {
        throw DspError.argument(`buffers.${name}`, `a multiple of 4 bytes, 4 to ${MAX_BYTES}`, bytes)
      }
    }
    const sizes = buffers.map(({ bytes }) => number(bytes))
    const answer = await this.#process.request('L', [text(xclbin), text(instructions), number(sizes.length), ...sizes])
    const name = answer.text()
    this.#loadedAs = `kernel ${name} on ${answer.text()}, xclbin ${answer.text()}`
    return this.loaded({ name, buffers })
  }

  protected async writeBytes(index: number, bytes: Uint8Array, offset: number): Promise<void> {
    await this.#process.request('W', [number(index), number(offset), bytes])
  }

  protected async runOnce(
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<Omit<RunResult, 'milliseconds'>> {
    const answer = await this.#process.request('R', [number(timeoutMs)], timeoutMs, signal)
    const state = answer.number()
    if (state !== COMPLETED) throw deviceError(`the command ended in state ${state}`)
    const proof = `${this.#loadedAs}: XRT completed the command in ${answer.number()} µs`
    return { ranOn: { place: 'npu', proof } }
  }

  protected async readBytes(index: number, count: number): Promise<Uint8Array> {
    const { bytes } = await this.#process.request('G', [number(index), number(0), number(count)])
    if (bytes.length !== count) throw deviceError(`dsp-xrt-host gave ${bytes.length} bytes of ${count}`)
    return new Uint8Array(bytes)
  }

  protected async free(): Promise<void> {
    await this.#process.close()
  }
}

async function firstDevice(process: XrtProcess): Promise<string> {
  const answer = await process.request('P')
  if (answer.number() === 0) throw deviceError('XRT finds no NPU')
  return `${answer.text()} at ${answer.text()}`
}
