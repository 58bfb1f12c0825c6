import type { Transferable } from 'node:worker_threads'
import { DspError, type DspErrorDetails } from '@dsp/tensor'
import { messageOf } from './errors.js'

/** What is said to a worker: do this, or abort what has that id. */
export type ToWorker<Request> =
  | { readonly id: number; readonly request: Request }
  | { readonly id: number; readonly abort: true }

/** What a worker says. Its first message is that it is ready, or why it cannot be. */
export type FromWorker<Ready, Reply> =
  | { readonly ready: Ready }
  | { readonly id: number; readonly reply: Reply }
  | { readonly id?: number; readonly error: SentError }

/** What moves, in Node's words, which our declarations do without: a program may lack Node's types. */
export const transferList = (objects: readonly object[]) => objects as readonly Transferable[]

/** An error in the form that is sent between threads, which keeps no class. */
export interface SentError extends Omit<DspErrorDetails, 'cause'> {
  readonly message: string
}

/** Serialises an error. */
export function packError(error: unknown): SentError {
  if (error instanceof DspError) {
    const { message, code, argument, expected, actual } = error
    return { message, code, argument, expected, actual }
  }
  return { message: messageOf(error), code: 'ERR_DSP_INTERNAL' }
}

/** Deserialises an error. */
export function unpackError({ message, ...details }: SentError): DspError {
  return new DspError(message, details)
}
