import { type Command, Option } from 'commander'
import { type Comparison, compare, type Difference } from '../compare.js'
import { exitCodes } from '../failure.js'
import { readComparable, stem } from '../input.js'
import { assertWritable, writeWhole } from '../output.js'
import { checkStandardInput, STANDARD } from '../standard.js'
import { nonNegative, pixels, pngPath, positiveInteger } from './arguments.js'

interface Flags {
  readonly binsFirst?: boolean
  readonly worst: number
  readonly tolerance?: number
  readonly plot?: string
  readonly width: number
  readonly height: number
  readonly json?: boolean
}

/** Adds `dsp compare`. */
export function addCompare(program: Command): void {
  program
    .command('compare')
    .summary('compare two arrays element by element')
    .description(
      'Compares two arrays of the same shape element by element: A minus B, where B is the reference.\n' +
        'Complex numbers by the magnitudes of their differences, and the real part of their correlation.',
    )
    .argument('<a>', 'a .npy, .npz, .ark or .csv file, or - for standard input; FILE.npz:NAME picks an array')
    .argument('<b>', 'the reference')
    .option('--tolerance <number>', 'fail (exit code 1) where the largest difference is more than this', nonNegative)
    .addOption(
      new Option('--bins-first', 'the axes are [bins, frames], as librosa has them; default [frames, bins]').default(
        false,
      ),
    )
    .addOption(
      new Option('--worst <count>', 'how many of the worst bins and frames to name')
        .default(5)
        .argParser(positiveInteger),
    )
    .option('--plot <file.png>', 'draw A, B and their difference', pngPath)
    .addOption(new Option('--width <pixels>', 'of the picture').default(1600).argParser(pixels))
    .addOption(new Option('--height <pixels>', 'of the picture').default(1300).argParser(pixels))
    .addOption(
      new Option('--json', 'print one object: shape, meanOffset, maxAbs, correlation, worstBins, worstFrames').default(
        false,
      ),
    )
    .addHelpText(
      'after',
      `
Examples:
  dsp compare ours.npy theirs.npy --tolerance 1e-3
  dsp compare ours.npy golden.npz:fbank --plot difference.png`,
    )
    .action(run)
}

async function run(pathA: string, pathB: string, flags: Flags): Promise<void> {
  checkStandardInput([pathA, pathB])
  if (flags.plot !== undefined) await assertWritable(flags.plot)
  const a = await readComparable(pathA)
  const b = await readComparable(pathB)
  const result = compare(a, b, flags.binsFirst === true, flags.worst)
  if (flags.plot !== undefined) {
    const { comparisonPicture } = await import('../plot/comparison.js')
    const { renderPng } = await import('../plot/render.js')
    const picture = comparisonPicture(a, b, [stem(pathA), stem(pathB)], flags.binsFirst === true, result)
    await writeWhole(flags.plot, renderPng(picture, flags))
  }
  const report = flags.json ? toJson(result) : toText(result, flags.plot)
  // a picture on standard output has no text beside it
  if (flags.plot === STANDARD) console.error(report)
  else console.log(report)
  if (flags.tolerance !== undefined && !(result.maxAbs <= flags.tolerance)) {
    console.error(`dsp: the largest difference ${show(result.maxAbs)} is more than ${flags.tolerance}`)
    process.exitCode = exitCodes.failed
  }
}

/** Numbers that JSON does not have become null. */
function toJson({ shape, meanOffset, maxAbs, correlation, worstBins, worstFrames }: Comparison): string {
  const named = (name: string, worst: readonly Difference[]) =>
    worst.map(({ index, ...rest }) => ({ [name]: index, ...rest }))
  return JSON.stringify({
    shape,
    meanOffset,
    maxAbs,
    correlation,
    worstBins: named('bin', worstBins),
    worstFrames: named('frame', worstFrames),
  })
}

function toText(result: Comparison, plot: string | undefined): string {
  const worst = (list: readonly Difference[]) =>
    list.length === 0
      ? 'none differs'
      : list
          .map(({ index, maxAbs, meanOffset }) => `${index} (max ${show(maxAbs)}, mean ${show(meanOffset)})`)
          .join(', ')
  const isNothing = Number.isNaN(result.meanOffset)
  const lines = [
    `shape         [${result.shape.join(', ')}]`,
    `mean offset   ${isNothing ? 'undefined (no number on both sides)' : `${show(result.meanOffset)}  (A minus B)`}`,
    `max |A - B|   ${show(result.maxAbs)}`,
    `correlation   ${Number.isNaN(result.correlation) ? `undefined (${isNothing ? 'no numbers' : 'constant values'})` : result.correlation.toFixed(6)}`,
  ]
  if (result.shape.length === 2) lines.push(`worst bins    ${worst(result.worstBins)}`)
  lines.push(`worst frames  ${worst(result.worstFrames)}`)
  if (plot !== undefined) lines.push(`picture       ${plot}`)
  return lines.join('\n')
}

function show(value: number): string {
  if (Number.isNaN(value)) return 'undefined'
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : 'infinite (a number on one side only)'
}
