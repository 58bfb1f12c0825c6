import { featureKind } from '@dsp/features'
import { type Difference, differences } from '../cause-fields.js'
import type { FrontEnd } from '../front-end.js'
import { type DiagnosableKind, frontEndOf } from '../kinds.js'
import { describeSetting } from '../words/describe.js'
import { isKaldiLog, isKaldiMfcc, missingOfBins } from './python/kaldi.js'
import { milliseconds, plain, powerOfTwo } from './python/values.js'
import { impossible, type Recipe } from './recipe.js'

type Options = Readonly<Record<string, number | boolean | string | null>>

/** A call of `extract`, with what is done before and after it. */
interface Call {
  readonly kind: DiagnosableKind
  readonly options: Options
  readonly before: readonly string[]
  readonly after: readonly string[]
  readonly imports: readonly string[]
  /** What is done before or after, in words. */
  readonly byHand: readonly string[]
  readonly missing: readonly string[]
}

function without(options: Options, defaults: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([name, value]) => defaults[name] !== value))
}

/** The rate of samples that are taken as they are: a recording at another one is then refused, not misread. */
function rateOf(name: string, { resampler, sampleRate }: FrontEnd): Options {
  return resampler === 'none' ? { [name]: sampleRate } : {}
}

function kaldiOptions(kind: 'fbank' | 'mfcc', frontEnd: FrontEnd): Options {
  const { frameLength, frameShift, sampleRate, triangles, melNorm, periodic, energyColumn } = frontEnd
  const window = frontEnd.window === 'hann' ? (periodic ? 'hann' : 'hanning') : frontEnd.window
  const isLibrosa = triangles !== 'mel'
  const nyquist = sampleRate / 2
  const frame: Options = {
    ...rateOf('sampleFrequency', frontEnd),
    frameLength: milliseconds(frameLength, sampleRate),
    frameShift: milliseconds(frameShift, sampleRate),
    snipEdges: frontEnd.padding === 'snip',
    roundToPowerOfTwo: frontEnd.fftLength === powerOfTwo(frameLength),
    windowType: window,
    preemphasisCoefficient: frontEnd.framePreemphasis,
    removeDcOffset: frontEnd.dcOffset === 'frame',
    dither: frontEnd.dither * Math.abs(frontEnd.gain),
    // Only where nothing follows that has to come first.
    subtractMean:
      frontEnd.normalisation === 'mean' && frontEnd.deltas === 0 && (kind === 'mfcc' || isKaldiLog(frontEnd)),
  }
  const bank: Options = {
    numMelBins: frontEnd.numBins,
    lowFreq: frontEnd.lowFreq,
    highFreq: frontEnd.highFreq === nyquist ? 0 : frontEnd.highFreq,
    vtlnWarp: frontEnd.vtlnWarp,
    isLibrosa,
    ...(isLibrosa
      ? {
          norm: melNorm === 'slaney' ? 'slaney' : 'none',
          useSlaneyMelScale: frontEnd.melScale === 'slaney',
          floorToIntBin: triangles === 'bins',
        }
      : {}),
    useEnergy: energyColumn !== 'none',
    ...(energyColumn === 'none'
      ? {}
      : { rawEnergy: frontEnd.rawEnergy, energyFloor: frontEnd.energyFloor, htkCompat: energyColumn === 'last' }),
  }
  const own: Options =
    kind === 'fbank'
      ? { useLogFbank: isKaldiLog(frontEnd), usePower: frontEnd.spectrum === 'power' }
      : { numCeps: frontEnd.numCeps, cepstralLifter: frontEnd.lifter }
  const defaults: Options = {
    frameLength: 25,
    frameShift: 10,
    snipEdges: true,
    roundToPowerOfTwo: true,
    windowType: 'povey',
    preemphasisCoefficient: 0.97,
    removeDcOffset: true,
    dither: 0,
    subtractMean: false,
    lowFreq: 20,
    highFreq: 0,
    vtlnWarp: 1,
    isLibrosa: false,
    norm: 'slaney',
    useSlaneyMelScale: true,
    floorToIntBin: false,
    useEnergy: false,
    rawEnergy: true,
    energyFloor: 1,
    htkCompat: false,
    useLogFbank: true,
    usePower: true,
    cepstralLifter: 22,
  }
  return without({ ...bank, ...frame, ...own }, defaults)
}

