import { DspError } from '@dsp/tensor'
import { PLAIN } from '../kinds.js'
import type { FeatureReport, ReportedSide, SourceFormat } from './report.js'
import { readWords } from './words.js'

const MAX_LENGTH = 100_000
const SIDE_NUMBERS = ['mean', 'std', 'min', 'max'] as const
const SIDE_COUNTS = ['samples', 'frames', 'bins'] as const
const FORMATS: readonly SourceFormat[] = ['mp3', 'aac', 'opus', 'vorbis', 'flac', 'wav']

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function fields(value: unknown, name: string, known: readonly string[]): Record<string, unknown> {
  if (!isObject(value)) throw DspError.argument(name, 'an object', value)
  for (const key of Object.keys(value))
    if (!known.includes(key)) throw DspError.argument(name, `an object with no fields but ${known.join(', ')}`, key)
  return value
}

function number(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw DspError.argument(name, 'a finite number', value)
  return value
}

function whole(value: unknown, name: string, from = 1): number {
  if (!Number.isSafeInteger(value) || (value as number) < from || (value as number) > 1e12)
    throw DspError.argument(name, `a whole number from ${String(from)}`, value)
  return value as number
}

function rateOf(value: unknown, name: string): number {
  const rate = whole(value, name, 1000)
  if (rate > 384_000) throw DspError.argument(name, 'a rate of at most 384,000 Hz', rate)
  return rate
}

function oneOf<T>(value: unknown, name: string, allowed: readonly T[]): T {
  if (!allowed.includes(value as T)) throw DspError.argument(name, `one of ${allowed.join(', ')}`, value)
  return value as T
}

function texts(value: unknown): string[] {
  if (!Array.isArray(value) || !value.every((text) => typeof text === 'string'))
    throw DspError.argument('report.notRead', 'a list of texts', value)
  return value
}

const CHOICES: Record<string, readonly unknown[]> = {
  channel: ['mean', 'sum', 'left', 'right'],
  resampler: ['none', 'linear', 'torchaudio', 'soxr'],
  preemphasisTimes: [1, 2],
  dcOffset: ['none', 'frame', 'signal'],
  padding: ['snip', 'mirror', 'reflect', 'constant', 'end'],
  window: ['povey', 'hann', 'hamming', 'blackman', 'rectangular', 'sine', 'bartlett'],
  spectrum: ['power', 'magnitude'],
  melScale: ['htk', 'slaney'],
  melNorm: ['none', 'slaney', 'sum'],
  triangles: ['hertz', 'mel', 'bins', 'symmetric'],
  log: ['none', 'ln', 'log2', 'log10', 'dB', 'dB-amplitude'],
  floorType: ['none', 'max', 'add'],
  energyColumn: ['none', 'first', 'last', 'c0'],
  dctType: [1, 2, 3],
  lifterType: ['kaldi', 'librosa'],
  deltas: [0, 1, 2],
  normalisation: ['none', 'mean', 'per-feature', 'all-features', 'whisper'],
  normalisationDdof: [0, 1],
  normalisationTimes: [1, 2],
}
const COUNTS = ['frameLength', 'frameShift', 'fftLength', 'numBins']

function frontEnd(value: unknown, name: string): NonNullable<ReportedSide['frontEnd']> {
  const known = fields(value, name, Object.keys(PLAIN))
  for (const [key, setting] of Object.entries(known)) {
    const at = `${name}.${key}`
    const choices = CHOICES[key]
    if (choices !== undefined) oneOf(setting, at, choices)
    else if (key === 'sampleRate') rateOf(setting, at)
    else if (COUNTS.includes(key)) whole(setting, at)
    else if (typeof PLAIN[key as keyof typeof PLAIN] === 'boolean') oneOf(setting, at, [true, false])
    else if (!(key === 'topDb' && setting === null)) number(setting, at)
  }
  return known
}

function sideOf(value: unknown, name: string, common: object): ReportedSide {
  const side = fields(value, name, [...SIDE_NUMBERS, ...SIDE_COUNTS, 'frontEnd'])
  const merged: Record<string, unknown> = {}
  for (const key of SIDE_NUMBERS) if (side[key] !== undefined) merged[key] = number(side[key], `${name}.${key}`)
  for (const key of SIDE_COUNTS) if (side[key] !== undefined) merged[key] = whole(side[key], `${name}.${key}`)
  if ((merged.std as number) < 0) throw DspError.argument(`${name}.std`, 'a number from 0', merged.std)
  const own = side.frontEnd === undefined ? {} : frontEnd(side.frontEnd, `${name}.frontEnd`)
  return { ...merged, frontEnd: { ...common, ...own } }
}

