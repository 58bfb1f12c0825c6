import type { Q15Bank } from '@dsp/mel-q15'
import { magma } from '../plot/colours.js'
import type { Picture } from '../plot/picture.js'
import { niceTicks } from '../plot/ticks.js'
import type { ReadBack } from './read-back.js'

/** Draws the filters of a header over the bins that they weigh. */
export function bankPicture(
  { profile, transform, sampleRate, spectrum }: Q15Bank,
  { records, coefficients }: ReadBack,
): Picture {
  const [columns, rows] = [Math.floor(transform / 2) + 1, records.length]
  const values = new Float32Array(columns * rows)
  for (const [m, [start = 0]] of records.entries()) {
    const peak = Math.max(1, ...coefficients[m]!)
    for (const [i, c] of coefficients[m]!.entries()) values[(start + i) * rows + m] = c / peak
  }
  const time = [0, (columns * sampleRate) / transform] as const
  const count = coefficients.reduce((sum, row) => sum + row.length, 0)
  return {
    title: `Q15 mel bank ${profile}`,
    subtitle: `${rows} filters, ${count} coefficients, over the ${spectrum} spectrum of ${transform} points`,
    time,
    timeLabel: 'frequency (Hz)',
    panels: [
      {
        type: 'heat',
        values,
        columns,
        rows,
        time,
        label: 'filter',
        ticks: niceTicks(0, rows, 8),
        range: [0, 1],
        unit: 'weight over the largest',
        colours: magma,
      },
    ],
  }
}