function librosaOptions(kind: 'mel' | 'mel-mfcc', frontEnd: FrontEnd): Options {
  const { padding, frameLength, fftLength, melNorm, sampleRate, periodic, window } = frontEnd
  const norm = { none: null, slaney: 'slaney', sum: 1 }[melNorm]
  const isCepstral = kind === 'mel-mfcc'
  const all: Options = {
    ...rateOf('sr', frontEnd),
    nFft: fftLength,
    hopLength: frontEnd.frameShift,
    winLength: frameLength === fftLength ? null : frameLength,
    window: periodic ? (window === 'rectangular' ? 'boxcar' : window) : 'hann',
    center: padding !== 'snip',
    padMode: padding === 'reflect' ? 'reflect' : 'constant',
    power: frontEnd.spectrum === 'power' ? 2 : 1,
    nMels: frontEnd.numBins,
    fmin: frontEnd.lowFreq,
    fmax: frontEnd.highFreq === sampleRate / 2 ? null : frontEnd.highFreq,
    htk: frontEnd.melScale === 'htk',
    triangles: frontEnd.triangles === 'mel' ? 'mel' : 'hertz',
    [isCepstral ? 'melNorm' : 'norm']: norm,
    ...(isCepstral ? { nMfcc: frontEnd.numCeps, dctType: frontEnd.dctType, lifter: frontEnd.lifter } : {}),
    ...(isCepstral && !frontEnd.dctOrtho ? { norm: null } : {}),
  }
  const defaults: Options = {
    nFft: 2048,
    hopLength: 512,
    winLength: null,
    window: 'hann',
    center: true,
    padMode: 'constant',
    power: 2,
    nMels: 128,
    fmin: 0,
    fmax: null,
    htk: false,
    triangles: 'hertz',
    [isCepstral ? 'melNorm' : 'norm']: 'slaney',
    nMfcc: 20,
    dctType: 2,
    lifter: 0,
  }
  return without(all, defaults)
}

function nemoOptions(frontEnd: FrontEnd): Options {
  const { sampleRate, frameLength, normalisation, window } = frontEnd
  const all: Options = {
    ...rateOf('sampleRate', frontEnd),
    features: frontEnd.numBins,
    nWindowSize: frameLength,
    nWindowStride: frontEnd.frameShift,
    nFft: frontEnd.fftLength === powerOfTwo(frameLength) ? null : frontEnd.fftLength,
    window: ['hann', 'hamming', 'blackman', 'bartlett'].includes(window) ? window : 'hann',
    preemph: frontEnd.signalPreemphasis === 0 ? null : frontEnd.signalPreemphasis,
    lowfreq: frontEnd.lowFreq,
    highfreq: frontEnd.highFreq === sampleRate / 2 ? null : frontEnd.highFreq,
    melNorm: frontEnd.melNorm === 'slaney' ? 'slaney' : null,
    magPower: frontEnd.spectrum === 'power' ? 2 : 1,
    log: frontEnd.log === 'ln',
    logZeroGuardType: frontEnd.floorType === 'max' ? 'clamp' : 'add',
    logZeroGuardValue: frontEnd.floorType === 'none' ? 2 ** -24 : frontEnd.floor,
    normalize:
      normalisation === 'per-feature' ? 'per_feature' : normalisation === 'all-features' ? 'all_features' : 'none',
    padTo: 0,
  }
  const defaults: Options = {
    nFft: null,
    window: 'hann',
    preemph: 0.97,
    lowfreq: 0,
    highfreq: null,
    melNorm: 'slaney',
    magPower: 2,
    log: true,
    logZeroGuardType: 'add',
    logZeroGuardValue: 2 ** -24,
    normalize: 'per_feature',
  }
  return without(all, defaults)
}

