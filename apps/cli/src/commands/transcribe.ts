import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import type { Recognizer, Transcript } from '@dsp/asr'
import { type Command, Option } from 'commander'
import { asUsage, exitCodes, messageOf, UsageError } from '../failure.js'
import { named, stem } from '../input.js'
import type { Settings } from '../kinds/kind.js'
import { parseSettings } from '../kinds/settings.js'
import { isTooLong, transcribeLong } from '../long.js'
import { assertWritable, writeWhole } from '../output.js'
import { fileProgress, showSpeed } from '../progress.js'
import { checkStandardInput, fileOf, labelOf } from '../standard.js'
import { collect } from './arguments.js'

interface Flags {
  readonly model?: string
  readonly set: readonly string[]
  readonly format: 'text' | 'srt' | 'vtt'
  readonly outDir?: string
  readonly json?: boolean
}

/** Adds `dsp transcribe`. */
export function addTranscribe(program: Command): void {
  program
    .command('transcribe')
    .summary('turn speech into text')
    .description('Turns speech into text with a transducer or CTC model in the directory layout of sherpa-onnx.')
    .argument('<audio...>', 'WAV, FLAC, Ogg Vorbis, MP3, AIFF or SPHERE files; - for standard input')
    .option('--model <folder>', 'the model; default: the small English one that comes with @dsp/asr')
    .option('--set <name=value>', 'an option of the recognizer, by its name in the API; may be repeated', collect, [])
    .addOption(new Option('--format <format>', 'what to print').choices(['text', 'srt', 'vtt']).default('text'))
    .option('--out-dir <folder>', 'write one .txt, .srt or .vtt file for each recording instead of printing')
    .option('--json', 'print one object per file: file, text, words, seconds, rtf, features, warnings')
    .addHelpText(
      'after',
      `
Examples:
  dsp transcribe call.wav
  dsp transcribe --format srt --out-dir subtitles talks/*.flac
  dsp transcribe --json --model models/parakeet --set numThreads=2 *.wav

A passport (dsp.json, see dsp passport) beside the model says what its features should look like: where those of a recording are far
from it, a warning goes to standard error. --set passport=false leaves it unread.`,
    )
    .action(run)
}

async function run(files: readonly string[], flags: Flags): Promise<void> {
  const { outDir, format } = flags
  if (flags.json && (format !== 'text' || outDir !== undefined)) {
    throw new UsageError('--json goes with neither --format nor --out-dir')
  }
  if (format !== 'text' && outDir === undefined && files.length > 1) {
    throw new UsageError(`--format ${format} of several files needs --out-dir`)
  }
  checkStandardInput(files)
  const outputs = files.map((file) =>
    outDir === undefined ? undefined : join(outDir, `${stem(file)}.${extensions[format]}`),
  )
  const twice = outputs.find((path, i) => path !== undefined && outputs.indexOf(path) !== i)
  if (twice !== undefined) throw new UsageError(`two recordings would be written to ${twice}`)
  if (outputs[0] !== undefined) await assertWritable(outputs[0])

  const { Recognizer, recognizerOptionSpecs } = await import('@dsp/asr')
  const settings: Settings = parseSettings(recognizerOptionSpecs as never, flags.set)
  const model = flags.model ?? defaultModel()
  const recognizer = await Recognizer.load(model, settings).catch((error: unknown) => {
    throw asUsage(error, recognizerOptionSpecs)
  })
  for (const warning of recognizer.model.warnings) console.error(`dsp: ${model}: warning: ${warning}`)
  const progress = fileProgress(files.length)
  const begun = performance.now()
  let seconds = 0
  let failures = 0
  for (const [i, file] of files.entries()) {
    progress.begin(basename(labelOf(file)))
    try {
      const transcript = await transcribe(recognizer, await fileOf(file))
      seconds += transcript.seconds
      const output = outputs[i]
      if (output !== undefined) await writeWhole(output, await show(file, transcript, flags, false))
      else progress.print((await show(file, transcript, flags, files.length > 1)).trimEnd())
      for (const warning of transcript.warnings.slice(recognizer.model.warnings.length))
        progress.warn(`dsp: ${labelOf(file)}: warning: ${warning}`)
    } catch (error) {
      failures++
      progress.warn(`dsp: ${messageOf(named(file, error))}`)
    }
    progress.end()
  }
  progress.stop()
  await recognizer.release()
  const spent = (performance.now() - begun) / 1000
  if (failures > 0) process.exitCode = exitCodes.failed
  if (seconds > 0) showSpeed(files.length - failures, seconds, spent)
}

/** At once, or block by block what is too long for that. */
async function transcribe(recognizer: Recognizer, source: string | Uint8Array): Promise<Transcript> {
  try {
    return await recognizer.transcribe(source)
  } catch (error) {
    if (!isTooLong(error)) throw error
    return transcribeLong(recognizer, source)
  }
}

const extensions = { text: 'txt', srt: 'srt', vtt: 'vtt' } as const

async function show(file: string, transcript: Transcript, flags: Flags, withName: boolean): Promise<string> {
  const { toJson, toSrt, toVtt } = await import('@dsp/asr')
  if (flags.json) return toJson(file, transcript)
  if (flags.format === 'srt') return toSrt(transcript)
  if (flags.format === 'vtt') return toVtt(transcript)
  return `${withName ? `${file}: ` : ''}${transcript.text}\n`
}

/** The model in @dsp/asr's own folder. */
function defaultModel(): string {
  return join(dirname(createRequire(import.meta.url).resolve('@dsp/asr/package.json')), 'models', 'an4')
}
