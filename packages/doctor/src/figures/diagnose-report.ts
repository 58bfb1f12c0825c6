import { throwIfAborted } from '@dsp/signal'
import type { CauseId } from '../cause.js'
import type { FrontEnd } from '../front-end.js'
import { sampleCounts } from './codec-frames.js'
import type { CountFacts } from './faults.js'
import { type FramingResult, framingOf } from './framing.js'
import { claimedFrontEnd } from './front-end.js'
import { either, kilohertz, plural } from './numbers.js'
import { checkReport, parseReport } from './parse.js'
import type { FeatureReport, ReportDiagnosis, Statement } from './report.js'
import { likelyOf, openOf } from './say.js'
import { simulate } from './search.js'

/** How {@link diagnoseReport} runs. */
export interface DiagnoseReportOptions {
  /** Stops it. */
  readonly signal?: AbortSignal
  /** Is told how many of about how many changes were simulated. */
  readonly onProgress?: (progress: { readonly tried: number; readonly of: number }) => void
}

/**
 * Says what can be said of two feature matrices of which only figures are known. Counts of samples and frames prove how each side was framed,
 * and whether a decoder gave more codec frames. Means, deviations, correlation and worst bins are then simulated: every change of one
 * setting, and every pair, on speech-like signals of the level and the noise at which the figures of the unchanged side come out.
 * @param report - The report, or its text for {@link parseReport}.
 * @param options - See {@link DiagnoseReportOptions}.
 * @returns What is proven, likely and open, in sentences with numbers, and the best candidates. It takes some seconds.
 * @throws `DspError` `ERR_DSP_ARGUMENT` for fields that are unknown or out of range, `ERR_DSP_ABORTED` if stopped.
 *
 * @example
 * ```ts
 * import { diagnoseReport } from '@dsp/doctor'
 * const { proven } = await diagnoseReport('ours: 16,000 samples, 98 frames; theirs: 16,000 samples, 100 frames')
 * proven[1].sentence.startsWith('Theirs: 100 frames from 16,000 samples') // => true
 * ```
 */
export async function diagnoseReport(
  report: FeatureReport | string,
  options: DiagnoseReportOptions = {},
): Promise<ReportDiagnosis> {
  const started = performance.now()
  const { signal, onProgress } = options
  throwIfAborted(signal)
  const checked = typeof report === 'string' ? parseReport(report) : checkReport(report)
  const [ours, theirs] = [claimedFrontEnd(checked.ours), claimedFrontEnd(checked.theirs)]
  const framings = { ours: framingOf('Ours', checked.ours, ours), theirs: framingOf('Theirs', checked.theirs, theirs) }
  const samples = sampleCounts(checked, ours.sampleRate)
  const claims = claimsOf(checked, ours, theirs)
  const proven = [...framings.ours.statements, ...framings.theirs.statements, ...samples.proven]
  const likely = [...samples.likely]
  const figures = [
    checked.ours.mean,
    checked.theirs.mean,
    checked.ours.std,
    checked.theirs.std,
    checked.correlation,
    checked.difference,
  ]
  const base = { notRead: checked.notRead ?? [] }
  const finish = (rest: Omit<ReportDiagnosis, 'notRead' | 'seconds' | 'proven'>): ReportDiagnosis => ({
    ...base,
    proven,
    ...rest,
    seconds: (performance.now() - started) / 1000,
  })
  if (figures.every((figure) => figure === undefined) && checked.worstBins === undefined) {
    const open = [
      ...claims,
      { sentence: 'The report has no figures of the values: nothing was simulated.', causes: [] },
    ]
    return finish({ likely, open, candidates: [], tried: 0 })
  }
  if (ours.numBins !== theirs.numBins) {
    const sentence = `Ours have ${String(ours.numBins)} bins and theirs ${String(theirs.numBins)}: nothing was simulated.`
    return finish({ likely, open: [...claims, { sentence, causes: ['num-bins'] }], candidates: [], tried: 0 })
  }
  const heavy = [ours, theirs].find(isHeavy)
  if (heavy !== undefined) {
    const sentence = `A rate of ${kilohertz(heavy.sampleRate)}, a hop of ${plural(heavy.frameShift, 'sample')}, a transform of ${String(heavy.fftLength)} or ${plural(heavy.numBins, 'bin')} is beyond what is simulated.`
    return finish({ likely, open: [...claims, { sentence, causes: [] }], candidates: [], tried: 0 })
  }
  const rate = samples.sourceRate ?? checked.source?.sampleRate ?? ours.sampleRate
  const factsOf = (framing: FramingResult, delay: number): CountFacts => ({
    framings: edgesOf(framing),
    delay,
    isResampled: rate !== ours.sampleRate,
  })
  const claimed = { ours: framed(ours, framings.ours, rate), theirs: framed(theirs, framings.theirs, rate) }
  const facts = { ours: factsOf(framings.ours, -samples.delay), theirs: factsOf(framings.theirs, samples.delay) }
  const simulated = await simulate(checked, claimed, facts, rate, signal, onProgress)
  return finish({
    likely: [...likely, ...likelyOf(checked, simulated)],
    open: [...claims, ...openOf(checked, simulated, samples.delay)],
    candidates: simulated.candidates,
    tried: simulated.tried,
  })
}

