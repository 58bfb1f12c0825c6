import { DspError } from '@dsp/tensor'
import { FIFO_DEPTH, FRAME_LENGTH, TILE, WORD } from './hardware.js'
import { type AieDesignOptions, bytesOf, type ResolvedDesignOptions } from './options.js'
import type { AiePlan } from './plan.js'

/** What a design takes of one resource of the hardware. */
export interface AieBudgetLine {
  /** The kind of tile; the figures are those of the tile that has most to do. */
  readonly tile: 'core' | 'memory' | 'shim'
  /** The resource, with its unit. */
  readonly resource: string
  /** How much the design takes. */
  readonly used: number
  /** How much there is. */
  readonly limit: number
  /** The option to change where it is too much. */
  readonly option: keyof AieDesignOptions
}

/** A piece of a core tile's data memory. */
export interface AieMemoryPiece {
  /** `stack`, a buffer of a fifo, or `constants`. */
  readonly name: string
  /** Bytes from the start of the tile's memory. */
  readonly offset: number
  /** Its bytes. */
  readonly bytes: number
}

/** Where everything lies in a core tile: what mlir-aie's allocation makes of the fifos. */
export interface AieCoreMemory {
  /** The pieces, by offset. */
  readonly pieces: readonly AieMemoryPiece[]
  /** Buffers that fit in no bank, where each must. A design that has any is refused. */
  readonly unplaced: readonly string[]
}

const ALIGNMENT = 64
const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT

/** Bytes of a fifo's objects: what one call of the kernel reads and writes. */
export function objectBytes({ framesPerCall, filters, output }: ResolvedDesignOptions): { in: number; out: number } {
  return { in: framesPerCall * FRAME_LENGTH * 2, out: framesPerCall * filters * bytesOf(output) }
}

/**
 * Lays out a core tile: the stack at 0, the fifos' buffers, the largest first, and the constants above all of them, as the older
 * of the linker scripts have it; the newer ones take the largest gap, which is never smaller.
 */
export function coreMemoryOf(options: ResolvedDesignOptions): AieCoreMemory {
  const { stackSize, constantBytes, allocation } = options
  const bytes = objectBytes(options)
  const buffers = (['in', 'out'] as const)
    .flatMap((name) => Array.from({ length: FIFO_DEPTH }, (_, i) => ({ name: `${name} ${i}`, bytes: bytes[name] })))
    .sort((x, y) => y.bytes - x.bytes)
  const place = allocation === 'bank-aware' ? inBanks : inSequence
  const { pieces, unplaced } = place(buffers, stackSize)
  const stack = { name: 'stack', offset: 0, bytes: stackSize }
  const top = Math.max(...[stack, ...pieces].map(({ offset, bytes }) => aligned(offset + bytes)))
  const constants = { name: 'constants', offset: top, bytes: constantBytes }
  return { pieces: [stack, ...pieces, constants].sort((x, y) => x.offset - y.offset), unplaced }
}

type Buffers = readonly Omit<AieMemoryPiece, 'offset'>[]

function inSequence(buffers: Buffers, start: number): AieCoreMemory {
  let offset = start
  const pieces = buffers.map((buffer) => {
    const piece = { ...buffer, offset }
    offset = aligned(offset + buffer.bytes)
    return piece
  })
  return { pieces, unplaced: [] }
}

/** In turn over the banks. */
function inBanks(buffers: Buffers, start: number): AieCoreMemory {
  const { bytes: total, bankBytes } = TILE.core
  const starts = Array.from({ length: total / bankBytes }, (_, i) => Math.max(i * bankBytes, start))
  const pieces: AieMemoryPiece[] = []
  const unplaced: string[] = []
  let next = 0
  for (const buffer of buffers) {
    const turn = starts.map((_, i) => (next + i) % starts.length)
    const bank = turn.find((i) => starts[i]! + buffer.bytes <= (i + 1) * bankBytes)
    if (bank === undefined) {
      unplaced.push(buffer.name)
      continue
    }
    pieces.push({ ...buffer, offset: starts[bank]! })
    starts[bank] = aligned(starts[bank]! + buffer.bytes)
    next = bank + 1
  }
  return { pieces, unplaced }
}

