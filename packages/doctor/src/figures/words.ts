import type { FrontEnd } from '../front-end.js'
import type { FeatureReport, ReportedSide, SourceFormat } from './report.js'

type Writable<T> = { -readonly [K in keyof T]: T[K] }
type Side = Omit<Writable<ReportedSide>, 'frontEnd'> & { frontEnd: Writable<Partial<FrontEnd>> }
type Draft = Omit<Writable<FeatureReport>, 'ours' | 'theirs' | 'notRead'> & {
  ours: Side
  theirs: Side
  notRead: string[]
}

/** Where a clause's figures go: to these sides. */
interface Target {
  readonly sides: readonly Side[]
  readonly report: Draft
}

/** A kind of clause: what it looks like, and what it says of the target. */
type Rule = readonly [pattern: RegExp, apply: (match: string[], target: Target) => void]

const N = '([-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:e[-+]?\\d+)?)'
const OF = '\\s*(?:is|was|of|=|:|≈|~)?\\s*'
const rule = (pattern: string, apply: Rule[1]): Rule => [new RegExp(`^(?:${pattern})$`, 'i'), apply]

const side =
  (key: 'mean' | 'std' | 'min' | 'max' | 'samples' | 'frames' | 'bins', at = 1): Rule[1] =>
  (match, { sides }) => {
    for (const one of sides) one[key] = Number(match[at])
  }
const settings =
  (make: (match: string[]) => Partial<FrontEnd>): Rule[1] =>
  (match, { sides }) => {
    for (const one of sides) Object.assign(one.frontEnd, make(match))
  }
/** A length in ms or samples, at the side's own rate, which may be named after it. */
const length =
  (key: 'frameLength' | 'frameShift'): Rule[1] =>
  (match, { sides }) => {
    for (const one of sides) {
      const rate = one.frontEnd.sampleRate ?? 16000
      one.frontEnd[key] =
        match[2]?.toLowerCase() === 'ms' ? Math.round((Number(match[1]) * rate) / 1000) : Number(match[1])
    }
  }
const hertz = (value: string | undefined, unit: string | undefined) =>
  Number(value) * (unit?.toLowerCase() === 'khz' ? 1000 : 1)
const isFalse = (word: string | undefined) => /^(no|off|false|0|without|not)$/i.test(word ?? '')

const windows = {
  povey: 'povey',
  hann: 'hann',
  hanning: 'hann',
  hamming: 'hamming',
  blackman: 'blackman',
  rectangular: 'rectangular',
  boxcar: 'rectangular',
  bartlett: 'bartlett',
} as const
const logs = {
  ln: 'ln',
  'natural log': 'ln',
  log10: 'log10',
  log2: 'log2',
  db: 'dB',
  decibel: 'dB',
  'no log': 'none',
  linear: 'none',
} as const
const formats: Record<string, SourceFormat> = {
  mp3: 'mp3',
  aac: 'aac',
  m4a: 'aac',
  mp4: 'aac',
  opus: 'opus',
  webm: 'opus',
  vorbis: 'vorbis',
  ogg: 'vorbis',
  flac: 'flac',
  wav: 'wav',
  wave: 'wav',
}
const FORMAT = `(${Object.keys(formats).join('|')})`

