/** Samples of a frame, which the kernel's transform and window are built for. */
export const FRAME_LENGTH = 400

/** How many objects each fifo holds: the DMA fills one while the core reads the other. */
export const FIFO_DEPTH = 2

/** Bytes of the words that every DMA counts in. */
export const WORD = 4

/** What a tile of the second generation of AI Engines has (AMD AM020), which npu1 and npu2 have in common. */
export const TILE = {
  core: { bytes: 65536, bankBytes: 16384, locks: 16, descriptors: 16, channels: 2 },
  /** A memory tile's descriptors belong half to its even channels and half to its odd ones. */
  memory: { bytes: 524288, locks: 64, descriptors: 24, channels: 6 },
  shim: { descriptors: 16, channels: 2, size: 1023, stride: 1 << 20 },
} as const

/** The devices: the columns of each, and what mlir-aie's targets require of a stack's alignment, in bytes. */
export const DEVICES = {
  npu1: { columns: 4, stackAlignment: 32 },
  npu2: { columns: 8, stackAlignment: 64 },
} as const

/** Rows of core tiles in a column; the shim is row 0 and the memory tile row 1. */
export const CORE_ROWS = 4

/** The row of a column's first core tile. */
export const FIRST_CORE_ROW = 2
