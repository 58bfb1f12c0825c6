import type { CauseId } from '../cause.js'
import { count, either } from './numbers.js'
import type { Candidate, Fault, FeatureReport, Figures, Statement } from './report.js'
import { partsOf, type Simulated } from './search.js'

/** Pairs that are told in sentences. */
const TOLD = 5

/** `their mel-scale setting is Slaney, not HTK`. */
export function faultInWords({ id, side, ours, theirs }: Fault): string {
  if (id === 'sample-scale') return `their samples are ${theirs}`
  const [whose, is, said] = side === 'theirs' ? ['their', theirs, ours] : ['our', ours, theirs]
  if (id === 'decoder-delay' || id === 'time-shift') return `${whose} audio is ${is}`
  return `${whose} ${id} setting is ${is}, not ${said}`
}

/** What a candidate supposes, as one part of a sentence. */
export function supposed({ name, faults }: Candidate): string {
  if (name === undefined) return faults.map(faultInWords).join('; ')
  const isBeside = ({ id }: Fault) => id === 'sample-scale' || id === 'decoder-delay'
  const [beside, within] = [faults.filter(isBeside), faults.filter((fault) => !isBeside(fault))]
  const side = within[0]?.side ?? 'theirs'
  const settings = within.map(({ id }) => id)
  const differs = settings.length === 0 ? '' : ` (so that what is claimed does not hold for ${either(settings, 'and')})`
  return [`${side} are ${name}${differs}`, ...beside.map(faultInWords)].join('; ')
}

/** A figure list for those that were reported. */
export function figuresInWords(report: FeatureReport, figures: Figures): string {
  const parts: string[] = []
  if (report.ours.mean !== undefined || report.theirs.mean !== undefined)
    parts.push(`means ${figures.oursMean.toFixed(2)} and ${figures.theirsMean.toFixed(2)}`)
  if (report.ours.std !== undefined || report.theirs.std !== undefined)
    parts.push(`deviations ${figures.oursStd.toFixed(2)} and ${figures.theirsStd.toFixed(2)}`)
  if (report.correlation !== undefined) parts.push(`correlation ${figures.correlation.toFixed(2)}`)
  if (report.worstBins !== undefined) parts.push(`worst bins ${figures.worstBins.join('-')}`)
  if (parts.length === 0) parts.push(`a mean absolute difference of ${figures.difference.toFixed(2)}`)
  return parts.join(', ')
}

const NUMBERS = ['No', 'One', 'Two', 'Three']
const causesOf = (candidates: readonly Candidate[]): CauseId[] => [
  ...new Set(candidates.flatMap(({ faults }) => faults.map(({ id }) => id))),
]

/** What the simulation makes likely. */
export function likelyOf(report: FeatureReport, { candidates, asClaimed }: Simulated): Statement[] {
  const statements: Statement[] = []
  if (asClaimed.fits) {
    return [
      {
        sentence:
          'With both front ends as they are claimed, typical speech gives the reported figures: they show no difference.',
        causes: [],
      },
    ]
  }
  statements.push({
    sentence: `The settings differ from what is claimed, or the audio does: as claimed, typical speech gives ${figuresInWords(report, asClaimed.figures)}.`,
    causes: [],
  })
  const fitting = candidates.filter(({ fits }) => fits)
  const singles = fitting.filter((candidate) => partsOf(candidate) === 1)
  if (singles.length > 0) {
    for (const candidate of singles.slice(0, TOLD))
      statements.push({
        sentence: `One change gives ${figuresInWords(report, candidate.figures)}: ${supposed(candidate)}.`,
        causes: causesOf([candidate]),
      })
    return statements
  }
  const nearest = candidates.find((candidate) => partsOf(candidate) === 1)
  const single =
    nearest === undefined ? '' : `; the nearest is ${supposed(nearest)}: ${figuresInWords(report, nearest.figures)}`
  statements.push({
    sentence: `Neither the change of a single setting nor a known front end gives the reported figures${single}.`,
    causes: [],
  })
  if (fitting.length === 0) {
    const [best] = candidates
    const sentence =
      best === undefined
        ? 'No pair of changes gives them, either.'
        : `No pair of changes gives them, either. The nearest is ${supposed(best)}: ${figuresInWords(report, best.figures)}.`
    statements.push({ sentence, causes: best === undefined ? [] : causesOf([best]) })
    return statements
  }
  const inAll = causesOf(fitting).filter((id) => fitting.every(({ faults }) => faults.some((fault) => fault.id === id)))
  if (fitting.length > 1 && inAll.length > 0)
    statements.push({
      sentence: `All ${count(fitting.length)} explanations that give the figures have ${either(inAll, 'and')} in them.`,
      causes: inAll,
    })
  for (const candidate of fitting.slice(0, TOLD))
    statements.push({
      sentence: `${NUMBERS[partsOf(candidate)]!} changes give ${figuresInWords(report, candidate.figures)}: ${supposed(candidate)}.`,
      causes: causesOf([candidate]),
    })
  return statements
}

