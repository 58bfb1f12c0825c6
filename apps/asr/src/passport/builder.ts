import { DspError } from '@dsp/tensor'
import { type MeanAndStd, type Observation, PASSPORT_VERSION, type Passport } from './passport.js'
import { FeatureSums, meanOf, Spread } from './sums.js'

/** What a recording's frames and outputs sum up to. */
export class RecordingSums {
  readonly features: FeatureSums
  outputs = 0
  blanks = 0

  constructor(bins: number) {
    this.features = new FeatureSums(bins)
  }

  /** What it looks like so far. */
  observation(): Observation {
    const { features, outputs, blanks } = this
    return { frames: features.frames, mean: features.mean, std: features.deviation(), outputs, blanks }
  }
}

/** The statistics of a passport, of recordings that come one by one. */
export class PassportSums {
  readonly #all: FeatureSums
  readonly #shape: Spread[]
  readonly #level = new Spread()
  readonly #spread = new Spread()
  readonly #blanks = new Spread()

  constructor(bins: number) {
    this.#all = new FeatureSums(bins)
    this.#shape = Array.from({ length: bins }, () => new Spread())
  }

  /** Recordings so far that had any sound. */
  get recordings(): number {
    return this.#level.count
  }

  /** Takes a recording. Digital silence alone is none. */
  add(recording: RecordingSums): void {
    const { features, outputs, blanks } = recording
    if (features.frames === 0) return
    this.#all.merge(features)
    const level = meanOf(features.mean)
    this.#level.add(level)
    for (const [b, spread] of this.#shape.entries()) spread.add(features.mean[b]! - level)
    this.#spread.add(meanOf(features.deviation()))
    if (outputs > 0) this.#blanks.add(blanks / outputs)
  }

  /** The statistics as a passport has them, with six significant digits. */
  finish(): Pick<Passport, 'format' | 'version' | 'features' | 'recordings'> {
    if (this.recordings === 0) {
      throw DspError.argument('recordings', 'at least one recording that is not digital silence', 'none')
    }
    const short = (value: number) => Number(value.toPrecision(6))
    const pair = ({ mean, std }: Spread): MeanAndStd => ({ mean: short(mean), std: short(std) })
    return {
      format: 'dsp-passport',
      version: PASSPORT_VERSION,
      features: {
        frames: this.#all.frames,
        mean: Array.from(this.#all.mean, short),
        std: this.#all.deviation().map(short),
      },
      recordings: {
        count: this.recordings,
        level: pair(this.#level),
        shape: { mean: this.#shape.map((bin) => short(bin.mean)), std: this.#shape.map((bin) => short(bin.std)) },
        spread: pair(this.#spread),
        blanks: this.#blanks.count === 0 ? null : pair(this.#blanks),
      },
    }
  }
}
