import type { Q15BankOptions } from '@dsp/mel-q15'
import type { NpuDetection } from './detect.js'

/** Where a run took place, and how one knows. */
export interface RanOn {
  /** `npu` only for a command that XRT says a device completed; `emulator` for this machine's processor. */
  readonly place: 'npu' | 'emulator'
  /** What proves it: the device's name, the kernel's, the state of the command; or the tiles' frames. */
  readonly proof: string
}

/** The emulator's **model** of what a run would cost on the hardware: never a measurement. */
export interface CycleModel {
  /** Always `model`. */
  readonly label: 'model'
  /** Of the array, without the dispatch. */
  readonly cycles: number
  /** Of the busiest tile. */
  readonly compute: number
  /** Of the busiest DMA channel. */
  readonly transfer: number
  /** The whole run in µs at each clock step (MHz), with the fastest dispatch and the slowest. */
  readonly microseconds: readonly {
    /** The clock in MHz. */
    readonly clock: number
    /** With the fastest dispatch. */
    readonly fastest: number
    /** With the slowest dispatch. */
    readonly slowest: number
  }[]
}

/** What a run gives. */
export interface RunResult {
  /** Where it took place. */
  readonly ranOn: RanOn
  /** Milliseconds that this machine's clock measured, from request to answer. */
  readonly milliseconds: number
  /** Of the emulator only. */
  readonly model?: CycleModel
}

/** A buffer of a loaded kernel. */
export interface DeviceBuffer {
  /** Its name. */
  readonly name: string
  /** Bytes. */
  readonly bytes: number
  /** To memory (`S2MM`) or from it (`MM2S`). */
  readonly direction: 'in' | 'out'
}

/** A kernel that is loaded. */
export interface DeviceKernel {
  /** Its name. */
  readonly name: string
  /** Its buffers. */
  readonly buffers: readonly DeviceBuffer[]
}

/** What was opened, and why. */
export interface DeviceInfo {
  /** Which of the two. */
  readonly device: 'emulator' | 'xrt'
  /** The emulated array, or the name that XRT gives. */
  readonly name: string
  /** Why this device: what was asked for, or what `auto` found and lacked. */
  readonly chosen: string
  /** What was looked for, except where `emulator` was asked for. */
  readonly detection?: NpuDetection
}

/** Counters since a device was opened. */
export interface DeviceCounters {
  /** Runs that ended well. */
  readonly runs: number
  /** Runs that failed. */
  readonly failures: number
  /** Bytes written to buffers. */
  readonly bytesWritten: number
  /** Bytes read from buffers. */
  readonly bytesRead: number
}

/** Options of a run. */
export interface RunOptions {
  /** Milliseconds until the run is given up, 1 to 600,000; 10,000 by default. */
  readonly timeoutMs?: number
  /** Ends the run. */
  readonly signal?: AbortSignal
}

/**
 * The mel front end of `@dsp/mel-q15` on a design of tiles, which the emulator loads. Its buffers are `samples` (int16: frames that
 * overlap by a hop) and `codes` (int8 or int16, `[frames, filters]`).
 */
export interface MelDesign {
  /** The bank's profile, as in `q15Bank`; `whisper` by default. */
  readonly profile?: Q15BankOptions['profile']
  /** The bank's other options, as in `q15Bank`; which ones are allowed depends on the profile. */
  readonly bank?: Partial<Omit<Q15BankOptions, 'profile'>>
  /** The codes' format: `log2-int8` by default. */
  readonly output?: 'log2-int8' | 'log2-int16' | 'linear-int8'
  /** The array: `npu1` (default, 4 columns) or `npu2` (8). */
  readonly npu?: 'npu1' | 'npu2'
  /** Columns, 1 by default. */
  readonly columns?: number
  /** Cores of each column, 1 (default) to 4. */
  readonly cores?: number
  /** Frames that a core computes at a time, 8 by default. */
  readonly framesPerCall?: number
  /**
   * Frames of a run; 1,000 by default, 10 s. The buffers also have room for the frames that fill the last round, see `plan` of `aieDesign`.
   */
  readonly frames?: number
  /** Samples from one frame to the next, even; 160 by default. */
  readonly hop?: number
  /** Bytes of a core's stack, 8,192 by default. */
  readonly stack?: number
}

/** A design that was built for the hardware, which XRT loads. */
export interface XclbinDesign {
  /** Path of the xclbin. */
  readonly xclbin: string
  /** Path of the instructions, `insts.bin`. */
  readonly instructions: string
  /** The buffers, in the order of the kernel's arguments from 3 on. */
  readonly buffers: readonly DeviceBuffer[]
}

/** Something that runs a kernel. Calls after `close` throw; one run goes on at a time. */
export interface Device {
  /** What this is. */
  readonly info: DeviceInfo
  /** What is loaded. */
  readonly kernels: readonly DeviceKernel[]
  /** What was done so far. */
  readonly counters: DeviceCounters
  /** Whether the device still answers; throws if it does not. */
  probe(): Promise<void>
  /** Loads a design in place of the one before. The emulator takes a {@link MelDesign}, XRT an {@link XclbinDesign}. */
  load(design: MelDesign | XclbinDesign): Promise<DeviceKernel>
  /** Writes to an input buffer, from a byte that is a multiple of 4 on. */
  write(buffer: string, data: ArrayBufferView, offset?: number): Promise<void>
  /** Runs the kernel once. */
  run(options?: RunOptions): Promise<RunResult>
  /** Reads an output buffer's bytes. */
  read(buffer: string): Promise<Uint8Array>
  /** Frees the device. Again: nothing. */
  close(): Promise<void>
}
