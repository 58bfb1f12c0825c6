import type { FrontEnd } from '../front-end.js'
import { frontEndOf } from '../kinds.js'
import type { ReportedSide } from './report.js'

/** Bins of a side that does not say how many it has. */
const USUAL_BINS = 80

/**
 * The front end that one side claims: what it says, and for the rest torchaudio's `fbank` at the side's rate.
 * @param side - The side of a report.
 */
export function claimedFrontEnd(side: ReportedSide): FrontEnd {
  const claimed = side.frontEnd ?? {}
  const numMelBins = claimed.numBins ?? side.bins ?? USUAL_BINS
  const base = frontEndOf('fbank', { numMelBins }, claimed.sampleRate ?? 16000)
  const frameLength = claimed.frameLength ?? base.frameLength
  return { ...base, fftLength: 2 ** Math.ceil(Math.log2(frameLength)), ...claimed }
}
