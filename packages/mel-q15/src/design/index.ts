import { type AieBudgetLine, type AieCoreMemory, assertWithin, budgetOf, coreMemoryOf } from './budget.js'
import { type AieDesignOptions, type ResolvedDesignOptions, resolveDesignOptions } from './options.js'
import { type AiePlan, planOf } from './plan.js'
import { textOf } from './text.js'

export type { AieBudgetLine, AieCoreMemory, AieMemoryPiece } from './budget.js'
export {
  type AieDesignOptions,
  type AieDevice,
  aieDesignOptionSpecs,
  type MlirAieSyntax,
  type ResolvedDesignOptions,
} from './options.js'
export type { AieColumn, AieDescriptor, AiePlan } from './plan.js'

/** A design for an NPU: MLIR-AIE text, and what it was planned from. */
export interface AieDesign {
  /** The text that `aiecc` compiles. */
  readonly text: string
  /** The options, with the defaults filled in. */
  readonly options: ResolvedDesignOptions
  /** How the frames are split over the array, and the sizes of the host's buffers. */
  readonly plan: AiePlan
  /** What it takes of each of the hardware's resources. */
  readonly budget: readonly AieBudgetLine[]
  /** Where everything lies in a core tile's data memory. */
  readonly coreMemory: AieCoreMemory
}

/**
 * Writes the MLIR-AIE design that runs the Q15 mel kernel on an AMD NPU. The shim DMA frames the audio itself: its descriptors
 * read rows of 400 samples a hop apart from the contiguous signal. A memory tile splits them over the cores of its column and
 * joins what these return; a single core is fed by the shim. Frames beyond the last are padding, which the host's buffers must
 * have room for: see {@link AiePlan}.
 * @param options - Device, columns, cores, frames and syntax; see {@link AieDesignOptions}.
 * @throws DspError `ERR_DSP_ARGUMENT` naming the option for a design that the hardware has no room for, and for an
 * option out of range.
 *
 * @example
 * ```ts
 * import { aieDesign } from '@dsp/mel-q15'
 * const { text, plan, budget } = aieDesign({ device: 'npu1', columns: 4, coresPerColumn: 4, frames: 3000 })
 * text.includes('sizes = [1, 1, 768, 400] strides = [0, 0, 160, 1]') // => true
 * plan.paddedFrames // => 3008
 * plan.samples // => 481520
 * budget.find(({ tile, resource }) => tile === 'shim' && resource === 'descriptors')?.used // => 2
 * ```
 */
export function aieDesign(options: AieDesignOptions = {}): AieDesign {
  const resolved = resolveDesignOptions(options)
  const plan = planOf(resolved)
  const coreMemory = coreMemoryOf(resolved)
  const budget = budgetOf(resolved, plan, coreMemory)
  assertWithin(budget, resolved)
  return { text: textOf(resolved, plan), options: resolved, plan, budget, coreMemory }
}
