import { q15BankParameters } from '@dsp/mel-q15'
import * as native from '@dsp/native'
import { DspError, guard, guardAsync } from '@dsp/tensor'
import { BaseDevice } from './base.js'
import type { Device, DeviceInfo, DeviceKernel, MelDesign, RunResult, XclbinDesign } from './device.js'

const DEFAULTS = {
  profile: 'whisper',
  bank: {},
  output: 'log2-int8',
  npu: 'npu1',
  columns: 1,
  cores: 1,
  framesPerCall: 8,
  frames: 1000,
  hop: 160,
  stack: 8192,
} as const

/** The very C kernel on threads of this machine's processor. */
export class EmulatorDevice extends BaseDevice implements Device {
  readonly info: DeviceInfo
  #emulator: native.NpuEmulator | undefined
  #samples = new Int16Array(0)
  #codes = new Uint8Array(0)

  constructor(info: DeviceInfo) {
    super()
    this.info = info
  }

  async probe(): Promise<void> {
    this.assertReady()
  }

  async load(design: MelDesign | XclbinDesign): Promise<DeviceKernel> {
    this.assertReady()
    const options = { ...DEFAULTS, ...design }
    const unknown = Object.keys(options).find((name) => !(name in DEFAULTS))
    if (unknown !== undefined) {
      throw DspError.argument(
        'design',
        'a mel design: the emulator runs the C kernel and no xclbin',
        `the option ${unknown}`,
      )
    }
    for (const [name, value] of Object.entries(options)) {
      if (typeof DEFAULTS[name as keyof typeof DEFAULTS] === 'number' && !Number.isSafeInteger(value)) {
        throw DspError.argument(name, 'a whole number', value)
      }
    }
    const bank = q15BankParameters('load', { ...options.bank, profile: options.profile })
    const emulator = guard(() => new native.NpuEmulator(options, bank))
    this.#emulator?.close()
    this.#emulator = emulator
    const [samples = 0, codes = 0] = emulator.sizes()
    this.#samples = new Int16Array(samples)
    this.#codes = new Uint8Array(codes)
    return this.loaded({
      name: 'mel-q15',
      buffers: [
        { name: 'samples', bytes: 2 * samples, direction: 'in' },
        { name: 'codes', bytes: codes, direction: 'out' },
      ],
    })
  }

  protected async writeBytes(_index: number, bytes: Uint8Array, offset: number): Promise<void> {
    new Uint8Array(this.#samples.buffer).set(bytes, offset)
  }

  protected async runOnce(
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<Omit<RunResult, 'milliseconds'>> {
    const emulator = this.#emulator
    if (emulator === undefined) throw DspError.argument('device', 'open', 'a closed device')
    const cancel = () => emulator.cancel()
    signal?.addEventListener('abort', cancel, { once: true })
    try {
      const run = await guardAsync(() => emulator.run(this.#samples, timeoutMs))
      this.#codes = run.out as Uint8Array<ArrayBuffer>
      const proof = `the C kernel on ${run.framesPerTile.length} threads, frames on each: ${run.framesPerTile.join(', ')}`
      return {
        ranOn: { place: 'emulator', proof },
        model: {
          label: 'model',
          cycles: run.cycles,
          compute: run.compute,
          transfer: run.transfer,
          microseconds: run.clocks.map((clock, i) => {
            const [fastest = Number.NaN, slowest = Number.NaN] = run.microseconds[i] ?? []
            return { clock, fastest, slowest }
          }),
        },
      }
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  }

  protected async readBytes(): Promise<Uint8Array> {
    return this.#codes.slice()
  }

  protected async free(): Promise<void> {
    this.#emulator?.close()
    this.#emulator = undefined
  }
}