/** The kinds of clauses, the more special ones first. */
const rules: readonly Rule[] = [
  rule(`(?:the )?(?:max(?:imum)?|largest)(?: abs(?:olute)?)? ?(?:diff(?:erence)?|error)${OF}${N}`, (m, { report }) => {
    report.maxDifference = Math.abs(Number(m[1]))
  }),
  rule(
    `(?:the )?(?:mean |average )?(?:abs(?:olute)? )?(?:diff(?:erence)?|offset|error)${OF}${N}(?: in (?:the )?log.*)?`,
    (m, { report }) => {
      report.difference = Math.abs(Number(m[1]))
    },
  ),
  rule(`(?:pearson(?:'s)? )?(?:correlation|corr|r)${OF}${N}`, (m, { report }) => {
    report.correlation = Number(m[1])
  }),
  rule(`(?:worst|largest in)(?: (?:mel )?bins?)?${OF}(\\d+)(?:\\s*(?:-|to)\\s*(\\d+))?`, (m, { report }) => {
    report.worstBins = [Number(m[1]), Number(m[2] ?? m[1])]
  }),
  rule(`mean${OF}${N}`, side('mean')),
  rule(`(?:std|sd|stddev|std\\.? dev\\.?|standard deviation)${OF}${N}`, side('std')),
  rule(`min(?:imum)?${OF}${N}`, side('min')),
  rule(`max(?:imum)?${OF}${N}`, side('max')),
  rule(`(\\d+) samples|samples${OF}(\\d+)`, (m, target) => side('samples', m[1] ? 1 : 2)(m, target)),
  rule(`(\\d+) frames|frames${OF}(\\d+)`, (m, target) => side('frames', m[1] ? 1 : 2)(m, target)),
  rule(
    `(\\d+) (?:log[- ]?)?(?:mel )?(?:bins|bands|filters|mels|channels)|(?:num_mel_bins|n_mels|bins)${OF}(\\d+)`,
    (m, target) => side('bins', m[1] ? 1 : 2)(m, target),
  ),
  rule(`(?:shape${OF})?[\\[(]?(\\d+)\\s*[x×]\\s*(\\d+)[\\])]?`, (m, target) => {
    const [a, b] = [Number(m[1]), Number(m[2])]
    side('frames')(['', String(Math.max(a, b))], target)
    side('bins')(['', String(Math.min(a, b))], target)
  }),
  rule(
    `${N} ?(k?hz)?\\s*(?:-|to|\\.\\.)\\s*${N} ?(k?hz)`,
    settings((m) => ({ lowFreq: hertz(m[1], m[2] ?? m[4]), highFreq: hertz(m[3], m[4]) })),
  ),
  rule(
    `(?:low_freq|low[- ]?freq(?:uency)?|f_?min)${OF}${N}(?: ?hz)?`,
    settings((m) => ({ lowFreq: Number(m[1]) })),
  ),
  rule(
    `(?:high_freq|high[- ]?freq(?:uency)?|f_?max)${OF}${N}(?: ?hz)?`,
    settings((m) => ({ highFreq: Number(m[1]) })),
  ),
  rule(
    `(?:(?:window|window_type)${OF})?(${Object.keys(windows).join('|')})(?: window)?`,
    settings((m) => ({ window: windows[m[1]!.toLowerCase() as keyof typeof windows] })),
  ),
  rule(
    '(power|magnitude)(?: spectrum)?',
    settings((m) => ({ spectrum: m[1]!.toLowerCase() as 'power' | 'magnitude' })),
  ),
  rule(
    `no pre-?emphasis|(?:pre-?emph(?:asis)?|preemphasis_coefficient)${OF}${N}`,
    settings((m) => ({ framePreemphasis: Number(m[1] ?? 0) })),
  ),
  rule(
    `(no|without)? ?(?:dc(?:[- ]offset)? ?(?:removal|removed)|remove_dc_offset)(?:${OF}(true|false|on|off))?`,
    settings((m) => ({ dcOffset: isFalse(m[1]) || isFalse(m[2]) ? 'none' : 'frame' })),
  ),
  rule(
    `(no|not)? ?snip[_ -]?edges(?:${OF}(true|false|on|off))?`,
    settings((m) => ({ padding: isFalse(m[1]) || isFalse(m[2]) ? 'mirror' : 'snip' })),
  ),
  rule(
    'cent(?:re|er)(?:ed|d)?(?: frames)?',
    settings(() => ({ padding: 'reflect' })),
  ),
  rule(
    `(?:no dither|dither${OF}${N})`,
    settings((m) => ({ dither: Number(m[1] ?? 0) })),
  ),
  rule(
    `(htk|kaldi|slaney)(?: mel)?(?: scale)?`,
    settings((m) => ({ melScale: /slaney/i.test(m[1]!) ? 'slaney' : 'htk' })),
  ),
  rule(
    'slaney norm(?:ali[sz](?:ed|ation))?',
    settings(() => ({ melNorm: 'slaney' })),
  ),
  rule(
    `(?:log${OF})?(${Object.keys(logs).join('|')})(?: scale)?`,
    settings((m) => ({ log: logs[m[1]!.toLowerCase() as keyof typeof logs] })),
  ),
  rule(
    `n_?fft${OF}(\\d+)|(\\d+)[- ]point fft`,
    settings((m) => ({ fftLength: Number(m[1] ?? m[2]) })),
  ),
  rule(
    `(?:window|frame_?length|win_length|frame)${OF}${N} ?(ms|samples)?(?: (?:window|frames?))?`,
    length('frameLength'),
  ),
  rule(`${N} ?(ms)? (?:windows?|frame length)`, length('frameLength')),
  rule(`(?:hop|shift|stride|frame_?shift|hop_length)${OF}${N} ?(ms|samples)?`, length('frameShift')),
  rule(`${N} ?(ms)? (?:hop|shift|stride)`, length('frameShift')),
  rule(
    'int16(?: (?:samples|scale|range))?',
    settings(() => ({ gain: 32768 })),
  ),
  rule(
    '(?:samples in )?\\[-1 1\\]|float(?:32)?(?: samples)?',
    settings(() => ({ gain: 1 })),
  ),
  rule(
    'per[- _]feature(?: normali[sz](?:ed|ation))?',
    settings(() => ({ normalisation: 'per-feature' })),
  ),
  rule(`(?:source|from|input)?${OF}${FORMAT}(?: (?:at )?${N} ?(k?hz))?`, (m, { report }) => {
    report.source = {
      ...report.source,
      format: formats[m[1]!.toLowerCase()]!,
      ...(m[2] ? { sampleRate: hertz(m[2], m[3]) } : {}),
    }
  }),
  rule(`${N} ?(k?hz) ${FORMAT}`, (m, { report }) => {
    report.source = { format: formats[m[3]!.toLowerCase()]!, sampleRate: hertz(m[1], m[2]) }
  }),
  rule(`(?:source|from|originally)${OF}(?:at )?${N} ?(k?hz)`, (m, { report }) => {
    report.source = { ...report.source, sampleRate: hertz(m[1], m[2]) }
  }),
  rule(
    `(?:(?:audio |input )?(?:is |was )?resampled to |sample[ _]rate${OF}|sr${OF}|rate${OF}|at )?${N} ?(k?hz)`,
    settings((m) => ({ sampleRate: hertz(m[1], m[2]) })),
  ),
  rule(
    `(?:sample[ _]rate|sample_frequency|sr)${OF}(\\d+)`,
    settings((m) => ({ sampleRate: Number(m[1]) })),
  ),
]

