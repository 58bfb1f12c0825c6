import type { Tick } from './ticks.js'

/** The twelve pitch classes from C on. */
const NAMES = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'] as const

/** Semitones from C0 (16.35 Hz) up to a frequency, A4 being 440 Hz. */
function semitones(hertz: number): number {
  return 57 + 12 * Math.log2(hertz / 440)
}

/**
 * Notes on an axis whose rows are evenly spaced in pitch: every C, and every semitone if there is room for them.
 * @param fmin - Frequency of the first row in hertz.
 * @param binsPerOctave - Rows per octave.
 * @param rows - Number of rows.
 */
export function noteTicks(fmin: number, binsPerOctave: number, rows: number): Tick[] {
  const low = semitones(fmin)
  const perSemitone = binsPerOctave / 12
  const every = rows / binsPerOctave > 2.5 ? 12 : 1
  const ticks: Tick[] = []
  for (let note = Math.ceil((low - 0.5) / every) * every; ; note += every) {
    const value = (note - low) * perSemitone + 0.5
    if (!(value <= rows)) return ticks
    if (value >= 0) ticks.push({ value, label: `${NAMES[((note % 12) + 12) % 12]}${Math.floor(note / 12)}` })
  }
}

/**
 * Pitch classes on an axis of chroma bins: their names if there are twelve of them or a multiple, else their numbers.
 * @param count - Number of rows.
 * @param fromC - Whether the first one is C; else A.
 */
export function pitchClassTicks(count: number, fromC = true): Tick[] {
  if (count % 12 !== 0) {
    return Array.from({ length: count }, (_, i) => ({ value: i + 0.5, label: String(i) }))
  }
  const each = count / 12
  return NAMES.map((_, i) => ({ value: i * each + 0.5, label: NAMES[(i + (fromC ? 0 : 9)) % 12]! }))
}