/** What is done before or after the call for a difference; undefined if nothing can be. */
interface Step {
  readonly before?: string
  readonly after?: string
  readonly imports?: string
}

const LOGS = {
  ln: 'Math.log(y)',
  log2: 'Math.log2(y)',
  log10: 'Math.log10(y)',
  dB: '10 * Math.log10(y)',
  'dB-amplitude': '20 * Math.log10(y)',
} as const

function logarithm({ log, floorType, floor, topDb }: FrontEnd): Step | undefined {
  if (log === 'none' || topDb !== null || floorType === 'none') return undefined
  const y = floorType === 'max' ? `Math.max(x, ${plain(floor)})` : `x + ${plain(floor)}`
  return {
    after: `features = tensor(features.data.map((x) => ${LOGS[log].replace('y', y)}), features.shape)`,
    imports: 'tensor',
  }
}

/** Nothing of these features comes after the logarithm. */
const isBare = ({ numCeps, energyColumn, normalisation }: FrontEnd): boolean =>
  numCeps === 0 && energyColumn === 'none' && normalisation === 'none'

function stepOf({ id }: Difference, from: FrontEnd, to: FrontEnd, isKaldi: boolean): Step | undefined {
  switch (id) {
    case 'channel':
    case 'resampler':
      return undefined
    case 'sample-scale':
    case 'fft-scaling':
    case 'polarity':
      return { before: `samples = samples.map((x) => ${plain(to.gain)} * x)` }
    case 'preemphasis':
      if (to.framePreemphasis !== from.framePreemphasis || from.signalPreemphasis !== 0 || to.preemphasisTimes !== 1)
        return undefined
      return { before: `samples = samples.map((x, i) => x - ${to.signalPreemphasis} * (samples[i - 1] ?? 0))` }
    case 'log':
    case 'log-floor':
      return from.log === 'none' && from.floorType === 'none' && isBare(from) ? logarithm(to) : undefined
    case 'deltas':
      if (!isKaldi || to.deltas === 0) return undefined
      return { after: `features = addDeltas(features, { order: ${to.deltas} })`, imports: 'addDeltas' }
    case 'normalisation':
      if (to.normalisation !== 'per-feature' || !isKaldi || from.normalisation !== 'none') return undefined
      return {
        after: new Array<string>(to.normalisationTimes)
          .fill(`features = normalizePerFeature(features, { ddof: ${to.normalisationDdof} })`)
          .join('\n'),
        imports: 'normalizePerFeature',
      }
    default:
      return undefined
  }
}

function callOf(kind: DiagnosableKind, options: Options, frontEnd: FrontEnd): Call {
  const bare = { kind, options, before: [], after: [], imports: [], byHand: [] }
  let from: FrontEnd
  try {
    from = frontEndOf(kind, options, frontEnd.sampleRate)
  } catch (error) {
    return { ...bare, missing: [(error as Error).message] }
  }
  // The samples are prepared by decodeAudio, which averages channels and resamples as torchaudio does.
  const { channel, resampler } = frontEnd
  const isDecoded = channel === 'mean' && (resampler === 'none' || resampler === 'torchaudio')
  // A Kaldi kind dithers in the unit of the samples that it sees, which are multiplied before.
  const dither = frontEnd.dither === 0 ? 0 : from.dither / Math.abs(frontEnd.gain)
  const seen = { ...from, ...(isDecoded ? { channel, resampler } : {}), dither }
  const isKaldi = kind === 'fbank' || kind === 'mfcc'
  const found = differences(seen, frontEnd)
  const steps = found.map((one) => ({ id: one.id, step: stepOf(one, from, frontEnd, isKaldi) }))
  const lines = (key: keyof Step) => [
    ...new Set(steps.flatMap(({ step }) => (step?.[key] === undefined ? [] : [step[key]]))),
  ]
  const words = (isDone: boolean) =>
    steps
      .filter(({ step }) => (step !== undefined) === isDone)
      .map(({ id }) => `${id}: ${describeSetting(id, frontEnd)}`)
  const missing = [...words(false), ...(isKaldi ? missingOfBins(frontEnd) : [])]
  return {
    kind,
    options,
    before: lines('before'),
    after: lines('after'),
    imports: lines('imports'),
    byHand: words(true),
    missing,
  }
}

