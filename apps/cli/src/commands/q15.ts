import type { Command } from 'commander'
import { addQ15Design } from './q15-design.js'

/** Adds `dsp q15`. */
export function addQ15(program: Command): void {
  const q15 = program
    .command('q15')
    .summary('fixed-point mel features for an NPU')
    .description('Fixed-point (Q15) mel features, as the kernel for an AMD NPU computes them.')
  addQ15Design(q15)
}
