import { readdir, stat } from 'node:fs/promises'
import { extname, join, relative } from 'node:path'
import { DspError } from '@dsp/tensor'
import type { Command } from 'commander'
import { asUsage, exitCodes, messageOf, systemMessage } from '../failure.js'
import { named } from '../input.js'
import type { Settings } from '../kinds/kind.js'
import { parseSettings } from '../kinds/settings.js'
import { assertWritable, writeWhole } from '../output.js'
import { fileProgress } from '../progress.js'
import { collect } from './arguments.js'

interface Flags {
  readonly audio: string
  readonly out?: string
  readonly set: readonly string[]
  readonly json?: boolean
}

/** Extensions of sound files. Formats that have no decoder here are among them: they are reported as failed, not passed over. */
const SOUND =
  /^\.(wav|wave|rf64|flac|ogg|oga|mp3|aiff?|aifc|sph|au|snd|caf|w64|m4a|m4b|mp4|aac|opus|webm|wma|amr|wv|ape)$/i
/** Below this a passport says little of how recordings differ. */
const FEW = 20

/** Adds `dsp passport`. */
export function addPassport(program: Command): void {
  program
    .command('passport')
    .summary("write down what a speech model's features look like")
    .description(
      'Writes the passport of a speech model that works: its front end, and what its features and outputs look like on recordings that it recognises well. With it, dsp transcribe warns where a recording is far from that.',
    )
    .argument('<model>', 'the model, a folder in the layout of sherpa-onnx')
    .requiredOption('--audio <folder>', 'recordings; all sound files in the folder and those below count')
    .option('--out <file>', 'what to write; default: dsp.json in the folder of the model; - for standard output')
    .option('--set <name=value>', 'an option of the recognizer, by its name in the API; may be repeated', collect, [])
    .option('--json', 'print one object: out, recordings, frames, failed, silent')
    .addHelpText(
      'after',
      `
Examples:
  dsp passport models/parakeet --audio recordings
  dsp passport models/parakeet --set features=nemo --audio recordings --out models/parakeet/dsp.json`,
    )
    .action(run)
}

async function run(model: string, flags: Flags): Promise<void> {
  const out = flags.out ?? join(model, 'dsp.json')
  const { Recognizer, recognizerOptionSpecs, formatPassport } = await import('@dsp/asr')
  const settings: Settings = parseSettings(recognizerOptionSpecs as never, flags.set)
  // what is about to be replaced may be damaged, or another model's
  const recognizer = await Recognizer.load(model, { ...settings, passport: false }).catch((error: unknown) => {
    throw asUsage(error, recognizerOptionSpecs)
  })
  try {
    await assertWritable(out)
    const files = await soundFiles(flags.audio)
    const builder = recognizer.passportBuilder()
    const progress = fileProgress(files.length)
    let [failed, silent] = [0, 0]
    for (const file of files) {
      progress.begin(relative(flags.audio, file))
      try {
        if (!(await builder.add(file))) silent++
      } catch (error) {
        failed++
        progress.warn(`dsp: ${messageOf(named(file, error))}`)
      }
      progress.end()
    }
    progress.stop()
    if (failed > 0) process.exitCode = exitCodes.failed
    if (builder.recordings === 0) {
      throw audioError(
        `none of the ${files.length} sound files in ${flags.audio} could be used`,
        'recordings with sound',
      )
    }
    const passport = builder.finish()
    await writeWhole(out, formatPassport(passport))
    const { count: recordings } = passport.recordings
    const { frames } = passport.features
    const left = `${failed > 0 ? `, ${failed} failed` : ''}${silent > 0 ? `, ${silent} silent` : ''}`
    const summary = `${out}: ${passport.frontEnd.kind}, ${frames} frames of ${recordings} recordings${left}`
    if (out === '-') console.error(summary)
    else console.log(flags.json ? JSON.stringify({ out, recordings, frames, failed, silent }) : summary)
    if (recordings < FEW) {
      console.error(`dsp: ${recordings} recordings say little of how recordings differ: better take ${FEW} or more`)
    }
  } finally {
    await recognizer.release()
  }
}

/** All sound files in a folder and those below, in the order of their names. */
async function soundFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOTDIR' ? 'is not a folder' : `cannot be read: ${systemMessage(error.code ?? '')}`
    throw audioError(`--audio ${folder} ${why}`, 'a folder with sound files')
  })
  const files: string[] = []
  for (const name of entries.filter((name) => SOUND.test(extname(name))).sort()) {
    const path = join(folder, name)
    if ((await stat(path).catch(() => undefined))?.isDirectory() !== true) files.push(path)
  }
  if (files.length > 0) return files
  throw audioError(`there are no sound files in ${folder}`, 'a folder with .wav, .flac, .ogg, .mp3, … files')
}

function audioError(message: string, expected: string): DspError {
  return new DspError(message, { code: 'ERR_DSP_ARGUMENT', argument: 'audio', expected })
}
