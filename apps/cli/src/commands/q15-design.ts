import type { AieDesign, AieDesignOptions } from '@dsp/mel-q15'
import { DspError } from '@dsp/tensor'
import { type Command, Option } from 'commander'
import { UsageError } from '../failure.js'
import { assertWritable, writeWhole } from '../output.js'
import { STANDARD } from '../standard.js'
import { positiveInteger } from './arguments.js'

/** The options of a design as the command line names them. */
const FLAGS = {
  device: '--device',
  columns: '--columns',
  coresPerColumn: '--cores',
  frames: '--frames',
  framesPerCall: '--frames-per-call',
  filters: '--filters',
  hopLength: '--hop',
  output: '--output',
  stackSize: '--stack',
  constantBytes: '--constants',
  allocation: '--allocation',
  kernel: '--kernel',
  object: '--object',
  mlirAie: '--mlir-aie',
} as const satisfies Record<keyof AieDesignOptions, string>

interface Flags {
  readonly device?: 'npu1' | 'npu2'
  readonly columns?: number
  readonly cores?: number
  readonly frames?: number
  readonly framesPerCall?: number
  readonly filters?: number
  readonly hop?: number
  readonly output?: 'int8' | 'int16'
  readonly stack?: number
  readonly constants?: number
  readonly allocation?: 'basic-sequential' | 'bank-aware'
  readonly kernel?: string
  readonly object?: string
  readonly mlirAie?: '2026-mid' | '2026-early'
  readonly out?: string
  readonly json?: boolean
}

/** Adds `dsp q15 design`. */
export function addQ15Design(q15: Command): void {
  const whole = (flag: string, text: string) => new Option(flag, text).argParser(positiveInteger)
  q15
    .command('design')
    .summary('write the MLIR-AIE design that runs the kernel on an NPU')
    .description(
      'Writes the MLIR-AIE design that runs the Q15 mel kernel on an AMD NPU, and prints what it takes of the hardware.\n' +
        'A design that the hardware has no room for is refused.',
    )
    .addOption(new Option('--device <name>', 'default npu1').choices(['npu1', 'npu2']))
    .addOption(whole('--columns <count>', 'columns that work, at most 4 on npu1 and 8 on npu2; default 4'))
    .addOption(whole('--cores <count>', 'cores of each column, 1 to 4; default 4'))
    .addOption(whole('--frames <count>', 'frames of a run; default 3000, which is 30 s'))
    .addOption(whole('--frames-per-call <count>', 'frames of a call of the kernel; default 8'))
    .addOption(whole('--filters <count>', 'filters of the bank; default 80'))
    .addOption(whole('--hop <samples>', 'between the starts of two frames, even; default 160'))
    .addOption(new Option('--output <type>', 'of the values; default int8').choices(['int8', 'int16']))
    .addOption(whole('--stack <bytes>', "of each core's stack; default 8192"))
    .addOption(whole('--constants <bytes>', "of the kernel's tables; default 20480"))
    .addOption(
      new Option('--allocation <scheme>', "of a core's buffers; default basic-sequential").choices([
        'basic-sequential',
        'bank-aware',
      ]),
    )
    .option('--kernel <name>', "the kernel's function; default mel_q15_tile")
    .option('--object <file>', 'the object file that it is in; default mel_q15.o')
    .addOption(
      new Option('--mlir-aie <syntax>', 'generation of the syntax; default 2026-mid').choices([
        '2026-mid',
        '2026-early',
      ]),
    )
    .option('--out <file.mlir>', 'where to write the design; - for standard output')
    .option('--json', 'print one object: file, options, plan, budget, coreMemory')
    .addHelpText(
      'after',
      `
Examples:
  dsp q15 design --out design.mlir
  dsp q15 design --device npu2 --columns 8 --frames 6000 --out design.mlir --json
  dsp q15 design --columns 1 --cores 1 --mlir-aie 2026-early --out - > design.mlir`,
    )
    .action(run)
}

async function run(flags: Flags): Promise<void> {
  const { out } = flags
  const { aieDesign } = await import('@dsp/mel-q15')
  const design = guarded(() => aieDesign(optionsOf(flags)))
  if (out !== undefined) {
    await assertWritable(out)
    await writeWhole(out, design.text)
  }
  const { options, plan, budget, coreMemory } = design
  const report = flags.json
    ? JSON.stringify({ file: out ?? null, options, plan, budget, coreMemory })
    : `${toText(design)}${out === undefined || out === STANDARD ? '' : `\n\n${out} written`}`
  // a design on standard output has no text beside it
  if (out === STANDARD) console.error(report)
  else console.log(report)
}

function optionsOf({ cores, hop, stack, constants, out: _, json: __, ...same }: Flags): AieDesignOptions {
  return {
    ...same,
    ...(cores === undefined ? {} : { coresPerColumn: cores }),
    ...(hop === undefined ? {} : { hopLength: hop }),
    ...(stack === undefined ? {} : { stackSize: stack }),
    ...(constants === undefined ? {} : { constantBytes: constants }),
  }
}

/** What is wrong with an option is wrong usage, by the name that the user knows. */
function guarded<T>(call: () => T): T {
  try {
    return call()
  } catch (error) {
    if (!(error instanceof DspError) || !Object.hasOwn(FLAGS, error.argument)) throw error
    const flag = FLAGS[error.argument as keyof typeof FLAGS]
    throw new UsageError(error.message.replace(error.argument, flag))
  }
}

/** The budget as a table, and how the frames are split. */
function toText({ options, plan, budget, coreMemory }: AieDesign): string {
  const { device, frames, framesPerCall, coresPerColumn, output } = options
  const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`
  const lines = [
    `${device}: ${frames} frames (${plan.paddedFrames} with padding) to ${output}, ${plan.columns.length} x ${coresPerColumn} cores, ${framesPerCall} frames a call`,
    `host buffers: ${plan.samples} samples of audio, ${plan.outputBytes} bytes of features`,
    `core tile: ${coreMemory.pieces.map(({ name, offset, bytes }) => `${name} at ${offset} (${kib(bytes)})`).join(', ')}`,
    '',
  ]
  const width = Math.max(...budget.map(({ resource }) => resource.length))
  for (const { tile, resource, used, limit } of budget)
    lines.push(`${tile.padEnd(6)}  ${resource.padEnd(width)}  ${`${used}`.padStart(7)} of ${limit}`)
  return lines.join('\n')
}
