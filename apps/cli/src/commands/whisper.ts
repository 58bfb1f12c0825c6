import { basename } from 'node:path'
import type { Transcript, Whisper, WhisperOptions } from '@dsp/whisper-npu'
import { type Command, Option } from 'commander'
import { asUsage, exitCodes, messageOf, UsageError } from '../failure.js'
import { named } from '../input.js'
import { assertWritable, writeWhole } from '../output.js'
import { downloadProgress, type FileProgress, fileProgress, showSpeed, showTime } from '../progress.js'
import { checkStandardInput, fileOf, labelOf } from '../standard.js'
import { positiveInteger } from './arguments.js'

interface Flags {
  readonly model: string
  readonly frontend: WhisperOptions['frontEnd']
  readonly q15Profile: WhisperOptions['q15Profile']
  readonly output: WhisperOptions['output']
  readonly device: WhisperOptions['device']
  readonly xclbin?: string
  readonly instructions?: string
  readonly language?: string
  readonly task: 'transcribe' | 'translate'
  readonly threads?: number
  readonly keepNoSpeech?: boolean
  readonly offline?: boolean
  readonly json?: boolean
  readonly srt?: string
  readonly vtt?: string
}

/** Adds `dsp whisper`. */
export function addWhisper(program: Command): void {
  program
    .command('whisper')
    .summary("turn speech into text with OpenAI's Whisper")
    .description(
      "Turns speech into text with OpenAI's Whisper. tiny.en and base are fetched on first use and kept in the user's cache; any other model is a directory of faster-whisper or transformers.js.",
    )
    .argument('<audio...>', 'WAV, FLAC, Ogg Vorbis, MP3, AIFF or SPHERE files of any length; - for standard input')
    .option('--model <name>', 'tiny.en, base, or a directory', 'tiny.en')
    .addOption(
      new Option(
        '--frontend <name>',
        "what computes the features: the NPU kernel's fixed-point arithmetic, or floating point",
      )
        .choices(['q15', 'float', 'linear'])
        .default('q15'),
    )
    .addOption(
      new Option('--q15-profile <name>', 'the filter bank of q15')
        .choices(['classic', 'classic-fixed', 'accurate', 'whisper', 'whisper-512'])
        .default('whisper'),
    )
    .addOption(
      new Option('--output <format>', 'the output of q15')
        .choices(['log2-int8', 'log2-int16', 'linear'])
        .default('log2-int8'),
    )
    .addOption(
      new Option(
        '--device <name>',
        'what runs the kernel of q15: the C kernel on this processor, or an NPU through XRT',
      )
        .choices(['emulator', 'xrt'])
        .default('emulator'),
    )
    .option('--xclbin <file>', "with --device xrt: the NPU's program, built from dsp q15 design --frames 3000")
    .option('--instructions <file>', 'with --device xrt: its instructions, insts.bin')
    .option('--language <code>', 'what is spoken, e.g. en; default: heard from the beginning')
    .addOption(
      new Option('--task <task>', 'write what is said, or its English translation')
        .choices(['transcribe', 'translate'])
        .default('transcribe'),
    )
    .option('--keep-no-speech', 'keep the text of windows in which the model hears no speech')
    .option('--threads <count>', 'threads of the networks; default: one per core', positiveInteger)
    .option('--offline', 'never fetch a model')
    .option('--json', 'print one object per file: file, text, words, seconds, rtf, language, device, segments, skipped')
    .option('--srt <file>', 'write SubRip subtitles')
    .option('--vtt <file>', 'write WebVTT subtitles')
    .addHelpText(
      'after',
      `
Examples:
  dsp whisper talk.mp3
  dsp whisper --model base --language de --srt talk.srt talk.mp3
  dsp whisper --json --model ~/models/faster-whisper-small *.wav`,
    )
    .action(run)
}

