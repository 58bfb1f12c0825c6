/** What a contestant computed, for the comparison before anything is timed. */
export interface Result {
  /** Size of each axis, row-major. */
  readonly shape: readonly number[]
  /** The values; empty where the result is text. */
  readonly data: Float32Array | Float64Array
  /** Text results, e.g. one transcript per file. */
  readonly texts?: readonly string[]
}

/** Time taken by some iterations. */
export interface Taken {
  /** Wall-clock nanoseconds of all the iterations together. */
  readonly ns: number
  /** Processor nanoseconds, over all threads of the process, if the contestant's process can measure them. */
  readonly cpu: number
}

/** A contestant that is loaded, has its input, and can be timed. */
export interface Ready {
  /** Version of the library that does the work. */
  readonly version: string
  /** What one iteration computes. */
  readonly result: Result
  /** Nanoseconds of the first iteration, which made the result, where they are known. */
  readonly firstNs?: number
  /** Does the work some times and says how long that took. */
  run(iterations: number): Taken | Promise<Taken>
  /** Forgets inputs and results. */
  release?(): void | Promise<void>
}

/** One library on one work. */
export interface Contestant {
  /** Library's name, e.g. `torchaudio`. */
  readonly name: string
  /** How it is called, e.g. `compliance.kaldi.fbank`. */
  readonly call: string
  /** Set where its numbers cannot equal ours: what is different. Such a contestant is timed and marked. */
  readonly similar?: string
  /** How a user gets it. */
  readonly install?: string
  /** Loads it and runs it once. Throws {@link Absent} where the library is not installed. */
  prepare(): Promise<Ready>
}

/** The library is not there: not an error of the benchmark. */
export class Absent extends Error {
  override readonly name = 'Absent'
}

/** Whether a peer's result is the same as ours. */
export interface Agreement {
  /** Whether the peer did the same work, to the tolerance of the work. */
  readonly same: boolean
  /** In words, e.g. `max |Δ| 3.1e-5`. */
  readonly text: string
}

/** A ratio that the project set itself. */
export interface Goal {
  /** Peer's name. */
  readonly peer: string
  /** How many times faster than the peer. */
  readonly ratio: number
}

/** The same work for several contestants. */
export interface Work {
  /** Short name, e.g. `fft-512`. */
  readonly id: string
  /** Heading. */
  readonly title: string
  /** What is computed, on what input, and what is counted. */
  readonly detail: string
  /** Units in one iteration, e.g. 256 transforms; times are shown per unit. */
  readonly units: number
  /** Name of one unit, e.g. `transform`. */
  readonly unit: string
  /** Seconds of audio in one unit, if that has a meaning: gives a real-time factor. */
  readonly audioSeconds?: number
  /** Ours: what all others are compared with. */
  readonly ours: Contestant
  /** The others. */
  readonly peers: readonly Contestant[]
  /** Compares a peer's result with ours. */
  agree(ours: Result, theirs: Result): Agreement
  /** The result in float64, where the table shows how far each contestant is from it. */
  exact?(): Result
  /** Says that distance as a signal-to-noise ratio in decibels instead of as the largest difference. */
  decibels?(exact: Result, result: Result): number
  /** What the project wants to reach. */
  readonly goals: readonly Goal[]
}