/**
 * Checks a report and fills both sides in with what it says of both.
 * @param value - The report, with `both` for the settings of both sides.
 */
export function checkReport(value: unknown): FeatureReport {
  const known = [
    'ours',
    'theirs',
    'both',
    'difference',
    'maxDifference',
    'correlation',
    'worstBins',
    'source',
    'notRead',
  ]
  const report = fields(value, 'report', known)
  const common = report.both === undefined ? {} : frontEnd(report.both, 'report.both')
  const out: Record<string, unknown> = {}
  for (const key of ['difference', 'maxDifference', 'correlation'] as const)
    if (report[key] !== undefined) out[key] = number(report[key], `report.${key}`)
  if (Math.abs((out.correlation as number) ?? 0) > 1)
    throw DspError.argument('report.correlation', 'a number from -1 to 1', out.correlation)
  if (report.worstBins !== undefined) {
    const bins = report.worstBins
    if (!Array.isArray(bins) || bins.length !== 2)
      throw DspError.argument('report.worstBins', 'the first and the last bin', bins)
    const [first, last] = bins.map((bin, i) => whole(bin, `report.worstBins[${String(i)}]`, 0)) as [number, number]
    if (last < first) throw DspError.argument('report.worstBins', 'the first and the last bin, in this order', bins)
    out.worstBins = [first, last]
  }
  if (report.source !== undefined) {
    const source = fields(report.source, 'report.source', ['format', 'sampleRate'])
    out.source = {
      ...(source.format === undefined ? {} : { format: oneOf(source.format, 'report.source.format', FORMATS) }),
      ...(source.sampleRate === undefined ? {} : { sampleRate: rateOf(source.sampleRate, 'report.source.sampleRate') }),
    }
  }
  return {
    ...out,
    ours: sideOf(report.ours ?? {}, 'report.ours', common),
    theirs: sideOf(report.theirs ?? {}, 'report.theirs', common),
    notRead: texts(report.notRead ?? []),
  }
}

/**
 * Reads a report of two feature matrices: JSON in the form of {@link FeatureReport} (settings of both sides may stand once, in
 * `both`), or words, as in the example. What is not understood in words is kept in `notRead`, and never left out in silence.
 * @param text - The text.
 * @throws `DspError` `ERR_DSP_ARGUMENT` naming the field, if the JSON has unknown fields or values out of range, or if no
 *   figure was found.
 *
 * @example
 * ```ts
 * import { parseReport } from '@dsp/doctor'
 * const report = parseReport(`
 *   ours: mean -2.05, std 3.61, 98,688 samples, 615 frames
 *   theirs: mean -8.18, std 3.16, 98,304 samples, 614 frames
 *   both: 80 bins, 20-7600 Hz, Povey, no DC removal
 *   correlation 0.86; worst bins 75-79; it rained`)
 * report.ours.samples // => 98688
 * report.theirs.frontEnd?.highFreq // => 7600
 * report.notRead // => ['it rained']
 * ```
 */
export function parseReport(text: string): FeatureReport {
  if (typeof text !== 'string') throw DspError.argument('report', 'text', text)
  if (text.length > MAX_LENGTH)
    throw DspError.argument('report', `at most ${String(MAX_LENGTH)} characters`, `${String(text.length)} characters`)
  let value: unknown
  if (/^\s*\{/.test(text)) {
    try {
      value = JSON.parse(text)
    } catch (error) {
      throw DspError.argument('report', 'JSON or words', (error as Error).message)
    }
  } else value = readWords(text)
  const report = checkReport(value)
  const { ours, theirs, notRead: _, source: __, ...figures } = report
  const isEmpty = (side: ReportedSide) => Object.keys(side).every((key) => key === 'frontEnd')
  if (isEmpty(ours) && isEmpty(theirs) && Object.keys(figures).length === 0)
    throw DspError.argument(
      'report',
      'figures such as "ours: mean -2.05, 615 frames; theirs: mean -8.18, 614 frames"',
      text.trim(),
    )
  return report
}
