import { medianFilter } from '@dsp/hpss'
import { tensor } from '@dsp/tensor'
import { maxAbs, ofPeak, TOLERANCES } from '../agreement.ts'
import type { Work } from '../contestant.ts'
import { share } from '../inputs.ts'
import { inProcess } from '../peers/in-process.ts'
import { version } from '../version.ts'
import { type Context, INSTALL } from './context.ts'
import { musicWorks } from './music.ts'

/** Bins and frames of 30 s at 22.05 kHz. */
const SHAPE = [1025, 1292] as const

/** Running medians of 31 along time and along frequency: the heart of the separation. */
function medianWorks(context: Context): Work[] {
  const [bins, frames] = SHAPE
  let state = 1
  const plane = Float32Array.from({ length: bins * frames }, () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  })
  const { samples, path } = share(context, 'plane', plane)
  const x = tensor(samples, SHAPE)
  return (['time', 'frequency'] as const).map((axis) => {
    const size: readonly [number, number] = axis === 'time' ? [1, 31] : [31, 1]
    return {
      id: `median-${axis}`,
      title: `Medians of 31 along ${axis}`,
      detail: `Every median of a float32 plane of ${bins} bins and ${frames} frames (30 s of sound), edges mirrored.`,
      units: 1,
      unit: 'plane',
      ours: {
        name: '@dsp/hpss',
        call: 'medianFilter',
        prepare: () =>
          inProcess(
            version('hpss'),
            () => medianFilter(x, size),
            ({ data, shape }) => ({ data, shape }),
          ),
      },
      peers: [
        {
          name: 'scipy',
          call: 'ndimage.median_filter',
          install: INSTALL,
          prepare: () =>
            context.python.prepare({ peer: 'median:scipy', params: { samples: path, shape: SHAPE, size } }),
        },
      ],
      agree: maxAbs(0),
      goals: [],
    }
  })
}

/** Harmonic and percussive parts of a waveform. */
export function hpssWorks(context: Context): Work[] {
  return [
    ...musicWorks(context, {
      name: 'hpss',
      function: 'effects.hpss',
      title: 'Harmonic–percussive separation',
      rated: false,
      agree: ofPeak(TOLERANCES.music),
      goal: { ratio: 30, seconds: 240, rate: 22050 },
    }),
    ...medianWorks(context),
  ]
}
