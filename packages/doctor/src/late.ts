import { mfccFromSpectrogram } from '@dsp/mel'
import { addDeltas } from '@dsp/mel-kaldi'
import { tensor } from '@dsp/tensor'
import type { FrontEnd } from './front-end.js'
import type { Matrix } from './matrix.js'

/** What the core extracts: the filters' energies of some frames, and the frames' energies beside them. */
export interface Energies {
  /** `[frames, columns + 2]`; the last two are the energy of the frame before and after pre-emphasis and window. */
  readonly data: Float64Array
  readonly frames: number
  /** Filters, or bins of the spectrum. */
  readonly columns: number
}

/** Settings that decide the energies, but for the dither; the others act on them, or say which frames there are. */
const EARLY = [
  'channel',
  'sampleRate',
  'resampler',
  'shift',
  'signalPreemphasis',
  'framePreemphasis',
  'preemphasisTimes',
  'dcOffset',
  'frameLength',
  'frameShift',
  'padding',
  'window',
  'periodic',
  'fftLength',
  'spectrum',
  'numBins',
  'melScale',
  'melNorm',
  'triangles',
  'lowFreq',
  'highFreq',
  'vtlnWarp',
] as const satisfies readonly (keyof FrontEnd)[]

/** The same for front ends that have the same energies where neither has dither. */
export function earlyKey(frontEnd: FrontEnd): string {
  return EARLY.map((name) => frontEnd[name]).join(' ')
}

const LOGARITHMS: Readonly<Record<Exclude<FrontEnd['log'], 'none'>, number>> = {
  ln: 1,
  log2: 1 / Math.LN2,
  log10: 1 / Math.LN10,
  dB: 10 / Math.LN10,
  'dB-amplitude': 20 / Math.LN10,
}

/** What the natural logarithm is multiplied by; 0 where none is taken. */
export const logarithm = ({ log }: FrontEnd): number => (log === 'none' ? 0 : LOGARITHMS[log])

/** How a factor on the samples acts on what the filters sum. */
export const energyGain = ({ gain, spectrum }: FrontEnd): number =>
  spectrum === 'power' ? gain * gain : Math.abs(gain)

/** Width of the static features. */
export function staticColumns({ numCeps, energyColumn, numBins, fftLength }: FrontEnd): number {
  const filters = numBins === 0 ? Math.floor(fftLength / 2) + 1 : numBins
  const columns = numCeps > 0 ? Math.min(numCeps, filters) : filters
  return columns + (energyColumn === 'first' || energyColumn === 'last' ? 1 : 0)
}

/** The features before deltas and normalisation, from energies. */
export function staticFeatures(energies: Energies, frontEnd: FrontEnd): Matrix {
  const values = logEnergies(energies, frontEnd)
  const energy = frontEnd.energyColumn === 'none' ? undefined : frameEnergies(energies, frontEnd)
  const filters = { data: values, frames: energies.frames, bins: energies.columns }
  if (frontEnd.numCeps > 0) return cepstra(filters, frontEnd, energy)
  return energy === undefined ? filters : withEnergy(filters, energy, frontEnd.energyColumn === 'first')
}

const knownLogarithms = new WeakMap<Float64Array, Float64Array>()

/** The natural logarithms of energies: a front end is tried with many gains and floors on the same ones. */
function logarithmsOf({ data, frames, columns }: Energies): Float64Array {
  const known = knownLogarithms.get(data)
  if (known !== undefined) return known
  const out = new Float64Array(frames * columns)
  for (let f = 0, at = 0; f < frames; f++)
    for (let b = 0, from = f * (columns + 2); b < columns; b++, at++, from++) out[at] = Math.log(data[from]!)
  knownLogarithms.set(data, out)
  return out
}

/** The smallest logarithm. */
const LEAST = Math.log(Number.MIN_VALUE)

function logEnergies(energies: Energies, frontEnd: FrontEnd): Float64Array {
  const { data, frames, columns } = energies
  const factor = energyGain(frontEnd)
  const { floorType, floor, topDb } = frontEnd
  const slope = logarithm(frontEnd)
  const out = new Float64Array(frames * columns)
  if (slope !== 0 && floorType !== 'add') {
    const logs = logarithmsOf(energies)
    const [added, least] = [Math.log(factor), floorType === 'max' ? Math.max(LEAST, Math.log(floor)) : LEAST]
    for (let i = 0; i < out.length; i++) out[i] = slope * Math.max(logs[i]! + added, least)
  } else {
    for (let f = 0, at = 0; f < frames; f++) {
      for (let b = 0, from = f * (columns + 2); b < columns; b++, at++, from++) {
        let value = data[from]! * factor
        if (floorType === 'max') value = Math.max(value, floor)
        else if (floorType === 'add') value += floor
        out[at] = slope === 0 ? value : slope * Math.log(Math.max(value, Number.MIN_VALUE))
      }
    }
  }
  if (topDb !== null && slope !== 0) {
    let most = -Infinity
    for (let i = 0; i < out.length; i++) if (out[i]! > most) most = out[i]!
    const least = most - (topDb / (frontEnd.log === 'dB-amplitude' ? 20 : 10)) * Math.LN10 * slope
    for (let i = 0; i < out.length; i++) if (out[i]! < least) out[i] = least
  }
  return out
}

/** float32's epsilon, the smallest energy that Kaldi takes a logarithm of. */
export const FLOAT32_EPSILON = 2 ** -23

