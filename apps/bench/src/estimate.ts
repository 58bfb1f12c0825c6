import type { Group } from './options.ts'

/** Seconds that each group took on two cores of an AMD EPYC with every peer installed, `--seconds 1`. */
const EXPECTED: Readonly<Record<Group, number>> = {
  fft: 25,
  fbank: 25,
  resample: 15,
  decode: 15,
  asr: 20,
  'whisper-text': 100,
  q15: 15,
  hpss: 290,
  pitch: 400,
  chroma: 90,
  mel: 40,
  whisper: 30,
  nemo: 5,
  speaker: 60,
  python: 30,
  three: 60,
  threads: 60,
  browser: 60,
  'browser-threads': 25,
  linear: 60,
  memory: 240,
  peak: 140,
}

/** Works whose time is a budget of seconds, and not that of a slow peer's few iterations. */
const BUDGETED: Readonly<Partial<Record<Group, number>>> = {
  fft: 3,
  fbank: 2,
  resample: 1,
  decode: 3,
  asr: 1,
  whisper: 1,
  nemo: 2,
  q15: 3,
  'browser-threads': 4,
}

/**
 * Seconds that the groups still to run will take: what they are known to take, scaled by how those that have run did.
 * @param groups - All groups of the run.
 * @param done - How many of them have run.
 * @param elapsed - Seconds since the run began.
 * @param seconds - The budget of a work.
 */
export function remaining(groups: readonly Group[], done: number, elapsed: number, seconds: number): number {
  const expected = groups.map((group) => EXPECTED[group] + (BUDGETED[group] ?? 0) * Math.max(0, seconds - 1))
  const sum = (some: readonly number[]): number => some.reduce((total, one) => total + one, 0)
  const past = sum(expected.slice(0, done))
  // The first groups say little: as if half a minute had gone as expected.
  const scale = (elapsed + 30) / (past + 30)
  return scale * sum(expected.slice(done))
}

/** So many seconds in words. */
export function minutes(seconds: number): string {
  return seconds < 90 ? `${Math.max(10, Math.round(seconds / 10) * 10)} s` : `${Math.round(seconds / 60)} min`
}
