import { warn } from '@dsp/signal'

/** Warns, once per path, of samples that a header states and the input lacks. */
export function warnOfMissing(input: unknown, missing: number): void {
  if (missing === 0) return
  const isPath = typeof input === 'string'
  const message = `${isPath ? input : 'the input'} is cut short: it lacks ${missing} of the samples per channel that its header states`
  warn('DSP_AUDIO_CUT_SHORT', message, isPath ? input : undefined)
}
