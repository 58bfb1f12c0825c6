import { createRequire } from 'node:module'
import type { PythonLibrary } from '@dsp/doctor'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { compareFeatures, diagnoseFigures, diagnoseSound, explainCause } from '../doctor/answer.js'
import type { Flags } from '../doctor/flags.js'
import { dtypeNames, dtypeOf } from '../doctor/reference.js'
import { UsageError } from '../failure.js'
import { isFeatureFile } from '../input.js'
import { assertWritable } from '../output.js'
import { checkStandardInput, STANDARD } from '../standard.js'
import { collect, hertz, pixels, pngPath } from './arguments.js'

/** The libraries that scripts are written for. */
const libraries: readonly PythonLibrary[] = ['torchaudio', 'kaldi-native-fbank', 'librosa']

/** Adds `dsp diagnose`. */
export function addDiagnose(program: Command): void {
  program
    .command('diagnose')
    .summary('say why two sets of features differ')
    .description(
      "Finds the settings that reproduce somebody's features from the sound, and says what differs from ours, the most\n" +
        'important first. A cause is named only where computing the features again shows it.',
    )
    .argument('[audio]', 'the sound that both come from, with its own rate and channels; - for standard input')
    .argument('[reference]', 'their features: a .npy, .npz, .ark or .csv file, or bare numbers with --shape')
    .option('--kind <kind>', 'what ours are, see below; default: what comes nearest')
    .option('--set <name=value>', 'an option of ours, by its name in the API; may be repeated', collect, [])
    .option('--preset <name>', 'the same as --set preset=NAME')
    .option('--rate <hertz>', 'ours are of sound that was resampled to this rate', hertz)
    .option('--ours <file>', 'our features, where they are not to be computed')
    .option('--reference <file>', 'their features; with --ours, the sound may be left out')
    .option('--shape <lengths>', 'axes of the reference, as in 614,80; -1 for one that the size tells', shapeOf)
    .option('--dtype <type>', `type of bare numbers (default float32): ${dtypeNames.join(', ')}, >f4`, typeOf)
    .option('--time-limit <seconds>', 'take the best that was found in this time, 1 to 600 s; default: 8', secondsOf)
    .option('--plot <file.png>', 'draw ours, theirs, their difference and what remains after each fix', pngPath)
    .addOption(new Option('--width <pixels>', 'of the picture').default(1600).argParser(pixels))
    .addOption(new Option('--height <pixels>', 'of the picture').default(1200).argParser(pixels))
    .addOption(new Option('--emit-python <library>', 'write a script that computes their features').choices(libraries))
    .option('--out <file.py>', 'where to write the script; default: standard output')
    .addOption(new Option('--json', 'print one object, see the README').default(false))
    .option('--report <file>', 'figures as people post them, instead of features; - for standard input')
    .option('--explain <id>', 'what a cause is, what it looks like, and how to fix it in each library')
    .addHelpText(
      'after',
      () => `
Kinds: ${kindNames().join(', ')}.

Without sound, --ours A --reference B looks for patterns in the difference, which prove less.

Exit codes: 0 explained, or nothing to explain; 1 not explained, or failed; 2 wrong usage.

Examples:
  dsp diagnose speech.wav theirs.npy
  dsp diagnose speech.wav theirs.npy --kind fbank --preset sherpa-onnx --plot why.png
  dsp diagnose speech.wav theirs.npy --emit-python torchaudio --out theirs.py
  dsp diagnose speech.wav dump.bin --shape -1,80 --dtype float16
  dsp diagnose --ours ours.npy --reference theirs.npy
  dsp diagnose --report question.txt
  dsp diagnose --explain mel-scale`,
    )
    .action(run)
}

async function run(audio: string | undefined, second: string | undefined, flags: Flags): Promise<void> {
  const { ours, report, explain, json, plot, emitPython, out } = flags
  if (second !== undefined && flags.reference !== undefined) throw new UsageError('the reference was given twice')
  const reference = second ?? flags.reference
  if (out !== undefined && emitPython === undefined) throw new UsageError('--out goes with --emit-python')
  if (emitPython !== undefined && json && (out ?? STANDARD) === STANDARD) {
    throw new UsageError('--json and --emit-python both write to standard output: add --out FILE.py')
  }
  if (emitPython !== undefined && plot === STANDARD && (out ?? STANDARD) === STANDARD) {
    throw new UsageError('--plot - and --emit-python both write to standard output: add --out FILE.py')
  }
  const inputs = [audio, reference, ours, report].filter((path) => path !== undefined)
  checkStandardInput(inputs)
  if (explain !== undefined) {
    if (inputs.length > 0) throw new UsageError('--explain goes without files')
    return explainCause(explain)
  }
  if (report !== undefined) {
    if (inputs.length > 1) throw new UsageError('--report has figures instead of files: leave the others out')
    forbid(flags, '--report', ['kind', 'preset', 'rate', 'shape', 'dtype', 'plot', 'emitPython', 'timeLimit'])
    return diagnoseFigures(report, flags)
  }
  if (audio === undefined) {
    if (ours === undefined || reference === undefined) {
      throw new UsageError('no sound given: dsp diagnose AUDIO REFERENCE, or --ours A --reference B without sound')
    }
    forbid(flags, 'features without sound', ['kind', 'preset', 'rate', 'plot', 'emitPython', 'timeLimit'])
    return compareFeatures(ours, reference, flags)
  }
  if (reference === undefined) throw new UsageError('no reference given: dsp diagnose AUDIO REFERENCE')
  if (audio !== STANDARD && (await isFeatureFile(audio))) {
    const advice = `dsp diagnose --ours ${audio} --reference ${reference} compares features without sound`
    throw new UsageError(`${audio} holds features, not sound: ${advice}`)
  }
  for (const path of [plot, out]) if (path !== undefined) await assertWritable(path)
  return diagnoseSound(audio, reference, flags)
}

/** No option is silently ignored. */
function forbid(flags: Flags, what: string, names: readonly (keyof Flags)[]): void {
  const given = names.find((name) => flags[name] !== undefined) ?? (flags.set.length > 0 ? 'set' : undefined)
  if (given === undefined) return
  throw new UsageError(`--${given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} does not go with ${what}`)
}

function kindNames(): readonly string[] {
  // Help texts cannot wait for an import, and the other commands need not load the doctor.
  const { diagnosableKinds }: typeof import('@dsp/doctor') = createRequire(import.meta.url)('@dsp/doctor')
  return diagnosableKinds
}

function shapeOf(text: string): number[] {
  const lengths = text.split(',').map((length) => (/^(-1|\d+)$/.test(length.trim()) ? Number(length) : Number.NaN))
  const isPossible = lengths.every((length) => length === -1 || (length > 0 && Number.isSafeInteger(length)))
  if (!isPossible || lengths.length < 2 || lengths.filter((length) => length === -1).length > 1) {
    throw new InvalidArgumentError('It must be two whole numbers above 0, as in 614,80; one of them may be -1.')
  }
  return lengths
}

function typeOf(text: string): string {
  const type = dtypeOf(text)
  if (type === undefined) throw new InvalidArgumentError(`The types are: ${dtypeNames.join(', ')}, and numpy's >f4.`)
  return type
}

function secondsOf(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!(value >= 1 && value <= 600)) throw new InvalidArgumentError('It must be between 1 and 600 seconds.')
  return value
}
