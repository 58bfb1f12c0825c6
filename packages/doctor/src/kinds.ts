import { type FeatureKind, resolveFeatureOptions } from '@dsp/features'
import { DspError } from '@dsp/tensor'
import type { FrontEnd } from './front-end.js'
import { FLOAT32_EPSILON } from './late.js'

/** The kinds of features that the doctor knows. */
export const diagnosableKinds = ['fbank', 'mfcc', 'mel', 'mel-mfcc', 'whisper', 'nemo'] as const

/** A kind of features that the doctor knows. */
export type DiagnosableKind = (typeof diagnosableKinds)[number]

/** What no library sets, and what most do not. */
export const PLAIN: FrontEnd = {
  channel: 'mean',
  sampleRate: 16000,
  resampler: 'none',
  gain: 1,
  shift: 0,
  signalPreemphasis: 0,
  framePreemphasis: 0,
  preemphasisTimes: 1,
  dcOffset: 'none',
  dither: 0,
  frameLength: 400,
  frameShift: 160,
  padding: 'snip',
  dropLast: false,
  window: 'hann',
  periodic: true,
  fftLength: 512,
  spectrum: 'power',
  numBins: 80,
  melScale: 'htk',
  melNorm: 'none',
  triangles: 'hertz',
  lowFreq: 0,
  highFreq: 8000,
  vtlnWarp: 1,
  log: 'ln',
  floorType: 'none',
  floor: 0,
  topDb: null,
  energyColumn: 'none',
  rawEnergy: true,
  energyFloor: 0,
  numCeps: 0,
  dctType: 2,
  dctOrtho: true,
  lifter: 0,
  lifterType: 'kaldi',
  deltas: 0,
  normalisation: 'none',
  normalisationDdof: 1,
  normalisationTimes: 1,
}

type Options = Readonly<Record<string, unknown>>
const number = (options: Options, name: string): number => Number(options[name])

const WINDOWS: Readonly<Record<string, FrontEnd['window']>> = {
  hanning: 'hann',
  boxcar: 'rectangular',
  ones: 'rectangular',
}

function windowOf(name: unknown): FrontEnd['window'] {
  const known = ['povey', 'hann', 'hamming', 'blackman', 'rectangular', 'sine', 'bartlett']
  const word = WINDOWS[String(name)] ?? String(name)
  if (known.includes(word)) return word as FrontEnd['window']
  throw DspError.argument('window', `one that the doctor knows: ${known.join(', ')}`, name)
}

function kaldi(kind: 'fbank' | 'mfcc', options: Options, sampleRate: number): FrontEnd {
  const frameLength = Math.trunc(sampleRate * number(options, 'frameLength') * 0.001)
  const isLibrosa = options.isLibrosa === true
  const high = number(options, 'highFreq')
  const isFbank = kind === 'fbank'
  const isLog = !isFbank || options.useLogFbank === true
  const hasEnergy = options.useEnergy === true
  return {
    ...PLAIN,
    sampleRate,
    framePreemphasis: number(options, 'preemphasisCoefficient'),
    dcOffset: options.removeDcOffset === true ? 'frame' : 'none',
    dither: number(options, 'dither'),
    frameLength,
    frameShift: Math.trunc(sampleRate * number(options, 'frameShift') * 0.001),
    padding: options.snipEdges === true ? 'snip' : 'mirror',
    window: windowOf(options.windowType),
    periodic: options.windowType === 'hann',
    fftLength: options.roundToPowerOfTwo === true ? 2 ** Math.ceil(Math.log2(frameLength)) : frameLength,
    spectrum: isFbank && options.usePower === false ? 'magnitude' : 'power',
    numBins: number(options, 'numMelBins'),
    melScale: isLibrosa && options.useSlaneyMelScale === true ? 'slaney' : 'htk',
    melNorm: isLibrosa && options.norm === 'slaney' ? 'slaney' : 'none',
    triangles: !isLibrosa ? 'mel' : options.floorToIntBin === true ? 'bins' : 'hertz',
    lowFreq: number(options, 'lowFreq'),
    highFreq: high <= 0 ? sampleRate / 2 + high : high,
    vtlnWarp: number(options, 'vtlnWarp'),
    log: isLog ? 'ln' : 'none',
    floorType: isLog ? 'max' : 'none',
    floor: isLog ? FLOAT32_EPSILON : 0,
    energyColumn: !hasEnergy ? 'none' : !isFbank ? 'c0' : options.htkCompat === true ? 'last' : 'first',
    rawEnergy: options.rawEnergy === true,
    energyFloor: number(options, 'energyFloor'),
    numCeps: kind === 'mfcc' ? number(options, 'numCeps') : 0,
    lifter: kind === 'mfcc' ? number(options, 'cepstralLifter') : 0,
    normalisation: options.subtractMean === true ? 'mean' : 'none',
  }
}