function bestCall(frontEnd: FrontEnd): Call {
  const isMfcc = isKaldiMfcc(frontEnd)
  const calls = [
    callOf('whisper', { nMels: frontEnd.numBins, chunkLength: null }, frontEnd),
    callOf('fbank', kaldiOptions('fbank', frontEnd), frontEnd),
    ...(isMfcc ? [callOf('mfcc', kaldiOptions('mfcc', frontEnd), frontEnd)] : []),
    callOf('nemo', nemoOptions(frontEnd), frontEnd),
    callOf('mel', librosaOptions('mel', frontEnd), frontEnd),
    callOf('mel-mfcc', librosaOptions('mel-mfcc', frontEnd), frontEnd),
  ]
  const cost = ({ missing, before, after }: Call) => 100 * missing.length + before.length + after.length
  return calls.reduce((best, one) => (cost(one) < cost(best) ? one : best))
}

function literal(options: Options): string {
  const all = Object.entries(options).map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? `'${value}'` : value}`,
  )
  return all.length === 0 ? '{}' : `{ ${all.join(', ')} }`
}

function typescript({ kind, options, before, after, imports }: Call, { resampler, sampleRate }: FrontEnd): string {
  const kaldi = imports.filter((name) => name !== 'tensor')
  const rate = resampler === 'torchaudio' ? `, sampleRate: ${sampleRate}` : ''
  const opened = `await decodeAudio('speech.wav', { mono: true${rate} })`
  const body =
    before.length === 0
      ? [`const audio = ${opened}`]
      : [
          `const decoded = ${opened}`,
          'let samples = Float64Array.from(decoded.samples.data)',
          ...before,
          'const audio = { samples: tensor(samples), sampleRate: decoded.sampleRate }',
        ]
  const declaration = after.length === 0 ? 'const { values: features }' : 'let { values: features }'
  return [
    "import { decodeAudio } from '@dsp/audio'",
    "import { extract } from '@dsp/features'",
    ...(kaldi.length > 0 ? [`import { ${kaldi.join(', ')} } from '@dsp/mel-kaldi'`] : []),
    ...(before.length > 0 || imports.includes('tensor') ? ["import { tensor } from '@dsp/tensor'"] : []),
    '',
    ...body,
    `${declaration} = extract('${kind}', audio, ${literal(options)}) // [${featureKind(kind).orientation.join(', ')}]${kind === 'nemo' ? ', the last frame is padding' : ''}`,
    ...after,
  ].join('\n')
}

function command({ kind, options }: Call, { resampler, sampleRate }: FrontEnd): string {
  const set = Object.entries(options).map(([name, value]) => `--set ${name}=${value}`)
  const rate = resampler === 'torchaudio' ? [`--rate ${sampleRate}`] : []
  return ['dsp features speech.wav', `--kind ${kind}`, ...rate, ...set, '--out features.npy'].join(' ')
}

/** Our own call, and our command line. */
export function dspRecipes(frontEnd: FrontEnd): Recipe[] {
  const call = bestCall(frontEnd)
  const { missing, byHand } = call
  if (missing.length > 0) return [impossible('@dsp', missing, '//'), impossible('dsp', missing, '#')]
  return [
    { library: '@dsp', code: typescript(call, frontEnd), exact: true, missing: [] },
    byHand.length === 0
      ? { library: 'dsp', code: command(call, frontEnd), exact: true, missing: [] }
      : impossible('dsp', byHand, '#', 'The functions of the packages can: see @dsp.'),
  ]
}
