import { resample } from '@dsp/audio'
import { maxAbs, TOLERANCES } from '../agreement.ts'
import type { Work } from '../contestant.ts'
import { music } from '../inputs.ts'
import { inProcess } from '../peers/in-process.ts'
import { version } from '../version.ts'
import { type Context, INSTALL } from './context.ts'

/** Four minutes of music from a CD's rate to speech recognition's. */
export function resampleWorks(context: Context): Work[] {
  const { samples, path } = music(context)
  const params = { samples: path, from: 44100, to: 16000 }
  return [
    {
      id: 'resample',
      title: 'Resampling 240 s from 44.1 to 16 kHz',
      detail: "240 s of music (one channel, float32), windowed sinc with torchaudio's defaults.",
      units: 1,
      unit: '240 s',
      audioSeconds: 240,
      ours: {
        name: '@dsp/audio',
        call: 'resample',
        prepare: () =>
          inProcess(
            version('audio'),
            () => resample(samples, { origFreq: 44100, newFreq: 16000 }),
            ({ data, shape }) => ({ data, shape }),
          ),
      },
      peers: [
        {
          name: 'torchaudio',
          call: 'transforms.Resample',
          install: INSTALL,
          prepare: () => context.python.prepare({ peer: 'resample:torchaudio', params }),
        },
        {
          name: 'soxr',
          call: 'HQ',
          similar: 'a much longer filter, computed by FFT',
          install: INSTALL,
          prepare: () => context.python.prepare({ peer: 'resample:soxr', params }),
        },
      ],
      agree: maxAbs(TOLERANCES.resample),
      goals: [
        { peer: 'torchaudio', ratio: 2 },
        { peer: 'soxr', ratio: 1 },
      ],
    },
  ]
}
