import { warn } from '@dsp/signal'

/** What is known of the samples that an input lacks at its end. */
interface Cut {
  /** Samples per channel that a header states and the input lacks. */
  readonly missing: number
  /** The second after which samples are missing, if nothing tells how many. */
  readonly cutAt?: number | null
}

/** Warns, once per path, of samples that an input lacks because it was cut short. */
export function warnOfMissing(input: unknown, { missing, cutAt }: Cut): void {
  if (missing === 0 && (cutAt ?? null) === null) return
  const isPath = typeof input === 'string'
  const lack =
    missing > 0
      ? `it lacks ${missing} of the samples per channel that its header states`
      : `its last page or frame is cut, and samples after ${cutAt?.toFixed(3)} s are missing`
  warn('DSP_AUDIO_CUT_SHORT', `${isPath ? input : 'the input'} is cut short: ${lack}`, isPath ? input : undefined)
}
