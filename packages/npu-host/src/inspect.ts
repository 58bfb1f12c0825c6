import * as native from '@dsp/native'
import { DspError, guard } from '@dsp/tensor'

/** A memory bank of an xclbin. Numbers that may exceed 2^53 are texts in hexadecimal. */
export interface NpuBank {
  /** What it is. */
  readonly kind: string
  /** Whether the design uses it. */
  readonly used: boolean
  /** Its size in KiB. */
  readonly kib: string
  /** Its address. */
  readonly base: string
  /** Its name. */
  readonly tag: string
}

/** An argument of a kernel. */
export interface NpuArgument {
  /** Its name. */
  readonly name: string
  /** Its type in C. */
  readonly type: string
  /** Its number. */
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
  /** Its version. */
  readonly version: string
  /** The chip. */
  readonly idCode: string
  /** `PPDI` for part of a design. */
  readonly id: string
  /** Bytes after the last partition. */
  readonly trailing: number
  /** The images. */
  readonly images: readonly {
    /** Its name. */
    readonly name: string
    /** Its number. */
    readonly id: string
    /** How many partitions it has. */
    readonly partitions: number
  }[]
  /** The partitions of all images. */
  readonly partitions: readonly {
    /** What it is. */
    readonly type: string
    /** Where it begins. */
    readonly offset: number
    /** Bytes. */
    readonly size: number
    /** Whether it is encrypted. */
    readonly encrypted: boolean
    /** Its configuration, unless it is encrypted or of another type. */
    readonly cdo?: {
      /** Its version. */
      readonly version: string
      /** The commands in their order. */
      readonly commands: readonly {
        /** What it does. */
        readonly command: string
        /** Bytes. */
        readonly bytes: number
      }[]
    }
  }[]
}

/** The section `AIE_PARTITION` of an xclbin: the columns of a design and its images. */
export interface NpuPartition {
  /** Version of the section. */
  readonly schema: number
  /** Its name. */
  readonly name: string
  /** Operations in a cycle. */
  readonly operationsPerCycle: number
  /** A hash of the inference function. */
  readonly inferenceFingerprint: string
  /** A hash of what comes before and after it. */
  readonly prePostFingerprint: string
  /** The kernel's commit. */
  readonly commit: string
  /** Columns that it takes. */
  readonly columnWidth: number
  /** The columns where it may begin. */
  readonly startColumns: readonly number[]
  /** The images that program it. */
  readonly pdis: readonly {
    /** Its UUID. */
    readonly uuid: string
    /** Bytes. */
    readonly size: number
    /** The image. */
    readonly pdi?: NpuPdi
    /** The groups of kernels that it serves. */
    readonly groups: readonly {
      /** Its name. */
      readonly name: string
      /** What it is. */
      readonly type: string
      /** The number of the image. */
      readonly pdiId: string
      /** The numbers of its kernels. */
      readonly kernelIds: readonly string[]
      /** The groups that run before it. */
      readonly preGroups: readonly string[]
    }[]
  }[]
}

/** A section of an xclbin; what its kind has is there. */
export interface NpuSection {
  /** What it is. */
  readonly kind: string
  /** The kind's number. */
  readonly code: number
  /** Its name. */
  readonly name: string
  /** Where it begins. */
  readonly offset: number
  /** Bytes. */
  readonly size: number
  /** Whether this kind is decoded; its contents are in one of the fields below then. */
  readonly decoded: boolean
  /** Memory banks. */
  readonly banks?: readonly NpuBank[]
  /** Which bank each argument is connected to. */
  readonly connections?: readonly {
    /** Index of the kernel's argument. */
    readonly argument: number
    /** Index of the instance. */
    readonly instance: number
    /** Index of the bank. */
    readonly bank: number
  }[]
  /** Instances of kernels. */
  readonly instances?: readonly {
    /** What it is. */
    readonly kind: string
    /** Whether it runs on the array's tiles. */
    readonly dpu: boolean
    /** What it is used for, as a number. */
    readonly functional: number
    /** The kernel's number. */
    readonly kernelId: string
    /** Its address, if it has one. */
    readonly base?: string
    /** Its name. */
    readonly name: string
  }[]
  /** Kernels and their arguments. */
  readonly kernels?: readonly {
    /** Its name. */
    readonly name: string
    /** What it is. */
    readonly type: string
    /** How many instances it has. */
    readonly instances: number
    /** Its arguments. */
    readonly arguments: readonly NpuArgument[]
  }[]
  /** The columns and images. */
  readonly partition?: NpuPartition
  /** A device image. */
  readonly pdi?: NpuPdi
}

/** An xclbin: what is loaded on an NPU. */
export interface XclbinFile {
  /** What it is. */
  readonly kind: 'xclbin'
  /** Bytes. */
  readonly length: number
  /** Bytes of the signature, 0 if there is none. */
  readonly signature: number
  /** Its version. */
  readonly version: string
  /** The mode in the header. */
  readonly mode: number
  /** The platform, often empty. */
  readonly platform: string
  /** Its UUID. */
  readonly uuid: string
  /** Bytes of xclbinutil's copy of the metadata at the end. */
  readonly mirror: number
  /** Bytes after the last section that are nothing of the kind. */
  readonly trailing: number
  /** The sections in their order. */
  readonly sections: readonly NpuSection[]
}

/** An operation of an instruction stream; what its kind has is there. */
export interface NpuOperation {
  /** `WRITE BLOCKWRITE MASKWRITE MASKPOLL MASKPOLL_BUSY NOOP PREEMPT TCT DDR_PATCH READ_REGS RECORD_TIMER` or `MERGE_SYNC`. */
  readonly operation: string
  /** The column of a register or of tiles. */
  readonly column?: number
  /** The row of a register or of tiles. */
  readonly row?: number
  /** Where it begins. */
  readonly offset?: string
  /** What is written or waited for. */
  readonly value?: string
  /** The bits that count. */
  readonly mask?: string
  /** What is written. */
  readonly words?: readonly string[]
  /** How much is saved. */
  readonly level?: number
  /** Columns. */
  readonly columns?: number
  /** Rows. */
  readonly rows?: number
  /** To memory (`S2MM`) or from it (`MM2S`). */
  readonly direction?: 'S2MM' | 'MM2S'
  /** The channel of the DMA. */
  readonly channel?: number
  /** The index of a buffer among the arguments. */
  readonly argument?: number
  /** What is added to its address. */
  readonly plus?: string
  /** Bytes of an operation that is known by name only. */
  readonly bytes?: number
}

/** An instruction stream (TXN 0.1), usually `insts.bin`. */
export interface TransactionFile {
  /** What it is. */
  readonly kind: 'txn'
  /** Its version. */
  readonly version: string
  /** 3 for npu1, 4 for npu2. */
  readonly generation: number
  /** Rows. */
  readonly rows: number
  /** Columns. */
  readonly columns: number
  /** Rows of memory tiles. */
  readonly memoryRows: number
  /** The operations in their order. */
  readonly operations: readonly NpuOperation[]
}

/** A PDI as a file. */
export interface PdiFile extends NpuPdi {
  /** What it is. */
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
