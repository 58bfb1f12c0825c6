import type { Matrix } from '../matrix.js'
import type { FeatureReport, Figures } from './report.js'

/** How much each figure varies from one recording of speech to the next, at the same level and spread of our features. */
const UNITS = { mean: 0.25, std: 0.2, difference: 0.25 }
/** The same for a correlation, as a part of what it lacks to 1. */
const CORRELATION_UNIT = 0.2
/** A correlation is not told more exactly than this. */
const CORRELATION_LEAST = 0.01
/** The same for the worst bins: what they may lack of the largest difference. */
const WORST_UNIT = 0.1

/** The figures of two matrices with as many bins, over the frames that both have. */
export function figuresOf(ours: Matrix, theirs: Matrix, width: number): Figures & { readonly profile: Float64Array } {
  const { bins } = ours
  const n = Math.min(ours.data.length, theirs.data.length)
  const profile = new Float64Array(bins)
  let [sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0]
  for (let i = 0, bin = 0; i < n; i++) {
    const x = ours.data[i]!
    const y = theirs.data[i]!
    sx += x
    sy += y
    sxx += x * x
    syy += y * y
    sxy += x * y
    profile[bin]! += Math.abs(y - x)
    if (++bin === bins) bin = 0
  }
  const [vx, vy] = [Math.max(0, sxx / n - (sx / n) ** 2), Math.max(0, syy / n - (sy / n) ** 2)]
  for (let bin = 0; bin < bins; bin++) profile[bin]! /= n / bins
  return {
    oursMean: sx / n,
    oursStd: Math.sqrt(vx),
    theirsMean: sy / n,
    theirsStd: Math.sqrt(vy),
    correlation: vx > 0 && vy > 0 ? (sxy / n - (sx / n) * (sy / n)) / Math.sqrt(vx * vy) : 0,
    difference: profile.reduce((sum, x) => sum + x, 0) / bins,
    worstBins: worstOf(profile, Math.min(width, bins)),
    profile,
  }
}

/** The neighbouring bins, so many, whose sum is largest. */
function worstOf(profile: Float64Array, width: number): [number, number] {
  let [best, first] = [Number.NEGATIVE_INFINITY, 0]
  for (let from = 0; from + width <= profile.length; from++) {
    let sum = 0
    for (let bin = from; bin < from + width; bin++) sum += profile[bin]!
    if (sum > best) [best, first] = [sum, from]
  }
  return [first, first + width - 1]
}

/** The smallest of some misses, each of them the largest of a list. */
const nearest = (...lists: number[][]) => Math.min(...lists.map((list) => Math.max(...list.map(Math.abs))))

/** How far simulated figures are from the reported ones, each in its unit; figures that were not reported are left out. */
export function missesOf(report: FeatureReport, figures: Figures & { readonly profile: Float64Array }): number[] {
  const { ours, theirs, correlation, difference, worstBins } = report
  const misses: number[] = []
  const add = (reported: number | undefined, simulated: number, unit: number) => {
    if (reported !== undefined) misses.push(Math.abs(simulated - reported) / unit)
  }
  // A recording may be further from typical speech than any setting: what counts is how the two sides differ.
  if (ours.mean !== undefined && theirs.mean !== undefined) {
    const apart = figures.theirsMean - figures.oursMean - (theirs.mean - ours.mean)
    const each = [figures.oursMean - ours.mean, figures.theirsMean - theirs.mean]
    misses.push(nearest([apart], each) / UNITS.mean)
  } else {
    add(ours.mean, figures.oursMean, UNITS.mean)
    add(theirs.mean, figures.theirsMean, UNITS.mean)
  }
  if (ours.std !== undefined && theirs.std !== undefined) {
    const apart = figures.theirsStd - figures.oursStd - (theirs.std - ours.std)
    const ratio = ours.std * figures.theirsStd - theirs.std * figures.oursStd
    const each = [figures.oursStd - ours.std, figures.theirsStd - theirs.std]
    misses.push(nearest([apart], [ratio / Math.max(figures.oursStd, 1e-3)], each) / UNITS.std)
  } else {
    add(ours.std, figures.oursStd, UNITS.std)
    add(theirs.std, figures.theirsStd, UNITS.std)
  }
  if (correlation !== undefined)
    add(
      correlation,
      figures.correlation,
      Math.max(CORRELATION_LEAST, CORRELATION_UNIT * (1 - Math.max(0, correlation))),
    )
  if (difference !== undefined) {
    // People give the mean of the absolute difference, or the difference of the means.
    const means = Math.abs(figures.theirsMean - figures.oursMean)
    misses.push(Math.min(Math.abs(means - difference), Math.abs(figures.difference - difference)) / UNITS.difference)
  }
  if (worstBins !== undefined && worstBins[1] < figures.profile.length) {
    const mean = ([from, to]: readonly [number, number]) =>
      figures.profile.slice(from, to + 1).reduce((sum, x) => sum + x, 0) / (to + 1 - from)
    // Bins near the middle of all differ as much as most: that they are the worst is told from the spread.
    const apart = Math.max(...figures.profile) - Math.min(...figures.profile)
    misses.push((mean(figures.worstBins) - mean(worstBins)) / (WORST_UNIT * (apart + 0.5)))
  }
  return misses
}

/** Root mean square. */
export const rms = (values: readonly number[]): number =>
  values.length === 0 ? 0 : Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length)
