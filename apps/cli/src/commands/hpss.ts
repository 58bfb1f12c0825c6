import { basename, join } from 'node:path'
import { DspError } from '@dsp/tensor'
import { type Command, Option } from 'commander'
import { asUsage, exitCodes, messageOf, UsageError } from '../failure.js'
import { named, stem } from '../input.js'
import type { Settings } from '../kinds/kind.js'
import { showRate } from '../kinds/shapes.js'
import { assertFolder, makeFolder, writeWhole } from '../output.js'
import type { Size } from '../plot/picture.js'
import { fileProgress } from '../progress.js'
import type { PartName } from '../separation.js'
import { checkStandardInput, fileOf, labelOf } from '../standard.js'
import type { WavFile } from '../wav-file.js'
import { collect, pixels } from './arguments.js'

interface Flags extends Size {
  readonly outDir: string
  readonly margin?: string
  readonly kernel?: string
  readonly power?: string
  readonly set: readonly string[]
  readonly picture: boolean
  readonly stream?: boolean
  readonly json?: boolean
}

/** Adds `dsp hpss`. */
export function addHpss(program: Command): void {
  program
    .command('hpss')
    .summary('separate sound into a harmonic and a percussive part')
    .description(
      'Separates sound into a harmonic and a percussive part, and what is neither where a margin is above 1.\n' +
        'Writes float32 WAV files, every channel at its own rate, and a picture.',
    )
    .argument('<audio...>', 'WAV, FLAC, Ogg Vorbis, MP3, AIFF or SPHERE files; - for standard input')
    .requiredOption('--out-dir <folder>', 'where to write; made where it is not there')
    .option('--margin <m|h,p>', 'how much a part must exceed the other one, at least 1; the same as --set margin=')
    .option('--kernel <k|h,p>', 'frames and bins of the medians; the same as --set kernelSize=')
    .option('--power <p>', 'exponent of the masks; the same as --set power=')
    .option('--set <name=value>', 'an option of hpss, by its name in the API; may be repeated', collect, [])
    .option('--stream', 'work block by block with little memory, as long files are: the same samples')
    .option('--no-picture', 'draw nothing')
    .addOption(new Option('--width <pixels>', 'of the picture').default(1600).argParser(pixels))
    .addOption(new Option('--height <pixels>', 'of the picture').default(1300).argParser(pixels))
    .option(
      '--json',
      'print one object per file: file, harmonic, percussive, residual, picture, channels, seconds, sampleRate',
    )
    .addHelpText(
      'after',
      `
NAME.wav gives NAME-harmonic.wav, NAME-percussive.wav, NAME-residual.wav (margins above 1) and NAME-hpss.png.
Without margins the parts add up to the sound.

Examples:
  dsp hpss song.flac --out-dir parts
  dsp hpss *.wav --out-dir parts --margin 2,4 --kernel 17,45 --no-picture
  dsp hpss song.mp3 --out-dir parts --set nFft=4096 --set hopLength=1024 --json`,
    )
    .action(run)
}

async function run(files: readonly string[], flags: Flags): Promise<void> {
  const { outDir } = flags
  checkStandardInput(files)
  const settings = await settingsOf(flags)
  const outputs = files.map((file) => join(outDir, stem(file)))
  const twice = outputs.find((path, i) => outputs.indexOf(path) !== i)
  if (twice !== undefined) throw new UsageError(`two recordings would be written to ${twice}-harmonic.wav`)
  await assertFolder(outDir)
  const { partOptionSpecs } = await import('@dsp/hpss')
  const progress = fileProgress(files.length)
  for (const [i, file] of files.entries()) {
    progress.begin(basename(labelOf(file)))
    try {
      const result = await separateFile(file, outputs[i]!, settings, flags)
      progress.print(flags.json ? JSON.stringify(result) : toText(result))
    } catch (error) {
      const told = asUsage(error, partOptionSpecs)
      if (told instanceof UsageError) throw told
      process.exitCode = exitCodes.failed
      progress.warn(`dsp: ${messageOf(named(file, error))}`)
    }
    progress.end()
  }
  progress.stop()
}