const THREE = 'other sets of three faults than a scale and a delay with one more were not tried'
const dB = (ratio: number) => `${(20 * Math.log10(ratio)).toFixed(0)} dB`

/** What the figures leave open. */
export function openOf(report: FeatureReport, simulated: Simulated, delay: number): Statement[] {
  const { scenes, unseen, candidates } = simulated
  const open: Statement[] = []
  const { level, snr, isMet } = scenes.ours
  if (report.ours.mean === undefined)
    open.push({
      sentence: `Nothing tells the level of the recording; ${dB(level)} of full scale was assumed. Floors and dither depend on it.`,
      causes: ['log-floor', 'dither', 'sample-scale'],
    })
  else
    open.push({
      sentence: `The recording is unknown. If ours is what it claims, it is speech at ${dB(level)} of full scale with noise ${snr.toFixed(0)} dB below; if theirs is, at ${dB(scenes.theirs.level)} and ${scenes.theirs.snr.toFixed(0)} dB. Floors and dither depend on that level.`,
      causes: ['sample-scale', 'log-floor', 'dither'],
    })
  if (!isMet)
    open.push({
      sentence: `No typical speech gives our mean and deviation with the claimed settings: our front end is not what is claimed, or the recording is not speech.`,
      causes: [],
    })
  if (delay !== 0)
    open.push({
      sentence: `The counts do not say where the ${count(Math.abs(delay))} samples are: at the start they shift everything, at the end they change nothing but the count.`,
      causes: ['decoder-delay'],
    })
  const fitting = candidates.filter(({ fits }) => fits)
  if (fitting.length > 1)
    open.push({
      sentence: `These figures cannot tell ${fitting.length === candidates.length ? 'at least ' : ''}${count(fitting.length)} of the simulated explanations apart, and ${THREE}.`,
      causes: [],
    })
  else open.push({ sentence: `${THREE[0]!.toUpperCase()}${THREE.slice(1)}.`, causes: [] })
  if (unseen.length > 0) {
    const byId = groupById(unseen)
    const names = [...byId].map(([id, faults]) => `${id} (${faults.map(({ theirs }) => theirs).join('; ')})`)
    open.push({ sentence: `Too small to show in any of the figures: ${names.join(', ')}.`, causes: [...byId.keys()] })
  }
  open.push({
    sentence:
      'The two matrices would tell most of this (`dsp diagnose --ours A.npy --reference B.npy`), and with the audio it can be proven (`dsp diagnose AUDIO B.npy`).',
    causes: [],
  })
  return open
}

function groupById(faults: readonly Fault[]): Map<CauseId, Fault[]> {
  const groups = new Map<CauseId, Fault[]>()
  for (const fault of faults) groups.set(fault.id, [...(groups.get(fault.id) ?? []), fault])
  return groups
}