async function run(files: readonly string[], flags: Flags): Promise<void> {
  const subtitles = (['srt', 'vtt'] as const).flatMap((form) => flags[form] ?? [])
  if (subtitles.length > 0 && files.length > 1) throw new UsageError('--srt and --vtt go with one recording')
  checkStandardInput(files)
  assertDevice(flags)
  for (const path of subtitles) await assertWritable(path)

  const { Whisper, whisperOptionSpecs } = await import('@dsp/whisper-npu')
  const options: Partial<WhisperOptions> = {
    ...(flags.threads === undefined ? {} : { numThreads: flags.threads }),
    frontEnd: flags.frontend,
    q15Profile: flags.q15Profile,
    output: flags.output,
    device: flags.device,
    xclbin: flags.xclbin ?? '',
    instructions: flags.instructions ?? '',
    offline: flags.offline ?? false,
  }
  const download = downloadProgress()
  const whisper = await Whisper.load(flags.model, { ...options, onDownload: download.show })
    .catch((error: unknown) => {
      throw asUsage(error, whisperOptionSpecs)
    })
    .finally(download.stop)
  try {
    assertLanguage(whisper, flags)
    await transcribeAll(whisper, files, flags)
  } finally {
    await whisper.close()
  }
}

/** An NPU's files need an NPU: no option is silently ignored. */
function assertDevice({ device, xclbin, instructions, frontend }: Flags): void {
  if (device === 'emulator') {
    if (xclbin !== undefined || instructions !== undefined) {
      throw new UsageError('--xclbin and --instructions go with --device xrt')
    }
    return
  }
  if (frontend !== 'q15') throw new UsageError('--device xrt goes with --frontend q15')
  if (xclbin === undefined) throw new UsageError('--device xrt wants --xclbin FILE: native/aie/build makes one')
  if (instructions === undefined)
    throw new UsageError('--device xrt wants --instructions FILE: native/aie/build makes one')
}

/** Fails before anything is decoded. */
function assertLanguage(whisper: Whisper, { language, model, task }: Flags): void {
  const { languages } = whisper
  if (language !== undefined && !languages.includes(language)) {
    throw new UsageError(`${model} does not know the language ${language}; it knows ${languages.join(', ')}`)
  }
  if (task === 'translate' && languages.length === 1) throw new UsageError(`${model} knows only English`)
}

async function transcribeAll(whisper: Whisper, files: readonly string[], flags: Flags): Promise<void> {
  const progress = fileProgress(files.length, true)
  const begun = performance.now()
  let seconds = 0
  let skipped = 0
  let failures = 0
  let place = ''
  for (const file of files) {
    const name = basename(labelOf(file))
    progress.begin(name)
    try {
      const transcript = await whisper.transcribe(await fileOf(file), {
        ...(flags.language === undefined ? {} : { language: flags.language }),
        task: flags.task,
        skipNoSpeech: flags.keepNoSpeech !== true,
        onProgress: (done) => progress.begin(`${name} · ${showTime(done)} written`),
      })
      seconds += transcript.seconds
      place = transcript.device.features
      for (const { start, end } of transcript.skipped) skipped += end - start
      await report(file, transcript, files.length > 1, flags, progress)
    } catch (error) {
      failures++
      progress.warn(`dsp: ${messageOf(named(file, error))}`)
    }
    progress.end()
  }
  progress.stop()
  const spent = (performance.now() - begun) / 1000
  if (failures > 0) process.exitCode = exitCodes.failed
  if (seconds > 0) {
    const note = skipped > 0 ? `; ${skipped.toFixed(1)} s without speech left out` : ''
    showSpeed(files.length - failures, seconds, spent, note)
    console.error(`features: ${place}`)
  }
}

async function report(
  file: string,
  transcript: Transcript,
  withName: boolean,
  flags: Flags,
  progress: FileProgress,
): Promise<void> {
  const { toJson, toSrt, toVtt } = await import('@dsp/asr')
  // without times of words, whole segments are shown
  const cues =
    transcript.words.length > 0
      ? transcript.words
      : transcript.segments.map(({ text, start, end }) => ({ word: text, start, end, confidence: 1 }))
  if (flags.srt !== undefined) await writeWhole(flags.srt, toSrt({ words: cues }))
  if (flags.vtt !== undefined) await writeWhole(flags.vtt, toVtt({ words: cues }))
  if (flags.json) {
    const { language, device, skipped } = transcript
    const segments = transcript.segments.map(({ text, start, end }) => ({ text, start, end }))
    progress.print(JSON.stringify({ ...JSON.parse(toJson(file, transcript)), language, device, segments, skipped }))
  } else progress.print(`${withName ? `${file}: ` : ''}${transcript.text}`)
}
