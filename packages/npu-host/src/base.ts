import { throwIfAborted } from '@dsp/signal'
import { DspError } from '@dsp/tensor'
import type { DeviceBuffer, DeviceCounters, DeviceKernel, RunOptions, RunResult } from './device.js'

const MAX_TIMEOUT = 600_000

/** What both devices share: the order of calls, buffers by name, sizes, timeouts, counters. */
export abstract class BaseDevice {
  #kernel: DeviceKernel | undefined
  #isRunning = false
  #closing: Promise<void> | undefined
  #counters = { runs: 0, failures: 0, bytesWritten: 0, bytesRead: 0 }

  get kernels(): readonly DeviceKernel[] {
    return this.#kernel === undefined ? [] : [this.#kernel]
  }

  get counters(): DeviceCounters {
    return { ...this.#counters }
  }

  protected abstract writeBytes(index: number, bytes: Uint8Array, offset: number): Promise<void>
  protected abstract runOnce(
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<Omit<RunResult, 'milliseconds'>>
  protected abstract readBytes(index: number, count: number): Promise<Uint8Array>
  protected abstract free(): Promise<void>

  protected loaded(kernel: DeviceKernel): DeviceKernel {
    this.#kernel = kernel
    return kernel
  }

  /** Checks that the device is open and idle. */
  protected assertReady(): void {
    if (this.#closing !== undefined) throw DspError.argument('device', 'open', 'a closed device')
    if (this.#isRunning) throw DspError.argument('device', 'idle: one run goes on at a time', 'a device that runs')
  }

  async write(buffer: string, data: ArrayBufferView, offset = 0): Promise<void> {
    const { index, bytes } = this.#find(buffer, 'in')
    if (!ArrayBuffer.isView(data)) throw DspError.argument('data', 'a typed array', data)
    if (!Number.isInteger(offset) || offset < 0 || offset % 4 !== 0) {
      throw DspError.argument('offset', 'a multiple of 4 bytes, the unit of the DMA', offset)
    }
    if (data.byteLength % 4 !== 0 || offset + data.byteLength > bytes) {
      const expected = `a multiple of 4 bytes, at most ${bytes - offset} from byte ${offset} of ${buffer} on`
      throw DspError.argument('data', expected, `${data.byteLength} bytes`)
    }
    await this.writeBytes(index, new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset)
    this.#counters.bytesWritten += data.byteLength
  }

  async run({ timeoutMs = 10_000, signal }: RunOptions = {}): Promise<RunResult> {
    this.#find(undefined, 'in')
    if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > MAX_TIMEOUT) {
      throw DspError.argument('timeoutMs', `a whole number between 1 and ${MAX_TIMEOUT}`, timeoutMs)
    }
    throwIfAborted(signal)
    this.#isRunning = true
    const start = performance.now()
    try {
      const result = await this.runOnce(timeoutMs, signal)
      this.#counters.runs += 1
      return { ...result, milliseconds: performance.now() - start }
    } catch (error) {
      this.#counters.failures += 1
      throwIfAborted(signal)
      throw error
    } finally {
      this.#isRunning = false
    }
  }

  async read(buffer: string): Promise<Uint8Array> {
    const { index, bytes } = this.#find(buffer, 'out')
    const found = await this.readBytes(index, bytes)
    this.#counters.bytesRead += found.byteLength
    return found
  }

  close(): Promise<void> {
    this.#closing ??= this.free()
    return this.#closing
  }

  #find(name: string | undefined, direction: DeviceBuffer['direction']): { index: number; bytes: number } {
    this.assertReady()
    const buffers = this.#kernel?.buffers
    if (buffers === undefined) throw DspError.argument('device', 'loaded with a design first', 'no design')
    if (name === undefined) return { index: -1, bytes: 0 }
    const index = buffers.findIndex((buffer) => buffer.name === name && buffer.direction === direction)
    const found = buffers[index]
    if (found === undefined) {
      const names = buffers.filter((buffer) => buffer.direction === direction).map((buffer) => buffer.name)
      throw DspError.argument('buffer', `one of the ${direction}puts: ${names.join(', ')}`, name)
    }
    return { index, bytes: found.bytes }
  }
}
