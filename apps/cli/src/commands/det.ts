import { readFile } from 'node:fs/promises'
import type { TrialList } from '@dsp/sincnet'
import { DspError } from '@dsp/tensor'
import { type Command, Option } from 'commander'
import { stem } from '../input.js'
import { assertWritable, writeWhole } from '../output.js'
import { checkStandardInput, fileOf, labelOf, STANDARD } from '../standard.js'
import { pixels, pngPath } from './arguments.js'

interface Flags {
  readonly plot?: string
  readonly speakers?: string
  readonly repeated?: boolean
  readonly width: number
  readonly height: number
  readonly json?: boolean
}

/** Adds `dsp det`. */
export function addDet(program: Command): void {
  program
    .command('det')
    .summary('measure speaker verification by its scores')
    .description(
      'Measures verifiers by their scores on a trial list: prints the equal error rate and the minimum detection cost at\n' +
        'priors of 0.01 and 0.05; --plot draws their detection error tradeoff curves.',
    )
    .argument('<trials>', 'a list of lines "1 A B" (same speaker) and "0 A B" (different speakers)')
    .argument('<scores...>', 'files of lines "SCORE A B" for the same trials, one file per verifier')
    .option('--plot <file.png>', 'draw the curves, both axes in quantiles of the normal distribution', pngPath)
    .option(
      '--speakers <file.tsv>',
      'lines that begin with a recording, a tab and its speaker; adds 95 % intervals over speakers',
    )
    .option('--repeated', 'allow repeated pairs, as in some published lists')
    .addOption(new Option('--width <pixels>', 'of the picture').default(1000).argParser(pixels))
    .addOption(new Option('--height <pixels>', 'of the picture').default(1000).argParser(pixels))
    .addOption(new Option('--json', 'print one object: sha256, targets, nonTargets, systems').default(false))
    .addHelpText(
      'after',
      `
Examples:
  dsp det trials.txt teacher.txt student.txt --plot det.png
  dsp det veri_test2.txt scores.txt --json`,
    )
    .action(run)
}

async function run(list: string, files: string[], flags: Flags): Promise<void> {
  checkStandardInput([list, ...files, ...(flags.speakers === undefined ? [] : [flags.speakers])])
  if (flags.plot !== undefined) await assertWritable(flags.plot)
  const { bootstrapSpeakers, detCurve, equalErrorRate, minimumCost, parseScores, parseTrials } = await import(
    '@dsp/sincnet'
  )
  const trials = parseTrials(await readBytes(list), {
    name: labelOf(list),
    ...(flags.repeated ? { repeated: 'keep' } : {}),
  })
  const speakers = flags.speakers === undefined ? undefined : await speakersOf(trials, flags.speakers)
  const systems = []
  for (const file of files) {
    const scores = parseScores(await readBytes(file), trials, labelOf(file))
    const curve = detCurve(scores, trials.targets)
    const { value, threshold } = equalErrorRate(curve)
    const interval = speakers === undefined ? undefined : bootstrapSpeakers([{ trials, scores, speakers }])
    const cost = (prior: number) => minimumCost(curve, { prior }).value
    const report = {
      scores: labelOf(file),
      eer: value,
      ...(interval === undefined ? {} : { interval: [interval.low, interval.high] }),
      threshold,
      minDcf01: cost(0.01),
      minDcf05: cost(0.05),
    }
    systems.push({ report, curve })
  }
  if (flags.plot !== undefined) {
    const { renderDet } = await import('../plot/det.js')
    const names = namesOf(files)
    const curves = systems.map(({ report, curve }, i) => ({ name: names[i]!, curve, rate: report.eer }))
    await writeWhole(flags.plot, renderDet(curves, stem(list), flags))
  }
  const targets = trials.targets.reduce((sum, target) => sum + target, 0)
  const counts = { sha256: trials.sha256, targets, nonTargets: trials.targets.length - targets }
  const reports = systems.map(({ report }) => report)
  const text = flags.json ? JSON.stringify({ ...counts, systems: reports }) : toText(counts, reports)
  // A picture on standard output leaves no room for text there.
  if (flags.plot === STANDARD) console.error(text)
  else console.log(text)
}

/** What tells the files apart: their names, or the parts of their paths between what all have in common. */
function namesOf(files: readonly string[]): string[] {
  const names = files.map(stem)
  if (new Set(names).size === names.length) return names
  const parts = files.map((file) => file.split(/[\\/]/))
  const isCommon = (at: number) => parts.every((path) => path.length > 1 && path.at(at) === parts[0]!.at(at))
  while (isCommon(0)) for (const path of parts) path.shift()
  while (isCommon(-1)) for (const path of parts) path.pop()
  return parts.map((path) => path.join('/'))
}

async function readBytes(path: string): Promise<Uint8Array> {
  const file = await fileOf(path)
  return typeof file === 'string' ? readFile(file) : file
}

/** The speaker of each recording of the list. */
async function speakersOf({ files }: TrialList, path: string): Promise<string[]> {
  const text = new TextDecoder().decode(await readBytes(path))
  const speakers = new Map(text.split(/\r?\n/).map((line) => line.split('\t', 2) as [string, string | undefined]))
  return files.map((file) => {
    const speaker = speakers.get(file)
    if (speaker !== undefined) return speaker
    throw new DspError(`${labelOf(path)} does not name the speaker of ${file}`, { code: 'ERR_DSP_FORMAT' })
  })
}

interface Report {
  readonly scores: string
  readonly eer: number
  readonly interval?: readonly number[]
  readonly threshold: number
  readonly minDcf01: number
  readonly minDcf05: number
}

function toText(counts: { sha256: string; targets: number; nonTargets: number }, reports: readonly Report[]): string {
  const lines = [`${counts.targets} target and ${counts.nonTargets} non-target trials, SHA-256 ${counts.sha256}`]
  for (const { scores, eer, interval, threshold, minDcf01, minDcf05 } of reports) {
    const percent = (rate: number) => (100 * rate).toFixed(2)
    const ends = interval === undefined ? '' : ` (95 % over speakers: ${interval.map(percent).join(' to ')} %)`
    lines.push(
      `${scores}: EER ${percent(eer)} %${ends} at ${Number(threshold.toPrecision(4))}, ` +
        `minDCF ${minDcf01.toFixed(4)} (0.01), ${minDcf05.toFixed(4)} (0.05)`,
    )
  }
  return lines.join('\n')
}
