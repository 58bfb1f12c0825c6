import type { Q15BankOptions, RecordForm } from '@dsp/mel-q15'
import { q15BankOptionSpecs, q15Profiles, recordForms } from '@dsp/mel-q15'
import { type Command, Option } from 'commander'
import { asUsage } from '../failure.js'
import { parseSettings } from '../kinds/settings.js'
import { assertWritable, writeWhole } from '../output.js'
import { STANDARD } from '../standard.js'
import { collect } from './arguments.js'

interface Flags {
  readonly profile: Q15BankOptions['profile']
  readonly records: RecordForm
  readonly set: readonly string[]
  readonly out?: string
  readonly json?: boolean
}

/** Adds `dsp q15 generate`. */
export function addQ15Generate(q15: Command): void {
  q15
    .command('generate')
    .summary('write a mel bank as a C header')
    .description(
      'Prints the totals of a mel filter bank in Q15 and writes it as mel_filterbank_coeffs.h: records, coefficients and\n' +
        'apply_mel_filter(), in C11. The same options always give the same file.',
    )
    .addOption(new Option('--profile <name>', 'which bank').choices(q15Profiles).default('whisper'))
    .addOption(
      new Option('--records <form>', 'how records refer to coefficients; the kernel reads offsets')
        .choices(recordForms)
        .default('offsets'),
    )
    .addOption(
      new Option(
        '--set <name=value>',
        `an option of --profile accurate: ${Object.keys(q15BankOptionSpecs).slice(1).join(', ')}`,
      )
        .argParser(collect)
        .default([], 'none'),
    )
    .option('--out <file.h>', 'where to write the header; - for standard output')
    .addOption(
      new Option(
        '--json',
        'print one object: filters, coefficients, minWidth, maxWidth, meanWidth, meanOverlap, lowHz, highHz, bytes',
      ).default(false),
    )
    .addHelpText(
      'after',
      `
Examples:
  dsp q15 generate --out mel_filterbank_coeffs.h
  dsp q15 generate --profile classic --records offsets-u8 --json
  dsp q15 generate --profile accurate --set nMels=40 --set htk=true --set norm=null --out -`,
    )
    .action(run)
}

async function run({ profile, records, set, out, json }: Flags): Promise<void> {
  const { coefficientsHeader, q15Bank, q15Statistics } = await import('@dsp/mel-q15')
  if (out !== undefined) await assertWritable(out)
  const settings = parseSettings(q15BankOptionSpecs as never, set) as Partial<Q15BankOptions>
  try {
    const bank = q15Bank({ ...settings, profile })
    const header = coefficientsHeader(bank, { records })
    if (out !== undefined) await writeWhole(out, header)
    const totals = q15Statistics(bank, records)
    const width = Math.max(...Object.keys(totals).map((name) => name.length))
    const lines = Object.entries(totals).map(([name, value]) => `${name.padEnd(width)}  ${Number(value.toFixed(4))}`)
    const report = json ? JSON.stringify(totals) : lines.join('\n')
    // a header on standard output has no text beside it
    if (out === STANDARD) console.error(report)
    else console.log(report)
  } catch (error) {
    throw asUsage(error, { ...q15BankOptionSpecs, records: null })
  }
}
