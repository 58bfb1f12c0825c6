import type { Command } from 'commander'
import { addQ15Design } from './q15-design.js'
import { addQ15Generate } from './q15-generate.js'
import { addQ15Validate } from './q15-validate.js'

/** Adds `dsp q15`. */
export function addQ15(program: Command): void {
  const q15 = program
    .command('q15')
    .summary('fixed-point mel features for an NPU')
    .description('Fixed-point (Q15) mel features, as the kernel for an AMD NPU computes them.')
  addQ15Design(q15)
  addQ15Generate(q15)
  addQ15Validate(q15)
}