/** Whether a simulation would take minutes: no features of speech are like that. */
const isHeavy = ({ sampleRate, frameShift, fftLength, numBins }: FrontEnd): boolean =>
  sampleRate > 96_000 || sampleRate < 4000 || frameShift < sampleRate / 1000 || fftLength > 8192 || numBins > 512

type Edges = Pick<FrontEnd, 'padding' | 'dropLast'>

/** The ways of framing of a front end that counts allow. */
function edgesOf({ possible }: FramingResult): Edges[] | undefined {
  if (possible === undefined || possible.length === 0) return undefined
  return possible.flatMap((padding): Edges[] => {
    if (padding === 'ceil' || padding === 'fft') return []
    if (padding === 'floor') return [{ padding: 'constant', dropLast: true }]
    return [{ padding, dropLast: false }]
  })
}

/** A front end as it was claimed, but framed as its counts prove. */
function framed(frontEnd: FrontEnd, framing: FramingResult, rate: number): FrontEnd {
  const edges = edgesOf(framing)
  const isAllowed = edges?.some(
    ({ padding, dropLast }) => padding === frontEnd.padding && dropLast === frontEnd.dropLast,
  )
  const isResampled = rate !== frontEnd.sampleRate && frontEnd.resampler === 'none'
  return {
    ...frontEnd,
    ...(isAllowed === false ? edges![0] : {}),
    ...(isResampled ? { resampler: 'torchaudio' as const } : {}),
  }
}

/** Settings that both claim, and differently: they are differences already. */
function claimsOf({ ours, theirs }: FeatureReport, a: FrontEnd, b: FrontEnd): Statement[] {
  const keys = new Set([...Object.keys(ours.frontEnd ?? {}), ...Object.keys(theirs.frontEnd ?? {})]) as Set<
    keyof FrontEnd
  >
  const differing = [...keys].filter((key) => a[key] !== b[key])
  const assumed = [
    keys.has('sampleRate') ? '' : kilohertz(a.sampleRate),
    keys.has('frameShift') ? '' : `a hop of ${plural(a.frameShift, 'sample')}`,
    keys.has('frameLength') ? '' : `a window of ${plural(a.frameLength, 'sample')}`,
  ].filter((part) => part !== '')
  const statements: Statement[] = differing.map((key) => ({
    sentence: `The two do not claim the same ${key}: ${String(a[key])} in ours, ${String(b[key])} in theirs.`,
    causes: [] as CauseId[],
  }))
  if (assumed.length > 0)
    statements.push({
      sentence: `What the report does not say was assumed: ${either([...assumed, "torchaudio's fbank for all else"], 'and')}.`,
      causes: [],
    })
  return statements
}
