import * as native from '@dsp/native'
import { DspError, guard } from '@dsp/tensor'

/** A memory bank of an xclbin. Numbers that may exceed 2^53 are texts in hexadecimal. */
export interface NpuBank {
  readonly kind: string
  readonly used: boolean
  /** Its size in KiB. */
  readonly kib: string
  readonly base: string
  readonly tag: string
}

/** An argument of a kernel. */
export interface NpuArgument {
  readonly name: string
  /** Its type in C. */
  readonly type: string
  readonly id: number
  /** Bytes. */
  readonly size: number
  /** Bytes from the beginning of all arguments. */
  readonly offset: number
  /** Whether it is a buffer and no number. */
  readonly buffer: boolean
}

/** A device image: what programs the array's tiles. */
export interface NpuPdi {
  readonly version: string
  /** The chip. */
  readonly idCode: string
  /** `PPDI` for part of a design. */
  readonly id: string
  /** Bytes after the last partition. */
  readonly trailing: number
  readonly images: readonly { readonly name: string; readonly id: string; readonly partitions: number }[]
  readonly partitions: readonly {
    readonly type: string
    readonly offset: number
    readonly size: number
    readonly encrypted: boolean
    readonly cdo?: {
      readonly version: string
      readonly commands: readonly { readonly command: string; readonly bytes: number }[]
    }
  }[]
}

/** The section `AIE_PARTITION` of an xclbin: the columns of a design and its images. */
export interface NpuPartition {
  readonly schema: number
  readonly name: string
  readonly operationsPerCycle: number
  readonly inferenceFingerprint: string
  readonly prePostFingerprint: string
  readonly commit: string
  readonly columnWidth: number
  /** The columns where it may begin. */
  readonly startColumns: readonly number[]
  readonly pdis: readonly {
    readonly uuid: string
    readonly size: number
    readonly pdi?: NpuPdi
    readonly groups: readonly {
      readonly name: string
      readonly type: string
      readonly pdiId: string
      readonly kernelIds: readonly string[]
      readonly preGroups: readonly string[]
    }[]
  }[]
}

/** A section of an xclbin; what its kind has is there. */
export interface NpuSection {
  readonly kind: string
  readonly code: number
  readonly name: string
  readonly offset: number
  readonly size: number
  /** Whether this kind is decoded; its contents are in one of the fields below then. */
  readonly decoded: boolean
  readonly banks?: readonly NpuBank[]
  readonly connections?: readonly { readonly argument: number; readonly instance: number; readonly bank: number }[]
  readonly instances?: readonly {
    readonly kind: string
    /** Whether it runs on the array's tiles. */
    readonly dpu: boolean
    readonly functional: number
    readonly kernelId: string
    readonly base?: string
    readonly name: string
  }[]
  readonly kernels?: readonly {
    readonly name: string
    readonly type: string
    readonly instances: number
    readonly arguments: readonly NpuArgument[]
  }[]
  readonly partition?: NpuPartition
  readonly pdi?: NpuPdi
}

/** An xclbin: what is loaded on an NPU. */
export interface XclbinFile {
  readonly kind: 'xclbin'
  readonly length: number
  /** Bytes of the signature, 0 if there is none. */
  readonly signature: number
  readonly version: string
  readonly mode: number
  readonly platform: string
  readonly uuid: string
  /** Bytes of xclbinutil's copy of the metadata at the end. */
  readonly mirror: number
  /** Bytes after the last section that are nothing of the kind. */
  readonly trailing: number
  readonly sections: readonly NpuSection[]
}

/** An operation of an instruction stream; what its kind has is there. */
export interface NpuOperation {
  /** `WRITE BLOCKWRITE MASKWRITE MASKPOLL MASKPOLL_BUSY NOOP PREEMPT TCT DDR_PATCH READ_REGS RECORD_TIMER` or `MERGE_SYNC`. */
  readonly operation: string
  readonly column?: number
  readonly row?: number
  readonly offset?: string
  readonly value?: string
  readonly mask?: string
  readonly words?: readonly string[]
  readonly level?: number
  readonly columns?: number
  readonly rows?: number
  readonly direction?: 'S2MM' | 'MM2S'
  readonly channel?: number
  /** The index of a buffer among the arguments. */
  readonly argument?: number
  readonly plus?: string
  /** Bytes of an operation that is known by name only. */
  readonly bytes?: number
}

/** An instruction stream (TXN 0.1), usually `insts.bin`. */
export interface TransactionFile {
  readonly kind: 'txn'
  readonly version: string
  /** 3 for npu1, 4 for npu2. */
  readonly generation: number
  readonly rows: number
  readonly columns: number
  readonly memoryRows: number
  readonly operations: readonly NpuOperation[]
}

/** A PDI as a file. */
export interface PdiFile extends NpuPdi {
  readonly kind: 'pdi'
}

/** What {@link inspect} finds. */
export type NpuFile = XclbinFile | TransactionFile | PdiFile

/**
 * Reads a file of an NPU's design: an xclbin, an instruction stream (`insts.bin`) or a PDI, by its first bytes. Every offset, count,
 * length and checksum is checked; sections that are not decoded are listed with their size and `decoded: false`.
 * @param bytes - The file.
 * @throws DspError `ERR_DSP_FORMAT` for anything else, or a file that is cut or contradicts itself; `ERR_DSP_TYPE` for no bytes.
 *
 * @example
 * ```ts
 * import { inspect } from '@dsp/npu-host'
 * // a stream of one operation: write 5 to register 0x1d000 of column 0, row 0
 * const words = Uint32Array.of(0x06030100, 0x0101, 1, 40, 0, 0, 0x1d000, 0, 5, 24)
 * const file = inspect(new Uint8Array(words.buffer))
 * file.kind // => 'txn'
 * file.kind === 'txn' && file.operations[0]?.value // => '0x5'
 * ```
 */
export function inspect(bytes: Uint8Array): NpuFile {
  if (!(bytes instanceof Uint8Array)) {
    throw new DspError('bytes must be a Uint8Array', { code: 'ERR_DSP_TYPE', argument: 'bytes' })
  }
  return JSON.parse(guard(() => native.inspectNpuFile(bytes))) as NpuFile
}
