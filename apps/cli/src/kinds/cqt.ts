import { noteTicks } from '../plot/notes.js'
import { describeHop, levelPanel, magnitudeDecibels, overTime, resolve } from './frames.js'
import { type Draw, timeSpan } from './kind.js'

/** C1, where librosa's constant-Q transform begins. */
const C1 = 440 * 2 ** (-45 / 12)

/** The picture of a transform whose bins are notes. */
function drawNotes(kind: 'cqt' | 'vqt' | 'hybrid-cqt' | 'pseudo-cqt'): Draw {
  return (source) => {
    const { options, timing } = resolve(kind, source)
    const levels = levelPanel(source.values, magnitudeDecibels)
    const { columns, rows } = levels
    // Ratios say how many bins an octave has; the notes between its first ones are then approximate.
    const ratios =
      'intervals' in options && typeof options.intervals === 'object' ? options.intervals.length : undefined
    return overTime(source, kind, `${describeHop(timing, source.sampleRate)} · ${rows} bins`, [
      {
        ...levels,
        time: timeSpan(timing, columns),
        label: 'note',
        ticks: noteTicks(options.fmin ?? C1, ratios ?? options.binsPerOctave, rows),
      },
    ])
  }
}

export const drawCqt = drawNotes('cqt')
export const drawVqt = drawNotes('vqt')
export const drawHybridCqt = drawNotes('hybrid-cqt')
export const drawPseudoCqt = drawNotes('pseudo-cqt')