const LABELS: readonly [pattern: RegExp, names: readonly ('ours' | 'theirs')[]][] = [
  [
    /^(?:ours|our|mine|my|us|we)(?:\s+(?:features?|side))?(?:\s*[:=-]|\s+(?:says?|ha(?:s|ve))\b:?|\s+(?=\S))\s*/i,
    ['ours'],
  ],
  [
    /^(?:theirs|their|they|reference|ref|native|expected)(?:\s+(?:features?|side))?(?:\s*[:=-]|\s+(?:says?|ha(?:s|ve))\b:?|\s+(?=\S))\s*/i,
    ['theirs'],
  ],
  [
    /^(?:both|common|settings|front[- ]?end|all)(?:\s+sides)?(?:\s*[:=-]|\s+(?:say|claim|use|have)\b:?|\s+(?=\S))\s*/i,
    ['ours', 'theirs'],
  ],
]

/** The words with one spelling of dashes, no thousands separators, and shapes without commas. */
const normalised = (text: string) =>
  text
    .replace(/[\u2212\u2013\u2014\u2010\u2011]/g, '-')
    .replace(/\b(\d{1,3}(?:,\d{3})+)(?![\d,])/g, (digits) => digits.replaceAll(',', ''))
    .replace(/[[(](\d+), ?(\d+)[\])]/g, '$1x$2')
    .replace(/\[-1(?:\.0)?, ?1(?:\.0)?\]/g, '[-1 1]')

/**
 * Reads a report in words, as people write it: figures in clauses between commas, semicolons and line ends, after `ours`, `theirs`
 * or `both`. What is understood by no rule is kept in `notRead`.
 * @param text - The words.
 */
export function readWords(text: string): FeatureReport {
  const report: Draft = { ours: { frontEnd: {} }, theirs: { frontEnd: {} }, notRead: [] }
  let target: Target = { sides: [report.ours, report.theirs], report }
  for (const line of normalised(text).split(/[\n;]/)) {
    for (const part of line.split(/,\s|,$|\s+and\s+|(?<!\b(?:std|dev))\.\s|\.$/i)) {
      let clause = part
        .trim()
        .replace(/^[-*•]\s+/, '')
        .replace(/[.,:]$/, '')
      if (clause.startsWith('#')) break
      for (const [pattern, names] of LABELS) {
        const label = pattern.exec(clause)
        if (label === null) continue
        target = { sides: names.map((name) => report[name]), report }
        clause = clause.slice(label[0].length)
        break
      }
      if (clause === '') continue
      const found = rules.find(([pattern]) => pattern.test(clause))
      if (found === undefined) report.notRead.push(clause)
      else found[1](found[0].exec(clause)!, target)
    }
  }
  return report
}