function frameEnergies({ data, frames, columns }: Energies, frontEnd: FrontEnd): Float64Array {
  const { gain, rawEnergy, energyFloor } = frontEnd
  const slope = logarithm(frontEnd) || 1
  return Float64Array.from({ length: frames }, (_, f) => {
    const energy = data[f * (columns + 2) + columns + (rawEnergy ? 0 : 1)]! * gain * gain
    return slope * Math.log(Math.max(energy, energyFloor, FLOAT32_EPSILON))
  })
}

function withEnergy({ data, frames, bins }: Matrix, energy: Float64Array, isFirst: boolean): Matrix {
  const out = new Float64Array(frames * (bins + 1))
  for (let f = 0; f < frames; f++) {
    out.set(data.subarray(f * bins, (f + 1) * bins), f * (bins + 1) + (isFirst ? 1 : 0))
    out[f * (bins + 1) + (isFirst ? 0 : bins)] = energy[f]!
  }
  return { data: out, frames, bins: bins + 1 }
}

const matrices = new Map<string, Float64Array>()

/** Transforms that are kept. */
const MAX_MATRICES = 64

/** The first rows of a cosine transform of `n` values, `[count, n]`, as scipy defines it: what the core makes of the unit vectors. */
export function cosines(n: number, count: number, dctType: 1 | 2 | 3, isOrtho: boolean): Float64Array {
  const key = `${n} ${count} ${dctType} ${isOrtho}`
  const known = matrices.get(key)
  if (known !== undefined) return known
  const units = new Float64Array(n * n)
  for (let i = 0; i < n; i++) units[i * (n + 1)] = 1
  const norm = isOrtho ? 'ortho' : null
  const { data } = mfccFromSpectrogram(tensor(units, [n, n]), { nMfcc: count, dctType, norm })
  if (matrices.size >= MAX_MATRICES) matrices.clear()
  matrices.set(key, data)
  return data
}

function cepstra({ data, frames, bins }: Matrix, frontEnd: FrontEnd, energy: Float64Array | undefined): Matrix {
  const count = Math.min(frontEnd.numCeps, bins)
  const { lifter, lifterType, energyColumn } = frontEnd
  const rows = cosines(bins, count, frontEnd.dctType, frontEnd.dctOrtho)
  const out = new Float64Array(frames * count)
  for (let k = 0; k < count; k++) {
    const place = lifterType === 'kaldi' ? k : k + 1
    const weight = lifter > 0 ? 1 + (lifter / 2) * Math.sin((Math.PI * place) / lifter) : 1
    for (let f = 0; f < frames; f++) {
      let sum = 0
      for (let m = 0, row = k * bins, from = f * bins; m < bins; m++) sum += rows[row + m]! * data[from + m]!
      out[f * count + k] = sum * weight
    }
  }
  if (energy !== undefined && energyColumn === 'c0') for (let f = 0; f < frames; f++) out[f * count] = energy[f]!
  const matrix = { data: out, frames, bins: count }
  if (energy === undefined || energyColumn === 'c0') return matrix
  return withEnergy(matrix, energy, energyColumn === 'first')
}

/** Appends deltas of whole features. */
export function withDeltas(matrix: Matrix, order: FrontEnd['deltas']): Matrix {
  if (order === 0 || matrix.frames === 0) return matrix
  const features = tensor(matrix.data, [matrix.frames, matrix.bins])
  return {
    data: addDeltas(features, { order }).data as Float64Array,
    frames: matrix.frames,
    bins: matrix.bins * (order + 1),
  }
}

/** What is added to a standard deviation before it divides. */
const EPSILON = 1e-5

/** Features with Whisper's `(x + 4) / 4`, if that is their normalisation: the only one that needs no other frames. */
export function whisperScaled(matrix: Matrix, { normalisation, normalisationTimes }: FrontEnd): Matrix {
  if (normalisation !== 'whisper') return matrix
  const scaled = (value: number) => (normalisationTimes === 1 ? (value + 4) / 4 : ((value + 4) / 4 + 4) / 4)
  return { ...matrix, data: matrix.data.map(scaled) }
}

/** A value before that. */
export function beforeWhisper(value: number, { normalisation, normalisationTimes }: FrontEnd): number {
  if (normalisation !== 'whisper') return value
  return normalisationTimes === 1 ? 4 * value - 4 : 16 * value - 20
}

/** Normalises whole features. */
export function normalised(matrix: Matrix, frontEnd: FrontEnd): Matrix {
  const { normalisation, normalisationDdof: ddof, normalisationTimes: times } = frontEnd
  if (normalisation === 'none') return matrix
  if (normalisation === 'whisper') return whisperScaled(matrix, frontEnd)
  const { frames, bins } = matrix
  const data = matrix.data.slice()
  for (let time = 0; time < times; time++) {
    const isWhole = normalisation === 'all-features'
    const groups = isWhole ? 1 : bins
    for (let g = 0; g < groups; g++) {
      const count = isWhole ? data.length : frames
      const step = isWhole ? 1 : bins
      let sum = 0
      for (let i = 0, at = g; i < count; i++, at += step) sum += data[at]!
      const mean = sum / count
      let square = 0
      for (let i = 0, at = g; i < count; i++, at += step) square += (data[at]! - mean) ** 2
      const deviation = normalisation === 'mean' ? 1 : Math.sqrt(square / Math.max(1, count - ddof)) + EPSILON
      for (let i = 0, at = g; i < count; i++, at += step) data[at] = (data[at]! - mean) / deviation
    }
  }
  return { data, frames, bins }
}
