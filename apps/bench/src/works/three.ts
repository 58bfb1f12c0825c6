import { chromaCqt } from '@dsp/chroma'
import { hpss } from '@dsp/hpss'
import { yin } from '@dsp/yin'
import { ofPeak } from '../agreement.ts'
import type { Work } from '../contestant.ts'
import { track } from '../inputs.ts'
import { inProcess } from '../peers/in-process.ts'
import { version } from '../version.ts'
import { type Context, INSTALL } from './context.ts'

/** Separation, pitch and chroma of one track: what a fingerprinting pipeline does. */
export function threeWorks(context: Context): Work[] {
  const [seconds, rate] = [240, 22050]
  const { samples, path } = track(context, seconds, rate)
  const work = () => ({
    parts: hpss(samples),
    f0: yin(samples, { fmin: 50, fmax: 2000, sr: rate }),
    chroma: chromaCqt(samples, { sr: rate }),
  })
  return [
    {
      id: 'three',
      title: `HPSS, YIN and constant-Q chroma of ${seconds} s of music at ${rate / 1000} kHz`,
      detail: "The three one after the other on one channel, float32, librosa's defaults, 50–2000 Hz.",
      units: 1,
      unit: `${seconds} s`,
      audioSeconds: seconds,
      ours: {
        name: '@dsp/hpss, yin, chroma',
        call: 'hpss, yin, chromaCqt',
        prepare: () =>
          inProcess(version('hpss'), work, ({ parts: { harmonic, percussive }, f0, chroma }) => {
            const all = [harmonic, percussive, f0, chroma].map(({ data }) => data)
            const data = Float64Array.from(all.flatMap((values) => [...values]))
            return { shape: [data.length], data }
          }),
      },
      peers: [
        {
          name: 'librosa',
          call: 'effects.hpss, yin, feature.chroma_cqt',
          install: INSTALL,
          prepare: () => context.python.prepare({ peer: 'librosa:three', params: { samples: path, rate } }),
        },
      ],
      // Each part has its own work, which compares it; the peak of all is a frequency.
      agree: ofPeak(1),
      goals: [{ peer: 'librosa', ratio: 17 }],
    },
  ]
}
