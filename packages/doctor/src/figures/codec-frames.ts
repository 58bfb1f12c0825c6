import type { CauseId } from '../cause.js'
import { count, either, kilohertz, plural } from './numbers.js'
import type { FeatureReport, SourceFormat, Statement } from './report.js'

/** A codec's frame at the rates of which it is the length. */
interface CodecFrame {
  readonly format: SourceFormat
  readonly name: string
  readonly samples: number
  readonly rates: readonly number[]
}

const ALL_RATES = [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000]
const codecFrames: readonly CodecFrame[] = [
  { format: 'mp3', name: 'MP3', samples: 1152, rates: [32000, 44100, 48000] },
  { format: 'mp3', name: 'MP3', samples: 576, rates: [8000, 11025, 12000, 16000, 22050, 24000] },
  { format: 'aac', name: 'AAC', samples: 1024, rates: ALL_RATES },
  { format: 'opus', name: 'Opus', samples: 960, rates: [48000] },
]

/** Samples by which decoders and encoders delay, at the source's rate. */
const delays: readonly { format: SourceFormat; name: string; samples: number }[] = [
  { format: 'mp3', name: "the MP3 decoder's delay", samples: 529 },
  { format: 'mp3', name: "the MP3 decoder's delay without its last sample", samples: 528 },
  { format: 'mp3', name: "the delay of LAME's encoder", samples: 576 },
  { format: 'mp3', name: "the delays of LAME's encoder and of the decoder", samples: 1105 },
  { format: 'aac', name: "the delay of Apple's AAC encoder", samples: 2112 },
  { format: 'aac', name: 'an AAC priming of two frames', samples: 2048 },
  { format: 'opus', name: "the pre-skip of libopus's encoder", samples: 312 },
  { format: 'opus', name: 'the pre-skip of 80 ms that Opus recommends', samples: 3840 },
]

/** What a difference of sample counts says. */
export interface SampleCounts {
  readonly proven: readonly Statement[]
  readonly likely: readonly Statement[]
  /** Samples at the target rate by which theirs may come later (or earlier, if negative), if a codec explains the difference. */
  readonly delay: number
  /** The rate in Hz of the source, if the counts tell it. */
  readonly sourceRate: number | undefined
}

/** Whether a count at one rate is a multiple of a length at another one, but for the resampler's rounding. */
function multiple(samples: number, rate: number, from: number, length: number): number | undefined {
  const at = (samples * from) / rate
  const times = Math.round(at / length)
  // Brought to the target rate, a whole count is rounded up, down or to the nearest sample.
  return Math.abs(at - times * length) * rate < from ? times : undefined
}

/**
 * What the two sample counts say of decoders and resamplers.
 * @param report - The report.
 * @param rate - The rate in Hz that the samples were counted at.
 */
export function sampleCounts(report: FeatureReport, rate: number): SampleCounts {
  const a = report.ours.samples
  const b = report.theirs.samples
  if (a === undefined || b === undefined) return { proven: [], likely: [], delay: 0, sourceRate: undefined }
  const more = Math.abs(a - b)
  if (more === 0)
    return {
      proven: [{ sentence: `Both had ${plural(a, 'sample')}.`, causes: [] }],
      likely: [],
      delay: 0,
      sourceRate: undefined,
    }
  const who = a > b ? 'Ours' : 'Theirs'
  const seconds = `${((more * 1000) / rate).toFixed(1)} ms`
  const proven: Statement[] = [
    { sentence: `${who} had ${plural(more, 'sample')} (${seconds}) more than the other side.`, causes: [] },
  ]
  const likely: Statement[] = []
  const causes: CauseId[] = ['decoder-delay', 'time-shift']
  const { format, sampleRate } = report.source ?? {}
  const ratesOf = (rates: readonly number[]) => rates.filter((from) => sampleRate === undefined || from === sampleRate)
  const frames = codecFrames
    .filter((frame) => format === undefined || frame.format === format)
    .flatMap((frame) => ratesOf(frame.rates).map((from) => ({ ...frame, from })))
    .flatMap((frame) => {
      const [all, rest, extra] = [a, b, more].map((n) => multiple(n, rate, frame.from, frame.samples))
      return extra ? [{ ...frame, all, rest, extra }] : []
    })
  const both = frames.filter(({ all, rest }) => all !== undefined && rest !== undefined)
  if (both.length > 0) {
    const { all, rest, extra } = both[0]!
    const names = either(both.map((f) => `${f.name} frames of ${count(f.samples)} samples at ${kilohertz(f.from)}`))
    const chance = count(Math.round((both[0]!.samples * rate) / both[0]!.from) ** 2)
    proven.push({
      sentence: `Both counts are whole numbers of ${names}, brought to ${kilohertz(rate)}: ${count(all!)} and ${count(rest!)}. By chance, that happens once in ${chance} pairs of counts. Neither decoder cut the encoder's delay and padding off.`,
      causes,
    })
    likely.push({
      sentence: `${who} kept ${plural(extra, 'codec frame')} that the other decoder dropped, likely at the start, such as the frame that holds LAME's tag or the encoder's delay.`,
      causes,
    })
  } else if (frames.length > 0) {
    const names = frames.map(
      (f) =>
        `${count(f.extra)} ${f.name} frame${f.extra === 1 ? '' : 's'} of ${count(f.samples)} samples at ${kilohertz(f.from)}`,
    )
    likely.push({ sentence: `${plural(more, 'sample')} are ${either(names)}, brought to ${kilohertz(rate)}.`, causes })
  } else if (more <= 2) {
    likely.push({
      sentence: `A difference of ${plural(more, 'sample')} is the end of a resampler: libraries round the length up, down or to the nearest sample.`,
      causes: ['resampler'],
    })
  }
  const near = delays
    .filter((delay) => format === undefined || delay.format === format)
    .flatMap((delay) => ratesOf(ALL_RATES).map((from) => ({ ...delay, from })))
    .filter((delay) => delay.format !== 'opus' || delay.from === 48000)
    .filter(({ samples, from }) => Math.abs((more * from) / rate - samples) * rate < from)
  if (frames.length === 0 && near.length > 0)
    likely.push({
      sentence: `${plural(more, 'sample')} are ${either(near.map((d) => `${d.name} (${count(d.samples)} samples at ${kilohertz(d.from)})`))}.`,
      causes,
    })
  const isCodec = frames.length > 0 || near.length > 0
  return { proven, likely, delay: isCodec ? b - a : 0, sourceRate: both[0]?.from }
}
