import { DspError, type OptionSpecs, option, resolveOptions } from '@dsp/tensor'
import { CORE_ROWS, DEVICES, WORD } from './hardware.js'

/** The NPUs that a design can be made for: `npu1` is Phoenix and Hawk Point (AIE2), `npu2` is Strix (AIE2P). */
export type AieDevice = 'npu1' | 'npu2'

/** The generations of mlir-aie's syntax that a design can be written in. */
export type MlirAieSyntax = '2026-mid' | '2026-early'

/** Options of {@link aieDesign}. */
export interface AieDesignOptions {
  /** The NPU. Default `'npu1'`. */
  readonly device?: AieDevice
  /** Columns of the array that work, from column 0: at most 4 on npu1 and 8 on npu2. Default 4. */
  readonly columns?: number
  /** Cores of each column that work, 1-4. One core is fed by the shim directly, more through the memory tile. Default 4. */
  readonly coresPerColumn?: number
  /** Frames that one run takes. Default 3000, which is 30 s at 16 kHz. */
  readonly frames?: number
  /** Frames that a core takes in one call of the kernel, which must be built for as many. Default 8. */
  readonly framesPerCall?: number
  /** Filters of the bank, which is the number of values per frame. Default 80. */
  readonly filters?: number
  /** Samples between the starts of two frames: even, since the DMA counts 32-bit words. Default 160. */
  readonly hopLength?: number
  /** Type of the values. Default `'int8'`. */
  readonly output?: 'int8' | 'int16'
  /** Bytes of each core's stack. The tools' own default of 1,024 is too little for the kernel. Default 8192. */
  readonly stackSize?: number
  /** Bytes of the kernel's tables: window, twiddles, filter bank; about 18 KB for a bank of 80 filters. Default 20480. */
  readonly constantBytes?: number
  /**
   * How mlir-aie places the fifos' buffers in a core tile. `'basic-sequential'`: one after the other above the stack, so that all
   * the rest is for the tables. `'bank-aware'`: each in a bank of 16 KB, in turn, which leaves no piece of more than 15 KB for
   * them. Default `'basic-sequential'`.
   */
  readonly allocation?: 'basic-sequential' | 'bank-aware'
  /** The kernel's function: `void (const int16_t *frames, int8_t *out)`. Default `'mel_q15_tile'`. */
  readonly kernel?: string
  /** The object file that it is in. Default `'mel_q15.o'`. */
  readonly object?: string
  /** Which syntax to write: that of mlir-aie since mid 2026, or that of early 2026. Default `'2026-mid'`. */
  readonly mlirAie?: MlirAieSyntax
}

/** {@link AieDesignOptions} with the defaults filled in. */
export type ResolvedDesignOptions = Required<AieDesignOptions>

/** Ranges and defaults of {@link AieDesignOptions}. */
export const aieDesignOptionSpecs: OptionSpecs<ResolvedDesignOptions> = {
  device: option.enum(['npu1', 'npu2'], 'npu1'),
  columns: option.integer(4, { min: 1, max: DEVICES.npu2.columns }),
  coresPerColumn: option.integer(4, { min: 1, max: CORE_ROWS }),
  frames: option.integer(3000, { min: 1, max: 2 ** 24 }),
  framesPerCall: option.integer(8, { min: 1, max: 1024 }),
  filters: option.integer(80, { min: 1, max: 1024 }),
  hopLength: option.integer(160, { min: 2, max: 2 ** 22 }),
  output: option.enum(['int8', 'int16'], 'int8'),
  stackSize: option.integer(8192, { min: 1024, max: 2 ** 20 }),
  constantBytes: option.integer(20480, { min: 0, max: 2 ** 20 }),
  allocation: option.enum(['basic-sequential', 'bank-aware'], 'basic-sequential'),
  kernel: option.string('mel_q15_tile'),
  object: option.string('mel_q15.o'),
  mlirAie: option.enum(['2026-mid', '2026-early'], '2026-mid'),
}

/** Checks what concerns options alone; what the hardware has room for is the budget's matter. */
export function resolveDesignOptions(given: AieDesignOptions | undefined): ResolvedDesignOptions {
  const options = resolveOptions('aieDesign', aieDesignOptionSpecs, given)
  const { device, columns, framesPerCall, filters, hopLength, output, stackSize, kernel, object } = options
  const { columns: most, stackAlignment } = DEVICES[device]
  if (columns > most) throw DspError.argument('columns', `at most ${most} on ${device}`, columns)
  if (hopLength % 2 !== 0) throw DspError.argument('hopLength', 'even: the DMA counts 32-bit words', hopLength)
  if (stackSize % stackAlignment !== 0)
    throw DspError.argument('stackSize', `a multiple of ${stackAlignment} on ${device}`, stackSize)
  if ((framesPerCall * filters * bytesOf(output)) % WORD !== 0) {
    const expected = `such that framesPerCall x filters (${filters}) fill 32-bit words, which the DMA counts in`
    throw DspError.argument('framesPerCall', expected, framesPerCall)
  }
  if (!/^[A-Za-z_]\w*$/.test(kernel)) throw DspError.argument('kernel', 'the name of a C function', kernel)
  if (!/^[\w./+-]+$/.test(object)) throw DspError.argument('object', 'a path of letters, digits and . / _ + -', object)
  return options
}

/** Bytes of a value. */
export function bytesOf(output: 'int8' | 'int16'): 1 | 2 {
  return output === 'int8' ? 1 : 2
}
