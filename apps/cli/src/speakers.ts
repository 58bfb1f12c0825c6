import { basename } from 'node:path'
import type { SpeakerVerifier, Voice } from '@dsp/speaker-verification'
import { type Command, InvalidArgumentError } from 'commander'
import { positiveInteger } from './commands/arguments.js'
import { messageOf } from './failure.js'
import { named } from './input.js'
import { type FileProgress, fileProgress } from './progress.js'
import { fileOf, labelOf } from './standard.js'

/** Options that every command about speakers has. */
export interface SpeakerFlags {
  readonly model?: string
  readonly channel?: number
  readonly threads?: number
  readonly json?: boolean
}

/** Adds the options of {@link SpeakerFlags}. */
export function addSpeakerOptions(command: Command): Command {
  return command
    .option('--model <folder>', 'the speaker encoder; default: the one that comes with @dsp/sincnet')
    .option('--channel <channel>', 'left, right, or a number from 0, instead of the mean of all', channelOf)
    .option('--threads <count>', 'threads of the networks; default: one per core', positiveInteger)
}

/** The speaker encoder. */
export async function loadVerifier({ model, threads }: SpeakerFlags): Promise<SpeakerVerifier> {
  const { SpeakerVerifier } = await import('@dsp/speaker-verification')
  return SpeakerVerifier.load(model, threads === undefined ? {} : { numThreads: threads })
}

/** What became of a file. */
export interface Heard {
  readonly file: string
  /** Undefined if the file failed. */
  readonly voice?: Voice
  /** Why the file failed. */
  readonly error?: string
}

/**
 * Embeds files one after the other. Notes and failures go to standard error.
 * @param verifier - The encoder.
 * @param files - The files.
 * @param flags - The channel to use.
 * @param done - Called after each file.
 */
export async function hear(
  verifier: SpeakerVerifier,
  files: readonly string[],
  { channel }: SpeakerFlags,
  done: (heard: Heard, progress: FileProgress) => void = () => {},
): Promise<Heard[]> {
  const progress = fileProgress(files.length)
  const all: Heard[] = []
  for (const file of files) {
    progress.begin(basename(labelOf(file)))
    const heard = await hearOne(verifier, file, channel)
    for (const { message } of heard.voice?.notes ?? []) progress.warn(`dsp: ${labelOf(file)}: ${message}`)
    if (heard.error !== undefined) progress.warn(`dsp: ${heard.error}`)
    done(heard, progress)
    all.push(heard)
    progress.end()
  }
  progress.stop()
  return all
}

async function hearOne(verifier: SpeakerVerifier, file: string, channel: number | undefined): Promise<Heard> {
  const source = await fileOf(file)
  try {
    return { file, voice: await verifier.embed(source, channel === undefined ? {} : { channel }) }
  } catch (error) {
    return { file, error: messageOf(named(file, error)) }
  }
}

/** The voices of all files, or undefined if any file failed. */
export function voicesOf(heard: readonly Heard[]): Voice[] | undefined {
  const voices = heard.flatMap(({ voice }) => voice ?? [])
  return voices.length === heard.length ? voices : undefined
}

function channelOf(text: string): number {
  const names: Readonly<Record<string, number>> = { left: 0, right: 1 }
  if (Object.hasOwn(names, text)) return names[text]!
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('It must be left, right, or a number from 0.')
  return Number(text)
}

/** A cosine. */
export function scoreOf(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!(Math.abs(value) <= 1)) throw new InvalidArgumentError('It must be a number from -1 to 1.')
  return value
}

/** A score and its probability, for a reader. */
export function showScore({ score, probability }: { score: number; probability: number }): string {
  return `score ${score.toFixed(3)}, probability ${(100 * probability).toFixed(1)} %`
}
