import type { FrontEnd } from '../front-end.js'

/** A setting that has any value. */
export interface Knob {
  readonly name:
    | 'signalPreemphasis'
    | 'framePreemphasis'
    | 'lowFreq'
    | 'highFreq'
    | 'vtlnWarp'
    | 'floor'
    | 'shift'
    | 'lifter'
    | 'gain'
    | 'dither'
  /** How far the first step goes where it is turned alone; of a ratio, in its natural logarithm; 0 where it never is. */
  readonly reach: number
  /** How far one step goes where it is fitted with others; 0 where it never is, for want of a slope. */
  readonly stride: number
  /** Settings that are whole numbers are not divided further. */
  readonly isWhole?: boolean
  readonly isRatio?: boolean
  readonly low: number
  readonly high: number
  /** Decimals, or steps, of values that people choose. */
  readonly nice: readonly number[]
}

/** The settings of a front end that have any value. */
export function knobs(frontEnd: FrontEnd): Knob[] {
  const nyquist = frontEnd.sampleRate / 2
  const all: Knob[] = [
    { name: 'shift', reach: 24, stride: 0, isWhole: true, low: -1e5, high: 1e5, nice: [] },
    { name: 'gain', reach: 0, stride: 1, isRatio: true, low: 1e-12, high: 1e12, nice: [] },
  ]
  for (const name of ['signalPreemphasis', 'framePreemphasis'] as const) {
    if (frontEnd[name] > 0)
      all.push({ name, reach: 0.03, stride: 0.05, low: 0, high: 1, nice: [0.05, 0.01, 0.005, 0.001] })
  }
  if (frontEnd.numBins > 0) {
    all.push({
      name: 'highFreq',
      reach: Math.min(400, nyquist / 10),
      stride: nyquist / 10,
      low: 500,
      high: nyquist,
      nice: [100, 50, 10, 5, 1],
    })
    all.push({ name: 'lowFreq', reach: 25, stride: 60, low: 0, high: nyquist / 2, nice: [20, 10, 5, 1] })
    if (frontEnd.vtlnWarp !== 1)
      all.push({ name: 'vtlnWarp', reach: 0.03, stride: 0.05, low: 0.5, high: 2, nice: [0.05, 0.01, 0.005] })
  }
  if (frontEnd.floorType !== 'none' && frontEnd.floor > 0)
    all.push({ name: 'floor', reach: 6, stride: 3, isRatio: true, low: 1e-30, high: 1e12, nice: [] })
  if (frontEnd.numCeps > 0 && frontEnd.lifter > 0)
    all.push({ name: 'lifter', reach: 3, stride: 4, low: 1, high: 200, nice: [1, 0.5] })
  if (frontEnd.dither > 0)
    all.push({ name: 'dither', reach: 0, stride: 1, isRatio: true, low: 1e-8, high: 1, nice: [] })
  return all
}
