export {
  type Bootstrap,
  type BootstrapOptions,
  bootstrapSpeakers,
  type Interval,
  pairedDifference,
  type ScoredTrials,
} from './bootstrap.js'
export {
  type CostOptions,
  type DetCurve,
  detCorners,
  detCurve,
  equalErrorRate,
  minimumCost,
  type OperatingPoint,
  probit,
} from './metrics.js'
export { type NormalizeOptions, normalizeScores } from './normalize.js'
export {
  cosineScores,
  type Embeddings,
  formatScores,
  parseScores,
  readScores,
  writeScores,
} from './scores.js'
export { formatTrials, parseTrials, readTrials, type TrialList, type TrialOptions } from './trials.js'
