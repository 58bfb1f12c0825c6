import { throwIfAborted } from '@dsp/signal'
import { differences } from '../cause-fields.js'
import type { FrontEnd } from '../front-end.js'
import { type Energies, earlyKey } from '../late.js'
import type { Matrix } from '../matrix.js'
import { describeSetting } from '../words/describe.js'
import { type Change, type CountFacts, changesOf, knownChanges } from './faults.js'
import { figuresOf, missesOf, rms } from './measure.js'
import { either } from './numbers.js'
import type { Candidate, Fault, FeatureReport, Figures } from './report.js'
import { gainFor, late, type Scene, sceneFor, voicesAt } from './simulate.js'

/** Which side a fault is in. */
type Side = 'ours' | 'theirs'

/** Some changes to one side, and whether its samples are scaled so that its mean comes out. */
interface Trial {
  readonly side: Side
  readonly changes: readonly Change[]
  readonly isScaled: boolean
}

type Profiled = Figures & { readonly profile: Float64Array }

/** What a trial gave. */
interface Outcome {
  readonly trial: Trial
  readonly figures: Profiled
  /** The gain of the side's samples that was found, 1 if none was looked for. */
  readonly gain: number
  readonly misses: readonly number[]
}

/** What the simulation found. */
export interface Simulated {
  readonly candidates: readonly Candidate[]
  /** Figures if both sides are what they claim. */
  readonly asClaimed: Candidate
  /** Changes of one setting that no figure shows. */
  readonly unseen: readonly Fault[]
  readonly scenes: Readonly<Record<Side, Scene>>
  readonly tried: number
}

/** Trials whose energies are extracted at once. */
const AT_ONCE = 32
/** Of so many frames, one is looked at first. */
const FIRST_STEP = 3
/** Trials that are repeated with all frames and other voices. */
const REFINED = 40
/** Candidates of a report. */
const SHOWN = 20
/** A scale within this part of 1 is none. */
const NO_SCALE = 0.05
/** Figures within this many units of the reported ones are met. */
const MET = 2
/** Changes that move no figure by more than this many units are not seen. */
const UNSEEN = 0.25
/** How much better a pair must be than a single fault to come before it, in units. */
const PER_FAULT = 0.3

const other = (side: Side): Side => (side === 'ours' ? 'theirs' : 'ours')

const keyOf = (frontEnd: FrontEnd) => `${earlyKey(frontEnd)} ${String(frontEnd.dither)}`

/** One voice at the level of one side, against which the other side is changed. */
class Stage {
  readonly reference: Matrix
  readonly #frames: Uint32Array
  readonly #energies = new Map<string, Energies | undefined>()