/** What a design takes of the hardware, resource by resource. */
export function budgetOf(options: ResolvedDesignOptions, plan: AiePlan, memory: AieCoreMemory): AieBudgetLine[] {
  const { core, shim } = TILE
  const { coresPerColumn, framesPerCall, hopLength, allocation } = options
  const { pieces, unplaced } = memory
  const reaching = Math.max(...pieces.map(({ offset, bytes }) => offset + bytes))
  const largest = Math.max(...Object.values(objectBytes(options)))
  const descriptors = Math.max(...plan.columns.map((column) => column.descriptors.length))
  const rows = Math.max(...plan.columns.flatMap((column) => column.descriptors.map(({ frames }) => frames)))
  const line = (
    tile: AieBudgetLine['tile'],
    resource: string,
    used: number,
    limit: number,
    option: AieBudgetLine['option'],
  ): AieBudgetLine => ({ tile, resource, used, limit, option })
  return [
    ...(allocation === 'bank-aware'
      ? [
          line('core', 'largest buffer, bytes of a bank', largest, core.bankBytes, 'framesPerCall'),
          line('core', 'buffers that fit in no bank', unplaced.length, 0, fitting(options)),
        ]
      : []),
    line('core', 'data memory, bytes', reaching, core.bytes, fitting(options)),
    line('core', 'locks', 2 * 2, core.locks, 'framesPerCall'),
    line('core', 'descriptors', 2 * FIFO_DEPTH, core.descriptors, 'framesPerCall'),
    line('core', 'DMA channels each way', 1, core.channels, 'framesPerCall'),
    ...(coresPerColumn > 1 ? memoryTile(options, line) : []),
    line('shim', 'descriptors', descriptors + 1, shim.descriptors, 'frames'),
    line('shim', 'DMA channels each way', 1, shim.channels, 'columns'),
    line('shim', 'inner size of a descriptor, words', (FRAME_LENGTH * 2) / WORD, shim.size, 'frames'),
    line(
      'shim',
      'frames of a descriptor',
      rows,
      shim.size,
      coresPerColumn * framesPerCall > shim.size ? 'framesPerCall' : 'frames',
    ),
    line('shim', 'stride of a descriptor, words', (hopLength * 2) / WORD, shim.stride, 'hopLength'),
  ]
}

/** The largest part of a core's memory is the one to make smaller. */
function fitting(options: ResolvedDesignOptions): 'stackSize' | 'constantBytes' | 'framesPerCall' {
  const { stackSize, constantBytes } = options
  const { in: audio, out } = objectBytes(options)
  const buffers = FIFO_DEPTH * (audio + out)
  if (buffers >= Math.max(stackSize, constantBytes)) return 'framesPerCall'
  return stackSize >= constantBytes ? 'stackSize' : 'constantBytes'
}

/**
 * A memory tile that splits the audio over its column's cores and joins their output. Every part of an object has a descriptor
 * and a pair of locks of its own, on the side where the parts are one object too: what the tools take at most.
 */
function memoryTile(
  options: ResolvedDesignOptions,
  line: (
    tile: 'memory',
    resource: string,
    used: number,
    limit: number,
    option: keyof AieDesignOptions,
  ) => AieBudgetLine,
): AieBudgetLine[] {
  const { memory } = TILE
  const cores = options.coresPerColumn
  const bytes = objectBytes(options)
  const whole = FIFO_DEPTH * cores
  // Into the tile: the audio, then each core's output. Out of it: each core's audio, then the joined output.
  const inward = [whole, ...Array<number>(cores).fill(FIFO_DEPTH)]
  const outward = [...Array<number>(cores).fill(FIFO_DEPTH), whole]
  const onChannels = (parity: number) =>
    [inward, outward].flatMap((of) => of.filter((_, channel) => channel % 2 === parity)).reduce((x, y) => x + y, 0)
  return [
    line('memory', 'data memory, bytes', whole * (bytes.in + bytes.out), memory.bytes, 'framesPerCall'),
    line('memory', 'locks', 2 * 2 * cores, memory.locks, 'coresPerColumn'),
    line('memory', 'descriptors of the even channels', onChannels(0), memory.descriptors, 'coresPerColumn'),
    line('memory', 'descriptors of the odd channels', onChannels(1), memory.descriptors, 'coresPerColumn'),
    line('memory', 'DMA channels each way', cores + 1, memory.channels, 'coresPerColumn'),
  ]
}

/** Refuses what the hardware has no room for. */
export function assertWithin(budget: readonly AieBudgetLine[], options: ResolvedDesignOptions): void {
  for (const { tile, resource, used, limit, option } of budget) {
    if (used <= limit) continue
    throw new DspError(
      `${option} (${options[option]}) is out of budget: ${tile} tile, ${resource}: ${used} of ${limit}`,
      {
        code: 'ERR_DSP_ARGUMENT',
        argument: option,
        expected: `such that ${resource} is at most ${limit}`,
        actual: `${used}`,
      },
    )
  }
}