function librosa(kind: 'mel' | 'mel-mfcc', options: Options, sampleRate: number): FrontEnd {
  const nFft = number(options, 'nFft')
  const norm = kind === 'mel' ? options.norm : options.melNorm
  const isCepstral = kind === 'mel-mfcc'
  const isCentred = options.center !== false
  const winLength = options.winLength === null ? nFft : number(options, 'winLength')
  const scale = options.melScale ?? (options.htk === true ? 'htk' : 'slaney')
  return {
    ...PLAIN,
    sampleRate,
    frameLength: isCentred ? winLength : nFft,
    frameShift: options.hopLength === null ? Math.floor(winLength / 4) : number(options, 'hopLength'),
    padding: !isCentred ? 'snip' : options.padMode === 'reflect' ? 'reflect' : 'constant',
    window: windowOf(options.window),
    fftLength: nFft,
    spectrum: options.power === 1 ? 'magnitude' : 'power',
    numBins: number(options, 'nMels'),
    melScale: scale === 'slaney' ? 'slaney' : 'htk',
    melNorm: norm === 'slaney' ? 'slaney' : norm === 1 ? 'sum' : 'none',
    triangles: options.triangles === 'mel' ? 'mel' : 'hertz',
    lowFreq: number(options, 'fmin'),
    highFreq: options.fmax === null ? sampleRate / 2 : number(options, 'fmax'),
    log: isCepstral ? 'dB' : 'none',
    floorType: isCepstral ? 'max' : 'none',
    floor: isCepstral ? 1e-10 : 0,
    topDb: isCepstral ? 80 : null,
    numCeps: isCepstral ? number(options, 'nMfcc') : 0,
    dctType: isCepstral ? (number(options, 'dctType') as 1 | 2 | 3) : 2,
    dctOrtho: !isCepstral || options.norm === 'ortho',
    lifter: isCepstral ? number(options, 'lifter') : 0,
    lifterType: isCepstral ? 'librosa' : 'kaldi',
  }
}

function whisper(options: Options): FrontEnd {
  return {
    ...PLAIN,
    padding: 'reflect',
    dropLast: true,
    fftLength: 400,
    numBins: number(options, 'nMels'),
    melScale: 'slaney',
    melNorm: 'slaney',
    log: 'log10',
    floorType: 'max',
    floor: 1e-10,
    topDb: 80,
    normalisation: 'whisper',
  }
}

function nemo(options: Options, sampleRate: number): FrontEnd {
  const length = (inSamples: string, inSeconds: string, otherwise: number) =>
    options[inSamples] === null
      ? Math.trunc((options[inSeconds] === null ? otherwise : number(options, inSeconds)) * sampleRate)
      : number(options, inSamples)
  const frameLength = length('nWindowSize', 'windowSize', 0.02)
  const norm = options.melNorm
  const guard = options.logZeroGuardValue
  const isLog = options.log === true
  const isNormalised = options.normalize === 'per_feature' || options.normalize === 'all_features'
  return {
    ...PLAIN,
    sampleRate,
    signalPreemphasis: options.preemph === null ? 0 : number(options, 'preemph'),
    frameLength,
    frameShift: length('nWindowStride', 'windowStride', 0.01),
    padding: 'constant',
    dropLast: true,
    window: windowOf(options.window),
    periodic: false,
    fftLength: options.nFft === null ? 2 ** Math.ceil(Math.log2(frameLength)) : number(options, 'nFft'),
    spectrum: options.magPower === 1 ? 'magnitude' : 'power',
    numBins: number(options, 'features'),
    melScale: 'slaney',
    melNorm: norm === 'slaney' ? 'slaney' : 'none',
    lowFreq: number(options, 'lowfreq'),
    highFreq: number(options, 'highfreq') || sampleRate / 2,
    log: isLog ? 'ln' : 'none',
    floorType: !isLog ? 'none' : options.logZeroGuardType === 'add' ? 'add' : 'max',
    floor: !isLog ? 0 : guard === 'tiny' ? 2 ** -126 : guard === 'eps' ? FLOAT32_EPSILON : Number(guard),
    normalisation: !isNormalised ? 'none' : options.normalize === 'per_feature' ? 'per-feature' : 'all-features',
  }
}

/**
 * The front end that a kind of features is, with its options.
 * @param kind - One of {@link diagnosableKinds}.
 * @param options - Options of the kind, as `extract` of @dsp/features takes them.
 * @param sampleRate - The audio's sample rate in Hz.
 * @returns Every setting.
 * @throws DspError `ERR_DSP_ARGUMENT` for another kind, a window that the doctor does not know and values out of range,
 *   `ERR_DSP_OPTION` for unknown options.
 *
 * @example
 * ```ts
 * import { frontEndOf } from '@dsp/doctor'
 * const { window, frameLength, highFreq } = frontEndOf('fbank', { preset: 'lhotse' }, 16000)
 * window // => 'povey'
 * frameLength // => 400
 * highFreq // => 7600
 * ```
 */
export function frontEndOf(kind: DiagnosableKind, options: object | undefined, sampleRate: number): FrontEnd {
  if (!diagnosableKinds.includes(kind)) throw DspError.argument('kind', `one of ${diagnosableKinds.join(', ')}`, kind)
  const all = resolveFeatureOptions(kind as FeatureKind, options as never, sampleRate) as unknown as Options
  switch (kind) {
    case 'mel':
    case 'mel-mfcc':
      return librosa(kind, all, sampleRate)
    case 'whisper':
      return whisper(all)
    case 'nemo':
      return nemo(all, sampleRate)
    default:
      return kaldi(kind, all, sampleRate)
  }
}