  constructor(
    readonly report: FeatureReport,
    readonly scene: Scene,
    readonly side: Side,
    readonly claimed: Readonly<Record<Side, FrontEnd>>,
    step: number,
  ) {
    const most = Math.min(scene.sound.frames(claimed.ours), scene.sound.frames(claimed.theirs)) - 2
    this.#frames = Uint32Array.from({ length: Math.max(1, Math.floor(most / step)) }, (_, i) => i * step)
    this.reference = late(scene.sound.energies(claimed[other(side)], this.#frames), claimed[other(side)])
  }

  frontEnd(trial: Trial): FrontEnd {
    return Object.assign({}, this.claimed[this.side], ...trial.changes.map(({ values }) => values)) as FrontEnd
  }

  async run(
    trials: readonly Trial[],
    signal: AbortSignal | undefined,
    onDone: (n: number) => void,
  ): Promise<Outcome[]> {
    const outcomes: Outcome[] = []
    for (let from = 0; from < trials.length; from += AT_ONCE) {
      throwIfAborted(signal)
      const part = trials.slice(from, from + AT_ONCE)
      const wanted = new Map(
        part
          .map((trial) => this.frontEnd(trial))
          .map((frontEnd) => [keyOf(frontEnd), frontEnd] as const)
          .filter(([key]) => !this.#energies.has(key)),
      )
      const found = await this.scene.sound.energiesOfMany([...wanted.values()], this.#frames, signal)
      for (const [i, key] of [...wanted.keys()].entries()) this.#energies.set(key, found[i])
      for (const trial of part) {
        const outcome = this.#outcome(trial)
        if (outcome !== undefined) outcomes.push(outcome)
      }
      // Pairs share little but what single changes need.
      if (this.#energies.size > 256) this.#energies.clear()
      onDone(part.length)
    }
    return outcomes
  }

  #outcome(trial: Trial): Outcome | undefined {
    const frontEnd = this.frontEnd(trial)
    const energies = this.#energies.get(keyOf(frontEnd))
    if (energies === undefined || energies.frames === 0) return undefined
    let gain = 1
    if (trial.isScaled) {
      const mean = this.report[this.side].mean
      const isLost = frontEnd.normalisation !== 'none' && frontEnd.normalisation !== 'whisper'
      if (mean === undefined || isLost || frontEnd.log === 'none') return undefined
      gain = gainFor(energies, frontEnd, mean, [1e-7, 1e7])
      if (Math.abs(gain - 1) < NO_SCALE) return undefined
    }
    const changed = late(energies, { ...frontEnd, gain: frontEnd.gain * gain })
    if (!changed.data.every(Number.isFinite)) return undefined
    const [first, last] = this.report.worstBins ?? [0, 4]
    const [ours, theirs] = this.side === 'theirs' ? [this.reference, changed] : [changed, this.reference]
    const figures = figuresOf(ours, theirs, last - first + 1)
    return { trial, figures, gain, misses: missesOf(this.report, figures) }
  }
}

/** How bad an outcome is: its misfit, and something for each fault. */
const badness = ({ misses, trial }: Outcome) =>
  rms(misses) + PER_FAULT * (trial.changes.length + Number(trial.isScaled))

/**
 * Tries every change of one setting, and every pair, on either side.
 * @param report - The report.
 * @param claimed - The front ends that both claim.
 * @param facts - What the counts leave open.
 * @param sampleRate - The rate of the recording in Hz.
 * @param signal - Stops it.
 * @param onProgress - Is told how many of how many trials are done.
 */
export async function simulate(
  report: FeatureReport,
  claimed: Readonly<Record<Side, FrontEnd>>,
  facts: Readonly<Record<Side, CountFacts>>,
  sampleRate: number,
  signal?: AbortSignal,
  onProgress?: (progress: { tried: number; of: number }) => void,
): Promise<Simulated> {
  const voices = voicesAt(sampleRate)
  const sides = ['theirs', 'ours'] as const
  const scenes = sides.map((side) => voices.map((voice) => sceneFor(voice, claimed[other(side)], report[other(side)])))
  const stageOf = (i: number, voice: number, step: number) =>
    new Stage(report, scenes[i]![voice]!, sides[i]!, claimed, step)
  let [tried, of] = [0, 0]
  const done = (n: number) => {
    tried += n
    onProgress?.({ tried, of: Math.max(of, tried) })
  }
  try {
    const outcomes: Outcome[] = []
    const unseen: Fault[] = []
    let asClaimed: Outcome | undefined
    for (const [i, side] of sides.entries()) {
      const stage = stageOf(i, 0, FIRST_STEP)
      const changes = changesOf(claimed[side], facts[side])
      // Where the counts make a delay likely, it may be one fault more.
      const delay = changes.filter(({ id }) => id === 'decoder-delay')
      const none = { side, changes: [], isScaled: false }
      const singles = [none, ...changes.map((change) => ({ side, changes: [change], isScaled: false }))]
      const scaled = singles.map((trial) => ({ ...trial, isScaled: true }))
      of += (singles.length * singles.length) / 3
      const single = await stage.run(singles, signal, done)
      const base = single.find(({ trial }) => trial.changes.length === 0)
      if (base === undefined) continue
      asClaimed ??= base
      // A change that shows in no figure shows in no pair, either.
      const shows = single.filter((outcome) => outcome !== base && distance(report, base, outcome) > UNSEEN)
      if (side === 'theirs')
        for (const outcome of single)
          if (outcome !== base && !shows.includes(outcome)) unseen.push(faultsOf(outcome, claimed)[0]!)
      const seen = shows.map(({ trial }) => trial.changes[0]!)
      const pairs = seen.flatMap((a, k) =>
        seen
          .slice(k + 1)
          .filter((b) => b.id !== a.id)
          .map((b) => ({ side, changes: [a, b], isScaled: false })),
      )
      const known = knownChanges(claimed[side], facts[side]).flatMap((change) => [[change], [change, ...delay]])
      const delayed = seen.filter(({ id }) => id !== 'decoder-delay').map((change) => [...delay, change])
      const more = [...known, ...(delay.length > 0 ? delayed : [])].flatMap((changes) => [
        ...(changes.length < 2 ? [{ side, changes, isScaled: false }] : []),
        { side, changes, isScaled: true },
      ])
      for (const trials of [scaled, pairs, more]) outcomes.push(...(await stage.run(trials, signal, done)))
      outcomes.push(...single)
    }
    const best = outcomes.filter(({ trial }) => trial.changes.length > 0 || trial.isScaled)
    best.sort((a, b) => badness(a) - badness(b))
    const refined: Candidate[] = []
    for (const [i, side] of sides.entries()) {
      const trials = best
        .slice(0, REFINED)
        .map(({ trial }) => trial)
        .filter((trial) => trial.side === side)
      const runs = []
      for (const voice of voices.keys()) runs.push(await stageOf(i, voice, 1).run(trials, signal, done))
      for (const trial of trials) {
        const each = runs.flatMap((run) => run.filter((outcome) => outcome.trial === trial))
        if (each.length > 0) refined.push(candidateOf(report, each, claimed))
      }
    }
    const rank = (candidate: Candidate) => candidate.misfit + PER_FAULT * partsOf(candidate)
    refined.sort((a, b) => rank(a) - rank(b))
    return {
      candidates: refined.slice(0, SHOWN),
      asClaimed: candidateOf(report, [asClaimed!], claimed),
      unseen,
      scenes: { ours: scenes[0]![0]!, theirs: scenes[1]![0]! },
      tried,
    }
  } finally {
    for (const { sound } of scenes.flat()) sound.close()
  }
}

/** How many things a candidate supposes; a named front end is one. */
export const partsOf = ({ name, faults }: Candidate): number =>
  name === undefined
    ? faults.length
    : 1 + faults.filter(({ id }) => id === 'sample-scale' || id === 'decoder-delay').length

/** How far the figures of two outcomes are apart, in the units of the reported ones. */
function distance(report: FeatureReport, a: Outcome, b: Outcome): number {
  const { oursMean, oursStd, theirsMean, theirsStd, correlation, difference } = a.figures
  const like: FeatureReport = {
    ours: { mean: oursMean, std: oursStd },
    theirs: { mean: theirsMean, std: theirsStd },
    correlation,
    difference,
    ...(report.worstBins === undefined ? {} : { worstBins: a.figures.worstBins }),
  }
  return Math.max(...missesOf(like, b.figures).slice(0, 4))
}

/** The faults of an outcome, in words. */
function faultsOf(
  { trial, gain }: Pick<Outcome, 'trial' | 'gain'>,
  claimed: Readonly<Record<Side, FrontEnd>>,
): Fault[] {
  const { side, changes, isScaled } = trial
  const faults = changes.flatMap(({ id, values }) => {
    const is: FrontEnd = { ...claimed[side], ...values }
    const said = claimed[other(side)]
    const ids = typeof id === 'string' ? [id] : differences(said, is).map((difference) => difference.id)
    return ids.map((one): Fault => {
      const [ours, theirs] = (side === 'theirs' ? [said, is] : [is, said]).map((frontEnd) =>
        describeSetting(one, frontEnd),
      )
      return { id: one, side, ours: ours!, theirs: theirs! }
    })
  })
  if (!isScaled) return faults
  const factor = side === 'theirs' ? gain : 1 / gain
  return [{ id: 'sample-scale', side, ours: 'samples as they are', theirs: scaleInWords(factor) }, ...faults]
}

/** Factors that have a name, of amplitude. */
const NAMED: readonly [factor: number, name: string][] = [
  [32768, 'int16 values'],
  ...[400, 512, 1024].flatMap((n): [number, string][] => [
    [1 / Math.sqrt(n), `a power divided by ${String(n)}`],
    [1 / n, `an amplitude divided by ${String(n)}`],
  ]),
]

/** A factor of the samples, and what has about that size: means of typical speech tell it to some 15 %. */
export function scaleInWords(factor: number): string {
  const isNear = (x: number) => Math.abs(Math.log(x)) < 0.15
  const near = NAMED.flatMap(([named, name]) => {
    if (isNear(factor / named)) return [name]
    return isNear(factor * named) ? [`${name} in ours`] : []
  })
  return `${factor.toPrecision(3)} times ours${near.length === 0 ? '' : `, about as with ${either(near)}`}`
}

/** The mean of what voices gave, as a candidate. */
function candidateOf(
  report: FeatureReport,
  each: readonly Outcome[],
  claimed: Readonly<Record<Side, FrontEnd>>,
): Candidate {
  const mean = (value: (outcome: Outcome) => number) =>
    each.reduce((sum, outcome) => sum + value(outcome), 0) / each.length
  const [first] = each as [Outcome]
  const profile = first.figures.profile.map((_, bin) => mean(({ figures }) => figures.profile[bin]!))
  const width = first.figures.worstBins[1] - first.figures.worstBins[0] + 1
  let worst = first.figures.worstBins
  let best = Number.NEGATIVE_INFINITY
  for (let from = 0; from + width <= profile.length; from++) {
    const sum = profile.slice(from, from + width).reduce((s, x) => s + x, 0)
    if (sum > best) [best, worst] = [sum, [from, from + width - 1]]
  }
  const figures: Figures = {
    oursMean: mean(({ figures }) => figures.oursMean),
    oursStd: mean(({ figures }) => figures.oursStd),
    theirsMean: mean(({ figures }) => figures.theirsMean),
    theirsStd: mean(({ figures }) => figures.theirsStd),
    correlation: mean(({ figures }) => figures.correlation),
    difference: mean(({ figures }) => figures.difference),
    worstBins: worst,
  }
  const misses = missesOf(report, { ...figures, profile })
  const gain = Math.exp(mean((outcome) => Math.log(outcome.gain)))
  const known = first.trial.changes.find(({ id }) => typeof id !== 'string')?.id as { name: string } | undefined
  return {
    ...known,
    faults: faultsOf({ trial: first.trial, gain }, claimed),
    figures,
    misfit: rms(misses),
    fits: misses.length > 0 && misses.every((miss) => miss <= MET),
  }
}
