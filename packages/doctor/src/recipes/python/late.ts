import type { FrontEnd } from '../../front-end.js'
import { type Core, hasEnergy, number } from './values.js'

const LOGS = {
  ln: 'np.log(features)',
  log2: 'np.log2(features)',
  log10: 'np.log10(features)',
  dB: '10 * np.log10(features)',
  'dB-amplitude': '20 * np.log10(features)',
} as const
/** What the natural logarithm is multiplied by. */
const SLOPES = {
  none: '',
  ln: '',
  log2: ' / np.log(2)',
  log10: ' / np.log(10)',
  dB: ' * 10 / np.log(10)',
  'dB-amplitude': ' * 20 / np.log(10)',
} as const

/** `topDb` in the unit of the logarithm. */
function range({ log }: FrontEnd, topDb: number): string {
  switch (log) {
    case 'ln':
      return `${number(topDb / 10)} * np.log(10)`
    case 'log2':
      return `${number(topDb / 10)} * np.log2(10)`
    case 'log10':
      return number(topDb / 10)
    default:
      return number(topDb)
  }
}

function floorLines({ floorType, floor, log }: FrontEnd): string[] {
  if (floorType === 'max') return [`features = np.maximum(features, ${number(floor)})`]
  if (floorType === 'add') return [`features = features + ${number(floor)}`]
  return log === 'none' ? [] : ['features = np.maximum(features, 5e-324)']
}

function limitLines(frontEnd: FrontEnd): string[] {
  const { topDb, log } = frontEnd
  if (topDb === null || log === 'none') return []
  return [`features = np.maximum(features, features.max() - ${range(frontEnd, topDb)})`]
}

function energyLines(frontEnd: FrontEnd): string[] {
  const floor = number(Math.max(frontEnd.energyFloor, 2 ** -23))
  return [`energy = np.log(np.maximum(energy, ${floor}))${SLOPES[frontEnd.log]}`]
}

function columnLines({ energyColumn }: FrontEnd): string[] {
  switch (energyColumn) {
    case 'none':
      return []
    case 'c0':
      return ['features[:, 0] = energy']
    case 'first':
      return ['features = np.column_stack([energy, features])']
    case 'last':
      return ['features = np.column_stack([features, energy])']
  }
}

/** The cosine transform and its lifter. */
function cepstralLines({ numCeps, numBins, dctType, dctOrtho, lifter, lifterType }: FrontEnd): string[] {
  if (numCeps === 0) return []
  const count = numBins === 0 ? numCeps : Math.min(numCeps, numBins)
  const norm = dctOrtho ? ", norm='ortho'" : ''
  const places = lifterType === 'kaldi' ? `np.arange(${count})` : `np.arange(1, ${count + 1})`
  return [
    `features = scipy.fft.dct(features, type=${dctType}${norm}, axis=1)[:, :${count}]`,
    ...(lifter === 0
      ? []
      : [`features = features * (1 + ${number(lifter / 2)} * np.sin(np.pi * ${places} / ${number(lifter)}))`]),
  ]
}

/** Kaldi's add-deltas. */
function deltaLines({ deltas }: FrontEnd): string[] {
  if (deltas === 0) return []
  return [
    'static, scales = features, np.ones(1)',
    `for _ in range(${deltas}):  # as Kaldi's add-deltas`,
    '    scales = np.convolve(scales, np.arange(-2, 3) / 10)',
    '    half = len(scales) // 2',
    "    padded = np.pad(static, ((half, half), (0, 0)), mode='edge')",
    '    delta = sum(scale * padded[i : i + len(static)] for i, scale in enumerate(scales))',
    '    features = np.hstack([features, delta])',
  ]
}

function normalisationLines({ normalisation, normalisationDdof: ddof, normalisationTimes: times }: FrontEnd): string[] {
  const axis = normalisation === 'all-features' ? '' : 'axis=0'
  // numpy would divide by zero frames where there is only one.
  const deviation = `np.sqrt(((features - mean) ** 2).sum(${axis}) / max(1, ${axis ? 'len(features)' : 'features.size'} - ${ddof}))`
  const lines = {
    none: [],
    mean: ['features = features - features.mean(axis=0)'],
    'per-feature': [`mean = features.mean(${axis})`, `features = (features - mean) / (${deviation} + 1e-5)`],
    'all-features': [`mean = features.mean(${axis})`, `features = (features - mean) / (${deviation} + 1e-5)`],
    whisper: ['features = (features + 4) / 4'],
  }[normalisation]
  return new Array<string[]>(times).fill(lines).flat()
}

/** Modules of what follows a core. */
export function lateImports({ numCeps }: FrontEnd, { gives }: Core): string[] {
  return numCeps > 0 && gives !== 'cepstra' ? ['import scipy.fft'] : []
}

/** From what a core gives to the features. */
export function lateLines(frontEnd: FrontEnd, { gives }: Core): string[] {
  const { dropLast, log } = frontEnd
  const isEnergies = gives === 'energies'
  const needsEnergy = isEnergies && hasEnergy(frontEnd)
  return [
    ...(dropLast ? ['features = features[:-1]', ...(needsEnergy ? ['energy = energy[:-1]'] : [])] : []),
    ...(isEnergies ? floorLines(frontEnd) : []),
    ...(isEnergies && log !== 'none' ? [`features = ${LOGS[log]}`] : []),
    ...(gives === 'cepstra' ? [] : [...limitLines(frontEnd), ...cepstralLines(frontEnd)]),
    ...(needsEnergy ? [...energyLines(frontEnd), ...columnLines(frontEnd)] : []),
    ...deltaLines(frontEnd),
    ...normalisationLines(frontEnd),
  ]
}
