import { mostlyWithin, TOLERANCES } from '../agreement.ts'
import type { Contestant, Work } from '../contestant.ts'
import { essentiaChroma, meydaChroma } from '../peers/music-libraries.ts'
import { type Context, INSTALL } from './context.ts'
import { musicWorks, type Track } from './music.ts'

/** Other pitch-class profiles of the same frames. */
function profiles(context: Context, { samples, path, rate }: Track): Contestant[] {
  const similar = 'an own pitch-class profile, frame by frame'
  return [
    {
      name: 'essentia',
      call: 'SpectralPeaks, HPCP',
      similar,
      install: INSTALL,
      prepare: () => context.python.prepare({ peer: 'essentia:hpcp', params: { samples: path, rate } }),
    },
    {
      name: 'essentia.js',
      call: 'HPCP, WebAssembly',
      similar,
      install: INSTALL,
      prepare: () => essentiaChroma(samples, rate),
    },
    { name: 'meyda', call: 'chroma', similar, prepare: () => meydaChroma(samples, rate) },
  ]
}

/** Chroma by constant-Q transform and by STFT. */
export function chromaWorks(context: Context): Work[] {
  return [
    ...musicWorks(context, {
      name: 'chroma_cqt',
      function: 'feature.chroma_cqt',
      title: 'Constant-Q chroma',
      rated: true,
      agree: mostlyWithin(TOLERANCES.chroma),
      goal: { ratio: 7, seconds: 240, rate: 22050 },
    }),
    ...musicWorks(context, {
      name: 'chroma_stft',
      function: 'feature.chroma_stft',
      title: 'STFT chroma',
      rated: true,
      agree: mostlyWithin(TOLERANCES.chroma),
      goal: { ratio: 7, seconds: 240, rate: 22050 },
      peers: (track) => (track.seconds === 60 && track.rate === 22050 ? profiles(context, track) : []),
    }),
  ]
}