async function settingsOf({ margin, kernel, power, set }: Flags): Promise<Settings> {
  const [{ partOptionSpecs }, { parseSettings }] = await Promise.all([
    import('@dsp/hpss'),
    import('../kinds/settings.js'),
  ])
  const shorthands = Object.entries({ margin, kernelSize: kernel, power })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`)
  return parseSettings(partOptionSpecs as never, [...shorthands, ...set])
}

/** What became of a file, as `--json` prints it. */
interface Result {
  readonly file: string
  readonly harmonic: string
  readonly percussive: string
  /** Null where every margin is 1: nothing is left. */
  readonly residual: string | null
  readonly picture: string | null
  readonly channels: number
  readonly seconds: number
  readonly sampleRate: number
}

async function separateFile(file: string, output: string, settings: Settings, flags: Flags): Promise<Result> {
  const [{ separate, toMonoSamples }, wavFile, { SpectrogramSketch }] = await Promise.all([
    import('../separation.js'),
    import('../wav-file.js'),
    import('../plot/sketch.js'),
  ])
  const residual = leavesResidual(settings)
  const { channels, sampleRate, pieces } = await separate(await fileOf(file), { ...settings, residual }, flags.stream)
  const names: PartName[] = residual ? ['harmonic', 'percussive', 'residual'] : ['harmonic', 'percussive']
  const sketches = new Map(
    flags.picture ? (['input', ...names] as const).map((name) => [name, new SpectrogramSketch({ sampleRate })]) : [],
  )
  await makeFolder(flags.outDir)
  const wavs: (readonly [PartName, WavFile])[] = []
  let samples = 0
  try {
    for (const name of names)
      wavs.push([name, await wavFile.WavFile.create(`${output}-${name}.wav`, channels, sampleRate)])
    for await (const piece of pieces) {
      samples += piece.input[0]?.length ?? 0
      for (const [name, wav] of wavs) await wav.append(piece[name])
      for (const [name, sketch] of sketches) sketch.accept(toMonoSamples(piece[name]))
    }
    for (const [, wav] of wavs) await wav.seal()
    if (samples === 0) throw new DspError(`${labelOf(file)} has no samples`, { code: 'ERR_DSP_SHAPE', argument: file })
    const picture = flags.picture ? `${output}-hpss.png` : null
    if (picture !== null) {
      const [{ partsPicture }, { renderPng }] = await Promise.all([
        import('../kinds/hpss.js'),
        import('../plot/render.js'),
      ])
      const drawn = [...sketches].map(([name, sketch]) => [name, sketch.finish()] as const)
      await writeWhole(picture, renderPng(partsPicture(`${stem(file)} · hpss`, showRate(sampleRate), drawn), flags))
    }
    for (const [, wav] of wavs) await wav.publish()
    const pathOf = (name: PartName) => `${output}-${name}.wav`
    return {
      file,
      harmonic: pathOf('harmonic'),
      percussive: pathOf('percussive'),
      residual: residual ? pathOf('residual') : null,
      picture,
      channels,
      seconds: samples / sampleRate,
      sampleRate,
    }
  } catch (error) {
    for (const [, wav] of wavs) await wav.discard()
    throw error
  }
}

/** Whether something is neither harmonic nor percussive. Masks are not parts, so they leave no residual. */
function leavesResidual({ margin, mask }: Settings): boolean {
  if (mask === true) return false
  return [margin ?? 1].flat().some((value) => (value as number) > 1)
}

function toText({ file, harmonic, percussive, residual, picture, seconds }: Result): string {
  const written = [harmonic, percussive, residual, picture].filter((path) => path !== null).join(', ')
  return `${written}: ${seconds.toFixed(1)} s of ${labelOf(file)}`
}
