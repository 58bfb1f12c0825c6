import type { FrontEnd } from '../front-end.js'
import { type Energies, earlyKey } from '../late.js'
import { Sound } from '../sound.js'
import { compared, differencesFrom, type Judged, judge } from './score.js'
import type { Target } from './target.js'

/** Energies that are kept: a few generations of the search. */
const MAX_KEPT = 600

/** Tries front ends on the target's frames, each once. */
export class Evaluator {
  tried = 0
  readonly #energies = new Map<string, Energies>()
  readonly #noises = new Map<string, Float64Array>()
  readonly #judged = new Map<string, Judged | undefined>()

  constructor(
    readonly sound: Sound,
    readonly target: Target,
    readonly signal?: AbortSignal,
  ) {}

  /** Front ends with the gains that fit best; those that are impossible are left out. */
  async judgeAll(frontEnds: readonly FrontEnd[]): Promise<(Judged | undefined)[]> {
    const keys = frontEnds.map((frontEnd) => JSON.stringify(frontEnd))
    await this.#extract(frontEnds.filter((_, i) => !this.#judged.has(keys[i]!)))
    return frontEnds.map((frontEnd, i) => {
      const key = keys[i]!
      if (this.#judged.has(key)) return this.#judged.get(key)
      const energies = this.#expected(frontEnd)
      if (energies !== undefined) this.tried++
      const judged = energies && judge(energies, frontEnd, this.target)
      this.#judged.set(key, judged)
      return judged
    })
  }

  /** Front ends with the gains that they have. */
  async compareAll(frontEnds: readonly FrontEnd[]): Promise<(Judged | undefined)[]> {
    await this.#extract(frontEnds)
    return frontEnds.map((frontEnd) => {
      const energies = this.#expected(frontEnd)
      this.tried++
      return energies && compared(energies, frontEnd, this.target)
    })
  }

  /** Theirs minus what each front end gives, value by value. */
  async differencesOf(frontEnds: readonly FrontEnd[]): Promise<(Float64Array | undefined)[]> {
    await this.#extract(frontEnds)
    return frontEnds.map((frontEnd) => {
      const energies = this.#expected(frontEnd)
      return energies && differencesFrom(energies, frontEnd, this.target)
    })
  }

  /** Energies with several draws of a front end's dither. */
  async draws(frontEnd: FrontEnd, count: number): Promise<Energies[]> {
    const seeds = Array.from({ length: count }, (_, i) => ({ ...frontEnd, seed: i + 1 }))
    const all = await this.sound.energiesOfMany(seeds, this.target.frames, this.signal)
    return all.filter((energies): energies is Energies => energies !== undefined)
  }

  /** The energies of one front end. */
  async energiesOf(frontEnd: FrontEnd): Promise<Energies | undefined> {
    await this.#extract([frontEnd])
    return this.#energies.get(earlyKey(frontEnd))
  }

  /** The energies of a front end, with what its dither adds to them on average. */
  #expected(frontEnd: FrontEnd): Energies | undefined {
    const key = earlyKey(frontEnd)
    const plain = this.#energies.get(key)
    if (plain === undefined || frontEnd.dither === 0) return plain
    const noise = this.#noises.get(noiseKey(frontEnd))!
    const { frames, columns } = plain
    const data = plain.data.slice()
    const { dither } = frontEnd
    const isPower = frontEnd.spectrum === 'power'
    for (let f = 0, at = 0; f < frames; f++, at += 2)
      for (let b = 0; b < columns; b++, at++)
        // Powers of what is independent add up, and magnitudes about as their squares do.
        data[at] = isPower ? data[at]! + dither ** 2 * noise[b]! : Math.hypot(data[at]!, dither * noise[b]!)
    return { data, frames, columns }
  }

  async #extract(frontEnds: readonly FrontEnd[]): Promise<void> {
    await this.#hear(frontEnds.filter(({ dither }) => dither > 0))
    const wanted = new Map(frontEnds.map((frontEnd) => [earlyKey(frontEnd), { ...frontEnd, dither: 0 }]))
    if (this.#energies.size + wanted.size > MAX_KEPT) this.#energies.clear()
    const list = [...wanted].filter(([key]) => !this.#energies.has(key))
    if (list.length === 0) return
    const found = await this.sound.energiesOfMany(
      list.map(([, frontEnd]) => frontEnd),
      this.target.frames,
      this.signal,
    )
    for (const [i, [key]] of list.entries()) {
      const energies = found[i]
      if (energies !== undefined) this.#energies.set(key, energies)
    }
  }
  /** Finds the mean energy that noise of deviation 1 alone gives in each filter of some front ends. */
  async #hear(frontEnds: readonly FrontEnd[]): Promise<void> {
    const wanted = new Map(frontEnds.map((frontEnd) => [noiseKey(frontEnd), heard(frontEnd)]))
    const list = [...wanted].filter(([key]) => !this.#noises.has(key))
    if (list.length === 0) return
    const longest = Math.max(...list.map(([, { frameLength }]) => frameLength))
    const silence = new Sound({ samples: new Float32Array(longest + NOISE_FRAMES), sampleRate: 16000 })
    try {
      const found = await silence.energiesOfMany(
        list.map(([, frontEnd]) => frontEnd),
        Uint32Array.from({ length: NOISE_FRAMES }, (_, i) => i),
        this.signal,
      )
      for (const [i, [key]] of list.entries()) {
        const { data, columns } = found[i] ?? { data: new Float64Array(0), columns: 0 }
        const means = new Float64Array(columns)
        for (let f = 0; f < NOISE_FRAMES; f++)
          for (let b = 0; b < columns; b++) means[b]! += data[f * (columns + 2) + b]! / NOISE_FRAMES
        this.#noises.set(key, means)
      }
    } finally {
      silence.close()
    }
  }
}

/** Frames of noise, each with its own draw, that a mean is taken of. */
const NOISE_FRAMES = 64

/** A front end of silence: what it does to noise alone. */
function heard(frontEnd: FrontEnd): FrontEnd {
  const place = { frameShift: 1, padding: 'snip', dropLast: false, shift: 0, channel: 'mean' } as const
  return { ...frontEnd, ...place, dither: 1, resampler: 'none' }
}

const noiseKey = (frontEnd: FrontEnd): string => earlyKey(heard(frontEnd))
