import { DspError } from '@dsp/tensor'
import { CommanderError } from 'commander'

/** The command was used wrongly: it ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A failure whose message is shown as it is, e.g. one that a worker thread reported. */
export class ReportedError extends Error {
  override readonly name = 'ReportedError'
}

/** How the process ends. */
export const exitCodes = { done: 0, failed: 1, usage: 2 } as const

/** The exit code that an error stands for. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
  return error instanceof UsageError ? exitCodes.usage : exitCodes.failed
}

/**
 * A failure of a function as the command line says it: what is wrong with an option is wrong usage.
 * @param error - What was thrown.
 * @param options - The options that `--set` takes.
 * @param prefix - What the user writes before their names.
 */
export function asUsage(error: unknown, options: object, prefix = ''): unknown {
  if (!(error instanceof DspError)) return error
  const { argument, code, message } = error
  const [, hertz] = /sampleRate must be (\d+) Hz/.exec(message) ?? []
  if (hertz !== undefined) {
    const advice = `the sound must have ${hertz} Hz, got ${error.actual}: add --rate ${hertz}`
    return new DspError(advice, { code, argument, expected: error.expected, actual: error.actual, cause: error })
  }
  const isOption = Object.hasOwn(options, argument.split(/[.[]/, 1)[0]!)
  if (!isOption || (code !== 'ERR_DSP_ARGUMENT' && code !== 'ERR_DSP_OPTION')) return error
  const words = message.replace('resample the audio first to change it', '--rate HERTZ resamples the sound first')
  return new UsageError(`--set ${prefix}${words}`)
}

/** One line for the reader; a stack trace only where the defect is ours (or DSP_DEBUG is set). */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (process.env.DSP_DEBUG) return error.stack ?? error.message
  if (error instanceof DspError || error instanceof UsageError || error instanceof ReportedError) return error.message
  const { code, syscall, path } = error as NodeJS.ErrnoException
  if (syscall !== undefined && code !== undefined) return `${path ?? ''}: ${systemMessage(code)}`
  return `${error.message}\nThis is a defect of dsp; DSP_DEBUG=1 shows where it happened.`
}

/** What a code of the operating system means. */
export function systemMessage(code: string): string {
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file or folder',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EISDIR: 'this is a folder, not a file',
    ENOTDIR: 'a part of the path is not a folder',
    ENOSPC: 'the disk is full',
    EROFS: 'the disk is read-only',
    ELOOP: 'its symbolic links lead in a circle',
    EMFILE: 'too many files are open',
    EDQUOT: 'your quota is used up',
    EIO: 'the disk failed',
  }
  return known[code] ?? code
}
