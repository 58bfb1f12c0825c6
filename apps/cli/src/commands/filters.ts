import type { FilterChange } from '@dsp/sincnet'
import { type Command, Option } from 'commander'
import { assertWritable, writeWhole } from '../output.js'
import { STANDARD } from '../standard.js'
import { pixels, pngPath } from './arguments.js'

interface Flags {
  readonly model?: string
  readonly plot?: string
  readonly width: number
  readonly height: number
  readonly json?: boolean
}

/** Adds `dsp filters`. */
export function addFilters(program: Command): void {
  program
    .command('filters')
    .summary("show what a speaker encoder's filters learned")
    .description(
      'Shows the SincNet filters of a speaker encoder before and after training: centres and bandwidths, and with --json\n' +
        'cut-offs; --plot draws the bands and their responses.',
    )
    .option(
      '--model <directory>',
      'a folder with speaker-encoder.json; default: the model that comes with @dsp/sincnet',
    )
    .option('--plot <file.png>', 'draw learned against initial filters', pngPath)
    .addOption(new Option('--width <pixels>', 'of the picture').default(1200).argParser(pixels))
    .addOption(new Option('--height <pixels>', 'of the picture').default(900).argParser(pixels))
    .addOption(new Option('--json', 'print one object: name, kind, filters').default(false))
    .addHelpText('after', '\nExamples:\n  dsp filters --plot filters.png\n  dsp filters --json')
    .action(run)
}

async function run({ model: directory, plot, json, ...size }: Flags): Promise<void> {
  if (plot !== undefined) await assertWritable(plot)
  const { filterTable, frequencyResponses, SpeakerEncoder } = await import('@dsp/sincnet')
  const encoder = await SpeakerEncoder.load(directory)
  const { model } = encoder
  await encoder.close()
  const rows = filterTable(model.initial, model.learned)
  if (plot !== undefined) {
    const { renderFilters } = await import('../plot/filters.js')
    const options = { sampleRate: model.sampleRate, kernelSize: model.taps, nFft: 4096 }
    const of = ({ low, band }: typeof model.learned) => frequencyResponses(low, band, options)
    const title = `${rows.length} filters of ${model.name}`
    const picture = { title, rows, initial: of(model.initial), learned: of(model.learned) }
    await writeWhole(plot, renderFilters(picture, size))
  }
  const text = json ? JSON.stringify({ name: model.name, kind: model.kind, filters: rows }) : toText(rows)
  // A picture on standard output leaves no room for text there.
  if (plot === STANDARD) console.error(text)
  else console.log(text)
}

function toText(rows: readonly FilterChange[]): string {
  const cells = rows.map(({ initial, learned, shift, widening }, i) =>
    [
      String(i + 1),
      initial.centre.toFixed(0),
      initial.band.toFixed(0),
      learned.centre.toFixed(0),
      learned.band.toFixed(0),
      `${shift < 0 ? '' : '+'}${shift.toFixed(0)}`,
      `${widening.toFixed(2)}x`,
    ].map((cell, column) => cell.padStart(column === 0 ? 6 : 10)),
  )
  const shifts = rows.map(({ shift }) => Math.abs(shift)).sort((a, b) => a - b)
  const narrower = rows.filter(({ widening }) => widening < 1).length
  return [
    'filter    centre      band    centre      band     shift     width',
    '         initial   initial   learned   learned      (Hz)   learned',
    ...cells.map((row) => row.join('')),
    `${narrower} of ${rows.length} filters are narrower than before training; half of the centres moved by ${shifts[shifts.length >> 1]!.toFixed(1)} Hz at most`,
  ].join('\n')
}
