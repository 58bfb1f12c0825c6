import { type Command, Option } from 'commander'
import { UsageError } from '../failure.js'
import { isFeatureFile, readFeatures, readMono, stem } from '../input.js'
import { computeNamed, type Kind, type PictureSource } from '../kinds/kind.js'
import { describeKinds, loadKind } from '../kinds/registry.js'
import { parseSettings } from '../kinds/settings.js'
import { assertWritable, writeWhole } from '../output.js'
import { labelOf, STANDARD } from '../standard.js'
import { collect, hertz, pixels, pngPath } from './arguments.js'

interface Flags {
  readonly kind: string
  readonly out: string
  readonly set: readonly string[]
  readonly rate?: number
  readonly width: number
  readonly height: number
  readonly json?: boolean
}

/** The rate of features whose file does not say it. */
const DEFAULT_RATE = 16000

/** Adds `dsp plot`. */
export function addPlot(program: Command): void {
  program
    .command('plot')
    .summary('draw features as a PNG picture')
    .description('Draws features of a sound file, or of a file that dsp features (or numpy) wrote, as a PNG picture.')
    .argument('<file>', 'a sound file, or a .npy, .npz, .ark or .csv file of features; - for standard input')
    .requiredOption('--kind <kind>', 'what to draw, see below')
    .requiredOption('--out <file.png>', 'where to write the picture; - for standard output', pngPath)
    .option('--set <name=value>', 'an option of the kind, by its name in the API; may be repeated', collect, [])
    .option(
      '--rate <hertz>',
      `resample to this rate first; for features: the audio's rate (default ${DEFAULT_RATE})`,
      hertz,
    )
    .addOption(new Option('--width <pixels>', 'of the picture').default(1600).argParser(pixels))
    .addOption(new Option('--height <pixels>', 'of the picture').default(900).argParser(pixels))
    .option('--json', 'print one object: file, kind, out, width, height, shape')
    .addHelpText(
      'after',
      () => `
Kinds:
${describeKinds()}

Examples:
  dsp plot speech.wav --kind fbank --set preset=sherpa-onnx --out speech.png
  dsp plot features.npy --kind fbank --rate 16000 --out features.png`,
    )
    .action(run)
}

async function run(path: string, flags: Flags): Promise<void> {
  const kind = await loadKind(flags.kind)
  if (flags.json && flags.out === STANDARD) throw new UsageError('--json and --out - both write to standard output')
  const settings = parseSettings(kind.info.options as never, flags.set)
  await assertWritable(flags.out)
  const source = (await isFeatureFile(path))
    ? { values: await readFeatures(path), sampleRate: flags.rate ?? rateOf(kind, settings), settings, name: stem(path) }
    : await compute(path, kind, settings, flags.rate)
  const { renderPng } = await import('../plot/render.js')
  await writeWhole(flags.out, renderPng(kind.picture(source), flags))
  const { kind: name, out, width, height } = flags
  const { shape } = source.values
  if (flags.json) console.log(JSON.stringify({ file: path, kind: name, out, width, height, shape }))
  else if (out !== STANDARD)
    console.log(`${out}: ${name} [${shape.join(', ')}] of ${labelOf(path)}, ${width} x ${height} pixels`)
}

/** The rate of features in a file, which is one of the options that they were made with. */
function rateOf({ info }: Kind, settings: PictureSource['settings']): number {
  return ((info.rateOption && settings[info.rateOption]) ?? DEFAULT_RATE) as number
}

async function compute(
  path: string,
  kind: Kind,
  settings: PictureSource['settings'],
  rate: number | undefined,
): Promise<PictureSource> {
  const audio = await readMono(path, rate)
  if (audio.samples.size === 0) throw new UsageError(`${labelOf(path)} has no samples to draw`)
  const { values, parts } = await computeNamed(kind.info, path, audio, settings)
  return { values, parts, sampleRate: audio.sampleRate, audio, settings, name: stem(path) }
}
