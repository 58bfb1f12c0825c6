import { DspError, type DspErrorDetails } from '@dsp/tensor'
import { messageOf } from './errors.js'
import type { Hypothesis } from './hypothesis.js'
import type { Matrix } from './matrix.js'
import type { RecognizerOptions } from './options.js'
import type { Settings } from './settings.js'

/** What the worker is started with. */
export interface Start {
  readonly directory: string
  readonly options: RecognizerOptions
}

/** What is said to the worker: decode these features, or give that work up. */
export type Request =
  | { readonly id: number; readonly batch: readonly Matrix[] }
  | { readonly id: number; readonly abort: true }

/** What the worker says. Its first word, id 0, is the model's settings. */
export type Reply = { readonly id: number } & (
  | { readonly settings: Settings }
  | { readonly hypotheses: readonly Hypothesis[] }
  | { readonly error: SentError }
)

/** An error as it travels between threads, which keep no classes. */
export interface SentError extends Omit<DspErrorDetails, 'cause'> {
  readonly message: string
}

/** Makes an error fit to travel. */
export function pack(error: unknown): SentError {
  if (error instanceof DspError) {
    const { message, code, argument, expected, actual } = error
    return { message, code, argument, expected, actual }
  }
  return { message: messageOf(error), code: 'ERR_DSP_INTERNAL' }
}

/** The error that has travelled. */
export function unpack({ message, ...details }: SentError): DspError {
  return new DspError(message, details)
}
